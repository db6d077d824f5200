//! Tile matrix sets (OGC 17-083r4, Two Dimensional Tile Matrix Set 2.0): where a tile lies. Every set here is a quad: one
//! square tile at zoom 0, four times as many at each next. Inside, positions are counted from the top left corner in
//! 2^32 steps a side: snapping to a tile's grid is then a shift, and neighbouring tiles can never disagree.

use serde_json::{Value as Json, json};
use std::{fmt, sync::Arc};

/// From WGS84 longitude and latitude in degrees to a plane in metres, x to the east and y to the north.
pub trait Project: Send + Sync {
    /// `None` where the plane is not defined.
    fn project(&self, lon: f64, lat: f64) -> Option<[f64; 2]>;
}

impl<F: Fn(f64, f64) -> Option<[f64; 2]> + Send + Sync> Project for F {
    fn project(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        self(lon, lat)
    }
}

/// Zooms deeper than this are not served: a tile would be 2 m wide.
pub const ZOOM_MAX: u8 = 24;

const MERCATOR_RADIUS_M: f64 = 6_378_137.0;
/// Where the square of Web Mercator ends.
const MERCATOR_LAT_MAX: f64 = 85.051_128_779_806_6;
/// Metres a pixel at scale 1:1, as OGC defines it (OGC 17-083r4 §6.2).
const PIXEL_M: f64 = 0.000_28;

/// A grid of tiles over a plane. Hệ ô bản đồ.
#[derive(Clone)]
pub struct TileMatrixSet {
    id: String,
    crs: String,
    well_known: Option<&'static str>,
    origin: [f64; 2],
    span_m: f64,
    projection: Arc<dyn Project>,
    /// The way back, from metres to longitude and latitude; a grid of the web has it.
    back: Option<fn([f64; 2]) -> [f64; 2]>,
}

impl fmt::Debug for TileMatrixSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TileMatrixSet").field("id", &self.id).field("crs", &self.crs).finish_non_exhaustive()
    }
}

impl TileMatrixSet {
    /// WebMercatorQuad (OGC 17-083r4 annex D.1). Longitudes and latitudes beyond the square are drawn at its edge.
    pub fn web_mercator() -> Self {
        let half = std::f64::consts::PI * MERCATOR_RADIUS_M;
        Self {
            id: "WebMercatorQuad".to_owned(),
            crs: "http://www.opengis.net/def/crs/EPSG/0/3857".to_owned(),
            well_known: Some("http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"),
            origin: [-half, half],
            span_m: 2.0 * half,
            projection: Arc::new(|lon: f64, lat: f64| Some(mercator(lon, lat))),
            back: Some(from_mercator),
        }
    }

