//! Every format that is written keeps every feature and attribute, but for what it says it lost.

use geo_types::{Geometry, MultiLineString, MultiPolygon};
use songhan_geofiles::{
    Feature, Field, FieldKind, Format, GeometryKind, Id, LossKind, Options, Sink, Srs, Value, layers, recognise,
};

use crate::features::{fields, make};
use crate::{drain, source, write};

const KINDS: [GeometryKind; 6] = [
    GeometryKind::Point,
    GeometryKind::MultiPoint,
    GeometryKind::Line,
    GeometryKind::MultiLine,
    GeometryKind::Polygon,
    GeometryKind::MultiPolygon,
];

/// What a format makes of a kind of field, and says so as a loss.
fn kept(format: Format, kind: FieldKind) -> FieldKind {
    match (format, kind) {
        (Format::GeoJson | Format::GeoJsonSeq, kind) => kind,
        (Format::FlatGeobuf, FieldKind::Json) => FieldKind::Json,
        (_, FieldKind::Json) => FieldKind::Text,
        (Format::FlatGeobuf, FieldKind::Date) => FieldKind::Text,
        (Format::Shapefile, FieldKind::Timestamp) => FieldKind::Text,
        (_, kind) => kind,
    }
}

fn expected(format: Format, feature: &Feature, fields: &[Field]) -> Vec<Value> {
    let value = |(value, field): (&Value, &Field)| value.clone().fit(kept(format, field.kind)).unwrap();
    feature.properties.iter().zip(fields).map(value).collect()
}

/// A whole of one part and the part are one shape to many formats.
fn single(geometry: &Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::MultiLineString(MultiLineString(lines)) if lines.len() == 1 => lines[0].clone().into(),
        Geometry::MultiPolygon(MultiPolygon(polygons)) if polygons.len() == 1 => polygons[0].clone().into(),
        other => other.clone(),
    }
}

fn number(feature: &Feature) -> i64 {
    match feature.properties[0] {
        Value::Int(number) => number,
        ref other => panic!("{other:?} is no number"),
    }
}

fn check(format: Format, kind: GeometryKind, nulls: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("lop.{}", format.extension()));
    let (fields, count) = (fields(), 60);
    let wanted = make(count, kind, &fields, nulls);
    let losses = write(&path, format, &fields, kind, &wanted);
    assert_eq!(recognise(&path), Some(format), "{format} {kind:?}");
    let source = source(&path, &Options::default());
    let names: Vec<String> = source.fields().iter().map(|field| field.name.clone()).collect();
    let found_fields = source.fields().to_vec();
    let (mut found, troubles, fatal) = drain(source);
    assert_eq!((troubles, fatal), (vec![], None), "{format} {kind:?}");
    found.sort_by_key(number);
    assert_eq!(found.len(), count, "{format} {kind:?}");
    for (found, wanted) in found.iter().zip(&wanted) {
        let shape = |feature: &Feature| feature.geometry.as_ref().map(single);
        assert_eq!(shape(found), shape(wanted), "{format} {kind:?}");
        assert_eq!(found.properties, expected(format, wanted, &fields), "{format} {kind:?}");
    }
    for (field, found) in fields.iter().zip(&found_fields) {
        assert_eq!(found.kind, kept(format, field.kind), "{format} {kind:?} {}", field.name);
    }
    for (field, name) in fields.iter().zip(&names).filter(|(field, name)| field.name != **name) {
        let told = losses.iter().any(|loss| loss.kind == LossKind::FieldName && loss.to_string().contains(&field.name));
        assert!(told, "{format}: {} became {name}", field.name);
    }
}

#[test]
fn every_kind_of_shape_in_every_format() {
    for format in Format::ALL.into_iter().filter(|format| format.is_written() && *format != Format::Gpx) {
        for kind in KINDS {
            check(format, kind, true);
        }
    }
}

#[test]
fn mixed_shapes_where_a_format_holds_them() {
    for format in [
        Format::GeoJson,
        Format::GeoJsonSeq,
        Format::GeoPackage,
        Format::FlatGeobuf,
        Format::Csv,
        Format::Kml,
        Format::Kmz,
    ] {
        check(format, GeometryKind::Any, true);
        check(format, GeometryKind::Collection, true);
    }
}

#[test]
fn tables_without_shapes() {
    for format in [Format::GeoJson, Format::GeoPackage, Format::Shapefile, Format::FlatGeobuf, Format::Csv, Format::Kml]
    {
        check(format, GeometryKind::None, false);
    }
}

