//! TOML of the city folder, with its mistakes explained for someone who does not program.

use serde::de::DeserializeOwned;

use crate::placed::{Source, reading};
use crate::{Folder, Place, Report};

/// One TOML file of a folder such as `forms/`.
#[derive(Clone, Debug)]
pub struct TomlFile<T> {
    /// The file's name without `.toml`.
    pub name: String,
    /// Its first line.
    pub place: Place,
    pub value: T,
}

impl Folder {
    /// Reads one TOML file; a mistake (the file is missing, a key is unknown …) is reported and gives `None`.
    ///
    /// Let `T` deny unknown fields, so that a misspelt key is found, and hold [`crate::Placed`] values where later
    /// checks need the line.
    pub fn toml<T: DeserializeOwned>(&self, path: &str, report: &mut Report) -> Option<T> {
        if !self.contains(path) {
            report.add(&Place::file(path), "the file is missing", "copy it from a new city (`songhan new-city DIR`)");
            return None;
        }
        // A file that is not UTF-8 has been reported when the city's texts were checked.
        parse(path, self.read(path)?, 0, report)
    }

    /// Like [`Folder::toml`], but a file that is not there is no mistake.
    pub fn toml_if_present<T: DeserializeOwned>(&self, path: &str, report: &mut Report) -> Option<T> {
        self.contains(path).then(|| self.toml(path, report)).flatten()
    }

    /// Reads every `dir/*.toml`, in the order of their names.
    pub fn tomls<T: DeserializeOwned>(&self, dir: &str, report: &mut Report) -> Vec<TomlFile<T>> {
        let read = |path: &str| {
            let name = path.strip_prefix(dir)?.strip_prefix('/')?.strip_suffix(".toml")?.to_owned();
            Some(TomlFile { name, place: Place::new(path, 1), value: self.toml(path, report)? })
        };
        self.list(dir, "toml").filter_map(read).collect()
    }
}

/// Parses TOML that starts `offset` lines below the top of its file.
pub(crate) fn parse<T: DeserializeOwned>(path: &str, text: &str, offset: u32, report: &mut Report) -> Option<T> {
    let (result, source) = reading(Source::new(path.into(), text, offset), || toml::from_str(text));
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            let place = error.span().map_or_else(|| Place::new(path, offset + 1), |span| source.place(span.start));
            let (what, remedy) = explain(error.message());
            report.add(&place, what, remedy);
            None
        }
    }
}

/// What serde or the TOML parser says, in words that lead to a remedy.
fn explain(message: &str) -> (String, String) {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, [wrong, known @ ..]) = (message.starts_with("unknown field"), &*names) {
        return (format!("unknown key `{wrong}`"), suggest(wrong, known, "the keys here are"));
    }
    if let (true, [wrong, known @ ..]) = (message.starts_with("unknown variant"), &*names) {
        return (format!("`{wrong}` is not a value this key can have"), suggest(wrong, known, "write one of"));
    }
    if let (true, [name]) = (message.starts_with("missing field"), &*names) {
        return (format!("the key `{name}` is missing"), format!("add a line `{name} = …`"));
    }
    if message.starts_with("invalid type") || message.starts_with("invalid value") {
        return (
            message.to_owned(),
            "write the value as expected: texts in \"…\", numbers and dates without".to_owned(),
        );
    }
    if message.starts_with("duplicate key") {
        return (message.to_owned(), "keep one of the two".to_owned());
    }
    (message.to_owned(), "compare the line with the same file of a new city (`songhan new-city DIR`)".to_owned())
}

fn suggest(wrong: &str, known: &[&str], otherwise: &str) -> String {
    let all = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    match nearest(wrong, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? ({otherwise} {all})"),
        None if known.is_empty() => "remove the line".to_owned(),
        None => format!("{otherwise} {all}"),
    }
}

/// The known name most like `wrong`, if one is near enough to be meant: for "did you mean …?".
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Placed;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        unit: Vec<Unit>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Unit {
        code: Placed<String>,
        #[serde(default)]
        level: Placed2,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Placed2 {
        #[default]
        Ward,
        Commune,
    }

    fn read(text: &str) -> (Option<File>, String) {
        let mut report = Report::default();
        let folder = Folder::from_texts([("units.toml", text)]);
        let file = folder.toml("units.toml", &mut report);
        (file, report.to_string())
    }

    #[test]
    fn values_know_their_lines() {
        let (file, report) = read("# units\n[[unit]]\ncode = \"a\"\n\n[[unit]]\nlevel = \"commune\"\ncode = \"b\"\n");
        let units = file.unwrap().unit;
        assert_eq!(report, "");
        assert_eq!(units[0].code.place().to_string(), "units.toml:3");
        assert_eq!((units[1].code.as_str(), units[1].code.place().line), ("b", 7));
        assert!(matches!(units[1].level, Placed2::Commune));
    }

    #[test]
    fn mistakes_come_with_line_and_remedy() {
        let cases = [
            ("[[unit]]\nkode = \"a\"\n", "units.toml:2: unknown key `kode`; did you mean `code`?"),
            ("[[unit]]\ncode = \"a\"\nzzz = 1\n", "units.toml:3: unknown key `zzz`; the keys here are `code`, `level`"),
            ("\n[[unit]]\n", "units.toml:2: the key `code` is missing; add a line `code = …`"),
            ("[[unit]]\ncode = 7\n", "units.toml:2: invalid type: integer `7`"),
            ("[[unit]]\ncode = \"a\"\nlevel = \"comune\"\n", "units.toml:3: `comune` is not a value"),
            ("[[unit]]\ncode = \"a\n", "units.toml:2: "),
            ("[[unit]]\ncode = \"a\"\ncode = \"b\"\n", "units.toml:3: duplicate key; keep one of the two"),
            ("", "units.toml:1: the key `unit` is missing"),
        ];
        for (text, expected) in cases {
            let (file, report) = read(text);
            assert!(file.is_none() && report.starts_with(expected), "{text:?} gave {report:?}");
            assert!(report.contains("; "), "no remedy in {report:?}");
        }
    }

    #[test]
    fn a_missing_file_is_a_mistake_or_not() {
        let mut report = Report::default();
        let folder = Folder::from_texts([]);
        assert!(folder.toml_if_present::<File>("units.toml", &mut report).is_none() && report.is_empty());
        assert!(folder.toml::<File>("units.toml", &mut report).is_none());
        assert!(report.to_string().starts_with("units.toml:1: the file is missing; "));
    }
}
