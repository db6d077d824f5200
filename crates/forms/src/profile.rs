//! Answers from the account: what the city already knows is not asked for again.

use serde_json::Value;

use crate::form::{Form, Source};
use crate::{Answers, CheckContext};

/// What an account knows of its owner, as far as forms can use it. The caller fills it in from identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Họ và tên.
    pub name: Option<String>,
    pub citizen_id: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Nơi cư trú.
    pub address: Option<String>,
    /// Code of the commune-level area of residence.
    pub area: Option<String>,
}

impl Profile {
    fn get(&self, source: Source) -> Option<&str> {
        match source {
            Source::Name => self.name.as_deref(),
            Source::CitizenId => self.citizen_id.as_deref(),
            Source::DateOfBirth => self.date_of_birth.as_deref(),
            Source::Phone => self.phone.as_deref(),
            Source::Email => self.email.as_deref(),
            Source::Address => self.address.as_deref(),
            Source::Area => self.area.as_deref(),
        }
    }
}

impl Form {
    /// The answers that the account gives. What does not fit (an area that is no more) is left to be asked.
    pub fn prefill(&self, profile: &Profile, cx: &CheckContext) -> Answers {
        let mut answers = Answers::default();
        for question in self.questions() {
            let known = question.from.and_then(|source| profile.get(source));
            if let Some(Ok(value)) = known.map(|known| self.check_answer(question, &Value::from(known), cx)) {
                answers.set(&question.id, value);
            }
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use songhan_base::Lang;

    use super::*;
    use crate::sample::{context, form};

    #[test]
    fn takes_what_fits() {
        let profile = Profile {
            name: Some("Trần  Thị Lan".into()),
            date_of_birth: Some("1990-02-28".into()),
            phone: Some("+84 905 123 456".into()),
            email: Some("lan@example.vn".into()),
            area: Some("20200".into()),
            ..Profile::default()
        };
        let answers = form().prefill(&profile, &context(Lang::Vi));
        let given: Vec<_> = answers.iter().map(|(name, value)| (name, value.as_str().unwrap())).collect();
        assert_eq!(given, [("full_name", "Trần Thị Lan"), ("born", "1990-02-28"), ("phone", "0905123456")]);
    }
}
