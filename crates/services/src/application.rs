//! An application on its way: a draft of a procedure's form, and where its applicant goes next.

use jiff::civil::Date;
use songhan_app::Cx;
use songhan_city::Unit;
use songhan_forms::drafts::Draft;
use songhan_forms::{Answers, CheckContext, Form, Screen};

use crate::dossier::Channel;
use crate::procedure::{FeeFacts, Procedure};

/// The unit that shall handle it stands among the draft's answers, under a name that no question can have.
const UNIT: &str = "_unit";

/// So does the group by which the applicant is exempt from fees; `NO_GROUP` says that there is none.
const EXEMPTION: &str = "_exemption";
pub const NO_GROUP: &str = "none";

/// Ids of screens that are pages of their own: no question may be called so.
pub const RESERVED: [&str; 5] = ["unit", "fee-exemption", "review", "submit", "delete"];

/// Hồ sơ đang soạn.
#[derive(Clone)]
pub struct Application<'a> {
    pub draft: Draft,
    pub procedure: &'a Procedure,
    pub form: &'a Form,
    /// What of the kept answers fits the form of today.
    pub answers: Answers,
    /// The units that can handle it.
    pub units: Vec<&'a Unit>,
    /// What there is to tell: the form was changed meanwhile.
    pub notes: Vec<String>,
    /// Groups that the fees exempt.
    pub groups: Vec<&'a str>,
    today: Date,
    chosen: Option<String>,
    claimed: Option<String>,
}

/// What an applicant says of the fees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim<'a> {
    /// By this group.
    Exempt(&'a str),
    NotExempt,
}

impl<'a> Claim<'a> {
    /// As forms and drafts write it.
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::Exempt(group) => group,
            Self::NotExempt => NO_GROUP,
        }
    }
}

/// A page of the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    Screen(String),
    /// Where the unit is chosen.
    Unit,
    /// Whether the applicant is exempt from the fees.
    Exemption,
    Review,
}

impl Stop {
    /// The last part of its address.
    pub fn id(&self) -> &str {
        match self {
            Self::Screen(id) => id,
            Self::Unit => "unit",
            Self::Exemption => "fee-exemption",
            Self::Review => "review",
        }
    }
}

/// What a draft for a procedure is kept under.
pub fn purpose(procedure: &str) -> String {
    format!("procedure:{procedure}")
}

/// The code of the procedure that a draft is for.
pub fn procedure_of(draft: &Draft) -> Option<&str> {
    draft.purpose.strip_prefix("procedure:")
}