#[test]
fn points_and_lines_in_gpx() {
    for kind in [GeometryKind::Point, GeometryKind::Line, GeometryKind::MultiLine] {
        check(Format::Gpx, kind, false);
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = Sink::create(&folder.path().join("a.gpx"), Format::Gpx, &[], &Srs::wgs84(), GeometryKind::Polygon);
    assert!(refused.is_err_and(|error| error.to_string().contains("choose another format")));
}

#[test]
fn a_shapefile_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dat");
    let fields = fields();
    let wanted = make(20, GeometryKind::Polygon, &fields, true);
    write(&path, Format::Shapefile, &fields, GeometryKind::Polygon, &wanted);
    for place in [path.clone(), path.join("lop.shp")] {
        assert_eq!(recognise(&place), Some(Format::Shapefile));
        let layers = layers(&place, &Options::default()).unwrap();
        assert_eq!((layers[0].name.as_str(), layers[0].count), ("lop", Some(20)));
        assert_eq!(layers[0].srs.epsg, Some(4326));
        assert_eq!(drain(source(&place, &Options::default())).0.len(), 20);
    }
}

#[test]
fn ids_are_kept_where_a_format_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let fields = [Field::new("a", FieldKind::Int)];
    let feature = |id| Feature { id: Some(id), geometry: None, properties: vec![Value::Int(1)] };
    let wanted = [feature(Id::Int(7)), feature(Id::Int(-2))];
    for format in [Format::GeoJson, Format::GeoJsonSeq, Format::GeoPackage] {
        let path = folder.path().join(format.extension());
        let path = path.with_extension(format.extension());
        assert_eq!(write(&path, format, &fields, GeometryKind::Point, &wanted), [], "{format}");
        let mut ids: Vec<_> = drain(source(&path, &Options::default())).0.into_iter().map(|found| found.id).collect();
        ids.sort_by_key(|id| format!("{id:?}"));
        assert_eq!(ids, [Some(Id::Int(-2)), Some(Id::Int(7))], "{format}");
    }
    let path = folder.path().join("x.gpkg");
    let losses =
        write(&path, Format::GeoPackage, &fields, GeometryKind::Point, &[wanted[0].clone(), wanted[0].clone()]);
    assert_eq!((losses[0].kind, losses[0].count), (LossKind::Id, 1), "the same id twice");
    assert_eq!(drain(source(&path, &Options::default())).0.len(), 2);
}

#[test]
fn reference_systems_travel() {
    let folder = tempfile::tempdir().unwrap();
    let srs = Srs { epsg: Some(5899), name: Some("VN-2000 / TM-3 107-45".into()), wkt: None };
    for format in [Format::GeoJson, Format::GeoPackage, Format::FlatGeobuf] {
        let path = folder.path().join(format!("a.{}", format.extension()));
        let sink = Sink::create(&path, format, &[], &srs, GeometryKind::Point).unwrap();
        assert_eq!(sink.finish().unwrap(), [], "{format}");
        assert_eq!(source(&path, &Options::default()).srs().epsg, Some(5899), "{format}");
    }
    for format in [Format::Shapefile, Format::Csv] {
        let path = folder.path().join(format!("a.{}", format.extension()));
        let sink = Sink::create(&path, format, &[], &srs, GeometryKind::Point).unwrap();
        assert!(sink.finish().unwrap().iter().any(|loss| loss.kind == LossKind::Srs), "{format}");
    }
    for format in [Format::Kml, Format::Gpx] {
        let path = folder.path().join("a");
        assert!(Sink::create(&path, format, &[], &srs, GeometryKind::Point).is_err(), "{format}");
    }
}

#[test]
fn the_limits_of_a_shapefile_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let fields = [
        Field::new("loai_dat_hien_trang", FieldKind::Text),
        Field::new("loai_dat_quy_hoach", FieldKind::Text),
        Field::new("luc", FieldKind::Timestamp),
    ];
    let long = "Đ".repeat(200);
    let feature = Feature {
        id: Some(Id::Int(1)),
        geometry: None,
        properties: vec![Value::Text(long), Value::Text(String::new()), Value::Timestamp(jiff::Timestamp::UNIX_EPOCH)],
    };
    let losses = write(&path, Format::Shapefile, &fields, GeometryKind::Point, &[feature]);
    let said: Vec<String> = losses.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    field renamed: loai_dat_hien_trang → loai_dat_h (1)
    field renamed: loai_dat_quy_hoach → loai_dat_q (1)
    ids left out (1)
    texts cut: loai_dat_hien_trang (1)
    empty texts became null: loai_dat_quy_hoach (1)
    values kept as text: luc (1)
    ");
    let found = drain(source(&path, &Options::default())).0;
    assert_eq!(found[0].properties[0], Value::Text("Đ".repeat(127)));
}
