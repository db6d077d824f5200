//! From a day until another, as a form asks for them: three boxes each.

use serde::Deserialize;

use super::register::DateBoxes;

/// The boxes `from-day` to `until-year`, flattened into a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Days {
    #[serde(rename = "from-day")]
    from_day: String,
    #[serde(rename = "from-month")]
    from_month: String,
    #[serde(rename = "from-year")]
    from_year: String,
    #[serde(rename = "until-day")]
    until_day: String,
    #[serde(rename = "until-month")]
    until_month: String,
    #[serde(rename = "until-year")]
    until_year: String,
}

impl Days {
    pub fn from(&self) -> DateBoxes {
        DateBoxes { day: self.from_day.clone(), month: self.from_month.clone(), year: self.from_year.clone() }
    }

    pub fn until(&self) -> DateBoxes {
        DateBoxes { day: self.until_day.clone(), month: self.until_month.clone(), year: self.until_year.clone() }
    }
}
