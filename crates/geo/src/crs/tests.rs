//! Against PROJ: the vector of the facts page, 10,000 places, measures.

use super::*;
use geo::MapCoords;
use geo_types::{Coord, Geometry, Rect, coord, polygon};

/// Made by `tests/crs/vn2000_proj.py`; its head says what a row means.
const PROJ: &str = include_str!("../../tests/crs/vn2000_proj.csv");

fn da_nang() -> Crs {
    Crs::epsg(5899).unwrap()
}

fn close(a: Coord<f64>, b: Coord<f64>, by: f64) -> bool {
    (a.x - b.x).hypot(a.y - b.y) <= by
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[test]
fn the_vector_of_the_facts_page_holds_to_a_millimetre() {
    let (place, plane) = (coord! { x: 108.2208, y: 16.0678 }, coord! { x: 550_175.080_3, y: 1_777_138.321 });
    assert!(close(da_nang().from_wgs84(place).unwrap(), plane, 0.001));
    // PROJ: 108.22080000201562 16.06779999850245; the height is dropped both ways.
    let back = coord! { x: 108.220_800_002_015_62, y: 16.067_799_998_502_45 };
    assert!(close(da_nang().to_wgs84(plane).unwrap(), back, 1e-11));
    let degrees = Crs::VN2000.from_wgs84(place).unwrap();
    assert!(close(degrees, coord! { x: 108.218_978_629_680_68, y: 16.068_823_786_839_587 }, 1e-11));
}

#[test]
fn ten_thousand_places_in_all_zones_agree_with_proj_to_a_millimetre() {
    let zones: Vec<Crs> = Crs::vn2000_zones().collect();
    let (mut seed, mut rows, mut there_max, mut back_max, mut round_max) = (9, 0, 0.0f64, 0.0f64, 0.0f64);
    for line in PROJ.lines().filter(|line| !line.starts_with('#')) {
        let row: Vec<f64> = line.split(',').map(|figure| figure.parse().unwrap()).collect();
        let mut degrees = |from: f64, width: u64| from + (splitmix(&mut seed) % (width * 1_000_000_000)) as f64 / 1e9;
        let (lon, lat) = (degrees(101.0, 17), degrees(6.0, 18));
        let (place, crs) = (coord! { x: lon, y: lat }, zones[rows % zones.len()]);
        let plane = coord! { x: row[0] / 1e4, y: row[1] / 1e4 };
        let metres = |a: Coord<f64>, b: Coord<f64>| (a.x - b.x).hypot(a.y - b.y) * 111_320.0;
        let there = crs.from_wgs84(place).unwrap();
        there_max = there_max.max((there.x - plane.x).hypot(there.y - plane.y));
        let back = crs.to_wgs84(plane).unwrap();
        back_max = back_max.max(metres(back, coord! { x: lon + row[2] * 1e-12, y: lat + row[3] * 1e-12 }));
        round_max = round_max.max(metres(crs.to_wgs84(there).unwrap(), place));
        rows += 1;
    }
    assert_eq!(rows, 10_000);
    assert!(there_max < 0.000_1, "there: {there_max} m");
    assert!(back_max < 0.000_001, "back: {back_max} m");
    assert!(round_max < 0.001_8, "there and back: {round_max} m");
}

#[test]
fn other_systems_agree_with_proj() {
    for (code, place, plane) in [
        (32648, (108.2208, 16.0678), (844_636.769_3, 1_779_118.111_9)),
        (32748, (108.2208, 16.0678), (844_636.769_3, 11_779_118.111_9)),
        (32601, (179.5, 10.25), (116_487.577_4, 1_135_139.896_2)),
        (32660, (179.5, 10.25), (773_858.702_8, 1_134_117.237_7)),
        (3857, (108.2208, 16.0678), (12_047_084.349_2, 1_812_575.720_4)),
    ] {
        let crs = Crs::epsg(code).unwrap();
        let there = crs.from_wgs84(place.into()).unwrap();
        assert!(close(there, plane.into(), 0.000_1), "{crs}: {there:?}");
        assert!(close(crs.to_wgs84(there).unwrap(), place.into(), 1e-9), "{crs}");
    }
}

#[test]
fn every_system_is_read_back_from_each_of_its_names() {
    let all: Vec<Crs> = Crs::all().collect();
    assert_eq!(all.len(), 144);
    for crs in all {
        let text = crs.to_string();
        let (authority, code) = text.split_once(':').unwrap();
        for name in [
            text.clone(),
            text.to_lowercase(),
            format!("[{text}]"),
            crs.uri(),
            format!("<{}>", crs.uri()),
            crs.uri().replace("http:", "https:"),
            format!("urn:ogc:def:crs:{authority}::{code}"),
            format!("urn:ogc:def:crs:{authority}:1.3:{code}"),
        ] {
            assert_eq!(name.parse(), Ok(crs), "{name}");
        }
        assert!(!crs.name_vi().is_empty() && !crs.name_en().is_empty());
        assert!(crs.wkt().contains(crs.code().map_or("CRS84".to_owned(), |code| code.to_string()).as_str()));
        let json = serde_json::to_string(&crs).unwrap();
        assert_eq!(serde_json::from_str::<Crs>(&json).unwrap(), crs);
    }
    assert_eq!("CRS84".parse(), Ok(Crs::CRS84));
    assert_eq!(da_nang().name_en(), "VN-2000 / TM-3 107-45");
    assert_eq!(da_nang().name_vi(), "VN-2000, múi chiếu 3°, kinh tuyến trục 107°45′");
    assert_eq!(Crs::epsg(3406).unwrap().name_en(), "VN-2000 / UTM zone 49N");
}

#[test]
fn what_is_no_system_of_ours_is_refused() {
    assert_eq!(Crs::epsg(6959), Err(CrsError::Withdrawn { given: 6959, instead: 5899 }));
    let long = "a".repeat(10_000);
    for name in [
        "",
        "EPSG",
        "EPSG:",
        "EPSG:0",
        "EPSG:99999999999",
        "EPSG:-1",
        "EPSG:+4326",
        "EPSG:32661",
        "EPSG:32600",
        "ESRI:4326",
        "[EPSG:4326",
        "OGC:CRS85",
        "urn:ogc:def:crs:EPSG:4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326/1",
        "5899",
        "http://example.vn/def/crs/EPSG/0/4326",
        "\u{1f30f}",
        &long,
    ] {
        assert!(matches!(name.parse::<Crs>(), Err(CrsError::Unknown { .. })), "{name}");
    }
}

#[test]
fn axes_are_those_of_the_registry() {
    let swapped: Vec<u32> =
        Crs::all().filter(|crs| crs.axis_order() == AxisOrder::NorthEast).filter_map(Crs::code).collect();
    assert_eq!(swapped, [4326, 4756]);
}

#[test]
fn a_zone_is_found_by_its_meridian() {
    assert_eq!(Crs::vn2000_tm3(107.75), Some(da_nang()));
    assert_eq!(Crs::vn2000_tm3(105.0).and_then(Crs::code), Some(5897));
    assert_eq!(Crs::vn2000_tm3(111.0), None);
    assert_eq!(Crs::vn2000_tm3(f64::NAN), None);
    assert_eq!(da_nang().central_meridian(), Some(107.75));
}

#[test]
fn nothing_that_goes_in_comes_out_as_no_number() {
    let values = [
        0.0,
        -0.0,
        1e-300,
        16.0,
        85.05,
        85.06,
        85.07,
        90.0,
        90.1,
        108.0,
        180.0,
        -180.0,
        180.1,
        5e5,
        -5e5,
        1.77e6,
        9.4e6,
        1e7,
        2e7,
        2.1e7,
        -9.4e6,
        -2e7,
        1e18,
        f64::MAX,
        f64::MIN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    let some = |crs: &Crs| !matches!(crs.0, Kind::Utm { zone: 2..=59, .. });
    for crs in Crs::all().filter(some) {
        for (x, y) in values.iter().flat_map(|x| values.iter().map(move |y| (*x, *y))) {
            let at = coord! { x: x, y: y };
            let finite = |at: Coord<f64>| at.x.is_finite() && at.y.is_finite();
            assert!(crs.from_wgs84(at).map_or_else(|error| !error.to_string().is_empty(), finite), "{crs} {at:?}");
            assert!(crs.to_wgs84(at).map_or_else(|error| !error.to_string().is_empty(), finite), "{crs} {at:?}");
            let [a, b] = Mercator::forward(x, y);
            assert!(a.is_finite() && b.is_finite() || x.is_nan() || y.is_nan());
            if let Ok(bounds) = crs.bounds_to_wgs84(Rect::new(coord! { x: 0.0, y: 0.0 }, at)) {
                assert!(bounds.min().x >= -180.0 && bounds.max().x <= 180.0, "{crs} {bounds:?}");
                assert!(bounds.min().y >= -90.0 && bounds.max().y <= 90.0, "{crs} {bounds:?}");
            }
        }
    }
    assert!(da_nang().from_wgs84(coord! { x: 16.0, y: 108.0 }).unwrap_err().to_string().contains("order of the axes"));
}

#[test]
fn bounds_take_in_what_bends() {
    let bounds = da_nang().bounds_to_wgs84(Rect::new((300_000.0, 1_700_000.0), (700_000.0, 1_800_000.0))).unwrap();
    // PROJ, 2,001 points an edge.
    assert!(close(bounds.min(), coord! { x: 105.880_855_712_9, y: 15.363_343_090_1 }, 1e-8), "{bounds:?}");
    assert!(close(bounds.max(), coord! { x: 109.622_792_118_1, y: 16.274_931_766_6 }, 1e-8), "{bounds:?}");
    let world = da_nang().bounds_to_wgs84(Rect::new((-1e12, -1e12), (1e12, 1e12))).unwrap();
    assert_eq!((world.min().x, world.max().x), (89.75, 125.75));
    assert!(da_nang().bounds_to_wgs84(Rect::new((1e8, 0.0), (1e9, 1.0))).is_err());
    assert!(Crs::CRS84.bounds_to_wgs84(Rect::new((f64::NAN, 0.0), (1.0, 1.0))).is_err());
}

#[test]
fn bounds_at_the_antimeridian_leave_nothing_out() {
    let rect = Rect::new((100_000.0, 1_000_000.0), (900_000.0, 1_200_000.0));
    for code in [32601, 32660] {
        // PROJ for 32601: 179.342827 9.028523 to -173.342827 10.855481, the west being east of the east.
        let bounds = Crs::epsg(code).unwrap().bounds_to_wgs84(rect).unwrap();
        assert!(close(bounds.min(), coord! { x: -180.0, y: 9.028_523_410_5 }, 1e-8), "{code} {bounds:?}");
        assert!(close(bounds.max(), coord! { x: 180.0, y: 10.855_481_221_6 }, 1e-8), "{code} {bounds:?}");
    }
    // Wholly on one side, it is no wider than it must be.
    let near = Rect::new((500_000.0, 1_000_000.0), (600_000.0, 1_200_000.0));
    let bounds = Crs::epsg(32601).unwrap().bounds_to_wgs84(near).unwrap();
    assert!((bounds.min().x + 177.0).abs() < 1e-9 && bounds.max().x < -176.0, "{bounds:?}");
    let world = Crs::VN2000.bounds_to_wgs84(Rect::new((-180.0, -90.0), (180.0, 90.0))).unwrap();
    assert!(world.min().x < -179.999 && world.max().x > 179.999, "{world:?}");
}

#[test]
fn what_a_zone_gives_it_takes_back() {
    for crs in Crs::all().filter(|crs| crs.zone().is_some()) {
        let meridian = crs.central_meridian().unwrap();
        let lats = if crs.is_vn2000() { [3.0, 8.0, 16.0, 24.0, 27.0] } else { [-80.0, -40.0, 0.0, 40.0, 84.0] };
        for (away, lat) in (-18..=18).flat_map(|away| lats.map(|lat| (f64::from(away), lat))) {
            let lon = (meridian + away + 540.0).rem_euclid(360.0) - 180.0;
            let own = crs.from_wgs84(coord! { x: lon, y: lat }).unwrap();
            // A hair inside: at the very edge the last digit decides.
            if away.abs() < 18.0 && ![-80.0, 3.0, 27.0, 84.0].contains(&lat) {
                let back = crs.to_wgs84(own).unwrap();
                let turn = (back.x - lon).abs();
                assert!(turn.min(360.0 - turn) < 1e-7 && (back.y - lat).abs() < 1e-7, "{crs} {lon} {lat}: {back:?}");
            }
            assert!(crs.check_own(own).is_ok(), "{crs} {lon} {lat}: {own:?}");
        }
    }
}

#[test]
#[expect(clippy::float_cmp, reason = "the edge itself")]
fn mercator_stays_in_its_square() {
    let [x, y] = Mercator::forward(108.2208, 16.0678);
    assert!(close(coord! { x: x, y: y }, coord! { x: 12_047_084.349_2, y: 1_812_575.720_4 }, 0.000_1));
    let [lon, lat] = Mercator::inverse(x, y);
    assert!(close(coord! { x: lon, y: lat }, coord! { x: 108.2208, y: 16.0678 }, 1e-12));
    assert_eq!(Mercator::forward(200.0, 90.0), [Mercator::EXTENT_M, Mercator::EXTENT_M]);
    assert_eq!(Mercator::forward(-200.0, -1e9), [-Mercator::EXTENT_M, -Mercator::EXTENT_M]);
    assert!((Mercator::inverse(0.0, 1e12)[1] - Mercator::LAT_MAX).abs() < 1e-9);
}

#[test]
fn measures_agree_with_proj() {
    let parcel = polygon!(
        exterior: [(x: 108.20, y: 16.05), (x: 108.25, y: 16.05), (x: 108.25, y: 16.08), (x: 108.20, y: 16.08)],
        interiors: [[(x: 108.21, y: 16.06), (x: 108.22, y: 16.06), (x: 108.22, y: 16.07), (x: 108.21, y: 16.07)]],
    );
    let shape = Geometry::from(parcel);
    let near = |a: f64, b: f64, by: f64| assert!((a - b).abs() < by, "{a} is not {b}");
    near(area_m2(&shape).unwrap(), 17_760_780.162_0 - 1_184_051.966_6, 0.001);
    near(length_m(&shape).unwrap(), 17_339.532_5 + 4_353.181_4, 0.001);
    near(plane_area_m2(&shape, da_nang()).unwrap(), 16_574_420.006, 0.01);
    let way = Geometry::from(geo_types::LineString::from(vec![
        (108.2208, 16.0678),
        (105.8342, 21.0278),
        (106.6602, 10.7626),
    ]));
    near(length_m(&way).unwrap(), 1_743_396.865_1, 0.001);
    near(area_m2(&way).unwrap(), 0.0, f64::MIN_POSITIVE);
    assert!(matches!(plane_area_m2(&shape, Crs::VN2000), Err(CrsError::NotPlane { .. })));
    let broken = shape.map_coords(|at| coord! { x: at.x, y: f64::NAN });
    assert!(area_m2(&broken).is_err() && length_m(&broken).is_err() && plane_area_m2(&broken, da_nang()).is_err());
    let mut deep = shape;
    for _ in 0..40 {
        deep = Geometry::GeometryCollection(vec![deep].into());
    }
    assert!(matches!(area_m2(&deep), Err(CrsError::TooDeep { .. })));
    assert!(matches!(da_nang().geometry_from_wgs84(&deep), Err(CrsError::TooDeep { .. })));
}
