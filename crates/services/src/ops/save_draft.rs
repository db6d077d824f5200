//! Save a draft: the answers of one screen, or a choice beside them. Kept at every step.

use serde_json::Value;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Internal};
use songhan_delivery::Recipient;
use songhan_forms::drafts::{self, DraftError};
use songhan_forms::{Answers, CheckContext, Errors, Fields, Screen, Widget};

use crate::application::{Application, Choice};
use crate::ops::open_draft::{self, open_draft};
use crate::ops::start_draft::known;

/// What was posted on a screen.
#[derive(Clone, Copy, Debug)]
pub struct Input<'i> {
    pub screen: &'i str,
    /// Fields as the page's components name them; files stand as ids of uploads.
    pub fields: &'i Fields,
    /// An upload to take away.
    pub remove: Option<&'i str>,
    /// Keep what is right and say nothing of the rest: someone leaves, or is still typing.
    pub lenient: bool,
}

pub enum Rejection<'a> {
    Opening(open_draft::Rejection),
    /// The screen is not asked given the answers of now; the application says where to go on.
    NotAsked(Box<Application<'a>>),
    /// What is wrong, with the answers as they were typed.
    Answers {
        application: Box<Application<'a>>,
        typed: Box<Answers>,
        errors: Errors,
    },
    /// That is not among what can be chosen.
    NotOffered(Box<Application<'a>>, Choice),
    /// Someone keeps changing the draft elsewhere.
    Busy,
}

impl From<open_draft::Rejection> for Rejection<'_> {
    fn from(rejection: open_draft::Rejection) -> Self {
        Self::Opening(rejection)
    }
}

impl From<Internal> for Rejection<'_> {
    fn from(error: Internal) -> Self {
        Self::Opening(error.into())
    }
}

impl IntoProblem for Rejection<'_> {
    fn into_problem(self) -> Problem {
        match self {
            Self::Opening(rejection) => rejection.into_problem(),
            Self::NotAsked(_) => Problem::not_found("question"),
            Self::Answers { errors, .. } => errors.into_problem(),
            Self::NotOffered(_, choice) => {
                let code = match choice {
                    Choice::ForWhom => "mandate_invalid",
                    Choice::Unit => "unit_invalid",
                    Choice::Exemption => "exemption_invalid",
                    Choice::Return => "delivery_invalid",
                };
                Problem::invalid(code, "choose one of what the page offers", Vec::new())
            }
            Self::Busy => Problem::conflict(
                "draft_changed",
                "the draft was changed elsewhere meanwhile; open it again and repeat the change",
            ),
        }
    }
}

/// Another window may save at the same moment; each saves its own screen, so reading again and repeating is right.
const TRIES: usize = 4;

/// Keeps a screen's answers; the application comes back as it is then.
pub async fn save_draft<'a>(cx: &'a Cx, draft: &str, input: Input<'_>) -> Result<Application<'a>, Rejection<'a>> {
    for _ in 0..TRIES {
        let application = open_draft(cx, draft).await?;
        let Some(screen) = application.screen(input.screen) else {
            return Err(Rejection::NotAsked(Box::new(application)));
        };
        let read = read(cx, &application, &screen, &input);
        let here = screen.id().to_owned();
        let at = match &read.wrong {
            Some(_) => here,
            None if input.lenient || input.remove.is_some() => here,
            None => application.with_answers(read.answers.clone()).after(&here).id().to_owned(),
        };
        let kept = application.kept(&read.answers);
        if !keep(cx, &application, &kept, &at).await? {
            continue;
        }
        if let Some(errors) = read.wrong {
            let answers = application.form.typed_screen(&screen, input.fields, &read.answers);
            return Err(Rejection::Answers { application: Box::new(application), typed: Box::new(answers), errors });
        }
        if let Some(id) = input.remove.and_then(|id| id.parse().ok()) {
            songhan_documents::remove_upload(cx, application.draft.account, id).await?;
        }
        return Ok(open_draft(cx, draft).await?);
    }
    Err(Rejection::Busy)
}

