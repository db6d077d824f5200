//! Real files, where they are at hand.

use std::path::PathBuf;

use geo_types::Geometry;
use songhan_geofiles::{Format, GeometryKind, Options, Value, layers, open, recognise};

use crate::{drain, source};

/// A file of the shared data beside the checkout.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: ../shared/data/{name} is not there");
    None
}

#[test]
fn areas_and_places_of_da_nang() {
    for (name, least, kinds) in [
        ("areas/danang_8districts_pre2025.geojson", 7, [GeometryKind::Polygon, GeometryKind::MultiPolygon]),
        ("areas/danang_city_2025.geojson", 1, [GeometryKind::Polygon, GeometryKind::MultiPolygon]),
        ("places/osm_pois_danang_2018.geojson", 500, [GeometryKind::Point, GeometryKind::Any]),
    ] {
        let Some(path) = shared(name) else { return };
        assert_eq!(recognise(&path), Some(Format::GeoJson));
        let source = source(&path, &Options::default());
        assert!(kinds.contains(&source.kind()), "{name}: {:?}", source.kind());
        let count = source.info().count;
        let (found, troubles, fatal) = drain(source);
        assert_eq!((troubles, fatal), (vec![], None), "{name}");
        assert!(found.len() >= least && Some(found.len() as u64) == count, "{name}: {}", found.len());
    }
}

#[test]
fn units_of_da_nang_as_a_table() {
    let Some(path) = shared("areas/danang_units_2025.csv") else { return };
    assert_eq!(recognise(&path), Some(Format::Csv));
    let (found, troubles, fatal) = drain(source(&path, &Options::default()));
    assert_eq!((troubles, fatal), (vec![], None));
    assert_eq!(found.len(), 94);
}

#[test]
fn layers_of_helsinki() {
    let Some(path) = shared("osm-extracts/Helsinki.osm.pbf") else { return };
    assert_eq!(recognise(&path), Some(Format::OsmPbf));
    for layer in layers(&path, &Options::default()).unwrap() {
        let (found, troubles, fatal) = drain(open(&path, Some(&layer.name), &Options::default()).unwrap());
        println!("{}: {} features, {} troubles", layer.name, found.len(), troubles.len());
        assert_eq!(fatal, None, "{}", layer.name);
        assert!(found.len() > 5 && troubles.len() < found.len() / 2, "{}", layer.name);
        assert!(found.iter().all(|feature| feature.properties.len() == layer.fields.len()), "{}", layer.name);
        if layer.name == "buildings" {
            let holes = |feature: &songhan_geofiles::Feature| match &feature.geometry {
                Some(Geometry::Polygon(polygon)) => polygon.interiors().len(),
                Some(Geometry::MultiPolygon(polygons)) => polygons.0.iter().map(|one| one.interiors().len()).sum(),
                _ => 0,
            };
            assert!(found.iter().any(|feature| holes(feature) > 0), "no courtyard");
            assert!(found.iter().all(|feature| feature.properties[0] == Value::Text("building".into())));
        }
    }
}
