//! Files as people make them: what is forgiven, and what is reported.

use geo_types::{Geometry, Point};
use songhan_geofiles::{
    CsvColumns, FieldKind, Format, GeometryKind, Inference, LossKind, Options, Value, layers, open, recognise,
};

use crate::{drain, file, source, write};

#[test]
fn tables_of_spreadsheets() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\u{feff}STT;Tên;Kinh độ;Vĩ độ;Mã\r\n1;\"Cầu Rồng; cũ\";108,2272;16,0611;007\r\n2;Thiếu;108,1\r\n3;Sai;a;16;\r\n;;;;\r\n4;Không chỗ;;;008\r\n";
    let path = file(folder.path(), "a.csv", text);
    let source = source(&path, &Options::default());
    let kinds: Vec<(&str, FieldKind)> = source.fields().iter().map(|f| (f.name.as_str(), f.kind)).collect();
    assert_eq!(kinds, [("STT", FieldKind::Int), ("Tên", FieldKind::Text), ("Mã", FieldKind::Text)]);
    assert_eq!((source.kind(), source.srs().epsg), (GeometryKind::Point, Some(4326)));
    let (found, troubles, _) = drain(source);
    assert_eq!(found[0].geometry, Some(Point::new(108.2272, 16.0611).into()));
    assert_eq!(found[0].properties[1], Value::Text("Cầu Rồng; cũ".into()));
    assert_eq!(found[0].properties[2], Value::Text("007".into()));
    assert_eq!((found.len(), found[1].geometry.is_none()), (2, true));
    assert_eq!(
        troubles,
        [
            "feature 2: it cannot be read: the row has 3 columns where the head has 5",
            "feature 3: its shape cannot be read: `a` is no coordinate"
        ]
    );
}

#[test]
fn tables_with_shapes_or_columns_of_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.csv", "n\tshape\n1\tLINESTRING Z (1 2 3, 4 5 6)\n2\t\n");
    let mut reading = source(&path, &Options::default());
    assert_eq!(reading.kind(), GeometryKind::Line);
    assert!(matches!(reading.next(), Some(Ok(feature)) if matches!(feature.geometry, Some(Geometry::LineString(_)))));
    assert_eq!((reading.losses()[0].kind, reading.losses()[0].count), (LossKind::Height, 1));
    let path = file(folder.path(), "b.csv", "dong,bac,n\n550175.0803,1777138.321,1\n");
    let csv = Some(CsvColumns::Point { x: "dong".into(), y: "bac".into() });
    let (found, ..) = drain(source(&path, &Options { csv, ..Options::default() }));
    assert_eq!(found[0].geometry, Some(Point::new(550_175.080_3, 1_777_138.321).into()));
    let csv = Some(CsvColumns::Wkt("không có".into()));
    assert!(open(&path, None, &Options { csv, ..Options::default() }).is_err());
    // Windows-1258, as Excel on a Vietnamese machine saves it.
    let path = file(folder.path(), "c.csv", b"lon,lat,t\n1,2,\xd0\xe0 N\xe3ng\n");
    let (found, ..) = drain(source(&path, &Options::default()));
    assert_eq!(found[0].properties[0], Value::Text("Đà Năng".into()));
}

#[test]
fn geojson_of_every_make() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, text: &str| drain(source(&file(folder.path(), name, text), &Options::default()));
    let point = "{\"type\":\"Point\",\"coordinates\":[108.2,16.1,5]}";
    assert_eq!(read("a.json", point).0[0].geometry, Some(Point::new(108.2, 16.1).into()));
    let feature = format!("{{\"geometry\":{point},\"properties\":{{\"a\":1}},\"type\":\"Feature\"}}");
    assert_eq!(read("b.json", &feature).0[0].properties, [Value::Int(1)]);
    // Members behind the features, and two collections one after the other.
    let collection = format!("{{\"features\":[{feature},],\"type\":\"FeatureCollection\",\"name\":\"lớp\"}}");
    let path = file(folder.path(), "c.json", format!("\u{feff}{collection}\n{collection}"));
    let info = &layers(&path, &Options::default()).unwrap()[0];
    assert_eq!((info.name.as_str(), info.count, info.kind), ("lớp", Some(2), GeometryKind::Point));
    assert_eq!(info.bounds.unwrap().min, geo_types::Coord { x: 108.2, y: 16.1 });
    let sequence = format!("\u{1e}{feature}\n\u{1e}{{broken\n\u{1e}{feature}\n");
    let (found, troubles, _) = read("d.geojsons", &sequence);
    assert_eq!((found.len(), troubles.len()), (2, 1));
    let crs = "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::5899\"}},\"features\":[]}";
    assert_eq!(source(&file(folder.path(), "e.json", crs), &Options::default()).srs().epsg, Some(5899));
    let (_, _, fatal) = read("f.json", "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"");
    assert!(fatal.unwrap().contains("ends within a value"));
}

