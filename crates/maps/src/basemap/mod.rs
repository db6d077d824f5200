//! Bản đồ nền đóng gói: layers that everyone may read as one PMTiles archive, written by `songhan map pack` and served as
//! one file of which map programs ask for parts. It is a picture of the day when it was packed.

mod archive;
mod pack;
mod range;
mod show_basemap;

use std::path::PathBuf;

use songhan_app::{Access, App, Route};
use utoipa_axum::routes;

pub use archive::Archive;
pub use pack::{Pack, Packed, pack};

const FILE: &str = "basemap.pmtiles";

/// Where the server looks for it: in the data folder.
fn path(app: &App) -> PathBuf {
    app.config.data.join(FILE)
}

pub fn routes() -> Vec<Route> {
    vec![Route::api(routes!(show_basemap::handler), Access::Public)]
}
