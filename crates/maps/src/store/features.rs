//! Features and their versions.

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{Db, On, Rows, Tx, Val, query, query_dyn};

use crate::feature::{Change, Feature, Version};

/// West, south, east, north in WGS 84.
pub type Bounds = [f64; 4];

/// A version on its way into the database.
pub struct NewVersion<'a> {
    pub feature: i64,
    pub version: i64,
    pub at: Timestamp,
    pub geometry: Option<Vec<u8>>,
    pub bounds: Option<Bounds>,
    pub properties: String,
    pub area: Option<String>,
    pub change: Change,
    pub by: &'a str,
    pub by_name: &'a str,
    pub reason: &'a str,
}

const FEATURE: &str = "feature, version, geometry, properties, area";
const VERSION: &str = "feature, version, geometry, properties, area, valid_from, valid_to, change, changed_by, \
    changed_by_name, reason";

pub async fn insert(tx: &mut Tx, base: i64, versions: Vec<NewVersion<'_>>) -> Result<(), Internal> {
    let mut rows = Rows::of(
        "map_features (base, feature, version, valid_from, valid_to, geometry, min_x, min_y, max_x, max_y, properties, \
         area, change, changed_by, changed_by_name, reason)",
    );
    for new in versions {
        let side = |at: usize| Val::from(new.bounds.map(|bounds| bounds[at]));
        // What is removed ends as it begins: nobody sees it, and the history knows who did it.
        let ended = (new.change == Change::Removed).then_some(new.at);
        rows.add([
            Val::from(base),
            new.feature.into(),
            new.version.into(),
            new.at.into(),
            ended.into(),
            new.geometry.into(),
            side(0),
            side(1),
            side(2),
            side(3),
            new.properties.into(),
            new.area.into(),
            new.change.as_str().into(),
            new.by.into(),
            new.by_name.into(),
            new.reason.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Ends the version of a feature that is current.
pub async fn end(tx: &mut Tx, base: i64, feature: i64, at: Timestamp) -> Result<(), Internal> {
    query("UPDATE map_features SET valid_to = $3 WHERE base = $1 AND feature = $2 AND valid_to IS NULL")
        .bind(base)
        .bind(feature)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// A feature as it is now.
pub async fn current<'a>(on: impl Into<On<'a>>, base: i64, feature: i64) -> Result<Option<Feature>, Internal> {
    query_dyn(format!("SELECT {FEATURE} FROM map_features WHERE base = $1 AND feature = $2 AND valid_to IS NULL"))
        .bind(base)
        .bind(feature)
        .fetch_optional(on)
        .await
}

/// Some features as they are now, by their numbers.
pub async fn these(db: &Db, base: i64, features: &[i64]) -> Result<Vec<Feature>, Internal> {
    query_dyn(format!(
        "SELECT {FEATURE} FROM map_features
         WHERE base = $1 AND feature IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) AND valid_to IS NULL
         ORDER BY feature"
    ))
    .bind(base)
    .bind(serde_json::json!(features))
    .fetch_all(db)
    .await
}

/// A page of a base's features behind a number, as they are now.
pub async fn page(db: &Db, base: i64, after: i64, limit: i64) -> Result<Vec<Feature>, Internal> {
    query_dyn(format!(
        "SELECT {FEATURE} FROM map_features WHERE base = $1 AND feature > $2 AND valid_to IS NULL
         ORDER BY feature LIMIT $3"
    ))
    .bind(base)
    .bind(after)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The same as it was at a moment.
pub async fn page_at(db: &Db, base: i64, at: Timestamp, after: i64, limit: i64) -> Result<Vec<Feature>, Internal> {
    query_dyn(format!(
        "SELECT {FEATURE} FROM map_features
         WHERE base = $1 AND feature > $2 AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
         ORDER BY feature LIMIT $3"
    ))
    .bind(base)
    .bind(after)
    .bind(limit)
    .bind(at)
    .fetch_all(db)
    .await
}

/// All versions of a feature, newest first.
pub async fn history(db: &Db, base: i64, feature: i64, limit: i64) -> Result<Vec<Version>, Internal> {
    query_dyn(format!(
        "SELECT {VERSION} FROM map_features WHERE base = $1 AND feature = $2 ORDER BY version DESC LIMIT $3"
    ))
    .bind(base)
    .bind(feature)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// One version, and the last one.
pub async fn version<'a>(
    on: impl Into<On<'a>>,
    base: i64,
    feature: i64,
    version: i64,
) -> Result<Option<Version>, Internal> {
    query_dyn(format!("SELECT {VERSION} FROM map_features WHERE base = $1 AND feature = $2 AND version = $3"))
        .bind(base)
        .bind(feature)
        .bind(version)
        .fetch_optional(on)
        .await
}

/// The number of a feature's last version; removed ones have one too.
pub async fn last_version(tx: &mut Tx, base: i64, feature: i64) -> Result<Option<i64>, Internal> {
    let (last,): (Option<i64>,) = query("SELECT max(version) FROM map_features WHERE base = $1 AND feature = $2")
        .bind(base)
        .bind(feature)
        .fetch_one(tx)
        .await?;
    Ok(last)
}
