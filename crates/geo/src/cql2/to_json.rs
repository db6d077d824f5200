//! Filters written as CQL2 JSON.

use serde_json::{Value as Json, json};

use super::ast::{Expr, Filter, Node};
use super::geojson;
use super::number::Number;

impl Filter {
    /// The filter in CQL2 JSON; [`super::parse_json_value`] reads it back as an equal filter.
    pub fn to_json(&self) -> Json {
        node(&self.root)
    }
}

fn node(node: &Node) -> Json {
    match &node.expr {
        Expr::Boolean(value) => json!(value),
        Expr::Number(Number::Integer(value)) => json!(value),
        Expr::Number(Number::Float(value)) => json!(value),
        Expr::Text(text) => json!(text),
        Expr::Date(date) => json!({ "date": date.to_string() }),
        Expr::Timestamp(timestamp) => json!({ "timestamp": timestamp.to_string() }),
        Expr::Unbounded => json!(".."),
        Expr::Interval(limits) => json!({ "interval": limits.iter().map(limit).collect::<Json>() }),
        Expr::Shape(shape) => geojson::write(shape),
        Expr::BBox(bbox) => json!({ "bbox": bbox.numbers() }),
        Expr::List(items) => nodes(items),
        Expr::Property(name) => json!({ "property": name }),
        Expr::And(tests) => operation("and", nodes(tests)),
        Expr::Or(tests) => operation("or", nodes(tests)),
        Expr::Not(test) => operation("not", json!([self::node(test)])),
        Expr::Compare(op, operands) => operation(op.name(), nodes(&**operands)),
        Expr::Like(operands) => operation("like", nodes(&**operands)),
        Expr::Between(operands) => operation("between", nodes(&**operands)),
        Expr::In(needle, items) => operation("in", json!([self::node(needle), nodes(items)])),
        Expr::IsNull(operand) => operation("isNull", json!([self::node(operand)])),
        Expr::Fold(op, operand) => operation(op.name(), json!([self::node(operand)])),
        Expr::Spatial(op, operands) => operation(op.name(), nodes(&**operands)),
        Expr::Temporal(op, operands) => operation(op.name(), nodes(&**operands)),
        Expr::Array(op, operands) => operation(op.name(), nodes(&**operands)),
        Expr::Arithmetic(op, operands) => operation(op.name(), nodes(&**operands)),
        Expr::Call(name, arguments) => operation(name, nodes(arguments)),
    }
}

fn operation(op: &str, arguments: Json) -> Json {
    json!({ "op": op, "args": arguments })
}

fn nodes(nodes: &[Node]) -> Json {
    nodes.iter().map(node).collect()
}

/// Instants of an interval stand there without their object.
fn limit(limit: &Node) -> Json {
    match &limit.expr {
        Expr::Date(date) => json!(date.to_string()),
        Expr::Timestamp(timestamp) => json!(timestamp.to_string()),
        _ => node(limit),
    }
}
