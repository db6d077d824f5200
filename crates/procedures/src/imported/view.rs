//! What the national catalogue says of a procedure, as programs and pages see it.

use jiff::civil::Date;
use serde::Serialize;
use songhan_app::Cx;
use songhan_catalogue::{Bound, Channel as Row, Currency, FeeLine, Reading, Step};
use songhan_city::Term;

use super::{National, deadline, words};
use crate::view::{TermView, term_in_words};

/// Beside what every procedure has. Texts are Vietnamese, as published; what could not be read stands as text and was not
/// guessed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = NationalProcedure)]
pub struct NationalView {
    /// Số quyết định công bố.
    #[schema(example = "1872/QĐ-BTP")]
    pub decision: String,
    /// Lĩnh vực, as the national catalogue calls it.
    #[schema(example = "Hộ tịch")]
    pub field: String,
    /// Cơ quan thực hiện.
    #[schema(example = "Ủy ban nhân dân cấp xã")]
    pub agency: String,
    /// Cơ quan có thẩm quyền.
    pub authority: String,
    /// Cơ quan phối hợp.
    pub with_agencies: String,
    /// Trình tự thực hiện.
    pub steps: Vec<StepView>,
    /// The same where it is not divided into steps.
    pub steps_text: Option<String>,
    /// Cách thức thực hiện: a channel may have several rows, one for each case.
    pub channels: Vec<ChannelView>,
    /// The same where it is no table.
    pub channels_text: Option<String>,
    /// Thành phần hồ sơ, where it is no table.
    pub documents_text: Option<String>,
    /// Kết quả.
    pub results: Vec<String>,
    /// Yêu cầu, điều kiện.
    pub conditions: Option<String>,
    /// The page it was published on.
    #[schema(example = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bf7-4fc1-768b-9ba3-94be4bca58ee")]
    pub url: String,
    /// Which version of it, counted from 1.
    #[schema(example = 1)]
    pub number: i64,
    /// The day of the import that brought this version.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The day on which another replaced it.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// Bước.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProcedureStep)]
pub struct StepView {
    #[schema(example = 1)]
    pub number: Option<u32>,
    #[schema(example = "Nộp hồ sơ")]
    pub title: String,
    pub text: String,
}

/// One row of the table of channels.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProcedureChannel)]
pub struct ChannelView {
    /// `online`, `counter` or `post`.
    #[schema(example = "online")]
    pub channel: &'static str,
    /// Deadline in words, read or as published.
    #[schema(example = "3 ngày làm việc")]
    pub deadline: Option<String>,
    /// The deadline, where it could be read.
    #[schema(value_type = Option<TermView>)]
    pub term: Option<Term>,
    /// The description has the same number in another unit: ask before relying on it.
    pub disputed: bool,
    /// Free of charge.
    pub free: bool,
    /// Amounts that the row states: alternatives, parts and dated rates among them, not to be added up.
    pub fees: Vec<AmountView>,
    /// What is said of the fee where no amount could be read.
    pub fee_text: Option<String>,
    /// What stands in brackets after the fee, as published.
    pub note: String,
    /// Mô tả, as published.
    pub description: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ProcedureAmount)]
pub struct AmountView {
    #[schema(example = 80000)]
    pub amount: i64,
    /// `VND` or `USD`.
    #[schema(example = "VND")]
    pub currency: &'static str,
    /// `exact`, `at_least` or `at_most`.
    #[schema(example = "exact")]
    pub bound: &'static str,
    #[schema(example = "hồ sơ")]
    pub per: Option<String>,
    /// The words around it: which fee, in which case, until when.
    pub description: String,
    /// All of it in words.
    #[schema(example = "80.000 đ/hồ sơ")]
    pub words: String,
}

impl NationalView {
    pub fn of(cx: &Cx, national: &National) -> Self {
        let reading = &national.reading;
        let step = |step: &Step| StepView { number: step.number, title: step.title.clone(), text: body(step) };
        Self {
            decision: reading.decision.clone(),
            field: reading.field.clone(),
            agency: reading.agency.clone(),
            authority: reading.authority.clone(),
            with_agencies: reading.with_agencies.clone(),
            steps: reading.steps.value().into_iter().flatten().map(step).collect(),
            steps_text: text(&reading.steps),
            channels: reading.rows().iter().map(|row| ChannelView::of(cx, row)).collect(),
            channels_text: text(&reading.channels),
            documents_text: text(&reading.papers),
            results: reading.results.iter().map(|outcome| outcome.name.clone()).collect(),
            conditions: reading.conditions.value().cloned().or_else(|| text(&reading.conditions)),
            url: web(&reading.source),
            number: national.number,
            since: national.since,
            until: national.until,
        }
    }
}

/// What follows a step's title.
fn body(step: &Step) -> String {
    let rest = step.text.strip_prefix(&step.title).unwrap_or(&step.text);
    rest.trim_start_matches([':', '.', ' ', '\n', '\t']).to_owned()
}

fn text<T>(reading: &Reading<T>) -> Option<String> {
    match reading {
        Reading::Text(text) => Some(text.clone()),
        Reading::Read(_) | Reading::Absent => None,
    }
}

/// Only an address of the web becomes a link.
fn web(address: &str) -> String {
    if address.starts_with("https://") { address.to_owned() } else { String::new() }
}

impl ChannelView {
    fn of(cx: &Cx, row: &Row) -> Self {
        let term = row.deadline.value().copied().map(deadline::term);
        let in_words = term.map(|term| term_in_words(cx, term));
        let fees = row.fees.value().map_or(&[][..], Vec::as_slice);
        Self {
            channel: deadline::channel(row.kind).as_str(),
            deadline: in_words.or_else(|| words::deadline(&row.deadline)),
            term,
            disputed: row.disputed,
            free: row.fees.value().is_some_and(Vec::is_empty),
            fees: fees.iter().map(AmountView::of).collect(),
            fee_text: text(&row.fees),
            note: row.note.clone(),
            description: row.description.clone(),
        }
    }
}

impl AmountView {
    fn of(line: &FeeLine) -> Self {
        Self {
            amount: line.amount,
            currency: match line.currency {
                Currency::Dong => "VND",
                Currency::UsDollar => "USD",
            },
            bound: match line.bound {
                Bound::Exact => "exact",
                Bound::AtLeast => "at_least",
                Bound::AtMost => "at_most",
            },
            per: line.per.clone(),
            description: line.description.clone(),
            words: words::fee(line),
        }
    }
}
