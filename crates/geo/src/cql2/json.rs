//! CQL2 JSON (Annex C of the standard) read from a document or from its values.

use serde_json::{Map, Value as Json};

use super::MAX_LENGTH;
use super::ast::{Budget, Expr, Filter, Node};
use super::error::{Cql2Error, Position, Result, shorten};
use super::geojson;
use super::names::{Arithmetic, Comparison, is_identifier, is_keyword};
use super::number::Number;
use super::text::{exactly, operator};
use super::text_operand::{LIMIT_REMEDY, read_limit};
use super::time::{DATE_REMEDY, TIMESTAMP_REMEDY, read_date, read_timestamp};

/// Reads a filter in CQL2 JSON.
pub fn parse_json(text: &str) -> Result<Filter, Cql2Error> {
    if text.len() > MAX_LENGTH {
        return Err(Cql2Error::TooLong { length: text.len() });
    }
    let value = serde_json::from_str(text).map_err(|error| match error.to_string() {
        deep if deep.starts_with("recursion limit") => Cql2Error::TooDeep { at: top() },
        reason => Cql2Error::Json { reason },
    })?;
    parse_json_value(&value)
}

/// Reads a filter that is already a JSON value, as part of a larger document.
pub fn parse_json_value(value: &Json) -> Result<Filter, Cql2Error> {
    let mut reader = Reader { path: String::new(), budget: Budget::default(), coordinates: 0 };
    Ok(Filter { root: reader.node(value)? })
}

fn top() -> Position {
    Position::Pointer("".into())
}

pub(super) struct Reader {
    /// The pointer to the value being read.
    path: String,
    budget: Budget,
    /// Positions read so far, in all geometries.
    pub(super) coordinates: usize,
}

impl Reader {
    pub(super) fn at(&self) -> Position {
        Position::Pointer(self.path.as_str().into())
    }

