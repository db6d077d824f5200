//! New features and changed ones: a form for each attribute, the shape as text, which a map beside it draws. What somebody
//! else has changed meanwhile is never written over in silence ([`super::stale`]).

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use songhan_app::{Cx, IntoProblem, PageForm, PageSpec, Path, Problem, redirect};
use songhan_base::FieldError;
use songhan_maps::reading::{self, Item, Readable, words};
use songhan_maps::{Of, Refused, Seen, Shape, Wish, change_feature};

use super::{feature_path, stale, to_edit};
use crate::config::{Config, Mode};
use crate::form::{self, Sent};
use crate::tree;

/// A form on its way to a page.
pub struct Open<'a> {
    pub readable: &'a Readable,
    /// What is edited, with its base; nothing of what is new.
    pub item: Option<(i64, &'a Item)>,
    pub sent: Sent,
    pub errors: Vec<FieldError>,
    /// What was changed meanwhile, where it was.
    pub meanwhile: Option<Value>,
    pub status: StatusCode,
}

impl<'a> Open<'a> {
    fn new(readable: &'a Readable, item: Option<(i64, &'a Item)>, sent: Sent) -> Self {
        Self { readable, item, sent, errors: Vec::new(), meanwhile: None, status: StatusCode::OK }
    }

    fn wrong(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self
    }

    pub async fn page(self, cx: &Cx) -> Result<Response, Problem> {
        let layer = &self.readable.layer;
        let groups = tree::only(cx, &layer.code);
        let mut config = Config::new(cx, Mode::Edit, &groups, None);
        let (mut path, mut title) = (tree::path(layer), cx.t("atlas-new"));
        let mut seen = String::new();
        if let Some((base, item)) = self.item {
            config = config.about(layer, item)?;
            path = feature_path(self.readable, item.number);
            title = cx.text(cx.lang, "atlas-edit", &[("name", &words::name(cx, layer, item))]);
            seen = format!("{base}.{}", item.version);
        }
        let shape = match layer.shape {
            Shape::Point => "POINT (108.2208 16.0678)",
            Shape::Line => "LINESTRING (108.22 16.06, 108.23 16.07)",
            Shape::Polygon | Shape::Any => "POLYGON ((108.22 16.06, 108.23 16.06, 108.23 16.07, 108.22 16.06))",
        };
        let data = json!({
            "title": title,
            "layer": layer.title.get(cx.lang),
            "simulated": layer.simulated,
            "action": if self.item.is_some() { format!("{path}/edit") } else { format!("{path}/new") },
            "back": path,
            "fields": form::fields(cx, layer, &self.sent),
            "geometry": self.sent.typed("geometry"),
            "example": shape,
            "reason": self.sent.get("reason"),
            "reason_max": form::REASON_MAX,
            "seen": seen,
            "config": config.drawing(layer),
            "errors": self.errors,
            "meanwhile": self.meanwhile,
        });
        let mut spec = PageSpec::titled(title).status(self.status).crumb("/map", cx.t("atlas-menu"));
        spec = spec.crumb(tree::path(layer), layer.title.get(cx.lang));
        if let Some((_, item)) = self.item {
            spec = spec.crumb(path, words::name(cx, layer, item));
        }
        cx.page("atlas/edit.html", spec, data).await
    }
}

fn readable_to_edit(cx: &Cx, code: &str) -> Result<Readable, Problem> {
    let readable = reading::layer(cx, code)?;
    if readable.is_edited(cx) { Ok(readable) } else { Err(Problem::forbidden()) }
}

pub async fn new(cx: Cx, Path(code): Path<String>) -> Result<Response, Problem> {
    let readable = readable_to_edit(&cx, &code)?;
    Open::new(&readable, None, Sent::default()).page(&cx).await
}

