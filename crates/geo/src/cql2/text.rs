//! CQL2 text (Annex B of the standard) read by descent: one function a level of precedence.

use super::MAX_LENGTH;
use super::ast::{Budget, Expr, Filter, Node};
use super::error::{Cql2Error, Position, Result};
use super::lexer::{Spanned, Token, describe, tokens};
use super::names::{Array, Comparison, Folding, Spatial, Temporal};

/// Reads a filter in CQL2 text.
pub fn parse_text(text: &str) -> Result<Filter, Cql2Error> {
    if text.len() > MAX_LENGTH {
        return Err(Cql2Error::TooLong { length: text.len() });
    }
    let mut parser = Parser { tokens: tokens(text), next: 0, budget: Budget::default(), coordinates: 0 };
    let root = parser.disjunction()?.node;
    match parser.peek() {
        Token::End => Ok(Filter { root }),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

pub(super) struct Parser<'a> {
    tokens: Vec<Spanned<'a>>,
    next: usize,
    pub(super) budget: Budget,
    /// Positions read so far, in all geometries.
    pub(super) coordinates: usize,
}

/// What was read, how deep it is, and how many parentheses it has of its own: a list of one looks like that.
pub(super) struct Read {
    pub(super) node: Node,
    pub(super) depth: usize,
    pub(super) groups: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> &Token<'a> {
        &self.tokens[self.next].token
    }

    pub(super) fn peek_second(&self) -> &Token<'a> {
        &self.tokens[(self.next + 1).min(self.tokens.len() - 1)].token
    }

    pub(super) fn at(&self) -> Position {
        self.tokens[self.next].at.clone()
    }

    /// The last token, the end or a stray, is never passed.
    pub(super) fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    /// The place of the next token, to come back to.
    pub(super) fn mark(&self) -> usize {
        self.next
    }

    pub(super) fn rewind(&mut self, mark: usize) {
        self.next = mark;
    }

    pub(super) fn unexpected(&self, expected: &str) -> Cql2Error {
        Cql2Error::syntax(&self.at(), expected, describe(self.peek()))
    }

    pub(super) fn word(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<()> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// A part around the parts that are as deep as `depth`.
    pub(super) fn read(&mut self, expr: Expr, at: Position, depth: usize) -> Result<Read> {
        self.budget.part(&at)?;
        Budget::depth(depth + 1, &at)?;
        Ok(Read { node: Node { expr, at }, depth: depth + 1, groups: 0 })
    }

    pub(super) fn disjunction(&mut self) -> Result<Read> {
        self.budget.enter(&self.at())?;
        let read = self.chain("OR", Self::conjunction, Expr::Or);
        self.budget.leave();
        read
    }

    fn conjunction(&mut self) -> Result<Read> {
        self.chain("AND", Self::negation, Expr::And)
    }

    fn chain(
        &mut self,
        keyword: &str,
        operand: fn(&mut Self) -> Result<Read>,
        join: fn(Vec<Node>) -> Expr,
    ) -> Result<Read> {
        let at = self.at();
        let first = operand(self)?;
        if !matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword)) {
            return Ok(first);
        }
        let mut depth = first.depth;
        let mut nodes = vec![first.node];
        while self.word(keyword) {
            let next = operand(self)?;
            depth = depth.max(next.depth);
            nodes.push(next.node);
        }
        self.read(join(nodes), at, depth)
    }

    /// The standard has one NOT before a condition; more are read, in a loop that no input makes deep.
    fn negation(&mut self) -> Result<Read> {
        let mut places = Vec::new();
        while matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("NOT")) {
            places.push(self.at());
            self.advance();
        }
        let mut test = self.predicate()?;
        while let Some(at) = places.pop() {
            test = self.read(Expr::Not(Box::new(test.node)), at, test.depth)?;
        }
        Ok(test)
    }

    /// A comparison of two operands, or what else follows an operand, or the operand alone.
    fn predicate(&mut self) -> Result<Read> {
        let at = self.at();
        let left = self.sum()?;
        if let Token::Symbol(symbol) = *self.peek()
            && let Some(op) = Comparison::find(symbol)
        {
            self.advance();
            let right = self.sum()?;
            let depth = left.depth.max(right.depth);
            return self.read(Expr::Compare(op, Box::new([left.node, right.node])), at, depth);
        }
        if self.word("IS") {
            let negative = self.word("NOT");
            if !self.word("NULL") {
                return Err(self.unexpected(if negative { "`NULL`" } else { "`NULL` or `NOT NULL`" }));
            }
            let test = self.read(Expr::IsNull(Box::new(left.node)), at.clone(), left.depth)?;
            return self.negated(test, negative, at);
        }
        let negative = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("NOT"));
        if negative {
            self.advance();
        }
        let test = if self.word("LIKE") {
            let pattern = self.sum()?;
            let depth = left.depth.max(pattern.depth);
            self.read(Expr::Like(Box::new([left.node, pattern.node])), at.clone(), depth)?
        } else if self.word("BETWEEN") {
            let low = self.sum()?;
            if !self.word("AND") {
                return Err(self.unexpected("`AND` and the upper limit of BETWEEN"));
            }
            let high = self.sum()?;
            let depth = left.depth.max(low.depth).max(high.depth);
            self.read(Expr::Between(Box::new([left.node, low.node, high.node])), at.clone(), depth)?
        } else if self.word("IN") {
            let (items, depth) = self.in_list()?;
            self.read(Expr::In(Box::new(left.node), items), at.clone(), depth.max(left.depth))?
        } else if negative {
            return Err(self.unexpected("`LIKE`, `BETWEEN` or `IN`"));
        } else {
            return Ok(left);
        };
        self.negated(test, negative, at)
    }

    fn negated(&mut self, test: Read, negative: bool, at: Position) -> Result<Read> {
        if !negative {
            return Ok(test);
        }
        self.read(Expr::Not(Box::new(test.node)), at, test.depth)
    }

    fn in_list(&mut self) -> Result<(Vec<Node>, usize)> {
        self.expect("(")?;
        let (mut items, mut depth) = (Vec::new(), 0);
        loop {
            let item = self.sum()?;
            depth = depth.max(item.depth);
            items.push(item.node);
            Budget::items(items.len(), &self.at())?;
            if !self.symbol(",") {
                self.expect(")")?;
                return Ok((items, depth));
            }
        }
    }
}

/// An operator that is written as a function, or a function. The readers of text and JSON share it.
pub(super) fn operator(word: &str, arguments: Vec<Node>, at: &Position) -> Result<Expr> {
    if let Some(op) = Folding::find(word) {
        let [argument] = exactly(arguments, word, at)?;
        return Ok(Expr::Fold(op, Box::new(argument)));
    }
    if let Some(op) = Spatial::find(word) {
        return Ok(Expr::Spatial(op, Box::new(exactly(arguments, word, at)?)));
    }
    if let Some(op) = Temporal::find(word) {
        return Ok(Expr::Temporal(op, Box::new(exactly(arguments, word, at)?)));
    }
    if let Some(op) = Array::find(word) {
        return Ok(Expr::Array(op, Box::new(exactly(arguments, word, at)?)));
    }
    Ok(Expr::Call(word.to_owned(), arguments))
}

/// As many operands as the operator takes.
pub(super) fn exactly<const N: usize>(nodes: Vec<Node>, name: &str, at: &Position) -> Result<[Node; N]> {
    let count = nodes.len();
    nodes.try_into().map_err(|_| Cql2Error::syntax(at, format!("{N} operands of `{name}`"), format!("{count}")))
}
