//! Filters written as CQL2 text.

use std::fmt::Write as _;

use geo_types::{Coord, Geometry, Polygon};

use super::ast::{Expr, Filter, Node};
use super::names::{Arithmetic, is_identifier, is_keyword};
use super::number::Number;
use super::shape::Shape;

impl Filter {
    /// The filter in CQL2 text; [`super::parse_text`] reads it back as an equal filter.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        node(&mut out, &self.root, OR);
        out
    }
}

// How tightly an expression binds.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const PREDICATE: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const POWER: u8 = 7;
const PRIMARY: u8 = 8;

fn binding(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => OR,
        Expr::And(_) => AND,
        // `a NOT LIKE b` binds as tightly as `a LIKE b`, but a second NOT before it needs parentheses.
        Expr::Not(_) => NOT,
        Expr::Compare(..) | Expr::Like(_) | Expr::Between(_) | Expr::In(..) | Expr::IsNull(_) => PREDICATE,
        Expr::Arithmetic(op, _) => match op {
            Arithmetic::Add | Arithmetic::Subtract => SUM,
            Arithmetic::Power => POWER,
            _ => PRODUCT,
        },
        _ => PRIMARY,
    }
}

/// Writes a node, in parentheses where it binds less tightly than its place asks.
fn node(out: &mut String, node: &Node, least: u8) {
    if binding(&node.expr) < least {
        out.push('(');
        bare(out, &node.expr);
        out.push(')');
    } else {
        bare(out, &node.expr);
    }
}

fn bare(out: &mut String, expr: &Expr) {
    match expr {
        Expr::Boolean(value) => out.push_str(if *value { "TRUE" } else { "FALSE" }),
        Expr::Number(Number::Integer(value)) => write(out, value),
        // With a point or an exponent, so that it comes back as a float.
        Expr::Number(Number::Float(value)) => write(out, format_args!("{value:?}")),
        Expr::Text(text) => literal(out, text),
        Expr::Date(date) => write(out, format_args!("DATE('{date}')")),
        Expr::Timestamp(timestamp) => write(out, format_args!("TIMESTAMP('{timestamp}')")),
        Expr::Unbounded => out.push_str("'..'"),
        Expr::Interval(limits) => call(out, "INTERVAL", &**limits, limit),
        Expr::Shape(shape) => wkt(out, shape),
        Expr::BBox(bbox) => call(out, "BBOX", &bbox.numbers(), |out, number| coordinate(out, *number)),
        Expr::List(items) => call(out, "", items, |out, item| node(out, item, OR)),
        Expr::Property(name) => property(out, name),
        Expr::And(tests) => joined(out, tests, " AND ", NOT),
        Expr::Or(tests) => joined(out, tests, " OR ", AND),
        Expr::Not(test) => negation(out, test),
        Expr::Compare(op, operands) => joined(out, &**operands, &format!(" {} ", op.name()), SUM),
        Expr::Like(_) | Expr::Between(_) | Expr::In(..) | Expr::IsNull(_) => predicate(out, expr, ""),
        Expr::Fold(op, operand) => call(out, &op.name().to_uppercase(), std::slice::from_ref(&**operand), element),
        Expr::Spatial(op, operands) => call(out, &op.name().to_uppercase(), &**operands, element),
        Expr::Temporal(op, operands) => call(out, &op.name().to_uppercase(), &**operands, element),
        Expr::Array(op, operands) => call(out, &op.name().to_uppercase(), &**operands, element),
        Expr::Call(name, arguments) => call(out, name, arguments, element),
        Expr::Arithmetic(op, operands) => {
            let own = binding(expr);
            // From left to right: what binds as tightly needs parentheses on the right; a power takes no power at all.
            node(out, &operands[0], if own == POWER { PRIMARY } else { own });
            write(out, format_args!(" {} ", op.name()));
            node(out, &operands[1], own + 1);
        }
    }
}

fn element(out: &mut String, element: &Node) {
    node(out, element, OR);
}

fn negation(out: &mut String, test: &Node) {
    match &test.expr {
        Expr::Like(_) | Expr::Between(_) | Expr::In(..) | Expr::IsNull(_) => predicate(out, &test.expr, "NOT "),
        _ => {
            out.push_str("NOT ");
            node(out, test, PRIMARY);
        }
    }
}

