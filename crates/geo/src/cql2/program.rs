//! A checked filter: names are indices, patterns and constants are ready.

use super::function::Function;
use super::like::Pattern;
use super::names::{Arithmetic, Array, Comparison, Folding, Spatial, Temporal};
use super::schema::Value;
use super::temporal::Grain;

/// A condition, which is true, false or NULL.
#[derive(Clone, Debug)]
pub enum Test {
    Constant(Option<bool>),
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare(Comparison, Operand, Operand),
    Like(Operand, Pattern),
    Between(Box<[Operand; 3]>),
    In(Operand, Items),
    IsNull(Operand),
    Spatial(Spatial, Operand, Operand),
    Temporal(Temporal, Grain, Box<[Span; 2]>),
    Array(Array, Operand, Operand),
    /// A property or a function that is boolean itself.
    Value(Operand),
}

/// What stands in a list of IN.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Constants that have an order with the value sought, in that order.
    pub sorted: Vec<Value<'static>>,
    pub others: Vec<Operand>,
}

/// A period: two limits, or an instant that is both.
#[derive(Clone, Debug)]
pub struct Span {
    /// `None` is without limit.
    pub start: Option<Operand>,
    pub end: Option<Operand>,
    /// Start and end are one instant, which is evaluated once.
    pub instant: bool,
}

/// An expression with a value.
#[derive(Clone, Debug)]
pub enum Operand {
    Constant(Value<'static>),
    Property(usize),
    /// The feature's geometry.
    Geometry,
    /// A geometry of the filter.
    Shape(usize),
    Fold(Folding, Box<Operand>),
    Arithmetic(Arithmetic, Box<[Operand; 2]>),
    Call(&'static Function, Vec<Operand>),
    List(Vec<Operand>),
    Test(Box<Test>),
}
