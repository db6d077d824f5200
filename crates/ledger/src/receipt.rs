//! Biên lai thu phí, lệ phí điện tử: what a unit owes to whoever has paid, and how the city numbers them.
//!
//! Form and series are dated data of the city (`payment-receipts.toml`): the law that fixes them moves.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::{Id, Money, Text};
use songhan_city::{Declaration, Folder, Placed, Report};

use crate::charge::ChargeLine;

words!(
    /// Loại khoản thu, Law on Fees and Charges 97/2015/QH13, Article 3.
    LineKind, "kind of a fee" {
        /// Phí: covers the cost of a public service.
        Fee = "fee",
        /// Lệ phí: fixed, for state administration.
        Charge = "charge",
    }
);

impl LineKind {
    /// The law's list names each as the one or the other, so its name says which it is.
    pub fn of(name: &Text) -> Self {
        if songhan_base::fold(&name.vi).starts_with("le phi") { Self::Charge } else { Self::Fee }
    }
}

/// Phí and lệ phí within the lines of a charge.
pub fn by_kind(lines: &[ChargeLine]) -> (Money, Money) {
    lines.iter().fold((Money::ZERO, Money::ZERO), |(fees, charges), line| match LineKind::of(&line.name) {
        LineKind::Fee => (Money(fees.0 + line.amount.0), charges),
        LineKind::Charge => (fees, Money(charges.0 + line.amount.0)),
    })
}

words!(
    /// Trạng thái biên lai.
    ReceiptState, "state of a receipt" {
        /// Đang có hiệu lực.
        Issued = "issued",
        /// Đã hủy: the money is owed back.
        Cancelled = "cancelled",
        /// Đã thay thế: another number stands for it.
        Replaced = "replaced",
    }
);

/// Biên lai, as the register holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PaymentReceipt, example = json!({"id": "019aa4a0-7c00-7000-8000-000000000003", "charge": "019aa4a0-7c00-7000-8000-000000000001",
    "unit": "ubnd-hai-chau", "form": "01BLP0-001", "series": "DN-26E", "year": 2026, "number": 1, "shown": "0000001",
    "amount": 16000, "fees": 16000, "charges": 0, "state": "issued", "replaces": null, "reason": null,
    "issued_at": "2026-11-21T02:02:00Z", "ended_at": null}))]
pub struct Receipt {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    #[schema(value_type = String, format = Uuid)]
    pub charge: Id,
    /// Code of the unit that has collected.
    pub unit: String,
    /// Ký hiệu mẫu biên lai.
    pub form: String,
    /// Ký hiệu biên lai.
    pub series: String,
    pub year: i16,
    /// Số biên lai: without gap within unit, form and series.
    pub number: i64,
    /// The number as it is written.
    pub shown: String,
    #[schema(value_type = i64)]
    pub amount: Money,
    /// Phí within the amount.
    #[schema(value_type = i64)]
    pub fees: Money,
    /// Lệ phí within the amount.
    #[schema(value_type = i64)]
    pub charges: Money,
    pub state: ReceiptState,
    /// The receipt that it stands for.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub replaces: Option<Id>,
    /// Why it was cancelled or replaced.
    pub reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// How receipts are numbered from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    #[serde(deserialize_with = "songhan_city::date")]
    pub from: Date,
    /// Ký hiệu mẫu biên lai.
    pub form: Placed<String>,
    /// Ký hiệu biên lai; `{yy}` is the year in two digits.
    pub series: Placed<String>,
    /// How many digits a number is written with.
    pub digits: Placed<u8>,
    /// Where it is from.
    pub source: Text,
}

impl Numbering {
    /// The series of a year.
    pub fn series_of(&self, year: i16) -> String {
        self.series.replace("{yy}", &format!("{:02}", year.rem_euclid(100)))
    }

    /// A number as it is written.
    pub fn written(&self, number: i64) -> String {
        format!("{number:0width$}", width = usize::from(*self.digits))
    }
}

/// `payment-receipts.toml`: where it is missing, a city issues no receipts.
#[derive(Clone, Debug, Default)]
pub struct ReceiptNumbering(Vec<Numbering>);

impl ReceiptNumbering {
    /// Whether the city issues no receipts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is in force on a day.
    pub fn on(&self, day: Date) -> Option<&Numbering> {
        self.0.iter().filter(|numbering| numbering.from <= day).max_by_key(|numbering| numbering.from)
    }
}

const FILE: &str = "payment-receipts.toml";

impl Declaration for ReceiptNumbering {
    const NAME: &'static str = FILE;

    fn load(folder: &Folder, report: &mut Report) -> Self {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            numbering: Vec<Numbering>,
        }
        let all = folder.toml_if_present::<File>(FILE, report).map_or_else(Vec::new, |file| file.numbering);
        for one in &all {
            if one.form.trim().is_empty() {
                report.add(one.form.place(), "the receipt form has no number", "write it as `01BLP0-001`");
            }
            if !one.series.contains("{yy}") {
                let what = format!("the series `{}` is the same each year", one.series);
                report.add(one.series.place(), what, "write `{yy}` where the year's two digits stand");
            }
            if !(1..=12).contains(&*one.digits) {
                report.add(one.digits.place(), "a number has 1 to 12 digits", "write how many digits are written");
            }
        }
        Self(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laws_names_say_what_they_are() {
        assert_eq!(LineKind::of(&"Lệ phí đăng ký khai sinh".into()), LineKind::Charge);
        assert_eq!(LineKind::of(&"LỆ PHÍ".into()), LineKind::Charge);
        assert_eq!(LineKind::of(&"Phí cấp bản sao trích lục".into()), LineKind::Fee);
    }

    #[test]
    fn dated_numbering() {
        let text = "[[numbering]]\nfrom = 2022-07-01\nform = \"01BLP0-001\"\nseries = \"DN-{yy}E\"\ndigits = 7\nsource = \"x\"\n\
                    [[numbering]]\nfrom = 2027-01-01\nform = \"01BLP0-002\"\nseries = \"ĐN{yy}\"\ndigits = 8\nsource = \"y\"\n";
        let mut report = Report::default();
        let read = ReceiptNumbering::load(&Folder::from_texts([(FILE, text)]), &mut report);
        assert!(report.is_empty(), "{report}");
        let on = |day: &str| read.on(day.parse().unwrap());
        assert!(on("2022-06-30").is_none());
        let now = on("2026-11-20").unwrap();
        assert_eq!((now.series_of(2026), now.written(12)), ("DN-26E".to_owned(), "0000012".to_owned()));
        assert_eq!(on("2027-01-01").unwrap().form.as_str(), "01BLP0-002");
        let wrong = "[[numbering]]\nfrom = 2022-07-01\nform = \" \"\nseries = \"DN\"\ndigits = 0\nsource = \"x\"\n";
        ReceiptNumbering::load(&Folder::from_texts([(FILE, wrong)]), &mut report);
        assert_eq!(report.to_string().lines().count(), 3, "{report}");
        assert!(ReceiptNumbering::load(&Folder::from_texts([]), &mut Report::default()).0.is_empty());
    }
}
