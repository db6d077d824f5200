//! `post.toml`: who carries parcels and since when, how long it takes, who pays the postage, and for which procedures.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use songhan_base::Text;
use songhan_city::{Declaration, Folder, Placed, Report};

const FILE: &str = "post.toml";

/// Ai trả cước.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paid {
    /// Người nhận trả cho bưu tá khi nhận: no money of it passes the office.
    OnDelivery,
    /// Cơ quan giải quyết trả.
    Prepaid,
}

/// Doanh nghiệp cung ứng dịch vụ bưu chính, for a span of days.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostalService {
    pub id: Placed<String>,
    pub name: Text,
    pub phone: String,
    pub from: Date,
    /// The last day.
    #[serde(default)]
    pub until: Option<Date>,
    /// The form of parcel numbers: `A` a letter, `9` a digit, all else as it stands. Left out, any number will do.
    #[serde(default)]
    pub number: Option<Placed<String>>,
    pub paid: Paid,
    /// What the postage is, in words.
    pub fare: Text,
    #[serde(rename = "source")]
    _source: Text,
    #[serde(default, rename = "term")]
    pub terms: Vec<Term>,
}

/// How long a parcel takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub to: Text,
    pub days: Placed<u32>,
}

/// The carriers, and the procedures whose results go by post.
#[derive(Clone, Debug, Default)]
pub struct PostalServices {
    services: Vec<PostalService>,
    procedures: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for whoever reads the file")]
    source: Text,
    #[serde(default)]
    service: Vec<PostalService>,
    #[serde(default)]
    offer: Offer,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Offer {
    #[serde(default)]
    procedures: Vec<Placed<String>>,
}

const DAYS_MAX: u32 = 60;
/// Of numbers of a carrier that declares no form.
const NUMBER_CHARS: std::ops::RangeInclusive<usize> = 4..=30;

impl PostalServices {
    /// Who carries parcels that day.
    pub fn on(&self, day: Date) -> Option<&PostalService> {
        self.services.iter().find(|service| service.is_in_force(day))
    }

    pub fn get(&self, id: &str) -> Option<&PostalService> {
        self.services.iter().rev().find(|service| *service.id == id)
    }

    /// Whether results of a procedure go by post, when handed in that day.
    pub fn offers(&self, procedure: &str, day: Date) -> bool {
        self.on(day).is_some() && self.procedures.iter().any(|code| **code == procedure)
    }

    /// The codes of procedures as they stand in the file, for whoever knows procedures to look at.
    pub fn procedures(&self) -> &[Placed<String>] {
        &self.procedures
    }
}

impl PostalService {
    fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    fn meets(&self, other: &Self) -> bool {
        let begins = |one: &Self, other: &Self| other.is_in_force(one.from);
        begins(self, other) || begins(other, self)
    }

    /// Số hiệu bưu gửi in one form; `None` where it is none of this carrier.
    pub fn parcel_number(&self, typed: &str) -> Option<String> {
        let typed = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}')).take(60).collect::<String>();
        let number = typed.to_ascii_uppercase();
        let fits = match &self.number {
            Some(form) => {
                let alike = form.chars().zip(number.chars()).all(|(form, c)| match form {
                    'A' => c.is_ascii_uppercase(),
                    '9' => c.is_ascii_digit(),
                    other => c == other,
                });
                alike && form.chars().count() == number.chars().count()
            }
            None => NUMBER_CHARS.contains(&number.len()) && number.chars().all(|c| c.is_ascii_alphanumeric()),
        };
        fits.then_some(number)
    }

    /// A number as it looks: `EA123456789VN`.
    pub fn number_example(&self) -> String {
        let shown = self.number.as_ref().map_or("A99999999", |form| form.as_str());
        let mut digits = (1..=9).cycle();
        let example = shown.chars().map(|c| match c {
            'A' => 'E',
            '9' => digits.next().and_then(|digit| char::from_digit(digit, 10)).unwrap_or('0'),
            other => other,
        });
        example.collect()
    }
}

