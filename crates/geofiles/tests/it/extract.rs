//! OpenStreetMap extracts made by hand: what is joined to areas, what is cut, and what lies about its size.

use geo_types::Geometry;
use songhan_geofiles::{LossKind, Options, Value, open};

use crate::{drain, file};

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn number(field: u64, value: u64, out: &mut Vec<u8>) {
    varint(field << 3, out);
    varint(value, out);
}

fn bytes(field: u64, value: &[u8], out: &mut Vec<u8>) {
    varint(field << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

fn packed(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut out = Vec::new();
    values.into_iter().for_each(|value| varint(value, &mut out));
    out
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut last = 0;
    packed(values.iter().map(|value| zigzag(value - std::mem::replace(&mut last, *value))))
}

/// A block in the making; texts get their places as they come.
struct Block {
    texts: Vec<String>,
    group: Vec<u8>,
}

type Tags<'a> = &'a [(&'a str, &'a str)];

impl Block {
    fn new() -> Self {
        Self { texts: vec![String::new()], group: Vec::new() }
    }

    fn text(&mut self, text: &str) -> u64 {
        let place = self.texts.iter().position(|own| own == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        place as u64
    }

    fn tags(&mut self, tags: Tags<'_>) -> (Vec<u8>, Vec<u8>) {
        let keys = packed(tags.iter().map(|(key, _)| self.text(key)).collect::<Vec<_>>());
        (keys, packed(tags.iter().map(|(_, value)| self.text(value)).collect::<Vec<_>>()))
    }

    /// Dense nodes at places in 10⁻⁷ degrees.
    fn nodes(&mut self, nodes: &[(i64, i64, i64, Tags<'_>)]) {
        let mut message = Vec::new();
        bytes(1, &deltas(&nodes.iter().map(|node| node.0).collect::<Vec<_>>()), &mut message);
        bytes(9, &deltas(&nodes.iter().map(|node| node.1).collect::<Vec<_>>()), &mut message);
        bytes(8, &deltas(&nodes.iter().map(|node| node.2).collect::<Vec<_>>()), &mut message);
        let mut pairs = Vec::new();
        for (.., tags) in nodes {
            for (key, value) in *tags {
                pairs.push(self.text(key));
                pairs.push(self.text(value));
            }
            pairs.push(0);
        }
        bytes(10, &packed(pairs), &mut message);
        bytes(2, &message, &mut self.group);
    }

    fn way(&mut self, id: u64, refs: &[i64], tags: Tags<'_>) {
        let (keys, values) = self.tags(tags);
        let mut message = Vec::new();
        number(1, id, &mut message);
        bytes(2, &keys, &mut message);
        bytes(3, &values, &mut message);
        bytes(8, &deltas(refs), &mut message);
        bytes(3, &message, &mut self.group);
    }

    fn relation(&mut self, id: u64, ways: &[(i64, &str)], tags: Tags<'_>) {
        let (keys, values) = self.tags(tags);
        let roles: Vec<u64> = ways.iter().map(|(_, role)| self.text(role)).collect();
        let mut message = Vec::new();
        number(1, id, &mut message);
        bytes(2, &keys, &mut message);
        bytes(3, &values, &mut message);
        bytes(8, &packed(roles), &mut message);
        bytes(9, &deltas(&ways.iter().map(|(way, _)| *way).collect::<Vec<_>>()), &mut message);
        bytes(10, &packed(ways.iter().map(|_| 1)), &mut message);
        bytes(4, &message, &mut self.group);
    }

    fn finish(self) -> Vec<u8> {
        let mut table = Vec::new();
        self.texts.iter().for_each(|text| bytes(1, text.as_bytes(), &mut table));
        let mut block = Vec::new();
        bytes(1, &table, &mut block);
        bytes(2, &self.group, &mut block);
        blob("OSMData", &block)
    }
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let (mut blob, mut head) = (Vec::new(), Vec::new());
    bytes(1, content, &mut blob);
    bytes(1, kind.as_bytes(), &mut head);
    number(3, blob.len() as u64, &mut head);
    [&(head.len() as u32).to_be_bytes()[..], &head, &blob].concat()
}

fn header(needs: &str) -> Vec<u8> {
    let mut head = Vec::new();
    bytes(4, needs.as_bytes(), &mut head);
    blob("OSMHeader", &head)
}

/// A square with a square hole made of three ways, a road half outside, a shop, and a relation that is not closed.
fn extract() -> Vec<u8> {
    let mut block = Block::new();
    let shop: Tags<'_> = &[("shop", "books"), ("name", "Nhà sách Phương Nam"), ("floor", "2")];
    block.nodes(&[
        (1, 1_080_000_000, 160_000_000, &[]),
        (2, 1_080_100_000, 160_000_000, &[]),
        (3, 1_080_100_000, 160_100_000, &[]),
        (4, 1_080_000_000, 160_100_000, &[]),
        (5, 1_080_040_000, 160_040_000, shop),
        (6, 1_080_060_000, 160_040_000, &[]),
        (7, 1_080_060_000, 160_060_000, &[("shop", "no")]),
    ]);
    block.way(10, &[1, 2, 3], &[]);
    block.way(11, &[1, 4, 3], &[]);
    block.way(12, &[5, 6, 7, 5], &[]);
    block.way(13, &[1, 2, 99, 3, 4, 98], &[("highway", "residential"), ("name", "Bạch Đằng"), ("lit", "yes")]);
    block.way(14, &[1, 2, 3, 1], &[("building", "yes"), ("area", "no")]);
    block.way(15, &[1, 2, 3, 1], &[("building", "house")]);
    block.relation(20, &[(10, "outer"), (12, "inner"), (11, "")], &[("type", "multipolygon"), ("building", "hall")]);
    block.relation(21, &[(10, "outer")], &[("type", "multipolygon"), ("building", "ruins")]);
    block.relation(22, &[(77, "outer")], &[("type", "multipolygon"), ("building", "far")]);
    [header("OsmSchema-V0.6"), block.finish()].concat()
}

#[test]
fn areas_are_assembled_and_the_rest_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.osm.pbf", extract());
    let (found, troubles, fatal) = drain(open(&path, Some("buildings"), &Options::default()).unwrap());
    assert_eq!(fatal, None);
    let ids: Vec<String> = found.iter().map(|feature| feature.id.as_ref().unwrap().to_string()).collect();
    assert_eq!(ids, ["way/15", "relation/20"]);
    let Some(Geometry::Polygon(hall)) = &found[1].geometry else { panic!("{:?}", found[1].geometry) };
    assert_eq!((hall.exterior().0.len(), hall.interiors().len()), (5, 1));
    assert_eq!(
        troubles,
        [
            "feature 3 (id relation/21): its shape cannot be read: the ring with way 10 is not closed",
            "feature 4 (id relation/22): its shape cannot be read: 1 of its 1 ways are not in the file"
        ]
    );
}

#[test]
fn lines_are_cut_at_the_border_and_tags_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.osm.pbf", extract());
    let mut roads = open(&path, Some("roads"), &Options::default()).unwrap();
    let road = roads.next().unwrap().unwrap();
    let Some(Geometry::MultiLineString(parts)) = &road.geometry else { panic!("{:?}", road.geometry) };
    assert_eq!(parts.0.iter().map(|part| part.0.len()).collect::<Vec<_>>(), [2, 2]);
    let field = |name: &str| roads.fields().iter().position(|field| field.name == name).unwrap();
    assert_eq!(road.properties[field("name")], Value::Text("Bạch Đằng".into()));
    assert_eq!(road.properties[field("tags")], Value::Json(Box::new(serde_json::json!({"lit": "yes"}))));
    assert!(roads.next().is_none());
    assert_eq!(roads.losses()[0].kind, LossKind::Border);
    let (shops, ..) = drain(open(&path, Some("pois"), &Options::default()).unwrap());
    assert_eq!(shops.len(), 1);
    assert_eq!(shops[0].geometry, Some(geo_types::Point::new(108.004, 16.004).into()));
}

#[test]
fn lies_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let fatal = |bytes: Vec<u8>| {
        let path = file(folder.path(), "a.osm.pbf", bytes);
        drain(open(&path, Some("roads"), &Options::default()).unwrap()).2.unwrap_or_default()
    };
    assert!(fatal([header("OsmSchema-V0.6"), header("HistoricalInformation")].concat()).contains("Historical"));
    // A blob of 2 GB, a head that is cut, a block of texts without end.
    let mut huge = Vec::new();
    bytes(1, b"OSMData", &mut huge);
    number(3, 2 << 30, &mut huge);
    let huge = [&(huge.len() as u32).to_be_bytes()[..], &huge].concat();
    assert!(fatal([header("DenseNodes"), huge].concat()).contains("a blob states"));
    assert!(fatal([header("DenseNodes"), vec![0, 0, 1]].concat()).contains("broken"));
    let mut texts = Vec::new();
    bytes(1, &[0x0a, 0x00].repeat(5_000_000), &mut texts);
    assert!(fatal([header("DenseNodes"), blob("OSMData", &texts)].concat()).contains("cannot be read"));
    let mut cut = Block::new();
    bytes(3, &[0x0a, 0xff], &mut cut.group);
    assert!(fatal([header("DenseNodes"), cut.finish()].concat()).contains("cannot be read"));
}
