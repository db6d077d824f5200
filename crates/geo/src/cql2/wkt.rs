//! Geometries of CQL2 text: well-known text (OGC 06-103r4, clause 7) and `BBOX`.

use geo_types::{Coord, Geometry, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Point};

use super::ast::Expr;
use super::error::{Cql2Error, Position, Result};
use super::lexer::Token;
use super::number::Number;
use super::shape::{BBox, Gather, line, polygon};
use super::text::Parser;

const TYPES: &[&str] =
    &["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

impl Parser<'_> {
    /// The geometry that begins with this word, if one does; the word is the next token.
    pub(super) fn wkt(&mut self, word: &str, at: &Position) -> Result<Option<Expr>> {
        let opens = |parser: &mut Self| matches!(parser.peek(), Token::Symbol("("));
        let bbox = word.eq_ignore_ascii_case("BBOX");
        let name = TYPES.iter().find(|name| name.eq_ignore_ascii_case(word));
        if !bbox && name.is_none() {
            return Ok(None);
        }
        let start = self.mark();
        self.advance();
        if bbox && opens(self) {
            return self.bbox(at).map(|bbox| Some(Expr::BBox(Box::new(bbox))));
        }
        // The dimension is told by the positions; the `Z` of WKT may be left out (clause 8.2).
        let z = self.word("Z");
        match name {
            Some(name) if z || opens(self) => {
                let mut gather = Gather::default();
                let geometry = self.tagged(name, &mut gather, at)?;
                let shape = gather.shape(geometry);
                if z && shape.heights.is_empty() {
                    return Err(Cql2Error::literal(at, format!("{name} Z"), "give each position a third number"));
                }
                Ok(Some(Expr::Shape(Box::new(shape))))
            }
            // A property may be called `point` or `bbox`.
            _ => {
                self.rewind(start);
                Ok(None)
            }
        }
    }

    fn bbox(&mut self, at: &Position) -> Result<BBox> {
        let numbers = self.list(|parser| {
            let number = parser.coordinate()?;
            parser.coordinates += 1;
            Ok(number)
        })?;
        BBox::new(&numbers, at)
    }

    fn tagged(&mut self, name: &str, gather: &mut Gather, at: &Position) -> Result<Geometry<f64>> {
        Ok(match name {
            "POINT" => {
                self.expect("(")?;
                let coord = self.position(gather)?;
                self.expect(")")?;
                Point(coord).into()
            }
            "LINESTRING" => line(self.positions(gather)?, at)?.into(),
            "POLYGON" => polygon(self.list(|p| p.positions(gather))?, at)?.into(),
            "MULTIPOINT" => MultiPoint(self.list(|p| p.point_of_many(gather))?).into(),
            "MULTILINESTRING" => MultiLineString(self.list(|p| line(p.positions(gather)?, at))?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.list(|p| polygon(p.list(|p| p.positions(gather))?, at))?).into(),
            _ => Geometry::GeometryCollection(GeometryCollection(self.list(|p| p.member(gather))?)),
        })
    }

    /// A geometry of a collection, which is no collection itself.
    fn member(&mut self, gather: &mut Gather) -> Result<Geometry<f64>> {
        let at = self.at();
        let name = match self.peek() {
            Token::Word(word) => TYPES[..6].iter().find(|name| name.eq_ignore_ascii_case(word)),
            _ => None,
        };
        let Some(name) = name else { return Err(self.unexpected("a geometry that is no collection")) };
        self.advance();
        self.word("Z");
        self.tagged(name, gather, &at)
    }

    /// `(1 2)`, or `1 2` as older versions of WKT have it.
    fn point_of_many(&mut self, gather: &mut Gather) -> Result<Point<f64>> {
        let grouped = self.symbol("(");
        let coord = self.position(gather)?;
        if grouped {
            self.expect(")")?;
        }
        Ok(Point(coord))
    }

    fn positions(&mut self, gather: &mut Gather) -> Result<Vec<Coord<f64>>> {
        self.list(|parser| parser.position(gather))
    }

    fn position(&mut self, gather: &mut Gather) -> Result<Coord<f64>> {
        let at = self.at();
        let mut numbers = [0.0; 3];
        let mut count = 0;
        while count < 3 && matches!(self.peek(), Token::Number(_) | Token::Symbol("-" | "+")) {
            numbers[count] = self.coordinate()?;
            count += 1;
        }
        if count < 2 {
            return Err(self.unexpected("a coordinate"));
        }
        gather.position(&numbers[..count], &mut self.coordinates, &at)
    }

    fn coordinate(&mut self) -> Result<f64> {
        let negative = self.symbol("-");
        if !negative {
            self.symbol("+");
        }
        let Token::Number(digits) = *self.peek() else { return Err(self.unexpected("a coordinate")) };
        let Some(number) = Number::read(digits, negative) else {
            return Err(Cql2Error::literal(&self.at(), "coordinate", "write a number of less than 1E308"));
        };
        self.advance();
        // -0 is written as an integer but is a float here.
        Ok(if negative && number.as_f64() == 0.0 { -0.0 } else { number.as_f64() })
    }

    /// One or more items in parentheses.
    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.expect("(")?;
        let mut items = Vec::new();
        loop {
            items.push(item(self)?);
            if !self.symbol(",") {
                self.expect(")")?;
                return Ok(items);
            }
        }
    }
}
