//! Tests across the parts of the language.

mod bounds;
mod errors;
mod examples;
mod fuzz;
mod generate;
mod logic;
mod plan;
mod relations;
