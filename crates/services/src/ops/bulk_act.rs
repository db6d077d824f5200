//! Do the same to many dossiers: each in a commit of its own, each with its own answer.
//!
//! A repeat does nothing twice: what the same person has just done counts as done.

use axum::Json;
use serde::{Deserialize, Serialize};
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal, Role};
use songhan_cases::{Assignee, Case, step};

use crate::dossier::{Dossier, Part};
use crate::ops::act;
use crate::ops::show_dossier::{self, see};
use crate::returns;

/// What is done to which dossiers.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkInput, example = json!({"action": "process", "dossiers": [{"code": "000.00.15.H17-261121-0001", "version": 2}]}))]
pub struct Input {
    /// An action that the workflow marks as one for many, `take`, or `assign`.
    #[schema(example = "process")]
    pub action: String,
    /// At most 100.
    pub dossiers: Vec<Chosen>,
    /// The officer that `assign` puts in charge.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub account: Option<String>,
    /// For the office alone.
    #[serde(default)]
    pub internal_note: Option<String>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BulkDossier)]
pub struct Chosen {
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub code: String,
    /// The version that the caller has seen.
    #[serde(default)]
    #[schema(example = 2)]
    pub version: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BulkOutput)]
pub struct Output {
    /// In the order in which they were named.
    pub results: Vec<Done>,
    #[schema(example = 1)]
    pub done: usize,
    #[schema(example = 0)]
    pub refused: usize,
}