/// Keeps a choice; the application comes back as it is then.
pub async fn choose<'a>(
    cx: &'a Cx,
    draft: &str,
    choice: Choice,
    value: &str,
) -> Result<Application<'a>, Rejection<'a>> {
    for _ in 0..TRIES {
        let application = open_draft(cx, draft).await?;
        if !application.offers(choice, value) {
            return Err(Rejection::NotOffered(Box::new(application), choice));
        }
        let mut kept = application.kept_with(choice, value);
        if choice == Choice::ForWhom {
            kept = answered_for(cx, &application, kept, value).await?;
        }
        if keep(cx, &application, &kept, application.after_choice(choice).id()).await? {
            return Ok(open_draft(cx, draft).await?);
        }
    }
    Err(Rejection::Busy)
}

/// Keeps to whom the result goes by post; what is wrong comes back.
pub async fn keep_recipient<'a>(
    cx: &'a Cx,
    draft: &str,
    typed: &Recipient,
) -> Result<(Application<'a>, Vec<FieldError>), Rejection<'a>> {
    for _ in 0..TRIES {
        let mut application = open_draft(cx, draft).await?;
        match typed.checked("") {
            Err(errors) => return Ok((application, errors)),
            Ok(to) => application.return_to = Some(to),
        }
        let kept = application.kept(&application.answers);
        if keep(cx, &application, &kept, application.end().id()).await? {
            return Ok((open_draft(cx, draft).await?, Vec::new()));
        }
    }
    Err(Rejection::Busy)
}

/// What the account or the person represented before has answered makes way for what is known of the one chosen now.
/// Answers that the applicant gave stay.
async fn answered_for(
    cx: &Cx,
    application: &Application<'_>,
    mut kept: Answers,
    chosen: &str,
) -> Result<Answers, Internal> {
    let form = &application.form;
    let principal = application.represented.iter().find(|one| one.key() == chosen);
    let before = known(cx, form, application.principal()).await?;
    let now = known(cx, form, principal).await?;
    for question in form.questions().filter(|question| question.from.is_some()) {
        let id = question.id.as_str();
        let is_typed = kept.get(id).is_some() && kept.get(id) != before.get(id);
        if !is_typed {
            kept.set(id, now.get(id).cloned());
        }
    }
    Ok(kept)
}

/// `false` when the draft was changed after it was read.
async fn keep(cx: &Cx, application: &Application<'_>, kept: &Answers, at: &str) -> Result<bool, open_draft::Rejection> {
    let mut tx = cx.begin().await?;
    match drafts::save(&mut tx, &application.draft, &application.form, kept, at).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(DraftError::Changed) => Ok(false),
        Err(DraftError::Internal(error)) => Err(error.into()),
        Err(DraftError::Missing | DraftError::TooMany) => Err(open_draft::Rejection::NotFound),
    }
}

struct Read {
    answers: Answers,
    wrong: Option<Errors>,
}

/// The draft's answers with those of the screen. Files that have come are kept even where something beside them is
/// wrong: nobody likes to send a photo twice.
fn read(cx: &Cx, application: &Application<'_>, screen: &Screen<'_>, input: &Input<'_>) -> Read {
    let (form, check) = (&application.form, CheckContext::of(cx));
    let mut answers = application.answers.clone();
    if let Some(upload) = input.remove {
        answers = form.remove_upload(&answers, upload);
    }
    let mut wrong: Vec<FieldError> = Vec::new();
    for question in &screen.questions {
        let result = if question.widget == Widget::Upload {
            let sent = input.fields.iter().filter(|(name, _)| *name == question.id).map(|(_, id)| id.as_str());
            let ids: Vec<&str> = answers.list(&question.id).into_iter().chain(sent).collect();
            form.check_answer(question, &Value::from(ids), &check)
        } else {
            form.read_question(question, input.fields, &check)
        };
        match result {
            Ok(value) => answers.set(&question.id, value),
            Err(error) => wrong.push(error),
        }
    }
    let lenient = input.lenient || input.remove.is_some();
    Read { answers, wrong: (!lenient && !wrong.is_empty()).then_some(Errors(wrong)) }
}