    /// Reads what is below, one step further.
    pub(super) fn step<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(step);
        let result = read(self);
        self.path.truncate(length);
        result
    }

    pub(super) fn each<T>(
        &mut self,
        items: &[Json],
        mut read: impl FnMut(&mut Self, &Json) -> Result<T>,
    ) -> Result<Vec<T>> {
        items.iter().enumerate().map(|(i, item)| self.step(&i.to_string(), |reader| read(reader, item))).collect()
    }

    fn node(&mut self, value: &Json) -> Result<Node> {
        let at = self.at();
        self.budget.enter(&at)?;
        self.budget.part(&at)?;
        let expr = self.expr(value, &at)?;
        self.budget.leave();
        Ok(Node { expr, at })
    }

    fn nodes(&mut self, items: &[Json]) -> Result<Vec<Node>> {
        Budget::items(items.len(), &self.at())?;
        self.each(items, Self::node)
    }

    fn expr(&mut self, value: &Json, at: &Position) -> Result<Expr> {
        match value {
            Json::Null => Err(Cql2Error::syntax(at, "a value (`isNull` tests for null)", "null")),
            Json::Bool(value) => Ok(Expr::Boolean(*value)),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Ok(Expr::Number(Number::Integer(integer))),
                (None, float) => float
                    .and_then(Number::finite)
                    .map(Expr::Number)
                    .ok_or_else(|| Cql2Error::literal(at, "number", "write a number of less than 1E308")),
            },
            Json::String(text) => Ok(Expr::Text(text.clone())),
            Json::Array(items) => self.nodes(items).map(Expr::List),
            Json::Object(members) => self.object(members, at),
        }
    }

    fn object(&mut self, members: &Map<String, Json>, at: &Position) -> Result<Expr> {
        if let Some(op) = members.get("op") {
            let Json::String(op) = op else { return Err(Cql2Error::syntax(at, "a text as `op`", kind(op))) };
            let Some(Json::Array(arguments)) = members.get("args") else {
                return Err(Cql2Error::syntax(at, format!("an array `args` beside `op` {}", shorten(op)), "none"));
            };
            return self.step("args", |reader| reader.operation(op, arguments, at));
        }
        if let Some(name) = members.get("property") {
            return match name {
                Json::String(name) if !name.is_empty() => Ok(Expr::Property(name.clone())),
                other => Err(Cql2Error::syntax(at, "the name of a property", kind(other))),
            };
        }
        if let Some(date) = members.get("date") {
            let read = date.as_str().and_then(read_date);
            return read.map(Expr::Date).ok_or_else(|| Cql2Error::literal(at, shown(date), DATE_REMEDY));
        }
        if let Some(timestamp) = members.get("timestamp") {
            let read = timestamp.as_str().and_then(read_timestamp);
            return read.map(Expr::Timestamp).ok_or_else(|| Cql2Error::literal(at, shown(timestamp), TIMESTAMP_REMEDY));
        }
        if let Some(limits) = members.get("interval") {
            return self.step("interval", |reader| reader.interval(limits, at));
        }
        if members.contains_key("type") {
            return self.geometry(members, at);
        }
        if let Some(numbers) = members.get("bbox") {
            return geojson::bbox(numbers, at);
        }
        let found = members.keys().next().map_or("an empty object".to_owned(), |key| format!("`{}`", shorten(key)));
        Err(Cql2Error::syntax(at, "`op`, `property`, `date`, `timestamp`, `interval`, `bbox` or a geometry", found))
    }

    fn operation(&mut self, op: &str, arguments: &[Json], at: &Position) -> Result<Expr> {
        let is = |name: &str| op.eq_ignore_ascii_case(name);
        if is("in") {
            return self.in_list(arguments, at);
        }
        let nodes = self.nodes(arguments)?;
        if is("and") || is("or") {
            if nodes.len() < 2 {
                let found = format!("{}", nodes.len());
                return Err(Cql2Error::syntax(at, format!("2 or more operands of `{op}`"), found));
            }
            return Ok(if is("and") { Expr::And(nodes) } else { Expr::Or(nodes) });
        }
        if is("not") {
            let [test] = exactly(nodes, op, at)?;
            return Ok(Expr::Not(Box::new(test)));
        }
        if let Some(comparison) = Comparison::find(op) {
            return Ok(Expr::Compare(comparison, Box::new(exactly(nodes, op, at)?)));
        }
        if let Some(arithmetic) = Arithmetic::find(op) {
            return Ok(Expr::Arithmetic(arithmetic, Box::new(exactly(nodes, op, at)?)));
        }
        if is("like") {
            return Ok(Expr::Like(Box::new(exactly(nodes, op, at)?)));
        }
        if is("between") {
            return Ok(Expr::Between(Box::new(exactly(nodes, op, at)?)));
        }
        if is("isNull") {
            let [operand] = exactly(nodes, op, at)?;
            return Ok(Expr::IsNull(Box::new(operand)));
        }
        let call = operator(op, nodes, at)?;
        if matches!(call, Expr::Call(..)) && (!is_identifier(op) || is_keyword(op)) {
            return Err(Cql2Error::syntax(at, "an operator of CQL2 or the name of a function", shorten(op)));
        }
        Ok(call)
    }

    fn in_list(&mut self, arguments: &[Json], at: &Position) -> Result<Expr> {
        let [needle, Json::Array(items)] = arguments else {
            return Err(Cql2Error::syntax(at, "a value and an array of values as `args` of `in`", "something else"));
        };
        if items.is_empty() {
            return Err(Cql2Error::syntax(at, "at least one value in the array of `in`", "none"));
        }
        let needle = self.step("0", |reader| reader.node(needle))?;
        let items = self.step("1", |reader| reader.nodes(items))?;
        Ok(Expr::In(Box::new(needle), items))
    }

    fn interval(&mut self, limits: &Json, at: &Position) -> Result<Expr> {
        let Json::Array(limits) = limits else {
            return Err(Cql2Error::syntax(at, "an array of two limits", kind(limits)));
        };
        let limits = self.each(limits, |reader, limit| match limit {
            Json::String(text) => {
                let at = reader.at();
                reader.budget.part(&at)?;
                let expr = read_limit(text).ok_or_else(|| Cql2Error::literal(&at, shown(limit), LIMIT_REMEDY))?;
                Ok(Node { expr, at })
            }
            other => reader.node(other),
        })?;
        Ok(Expr::Interval(Box::new(exactly(limits, "interval", at)?)))
    }
}

/// How an error calls a JSON value.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(text) if text.is_empty() => "an empty text",
        Json::String(_) => "a text",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| kind(value).to_owned(), |text| format!("text '{}'", shorten(text)))
}
