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

/// The same, of features whose boxes meet these bounds; a west greater than its east crosses the antimeridian.
pub async fn box_at(
    db: &Db,
    base: i64,
    at: Timestamp,
    bounds: &Bounds,
    after: i64,
    limit: i64,
) -> Result<Vec<Feature>, Internal> {
    let [west, south, east, north] = *bounds;
    query_dyn(format!(
        "SELECT {FEATURE} FROM map_features
         WHERE base = $1 AND feature > $2 AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
             AND min_y <= $8 AND max_y >= $6
             AND (($5 <= $7 AND min_x <= $7 AND max_x >= $5) OR ($5 > $7 AND (max_x >= $5 OR min_x <= $7)))
         ORDER BY feature LIMIT $3"
    ))
    .bind(base)
    .bind(after)
    .bind(limit)
    .bind(at)
    .bind(west)
    .bind(south)
    .bind(east)
    .bind(north)
    .fetch_all(db)
    .await
}

/// Which kinds of shapes a base has had, by their codes in WKB.
pub async fn shape_codes(db: &Db, base: i64) -> Result<Vec<u8>, Internal> {
    let found: Vec<(Vec<u8>,)> =
        query("SELECT DISTINCT substr(geometry, 2, 1) FROM map_features WHERE base = $1 AND geometry IS NOT NULL")
            .bind(base)
            .fetch_all(db)
            .await?;
    Ok(found.into_iter().filter_map(|(code,)| code.first().copied()).collect())
}

/// How many edits a base has seen until a moment, and since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Edits {
    pub until: i64,
    pub since: i64,
}

pub async fn edits(db: &Db, base: i64, moment: Timestamp) -> Result<Edits, Internal> {
    query(
        "SELECT count(*) FILTER (WHERE valid_from <= $2) AS until, count(*) FILTER (WHERE valid_from > $2) AS since
         FROM map_features WHERE base = $1 AND change <> 'imported'",
    )
    .bind(base)
    .bind(moment)
    .fetch_one(db)
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

/// The edits of a base behind one moment and up to another, newest first; of these areas alone where some are named.
pub async fn edited(
    db: &Db,
    base: i64,
    (from, to): (Timestamp, Timestamp),
    areas: Option<&[String]>,
    limit: i64,
) -> Result<Vec<Version>, Internal> {
    let within = if areas.is_some() { "AND area IN (SELECT value FROM json_each($5))" } else { "" };
    let edits = query_dyn(format!(
        "SELECT {VERSION} FROM map_features
         WHERE base = $1 AND change <> 'imported' AND valid_from > $2 AND valid_from <= $3 {within}
         ORDER BY valid_from DESC, feature DESC LIMIT $4"
    ))
    .bind(base)
    .bind(from)
    .bind(to)
    .bind(limit);
    match areas {
        Some(areas) => edits.bind(serde_json::json!(areas)).fetch_all(db).await,
        None => edits.fetch_all(db).await,
    }
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
