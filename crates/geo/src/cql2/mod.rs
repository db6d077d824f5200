//! OGC Common Query Language 2 (OGC 21-065r2): filters read from text and JSON, written back in both, checked against
//! the queryables of a layer and evaluated over its features.
//!
//! [`parse_text`] and [`parse_json`] know only the grammar. [`Filter::check`] brings in the [`Schema`]: it finds
//! unknown names and types that do not fit, folds what is constant and leaves a [`Checked`] that answers for a feature
//! ([`Checked::matches`], or [`Checked::matcher`] for many) and tells an index what to look up ([`Checked::plan`]).
//!
//! Where the standard leaves a choice:
//! - A date beside a timestamp compares as dates: the timestamp counts as its day in the schema's offset from UTC.
//! - A text literal beside a date or a timestamp is read as one (`/per/basic-cql2/type-casts`); nothing else is cast.
//! - Arithmetic on integers is exact; a sum that leaves 64 bits goes on as a floating-point number. `/` divides
//!   exactly (7 / 2 is 3.5), `div` cuts towards zero, `%` has the sign of the dividend. Division by zero is NULL.
//! - An interval with an end that is NULL, or that ends before it begins, is NULL.
//! - A geometry of a filter that crosses or overlaps itself is refused: relations are defined for valid shapes only.
//! - A value that is not of the type the schema declares counts as NULL, as do shapes with a coordinate that is not
//!   finite.
//! - Wider than the grammar: a boolean property stands for a condition by itself, `MULTIPOINT(1 2, 3 4)` is read,
//!   timestamps may have an offset, and `-(a + b)` is arithmetic.

mod arithmetic;
mod array;
mod ast;
mod check;
mod check_operand;
mod check_time;
mod error;
mod eval;
mod fold;
mod function;
mod geojson;
mod json;
mod lexer;
mod like;
mod matcher;
mod names;
mod number;
mod plan;
mod plan_time;
mod program;
mod range;
mod schema;
mod shape;
mod spatial;
mod temporal;
mod text;
mod text_operand;
mod time;
mod to_json;
mod to_text;
mod transform;
mod valid;
mod wkt;

#[cfg(test)]
mod tests;

pub use ast::Filter;
pub use error::{Cql2Error, Position};
pub use function::{FUNCTIONS, Function, Parameter};
pub use json::{parse_json, parse_json_value};
pub use matcher::{Checked, Matcher};
pub use plan::Plan;
pub use range::{Bound, Restriction};
pub use schema::{Feature, Kind, Queryable, Schema, SchemaError, Value};
pub use text::parse_text;

/// Bytes of a filter, in text or JSON.
pub const MAX_LENGTH: usize = 256 * 1024;
/// Levels of nesting. A filter this deep, written as JSON, stays within the 127 levels that `serde_json` reads.
pub const MAX_DEPTH: usize = 60;
/// Operators, properties and literals in a filter.
pub const MAX_PARTS: usize = 10_000;
/// Positions in all geometries of a filter.
pub const MAX_COORDINATES: usize = 10_000;
/// Items of one list or one array.
pub const MAX_ITEMS: usize = 2_000;
/// Characters of a pattern of LIKE, so that matching one stays cheap whatever it looks like.
pub const MAX_PATTERN: usize = 1_000;

/// The conformance classes that this module covers. A server that claims `functions` lists [`FUNCTIONS`] at
/// `/functions`.
pub const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
];
