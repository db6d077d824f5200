//! Save an intake: who stands there, what they answer, what papers they bring. Kept at every step.

use jiff::civil::Date;
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};
use songhan_delivery::{Recipient, Wish};
use songhan_forms::drafts::{self, DraftError};
use songhan_forms::{Answers, CheckContext, Fields};
use songhan_procedures::Channel;

use crate::counter::intake::{Intake, Missing};
use crate::counter::person::{Comer, Other};
use crate::dossier::Paper;
use crate::returns;

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Missing(#[from] Missing),
    #[error("the intake was changed in another window meanwhile; look at it again")]
    Changed,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::Missing(Missing::NotFound) => Problem::not_found("intake"),
            Self::Missing(Missing::Internal(error)) | Self::Internal(error) => error.into(),
            Self::Changed => Problem::conflict("draft_changed", self.to_string()),
        }
    }
}

/// Who came, for whom, and where it goes.
pub struct Person {
    pub person: Comer,
    pub other: Option<Other>,
    /// Code of the unit that shall handle it.
    pub unit: Option<String>,
    pub channel: Channel,
    pub postmarked_on: Option<Date>,
}

/// What standing a paper has that was handed over.
pub const SEEN: [&str; 3] = ["original", "certified", "copy"];

/// Keeps who came; what the form can take from that is filled in. What is wrong comes back and is kept too, so that
/// nothing is typed twice.
pub async fn save_person(cx: &Cx, draft: &str, input: Person) -> Result<Vec<FieldError>, Rejection> {
    let mut intake = Intake::open(cx, draft).await?;
    let mut errors = input.person.check(cx).err().unwrap_or_default();
    if let Some(other) = &input.other {
        errors.extend(other.check(cx, &intake.procedure).err().unwrap_or_default());
    }
    let wrong_unit =
        input.unit.as_ref().filter(|code| intake.units.len() > 1 && !intake.units.iter().any(|u| *u.code == **code));
    if wrong_unit.is_some() {
        errors.push(FieldError::new("unit", "unknown", cx.t("services-unit-wrong")));
    }
    match (input.channel, input.postmarked_on) {
        (Channel::Post, None) => {
            errors.push(FieldError::new("postmark", "required", cx.t("counter-error-postmark")));
        }
        (Channel::Post, Some(day)) if day > cx.today() => {
            errors.push(FieldError::new("postmark", "future", cx.t("counter-error-postmark")));
        }
        _ => {}
    }
    let before = prefilled(cx, &intake);
    let desk = &mut intake.desk;
    (desk.person, desk.other, desk.unit) = (input.person, input.other, input.unit);
    (desk.channel, desk.postmarked_on) = (input.channel, input.postmarked_on);
    let now = prefilled(cx, &intake);
    for question in intake.form.questions().filter(|question| question.from.is_some()) {
        let id = question.id.as_str();
        let is_typed = intake.answers.get(id).is_some() && intake.answers.get(id) != before.get(id);
        if !is_typed {
            intake.answers.set(id, now.get(id).cloned());
        }
    }
    save(cx, &intake).await?;
    Ok(errors)
}

/// What the form takes from who came, or from whom they came for.
fn prefilled(cx: &Cx, intake: &Intake<'_>) -> Answers {
    let comer = intake.desk.person.profile();
    let profile = match &intake.desk.other {
        Some(other) => other.profile(comer),
        None => comer,
    };
    intake.form.prefill(&profile, &CheckContext::of(cx))
}

/// Keeps the answers to the questions named in `shown`; what is wrong comes back.
pub async fn save_answers(
    cx: &Cx,
    draft: &str,
    fields: &Fields,
    shown: &[&str],
    exemption: Option<String>,
) -> Result<Vec<FieldError>, Rejection> {
    let mut intake = Intake::open(cx, draft).await?;
    let (check, form) = (CheckContext::of(cx), intake.form.clone());
    let mut errors = Vec::new();
    for question in form.questions().filter(|q| Intake::is_in_words(q) && shown.contains(&q.id.as_str())) {
        match form.read_question(question, fields, &check) {
            Ok(value) => intake.answers.set(&question.id, value),
            Err(error) => errors.push(error),
        }
    }
    if shown.contains(&"exemption") {
        let groups = intake.procedure.exempt_groups(cx.today(), intake.desk.channel);
        intake.desk.exemption = exemption.filter(|group| groups.contains(&group.as_str()));
    }
    save(cx, &intake).await?;
    Ok(errors)
}