impl<'a> Application<'a> {
    /// Opens a kept draft under the form as it is today.
    pub fn of(cx: &'a Cx, draft: Draft, procedure: &'a Procedure, form: &'a Form) -> Self {
        let mut kept = draft.answers();
        let chosen = kept.text(UNIT).map(str::to_owned);
        kept.set(UNIT, None);
        let claimed = kept.text(EXEMPTION).map(str::to_owned);
        kept.set(EXEMPTION, None);
        let groups = procedure.exempt_groups(cx.today(), Channel::Online);
        let fitting = form.fitting(&kept, &CheckContext::of(cx));
        let mut notes = Vec::new();
        if draft.form_version != form.version || draft.form != form.code {
            notes.push(cx.t("forms-draft-changed"));
        }
        if fitting.gone > 0 {
            notes.push(cx.t("forms-draft-gone"));
        }
        if !fitting.dropped.is_empty() {
            notes.push(again(cx, form, &fitting.dropped));
        }
        let (units, answers) = (procedure.units(&cx.city), fitting.answers);
        Self { units, draft, procedure, form, answers, notes, groups, today: cx.today(), chosen, claimed }
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
            self.notes.push(again(cx, self.form, &lost));
        }
    }

    /// The unit that shall handle it: the one chosen, or the only one there is.
    pub fn unit(&self) -> Option<&'a Unit> {
        match self.units[..] {
            [only] => Some(only),
            _ => self.units.iter().find(|unit| Some(unit.code.as_str()) == self.chosen.as_deref()).copied(),
        }
    }

    /// Whether the applicant chooses the unit.
    pub fn has_choice(&self) -> bool {
        self.units.len() > 1
    }

    /// Whether something is to be paid from which some are exempt.
    pub fn asks_exemption(&self) -> bool {
        let (answers, today) = (&self.answers, self.today);
        let facts = FeeFacts { answers, channel: Channel::Online, exemption: None, today };
        self.procedure.fees_due(&facts).iter().any(|due| !due.fee.exempt.is_empty() && !due.unit_amount.is_zero())
    }

    /// What was said about it; `None` is nothing yet.
    pub fn claim(&self) -> Option<Claim<'_>> {
        match self.claimed.as_deref()? {
            NO_GROUP => Some(Claim::NotExempt),
            group => self.groups.contains(&group).then_some(Claim::Exempt(group)),
        }
    }

    /// The group by which the applicant is exempt.
    pub fn exemption(&self) -> Option<&str> {
        match self.claim()? {
            Claim::Exempt(group) => Some(group),
            Claim::NotExempt => None,
        }
    }

    /// The answers as the draft keeps them, unit and exemption among them.
    pub fn kept(&self, answers: &Answers) -> Answers {
        let mut kept = answers.clone();
        kept.set(UNIT, self.chosen.as_deref().map(serde_json::Value::from));
        kept.set(EXEMPTION, self.claimed.as_deref().map(serde_json::Value::from));
        kept
    }

    /// The same with another unit.
    pub fn kept_with_unit(&self, unit: &str) -> Answers {
        let mut kept = self.kept(&self.answers);
        kept.set(UNIT, Some(unit.into()));
        kept
    }

    /// The same with another claim.
    pub fn kept_with_exemption(&self, group: Option<&str>) -> Answers {
        let mut kept = self.kept(&self.answers);
        kept.set(EXEMPTION, Some(group.unwrap_or(NO_GROUP).into()));
        kept
    }

    /// The same with other answers.
    #[must_use]
    pub fn with_answers(&self, answers: Answers) -> Self {
        Self { answers, ..self.clone() }
    }

    pub fn screen(&self, id: &str) -> Option<Screen<'a>> {
        self.form.screen(id, &self.answers)
    }

    /// After the screen `id`: the next one, or whatever is still missing at the end.
    pub fn after(&self, id: &str) -> Stop {
        match self.form.next_after(id, &self.answers) {
            Some(next) => Stop::Screen(next.id().to_owned()),
            None => self.end(),
        }
    }

    /// When all screens are behind: the first unanswered question, the choice of the unit, the review.
    pub fn end(&self) -> Stop {
        match self.form.first_open(&self.answers) {
            Some(open) => Stop::Screen(open.id().to_owned()),
            None if self.unit().is_none() => Stop::Unit,
            None if self.asks_exemption() && self.claim().is_none() => Stop::Exemption,
            None => Stop::Review,
        }
    }

    /// Where to go on: where it was left, as far as that is still there.
    pub fn resume(&self) -> Stop {
        let left = self.draft.at_screen.as_str();
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
        self.form.previous(id, &self.answers).map(|screen| Stop::Screen(screen.id().to_owned()))
    }

    /// The last screen, where the review leads back to.
    pub fn last(&self) -> Stop {
        if self.asks_exemption() { Stop::Exemption } else { self.before_exemption() }
    }

    /// The page before the question of exemption.
    pub fn before_exemption(&self) -> Stop {
        if self.has_choice() {
            return Stop::Unit;
        }
        self.last_screen()
    }

    pub fn last_screen(&self) -> Stop {
        let screens = self.form.screens(&self.answers);
        screens.last().map_or(Stop::Review, |screen| Stop::Screen(screen.id().to_owned()))
    }

    /// How many pages ask something.
    pub fn pages(&self) -> usize {
        self.form.screens(&self.answers).len() + usize::from(self.has_choice()) + usize::from(self.asks_exemption())
    }

    /// The address of one of its pages.
    pub fn path(&self, stop: &Stop) -> String {
        path(&self.draft, stop.id())
    }
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
