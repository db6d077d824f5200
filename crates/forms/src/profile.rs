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