fn check_service(service: &PostalService, others: &[PostalService], report: &mut Report) {
    let place = service.id.place();
    if service.until.is_some_and(|until| until < service.from) {
        report.add(place, format!("the service `{}` ends before it begins", *service.id), "correct `from` or `until`");
    }
    if let Some(other) = others.iter().find(|other| service.meets(other)) {
        let what = format!("`{}` and `{}` carry parcels on the same day", *other.id, *service.id);
        report.add(place, what, "write `until` for the earlier one, the day before the later one begins");
    }
    if let Some(form) = &service.number
        && !(NUMBER_CHARS.contains(&form.len()) && form.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
    {
        let what = format!("`{}` is no form of parcel numbers", **form);
        report.add(form.place(), what, "write A for a letter, 9 for a digit, 4 to 30 capital letters and digits");
    }
    for term in service.terms.iter().filter(|term| !(1..=DAYS_MAX).contains(&*term.days)) {
        report.add(term.days.place(), format!("{} is no number of days", *term.days), "write 1 to 60");
    }
}

impl Declaration for PostalServices {
    const NAME: &'static str = "postal services";

    /// A city without the file sends nothing by post.
    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(FILE, report) else { return Self::default() };
        for (n, service) in file.service.iter().enumerate() {
            check_service(service, &file.service[..n], report);
        }
        let procedures = file.offer.procedures;
        for (n, code) in procedures.iter().enumerate() {
            if procedures[..n].contains(code) {
                report.add(code.place(), format!("the procedure `{}` stands twice", **code), "remove one");
            }
        }
        if let Some(first) = procedures.first().filter(|_| file.service.is_empty()) {
            report.add(first.place(), "results shall go by post, but nobody carries them", "declare a [[service]]");
        }
        Self { services: file.service, procedures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(change: impl Fn(String) -> String) -> (PostalServices, String) {
        let text = change(Folder::embedded().read(FILE).unwrap().to_owned());
        let mut report = Report::default();
        let services = PostalServices::load(&Folder::embedded().with(FILE, &text), &mut report);
        (services, report.to_string())
    }

    #[test]
    fn the_city_sends_by_post() {
        let (services, report) = load(|text| text);
        assert_eq!(report, "");
        let day = "2026-11-22".parse().unwrap();
        assert!(services.offers("2.000635", day) && !services.offers("1.001939", day));
        assert!(!services.offers("2.000635", "2025-06-30".parse().unwrap()), "before anybody carried");
        let service = services.on(day).unwrap();
        assert_eq!((service.paid, service.number_example().as_str()), (Paid::OnDelivery, "EE123456789VN"));
        assert_eq!(service.parcel_number("ea 123 456 789 vn").as_deref(), Some("EA123456789VN"));
        for wrong in ["", "EA12345678VN", "1A123456789VN", "EA123456789US", "EA123456789VN0", "ÉA123456789VN"] {
            assert_eq!(service.parcel_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn mistakes_have_a_line_and_a_remedy() {
        let (_, report) = load(|text| text.replace("days = 2", "days = 0"));
        assert!(report.contains("0 is no number of days; write 1 to 60"), "{report}");
        let (_, report) = load(|text| text.replace("\"AA999999999VN\"", "\"aa-9\""));
        assert!(report.contains("`aa-9` is no form of parcel numbers; write A for a letter"), "{report}");
        let (_, report) = load(|text| text.replace("number =", "until = \"2025-06-01\"\nnumber ="));
        assert!(report.contains("the service `vnpost` ends before it begins"), "{report}");
        let second = "[[service]]\nid = \"other\"\nname = \"x\"\nphone = \"1\"\nfrom = \"2026-01-01\"\n\
                      paid = \"prepaid\"\nfare = \"x\"\nsource = \"x\"\n\n[offer]";
        let (_, report) = load(|text| text.replace("[offer]", second));
        assert!(report.contains("`vnpost` and `other` carry parcels on the same day; write `until`"), "{report}");
        let (_, report) = load(|text| text.replace("\"3.000467\"", "\"2.000635\""));
        assert!(report.contains("the procedure `2.000635` stands twice; remove one"), "{report}");
        let (none, report) = load(|_| "source = \"x\"\n[offer]\nprocedures = [\"2.000635\"]\n".to_owned());
        assert!(report.contains("post.toml:3: results shall go by post, but nobody carries them"), "{report}");
        assert!(!none.offers("2.000635", "2026-11-22".parse().unwrap()));
        let (_, report) = load(|text| text.replace("on_delivery\"", "later\""));
        assert!(report.contains("post.toml:") && report.contains("later"), "{report}");
    }
}
