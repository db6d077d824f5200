//! A filter checked against a schema: every name is known, every type fits, and constants are worked out.

use std::cmp::Ordering;

use super::ast::{Expr, Filter, Node};
use super::check_operand::{describe, mismatch};
use super::error::{Cql2Error, Result};
use super::eval::order;
use super::fold::normal;
use super::like::Pattern;
use super::matcher::Checked;
use super::names::{Array, Comparison, Spatial};
use super::program::{Items, Operand, Test};
use super::schema::{Kind, Schema, Value};
use super::spatial::{Literal, needs_interior};
use super::valid::overlaps_itself;
use super::{MAX_PATTERN, plan};

impl Filter {
    /// Checks the filter against the queryables of a layer and makes it ready to be evaluated.
    pub fn check(&self, schema: &Schema) -> Result<Checked, Cql2Error> {
        let mut checker = Checker { schema, shapes: Vec::new() };
        let test = checker.test(&self.root)?;
        let plan = plan::of(&test, &checker.shapes, schema);
        Ok(Checked { test, shapes: checker.shapes, offset: schema.offset, plan })
    }
}

pub(super) struct Checker<'s> {
    pub(super) schema: &'s Schema,
    pub(super) shapes: Vec<Literal>,
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Kind(Kind),
    Interval,
}

impl Sort {
    pub(super) fn name(self) -> &'static str {
        match self {
            Sort::Kind(kind) => kind.name(),
            Sort::Interval => "interval",
        }
    }

    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Sort::Kind(Kind::Integer | Kind::Number))
    }

    pub(super) fn is_instant(self) -> bool {
        matches!(self, Sort::Kind(Kind::Date | Kind::Timestamp))
    }

    fn is_scalar(self) -> bool {
        !matches!(self, Sort::Interval | Sort::Kind(Kind::Geometry | Kind::Array))
    }

    /// Whether values of both types have an order.
    fn compares_with(self, other: Self) -> bool {
        self.is_scalar()
            && (self == other || (self.is_numeric() && other.is_numeric()) || (self.is_instant() && other.is_instant()))
    }
}

/// An expression with its type.
pub(super) struct Typed {
    pub(super) operand: Operand,
    pub(super) sort: Sort,
}

impl Checker<'_> {
    pub(super) fn test(&mut self, node: &Node) -> Result<Test> {
        Ok(match &node.expr {
            Expr::Boolean(value) => Test::Constant(Some(*value)),
            Expr::And(tests) => Test::And(self.tests(tests)?),
            Expr::Or(tests) => Test::Or(self.tests(tests)?),
            Expr::Not(test) => Test::Not(Box::new(self.test(test)?)),
            Expr::Compare(op, operands) => self.compare(*op, operands)?,
            Expr::Like(operands) => self.like(operands)?,
            Expr::Between(operands) => self.between(operands)?,
            Expr::In(needle, items) => self.is_in(needle, items)?,
            Expr::IsNull(operand) => self.is_null(operand)?,
            Expr::Spatial(op, operands) => self.spatial(*op, operands)?,
            Expr::Temporal(op, operands) => self.temporal(*op, operands)?,
            Expr::Array(op, operands) => self.array(*op, operands)?,
            _ => {
                let typed = self.operand(node)?;
                if typed.sort != Sort::Kind(Kind::Boolean) {
                    let remedy = "compare it with a value (`=`, `<`, LIKE, …) or test it (IS NULL)";
                    return Err(mismatch(node, typed.sort, "a condition", remedy));
                }
                Test::Value(typed.operand)
            }
        })
    }

    fn tests(&mut self, tests: &[Node]) -> Result<Vec<Test>> {
        tests.iter().map(|test| self.test(test)).collect()
    }

    fn compare(&mut self, op: Comparison, operands: &[Node; 2]) -> Result<Test> {
        let [left, right] = operands;
        let (mut a, mut b) = (self.operand(left)?, self.operand(right)?);
        cast(left, &mut a, b.sort)?;
        cast(right, &mut b, a.sort)?;
        comparable(left, a.sort, right, b.sort)?;
        Ok(Test::Compare(op, a.operand, b.operand))
    }

    fn like(&mut self, operands: &[Node; 2]) -> Result<Test> {
        let [text, pattern] = operands;
        let value = self.wanted(text, Kind::Text)?;
        let typed = self.wanted(pattern, Kind::Text)?;
        let Operand::Constant(Value::Text(written)) = typed else {
            let remedy = "write the pattern as a text, in CASEI or ACCENTI if need be";
            return Err(mismatch(pattern, Sort::Kind(Kind::Text), "a pattern", remedy));
        };
        if written.chars().nth(MAX_PATTERN).is_some() {
            let remedy = format!("write a pattern of at most {MAX_PATTERN} characters");
            return Err(Cql2Error::literal(&pattern.at, "pattern", remedy));
        }
        Ok(Test::Like(value, Pattern::new(&normal(&written))))
    }

    fn between(&mut self, operands: &[Node; 3]) -> Result<Test> {
        let [value, low, high] = operands;
        let operands =
            [self.wanted(value, Kind::Number)?, self.wanted(low, Kind::Number)?, self.wanted(high, Kind::Number)?];
        Ok(Test::Between(Box::new(operands)))
    }

    fn is_in(&mut self, needle: &Node, nodes: &[Node]) -> Result<Test> {
        let sought = self.operand(needle)?;
        let mut items = Items::default();
        for node in nodes {
            let mut item = self.operand(node)?;
            cast(node, &mut item, sought.sort)?;
            comparable(needle, sought.sort, node, item.sort)?;
            let same_grain = sought.sort == item.sort || sought.sort.is_numeric();
            match item.operand {
                Operand::Constant(value) if value != Value::Null && same_grain => items.sorted.push(value),
                other => items.others.push(other),
            }
        }
        items.sorted.sort_by(|a, b| order(a, b, self.schema.offset).unwrap_or(Ordering::Equal));
        Ok(Test::In(sought.operand, items))
    }

    fn is_null(&mut self, operand: &Node) -> Result<Test> {
        let typed = self.operand(operand)?;
        if matches!(operand.expr, Expr::List(_)) {
            let remedy = "test its elements, or the array of a property";
            return Err(mismatch(operand, typed.sort, "a value that can be NULL", remedy));
        }
        Ok(Test::IsNull(typed.operand))
    }

    fn spatial(&mut self, op: Spatial, operands: &[Node; 2]) -> Result<Test> {
        let left = self.wanted(&operands[0], Kind::Geometry)?;
        let right = self.wanted(&operands[1], Kind::Geometry)?;
        for (operand, node) in [(&left, &operands[0]), (&right, &operands[1])] {
            if let Operand::Shape(index) = operand
                && needs_interior(op)
                && overlaps_itself(&self.shapes[*index].geometry)
            {
                let remedy = "unite the overlapping polygons of the collection, or use S_INTERSECTS";
                return Err(Cql2Error::literal(&node.at, "geometry", remedy));
            }
        }
        Ok(Test::Spatial(op, left, right))
    }

    fn array(&mut self, op: Array, operands: &[Node; 2]) -> Result<Test> {
        let left = self.wanted(&operands[0], Kind::Array)?;
        let right = self.wanted(&operands[1], Kind::Array)?;
        Ok(Test::Array(op, left, right))
    }
}

