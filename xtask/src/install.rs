//! What a fresh machine lacks: Debian packages are installed when we are root, else the line to type is printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::postgres;
use crate::shell::{self, Log, MINUTE};

/// A program we need, the Debian package that has it, and how to see that it is there.
pub struct Need {
    pub package: &'static str,
    present: fn() -> bool,
}

pub const NODE: Need = Need { package: "nodejs npm", present: || has("node") && has("npm") };
pub const CHROMIUM: Need = Need { package: "chromium", present: || chromium().is_some() };
pub const POSTGRESQL: Need = Need { package: "postgresql", present: || postgres::binaries().is_some() };
pub const PDFSIG: Need = Need { package: "poppler-utils", present: || has("pdfsig") };
pub const QPDF: Need = Need { package: "qpdf", present: || has("qpdf") };
pub const GDAL: Need = Need { package: "gdal-bin", present: || has("ogrinfo") && has("ogr2ogr") };
pub const ZBAR: Need = Need { package: "zbar-tools", present: || has("zbarimg") };
pub const VENV: Need = Need { package: "python3 python3-venv", present: has_venv };

/// Installs what is missing of `needs`. An error says what to type; a step that gets it counts as skipped.
pub fn ensure(needs: &[Need], log: &Log) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().flat_map(|need| need.package.split(' ')).collect();
    let line = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !shell::is_root() || !has("apt-get") {
        bail!("missing; type: sudo {line}");
    }
    log.line(&format!("installing {}", packages.join(" ")));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-qq", "-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        shell::check(&mut command, log, 20 * MINUTE)
    };
    apt(&["update"])?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages.as_slice()].concat())?;
    if let Some(need) = missing.iter().find(|need| !(need.present)()) {
        bail!("installed {} but its programs are still not found", need.package);
    }
    Ok(())
}

/// Debian's browser, or the one `CHROMIUM` names; browsers of the test tools' own are never downloaded.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| shell::which("chromium")).filter(|path| Path::new(path).exists())
}

fn has(program: &str) -> bool {
    shell::which(program).is_some()
}

/// Debian splits `ensurepip` from Python: the module is there, making an environment fails.
fn has_venv() -> bool {
    Command::new("python3").args(["-c", "import venv, ensurepip"]).output().is_ok_and(|output| output.status.success())
}
