//! Rows and chips that several pages show.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use songhan_app::Cx;

use crate::view::ProcedureSummary;

/// A row of the component `link_list`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub text: String,
    pub level: u8,
}

impl Row {
    /// A procedure with what people compare: field, deadline, whether it costs something.
    pub fn of(cx: &Cx, procedure: &ProcedureSummary) -> Self {
        let fee = match &procedure.fee_note {
            _ if procedure.has_fee => cx.t("services-fee-some"),
            Some(note) => note.clone(),
            None => cx.t("services-fee-none"),
        };
        let facts = [Some(procedure.field_name.clone()), procedure.deadline.clone(), Some(fee)];
        Self {
            href: format!("/procedures/{}", procedure.name),
            title: procedure.title.clone(),
            text: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            level: procedure.level,
        }
    }
}

/// A filter as a link.
#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    pub href: String,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    pub current: bool,
}

/// A link with a query string; what is empty is left out.
pub fn link(path: &str, query: &[(&str, &str)]) -> String {
    let encode = |value: &str| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> =
        query.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", encode(v))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}
