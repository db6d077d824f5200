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
//!
//! MoMo's day, its columns named as the fields of its interface:
//! `partnerCode,orderId,transId,amount,fee,responseTime,transType,resultCode,description`. Needed: `partnerCode`, `orderId`,
//! `amount`, `responseTime`. `transType` is `payment` (also when missing) or `refund`; a row whose `resultCode` is there and
//! not `0` is left out.

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
    let (source, format, needed): (_, _, &[&str]) = if columns.has("txn_ref") {
        (Source::Gateway, Format::GatewayTable, &["merchant", "txn_ref", "amount", "pay_date"])
    } else if columns.has("orderid") {
        (Source::Gateway, Format::MomoTable, &["partnercode", "orderid", "amount", "responsetime"])
    } else {
        (Source::Bank, Format::BankTable, &["date", "credit", "debit", "reference"])
    };
    columns.need(needed)?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let row =
            Row { columns: &columns, number: record.position().map_or(0, |p| p.line() as usize), record: &record };
        let read = match format {
            Format::GatewayTable => row.of_gateway(&VNPAY)?,
            Format::MomoTable => row.of_gateway(&MOMO)?,
            _ => Some(row.of_bank(told.account.as_deref())?),
        };
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

/// How a gateway names its columns, in lower case, and what stands in them.
struct GatewayColumns {
    merchant: &'static str,
    order: &'static str,
    number: &'static str,
    day: &'static str,
    kind: &'static str,
    payment: &'static str,
    refunds: &'static [&'static str],
    status: &'static str,
    success: &'static str,
}

const VNPAY: GatewayColumns = GatewayColumns {
    merchant: "merchant",
    order: "txn_ref",
    number: "transaction_no",
    day: "pay_date",
    kind: "type",
    payment: "01",
    refunds: &["02", "03"],
    status: "status",
    success: "00",
};

const MOMO: GatewayColumns = GatewayColumns {
    merchant: "partnercode",
    order: "orderid",
    number: "transid",
    day: "responsetime",
    kind: "transtype",
    payment: "payment",
    refunds: &["refund"],
    status: "resultcode",
    success: "0",
};

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

    fn of_gateway(&self, names: &GatewayColumns) -> Result<Option<Line>, Unreadable> {
        let status = self.get(names.status);
        if !status.is_empty() && status != names.success {
            return Ok(None);
        }
        let direction = match self.get(names.kind) {
            kind if kind.is_empty() || kind == names.payment => Direction::Credit,
            kind if names.refunds.contains(&kind) => Direction::Debit,
            _ => {
                let wanted = format!("{} (payment) or {} (refund)", names.payment, names.refunds.join(", "));
                return Err(self.wrong(names.kind, &wanted));
            }
        };
        let merchant = account(self.get(names.merchant));
        let merchant = merchant.ok_or_else(|| self.wrong(names.merchant, "a merchant's code"))?;
        let amount = self.amount("amount")?;
        if amount.is_zero() || self.get(names.order).is_empty() {
            let what = format!("a row needs {} and an amount above zero", names.order);
            return Err(unreadable(self.number, what));
        }
        Ok(Some(Line {
            fee: self.amount("fee")?,
            reference: short(self.get(names.number), 64),
            end_to_end: short(self.get(names.order), 64),
            description: short(self.get("description"), 500),
            ..line(merchant, self.day(names.day)?, direction, amount)
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
    fn momos_day() {
        let text = "partnerCode;orderId;transId;amount;fee;responseTime;transType;resultCode\nSONGHAN2;SH1A;4088878653;16.000;240;\
                    2026-11-20 09:05:00;payment;0\nSONGHAN2;SH1B;;16000;;2026-11-20 09:06:00;payment;1006\n\
                    SONGHAN2;SC1C;4088878999;16000;;20/11/2026 10:00;refund;0\n";
        let read = read(text).unwrap();
        assert_eq!((read.source, read.format, read.lines.len()), (Source::Gateway, Format::MomoTable, 2));
        assert_eq!((read.lines[0].fee, read.lines[0].end_to_end.as_str()), (Money(240), "SH1A"));
        assert_eq!((read.lines[1].direction, read.lines[1].reference.as_str()), (Direction::Debit, "4088878999"));
        assert_eq!(read.accounts, BTreeSet::from(["SONGHAN2".to_owned()]));
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
            ("partnerCode,orderId,amount\nM,a,5\n", 1, "the columns responsetime are missing"),
            ("partnerCode,orderId,amount,responseTime,transType\nM,a,5,20261120,gift\n", 2, "refund"),
            ("# from=x\naccount,date,credit,debit,reference\n", 1, "is no day"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.line == line && error.what.contains(what), "{text:?}: {error}");
        }
        let empty = "# from=2026-11-20 to=2026-11-20 account=7\naccount,date,credit,debit,reference\n";
        assert_eq!(read(empty).unwrap().accounts.len(), 1);
    }
}
