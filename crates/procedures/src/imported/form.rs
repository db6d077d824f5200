//! The form of an imported procedure, made while running: the city's own form for such procedures, with one question for
//! each paper that the procedure asks for in the place of its section `papers`.
//!
//! The published list does not say which of its groups are alternatives and which belong together, so the applicant says
//! which are theirs; and a paper is required only where nothing in its name makes it depend on something.

use serde_json::json;
use sha2::{Digest, Sha256};
use songhan_base::{Text, fold};
use songhan_catalogue::{Paper, PaperCase};
use songhan_city::{City, Place};
use songhan_forms::{Choice, Condition, Form, Forms, Question, Section};

use super::NationalMap;
use crate::procedure::Procedure;

/// The section of the declared form that gives way to the papers.
pub const PAPERS: &str = "papers";
/// The question which groups of papers are the applicant's.
const CASES: &str = "cases";
/// Longer names are cut in a label; the whole stands below it.
const LABEL_CHARS: usize = 160;
const OPTION_CHARS: usize = 240;
/// Files of one paper.
const FILES_MAX: usize = 10;
/// More papers than this are asked for several on a screen.
const SCREENS_MAX: usize = 8;
const PAPERS_A_SCREEN: usize = 4;

/// What the form of a procedure is called in drafts and dossiers.
pub fn code(procedure: &str) -> String {
    format!("national-{procedure}")
}

pub fn make(procedure: &Procedure, city: &City) -> Form {
    let base = city.get::<Forms>().shared(&city.get::<NationalMap>().form(city));
    let (title, mut sections, version) = match &base {
        Some(base) => (base.title.clone(), base.sections.clone(), base.version.as_str()),
        None => (procedure.title.clone(), Vec::new(), ""),
    };
    let cases = procedure.national.as_ref().and_then(|national| national.reading.papers.value());
    let questions = cases.map_or_else(Vec::new, |cases| questions(cases));
    if !questions.is_empty() {
        match sections.iter_mut().find(|section| section.id == PAPERS) {
            Some(section) => section.questions = questions,
            None => sections.push(section(questions)),
        }
    }
    let version = format!("{}{version}", procedure.version);
    Form {
        code: code(&procedure.code),
        title,
        sections,
        signature: None,
        version: hash(&version, 16),
        place: Place::file("catalogue.toml"),
    }
}

/// Where the declared form has none.
fn section(questions: Vec<Question>) -> Section {
    Section { id: PAPERS.to_owned(), title: Text::new("Giấy tờ", "Papers"), intro: None, questions }
}

/// Remarks that stand among the papers are nothing to hand in.
fn is_paper(paper: &Paper) -> bool {
    paper.originals + paper.copies > 0
}

fn questions(cases: &[PaperCase]) -> Vec<Question> {
    let cases: Vec<_> = cases.iter().filter(|case| case.papers.iter().any(is_paper)).collect();
    let several = cases.len() > 1;
    let mut questions = Vec::new();
    if several {
        questions.push(which(&cases));
    }
    let many = cases.iter().flat_map(|case| &case.papers).filter(|paper| is_paper(paper)).count() > SCREENS_MAX;
    for (n, case) in cases.iter().enumerate() {
        let group = group(n, case);
        let when = several.then(|| Condition { question: CASES.to_owned(), is: vec![json!(group)] });
        for (at, paper) in case.papers.iter().filter(|paper| is_paper(paper)).enumerate() {
            let screen = many.then(|| format!("{group}-{n}-{}", at / PAPERS_A_SCREEN + 1));
            let question = question(&group, paper).when(when.clone()).screen(screen);
            // A paper named twice in one group is asked for once.
            if !questions.iter().any(|other: &Question| other.id == question.id) {
                questions.push(question);
            }
        }
    }
    questions
}

/// Groups keep their name as long as their heading is the same, whatever stands before them.
fn group(n: usize, case: &PaperCase) -> String {
    if case.heading.is_empty() { format!("group{n}") } else { format!("group{}", hash(&case.heading, 8)) }
}

fn which(cases: &[&PaperCase]) -> Question {
    let mut options: Vec<Choice> = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let value = group(n, case);
        if options.iter().any(|option| option.value == value) {
            continue;
        }
        let label = match case.heading.as_str() {
            "" => Text::new(format!("Phần {}", n + 1), format!("Part {}", n + 1)),
            heading => Text::from(cut(heading, OPTION_CHARS).as_str()),
        };
        options.push(Choice { value, label, hint: None });
    }
    let label = Text::new("Ông, bà nộp giấy tờ thuộc phần nào?", "Which parts of the list are yours?");
    let hint = Text::new(
        "Danh mục giấy tờ của thủ tục này chia thành nhiều phần. Chọn phần thuộc trường hợp của ông, bà; có thể chọn nhiều phần.",
        "The list of papers has several parts. Choose those that concern your case; there may be more than one.",
    );
    Question::choices(CASES, label, options).hint(Some(hint))
}

