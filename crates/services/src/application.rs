//! An application on its way: a draft of a procedure's form, and where its applicant goes next.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_city::Unit;
use songhan_delivery::{Recipient, Way};
use songhan_forms::drafts::Draft;
use songhan_forms::{Answers, CheckContext, Form, Screen};
use songhan_procedures::{Channel, FeeFacts, Procedure};
pub use songhan_procedures::{procedure_of, purpose};

pub use crate::choice::Choice;
use crate::principal::{self, Represented};
use crate::returns;

/// What stands for "for myself" and "not exempt".
pub const MYSELF: &str = "self";
pub const NO_GROUP: &str = "none";
/// What the recipient of a parcel is kept under among the draft's answers.
const RETURN_TO: &str = "_return_to";

/// Hồ sơ đang soạn.
#[derive(Clone)]
pub struct Application<'a> {
    pub draft: Draft,
    pub procedure: Arc<Procedure>,
    pub form: Arc<Form>,
    /// What of the kept answers fits the form of today.
    pub answers: Answers,
    /// The units that can handle it.
    pub units: Vec<&'a Unit>,
    /// Those for whom the applicant may hand it in.
    pub represented: Vec<Represented>,
    /// What there is to tell: the form was changed meanwhile.
    pub notes: Vec<String>,
    /// Groups that the fees exempt.
    pub groups: Vec<String>,
    /// To whom the result goes by post, as it was typed and found right.
    pub return_to: Option<Recipient>,
    /// Results of the procedure go by post.
    by_post: bool,
    today: Date,
    /// What was chosen, in the order of [`Choice::ALL`].
    chosen: [Option<String>; 4],
}

/// A page of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    Screen(String),
    Choice(Choice),
    /// The recipient of a parcel.
    ReturnTo,
    Review,
}

impl Stop {
    /// The last part of its address.
    pub fn id(&self) -> &str {
        match self {
            Self::Screen(id) => id,
            Self::Choice(choice) => choice.id(),
            Self::ReturnTo => "return-to",
            Self::Review => "review",
        }
    }
}

impl<'a> Application<'a> {
    /// Opens a kept draft under the form as it is today.
    pub async fn of(cx: &'a Cx, draft: Draft, procedure: Arc<Procedure>, form: Arc<Form>) -> Result<Self, Internal> {
        let mut kept = draft.answers();
        let chosen = Choice::ALL.map(|choice| {
            let chosen = kept.text(choice.key()).map(str::to_owned);
            kept.set(choice.key(), None);
            chosen
        });
        let return_to = kept.get(RETURN_TO).and_then(|to| serde_json::from_value(to.clone()).ok());
        kept.set(RETURN_TO, None);
        let groups = procedure.exempt_groups(cx.today(), Channel::Online).into_iter().map(str::to_owned).collect();
        let fitting = form.fitting(&kept, &CheckContext::of(cx));
        let mut notes = Vec::new();
        if draft.form_version != form.version || draft.form != form.code {
            notes.push(cx.t("forms-draft-changed"));
        }
        if fitting.gone > 0 {
            notes.push(cx.t("forms-draft-gone"));
        }
        if !fitting.dropped.is_empty() {
            notes.push(again(cx, &form, &fitting.dropped));
        }
        let represented = principal::represented(cx, draft.account, &procedure).await?;
        let (units, answers, by_post) =
            (procedure.units(&cx.city), fitting.answers, returns::offers(cx, &procedure.code));
        Ok(Self {
            units,
            represented,
            draft,
            procedure,
            form,
            answers,
            notes,
            groups,
            return_to,
            by_post,
            today: cx.today(),
            chosen,
        })
    }

    /// Lets go of uploads that are there no more, and says so. `there` are those that are.
    pub fn keep_uploads(&mut self, cx: &Cx, there: &[String]) {
        let mut lost = Vec::new();
        let named = self.form.uploads(&self.answers);
        let gone: Vec<_> = named
            .into_iter()
            .filter(|(_, id)| !there.iter().any(|one| one == id))
            .map(|(question, id)| (question.id.clone(), id.to_owned()))
            .collect();
        for (question, id) in gone {
            self.answers = self.form.remove_upload(&self.answers, &id);
            if !lost.contains(&question) {
                lost.push(question);
            }
        }
        if !lost.is_empty() {
            self.notes.push(again(cx, &self.form, &lost));
        }
    }

    /// What was chosen, whether or not it can be chosen now.
    fn chosen(&self, choice: Choice) -> Option<&str> {
        let at = Choice::ALL.iter().position(|one| *one == choice)?;
        self.chosen[at].as_deref()
    }