#[test]
fn fields_are_inferred_given_or_grow() {
    let folder = tempfile::tempdir().unwrap();
    let line = |properties: &str| format!("{{\"type\":\"Feature\",\"geometry\":null,\"properties\":{properties}}}");
    let text =
        [line("{\"a\":1,\"d\":\"2026-11-23\"}"), line("{\"a\":2.5}"), line("{\"b\":\"x\",\"a\":\"y\"}")].join("\n");
    let path = file(folder.path(), "a.geojsonl", text);
    let kinds = |inference: Inference| {
        let mut source = source(&path, &Options { inference, ..Options::default() });
        let rows: Vec<_> = source.by_ref().map(|row| row.unwrap().properties).collect();
        (source.fields().iter().map(|f| (f.name.clone(), f.kind)).collect::<Vec<_>>(), rows)
    };
    let (fields, rows) = kinds(Inference::Whole);
    assert_eq!(fields[0], ("a".into(), FieldKind::Text));
    assert_eq!(fields[1], ("d".into(), FieldKind::Date));
    assert_eq!(rows[0][0], Value::Text("1".into()));
    let (fields, rows) = kinds(Inference::First(1));
    assert_eq!(fields[0], ("a".into(), FieldKind::Int));
    assert_eq!(fields[2], ("b".into(), FieldKind::Text));
    assert_eq!(rows[1][0], Value::Number(2.5));
    let given =
        vec![songhan_geofiles::Field::new("b", FieldKind::Text), songhan_geofiles::Field::new("a", FieldKind::Text)];
    let (_, rows) = kinds(Inference::Given(given));
    assert_eq!(rows[2][..2], [Value::Text("x".into()), Value::Text("y".into())]);
    let (fields, rows) = kinds(Inference::AsTheyStand);
    assert_eq!(fields.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "d", "b"]);
    assert_eq!(rows[0], [Value::Int(1), Value::Text("2026-11-23".into())]);
    assert_eq!((&rows[1][0], &rows[2][2]), (&Value::Number(2.5), &Value::Text("x".into())));
    let codes = file(folder.path(), "a.csv", "code,name\n1.50,007\n");
    let as_they_stand = Options { inference: Inference::AsTheyStand, ..Options::default() };
    let (found, ..) = drain(source(&codes, &as_they_stand));
    assert_eq!(found[0].properties, [Value::Text("1.50".into()), Value::Text("007".into())]);
}

#[test]
fn kml_of_people() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>
        <name>Cây xanh</name><Style id="s"><name>no</name></Style>
        <Folder><name>Hải Châu</name><Folder><name>Đường</name>
          <Placemark id="p1"><name>A &amp; B</name><description><![CDATA[<b>cao</b>]]></description>
            <ExtendedData><Data name="loai"><value>xà cừ</value></Data></ExtendedData>
            <Point><coordinates>108.2, 16.1, 7</coordinates></Point></Placemark>
          <Placemark><name>x</name><Point><coordinates>108.2</coordinates></Point></Placemark>
        </Folder></Folder>
        <Placemark><TimeStamp><when>2026-11-23T01:00:00Z</when></TimeStamp>
          <gx:Track><when>2026-11-23</when><gx:coord>1 2 3</gx:coord><gx:coord>4 5 6</gx:coord></gx:Track></Placemark>
        </Document></kml>"#;
    let path = file(folder.path(), "a.kml", text);
    assert_eq!(recognise(&path), Some(Format::Kml));
    let reading = source(&path, &Options::default());
    assert_eq!(reading.name(), "Cây xanh");
    let names: Vec<String> = reading.fields().iter().map(|field| field.name.clone()).collect();
    let (found, troubles, fatal) = drain(reading);
    assert_eq!((found.len(), fatal), (2, None));
    assert_eq!(troubles, ["feature 2: its shape cannot be read: a coordinate has one number only"]);
    let value =
        |name: &str, index: usize| found[index].properties[names.iter().position(|own| own == name).unwrap()].clone();
    assert_eq!(value("name", 0), Value::Text("A & B".into()));
    assert_eq!(value("description", 0), Value::Text("<b>cao</b>".into()));
    assert_eq!(value("loai", 0), Value::Text("xà cừ".into()));
    assert_eq!(value("folder", 0), Value::Text("Hải Châu/Đường".into()));
    assert!(matches!(value("when", 1), Value::Timestamp(_)));
    assert!(matches!(found[1].geometry, Some(Geometry::LineString(_))));
}

