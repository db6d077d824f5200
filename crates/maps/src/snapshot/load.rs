//! Reading a layer out of the database: whole, as it is or was, or what has changed in it.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value as Json;
use songhan_app::App;
use songhan_base::Internal;
use songhan_geo::tile::{self, Delta, LayerBuilder, TileMatrixSet, Value};
use tokio::sync::mpsc;

use super::{Entry, IndexBuilder, Snapshot};
use crate::feature::Feature;
use crate::layer::{Kind, Layer};
use crate::shape;
use crate::store::{features, layers};

/// Features read at once, and how many such pages wait to be taken in.
const PAGE: i64 = 2_000;
const AHEAD: usize = 4;

/// The layer as it is now. What changes while it is read is told afterwards, under a higher generation.
pub async fn whole(app: &App, layer: &Layer) -> Result<Option<Snapshot>, Internal> {
    let Some(standing) = layers::standing(&app.db, &layer.code).await? else { return Ok(None) };
    let Some(base) = standing.base else { return Ok(None) };
    read(app, layer, (base, standing.generation), None).await.map(Some)
}

/// The layer as its base was at a moment, under a generation that is of that alone.
pub async fn at(app: &App, layer: &Layer, base: i64, generation: i64, moment: Timestamp) -> Result<Snapshot, Internal> {
    read(app, layer, (base, generation), Some(moment)).await
}

async fn read(
    app: &App,
    layer: &Layer,
    (base, generation): (i64, i64),
    moment: Option<Timestamp>,
) -> Result<Snapshot, Internal> {
    let (pages, taken) = mpsc::channel(AHEAD);
    let building = {
        let layer = layer.clone();
        tokio::task::spawn_blocking(move || build(&layer, base, generation, taken))
    };
    let mut after = 0;
    loop {
        let page = match moment {
            None => features::page(&app.db, base, after, PAGE).await?,
            Some(moment) => features::page_at(&app.db, base, moment, after, PAGE).await?,
        };
        let last = page.last().map(|feature| feature.feature);
        // The builder ends early by an error, which it tells itself.
        if page.is_empty() || pages.send(page).await.is_err() {
            break;
        }
        after = last.unwrap_or(after);
    }
    drop(pages);
    building.await.map_err(Internal::new)?
}

fn build(
    layer: &Layer,
    base: i64,
    generation: i64,
    mut pages: mpsc::Receiver<Vec<Feature>>,
) -> Result<Snapshot, Internal> {
    let names = layer.attributes.iter().map(|attribute| attribute.name.clone());
    let mut tiles = LayerBuilder::new(TileMatrixSet::web_mercator(), &layer.code, names);
    let mut index = IndexBuilder::default();
    while let Some(page) = pages.blocking_recv() {
        for feature in page {
            let placed = feature.geometry.as_deref().map(shape::stored).transpose()?;
            index.push(&entry(&feature, placed.as_ref()));
            if let Some(placed) = placed {
                let values = values(layer, &feature.properties)?;
                tiles.push(feature.feature as u64, &placed.geometry, &values).map_err(Internal::new)?;
            }
        }
    }
    let tiles = std::sync::Arc::new(tiles.finish().map_err(Internal::new)?);
    Ok(Snapshot { base, generation, index: index.finish(), tiles })
}

/// The layer with some features as they are now.
pub async fn changed(
    app: &App,
    layer: &Layer,
    before: &Snapshot,
    generation: i64,
    which: &[i64],
) -> Result<Snapshot, Internal> {
    let found = features::these(&app.db, before.base, which).await?;
    let (layer, before, which) = (layer.clone(), before.clone(), which.to_vec());
    let apply = move || {
        let mut delta = Delta { put: Vec::new(), removed: Vec::new() };
        let mut edits = Vec::new();
        for feature in which {
            let Some(now) = found.iter().find(|one| one.feature == feature) else {
                delta.removed.push(feature as u64);
                edits.push((feature, None));
                continue;
            };
            let placed = now.geometry.as_deref().map(shape::stored).transpose()?;
            edits.push((feature, Some(entry(now, placed.as_ref()))));
            match placed {
                Some(placed) => delta.put.push(tile::Feature {
                    id: feature as u64,
                    geometry: placed.geometry,
                    values: values(&layer, &now.properties)?,
                    importance: None,
                }),
                None => delta.removed.push(feature as u64),
            }
        }
        let tiles = std::sync::Arc::new(before.tiles.with(&delta).map_err(Internal::new)?);
        Ok(Snapshot { base: before.base, generation, index: before.index.with(edits), tiles })
    };
    tokio::task::spawn_blocking(apply).await.map_err(Internal::new)?
}

fn entry(feature: &Feature, placed: Option<&shape::Placed>) -> Entry {
    Entry { feature: feature.feature, bounds: placed.and_then(|placed| placed.bounds), area: feature.area.clone() }
}

/// The attributes in the layer's order, as a tile carries them.
fn values(layer: &Layer, properties: &str) -> Result<Vec<Value<'static>>, Internal> {
    let known: Json = serde_json::from_str(properties).map_err(Internal::new)?;
    Ok(layer.attributes.iter().map(|attribute| value(attribute.kind, &known[attribute.name.as_str()])).collect())
}

fn value(kind: Kind, value: &Json) -> Value<'static> {
    match (kind, value) {
        (_, Json::Bool(value)) => Value::Bool(*value),
        (_, Json::String(text)) => Value::Text(Cow::Owned(text.clone())),
        (Kind::Integer, Json::Number(number)) => number.as_i64().map_or(Value::Null, Value::Int),
        (_, Json::Number(number)) => number.as_f64().map_or(Value::Null, Value::Float),
        _ => Value::Null,
    }
}
