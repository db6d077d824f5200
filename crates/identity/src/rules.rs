//! `identity.toml`: ages and terms, which law or the city sets. Every one says its source.

use serde::Deserialize;
use songhan_city::{Declaration, Folder, Report};

/// Mốc tuổi và thời hạn của danh tính.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Parents and guardians act until the day before this birthday.
    pub adult_age: i16,
    /// How long the code on a counter's receipt opens the account.
    pub claim_days: i32,
    pub reset_minutes: i32,
    /// A closed account's data is kept so long before it may be erased.
    pub closed_account_years: i16,
}

impl Default for Rules {
    fn default() -> Self {
        Self { adult_age: 18, claim_days: 30, reset_minutes: 15, closed_account_years: 10 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    adult: Adult,
    claim_code: ClaimCode,
    password_reset: PasswordReset,
    retention: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Adult {
    age: songhan_city::Placed<u8>,
    source: songhan_city::Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimCode {
    days: songhan_city::Placed<u16>,
    source: songhan_city::Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordReset {
    minutes: songhan_city::Placed<u16>,
    source: songhan_city::Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retention {
    closed_account_years: songhan_city::Placed<u8>,
    source: songhan_city::Placed<String>,
}

const PATH: &str = "identity.toml";

impl Declaration for Rules {
    const NAME: &'static str = "identity";

    /// A city without the file has the defaults.
    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(PATH, report) else { return Self::default() };
        for source in [&file.adult.source, &file.claim_code.source, &file.password_reset.source, &file.retention.source]
        {
            if source.trim().is_empty() {
                report.add(
                    source.place(),
                    "a rule without a source",
                    "write the law and its article, or whose rule it is",
                );
            }
        }
        if !(1..=366).contains(&*file.claim_code.days) {
            let what = format!("{} days are no term for a code", *file.claim_code.days);
            report.add(file.claim_code.days.place(), what, "write 1 to 366");
        }
        if !(1..=1440).contains(&*file.password_reset.minutes) {
            let what = format!("{} minutes are no term for a code", *file.password_reset.minutes);
            report.add(file.password_reset.minutes.place(), what, "write 1 to 1440");
        }
        if !(1..=30).contains(&*file.adult.age) {
            report.add(file.adult.age.place(), "this is no age at which people come of age", "write 1 to 30");
        }
        Self {
            adult_age: i16::from(*file.adult.age),
            claim_days: i32::from(*file.claim_code.days),
            reset_minutes: i32::from(*file.password_reset.minutes),
            closed_account_years: i16::from(*file.retention.closed_account_years),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_city_has_rules_with_sources() {
        let mut report = Report::default();
        let rules = Rules::load(&Folder::embedded(), &mut report);
        assert!(report.is_empty(), "{report}");
        assert_eq!((rules.adult_age, rules.claim_days), (18, 30));
        let text = Folder::embedded().read(PATH).unwrap().replace("days = 30", "days = 0");
        Rules::load(&Folder::embedded().with(PATH, &text), &mut report);
        assert!(report.to_string().contains("write 1 to 366"), "{report}");
    }
}
