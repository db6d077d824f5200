//! `retention.toml`: how soon a finished dossier is handed in, how long it is kept, how long an approved list can be
//! withdrawn. Dated, each with its source; a city without the file keeps everything for ever.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{City, Declaration, Fields, Folder, Placed, Report, date};

/// Thời hạn nộp lưu, thời hạn bảo quản.
#[derive(Clone, Debug)]
pub struct Retention {
    /// Nộp lưu chậm nhất: months after the end.
    pub hand_in_months: i32,
    /// Days in which an approved list can be withdrawn.
    pub withdrawal_days: i32,
    counted_from: CountedFrom,
    pub handover_number: String,
    pub decision_number: String,
    groups: Vec<Group>,
    rest: Group,
}

/// From where years are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CountedFrom {
    /// Until the last day of the Nth year after that of the end.
    Year,
    /// N years to the day.
    Day,
}

/// Nhóm hồ sơ.
#[derive(Clone, Debug)]
struct Group {
    id: String,
    name: Text,
    fields: Vec<Placed<String>>,
    procedures: Vec<Placed<String>>,
    terms: Vec<Term>,
}

/// Thời hạn bảo quản, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub from: Date,
    /// None is for ever.
    pub years: Option<i16>,
    pub source: Text,
}

/// How long one dossier is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The group's id, `default` for the rest.
    pub group: String,
    pub years: Option<i16>,
    /// The last day; none is never.
    pub until: Option<Date>,
}

/// The id of what no group names.
pub const REST: &str = "default";

impl Default for Retention {
    fn default() -> Self {
        let source = Text::from("thành phố chưa khai báo thời hạn bảo quản");
        let term = Term { from: Date::MIN, years: None, source };
        Self {
            hand_in_months: 12,
            withdrawal_days: 7,
            counted_from: CountedFrom::Year,
            handover_number: "{number}/BBGN{agency}".to_owned(),
            decision_number: "{number}/QĐ-TH{agency}".to_owned(),
            groups: Vec::new(),
            rest: Group {
                id: REST.to_owned(),
                name: Text::default(),
                fields: Vec::new(),
                procedures: Vec::new(),
                terms: vec![term],
            },
        }
    }
}

impl Retention {
    /// How long a dossier of this procedure and field that ended on this day is kept.
    pub fn of(&self, procedure: &str, field: Option<&str>, ended: Date) -> Kept {
        let group = self.group_of(procedure, field);
        let Some(term) = group.on(ended) else { return Kept { group: group.id.clone(), years: None, until: None } };
        let until = term.years.map(|years| match self.counted_from {
            CountedFrom::Day => ended.saturating_add(years.years()),
            CountedFrom::Year => ended.saturating_add(years.years()).last_of_year(),
        });
        Kept { group: group.id.clone(), years: term.years, until }
    }

    /// The last day on which it should be handed in.
    pub fn hand_in_by(&self, ended: Date) -> Date {
        ended.saturating_add(self.hand_in_months.months())
    }

    fn group_of(&self, procedure: &str, field: Option<&str>) -> &Group {
        let names = |named: &[Placed<String>], what: &str| named.iter().any(|one| one.as_str() == what);
        let by_code = self.groups.iter().find(|group| names(&group.procedures, procedure));
        let by_field = || field.and_then(|field| self.groups.iter().find(|group| names(&group.fields, field)));
        by_code.or_else(by_field).unwrap_or(&self.rest)
    }

    /// The name of a group; of one that the city declares no more, its id.
    pub fn name<'a>(&'a self, id: &'a str, lang: songhan_base::Lang) -> &'a str {
        let mut all = self.groups.iter().chain(std::iter::once(&self.rest));
        all.find(|group| group.id == id).map_or(id, |group| group.name.get(lang))
    }

    /// What each group's present term rests on, in the file's order.
    pub fn sources(&self, on: Date) -> impl Iterator<Item = (&Text, &Term)> {
        let all = self.groups.iter().chain(std::iter::once(&self.rest));
        all.filter_map(move |group| group.on(on).map(|term| (&group.name, term)))
    }
}

