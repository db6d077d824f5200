//! Formats as they are asked for, and what each of them can hold.

use songhan_geo::crs::Crs;
use songhan_geofiles::{Field, FieldKind, Format, GeometryKind, Srs};

use crate::layer::{Kind, Layer, Shape};

/// What `format` may say.
pub const NAMES: [(&str, Format); 7] = [
    ("geojson", Format::GeoJson),
    ("gpkg", Format::GeoPackage),
    ("shapefile", Format::Shapefile),
    ("flatgeobuf", Format::FlatGeobuf),
    ("csv", Format::Csv),
    ("kml", Format::Kml),
    ("gpx", Format::Gpx),
];

pub fn format(name: &str) -> Option<Format> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
}

pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        other => other.media_type(),
    }
}

/// Whether a format knows no system but WGS 84.
pub fn is_wgs84_alone(format: Format) -> bool {
    matches!(format, Format::Kml | Format::Gpx)
}

/// Why a format cannot hold shapes of a kind, if it cannot.
pub fn cannot_hold(format: Format, kind: GeometryKind) -> Option<String> {
    let holds = match format {
        Format::Gpx => matches!(kind, GeometryKind::Point | GeometryKind::Line | GeometryKind::MultiLine),
        Format::Shapefile => !matches!(kind, GeometryKind::Any | GeometryKind::Collection),
        _ => true,
    };
    let kind = if kind == GeometryKind::Any { "shapes of several kinds" } else { kind.name() };
    (!holds).then(|| format!("{format} cannot hold a layer of {kind}; choose geojson, gpkg, flatgeobuf, csv or kml"))
}

/// The kind of all shapes together, from their codes in WKB; of a layer that has none, what it declares.
pub fn kind(layer: &Layer, codes: &[u8]) -> GeometryKind {
    let one = |code: &u8| match code {
        1 => GeometryKind::Point,
        2 => GeometryKind::Line,
        3 => GeometryKind::Polygon,
        4 => GeometryKind::MultiPoint,
        5 => GeometryKind::MultiLine,
        6 => GeometryKind::MultiPolygon,
        7 => GeometryKind::Collection,
        _ => GeometryKind::Any,
    };
    codes.iter().map(one).reduce(GeometryKind::with).unwrap_or(match layer.shape {
        Shape::Point => GeometryKind::Point,
        Shape::Line => GeometryKind::Line,
        Shape::Polygon => GeometryKind::Polygon,
        Shape::Any => GeometryKind::Any,
    })
}

/// The layer's attributes as fields of a file.
pub fn fields(layer: &Layer) -> Vec<Field> {
    let kind = |kind| match kind {
        Kind::Text => FieldKind::Text,
        Kind::Integer => FieldKind::Int,
        Kind::Number => FieldKind::Number,
        Kind::Boolean => FieldKind::Bool,
        Kind::Date => FieldKind::Date,
        Kind::Timestamp => FieldKind::Timestamp,
    };
    layer.attributes.iter().map(|attribute| Field::new(&attribute.name, kind(attribute.kind))).collect()
}

/// The system as files name it; files have the east first, whatever the registry says.
pub fn srs(crs: Crs) -> Srs {
    if crs == Crs::CRS84 || crs == Crs::WGS84 {
        return Srs::wgs84();
    }
    Srs { epsg: crs.code(), name: Some(crs.name_en()), wkt: Some(crs.wkt()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_cannot_hold_is_said() {
        use GeometryKind::{Any, MultiPolygon, Point, Polygon};
        for (format, kind, held) in [
            (Format::Gpx, Point, true),
            (Format::Gpx, Polygon, false),
            (Format::Shapefile, MultiPolygon, true),
            (Format::Shapefile, Any, false),
            (Format::GeoPackage, Any, true),
        ] {
            assert_eq!(cannot_hold(format, kind).is_none(), held, "{format} {kind:?}");
        }
        assert!(cannot_hold(Format::Gpx, Polygon).unwrap().contains("GPX cannot hold a layer of polygon"));
    }
}
