//! The step that looks from outside with real clients of other people.

use std::process::Command;

use anyhow::Result;

use super::count::{self, Counts};
use super::{Missing, Session, need, rust, server};
use crate::install::{GDAL, NODE, PDFSIG, QPDF, ZBAR};
use crate::shell::{self, Log, MINUTE};
use crate::tools;

/// Each ends with `N passed, N failed, N skipped`, learns of the server by `SONGHAN_URL`, `SONGHAN_DATA`, `SONGHAN_BIN`,
/// and makes what it needs itself.
const CLIENTS: &[(&str, &str, &str)] = &[
    ("schemathesis reads the OpenAPI document", "python", "openapi/check.py"),
    ("vietnam-qr-pay reads the payment code", "node", "vietqr/check.mjs"),
    ("pyhanko, pdfsig and qpdf accept the signed result", "python", "documents/check.py"),
    ("pyhanko judges signatures at dates to come", "python", "documents/later.py"),
    ("read-vietnamese-number reads amounts alike", "node", "words/check.mjs"),
    ("PyPI holidays agrees with the deadlines", "python", "working_time/check.py"),
    // The map: first what reads the folder's own layers, then what imports large ones in their place.
    ("OGC API – Features, part 1, by its abstract tests", "python", "map/abstract_core.py"),
    ("OGC API – Features, part 2, judged by PROJ", "python", "map/abstract_crs.py"),
    ("OGC API – Features, part 3, by its abstract tests", "python", "map/abstract_filter.py"),
    ("CQL2 by its abstract tests, judged by GEOS", "python", "map/abstract_cql2.py"),
    ("OGC API – Features, part 4, by its abstract tests", "python", "map/abstract_write.py"),
    ("OGC API – Tiles by its abstract tests", "python", "map/abstract_tiles.py"),
    ("MapLibre's validator reads the styles", "node", "map/styles.mjs"),
    ("PyPI pmtiles reads the packed base map", "python", "map/with_pmtiles.py"),
    ("GDAL reads the map, and the map what GDAL writes", "python", "map/gdal.py"),
    ("OWSLib reads and changes features", "python", "map/with_owslib.py"),
    ("PyPI mapbox-vector-tile decodes tiles of every layer", "python", "map/tiles.py"),
    ("odd requests to the map", "python", "map/hostile.py"),
];

pub fn clients(_: &mut Session<'_>, log: &Log) -> Result<Counts> {
    need(&[NODE, PDFSIG, QPDF, ZBAR, GDAL], log)?;
    let folder = shell::root().join("tests/clients");
    let python = tools::environment("clients", &folder.join("requirements.txt"), log).map_err(missing)?;
    tools::npm(&folder, log).map_err(missing)?;
    let server = server::start("clients", log)?;
    let mut sum = Counts::NONE;
    for (about, runtime, script) in CLIENTS {
        log.line(&format!("── {about}"));
        let path = format!("{}:{}", python.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("env");
        command.arg(format!("PATH={path}")).arg(runtime).arg(folder.join(script)).current_dir(&folder);
        server.tell(&mut command);
        sum += run(&mut command, count::plain, log).unwrap_or_else(|error| {
            log.line(&format!("{script}: {error:#}"));
            Counts { failed: 1, ..Counts::NONE }
        });
    }
    Ok(sum)
}

fn run(command: &mut Command, count: fn(&str) -> Option<Counts>, log: &Log) -> Result<Counts> {
    let (status, text) = shell::capture(command, log, 30 * MINUTE)?;
    rust::judge(status.success(), count(&text))
}

pub fn missing(error: anyhow::Error) -> Missing {
    Missing(format!("{error:#}"))
}
