//! Map files from the outside: what is written comes back, real files are read, hostile ones are refused.

mod extract;
mod features;
mod hostile;
mod limits;
mod odd;
mod package;
mod real;
mod round_trip;

use std::path::Path;

use songhan_geofiles::{Feature, Field, Format, GeometryKind, Loss, Options, Problem, Sink, Source, Srs, open};

/// Writes features into a file; what the format cannot carry is returned.
fn write(path: &Path, format: Format, fields: &[Field], kind: GeometryKind, features: &[Feature]) -> Vec<Loss> {
    let mut sink = Sink::create_named(path, format, "lop", fields, &Srs::wgs84(), kind).unwrap();
    for feature in features {
        sink.write(feature).unwrap();
    }
    sink.finish().unwrap()
}

fn source(path: &Path, options: &Options) -> Source {
    open(path, None, options).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Everything a file yields: features, troubles, and what ended it.
fn drain(source: Source) -> (Vec<Feature>, Vec<String>, Option<String>) {
    let (mut features, mut troubles, mut fatal) = (Vec::new(), Vec::new(), None);
    for item in source {
        match item {
            Ok(feature) => features.push(feature),
            Err(Problem::Feature(trouble)) => troubles.push(trouble.to_string()),
            Err(Problem::File(error)) => fatal = Some(error.to_string()),
        }
    }
    (features, troubles, fatal)
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
