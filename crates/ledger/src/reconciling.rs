//! Laying a statement beside the books inside one transaction: what of ours it may show is loaded, compared
//! ([`crate::reconcile`]) and written down; what left is confirmed, what nobody knows waits in suspense.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use songhan_app::Cx;
use songhan_base::{Id, Internal, Money};
use songhan_db::Tx;

use crate::events::StatementImported;
use crate::gateway::GatewayName;
use crate::ops::take_bank_notification::{self as notification, keep_in_suspense};
use crate::reconcile::{Direction, Finding, Kind, Line, Ours, Outcome, reconcile};
use crate::statement::{Source, Statement};
use crate::store::differences::{Difference, DifferenceState, Resolution, Resolved};
use crate::store::statements::{Kept, Told};
use crate::{paying_out, reference, store};

/// How long a bank may take for an order before it is missing.
const ORDER_DAYS: i64 = 3;
/// How far around the statement's days our own are looked at: notices may come late.
const AROUND_DAYS: i64 = 3;

/// One import, inside its transaction.
pub struct Import<'a> {
    cx: &'a Cx,
    id: Id,
    read: &'a Statement,
}

impl<'a> Import<'a> {
    pub fn new(cx: &'a Cx, read: &'a Statement) -> Self {
        Self { cx, id: cx.env.id(), read }
    }

    /// Writes statement, lines and differences, and books what follows from the statement alone.
    pub async fn run(&self, tx: &mut Tx, file_name: String, sha256: &str) -> Result<Kept, Internal> {
        let read = self.read;
        let fresh = self.fresh(tx).await?;
        let lines: Vec<Line> = fresh.iter().map(|at| read.lines[*at].clone()).collect();
        let ours = self.ours(tx, &lines).await?;
        let outcome = reconcile(&lines, &ours, &read.accounts, read.first_day, read.last_day);
        let sum = |direction| {
            let amounts = read.lines.iter().filter(|line| line.direction == direction).map(|line| line.amount);
            amounts.fold(Money::ZERO, |sum, amount| sum.checked_add(amount).unwrap_or(sum))
        };
        let kept = Kept {
            id: self.id,
            source: read.source,
            format: read.format,
            file_name,
            accounts: read.accounts.iter().cloned().collect(),
            first_day: read.first_day.to_string(),
            last_day: read.last_day.to_string(),
            line_count: read.lines.len() as i64,
            matched: outcome.matched.len() as i64,
            repeated: (read.lines.len() - fresh.len()) as i64,
            differences: outcome.findings.len() as i64,
            open: outcome.findings.len() as i64,
            credit_total: sum(Direction::Credit),
            debit_total: sum(Direction::Debit),
            imported_at: tx.now(),
        };
        store::statements::insert(tx, &kept, sha256, &self.cx.actor.label()).await?;
        let movements = self.apply(tx, &lines, &ours, &outcome, &fresh).await?;
        self.write_lines(tx, &fresh, &outcome, &ours, &movements).await?;
        let detail = serde_json::json!({ "sha256": sha256, "lines": kept.line_count, "matched": kept.matched, "differences": kept.differences });
        tx.audit("ledger.statement_imported", &format!("statement:{}", self.id), detail).await?;
        let (lines, matched, differences) = (kept.line_count, kept.matched, kept.differences);
        tx.emit(StatementImported { statement: self.id, lines, matched, differences }).await?;
        Ok(kept)
    }

    /// Places of the lines that no earlier statement had.
    async fn fresh(&self, tx: &mut Tx) -> Result<Vec<usize>, Internal> {
        let lines = &self.read.lines;
        let references: BTreeSet<&str> = lines.iter().map(|line| line.reference.as_str()).collect();
        let earlier = store::statements::earlier(tx, &references.into_iter().collect::<Vec<_>>()).await?;
        let earlier: HashSet<_> = earlier
            .into_iter()
            .map(|e| (e.account, e.booked_on, e.direction, e.amount.0, e.reference, e.end_to_end))
            .collect();
        let is_fresh = |line: &Line| {
            let key = (
                line.account.clone(),
                line.booked_on.to_string(),
                line.direction.as_str().to_owned(),
                line.amount.0,
                line.reference.clone(),
                line.end_to_end.clone(),
            );
            !earlier.contains(&key)
        };
        Ok((0..lines.len()).filter(|at| is_fresh(&lines[*at])).collect())
    }

    fn midnight(&self, day: Date) -> Result<Timestamp, Internal> {
        Ok(day.to_zoned(self.cx.zone.clone()).map_err(Internal::new)?.timestamp())
    }

    fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.cx.zone.clone()).date()
    }

    /// What our books have for these lines and these days.
    async fn ours(&self, tx: &mut Tx, lines: &[Line]) -> Result<Vec<Ours>, Internal> {
        let around = Span::new().days(AROUND_DAYS);
        let from = self.midnight(self.read.first_day.saturating_sub(around))?;
        let until = self.midnight(self.read.last_day.saturating_add(around).saturating_add(Span::new().days(1)))?;
        let names: BTreeSet<&str> = lines.iter().flat_map(|l| [l.reference.as_str(), l.end_to_end.as_str()]).collect();
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let mut numbers: Vec<String> =
            lines.iter().flat_map(|line| reference::find_orders(&line.description)).collect();
        numbers.extend(names.iter().map(|name| (*name).to_owned()));
        let mut ours = match self.read.source {
            Source::Bank => {
                let codes: Vec<String> = lines.iter().flat_map(|line| reference::find(&line.description)).collect();
                let credits = store::statements::credits(tx, &names, &codes, (from, until)).await?;
                credits.into_iter().map(|credit| self.credit(credit)).collect::<Vec<_>>()
            }
            Source::Gateway => {
                let paid = store::statements::paid(tx, &names, (from, until)).await?;
                paid.into_iter().filter_map(|paid| self.paid(paid)).collect()
            }
        };
        let left = store::statements::left(tx, &numbers, (from, until)).await?;
        let by_gateway = self.read.source == Source::Gateway;
        let left = left.into_iter().filter(|left| (left.kind == "gateway_refund") == by_gateway);
        ours.extend(left.map(|left| self.left(left)));
        Ok(ours)
    }

    fn credit(&self, credit: store::statements::Credit) -> Ours {
        let day = self.day_of(credit.booked_at.unwrap_or(credit.received_at).0);
        Ours {
            movement: format!("credit:{}", credit.transaction_id),
            direction: Direction::Credit,
            account: credit.account,
            amount: credit.amount,
            day,
            any_day: false,
            expected_by: day,
            references: vec![credit.transaction_id],
            codes: credit.code.into_iter().collect(),
            is_seen: credit.seen > 0,
        }
    }

    fn paid(&self, paid: store::statements::Paid) -> Option<Ours> {
        let name: GatewayName = paid.channel.parse().ok()?;
        // The gateway's own day, where it has said it: its word may reach us after midnight.
        let raw = paid.raw.and_then(|raw| serde_json::from_str::<serde_json::Value>(&raw).ok());
        let told = raw.and_then(|raw| name.paid_on(&raw));
        let settled = paid.settled_at.map(|at| self.day_of(at.0));
        let day = told.or(settled).unwrap_or(self.read.first_day);
        Some(Ours {
            movement: format!("payment:{}", paid.id),
            direction: Direction::Credit,
            account: name.merchant(&self.cx.config).unwrap_or_default(),
            amount: paid.amount,
            day,
            any_day: false,
            expected_by: day,
            references: std::iter::once(paid.txn_ref).chain(paid.gateway_no).collect(),
            codes: vec![paid.code],
            is_seen: paid.seen > 0,
        })
    }

    fn left(&self, left: store::statements::Left) -> Ours {
        let approved = left.approved_at.map_or(self.read.first_day, |at| self.day_of(at.0));
        let later = approved.saturating_add(Span::new().days(ORDER_DAYS));
        let settled = left.settled_at.map(|at| self.day_of(at.0));
        Ours {
            movement: format!("order:{}", left.end_to_end),
            direction: Direction::Debit,
            account: left.account,
            amount: left.amount,
            day: approved,
            any_day: true,
            expected_by: if left.txn_ref.is_some() { settled.unwrap_or(later) } else { later },
            references: std::iter::once(left.end_to_end.clone()).chain(left.txn_ref).collect(),
            codes: vec![left.end_to_end],
            is_seen: left.seen > 0,
        }
    }

    /// Books what follows from the statement alone, and writes the differences. Answers the movement of each line that
    /// has one of its own only now: a credit that waits in suspense.
    async fn apply(
        &self,
        tx: &mut Tx,
        lines: &[Line],
        ours: &[Ours],
        outcome: &Outcome,
        fresh: &[usize],
    ) -> Result<Vec<Option<String>>, Internal> {
        let mut made = vec![None; lines.len()];
        let mut turned_up: Vec<&str> = outcome.matched.iter().map(|(_, at)| ours[*at].movement.as_str()).collect();
        for (_, at) in &outcome.matched {
            self.confirm(tx, &ours[*at]).await?;
        }
        for finding in &outcome.findings {
            let mut finding = *finding;
            let took = !matches!(finding.kind, Kind::Missing | Kind::Doubled | Kind::Reversed);
            if let Some(at) = finding.ours.filter(|_| took) {
                self.confirm(tx, &ours[at]).await?;
                turned_up.push(&ours[at].movement);
            }
            let mut movement = finding.ours.map(|at| ours[at].movement.clone());
            if let (Kind::UnknownCredit, Source::Bank, Some(at)) = (finding.kind, self.read.source, finding.line) {
                let (kind, kept) = self.suspend(tx, &lines[at]).await?;
                (finding.kind, movement) = (kind, Some(kept.clone()));
                made[at] = Some(kept);
            }
            let line = finding.line.map(|at| (fresh[at] + 1, &lines[at]));
            self.write(tx, finding, line, finding.ours.map(|at| &ours[at]), movement).await?;
        }
        let reason = format!("statement:{}", self.id);
        let resolved =
            Resolved { resolution: Resolution::Found, reason: &reason, by: "system:reconciliation", name: "system" };
        store::differences::resolve_movements(tx, Kind::Missing, &turned_up, &resolved).await?;
        Ok(made)
    }

    /// The money of an order has left: the statement shows it.
    async fn confirm(&self, tx: &mut Tx, ours: &Ours) -> Result<(), Internal> {
        match ours.movement.strip_prefix("order:") {
            Some(end_to_end) => paying_out::confirm(tx, self.cx, end_to_end).await,
            None => Ok(()),
        }
    }

    /// A credit that nobody told us of waits in suspense, unless its number is known: then the bank has it twice.
    async fn suspend(&self, tx: &mut Tx, line: &Line) -> Result<(Kind, String), Internal> {
        let number = if line.reference.is_empty() { &line.end_to_end } else { &line.reference };
        let movement = format!("credit:{number}");
        if store::transfers::outcome(&mut *tx, number).await?.is_some() {
            return Ok((Kind::Doubled, movement));
        }
        let codes = reference::find(&line.description);
        let charge = match store::charges::by_references(tx, &codes).await? {
            Some(charge) => store::charges::by_id(&mut *tx, charge).await?,
            None => None,
        };
        let input = notification::Input {
            transaction_id: number.clone(),
            account: line.account.clone(),
            amount: line.amount.0,
            description: line.description.clone(),
            booked_at: Some(self.midnight(line.booked_on)?),
        };
        keep_in_suspense(tx, self.cx, &input, charge.as_ref(), "statement").await?;
        Ok((Kind::UnknownCredit, movement))
    }

    async fn write(
        &self,
        tx: &mut Tx,
        finding: Finding,
        line: Option<(usize, &Line)>,
        ours: Option<&Ours>,
        movement: Option<String>,
    ) -> Result<(), Internal> {
        let charge = match (&movement, self.read.source) {
            (Some(movement), _) => store::statements::charge_of(&mut *tx, movement).await?,
            (None, Source::Gateway) => match line {
                Some((_, line)) => store::payments::by_txn_ref(&mut *tx, &line.end_to_end).await?.map(|p| p.charge),
                None => None,
            },
            (None, Source::Bank) => None,
        };
        let account = line.map(|(_, line)| &line.account).or(ours.map(|ours| &ours.account));
        let reference =
            line.map(|(_, line)| if line.reference.is_empty() { &line.end_to_end } else { &line.reference });
        let reference = reference.or_else(|| ours.and_then(|ours| ours.references.first()));
        let difference = Difference {
            id: self.cx.env.id(),
            statement: self.id,
            line: line.map(|(at, _)| at as i64),
            kind: finding.kind,
            account: account.cloned().unwrap_or_default(),
            movement,
            ours: ours.map(|ours| ours.direction.signed(ours.amount)),
            theirs: line.map(|(_, line)| line.signed()),
            fee: line.map_or(Money::ZERO, |(_, line)| line.fee),
            our_account: ours.map(|ours| ours.account.clone()),
            our_day: ours.map(|ours| ours.day.to_string()),
            their_day: line.map(|(_, line)| line.booked_on.to_string()),
            reference: reference.cloned().unwrap_or_default(),
            description: line.map(|(_, line)| line.description.clone()),
            charge,
            state: DifferenceState::Open,
            resolution: None,
            reason: None,
            resolved_name: None,
            resolved_at: None,
            found_at: tx.now(),
        };
        store::differences::insert(tx, &difference).await
    }

    async fn write_lines(
        &self,
        tx: &mut Tx,
        fresh: &[usize],
        outcome: &Outcome,
        ours: &[Ours],
        made: &[Option<String>],
    ) -> Result<(), Internal> {
        let mut told: Vec<Told<'_>> = (1..)
            .zip(&self.read.lines)
            .map(|(number, line)| Told { number, line, outcome: "repeated", movement: None })
            .collect();
        for (line, at) in &outcome.matched {
            let told = &mut told[fresh[*line]];
            (told.outcome, told.movement) = ("matched", Some(ours[*at].movement.clone()));
        }
        for finding in &outcome.findings {
            let Some(line) = finding.line else { continue };
            let told = &mut told[fresh[line]];
            told.outcome = "difference";
            told.movement = made[line].clone().or_else(|| finding.ours.map(|at| ours[at].movement.clone()));
        }
        store::statements::insert_lines(tx, self.id, &told).await
    }
}