fn question(group: &str, paper: &Paper) -> Question {
    let id = format!("paper-{}", hash(&format!("{group}\n{}", paper.name), 12));
    let label = cut(&paper.name, LABEL_CHARS);
    let whole = (label != paper.name).then_some(paper.name.as_str());
    Question::upload(id, Text::from(label.as_str()), FILES_MAX)
        .hint(Some(hint(paper, whole)))
        .required(!is_conditional(&paper.name))
}

/// How many of it, its form, and its whole name where the label is cut.
fn hint(paper: &Paper, whole: Option<&str>) -> Text {
    let counted = |n: u32, one: &str| (n > 0).then(|| format!("{n} {one}"));
    let vi = [counted(paper.originals, "bản chính"), counted(paper.copies, "bản sao")];
    let en = [counted(paper.originals, "original(s)"), counted(paper.copies, "copy or copies")];
    let form = paper.form.as_ref();
    let parts = |counts: [Option<String>; 2], label: &str| {
        let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let parts = [whole.map(str::to_owned), Some(counts), form.map(|form| format!("{label} {form}"))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
    };
    Text::new(parts(vi, "Theo mẫu"), parts(en, "By the form"))
}

/// Words that make a paper depend on the case.
fn is_conditional(name: &str) -> bool {
    let folded = format!(" {} ", fold(name));
    let marks = [
        "neu",
        "truong hop",
        "doi voi",
        "hoac",
        "khi",
        "uy quyen",
        "mot trong",
        "xuat trinh",
        "tru ",
        "khong phai",
        "danh cho",
        "tuy theo",
        "lien quan",
        "va/hoac",
        "chi ap dung",
    ];
    marks.iter().any(|mark| folded.contains(&format!(" {} ", mark.trim())))
}

/// The beginning, at a word.
fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let start: String = text.chars().take(chars - 1).collect();
    let end = start.rfind(' ').unwrap_or(start.len());
    format!("{}…", start[..end].trim_end_matches([',', ';', ' ']))
}

fn hash(text: &str, digits: usize) -> String {
    let mut hex = data_encoding::HEXLOWER.encode(&Sha256::digest(text));
    hex.truncate(digits);
    hex
}

#[cfg(test)]
mod tests {
    use songhan_forms::Widget;

    use super::*;

    fn paper(name: &str, originals: u32) -> Paper {
        Paper { name: name.to_owned(), originals, copies: 0, form: None }
    }

    fn case(heading: &str, papers: Vec<Paper>) -> PaperCase {
        PaperCase { heading: heading.to_owned(), papers, rest: String::new() }
    }

    #[test]
    fn one_question_a_paper() {
        let papers = vec![
            paper("Đơn đề nghị", 1),
            paper("Giấy ủy quyền (nếu có)", 1),
            paper("Lưu ý: mang theo căn cước", 0),
            paper("Đơn đề nghị", 1),
        ];
        let asked = questions(&[case("", papers)]);
        let told: Vec<_> = asked.iter().map(|q| (q.label.vi.as_str(), q.required)).collect();
        assert_eq!(told, [("Đơn đề nghị", true), ("Giấy ủy quyền (nếu có)", false)]);
        assert!(asked.iter().all(|q| q.widget == Widget::Upload && q.when.is_none() && q.screen.is_none()));
    }

    #[test]
    fn parts_are_chosen_first_and_keep_their_names() {
        let (one, two) = (case("Cấp mới", vec![paper("Đơn", 1)]), case("Cấp lại", vec![paper("Đơn", 1)]));
        let asked = questions(&[one.clone(), two.clone()]);
        assert_eq!((asked.len(), asked[0].widget, asked[0].options.len()), (3, Widget::Checkboxes, 2));
        let turned = questions(&[two, one]);
        assert_eq!(asked[1].id, turned[2].id, "an upload never moves to another paper");
        assert_ne!(asked[1].id, asked[2].id);
    }

    #[test]
    fn many_papers_share_screens() {
        let papers = (0..10).map(|n| paper(&format!("Giấy số {n}"), 1)).collect();
        let asked = questions(&[case("", papers)]);
        let screens: Vec<_> = asked.iter().map(songhan_forms::Question::screen_id).collect();
        assert_eq!(screens.iter().filter(|screen| **screen == screens[0]).count(), PAPERS_A_SCREEN);
    }

    #[test]
    fn long_names_are_cut_at_a_word() {
        let name = "giấy ".repeat(60);
        let asked = question("group0", &paper(name.trim(), 2));
        assert!(asked.label.vi.ends_with("giấy…") && asked.label.vi.chars().count() <= LABEL_CHARS);
        assert!(asked.hint.is_some_and(|hint| hint.vi.contains("2 bản chính") && hint.vi.contains(name.trim())));
    }
}