#[test]
fn gpx_of_a_walk() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
        <metadata><name>no</name></metadata>
        <trk><name>Đi bộ</name><number>1</number><trkseg><trkpt lat="16" lon="108"><ele>4</ele><time>2026-01-01T00:00:00Z</time></trkpt>
        <trkpt lat="16.1" lon="108.1"/></trkseg><trkseg><trkpt lat="17" lon="109"/><trkpt lat="17.1" lon="109.1"/></trkseg></trk>
        <wpt lat="16.5" lon="108.5"><ele>12.5</ele><time>2026-01-01T00:00:00Z</time><name>007</name></wpt>
        <wpt lat="x" lon="108.5"/></gpx>"#;
    let path = file(folder.path(), "a.gpx", text);
    let found = layers(&path, &Options::default()).unwrap();
    let names: Vec<_> = found.iter().map(|layer| (layer.name.as_str(), layer.kind)).collect();
    assert_eq!(names, [("waypoints", GeometryKind::Point), ("tracks", GeometryKind::MultiLine)]);
    let (points, troubles, _) = drain(open(&path, Some("waypoints"), &Options::default()).unwrap());
    assert_eq!(points[0].properties[0], Value::Number(12.5));
    assert_eq!(points[0].properties[2], Value::Text("007".into()));
    assert_eq!(troubles.len(), 1);
    let mut tracks = open(&path, Some("tracks"), &Options::default()).unwrap();
    let track = tracks.next().unwrap().unwrap();
    assert!(matches!(track.geometry, Some(Geometry::MultiLineString(lines)) if lines.0.len() == 2));
    assert_eq!(tracks.losses()[0].kind, LossKind::Height);
    assert!(open(&path, Some("dường"), &Options::default()).is_err());
}

#[test]
fn deleted_rows_and_other_letters_of_a_shapefile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dat");
    let fields = [songhan_geofiles::Field::new("ten", FieldKind::Text)];
    let named = |name: &str| songhan_geofiles::Feature {
        id: None,
        geometry: Some(Point::new(1.0, 2.0).into()),
        properties: vec![Value::Text(name.into())],
    };
    write(&path, Format::Shapefile, &fields, GeometryKind::Point, &[named("aa"), named("bb"), named("cc")]);
    let mut table = std::fs::read(path.join("lop.dbf")).unwrap();
    let rows = usize::from(u16::from_le_bytes([table[8], table[9]]));
    table[rows] = b'*';
    table[rows + 3 + 1..rows + 3 + 3].copy_from_slice(b"\xd0\xe0");
    std::fs::write(path.join("lop.dbf"), table).unwrap();
    std::fs::write(path.join("lop.cpg"), "1258").unwrap();
    let (found, troubles, fatal) = drain(source(&path, &Options::default()));
    assert_eq!((troubles.len(), fatal), (0, None));
    let names: Vec<_> = found.into_iter().map(|mut feature| feature.properties.remove(0)).collect();
    assert_eq!(names, [Value::Text("Đà".into()), Value::Text("cc".into())]);
    std::fs::remove_file(path.join("lop.dbf")).unwrap();
    assert_eq!(drain(source(&path, &Options::default())).0.len(), 3, "shapes without a table");
}