/// A text literal beside an instant is the instant that it writes.
fn cast(node: &Node, typed: &mut Typed, beside: Sort) -> Result<()> {
    let Expr::Text(text) = &node.expr else { return Ok(()) };
    if !beside.is_instant() {
        return Ok(());
    }
    let (value, sort) = match (super::time::read_date(text), super::time::read_timestamp(text)) {
        (Some(date), _) => (Value::Date(date), Kind::Date),
        (None, Some(timestamp)) => (Value::Timestamp(timestamp), Kind::Timestamp),
        (None, None) => {
            let remedy = "write DATE('YYYY-MM-DD') or TIMESTAMP('YYYY-MM-DDThh:mm:ssZ')";
            return Err(mismatch(node, typed.sort, beside.name(), remedy));
        }
    };
    *typed = Typed { operand: Operand::Constant(value), sort: Sort::Kind(sort) };
    Ok(())
}

/// Blames the operand that is no property, for its writer can change it.
fn comparable(left: &Node, a: Sort, right: &Node, b: Sort) -> Result<()> {
    if a.compares_with(b) {
        return Ok(());
    }
    let is_property = |node: &Node| matches!(node.expr, Expr::Property(_));
    if !a.is_scalar() {
        return Err(mismatch(left, a, "a value that has an order", instead(a)));
    }
    if !b.is_scalar() {
        return Err(mismatch(right, b, "a value that has an order", instead(b)));
    }
    let (blamed, found, other, wanted) =
        if is_property(right) && !is_property(left) { (left, a, right, b) } else { (right, b, left, a) };
    let wanted_by = format!("{} for {}", wanted.name(), describe(other, wanted));
    Err(mismatch(blamed, found, &wanted_by, writing(wanted)))
}

/// How a value of a type is written, for errors.
pub(super) fn writing(sort: Sort) -> &'static str {
    match sort {
        Sort::Kind(Kind::Text) => "write a text in single quotes",
        Sort::Kind(Kind::Integer | Kind::Number) => "write a number without quotes",
        Sort::Kind(Kind::Boolean) => "write TRUE or FALSE",
        Sort::Kind(Kind::Date) => "write DATE('YYYY-MM-DD')",
        Sort::Kind(Kind::Timestamp) => "write TIMESTAMP('YYYY-MM-DDThh:mm:ssZ')",
        Sort::Kind(Kind::Geometry) => "write a geometry, as POINT(108.22 16.07) or BBOX(108, 16, 108.3, 16.2)",
        Sort::Kind(Kind::Array) => "write an array in parentheses",
        Sort::Interval => "write INTERVAL('2026-01-01', '..')",
    }
}

/// What to use for a type that comparisons do not take.
fn instead(sort: Sort) -> &'static str {
    match sort {
        Sort::Kind(Kind::Geometry) => "use S_EQUALS or another spatial function",
        Sort::Kind(Kind::Array) => "use A_EQUALS or another array function",
        _ => "use T_EQUALS or another temporal function",
    }
}