/// What became of one.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = BulkResult)]
pub struct Done {
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub code: String,
    pub done: bool,
    /// The state that it is in now.
    #[schema(example = "processing")]
    pub state: Option<String>,
    /// Why not: a stable word and a message.
    #[schema(example = "action_not_now")]
    pub reason: Option<String>,
    pub message: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("name 1 to {MOST} dossiers, each once")]
    Dossiers,
    #[error("{0:?} is not done to many dossiers at once")]
    Action(String),
    #[error("say who shall be in charge: an officer's account")]
    Account,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let message = self.to_string();
        let wrong = |field: &str| {
            Problem::invalid("bulk_invalid", message.clone(), vec![FieldError::new(field, "invalid", message.clone())])
        };
        match self {
            Self::Dossiers => wrong("dossiers"),
            Self::Action(_) => wrong("action"),
            Self::Account => wrong("account"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Dossiers at once.
pub const MOST: usize = 100;

/// Does it to each; what is refused changes nothing of the others.
pub async fn bulk_act(cx: &Cx, input: &Input) -> Result<Output, Rejection> {
    let codes: Vec<&str> = input.dossiers.iter().map(|chosen| chosen.code.as_str()).collect();
    let twice = codes.iter().enumerate().any(|(n, code)| codes[..n].contains(code));
    if codes.is_empty() || codes.len() > MOST || twice {
        return Err(Rejection::Dossiers);
    }
    let account = input.account.as_deref().map(str::parse::<Id>).transpose().map_err(|_| Rejection::Account)?;
    if input.action == step::ASSIGN && account.is_none() {
        return Err(Rejection::Account);
    }
    let known = input.action == step::ASSIGN || input.action == step::TAKE || is_bulk(cx, &input.action);
    if !known {
        return Err(Rejection::Action(input.action.chars().take(40).collect()));
    }
    let mut results = Vec::with_capacity(input.dossiers.len());
    for chosen in &input.dossiers {
        results.push(match one(cx, input, chosen, account).await {
            Ok(case) => {
                Done { code: chosen.code.clone(), done: true, state: Some(case.state), reason: None, message: None }
            }
            Err(problem) if problem.status().is_server_error() => return Err(Internal::new(problem.detail()).into()),
            Err(problem) => Done {
                code: chosen.code.clone(),
                done: false,
                state: None,
                reason: Some(problem.code().to_owned()),
                message: Some(problem.detail().to_owned()),
            },
        });
    }
    let done = results.iter().filter(|result| result.done).count();
    let output = Output { refused: results.len() - done, done, results };
    // The work is done already, case by case: what is kept here only answers a repeat the same way.
    let mut tx = cx.begin().await?;
    cx.keep(&mut tx, 200, &output).await?;
    tx.commit().await?;
    Ok(output)
}

/// Whether some workflow of the city has this action for many.
fn is_bulk(cx: &Cx, action: &str) -> bool {
    let mut workflows = cx.city.get::<songhan_cases::Workflows>().iter();
    workflows.any(|workflow| workflow.action(action).is_some_and(|action| action.bulk))
}

async fn one(cx: &Cx, input: &Input, chosen: &Chosen, account: Option<Id>) -> Result<Case, Problem> {
    let seen = see(cx, &chosen.code).await.map_err(IntoProblem::into_problem)?;
    if seen.part != Part::Office {
        return Err(show_dossier::Rejection::NotFound.into_problem());
    }
    match step_of(cx, input, chosen, &seen.dossier, &seen.case, account).await {
        Ok(case) => Ok(case),
        Err(problem) if matches!(problem.code(), "version_stale" | "action_not_now") => {
            match done_before(cx, input, chosen, seen.case.id).await? {
                Some(case) => Ok(case),
                None => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    }
}

/// One step in its own commit.
async fn step_of(
    cx: &Cx,
    input: &Input,
    chosen: &Chosen,
    dossier: &Dossier,
    case: &Case,
    account: Option<Id>,
) -> Result<Case, Problem> {
    let assignee = match account.filter(|_| input.action == step::ASSIGN) {
        Some(account) => Some(officer(cx, dossier, case, account).await?),
        None => None,
    };
    let mut tx = cx.begin().await?;
    let rejected = |rejection: songhan_cases::Rejection| rejection.into_problem();
    let case = match (&assignee, input.action.as_str()) {
        (Some((account, name)), _) => {
            let to = Assignee { account: *account, name };
            songhan_cases::assign(&mut tx, cx, case.id, to, chosen.version).await.map_err(rejected)?
        }
        (None, step::TAKE) => songhan_cases::take(&mut tx, cx, case.id, chosen.version).await.map_err(rejected)?,
        (None, action) => {
            let workflow = songhan_cases::workflow(cx, &mut tx, case).await?;
            if !workflow.action(action).is_some_and(|action| action.bulk) {
                return Err(songhan_cases::Rejection::UnknownAction(action.to_owned()).into_problem());
            }
            let delivery = songhan_delivery::of_case(&mut tx, case.id).await?;
            if delivery.is_some_and(|one| one.is_by_post() && one.state.is_waiting())
                && workflow.action(action).is_some_and(|action| action.triggers.iter().any(|t| t == returns::COLLECTED))
            {
                return Err(Problem::conflict("to_be_posted", cx.t("returns-bulk-post")));
            }
            let note = input.internal_note.clone();
            let act = act::Input { version: chosen.version, internal_note: note, ..act::Input::default() };
            act::step(&mut tx, cx, dossier, action, &act).await.map_err(IntoProblem::into_problem)?.case
        }
    };
    tx.commit().await?;
    Ok(case)
}

/// Whom a dossier can be given to: an officer of its unit whose own matter it is not.
async fn officer(cx: &Cx, dossier: &Dossier, case: &Case, account: Id) -> Result<(Id, String), Problem> {
    let officers = songhan_identity::people_at(&cx.db, cx, Role::Officer, Some(&case.unit)).await?;
    let found = officers.into_iter().find(|(id, _)| *id == account && !dossier.is_of(*id));
    found.ok_or_else(|| songhan_cases::Rejection::NotYours(step::ASSIGN.to_owned()).into_problem())
}

/// The case, where the last step is what was asked for and the same person has done it to the version that they saw.
async fn done_before(cx: &Cx, input: &Input, chosen: &Chosen, id: Id) -> Result<Option<Case>, Problem> {
    let Some(case) = songhan_cases::by_id(&cx.db, id).await? else { return Ok(None) };
    let steps = songhan_cases::timeline(&cx.db, id, false).await?;
    let last = steps.last().filter(|last| last.action == input.action && last.actor == cx.actor.label());
    let follows = chosen.version.is_some_and(|seen| last.is_some_and(|last| last.seq == seen + 1));
    Ok(follows.then_some(case))
}

/// Do the same to many dossiers.
#[utoipa::path(post, path = "/api/v1/bulk-actions", operation_id = "act_on_dossiers", tag = "dossiers",
    request_body = Input,
    responses(
        (status = 200, body = Output, description = "What became of each; some may be refused"),
        (status = 422, description = "Too many dossiers, or no action for many"),
    ))]
pub async fn handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Json<Output>, Problem> {
    bulk_act(&cx, &input).await.map(Json).map_err(IntoProblem::into_problem)
}
