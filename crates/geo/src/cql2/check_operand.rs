//! The operands of a filter checked: what type each has.

use super::ast::{Expr, Node};
use super::check::{Checker, Sort, Typed, writing};
use super::error::{Cql2Error, Position, Result, shorten};
use super::eval::Context;
use super::fold::normal;
use super::function;
use super::number::Number;
use super::program::Operand;
use super::schema::{Feature, Kind, Value};
use super::spatial::Literal;

impl Checker<'_> {
    pub(super) fn operand(&mut self, node: &Node) -> Result<Typed> {
        let kind = |operand, kind| Ok(Typed { operand, sort: Sort::Kind(kind) });
        let constant = |value, of| kind(Operand::Constant(value), of);
        match &node.expr {
            Expr::Boolean(value) => constant(Value::Boolean(*value), Kind::Boolean),
            Expr::Number(Number::Integer(value)) => constant(Value::Integer(*value), Kind::Integer),
            Expr::Number(Number::Float(value)) => constant(Value::Number(*value), Kind::Number),
            Expr::Text(text) => constant(Value::Text(normal(text).into_owned().into()), Kind::Text),
            Expr::Date(date) => constant(Value::Date(*date), Kind::Date),
            Expr::Timestamp(timestamp) => constant(Value::Timestamp(*timestamp), Kind::Timestamp),
            Expr::Unbounded => Err(Cql2Error::syntax(&node.at, "a value", "`..` outside an interval")),
            Expr::Interval(limits) => self.interval(limits),
            Expr::Shape(shape) => self.shape(Literal::new(shape.geometry.clone(), &node.at)?, &node.at),
            Expr::BBox(bbox) => self.shape(Literal::of_bbox(bbox, self.schema.bounds, &node.at)?, &node.at),
            Expr::List(items) => {
                let items = items.iter().map(|item| Ok(self.operand(item)?.operand)).collect::<Result<_>>()?;
                kind(self.folded(Operand::List(items)), Kind::Array)
            }
            Expr::Property(name) => self.property(name, &node.at),
            Expr::Fold(folding, operand) => {
                let operand = self.wanted(operand, Kind::Text)?;
                kind(self.folded(Operand::Fold(*folding, Box::new(operand))), Kind::Text)
            }
            Expr::Arithmetic(op, operands) => {
                let operands = [self.wanted(&operands[0], Kind::Number)?, self.wanted(&operands[1], Kind::Number)?];
                kind(self.folded(Operand::Arithmetic(*op, Box::new(operands))), Kind::Number)
            }
            Expr::Call(name, arguments) => self.call(name, arguments, &node.at),
            // Anything else is a condition.
            _ => kind(Operand::Test(Box::new(self.test(node)?)), Kind::Boolean),
        }
    }

    /// An operand that has to be of a kind; a number may be an integer.
    pub(super) fn wanted(&mut self, node: &Node, kind: Kind) -> Result<Operand> {
        let node = ungrouped(node, kind);
        let typed = self.operand(node)?;
        let wanted = Sort::Kind(kind);
        if typed.sort == wanted || (typed.sort.is_numeric() && wanted.is_numeric()) {
            return Ok(typed.operand);
        }
        Err(mismatch(node, typed.sort, kind.name(), writing(wanted)))
    }

    fn property(&self, name: &str, at: &Position) -> Result<Typed> {
        let Some((index, kind)) = self.schema.find(name) else {
            let remedy = self.schema.remedy(name);
            return Err(Cql2Error::UnknownProperty { at: at.clone(), name: shorten(name), remedy });
        };
        let operand = if kind == Kind::Geometry { Operand::Geometry } else { Operand::Property(index) };
        Ok(Typed { operand, sort: Sort::Kind(kind) })
    }

    fn shape(&mut self, literal: Literal, at: &Position) -> Result<Typed> {
        if let Some(bounds) = self.schema.bounds {
            let (low, high) = (literal.extent.min(), literal.extent.max());
            let inside = low.x >= bounds.min().x
                && low.y >= bounds.min().y
                && high.x <= bounds.max().x
                && high.y <= bounds.max().y;
            if !inside {
                let (min, max) = (bounds.min(), bounds.max());
                let remedy = format!(
                    "keep coordinates within {} {} and {} {}, in the order of the reference system",
                    min.x, min.y, max.x, max.y
                );
                return Err(Cql2Error::literal(at, "geometry", remedy));
            }
        }
        self.shapes.push(literal);
        Ok(Typed { operand: Operand::Shape(self.shapes.len() - 1), sort: Sort::Kind(Kind::Geometry) })
    }

    fn call(&mut self, name: &str, nodes: &[Node], at: &Position) -> Result<Typed> {
        let function = function::find(name, at)?;
        if nodes.len() != function.parameters.len() {
            let names: Vec<_> = function.parameters.iter().map(|parameter| parameter.name).collect();
            let expected = format!("{}({})", function.name, names.join(", "));
            return Err(Cql2Error::syntax(at, expected, format!("{} arguments", nodes.len())));
        }
        let mut arguments = Vec::with_capacity(nodes.len());
        for (node, parameter) in nodes.iter().zip(function.parameters) {
            let node = ungrouped(node, parameter.kind);
            let typed = self.operand(node)?;
            let wanted = Sort::Kind(parameter.kind);
            let fits = typed.sort == wanted
                || (typed.sort.is_numeric() && wanted.is_numeric())
                || (typed.sort.is_instant() && wanted.is_instant());
            if !fits {
                let place = format!("{} for {}({})", wanted.name(), function.name, parameter.name);
                return Err(mismatch(node, typed.sort, &place, writing(wanted)));
            }
            arguments.push(typed.operand);
        }
        let operand = self.folded(Operand::Call(function, arguments));
        Ok(Typed { operand, sort: Sort::Kind(function.returns) })
    }

    /// The value of an operand whose parts are all constant.
    fn folded(&self, operand: Operand) -> Operand {
        let constant = |operand: &Operand| matches!(operand, Operand::Constant(_));
        let all = match &operand {
            Operand::Fold(_, operand) => constant(operand),
            Operand::Arithmetic(_, operands) => operands.iter().all(constant),
            Operand::Call(_, operands) | Operand::List(operands) => operands.iter().all(constant),
            _ => false,
        };
        if !all {
            return operand;
        }
        let context = Context { feature: &Nothing, shapes: &[], prepared: &[], offset: self.schema.offset };
        Operand::Constant(owned(context.value(&operand)))
    }
}

