//! `forms/NAME.toml`: reading a form and explaining every mistake in it with its line.

mod question;

use std::sync::Arc;

use question::{RawQuestion, read_question};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use songhan_base::Text;
use songhan_city::{Declaration, Folder, Placed, Report, TomlFile};

use crate::form::{Form, Forms, Section, Signature};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: Placed<String>,
    title: Text,
    /// Ai phải ký số tờ khai.
    signature: Option<Signature>,
    #[serde(default)]
    section: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    id: Placed<String>,
    title: Text,
    intro: Option<Text>,
    #[serde(default)]
    question: Vec<RawQuestion>,
}

impl Declaration for Forms {
    const NAME: &'static str = "forms";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let mut forms = Self::default();
        for file in folder.tomls::<File>("forms", report) {
            let text = folder.read(&file.place.file).unwrap_or_default();
            let form = form(file, text, report);
            forms.forms.insert(form.code.clone(), Arc::new(form));
        }
        forms
    }
}

fn form(file: TomlFile<File>, text: &str, report: &mut Report) -> Form {
    let TomlFile { name, place, value: File { code, title, signature, section } } = file;
    if *code != name {
        let remedy = format!("write code = \"{name}\", or rename the file");
        report.add(code.place(), format!("the code `{code}` is not the file's name"), remedy);
    }
    if section.iter().all(|s| s.question.is_empty()) {
        report.add(&place, "the form asks nothing", "add a [[section]] with a [[section.question]]");
    }
    let mut sections: Vec<Section> = Vec::new();
    for raw in section {
        check_id(&raw.id, "section", report);
        if sections.iter().any(|section| section.id == *raw.id) {
            report.add(raw.id.place(), format!("the section `{}` stands twice", raw.id), "give one another id");
        }
        sections.push(Section { id: raw.id.into_inner(), title: raw.title, intro: raw.intro, questions: Vec::new() });
        for raw in raw.question {
            let question = read_question(raw, &sections, report);
            if let (Some(question), Some(last)) = (question, sections.last_mut()) {
                last.questions.push(question);
            }
        }
    }
    Form { code: name, title, sections, signature, version: version(text), place }
}

/// The first sixteen hexadecimal digits of the file's SHA-256: enough to notice a change.
fn version(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..8])
}

fn check_id(id: &Placed<String>, what: &str, report: &mut Report) {
    let good = id.len() <= 40
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    if !good || *id.as_str() == *"csrf" {
        report.add(
            id.place(),
            format!("`{id}` is no id for a {what}"),
            "begin with a-z, use a-z, 0-9, _ and -, at most 40",
        );
    }
}

#[cfg(test)]
mod tests {
    use songhan_base::Lang;
    use songhan_city::{Declaration, Folder, Report};

    use crate::sample::{FORM, form, load};
    use crate::{Forms, Widget};

    #[test]
    fn reads_every_widget() {
        for widget in Widget::ALL {
            assert!(form().questions().any(|question| question.widget == widget), "{widget:?}");
        }
        assert_eq!(form().title.get(Lang::En), "Sample form");
        assert_eq!(form().version.len(), 16);
        let (edited, _) = load(&FORM.replacen("Tờ khai mẫu", "Tờ khai", 1));
        assert_ne!(edited.get("sample").unwrap().version, form().version);
    }