/// A predicate of words, with its `not`.
fn predicate(out: &mut String, expr: &Expr, not: &str) {
    match expr {
        Expr::Like(operands) => {
            node(out, &operands[0], SUM);
            write(out, format_args!(" {not}LIKE "));
            node(out, &operands[1], SUM);
        }
        Expr::Between(operands) => {
            node(out, &operands[0], SUM);
            write(out, format_args!(" {not}BETWEEN "));
            joined(out, &operands[1..], " AND ", SUM);
        }
        Expr::In(needle, items) => {
            node(out, needle, SUM);
            write(out, format_args!(" {not}IN "));
            call(out, "", items, |out, item| node(out, item, SUM));
        }
        Expr::IsNull(operand) => {
            node(out, operand, SUM);
            write(out, format_args!(" IS {not}NULL"));
        }
        _ => bare(out, expr),
    }
}

fn joined(out: &mut String, nodes: &[Node], between: &str, least: u8) {
    for (i, item) in nodes.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        node(out, item, least);
    }
}

fn call<T>(out: &mut String, name: &str, items: &[T], item: impl Fn(&mut String, &T)) {
    out.push_str(name);
    list(out, items, item);
}

fn list<T>(out: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    out.push('(');
    for (i, each) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        item(out, each);
    }
    out.push(')');
}

fn limit(out: &mut String, limit: &Node) {
    match &limit.expr {
        Expr::Date(date) => write(out, format_args!("'{date}'")),
        Expr::Timestamp(timestamp) => write(out, format_args!("'{timestamp}'")),
        _ => node(out, limit, PRIMARY),
    }
}

fn literal(out: &mut String, text: &str) {
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\x0B' => out.push_str("\\v"),
            '\x0C' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out.push('\'');
}

fn property(out: &mut String, name: &str) {
    if is_identifier(name) && !is_keyword(name) {
        out.push_str(name);
    } else {
        write(out, format_args!("\"{}\"", name.replace('"', "\"\"")));
    }
}

pub(super) fn wkt(out: &mut String, shape: &Shape) {
    let mut heights = shape.heights.iter().copied();
    tagged(out, &shape.geometry, &mut heights, if shape.heights.is_empty() { "" } else { " Z" });
}

type Heights<'a> = dyn Iterator<Item = f64> + 'a;

fn tagged(out: &mut String, geometry: &Geometry<f64>, heights: &mut Heights<'_>, z: &str) {
    let name = match geometry {
        Geometry::Point(_) => "POINT",
        Geometry::LineString(_) => "LINESTRING",
        Geometry::Polygon(_) => "POLYGON",
        Geometry::MultiPoint(_) => "MULTIPOINT",
        Geometry::MultiLineString(_) => "MULTILINESTRING",
        Geometry::MultiPolygon(_) => "MULTIPOLYGON",
        _ => "GEOMETRYCOLLECTION",
    };
    write(out, format_args!("{name}{z} "));
    let mut line = |out: &mut String, coords: &Vec<Coord<f64>>| list(out, coords, |out, c| position(out, *c, heights));
    let mut rings = |out: &mut String, polygon: &Polygon<f64>| {
        let rings: Vec<_> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
        list(out, &rings, |out, ring| line(out, &ring.0));
    };
    match geometry {
        Geometry::Point(point) => list(out, &[point.0], |out, c| position(out, *c, heights)),
        Geometry::LineString(coords) => line(out, &coords.0),
        Geometry::Polygon(polygon) => rings(out, polygon),
        Geometry::MultiPoint(points) => list(out, &points.0, |out, point| line(out, &vec![point.0])),
        Geometry::MultiLineString(lines) => list(out, &lines.0, |out, coords| line(out, &coords.0)),
        Geometry::MultiPolygon(polygons) => list(out, &polygons.0, |out, polygon| rings(out, polygon)),
        Geometry::GeometryCollection(members) => {
            list(out, &members.0, |out, member| tagged(out, member, heights, z));
        }
        // No literal is read as one of these.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {}
    }
}

fn position(out: &mut String, coord: Coord<f64>, heights: &mut Heights<'_>) {
    coordinate(out, coord.x);
    out.push(' ');
    coordinate(out, coord.y);
    if let Some(z) = heights.next() {
        out.push(' ');
        coordinate(out, z);
    }
}

/// The shortest text that comes back as the same number.
fn coordinate(out: &mut String, number: f64) {
    if number == 0.0 || (1e-5..1e15).contains(&number.abs()) {
        write(out, number);
    } else {
        write(out, format_args!("{number:?}"));
    }
}

fn write(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}
