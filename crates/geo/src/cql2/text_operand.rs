//! Operands of CQL2 text: arithmetic, literals, lists, properties, functions.

use super::ast::{Budget, Expr};
use super::error::{Cql2Error, Position, Result, shorten};
use super::lexer::{Token, describe};
use super::names::{Arithmetic, is_reserved};
use super::number::Number;
use super::text::{Parser, Read, operator};
use super::time::{DATE_REMEDY, TIMESTAMP_REMEDY, read_date, read_timestamp};

impl<'a> Parser<'a> {
    pub(super) fn sum(&mut self) -> Result<Read> {
        self.operations(Self::product, |op| matches!(op, Arithmetic::Add | Arithmetic::Subtract))
    }

    fn product(&mut self) -> Result<Read> {
        use Arithmetic::{Divide, Modulo, Multiply, Quotient};
        self.operations(Self::power, |op| matches!(op, Multiply | Divide | Modulo | Quotient))
    }

    /// Operations of one precedence, from left to right.
    fn operations(&mut self, operand: fn(&mut Self) -> Result<Read>, here: fn(Arithmetic) -> bool) -> Result<Read> {
        let at = self.at();
        let mut left = operand(self)?;
        while let Some(op) = self.arithmetic().filter(|op| here(*op)) {
            self.advance();
            let right = operand(self)?;
            let depth = left.depth.max(right.depth);
            left = self.read(Expr::Arithmetic(op, Box::new([left.node, right.node])), at.clone(), depth)?;
        }
        Ok(left)
    }

    fn arithmetic(&self) -> Option<Arithmetic> {
        match self.peek() {
            Token::Symbol(name) | Token::Word(name) => Arithmetic::find(name),
            _ => None,
        }
    }

    fn power(&mut self) -> Result<Read> {
        let at = self.at();
        let base = self.factor()?;
        if !self.symbol("^") {
            return Ok(base);
        }
        let exponent = self.factor()?;
        if self.arithmetic() == Some(Arithmetic::Power) {
            return Err(self.unexpected("parentheses around one of two powers"));
        }
        let depth = base.depth.max(exponent.depth);
        self.read(Expr::Arithmetic(Arithmetic::Power, Box::new([base.node, exponent.node])), at, depth)
    }

    /// A sign belongs to the literal after it; before anything else it multiplies by -1.
    fn factor(&mut self) -> Result<Read> {
        let at = self.at();
        let negative = self.symbol("-");
        if !negative && !self.symbol("+") {
            return self.primary();
        }
        if let Token::Number(_) = self.peek() {
            return self.number(negative, at);
        }
        if !negative {
            return Err(self.unexpected("a number after `+`"));
        }
        let operand = self.primary()?;
        let minus_one = super::ast::Node { expr: Expr::Number(Number::Integer(-1)), at: at.clone() };
        let product = Expr::Arithmetic(Arithmetic::Multiply, Box::new([minus_one, operand.node]));
        self.read(product, at, operand.depth)
    }

    fn number(&mut self, negative: bool, at: Position) -> Result<Read> {
        let Token::Number(digits) = *self.peek() else { return Err(self.unexpected("a number")) };
        self.advance();
        let Some(number) = Number::read(digits, negative) else {
            return Err(Cql2Error::literal(&at, shorten(digits), "write a number of less than 1E308"));
        };
        self.read(Expr::Number(number), at, 0)
    }

    fn primary(&mut self) -> Result<Read> {
        let at = self.at();
        match self.peek().clone() {
            Token::Number(_) => self.number(false, at),
            Token::Text(text) => {
                self.advance();
                self.read(Expr::Text(text), at, 0)
            }
            Token::Quoted(name) if name.is_empty() => Err(self.unexpected("the name of a property")),
            Token::Quoted(name) => {
                self.advance();
                self.read(Expr::Property(name), at, 0)
            }
            Token::Symbol("(") => self.group(at),
            Token::Word(word) if word.eq_ignore_ascii_case("TRUE") || word.eq_ignore_ascii_case("FALSE") => {
                self.advance();
                self.read(Expr::Boolean(word.eq_ignore_ascii_case("TRUE")), at, 0)
            }
            Token::Word(word) if is_reserved(word) => {
                Err(self.unexpected("a value or a property (whose name, if it is a keyword, goes into double quotes)"))
            }
            Token::Word(word) => self.named(word, at),
            _ => Err(self.unexpected("a value, a property or a condition")),
        }
    }

