//! Ô bản đồ: vector tiles of layers, by the addresses that map programs know, with TileJSON that tells of them.
//!
//! A tile is encoded when it is asked for; what costs most, the tiles of low zooms that hold much, is kept under the
//! layer's generation ([`cache`]), so an edit is in the next tile and nothing has to be thrown away in time.

mod cache;
mod grid;
mod matrix_sets;
pub mod part;
pub mod past;
mod show_tile;
mod show_tilejson;
mod tilesets;

use songhan_app::{Access, Route};
use utoipa_axum::routes;

pub fn routes() -> Vec<Route> {
    let all = [
        routes!(show_tile::handler),
        routes!(show_tilejson::handler),
        routes!(matrix_sets::handler),
        routes!(matrix_sets::one_handler),
        routes!(tilesets::list_handler),
        routes!(tilesets::one_handler),
        routes!(tilesets::tile_handler),
    ];
    all.map(|route| Route::api(route, Access::Public)).into()
}

/// Down to this zoom a tile holds much and is asked for often: it is kept, and it may weigh so much at most.
pub const BUDGET_ZOOM: u8 = 10;
pub const BUDGET_BYTES: usize = 500_000;
/// The deepest zoom that is served; programs draw deeper ones from its tiles.
pub const ZOOM_MAX: u8 = 16;
