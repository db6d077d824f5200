//! Sửa dữ liệu: how a feature is made, changed, removed and put back. Whoever changes one does it here, in a transaction
//! of their own, under the lock of the layer's row: so numbers have no double, and what a reader was shown is what they
//! change.

use geo_types::Geometry;
use jiff::Timestamp;
use serde_json::{Map, Value};
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Actor, FieldError, Internal};
use songhan_db::Tx;

use crate::events::LayerChanged;
use crate::feature::{Change, Feature, Version};
use crate::layer::Layer;
use crate::properties;
use crate::shape::{self, Placed};
use crate::store::bases::{self, NewBase};
use crate::store::features::{self, NewVersion};
use crate::store::layers::{self, Standing};

/// Why an edit is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such feature in this layer, or it is not yours to read")]
    Unknown,
    #[error("you may not change this; {0}")]
    Forbidden(&'static str),
    #[error("the feature was changed meanwhile: read it again, then send your change with its new ETag in If-Match")]
    Changed,
    #[error("the layer waits for its first data, which the city's folder names; try again in a minute")]
    Empty,
    #[error("there is nothing to undo: this is how the feature was first")]
    First,
    #[error("the feature does not fit its layer")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Refused {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Unknown => Problem::not_found("feature"),
            Self::Forbidden(_) => Problem::new(axum::http::StatusCode::FORBIDDEN, "feature_forbidden", detail),
            Self::Changed => Problem::new(axum::http::StatusCode::PRECONDITION_FAILED, "feature_changed", detail),
            Self::Empty => Problem::conflict("layer_empty", detail),
            Self::First => Problem::conflict("nothing_to_undo", detail),
            Self::Invalid(errors) => Problem::invalid("feature_invalid", detail, errors),
            Self::Internal(error) => error.into(),
        }
    }
}

/// What somebody wants to become of a feature.
pub enum Wish {
    Create {
        geometry: Option<Geometry<f64>>,
        properties: Map<String, Value>,
    },
    Replace {
        geometry: Option<Geometry<f64>>,
        properties: Map<String, Value>,
    },
    /// What is not named stays; a property that is null goes.
    Update {
        /// Not named, or named as none.
        geometry: Option<Option<Geometry<f64>>>,
        properties: Map<String, Value>,
    },
    Remove,
    /// As it was before its last change.
    Undo,
}

/// What an edit came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    pub base: i64,
    pub feature: i64,
    pub version: i64,
    pub change: Change,
    /// The event that tells it; the reader in memory takes it at once.
    pub told: LayerChanged,
    /// Sửa hình: what was repaired of the geometry.
    pub repaired: Vec<String>,
}

/// A feature that is to change, and what of it its changer has seen.
#[derive(Clone, Debug)]
pub struct Of {
    pub feature: i64,
    /// Where it is said, the change is refused unless the feature still is what was seen.
    pub seen: Option<Seen>,
}

/// What somebody has seen of a feature: one of these versions, each of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(pub Vec<(i64, i64)>);

impl Seen {
    /// `3.2`: the second version of a feature in the third import, as a page hands it out.
    pub fn read(text: &str) -> Option<Self> {
        let (base, version) = text.split_once('.')?;
        Some(Self(vec![(base.parse().ok()?, version.parse().ok()?)]))
    }

    pub fn is(&self, base: i64, version: i64) -> bool {
        self.0.contains(&(base, version))
    }
}