/// An operand that does not fit its place.
pub(super) fn mismatch(node: &Node, found: Sort, wanted: &str, remedy: &str) -> Cql2Error {
    let found = describe(node, found);
    Cql2Error::Mismatch { at: node.at.clone(), found, wanted: wanted.to_owned(), remedy: remedy.to_owned() }
}

/// How an error calls an operand.
pub(super) fn describe(node: &Node, sort: Sort) -> String {
    match &node.expr {
        Expr::Property(name) => format!("property `{}` ({})", shorten(name), sort.name()),
        Expr::Text(text) => format!("text '{}'", shorten(text)),
        Expr::Number(Number::Integer(value)) => format!("number {value}"),
        Expr::Number(Number::Float(value)) => format!("number {value:?}"),
        Expr::Call(name, _) => format!("{}(…), {}", shorten(name), sort.name()),
        Expr::Boolean(value) => format!("{value}"),
        _ => sort.name().to_owned(),
    }
}

/// In the grammar parentheses around an argument make an array of it. Where none is wanted, they are what they look
/// like.
pub(super) fn ungrouped(mut node: &Node, wanted: Kind) -> &Node {
    while wanted != Kind::Array
        && let Expr::List(items) = &node.expr
        && let [inner] = items.as_slice()
    {
        node = inner;
    }
    node
}

/// What constants are worked out over.
struct Nothing;

impl Feature for Nothing {
    fn value(&self, _: usize) -> Value<'_> {
        Value::Null
    }

    fn geometry(&self) -> Option<&geo_types::Geometry<f64>> {
        None
    }
}

fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Boolean(value) => Value::Boolean(value),
        Value::Integer(value) => Value::Integer(value),
        Value::Number(value) => Value::Number(value),
        Value::Text(text) => Value::Text(text.into_owned().into()),
        Value::Date(date) => Value::Date(date),
        Value::Timestamp(timestamp) => Value::Timestamp(timestamp),
        Value::Geometry(geometry) => Value::Geometry(std::borrow::Cow::Owned(geometry.into_owned())),
        Value::Array(items) => Value::Array(items.into_iter().map(owned).collect()),
    }
}
