//! Periods checked: the limits of intervals and the operands of temporal functions.

use super::ast::{Expr, Node};
use super::check::{Checker, Sort, Typed, writing};
use super::check_operand::{mismatch, ungrouped};
use super::error::{Cql2Error, Result};
use super::names::Temporal;
use super::program::{Operand, Span, Test};
use super::schema::{Kind, Value};
use super::temporal::{Grain, Limit, refine, takes_instants};

/// A period with the types of its limits.
struct Limits {
    span: Span,
    kinds: [Option<Kind>; 2],
}

impl Limits {
    /// A period is of days where it has no timestamp; `None` where it has no limits at all.
    fn grain(&self) -> Option<Grain> {
        let kinds = self.kinds.iter().flatten();
        kinds.map(|kind| if *kind == Kind::Date { Grain::Day } else { Grain::Moment }).max_by_key(|grain| *grain as u8)
    }
}

impl Checker<'_> {
    pub(super) fn temporal(&mut self, op: Temporal, operands: &[Node; 2]) -> Result<Test> {
        let mut left = self.limits(op, &operands[0])?;
        let mut right = self.limits(op, &operands[1])?;
        // Of two grains the coarser one: a day has no moments to compare.
        let grain = match (left.grain(), right.grain()) {
            (Some(Grain::Day), _) | (_, Some(Grain::Day)) => Grain::Day,
            _ => Grain::Moment,
        };
        self.settle(&mut left.span, grain, &operands[0])?;
        self.settle(&mut right.span, grain, &operands[1])?;
        Ok(Test::Temporal(op, grain, Box::new([left.span, right.span])))
    }

    fn limits(&mut self, op: Temporal, node: &Node) -> Result<Limits> {
        let node = ungrouped(node, Kind::Date);
        if let Expr::Interval(limits) = &node.expr {
            let (start, end) = (self.limit(&limits[0])?, self.limit(&limits[1])?);
            let kinds = [start.as_ref().map(|(_, kind)| *kind), end.as_ref().map(|(_, kind)| *kind)];
            let operand = |limit: Option<(Operand, Kind)>| limit.map(|(operand, _)| operand);
            return Ok(Limits { span: Span { start: operand(start), end: operand(end), instant: false }, kinds });
        }
        let Typed { operand, sort } = self.operand(node)?;
        let Sort::Kind(kind @ (Kind::Date | Kind::Timestamp)) = sort else {
            let remedy = "write DATE('YYYY-MM-DD'), TIMESTAMP('YYYY-MM-DDThh:mm:ssZ') or INTERVAL(start, end)";
            return Err(mismatch(node, sort, "date, timestamp or interval", remedy));
        };
        if !takes_instants(op) {
            let name = op.name().to_uppercase();
            let wanted = format!("interval for {name}");
            return Err(mismatch(node, sort, &wanted, "write INTERVAL(start, end), or use T_INTERSECTS"));
        }
        Ok(Limits { span: Span { start: Some(operand), end: None, instant: true }, kinds: [Some(kind), None] })
    }

    /// `None` is without limit.
    fn limit(&mut self, node: &Node) -> Result<Option<(Operand, Kind)>> {
        if node.expr == Expr::Unbounded {
            return Ok(None);
        }
        let Typed { operand, sort } = self.operand(node)?;
        match sort {
            Sort::Kind(kind @ (Kind::Date | Kind::Timestamp)) => Ok(Some((operand, kind))),
            _ => Err(mismatch(node, sort, "date or timestamp", writing(Sort::Kind(Kind::Date)))),
        }
    }

    /// Constants are brought into the grain once; an interval of constants has to end where it begins or later.
    fn settle(&self, span: &mut Span, grain: Grain, node: &Node) -> Result<()> {
        for (operand, limit) in [(&mut span.start, Limit::Start), (&mut span.end, Limit::End)] {
            if let Some(Operand::Constant(value)) = operand
                && let Some(refined) = refine(value, grain, limit, self.schema.offset)
            {
                *value = refined;
            }
        }
        if let (Some(Operand::Constant(start)), Some(Operand::Constant(end))) = (&span.start, &span.end)
            && super::eval::order(start, end, self.schema.offset).is_some_and(std::cmp::Ordering::is_gt)
        {
            return Err(Cql2Error::literal(&node.at, "interval", "begin it before it ends"));
        }
        Ok(())
    }

    /// An interval as a value, which only IS NULL and arrays take: the list of its limits.
    pub(super) fn interval(&mut self, limits: &[Node; 2]) -> Result<Typed> {
        let mut operands = Vec::with_capacity(2);
        for limit in limits {
            let operand = self.limit(limit)?.map(|(operand, _)| operand);
            operands.push(operand.unwrap_or(Operand::Constant(Value::Text("..".into()))));
        }
        Ok(Typed { operand: Operand::List(operands), sort: Sort::Interval })
    }
}