    /// Parentheses around an expression, or a list.
    fn group(&mut self, at: Position) -> Result<Read> {
        self.expect("(")?;
        if self.symbol(")") {
            return self.read(Expr::List(Vec::new()), at, 0);
        }
        let first = self.disjunction()?;
        if self.symbol(")") {
            return Ok(Read { groups: first.groups + 1, ..first });
        }
        if !self.symbol(",") {
            return Err(self.unexpected("an operator, `,` or `)`"));
        }
        let first = self.as_list_element(first)?;
        let mut depth = first.depth;
        let mut nodes = vec![first.node];
        loop {
            let next = self.element()?;
            depth = depth.max(next.depth);
            nodes.push(next.node);
            Budget::items(nodes.len(), &self.at())?;
            if !self.symbol(",") {
                self.expect(")")?;
                return self.read(Expr::List(nodes), at, depth);
            }
        }
    }

    /// An element of a list or an argument, where parentheses make a list (`arrayExpression` comes first in the BNF).
    fn element(&mut self) -> Result<Read> {
        let element = self.disjunction()?;
        self.as_list_element(element)
    }

    fn as_list_element(&mut self, read: Read) -> Result<Read> {
        let groups = read.groups;
        let mut element = read;
        for _ in 0..groups {
            let at = element.node.at.clone();
            element = self.read(Expr::List(vec![element.node]), at, element.depth)?;
        }
        Ok(element)
    }

    /// A word that is no reserved keyword: a geometry, an operator in the form of a function, a function, a property.
    fn named(&mut self, word: &'a str, at: Position) -> Result<Read> {
        if let Some(geometry) = self.wkt(word, &at)? {
            return self.read(geometry, at, 0);
        }
        if *self.peek_second() != Token::Symbol("(") {
            self.advance();
            return self.read(Expr::Property(word.to_owned()), at, 0);
        }
        self.advance();
        self.advance();
        if word.eq_ignore_ascii_case("DATE") || word.eq_ignore_ascii_case("TIMESTAMP") {
            return self.instant(word.eq_ignore_ascii_case("DATE"), at);
        }
        if word.eq_ignore_ascii_case("INTERVAL") {
            return self.interval(at);
        }
        let (mut arguments, mut depth) = (Vec::new(), 0);
        if !self.symbol(")") {
            loop {
                let argument = self.element()?;
                depth = depth.max(argument.depth);
                arguments.push(argument.node);
                Budget::items(arguments.len(), &at)?;
                if !self.symbol(",") {
                    self.expect(")")?;
                    break;
                }
            }
        }
        let call = operator(word, arguments, &at)?;
        self.read(call, at, depth)
    }

    fn instant(&mut self, date: bool, at: Position) -> Result<Read> {
        let Token::Text(text) = self.peek().clone() else { return Err(self.unexpected("a date in single quotes")) };
        let (value, remedy) = match date {
            true => (read_date(&text).map(Expr::Date), DATE_REMEDY),
            false => (read_timestamp(&text).map(Expr::Timestamp), TIMESTAMP_REMEDY),
        };
        let value = value.ok_or_else(|| Cql2Error::literal(&self.at(), describe(self.peek()), remedy))?;
        self.advance();
        self.expect(")")?;
        self.read(value, at, 0)
    }

    fn interval(&mut self, at: Position) -> Result<Read> {
        let start = self.limit()?;
        self.expect(",")?;
        let end = self.limit()?;
        self.expect(")")?;
        let depth = start.depth.max(end.depth);
        self.read(Expr::Interval(Box::new([start.node, end.node])), at, depth)
    }

    /// Rule `instantParameter` of the BNF.
    fn limit(&mut self) -> Result<Read> {
        let at = self.at();
        let Token::Text(text) = self.peek() else {
            self.budget.enter(&at)?;
            let limit = self.primary()?;
            self.budget.leave();
            return Ok(limit);
        };
        let Some(limit) = read_limit(text) else {
            return Err(Cql2Error::literal(&at, describe(self.peek()), LIMIT_REMEDY));
        };
        self.advance();
        self.read(limit, at, 0)
    }
}

pub(super) const LIMIT_REMEDY: &str = "write a date, a timestamp or '..' as the limit of an interval";

/// A limit of an interval that is a text.
pub(super) fn read_limit(text: &str) -> Option<Expr> {
    if text == ".." {
        return Some(Expr::Unbounded);
    }
    read_date(text).map(Expr::Date).or_else(|| read_timestamp(text).map(Expr::Timestamp))
}
