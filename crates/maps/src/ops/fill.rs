//! Fills layers for the first time with the files that the city's folder names for them.

use songhan_app::Cx;
use songhan_base::Internal;

use super::import_layer::{Import, Rejection, import_layer};
use crate::layer::{Layer, Layers};
use crate::store::layers;

pub async fn fill(cx: &Cx) -> Result<(), Internal> {
    for layer in cx.city.get::<Layers>().iter() {
        let Some(data) = &layer.data else { continue };
        if layers::standing(&cx.db, &layer.code).await?.is_some_and(|standing| standing.base.is_some()) {
            continue;
        }
        match one(cx, layer, data).await {
            Ok(()) => {}
            Err(Rejection::Internal(error)) => return Err(error),
            Err(refused) => {
                tracing::error!(%refused, layer = layer.code, "the layer cannot be filled from the city's folder");
            }
        }
    }
    Ok(())
}

async fn one(cx: &Cx, layer: &Layer, data: &str) -> Result<(), Rejection> {
    let bytes = cx.city.folder().bytes(data).ok_or_else(|| Internal::new(format!("the folder has no {data}")))?;
    let name = data.rsplit('/').next().unwrap_or(data);
    let folder = tempfile::tempdir().map_err(Internal::new)?;
    let path = folder.path().join(name);
    tokio::fs::write(&path, bytes).await.map_err(Internal::new)?;
    let import = Import { layer, path: &path, file: data, file_layer: None, crs: None, reason: "the city's folder" };
    let done = import_layer(cx, import, |_| {}).await?;
    tracing::info!(layer = layer.code, features = done.counts.kept, refused = done.counts.refused, "filled a layer");
    Ok(())
}
