//! Somebody changed the feature while a form of it was open. The form comes back with what is there now and, in it, what
//! its sender has changed; where both changed the same, both are told, and who saves again knows what they do.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, Problem};
use songhan_maps::reading::{self, Item, Past, Readable, words};
use songhan_maps::{Attribute, Seen};

use super::edit::Open;
use super::feature_path;
use crate::form::{self, Sent};
use crate::words::{by, told};

/// Versions among which the one is looked for that was seen.
const BACK: i64 = 200;

pub async fn page(cx: &Cx, readable: &Readable, (base, now): (i64, &Item), sent: Sent) -> Result<Response, Problem> {
    let layer = &readable.layer;
    let seen = Seen::read(sent.get("seen"));
    let history = reading::history(cx, readable, now.number, BACK).await?;
    let was = seen.and_then(|seen| history.iter().find(|past| seen.is(past.base, past.item.version)));
    // Of an import before this one nothing is known: then all that differs is told.
    let before = was.map_or(now, |was| &was.item);
    let (mut merged, mut both) = (sent.clone(), Vec::new());
    for attribute in &layer.attributes {
        let name = form::field(attribute);
        let text = |item: &Item| form::shown(cx, attribute, item.properties.get(&attribute.name));
        match mix(&sent.typed(&name), &text(before), &text(now), was.is_some()) {
            Mixed::Mine => {}
            Mixed::Theirs => merged.set(&name, text(now)),
            Mixed::Both => both.push(conflict(cx, readable, attribute, now, &sent.typed(&name))),
        }
    }
    match mix(&sent.typed("geometry"), &before.wkt(), &now.wkt(), was.is_some()) {
        Mixed::Mine => {}
        Mixed::Theirs => merged.set("geometry", now.wkt()),
        Mixed::Both => both.push(json!({ "label": cx.t("atlas-geometry"), "value": cx.t("atlas-stale-geometry") })),
    }
    let meanwhile = json!({
        "who": history.first().map(|last| who(cx, readable, last)),
        "imported": was.is_none(),
        "both": both,
        "href": feature_path(readable, now.number),
    });
    let open = Open {
        readable,
        item: Some((base, now)),
        sent: merged,
        errors: Vec::new(),
        meanwhile: Some(meanwhile),
        status: StatusCode::CONFLICT,
    };
    open.page(cx).await
}

/// What becomes of one field.
#[derive(Debug, PartialEq, Eq)]
enum Mixed {
    /// As it was sent.
    Mine,
    /// As it is now.
    Theirs,
    /// As it was sent, though somebody else changed it too.
    Both,
}

fn mix(mine: &str, was: &str, now: &str, is_known: bool) -> Mixed {
    if mine == now {
        Mixed::Mine
    } else if !is_known {
        Mixed::Both
    } else if mine == was {
        Mixed::Theirs
    } else if was == now {
        Mixed::Mine
    } else {
        Mixed::Both
    }
}

fn conflict(cx: &Cx, readable: &Readable, attribute: &Attribute, now: &Item, mine: &str) -> Value {
    let theirs = told(cx, &readable.layer, attribute, now);
    let value = words::value(cx, attribute, Some(&form::value(cx, attribute, mine)));
    let none = || cx.t("atlas-nothing");
    let said = |text: String| if text.is_empty() { none() } else { text };
    let (theirs, mine) = (said(theirs), said(value));
    let text = cx.text(cx.lang, "atlas-stale-both", &[("theirs", &theirs), ("mine", &mine)]);
    json!({ "label": attribute.title.get(cx.lang), "value": text })
}

fn who(cx: &Cx, readable: &Readable, last: &Past) -> String {
    let at = words::moment(cx, last.at);
    let name = by(cx, &readable.layer, &last.by);
    let reason = if last.reason.is_empty() { cx.t("atlas-nothing") } else { last.reason.clone() };
    cx.text(cx.lang, "atlas-stale-who", &[("name", &name), ("at", &at), ("reason", &reason)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_of_two_changed_is_kept_and_what_both_did_is_told() {
        assert_eq!(mix("a", "a", "b", true), Mixed::Theirs);
        assert_eq!(mix("b", "a", "a", true), Mixed::Mine);
        assert_eq!(mix("b", "a", "c", true), Mixed::Both);
        assert_eq!(mix("b", "a", "b", true), Mixed::Mine);
        assert_eq!(mix("b", "c", "c", false), Mixed::Both, "nobody knows what it was");
    }
}