    /// Whether `value` is one of those to choose among.
    pub fn offers(&self, choice: Choice, value: &str) -> bool {
        match choice {
            Choice::ForWhom => value == MYSELF || self.represented.iter().any(|one| one.key() == value),
            Choice::Unit => self.units.iter().any(|unit| *unit.code == value),
            Choice::Exemption => value == NO_GROUP || self.groups.iter().any(|group| group == value),
            // Programs may wish for the counter where the pages do not ask.
            Choice::Return => Way::of(value).is_some_and(|way| self.by_post || way != Way::Post),
        }
    }

    /// What was chosen and still can be; `None` is nothing yet.
    pub fn choice(&self, choice: Choice) -> Option<&str> {
        self.chosen(choice).filter(|value| self.offers(choice, value))
    }

    /// Whether it has a page that everyone passes: there is something to choose among.
    pub fn asks(&self, choice: Choice) -> bool {
        match choice {
            // One that ended since it was chosen is asked for again, so that nobody applies for another by mistake.
            Choice::ForWhom => !self.represented.is_empty() || self.has_lost_principal(),
            Choice::Unit => self.units.len() > 1,
            Choice::Exemption => self.is_exemption_due(),
            Choice::Return => self.by_post,
        }
    }

    /// Whether someone was chosen for whom the applicant may act no more.
    fn has_lost_principal(&self) -> bool {
        self.chosen(Choice::ForWhom).is_some_and(|value| !self.offers(Choice::ForWhom, value))
    }

    /// Whether it can be handed in for somebody else at all.
    pub fn may_be_for_others(&self) -> bool {
        principal::may_be_for_others(&self.procedure)
    }

    /// Whether something is to be paid from which some are exempt.
    fn is_exemption_due(&self) -> bool {
        let (answers, today) = (&self.answers, self.today);
        let facts = FeeFacts { answers, channel: Channel::Online, exemption: None, today };
        self.procedure.fees_due(&facts).iter().any(|due| !due.fee.exempt.is_empty() && !due.unit_amount.is_zero())
    }

    /// For whom it is; `None` is the applicant.
    pub fn principal(&self) -> Option<&Represented> {
        let chosen = self.choice(Choice::ForWhom)?;
        self.represented.iter().find(|one| one.key() == chosen)
    }