/// One edit, with its event and its line in the audit log; the caller commits.
pub async fn edit(
    tx: &mut Tx,
    cx: &Cx,
    layer: &Layer,
    of: Option<Of>,
    wish: Wish,
    reason: &str,
) -> Result<Edited, Refused> {
    let mut standing = layers::lock(tx, &layer.code).await?;
    let base = match standing.base {
        Some(base) => base,
        None => first_base(tx, cx, layer, &wish, reason).await?,
    };
    standing.base = Some(base);
    let before = match of {
        Some(of) => Some(found(tx, cx, layer, base, of, &wish).await?),
        None => None,
    };
    let next = next(tx, layer, base, before.as_ref(), wish).await?;
    allowed(cx, layer, next.area.as_deref())?;
    let feature = before.as_ref().map_or(standing.last_feature + 1, |before| before.is.feature);
    let version = before.as_ref().map_or(1, |before| before.is.version + 1);
    let (change, repaired, at) = (next.change, next.repaired.clone(), cx.now());
    features::end(tx, base, feature, at).await?;
    let by = Author::of(cx);
    features::insert(tx, base, vec![next.version((feature, version), at, &by, reason)]).await?;
    let there = before.as_ref().is_some_and(|before| before.change != Change::Removed);
    standing.features += i64::from(change != Change::Removed) - i64::from(there);
    standing.last_feature = standing.last_feature.max(feature);
    let told = tell(tx, layer, standing, Some(vec![feature])).await?;
    let what = serde_json::json!({ "change": change, "version": version, "reason": reason });
    tx.audit("maps.edit", &format!("layer:{}:{feature}", layer.code), what).await?;
    Ok(Edited { base, feature, version, change, told, repaired })
}

/// What a layer consists of that nobody has imported: it begins with its first feature. One that the city's folder fills
/// waits for that.
async fn first_base(tx: &mut Tx, cx: &Cx, layer: &Layer, wish: &Wish, reason: &str) -> Result<i64, Refused> {
    if !matches!(wish, Wish::Create { .. }) {
        return Err(Refused::Unknown);
    }
    if layer.rights.edits(cx).is_nothing() {
        return Err(Refused::Forbidden(NO_EDITOR));
    }
    if layer.data.is_some() {
        return Err(Refused::Empty);
    }
    let (by, now) = (Author::of(cx), cx.now());
    let number = songhan_db::next_number(&mut *tx, "maps.base").await?;
    let base =
        NewBase { number, layer: &layer.code, file: "", format: "", crs: "", made_by: &by.label, made_at: now, reason };
    bases::begin(tx, &base).await?;
    bases::turn(tx, &layer.code, number, now).await?;
    Ok(number)
}

/// Keeps where the layer stands under its next generation, and emits the event.
pub async fn tell(
    tx: &mut Tx,
    layer: &Layer,
    mut standing: Standing,
    features: Option<Vec<i64>>,
) -> Result<LayerChanged, Internal> {
    standing.generation += 1;
    layers::keep(tx, &layer.code, standing).await?;
    let told = LayerChanged { layer: layer.code.clone(), generation: standing.generation, features };
    tx.emit(told.clone()).await?;
    Ok(told)
}

/// The last version of a feature, if the actor may change it and has seen it.
async fn found(tx: &mut Tx, cx: &Cx, layer: &Layer, base: i64, of: Of, wish: &Wish) -> Result<Version, Refused> {
    let Some(last) = features::last_version(tx, base, of.feature).await? else { return Err(Refused::Unknown) };
    let last = features::version(&mut *tx, base, of.feature, last).await?.ok_or(Refused::Unknown)?;
    let removed = last.change == Change::Removed;
    if !layer.rights.reads(cx).holds(last.is.area.as_deref()) || (removed && !matches!(wish, Wish::Undo)) {
        return Err(Refused::Unknown);
    }
    allowed(cx, layer, last.is.area.as_deref())?;
    if of.seen.is_some_and(|seen| !seen.is(base, last.is.version)) {
        return Err(Refused::Changed);
    }
    Ok(last)
}

const NO_EDITOR: &str = "the layer is not edited by your role";

fn allowed(cx: &Cx, layer: &Layer, area: Option<&str>) -> Result<(), Refused> {
    let reach = layer.rights.edits(cx);
    if reach.is_nothing() {
        return Err(Refused::Forbidden(NO_EDITOR));
    }
    if reach.holds(area) { Ok(()) } else { Err(Refused::Forbidden("it lies outside the area of your unit")) }
}

/// What the next version holds.
struct Next {
    placed: Option<Placed>,
    properties: Map<String, Value>,
    area: Option<String>,
    change: Change,
    repaired: Vec<String>,
}