pub async fn create(
    cx: Cx,
    Path(code): Path<String>,
    PageForm(pairs): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let readable = readable_to_edit(&cx, &code)?;
    let (layer, sent) = (&readable.layer, Sent::new(pairs));
    let (geometry, reason) = match (form::geometry(&cx, &sent), sent.reason(&cx)) {
        (Ok(geometry), Ok(reason)) => (geometry, reason),
        (geometry, reason) => {
            let errors = geometry.err().into_iter().chain(reason.err()).collect();
            return Open::new(&readable, None, sent).wrong(errors).page(&cx).await;
        }
    };
    let wish = Wish::Create { geometry, properties: form::values(&cx, layer, &sent) };
    match change_feature(&cx, layer, None, wish, &reason).await {
        Ok(changing) => {
            let edited = changing.commit(&cx).await?;
            let done = if edited.repaired.is_empty() { "created" } else { "repaired" };
            Ok(redirect(&format!("{}?done={done}", feature_path(&readable, edited.feature))))
        }
        Err(Refused::Invalid(refused)) => {
            let errors = form::errors(&cx, layer, &refused);
            Open::new(&readable, None, sent).wrong(errors).page(&cx).await
        }
        Err(Refused::Forbidden(_)) => {
            let errors = vec![outside(&cx, &readable)];
            Open::new(&readable, None, sent).wrong(errors).page(&cx).await
        }
        Err(other) => Err(other.into_problem()),
    }
}

pub async fn open(cx: Cx, Path((code, number)): Path<(String, String)>) -> Result<Response, Problem> {
    let (readable, base, item) = to_edit(&cx, &code, &number).await?;
    let sent = form::filled(&cx, &readable.layer, &item);
    Open::new(&readable, Some((base, &item)), sent).page(&cx).await
}

pub async fn save(
    cx: Cx,
    Path((code, number)): Path<(String, String)>,
    PageForm(pairs): PageForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (readable, base, item) = to_edit(&cx, &code, &number).await?;
    let (layer, sent) = (&readable.layer, Sent::new(pairs));
    let seen = Seen::read(sent.get("seen")).unwrap_or_default();
    if !seen.is(base, item.version) {
        return stale::page(&cx, &readable, (base, &item), sent).await;
    }
    let moved = sent.typed("geometry") != item.wkt();
    let (geometry, reason) = match (form::geometry(&cx, &sent), sent.reason(&cx)) {
        (Ok(geometry), Ok(reason)) => (geometry, reason),
        (geometry, reason) => {
            let errors = geometry.err().into_iter().chain(reason.err()).collect();
            return Open::new(&readable, Some((base, &item)), sent).wrong(errors).page(&cx).await;
        }
    };
    let properties = form::changed(&cx, layer, &item, &sent);
    if properties.is_empty() && !moved {
        return Ok(redirect(&format!("{}?done=same", feature_path(&readable, item.number))));
    }
    let wish = Wish::Update { geometry: moved.then_some(geometry), properties };
    let of = Of { feature: item.number, seen: Some(seen) };
    match change_feature(&cx, layer, Some(of), wish, &reason).await {
        Ok(changing) => {
            let edited = changing.commit(&cx).await?;
            let done = if edited.repaired.is_empty() { "saved" } else { "repaired" };
            Ok(redirect(&format!("{}?done={done}", feature_path(&readable, edited.feature))))
        }
        Err(Refused::Invalid(refused)) => {
            let errors = form::errors(&cx, layer, &refused);
            Open::new(&readable, Some((base, &item)), sent).wrong(errors).page(&cx).await
        }
        Err(Refused::Forbidden(_)) => {
            let errors = vec![outside(&cx, &readable)];
            Open::new(&readable, Some((base, &item)), sent).wrong(errors).page(&cx).await
        }
        // Between our look at it and the change somebody else was there.
        Err(Refused::Changed) => {
            let (_, base, item) = to_edit(&cx, &code, &number).await?;
            stale::page(&cx, &readable, (base, &item), sent).await
        }
        Err(other) => Err(other.into_problem()),
    }
}

/// Moved to where somebody else changes things.
fn outside(cx: &Cx, readable: &Readable) -> FieldError {
    let field = readable.layer.rights.area.as_ref().map_or_else(|| "geometry".to_owned(), |area| format!("p-{area}"));
    FieldError::new(field, "forbidden", cx.t("atlas-outside"))
}