    /// The unit that shall handle it: the one chosen, or the only one there is.
    pub fn unit(&self) -> Option<&'a Unit> {
        match self.units[..] {
            [only] => Some(only),
            _ => self.units.iter().find(|unit| Some(unit.code.as_str()) == self.chosen(Choice::Unit)).copied(),
        }
    }

    /// The group by which the applicant is exempt.
    pub fn exemption(&self) -> Option<&str> {
        self.choice(Choice::Exemption).filter(|group| *group != NO_GROUP)
    }

    /// How the result shall come back; `None` where that is not asked.
    pub fn way(&self) -> Option<Way> {
        Way::of(self.choice(Choice::Return)?)
    }

    /// Whether it goes by post: then there is a page for the recipient.
    pub fn goes_by_post(&self) -> bool {
        self.way() == Some(Way::Post)
    }

    /// The answers as the draft keeps them, the choices among them.
    pub fn kept(&self, answers: &Answers) -> Answers {
        kept(answers, |choice| self.chosen(choice), self.return_to.as_ref())
    }

    /// The same with another choice.
    pub fn kept_with(&self, choice: Choice, value: &str) -> Answers {
        let mut kept = self.kept(&self.answers);
        kept.set(choice.key(), Some(value.into()));
        kept
    }

    /// The same with other answers.
    #[must_use]
    pub fn with_answers(&self, answers: Answers) -> Self {
        Self { answers, ..self.clone() }
    }

    pub fn screen(&self, id: &str) -> Option<Screen<'_>> {
        self.form.screen(id, &self.answers)
    }

    /// After the screen `id`: the next one, or whatever is still missing at the end.
    pub fn after(&self, id: &str) -> Stop {
        match self.form.next_after(id, &self.answers) {
            Some(next) => Stop::Screen(next.id().to_owned()),
            None => self.end(),
        }
    }

    /// After a choice: on to the questions, or to whatever is still missing at the end.
    pub fn after_choice(&self, choice: Choice) -> Stop {
        let first = self.form.screens(&self.answers).first().map(|screen| screen.id().to_owned());
        match (choice, first) {
            (Choice::ForWhom, Some(first)) if self.end() != Stop::Review => Stop::Screen(first),
            _ => self.end(),
        }
    }

    /// When all screens are behind: the first thing that is open, or the review.
    pub fn end(&self) -> Stop {
        let open = |choice| self.asks(choice) && self.choice(choice).is_none();
        if open(Choice::ForWhom) {
            return Stop::Choice(Choice::ForWhom);
        }
        if let Some(screen) = self.form.first_open(&self.answers) {
            return Stop::Screen(screen.id().to_owned());
        }
        match [Choice::Unit, Choice::Exemption, Choice::Return].into_iter().find(|choice| open(*choice)) {
            Some(choice) => Stop::Choice(choice),
            None if self.goes_by_post() && self.return_to.is_none() => Stop::ReturnTo,
            None => Stop::Review,
        }
    }

    /// Where to go on: where it was left, as far as that is still there.
    pub fn resume(&self) -> Stop {
        let left = self.draft.at_screen.as_str();
        if self.asks(Choice::ForWhom) && self.choice(Choice::ForWhom).is_none() {
            return Stop::Choice(Choice::ForWhom);
        }
        if let Some(screen) = self.screen(left) {
            return Stop::Screen(screen.id().to_owned());
        }
        match (left, self.form.screens(&self.answers).first()) {
            ("", Some(first)) => Stop::Screen(first.id().to_owned()),
            _ => self.end(),
        }
    }

    /// The page before the screen `id`; `None` before the first.
    pub fn before(&self, id: &str) -> Option<Stop> {
        let screen = self.form.previous(id, &self.answers).map(|screen| Stop::Screen(screen.id().to_owned()));
        screen.or_else(|| self.asks(Choice::ForWhom).then_some(Stop::Choice(Choice::ForWhom)))
    }

    /// The page before a choice; `None` before the first.
    pub fn before_choice(&self, choice: Choice) -> Option<Stop> {
        match choice {
            Choice::ForWhom => None,
            Choice::Return if self.asks(Choice::Exemption) => Some(Stop::Choice(Choice::Exemption)),
            Choice::Return | Choice::Exemption if self.asks(Choice::Unit) => Some(Stop::Choice(Choice::Unit)),
            _ => Some(self.last_screen()),
        }
    }

    /// The last page that asks something, where the review leads back to.
    pub fn last(&self) -> Stop {
        if self.goes_by_post() {
            return Stop::ReturnTo;
        }
        let last = [Choice::Return, Choice::Exemption, Choice::Unit].into_iter().find(|choice| self.asks(*choice));
        last.map_or_else(|| self.last_screen(), Stop::Choice)
    }

    fn last_screen(&self) -> Stop {
        let screens = self.form.screens(&self.answers);
        screens.last().map_or(Stop::Review, |screen| Stop::Screen(screen.id().to_owned()))
    }

    /// How many pages ask something.
    pub fn pages(&self) -> usize {
        let choices = Choice::ALL.into_iter().filter(|choice| self.asks(*choice)).count();
        self.form.screens(&self.answers).len() + choices + usize::from(self.goes_by_post())
    }

    /// The place of a screen or a choice among them, from 1. `screen` is its place among the screens.
    pub fn place(&self, stop: &Stop, screen: usize) -> usize {
        let first = usize::from(self.asks(Choice::ForWhom));
        let behind_return = usize::from(self.goes_by_post());
        let behind_exemption = behind_return + usize::from(self.asks(Choice::Return));
        match stop {
            Stop::Choice(Choice::ForWhom) => 1,
            Stop::Screen(_) => first + screen,
            Stop::Choice(Choice::Unit) => self.pages() - behind_exemption - usize::from(self.asks(Choice::Exemption)),
            Stop::Choice(Choice::Exemption) => self.pages() - behind_exemption,
            Stop::Choice(Choice::Return) => self.pages() - behind_return,
            Stop::ReturnTo | Stop::Review => self.pages(),
        }
    }

    /// The address of one of its pages.
    pub fn path(&self, stop: &Stop) -> String {
        path(&self.draft, stop.id())
    }
}

/// Answers as a draft keeps them: what was chosen and the recipient of a parcel stand among them.
pub fn kept<'c>(
    answers: &Answers,
    chosen: impl Fn(Choice) -> Option<&'c str>,
    return_to: Option<&Recipient>,
) -> Answers {
    let mut kept = answers.clone();
    for choice in Choice::ALL {
        kept.set(choice.key(), chosen(choice).map(Value::from));
    }
    kept.set(RETURN_TO, return_to.and_then(|to| serde_json::to_value(to).ok()));
    kept
}

/// "Please answer again: …".
fn again(cx: &Cx, form: &Form, questions: &[String]) -> String {
    let asked = questions.iter().filter_map(|id| form.question(id));
    let labels: Vec<_> = asked.map(|question| format!("“{}”", question.label.get(cx.lang))).collect();
    cx.text(cx.lang, "forms-draft-again", &[("questions", &labels.join(", "))])
}

fn path(draft: &Draft, page: &str) -> String {
    format!("/apply/{}/{page}", draft.id)
}