    #[test]
    fn mistakes_come_with_line_and_remedy() {
        let line = |needle: &str| FORM[..FORM.find(needle).unwrap()].matches('\n').count() + 1;
        for (old, new, expected) in [
            (
                "code = \"sample\"",
                "code = \"simple\"",
                "the code `simple` is not the file's name; write code = \"sample\"",
            ),
            ("widget = \"radio\"", "widget = \"radios\"", "the widget `radios` is not known; did you mean `radio`?"),
            ("id = \"born\"", "id = \"full_name\"", "the question `full_name` stands twice"),
            ("id = \"born\"", "id = \"Born\"", "`Born` is no id for a question"),
            ("id = \"what\"", "id = \"who\"", "the section `who` stands twice"),
            (
                "question = \"kind\"",
                "question = \"kinds\"",
                "`when` names `kinds`, which is no earlier question; did you mean `kind`?",
            ),
            (
                "question = \"kind\"",
                "question = \"copies\"",
                "`when` names `copies`, which is no earlier question; name",
            ),
            ("question = \"kind\"", "question = \"born\"", "`when` names `born`, a question with widget date"),
            (
                "is = [\"marriage\"]",
                "is = [\"marriages\"]",
                "the question `kind` is never answered \"marriages\"; did you mean `marriage`?",
            ),
            ("is = [\"yes\"]", "is = [1]", "the question `spouse_abroad` is never answered 1; write true or false"),
            ("is = [\"other\"]", "is = []", "`is` lists no value"),
            ("value = \"marriage\"", "value = \"birth\"", "the value `birth` stands twice among the options"),
            (
                "from = \"account.name\"",
                "from = \"account.nam\"",
                "`from` names `account.nam`, which no account has; did you mean `account.name`?",
            ),
            (
                "from = \"account.citizen_id\"",
                "from = \"account.phone\"",
                "account.phone does not fit a question with widget citizen_id; write widget = \"phone\"",
            ),
            (
                "schema = { maxLength = 60 }",
                "schema = { maxLenght = 60 }",
                "`maxLenght` is no JSON Schema keyword that text can have; did you mean `maxLength`?",
            ),
            ("schema = { maxLength = 60 }", "schema = { maxLength = \"x\" }", "the schema is no JSON Schema ("),
            (
                "schema = { pattern = \"^[0-9]{1,4}/[0-9]{4}$\" }",
                "schema = { pattern = \"(\" }",
                "the schema is no JSON Schema (",
            ),
            (
                "period = \"future\"",
                "period = \"soon\"",
                "the period `soon` is not known; write \"past\" or \"future\"",
            ),
            (
                "accept = [\"application/pdf\"]",
                "accept = [\"text/plain\"]",
                "files of the type `text/plain` are not taken; use application/pdf",
            ),
            ("max_files = 2", "max_files = 200", "200 is no number of files; write 1 to 20"),
            ("id = \"phone\"", "id = \"applicant\"", "the screen `applicant` stands in two places"),
            ("id = \"phone\"", "id = \"born-day\"", "the ids `born` and `born-day` mean the same box on a page"),
            (
                "title = { vi = \"Nội dung\", en = \"Request\" }",
                "titel = \"x\"",
                "unknown key `titel`; did you mean `title`?",
            ),
        ] {
            assert_eq!(FORM.matches(old).count(), 1, "{old}");
            let (_, report) = load(&FORM.replace(old, new));
            let expected = format!("forms/sample.toml:{}: {expected}", line(old));
            assert!(report.contains(&expected), "{new} gave\n{report}\nand not\n{expected}");
        }
        let (_, report) = load("code = \"sample\"\ntitle = \"x\"\n");
        assert_eq!(report, "forms/sample.toml:1: the form asks nothing; add a [[section]] with a [[section.question]]");
    }

    #[test]
    fn the_forms_of_the_city_are_good() {
        let mut report = Report::default();
        let forms = Forms::load(&Folder::embedded(), &mut report);
        assert!(report.is_empty(), "{report}");
        assert!(forms.get("general").is_some() && forms.iter().count() >= 3);
    }

    #[test]
    fn screens_are_of_one_piece() {
        let (_, report) = load(&FORM.replace("id = \"copies\"", "id = \"copies\"\nscreen = \"applicant\""));
        assert!(report.contains("the screen `applicant` stands in two places; put its questions"), "{report}");
        let (_, report) = load(
            &FORM
                .replace("id = \"kind\"", "id = \"kind\"\nscreen = \"k\"")
                .replace("id = \"spouse_abroad\"", "id = \"spouse_abroad\"\nscreen = \"k\""),
        );
        assert!(report.contains("`when` names `kind`, which stands on the same screen; give"), "{report}");
    }
}