impl Group {
    /// The term in force on a day; before the first one, that.
    fn on(&self, day: Date) -> Option<&Term> {
        self.terms.iter().rev().find(|term| term.from <= day).or(self.terms.first())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    hand_in: HandIn,
    count: Count,
    withdrawal: Withdrawal,
    numbers: Numbers,
    default: DeclaredRest,
    #[serde(default)]
    group: Vec<DeclaredGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandIn {
    months: Placed<u16>,
    source: Placed<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    from: CountedFrom,
    source: Placed<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    days: Placed<u16>,
    source: Placed<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    handover: Placed<String>,
    decision: Placed<String>,
    source: Placed<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredRest {
    name: Text,
    term: Vec<DeclaredTerm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredGroup {
    id: Placed<String>,
    name: Text,
    #[serde(default)]
    fields: Vec<Placed<String>>,
    #[serde(default)]
    procedures: Vec<Placed<String>>,
    #[serde(default)]
    term: Vec<DeclaredTerm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredTerm {
    #[serde(deserialize_with = "date")]
    from: Date,
    #[serde(default)]
    permanent: bool,
    years: Option<Placed<u16>>,
    source: Placed<Text>,
}

const FILE: &str = "retention.toml";
const YEARS_MAX: u16 = 200;

impl Declaration for Retention {
    const NAME: &'static str = "retention";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(FILE, report) else { return Self::default() };
        for (number, most) in [(&file.hand_in.months, 120), (&file.withdrawal.days, 365)] {
            if **number > most {
                report.add(number.place(), format!("{} is out of range", **number), format!("write 0 to {most}"));
            }
        }
        for source in [&file.hand_in.source, &file.count.source, &file.withdrawal.source, &file.numbers.source] {
            sourced(source, report);
        }
        for number in [&file.numbers.handover, &file.numbers.decision] {
            if !number.contains("{number}") {
                let what = format!("all would have the number `{}`", **number);
                report.add(number.place(), what, "write `{number}` where the number stands");
            }
        }
        let mut known = vec![REST];
        for group in &file.group {
            let id = group.id.as_str();
            if known.contains(&id) {
                report.add(group.id.place(), format!("the group `{id}` stands twice"), "give each an id of its own");
            }
            known.push(id);
            if group.term.is_empty() {
                report.add(group.id.place(), format!("the group `{id}` has no term"), "add a [[group.term]] below it");
            }
        }
        twice(file.group.iter().flat_map(|group| group.fields.iter().chain(&group.procedures)), report);
        let groups = file.group.into_iter().map(|group| Group {
            id: group.id.into_inner(),
            name: group.name,
            fields: group.fields,
            procedures: group.procedures,
            terms: terms(group.term, report),
        });
        Self {
            groups: groups.collect(),
            hand_in_months: i32::from(*file.hand_in.months),
            withdrawal_days: i32::from(*file.withdrawal.days),
            counted_from: file.count.from,
            handover_number: file.numbers.handover.into_inner(),
            decision_number: file.numbers.decision.into_inner(),
            rest: Group {
                id: REST.to_owned(),
                name: file.default.name,
                fields: Vec::new(),
                procedures: Vec::new(),
                terms: terms(file.default.term, report),
            },
        }
    }

    /// Fields are those of the city; codes of procedures may also be of the national catalogue, which comes later.
    fn check(&self, city: &City, report: &mut Report) {
        for group in &self.groups {
            for field in &group.fields {
                city.get::<Fields>().expect(field, report);
            }
            for code in group.procedures.iter().filter(|code| !is_code(code)) {
                report.add(code.place(), format!("`{}` is no code of a procedure", **code), "write it as 2.000635");
            }
        }
    }
}

fn is_code(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    text.split_once('.').is_some_and(|(level, number)| digits(level) && digits(number))
}

fn sourced(source: &Placed<Text>, report: &mut Report) {
    if source.vi.trim().is_empty() {
        report.add(source.place(), "a term without a source", "name the law, or whose rule it is");
    }
}

/// What two groups claim.
fn twice<'a>(named: impl Iterator<Item = &'a Placed<String>>, report: &mut Report) {
    let mut known: Vec<&str> = Vec::new();
    for one in named {
        if known.contains(&one.as_str()) {
            report.add(one.place(), format!("`{}` stands in two groups", **one), "leave it in one of them");
        }
        known.push(one);
    }
}

/// Checked and in the order of their days.
fn terms(declared: Vec<DeclaredTerm>, report: &mut Report) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for one in declared {
        sourced(&one.source, report);
        let place = one.source.place();
        match (&one.years, one.permanent) {
            (Some(years), false) if !(1..=YEARS_MAX).contains(&**years) => {
                report.add(years.place(), format!("{} is out of range", **years), format!("write 1 to {YEARS_MAX}"));
            }
            (Some(_), true) | (None, false) => {
                report.add(
                    place,
                    "a term is either for ever or of some years",
                    "write `permanent = true` or `years = 20`",
                );
            }
            _ => {}
        }
        if terms.iter().any(|other| other.from == one.from) {
            report.add(place, format!("two terms begin on {}", one.from), "leave one of them, or correct its `from`");
        }
        let years = one.years.map(|years| i16::try_from(*years).unwrap_or(i16::MAX)).filter(|_| !one.permanent);
        terms.push(Term { from: one.from, years, source: one.source.into_inner() });
    }
    terms.sort_by_key(|term| term.from);
    terms
}

#[cfg(test)]
mod tests;
