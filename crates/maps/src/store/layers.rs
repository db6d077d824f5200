//! Where each layer stands.

use songhan_base::Internal;
use songhan_db::{On, Tx, query};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// The base that is current; none before the first import.
    pub base: Option<i64>,
    pub generation: i64,
    pub features: i64,
    pub last_feature: i64,
}

pub async fn standing<'a>(on: impl Into<On<'a>>, layer: &str) -> Result<Option<Standing>, Internal> {
    query("SELECT base, generation, features, last_feature FROM map_layers WHERE layer = $1")
        .bind(layer)
        .fetch_optional(on)
        .await
}

/// Locks the layer's row for a change: from here on nobody else changes the layer until this transaction ends.
pub async fn lock(tx: &mut Tx, layer: &str) -> Result<Standing, Internal> {
    query("INSERT INTO map_layers (layer, generation, features, last_feature) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING")
        .bind(layer)
        .execute(&mut *tx)
        .await?;
    query("SELECT base, generation, features, last_feature FROM map_layers WHERE layer = $1 /*pg FOR UPDATE*/")
        .bind(layer)
        .fetch_one(tx)
        .await
}

pub async fn keep(tx: &mut Tx, layer: &str, standing: Standing) -> Result<(), Internal> {
    query("UPDATE map_layers SET base = $2, generation = $3, features = $4, last_feature = $5 WHERE layer = $1")
        .bind(layer)
        .bind(standing.base)
        .bind(standing.generation)
        .bind(standing.features)
        .bind(standing.last_feature)
        .execute(tx)
        .await?;
    Ok(())
}
