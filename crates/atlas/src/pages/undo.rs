//! Removing a feature, and undoing its last change: each asks first, and for the reason.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_base::FieldError;
use songhan_maps::reading::{self, Past, Readable};
use songhan_maps::{Change, Of, Refused, Seen, Wish, change_feature};

use super::{feature_number, feature_path};
use crate::form::{REASON_MAX, Sent};
use crate::tree;
use crate::words::{change, named};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Remove,
    Undo,
}

impl Verb {
    const fn name(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Undo => "undo",
        }
    }
}

/// A feature and its last version, for somebody who may change it.
struct About {
    readable: Readable,
    last: Past,
}

async fn about(cx: &Cx, code: &str, number: &str, verb: Verb) -> Result<About, Problem> {
    let readable = reading::layer(cx, code)?;
    let number = feature_number(number)?;
    let history = reading::history(cx, &readable, number, 1).await?;
    let last = history.into_iter().next().ok_or_else(|| Problem::not_found("feature"))?;
    if last.change == Change::Removed && verb == Verb::Remove {
        return Err(Problem::not_found("feature"));
    }
    if last.item.is_edited(cx, &readable.layer) { Ok(About { readable, last }) } else { Err(Problem::forbidden()) }
}

impl About {
    fn path(&self) -> String {
        feature_path(&self.readable, self.last.item.number)
    }

    async fn page(
        &self,
        cx: &Cx,
        verb: Verb,
        errors: Vec<FieldError>,
        status: StatusCode,
    ) -> Result<Response, Problem> {
        let layer = &self.readable.layer;
        let (name, path) = (named(cx, layer, &self.last), self.path());
        let title = cx.text(cx.lang, &format!("atlas-{}-title", verb.name()), &[("name", &name)]);
        let data = json!({
            "title": title,
            "verb": verb.name(),
            "action": format!("{path}/{}", verb.name()),
            "back": path,
            "change": change(cx, self.last.change),
            "at": self.last.at.as_microsecond(),
            "why": self.last.reason,
            "seen": format!("{}.{}", self.last.base, self.last.item.version),
            "reason_max": REASON_MAX,
            "stale": status == StatusCode::CONFLICT,
            "simulated": layer.simulated,
            "errors": errors,
        });
        let spec = PageSpec::titled(title)
            .status(status)
            .crumb("/map", cx.t("atlas-menu"))
            .crumb(tree::path(layer), layer.title.get(cx.lang))
            .crumb(path, name);
        cx.page("atlas/undo.html", spec, data).await
    }

    async fn make(&self, cx: &Cx, verb: Verb, sent: &Sent) -> Result<Response, Problem> {
        let reason = match sent.reason(cx) {
            Ok(reason) => reason,
            Err(error) => return self.page(cx, verb, vec![error], StatusCode::UNPROCESSABLE_ENTITY).await,
        };
        let seen = Seen::read(sent.get("seen")).unwrap_or_default();
        let of = Of { feature: self.last.item.number, seen: Some(seen) };
        let wish = if verb == Verb::Remove { Wish::Remove } else { Wish::Undo };
        match change_feature(cx, &self.readable.layer, Some(of), wish, &reason).await {
            Ok(changing) => {
                changing.commit(cx).await?;
                let done = if verb == Verb::Remove { "removed" } else { "undone" };
                Ok(redirect(&format!("{}?done={done}", self.path())))
            }
            Err(Refused::Changed) => self.page(cx, verb, Vec::new(), StatusCode::CONFLICT).await,
            Err(Refused::First) => Ok(redirect(&format!("{}?done=same", self.path()))),
            Err(other) => Err(other.into_problem()),
        }
    }
}

pub async fn ask_remove(cx: Cx, Path((code, number)): Path<(String, String)>) -> Result<Response, Problem> {
    let about = about(&cx, &code, &number, Verb::Remove).await?;
    about.page(&cx, Verb::Remove, Vec::new(), StatusCode::OK).await
}

pub async fn remove(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    PageForm(pairs): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    about(&cx, &code, &number, Verb::Remove).await?.make(&cx, Verb::Remove, &Sent::new(pairs)).await
}

pub async fn ask_undo(cx: Cx, Path((code, number)): Path<(String, String)>) -> Result<Response, Problem> {
    let about = about(&cx, &code, &number, Verb::Undo).await?;
    about.page(&cx, Verb::Undo, Vec::new(), StatusCode::OK).await
}

pub async fn undo(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    PageForm(pairs): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    about(&cx, &code, &number, Verb::Undo).await?.make(&cx, Verb::Undo, &Sent::new(pairs)).await
}