/// Keeps how the result comes back; what is wrong comes back and is not kept.
pub async fn save_delivery(cx: &Cx, draft: &str, way: &str, to: &Recipient) -> Result<Vec<FieldError>, Rejection> {
    let mut intake = Intake::open(cx, draft).await?;
    let wish = Wish { way: way.to_owned(), ..Wish::default() };
    match wish.checked(to, returns::offers(cx, &intake.procedure.code), "return_") {
        Err(errors) => return Ok(errors),
        Ok(chosen) => intake.desk.delivery = Some(chosen),
    }
    save(cx, &intake).await?;
    Ok(Vec::new())
}

/// A paper that was handed over: scanned files of it, or none where it is kept on paper.
pub struct Handed<'i> {
    /// The question that it answers, or `other`.
    pub question: &'i str,
    /// What it is called on the receipt.
    pub name: &'i str,
    pub seen: &'i str,
    /// Ids of the officer's uploads.
    pub scans: &'i [Id],
}

/// Longest name of a paper, and most papers of a dossier.
const NAME_CHARS_MAX: usize = 200;
const PAPERS_MAX: usize = 60;

/// Notes a paper; what is wrong comes back.
pub async fn add_paper(cx: &Cx, draft: &str, handed: Handed<'_>) -> Result<Vec<FieldError>, Rejection> {
    let mut intake = Intake::open(cx, draft).await?;
    let question = intake.paper_questions().into_iter().find(|question| question.id == handed.question);
    let typed = songhan_base::clean_line(handed.name);
    let (id, name) = match question {
        Some(question) => (question.id.clone(), question.label.get(songhan_base::Lang::Vi).to_owned()),
        None => ("other".to_owned(), typed),
    };
    let mut errors = Vec::new();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        errors.push(FieldError::new("name", "required", cx.t("counter-error-paper-name")));
    }
    if !SEEN.contains(&handed.seen) {
        errors.push(FieldError::new("seen", "required", cx.t("counter-error-seen")));
    }
    if intake.desk.papers.len() + handed.scans.len().max(1) > PAPERS_MAX {
        errors.push(FieldError::new("name", "too_many", cx.t("counter-error-papers-many")));
    }
    if !errors.is_empty() {
        return Ok(errors);
    }
    let paper = |upload: Id, digitisation: i64| Paper {
        upload,
        question: id.clone(),
        name: name.clone(),
        seen: Some(handed.seen.to_owned()),
        digitisation,
    };
    if handed.scans.is_empty() {
        // Kept on paper alone: it has an id to be named by, and no file.
        intake.desk.papers.push(paper(cx.env.id(), 0));
    }
    intake.desk.papers.extend(handed.scans.iter().map(|scan| paper(*scan, 1)));
    save(cx, &intake).await?;
    Ok(Vec::new())
}

/// Takes a paper off the list again.
pub async fn remove_paper(cx: &Cx, draft: &str, upload: &str) -> Result<(), Rejection> {
    let mut intake = Intake::open(cx, draft).await?;
    let gone = intake.desk.papers.iter().find(|paper| paper.upload.to_string() == upload).cloned();
    let Some(gone) = gone else { return Ok(()) };
    intake.desk.papers.retain(|paper| paper.upload != gone.upload);
    save(cx, &intake).await?;
    if !gone.is_paper_only() {
        songhan_documents::remove_upload(cx, intake.draft.account, gone.upload).await?;
    }
    Ok(())
}

/// Deletes an intake with what was scanned for it.
pub async fn delete_intake(cx: &Cx, draft: &str) -> Result<(), Rejection> {
    let intake = Intake::open(cx, draft).await?;
    let (account, id) = (intake.draft.account, intake.draft.id);
    let mut tx = cx.begin().await?;
    match drafts::delete(&mut tx, account, id).await {
        Ok(()) => tx.commit().await?,
        Err(DraftError::Internal(error)) => return Err(error.into()),
        Err(_) => return Err(Missing::NotFound.into()),
    }
    for paper in intake.desk.papers.iter().filter(|paper| !paper.is_paper_only()) {
        songhan_documents::remove_upload(cx, account, paper.upload).await?;
    }
    Ok(())
}

async fn save(cx: &Cx, intake: &Intake<'_>) -> Result<(), Rejection> {
    let kept = intake.kept()?;
    let mut tx = cx.begin().await?;
    match drafts::save(&mut tx, &intake.draft, &intake.form, &kept, "").await {
        Ok(_) => Ok(tx.commit().await?),
        Err(DraftError::Changed) => Err(Rejection::Changed),
        Err(DraftError::Internal(error)) => Err(error.into()),
        Err(_) => Err(Missing::NotFound.into()),
    }
}
