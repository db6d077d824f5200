//! A filter as it was written: the same tree for text and JSON, with the place of each part for errors.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::{Cql2Error, Position, Result};
use super::names::{Arithmetic, Array, Comparison, Folding, Spatial, Temporal};
use super::number::Number;
use super::shape::{BBox, Shape};
use super::{MAX_DEPTH, MAX_ITEMS, MAX_PARTS};

/// A filter whose grammar is right; [`Filter::check`] says whether it fits a layer. Điều kiện lọc.
///
/// Two filters are equal where they say the same in the same order, wherever they were read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub(super) root: Node,
}

/// A part of a filter.
#[derive(Clone, Debug)]
pub struct Node {
    pub expr: Expr,
    pub at: Position,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.expr == other.expr
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Boolean(bool),
    Number(Number),
    Text(String),
    Date(Date),
    Timestamp(Timestamp),
    /// `..` of an interval.
    Unbounded,
    Interval(Box<[Node; 2]>),
    Shape(Box<Shape>),
    BBox(Box<BBox>),
    List(Vec<Node>),
    Property(String),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<[Node; 2]>),
    Like(Box<[Node; 2]>),
    Between(Box<[Node; 3]>),
    In(Box<Node>, Vec<Node>),
    IsNull(Box<Node>),
    Fold(Folding, Box<Node>),
    Spatial(Spatial, Box<[Node; 2]>),
    Temporal(Temporal, Box<[Node; 2]>),
    Array(Array, Box<[Node; 2]>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    Call(String, Vec<Node>),
}

/// Counts what both readers bound: depth, parts, items.
#[derive(Debug, Default)]
pub struct Budget {
    parts: usize,
    depth: usize,
}

impl Budget {
    /// Begins a level; [`Budget::leave`] ends it.
    pub fn enter(&mut self, at: &Position) -> Result<()> {
        self.depth += 1;
        Self::depth(self.depth, at)
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Whether a tree may be this deep.
    pub fn depth(depth: usize, at: &Position) -> Result<()> {
        if depth > MAX_DEPTH { Err(Cql2Error::TooDeep { at: at.clone() }) } else { Ok(()) }
    }

    pub fn part(&mut self, at: &Position) -> Result<()> {
        self.parts += 1;
        if self.parts > MAX_PARTS { Err(Cql2Error::TooManyParts { at: at.clone() }) } else { Ok(()) }
    }

    /// Whether a list may have this many items.
    pub fn items(count: usize, at: &Position) -> Result<()> {
        if count > MAX_ITEMS { Err(Cql2Error::TooManyItems { at: at.clone() }) } else { Ok(()) }
    }
}
