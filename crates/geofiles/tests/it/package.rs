//! GeoPackages that other programs, or nobody good, made.

use std::path::PathBuf;

use geo_types::Point;
use rusqlite::Connection;
use songhan_geofiles::{
    Feature, Field, FieldKind, Format, GeometryKind, Limits, LossKind, Options, Value, layers, open,
};
use tempfile::TempDir;

use crate::{drain, source, write};

/// A package of three points, opened to be changed.
fn package() -> (TempDir, PathBuf, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b%c.gpkg");
    let fields = [Field::new("a", FieldKind::Int), Field::new("t", FieldKind::Text)];
    let features: Vec<Feature> = (0..3)
        .map(|number| Feature {
            id: None,
            geometry: Some(Point::new(108.0, f64::from(number)).into()),
            properties: vec![Value::Int(number.into()), Value::Text("x".into())],
        })
        .collect();
    write(&path, Format::GeoPackage, &fields, GeometryKind::Point, &features);
    let db = Connection::open(&path).unwrap();
    (folder, path, db)
}

#[test]
fn views_and_virtual_tables_are_no_layers() {
    let (_folder, path, db) = package();
    db.execute_batch(
        "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid FROM n;
        CREATE VIRTUAL TABLE vt USING rtree(id, a, b);
        INSERT INTO gpkg_contents (table_name, data_type) VALUES ('endless', 'features'), ('vt', 'features');",
    )
    .unwrap();
    drop(db);
    let names: Vec<String> = layers(&path, &Options::default()).unwrap().into_iter().map(|layer| layer.name).collect();
    assert_eq!(names, ["lop"]);
    assert!(open(&path, Some("endless"), &Options::default()).is_err());
}

#[test]
fn contents_that_are_a_view_are_refused() {
    let (_folder, path, db) = package();
    db.execute_batch(
        "PRAGMA foreign_keys = OFF; ALTER TABLE gpkg_contents RENAME TO c;
        CREATE VIEW gpkg_contents AS SELECT * FROM c",
    )
    .unwrap();
    drop(db);
    let error = layers(&path, &Options::default()).unwrap_err().to_string();
    assert!(error.contains("no table gpkg_contents"), "{error}");
}

#[test]
fn values_that_are_not_what_their_column_says() {
    let (_folder, path, db) = package();
    db.execute_batch(
        "UPDATE lop SET a = 'mười' WHERE fid = 1; UPDATE lop SET a = 7.0, t = x'00ff' WHERE fid = 2;
        UPDATE lop SET geom = x'00' WHERE fid = 3;
        INSERT INTO lop (geom, a) VALUES (NULL, NULL), (x'4750001100000000', 1);",
    )
    .unwrap();
    drop(db);
    let mut reading = source(&path, &Options::default());
    let rows: Vec<_> = reading.by_ref().collect();
    let value = |row: usize, column: usize| rows[row].as_ref().unwrap().properties[column].clone();
    assert_eq!((value(0, 0), value(1, 0)), (Value::Text("mười".into()), Value::Int(7)));
    assert_eq!(value(1, 1), Value::Text("00ff".into()));
    assert_eq!(
        rows[2].as_ref().unwrap_err().to_string(),
        "feature 3 (id 3): its shape cannot be read: it ends too early"
    );
    assert!(rows[3].as_ref().unwrap().geometry.is_none());
    assert!(rows[4].is_err());
    let kinds: Vec<_> = reading.losses().iter().map(|loss| loss.kind).collect();
    assert_eq!(kinds, [LossKind::Mismatch, LossKind::Binary]);
}

#[test]
fn long_values_and_odd_names() {
    let (_folder, path, db) = package();
    db.execute_batch(
        "ALTER TABLE lop ADD COLUMN \"một \"\"hai\"\"\" TEXT; UPDATE lop SET t = printf('%.*c', 3000000, 'x') WHERE fid = 2;
        CREATE TABLE \"x; DROP TABLE lop\" (b DATETIME, c DATE, d BOOLEAN); INSERT INTO \"x; DROP TABLE lop\" VALUES
            ('2026-11-23 08:00:00', '2026-11-23', 1), ('hôm qua', '23/11/2026', NULL);
        INSERT INTO gpkg_contents (table_name, data_type) VALUES ('x; DROP TABLE lop', 'attributes');",
    )
    .unwrap();
    drop(db);
    let (found, troubles, fatal) = drain(open(&path, Some("lop"), &Options::default()).unwrap());
    assert_eq!((found.len(), fatal), (2, None));
    assert!(troubles[0].contains("longer than 1048576 bytes"), "{troubles:?}");
    let (rows, ..) = drain(open(&path, Some("x; DROP TABLE lop"), &Options::default()).unwrap());
    assert!(matches!(rows[0].properties[..], [Value::Timestamp(_), Value::Date(_), Value::Bool(true)]));
    assert!(matches!(rows[1].properties[..], [Value::Text(_), Value::Text(_), Value::Null]));
    let narrow = Options { limits: Limits { fields: 2, ..Limits::default() }, ..Options::default() };
    assert!(open(&path, Some("lop"), &narrow).is_err());
}

/// Pages are turned many times, and keys need not follow each other.
#[test]
fn many_rows_with_gaps() {
    let (_folder, path, db) = package();
    db.execute_batch(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9000)
        INSERT INTO lop (fid, a, t) SELECT x * 1000 - 4000000, x, 'y' FROM n WHERE x <> 4000",
    )
    .unwrap();
    drop(db);
    let (found, troubles, fatal) = drain(source(&path, &Options::default()));
    assert_eq!((found.len(), troubles.len(), fatal), (9002, 0, None));
}