    /// A quad in metres of a VN-2000 zone, whose false easting is 500,000 m. The tile of zoom 0 is 2^22 = 4,194,304 m
    /// wide, so that edges of tiles are whole metres down to zoom 22 and all of Vietnam lies inside from any meridian,
    /// with Hoàng Sa and Trường Sa. Lưới ô theo hệ tọa độ VN-2000.
    pub fn vn2000(epsg: u32, projection: Arc<dyn Project>) -> Self {
        let span_m = 4_194_304.0;
        Self {
            id: format!("VN2000Quad{epsg}"),
            crs: format!("http://www.opengis.net/def/crs/EPSG/0/{epsg}"),
            well_known: None,
            origin: [500_000.0 - span_m / 2.0, span_m],
            span_m,
            projection,
            back: None,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// The plane's reference system as an OGC URI.
    pub fn crs(&self) -> &str {
        &self.crs
    }

    /// Metres a side of a tile at zoom `z`.
    pub fn tile_span_m(&self, z: u8) -> f64 {
        self.span_m / f64::from(z).exp2()
    }

    /// A tile's bounds in the plane: min x, min y, max x, max y; `None` outside the set.
    pub fn tile_bounds_m(&self, z: u8, x: u32, y: u32) -> Option<[f64; 4]> {
        holds(z, x, y).then(|| {
            let side = self.tile_span_m(z);
            let (left, top) = (self.origin[0] + f64::from(x) * side, self.origin[1] - f64::from(y) * side);
            [left, top - side, left + side, top]
        })
    }

    /// The tile in which a place lies; `None` where the plane is not defined.
    pub fn tile_at(&self, lon: f64, lat: f64, z: u8) -> Option<(u32, u32)> {
        let shift = 32_u32.checked_sub(u32::from(z)).filter(|_| z <= ZOOM_MAX)?;
        let [x, y] = self.place(lon, lat)?;
        Some(((u64::from(x) >> shift) as u32, (u64::from(y) >> shift) as u32))
    }

    /// Steps from the top left corner, 2^32 a side; beyond the square they stay at its edge.
    pub(super) fn place(&self, lon: f64, lat: f64) -> Option<[u32; 2]> {
        if !(lon.is_finite() && lat.is_finite()) {
            return None;
        }
        let [x, y] = self.projection.project(lon, lat).filter(|p| p[0].is_finite() && p[1].is_finite())?;
        let step = 4_294_967_296.0 / self.span_m;
        // `as` holds at 0 and u32::MAX, which is the edge.
        Some([((x - self.origin[0]) * step).round() as u32, ((self.origin[1] - y) * step).round() as u32])
    }

    /// The way back from such steps to longitude and latitude; `None` of a grid that has none.
    pub(super) fn way_back(&self) -> Option<impl Fn([u32; 2]) -> [f64; 2] + use<>> {
        let (back, origin, step) = (self.back?, self.origin, self.span_m / 4_294_967_296.0);
        Some(move |p: [u32; 2]| {
            back([f64::from(p[0]).mul_add(step, origin[0]), f64::from(p[1]).mul_add(-step, origin[1])])
        })
    }

    /// The definition as JSON (OGC 17-083r4 §6.2 and annex B), zooms 0 to `zoom_max`.
    pub fn definition(&self, zoom_max: u8) -> Json {
        let matrices: Vec<Json> = (0..=zoom_max.min(ZOOM_MAX))
            .map(|z| {
                let cell = self.tile_span_m(z) / 256.0;
                json!({
                    "id": z.to_string(), "scaleDenominator": cell / PIXEL_M, "cellSize": cell,
                    "cornerOfOrigin": "topLeft", "pointOfOrigin": self.origin,
                    "tileWidth": 256, "tileHeight": 256, "matrixWidth": 1_u32 << z, "matrixHeight": 1_u32 << z,
                })
            })
            .collect();
        let mut set = json!({ "id": self.id, "crs": self.crs, "orderedAxes": ["E", "N"], "tileMatrices": matrices });
        if let Some(uri) = self.well_known {
            set["wellKnownScaleSet"] = json!(uri);
            set["orderedAxes"] = json!(["X", "Y"]);
        }
        set
    }
}

/// Whether a tile address lies in a quad.
pub(super) fn holds(z: u8, x: u32, y: u32) -> bool {
    z <= ZOOM_MAX && x < 1 << z && y < 1 << z
}

/// EPSG 1024, Popular Visualisation Pseudo Mercator (IOGP 373-7-2 §3.2.1.2).
fn mercator(lon: f64, lat: f64) -> [f64; 2] {
    let lon = lon.clamp(-180.0, 180.0).to_radians();
    let sin = lat.clamp(-MERCATOR_LAT_MAX, MERCATOR_LAT_MAX).to_radians().sin();
    [MERCATOR_RADIUS_M * lon, MERCATOR_RADIUS_M * sin.atanh()]
}

fn from_mercator([x, y]: [f64; 2]) -> [f64; 2] {
    [(x / MERCATOR_RADIUS_M).to_degrees(), (y / MERCATOR_RADIUS_M).sinh().atan().to_degrees()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_the_way_there() {
        let set = TileMatrixSet::web_mercator();
        let back = set.way_back().unwrap();
        for (lon, lat) in [(108.2208, 16.0678), (-179.9, -84.9), (0.0, 0.0), (114.3, 8.6)] {
            let [lon_back, lat_back] = back(set.place(lon, lat).unwrap());
            assert!((lon - lon_back).abs() < 1e-7 && (lat - lat_back).abs() < 1e-7, "{lon_back} {lat_back}");
        }
    }

    #[test]
    fn mercator_places_da_nang() {
        let set = TileMatrixSet::web_mercator();
        // pyproj 3.7.2 (PROJ 9.5.1): Transformer.from_crs(4326, 3857, always_xy=True).transform(108.2208, 16.0678)
        let [x, y] = mercator(108.2208, 16.0678);
        assert!((x - 12_047_084.349_240_7).abs() < 1e-3, "{x}");
        assert!((y - 1_812_575.720_394_9).abs() < 1e-3, "{y}");
        assert_eq!(set.tile_at(108.2208, 16.0678, 14), Some((13117, 7450)));
    }

    #[test]
    fn beyond_the_square_is_its_edge() {
        let set = TileMatrixSet::web_mercator();
        assert_eq!(set.place(-200.0, 90.0), Some([0, 0]));
        assert_eq!(set.place(180.0, -90.0), Some([u32::MAX, u32::MAX]));
        assert_eq!(set.place(f64::NAN, 0.0), None);
        assert_eq!(set.tile_at(180.0, 0.0, 3), Some((7, 4)));
    }

    #[test]
    fn the_quad_is_the_one_of_the_standard() {
        let json = TileMatrixSet::web_mercator().definition(24);
        let first = &json["tileMatrices"][0];
        // OGC 17-083r4 annex D.1.
        assert!((first["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717).abs() < 1e-3);
        assert!((first["cellSize"].as_f64().unwrap() - 156_543.033_928_041).abs() < 1e-6);
        assert_eq!(json["tileMatrices"][24]["matrixWidth"], 16_777_216);
    }

    #[test]
    fn vn2000_tiles_have_whole_metres() {
        let plane = |lon: f64, lat: f64| Some([500_000.0 + (lon - 107.75) * 1e5, lat * 1e5]);
        let set = TileMatrixSet::vn2000(5899, Arc::new(plane));
        assert_eq!(set.id(), "VN2000Quad5899");
        assert_eq!(set.tile_bounds_m(22, 0, 0), Some([-1_597_152.0, 4_194_303.0, -1_597_151.0, 4_194_304.0]));
        let (x, y) = set.tile_at(108.22, 16.06, 18).unwrap();
        let [west, south, east, north] = set.tile_bounds_m(18, x, y).unwrap();
        assert!(west <= 547_000.0 && 547_000.0 < east && south < 1_606_000.0 && 1_606_000.0 <= north);
        assert_eq!(set.tile_bounds_m(3, 8, 0), None);
    }
}
