//! «Có gì thay đổi»: what imports of the national catalogue changed, for people and as an Atom feed.

use std::fmt::Write as _;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, PageSpec, Problem, Query};
use songhan_base::Internal;

use super::lists::link;
use crate::catalogue::Catalogue;
use crate::imported::Change;
use crate::imported::store::{self, Entry};

const PAGE: usize = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
}

#[derive(Serialize)]
struct Data {
    items: Vec<Told>,
    /// Not the first page.
    later: bool,
    next: String,
}

/// A new version of a procedure.
#[derive(Debug, Serialize)]
pub struct Told {
    pub href: String,
    pub title: String,
    pub code: String,
    /// The day from which it counts.
    pub day: String,
    /// "Thủ tục mới", "Thay đổi".
    pub kind: String,
    pub is_new: bool,
    pub changes: Vec<Shown>,
}

/// One thing that changed, with the words that fell away and those that came.
#[derive(Debug, Serialize)]
pub struct Shown {
    pub what: String,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// Longer lists are read on the procedure's page.
const LINES_MAX: usize = 6;

pub fn told(cx: &Cx, entry: &Entry) -> Told {
    let shown = |change: Change| Shown {
        what: cx.t(&format!("services-change-{}", change.what.as_str())),
        before: change.before.into_iter().take(LINES_MAX).collect(),
        after: change.after.into_iter().take(LINES_MAX).collect(),
    };
    Told {
        href: format!("/procedures/{}?version={}", entry.code, entry.version),
        title: entry.title.clone(),
        code: entry.code.clone(),
        day: entry.valid_from.clone(),
        kind: cx.t(&format!("services-changes-{}", entry.kind)),
        is_new: entry.number == 1,
        changes: entry.changes().into_iter().map(shown).collect(),
    }
}

/// Of those that the city declares itself its own file counts, and a change of the national one changes nothing here.
async fn entries(cx: &Cx, asked: &Asked) -> Result<(Vec<Entry>, String), Internal> {
    let after = asked.after.parse().ok();
    let mut found = store::changes(&cx.db, after.as_ref(), PAGE + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| last.cursor().to_string());
    let catalogue = Catalogue::of(cx).await?;
    found.retain(|entry| catalogue.get(&entry.code).is_some_and(|procedure| procedure.national.is_some()));
    Ok((found, next.unwrap_or_default()))
}

pub async fn show(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (found, next) = entries(&cx, &asked).await?;
    let data = Data {
        items: found.iter().map(|entry| told(&cx, entry)).collect(),
        later: !asked.after.is_empty(),
        next: if next.is_empty() { next } else { link("/procedures/changes", &[("after", &next)]) },
    };
    let spec = PageSpec::titled(cx.t("services-changes-title"))
        .crumb("/", cx.t("home"))
        .crumb("/procedures", cx.t("services-procedures-title"))
        .describe(cx.t("services-changes-lead"));
    cx.page("services/changes.html", spec, data).await
}

/// The same as an Atom feed (RFC 4287).
pub async fn feed(cx: Cx) -> Result<Response, Problem> {
    let (found, _) = entries(&cx, &Asked::default()).await?;
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], atom(&cx, &found)).into_response())
}

fn atom(cx: &Cx, found: &[Entry]) -> String {
    let page = cx.url("/procedures/changes");
    let updated = found.first().map_or_else(|| cx.now(), |entry| entry.at.0);
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{page}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n\
         <author><name>{}</name></author>\n<link href=\"{page}\"/>\n<link rel=\"self\" href=\"{page}.atom\"/>\n",
        cx.lang.tag(),
        escaped(&cx.t("services-changes-title")),
        escaped(cx.city.manifest().name.get(cx.lang)),
    );
    for entry in found {
        let told = told(cx, entry);
        let href = escaped(&cx.url(&told.href));
        let _ = write!(
            feed,
            "<entry>\n<id>{href}</id>\n<title>{}: {}</title>\n<updated>{}</updated>\n<link href=\"{href}\"/>\n\
             <summary>{}</summary>\n</entry>\n",
            escaped(&told.kind),
            escaped(&told.title),
            entry.at.0,
            escaped(&summary(&told)),
        );
    }
    feed + "</feed>\n"
}

/// `Thời hạn: 5 ngày làm việc → 3 ngày làm việc`, a line each.
fn summary(told: &Told) -> String {
    let line = |change: &Shown| match (change.before.join("; "), change.after.join("; ")) {
        (before, after) if before.is_empty() && after.is_empty() => change.what.clone(),
        (before, after) => format!("{}: {before} → {after}", change.what),
    };
    told.changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// For text and attributes of XML; characters that XML cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn xml_is_escaped() {
        assert_eq!(escaped("A & B <\"c\">\u{0}\u{b}"), "A &amp; B &lt;&quot;c&quot;&gt;");
    }
}
