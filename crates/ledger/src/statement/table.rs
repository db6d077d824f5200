//! Statements as tables (CSV in UTF-8; comma, semicolon or tab). The first row names the columns, in any order.
//!
//! A bank's statement:
//!
//! ```csv
//! # from=2026-11-20 to=2026-11-20 account=1017595600
//! account,date,credit,debit,fee,reference,end_to_end,description,reversal
//! 1017595600,2026-11-20,16000,,,FT26325000123456,,MBVCB SH4Q7K2M9XPT chuyen tien,
//! 1017595600,20/11/2026,,"16.000",,FT26325000123999,SC4Q7K2M9XPTAB,SC4Q7K2M9XPTAB hoan phi,
//! ```
//!
//! Needed: `account` (or the comment's), `date`, `credit` and `debit` (one of the two a row), `reference`. `fee` is what
//! was kept back, `end_to_end` our own number, `reversal` is `1` where the row takes back another. The comment is
//! optional: it says which days and account the file covers, where rows do not show it.
//!
//! The gateway's day: `merchant,txn_ref,transaction_no,amount,fee,pay_date,type,status,description`. Needed: `merchant`,
//! `txn_ref`, `amount`, `pay_date`. `type` is `01` for a payment (also when missing), `02` or `03` for a refund; a row whose
//! `status` is there and not `00` moved no money and is left out.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use songhan_base::Money;

use super::{Format, LINES_MAX, Source, Statement, Unreadable, account, amount, day, line, short, span, unreadable};
use crate::reconcile::{Direction, Line};

pub fn read(text: &str) -> Result<Statement, Unreadable> {
    let told = Told::read(text)?;
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("");
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| header.bytes().filter(|b| b == d).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| broken(&error))?.clone();
    let names = headers.iter().enumerate().map(|(at, name)| (name.to_lowercase(), at)).collect();
    let columns = Columns(names);
    let is_gateway = columns.has("txn_ref");
    columns.need(if is_gateway {
        &["merchant", "txn_ref", "amount", "pay_date"]
    } else {
        &["date", "credit", "debit", "reference"]
    })?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let row =
            Row { columns: &columns, number: record.position().map_or(0, |p| p.line() as usize), record: &record };
        let read = if is_gateway { row.of_gateway()? } else { Some(row.of_bank(told.account.as_deref())?) };
        lines.extend(read);
        if lines.len() > LINES_MAX {
            return Err(unreadable(row.number, format!("the file has more than {LINES_MAX} rows; divide it by day")));
        }
    }
    let mut accounts: BTreeSet<String> = lines.iter().map(|line| line.account.clone()).collect();
    accounts.extend(told.account);
    let (first, last) = told.days.or_else(|| span(&lines)).ok_or_else(|| {
        unreadable(
            1,
            "the file has no rows and does not say its days; begin it with `# from=2026-11-20 to=2026-11-20 account=…`",
        )
    })?;
    let (source, format) =
        if is_gateway { (Source::Gateway, Format::GatewayTable) } else { (Source::Bank, Format::BankTable) };
    Ok(Statement { source, format, accounts, first_day: first, last_day: last, lines })
}

fn broken(error: &csv::Error) -> Unreadable {
    unreadable(error.position().map_or(1, |p| p.line() as usize), format!("the row cannot be read: {error}"))
}

/// What the comment says.
#[derive(Default)]
struct Told {
    days: Option<(Date, Date)>,
    account: Option<String>,
}

impl Told {
    fn read(text: &str) -> Result<Self, Unreadable> {
        let mut told = Self::default();
        let (mut from, mut to) = (None, None);
        for (at, comment) in text.lines().enumerate().filter(|(_, line)| line.starts_with('#')) {
            for (name, value) in
                comment.trim_start_matches('#').split_whitespace().filter_map(|word| word.split_once('='))
            {
                let a_day = || {
                    day(value).ok_or_else(|| unreadable(at + 1, format!("{value:?} is no day; write it as 2026-11-20")))
                };
                match name {
                    "from" => from = Some(a_day()?),
                    "to" => to = Some(a_day()?),
                    "account" => {
                        let number = account(value);
                        let number = number.ok_or_else(|| unreadable(at + 1, format!("{value:?} is no account")))?;
                        told.account = Some(number);
                    }
                    _ => {}
                }
            }
        }
        told.days = from.zip(to);
        Ok(told)
    }
}

struct Columns(HashMap<String, usize>);

impl Columns {
    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn need(&self, names: &[&str]) -> Result<(), Unreadable> {
        let missing: Vec<_> = names.iter().filter(|name| !self.has(name)).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(unreadable(1, format!("the columns {} are missing; name the columns in the first row", missing.join(", "))))
    }
}

struct Row<'a> {
    columns: &'a Columns,
    number: usize,
    record: &'a csv::StringRecord,
}