impl Next {
    fn version<'a>(
        self,
        (feature, version): (i64, i64),
        at: Timestamp,
        by: &'a Author,
        reason: &'a str,
    ) -> NewVersion<'a> {
        let (geometry, bounds) = self.placed.map_or((None, None), |placed| (Some(placed.wkb), placed.bounds));
        NewVersion {
            feature,
            version,
            at,
            geometry,
            bounds,
            properties: Value::Object(self.properties).to_string(),
            area: self.area,
            change: self.change,
            by: &by.label,
            by_name: &by.name,
            reason,
        }
    }
}

/// Who changes: the account, and the name as history shows it.
pub struct Author {
    pub label: String,
    pub name: String,
}

impl Author {
    pub fn of(cx: &Cx) -> Self {
        let label = cx.actor.label();
        let name = match &cx.actor {
            Actor::Person(person) => person.name.clone(),
            _ => label.clone(),
        };
        Self { label, name }
    }
}

async fn next(tx: &mut Tx, layer: &Layer, base: i64, before: Option<&Version>, wish: Wish) -> Result<Next, Refused> {
    let old = |before: Option<&Version>| before.map(|before| before.is.clone());
    let (geometry, properties, change) = match wish {
        Wish::Create { geometry, properties } => (geometry, checked(layer, &properties)?, Change::Created),
        Wish::Replace { geometry, properties } => (geometry, checked(layer, &properties)?, Change::Replaced),
        Wish::Update { geometry, properties } => {
            let old = old(before).ok_or(Refused::Unknown)?;
            let merged = merged(layer, &old, &properties)?;
            let Some(geometry) = geometry else {
                return kept(layer, &old, merged, Change::Updated);
            };
            (geometry, merged, Change::Updated)
        }
        Wish::Remove => {
            let old = old(before).ok_or(Refused::Unknown)?;
            let properties = object(&old)?;
            return Ok(Next {
                placed: None,
                properties,
                area: old.area,
                change: Change::Removed,
                repaired: Vec::new(),
            });
        }
        Wish::Undo => {
            let last = before.ok_or(Refused::Unknown)?;
            let was = match last.is.version {
                1 => return Err(Refused::First),
                version => features::version(&mut *tx, base, last.is.feature, version - 1).await?,
            };
            let was = was.ok_or(Refused::First)?;
            let removed = was.change == Change::Removed;
            let change = if removed { Change::Removed } else { Change::Undone };
            return kept(layer, &was.is, object(&was.is)?, change);
        }
    };
    let fitted = shape::fit(layer, geometry).map_err(|error| Refused::Invalid(vec![error]))?;
    let area = area(layer, &properties);
    Ok(Next { placed: fitted.placed, properties, area, change, repaired: fitted.repaired })
}

/// The geometry of an older version, with these properties.
fn kept(layer: &Layer, was: &Feature, properties: Map<String, Value>, change: Change) -> Result<Next, Refused> {
    let placed = was.geometry.as_deref().map(shape::stored).transpose()?;
    let area = area(layer, &properties);
    Ok(Next { placed, properties, area, change, repaired: Vec::new() })
}

fn checked(layer: &Layer, given: &Map<String, Value>) -> Result<Map<String, Value>, Refused> {
    properties::check(layer, given, true).map_err(Refused::Invalid)
}

/// What was, with what is named anew; in the layer's order.
fn merged(layer: &Layer, old: &Feature, given: &Map<String, Value>) -> Result<Map<String, Value>, Refused> {
    let fitted = properties::check(layer, given, false).map_err(Refused::Invalid)?;
    let mut whole = object(old)?;
    for name in given.keys() {
        match fitted.get(name) {
            Some(value) => drop(whole.insert(name.clone(), value.clone())),
            None => drop(whole.remove(name)),
        }
    }
    let order = layer.attributes.iter().filter_map(|attribute| whole.remove_entry(&attribute.name));
    Ok(order.collect())
}

fn object(feature: &Feature) -> Result<Map<String, Value>, Internal> {
    serde_json::from_str(&feature.properties).map_err(Internal::new)
}

/// The area that the feature names, where the layer's rights go by it.
pub fn area(layer: &Layer, properties: &Map<String, Value>) -> Option<String> {
    let name = layer.rights.area.as_ref()?;
    properties.get(name).and_then(Value::as_str).map(str::to_owned)
}
