//! Lưới ô: the grids on which tiles are served. That of the web is what layers are made ready for; on that of VN-2000, in
//! which surveyors of Da Nang measure, they are put when somebody asks for it, and a few are kept.

use std::sync::{Arc, Mutex, PoisonError};

use geo_types::Coord;
use songhan_app::App;
use songhan_base::Internal;
use songhan_geo::crs::Crs;
use songhan_geo::tile::{PreparedLayer, TileMatrixSet};

use super::{BUDGET_ZOOM, ZOOM_MAX};
use crate::layer::Layer;
use crate::snapshot::Snapshot;

/// VN-2000 / TM-3 107-45, the meridian of Da Nang and the former Quang Nam (EPSG).
const ZONE: u32 = 5899;
/// Layers kept on the grid of VN-2000 or as places of names, and what they may weigh together.
const KEPT_MAX: usize = 24;
const BYTES_MAX: usize = 256 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grid {
    WebMercator,
    Vn2000,
}

impl Grid {
    pub const ALL: [Self; 2] = [Self::WebMercator, Self::Vn2000];

    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grid| grid.set().is_ok_and(|set| set.id() == id))
    }

    pub fn set(self) -> Result<TileMatrixSet, Internal> {
        match self {
            Self::WebMercator => Ok(TileMatrixSet::web_mercator()),
            Self::Vn2000 => {
                let crs = Crs::epsg(ZONE).map_err(Internal::new)?;
                let project = move |lon: f64, lat: f64| {
                    let at = crs.from_wgs84(Coord { x: lon, y: lat }).ok()?;
                    Some([at.x, at.y])
                };
                Ok(TileMatrixSet::vn2000(ZONE, Arc::new(project)))
            }
        }
    }

    /// How many zooms of the web's grid lie before the first of this one: its widest tile is about a tenth as wide.
    const fn ahead(self) -> u8 {
        match self {
            Self::WebMercator => 0,
            Self::Vn2000 => 3,
        }
    }

    /// The deepest zoom that is served; programs draw deeper ones from its tiles.
    pub const fn zoom_max(self) -> u8 {
        ZOOM_MAX - self.ahead()
    }

    pub const fn budget_zoom(self) -> u8 {
        BUDGET_ZOOM - self.ahead()
    }

    /// The first zoom at which a layer shows.
    pub fn zoom_min(self, layer: &Layer) -> u8 {
        layer.style.min_zoom.saturating_sub(self.ahead())
    }
}

/// What is made of a layer's shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drawn {
    Shapes(Grid),
    /// One place in each polygon, for its name, on the web's grid.
    Names,
}

struct Put {
    drawn: Drawn,
    layer: String,
    generation: i64,
    tiles: Arc<PreparedLayer>,
    bytes: usize,
}

#[derive(Default)]
struct Kept {
    /// What was asked for last stands last.
    puts: Mutex<Vec<Put>>,
    /// One is made at a time.
    making: tokio::sync::Mutex<()>,
}

impl Kept {
    fn get(&self, drawn: Drawn, layer: &str, generation: i64) -> Option<Arc<PreparedLayer>> {
        let mut puts = self.puts.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |one: &Put| one.drawn == drawn && one.layer == layer && one.generation == generation;
        let at = puts.iter().position(of)?;
        let one = puts.remove(at);
        let tiles = one.tiles.clone();
        puts.push(one);
        Some(tiles)
    }

    fn put(&self, one: Put) {
        let mut puts = self.puts.lock().unwrap_or_else(PoisonError::into_inner);
        // An older picture of now is of no use to anyone; one of the past may be.
        let other = |other: &Put| other.drawn != one.drawn || other.layer != one.layer;
        puts.retain(|kept| other(kept) || kept.generation < 0 || one.generation < 0);
        puts.push(one);
        while puts.len() > 1 && (puts.len() > KEPT_MAX || puts.iter().map(|one| one.bytes).sum::<usize>() > BYTES_MAX) {
            puts.remove(0);
        }
    }
}

/// The layer's shapes as they are to be drawn.
pub async fn on(app: &App, drawn: Drawn, layer: &Layer, snapshot: &Snapshot) -> Result<Arc<PreparedLayer>, Internal> {
    if drawn == Drawn::Shapes(Grid::WebMercator) {
        return Ok(snapshot.tiles.clone());
    }
    let kept = app.memory.get_or(Kept::default);
    if let Some(tiles) = kept.get(drawn, &layer.code, snapshot.generation) {
        return Ok(tiles);
    }
    let _one = kept.making.lock().await;
    if let Some(tiles) = kept.get(drawn, &layer.code, snapshot.generation) {
        return Ok(tiles);
    }
    let from = snapshot.tiles.clone();
    let made = match drawn {
        Drawn::Shapes(grid) => {
            let set = grid.set()?;
            tokio::task::spawn_blocking(move || from.regridded(set)).await
        }
        Drawn::Names => tokio::task::spawn_blocking(move || from.anchors()).await,
    };
    let tiles = Arc::new(made.map_err(Internal::new)?.map_err(Internal::new)?);
    let bytes = tiles.bytes_held();
    kept.put(Put { drawn, layer: layer.code.clone(), generation: snapshot.generation, tiles: tiles.clone(), bytes });
    Ok(tiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_are_called_as_the_standard_and_the_zone_have_it() {
        assert_eq!(Grid::named("WebMercatorQuad"), Some(Grid::WebMercator));
        assert_eq!(Grid::named("VN2000Quad5899"), Some(Grid::Vn2000));
        assert_eq!(Grid::named("WorldCRS84Quad"), None);
    }

    #[test]
    fn zooms_of_both_grids_show_about_as_much() {
        let (web, vn) = (Grid::WebMercator, Grid::Vn2000);
        let span = |grid: Grid| grid.set().unwrap().tile_span_m(grid.zoom_max());
        let ratio = span(vn) / (span(web) * 16.07_f64.to_radians().cos());
        assert!((0.5..=2.0).contains(&ratio), "{ratio}");
    }
}