impl Row<'_> {
    fn get(&self, name: &str) -> &str {
        self.columns.0.get(name).and_then(|at| self.record.get(*at)).unwrap_or("")
    }

    fn wrong(&self, name: &str, wanted: &str) -> Unreadable {
        unreadable(self.number, format!("{:?} in the column {name} is not {wanted}", short(self.get(name), 40)))
    }

    fn day(&self, name: &str) -> Result<Date, Unreadable> {
        day(self.get(name)).ok_or_else(|| self.wrong(name, "a day such as 2026-11-20"))
    }

    /// Zero where there is none.
    fn amount(&self, name: &str) -> Result<Money, Unreadable> {
        if self.get(name).is_empty() {
            return Ok(Money::ZERO);
        }
        amount(self.get(name)).ok_or_else(|| self.wrong(name, "an amount of whole đồng"))
    }

    fn of_bank(&self, told: Option<&str>) -> Result<Line, Unreadable> {
        let own = if self.get("account").is_empty() { told.unwrap_or("") } else { self.get("account") };
        let own = account(own).ok_or_else(|| self.wrong("account", "an account number"))?;
        let (direction, amount) = match (self.amount("credit")?, self.amount("debit")?) {
            (credit, Money::ZERO) if !credit.is_zero() => (Direction::Credit, credit),
            (Money::ZERO, debit) if !debit.is_zero() => (Direction::Debit, debit),
            _ => return Err(unreadable(self.number, "a row has an amount in credit or in debit, and not in both")),
        };
        let read = Line {
            fee: self.amount("fee")?,
            reference: short(self.get("reference"), 64),
            end_to_end: short(self.get("end_to_end"), 64),
            description: short(self.get("description"), 500),
            is_reversal: matches!(self.get("reversal"), "1" | "true" | "x" | "X"),
            ..line(own, self.day("date")?, direction, amount)
        };
        if read.reference.is_empty() {
            return Err(self.wrong("reference", "the bank's number of the transaction"));
        }
        Ok(read)
    }

    fn of_gateway(&self) -> Result<Option<Line>, Unreadable> {
        if !matches!(self.get("status"), "" | "00") {
            return Ok(None);
        }
        let direction = match self.get("type") {
            "" | "01" => Direction::Credit,
            "02" | "03" => Direction::Debit,
            _ => return Err(self.wrong("type", "01 (payment), 02 or 03 (refund)")),
        };
        let merchant = account(self.get("merchant")).ok_or_else(|| self.wrong("merchant", "a merchant's code"))?;
        let amount = self.amount("amount")?;
        if amount.is_zero() || self.get("txn_ref").is_empty() {
            return Err(unreadable(self.number, "a row needs txn_ref and an amount above zero"));
        }
        Ok(Some(Line {
            fee: self.amount("fee")?,
            reference: short(self.get("transaction_no"), 64),
            end_to_end: short(self.get("txn_ref"), 64),
            description: short(self.get("description"), 500),
            ..line(merchant, self.day("pay_date")?, direction, amount)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banks_table() {
        let text = "# from=2026-11-20 to=2026-11-21 account=1017595600\nDate;Credit;Debit;Reference;Description;Reversal\n\
                    20/11/2026;16.000;;FT1;\"MBVCB; SH4Q7K2M9XPT\";\n2026-11-21;;8.000;FT2;;1\n";
        let read = read(text).unwrap();
        assert_eq!((read.source, read.format, read.lines.len()), (Source::Bank, Format::BankTable, 2));
        assert_eq!((read.first_day.to_string(), read.last_day.to_string()), ("2026-11-20".into(), "2026-11-21".into()));
        assert_eq!(read.lines[0].description, "MBVCB; SH4Q7K2M9XPT");
        assert_eq!((read.lines[1].direction, read.lines[1].amount), (Direction::Debit, Money(8_000)));
        assert!(read.lines[1].is_reversal && read.lines[1].account == "1017595600");
    }

    #[test]
    fn the_gateways_day() {
        let text = "merchant,txn_ref,transaction_no,amount,fee,pay_date,type,status\nSONGHAN1,SH1A,14226112,16000,1100,20261120090500,01,00\n\
                    SONGHAN1,SH1B,14226113,16000,0,20261120090600,01,24\nSONGHAN1,SH1A,14226114,16000,,20261120100000,02,00\n";
        let read = read(text).unwrap();
        assert_eq!((read.source, read.lines.len()), (Source::Gateway, 2));
        assert_eq!((read.lines[0].fee, read.lines[0].end_to_end.as_str()), (Money(1_100), "SH1A"));
        assert_eq!(read.lines[1].direction, Direction::Debit);
        assert_eq!(read.accounts, BTreeSet::from(["SONGHAN1".to_owned()]));
    }

    #[test]
    fn mistakes_come_with_their_line() {
        for (text, line, what) in [
            ("a,b\n1,2\n", 1, "the columns date, credit, debit, reference are missing"),
            ("account,date,credit,debit,reference\n1,2026-11-20,5,5,x\n", 2, "credit or in debit"),
            (
                "account,date,credit,debit,reference\n1,2026-11-20,5,,x\n1,gestern,5,,y\n",
                3,
                "\"gestern\" in the column date",
            ),
            ("account,date,credit,debit,reference\n1,2026-11-20,5.5,,x\n", 2, "amount of whole đồng"),
            ("account,date,credit,debit,reference\n,2026-11-20,5,,x\n", 2, "an account number"),
            ("account,date,credit,debit,reference\n1,2026-11-20,5,,\n", 2, "the bank's number"),
            ("account,date,credit,debit,reference\n", 1, "does not say its days"),
            ("merchant,txn_ref,amount,pay_date,type\nM,a,5,20261120,09\n", 2, "refund"),
            ("# from=x\naccount,date,credit,debit,reference\n", 1, "is no day"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.line == line && error.what.contains(what), "{text:?}: {error}");
        }
        let empty = "# from=2026-11-20 to=2026-11-20 account=7\naccount,date,credit,debit,reference\n";
        assert_eq!(read(empty).unwrap().accounts.len(), 1);
    }
}
