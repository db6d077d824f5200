//! `songhan new-city DIR`: a small city that passes `songhan check`, for someone to go on from.
//!
//! What differs from city to city stands in `city/new`; what is national (calendars, working time, the one-stop
//! workflow, the general form) is taken from the built-in city, so that it is kept in one place.

use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

use crate::Folder;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../city/new"]
struct New;

/// Folders and files of the built-in city that every city starts with.
const NATIONAL: [&str; 4] = ["calendars/", "working-time.toml", "workflows/", "forms/general.toml"];

#[derive(Debug, thiserror::Error)]
pub enum NewCityError {
    #[error("{0} is not empty; name a folder that does not exist yet")]
    NotEmpty(PathBuf),
    #[error("the city folder {path} cannot be written ({source}); name another folder")]
    Write { path: PathBuf, source: std::io::Error },
}

/// Writes the folder of a new city and gives the files written, relative to `dir`.
pub fn new_city(dir: &Path) -> Result<Vec<String>, NewCityError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| NewCityError::Write { path, source }
    };
    if dir.exists() && std::fs::read_dir(dir).map_err(failed(dir))?.next().is_some() {
        return Err(NewCityError::NotEmpty(dir.to_owned()));
    }
    let danang = Folder::embedded();
    let national = danang.paths().filter(|path| NATIONAL.iter().any(|start| path.starts_with(start)));
    let mut files: Vec<(String, Vec<u8>)> =
        national.filter_map(|path| Some((path.to_owned(), danang.bytes(path)?.to_vec()))).collect();
    for path in New::iter() {
        if let Some(file) = New::get(&path) {
            files.push((path.replace('\\', "/"), file.data.into_owned()));
        }
    }
    files.sort();
    for (path, bytes) in &files {
        let path = dir.join(path);
        let parent = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(parent).map_err(failed(parent))?;
        std::fs::write(&path, bytes).map_err(failed(&path))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::City;

    #[test]
    fn a_new_city_passes_the_check() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("hue");
        let files = new_city(&target).unwrap();
        assert!(files.iter().any(|f| f == "README.md") && files.iter().any(|f| f == "README.en.md"), "{files:?}");
        let (city, report) = City::load(Folder::open(&target).unwrap(), []);
        assert!(report.is_empty(), "{report}");
        assert_eq!(city.agencies().iter().count(), 2);
        assert_eq!(city.areas().iter().filter(|area| area.kind.is_commune_level()).count(), 1);
        // Every file is explained to the civil servant who will edit it.
        for readme in ["README.md", "README.en.md"] {
            let text = city.folder().read(readme).unwrap();
            for file in files.iter().filter(|f| !f.starts_with("README")) {
                let group = file.split_once('/').map_or(file.as_str(), |(dir, _)| dir);
                assert!(text.contains(group), "{readme} does not explain {group}");
            }
        }
        assert!(matches!(new_city(&target), Err(NewCityError::NotEmpty(_))));
    }
}
