//! Drafts: answers on their way, kept at every step for whoever gives them and for nobody else.
//!
//! A draft belongs to an account and serves a purpose (the code of a procedure). It is written under its version, so
//! that two windows cannot undo each other. It stays ninety days after the last change, and says when it will go.

use jiff::{SignedDuration, Timestamp};
use songhan_app::{Cx, IntoProblem, Problem};
use songhan_base::{Id, Internal};
use songhan_db::{At, Db, Tx};

use crate::{Answers, CheckContext, Fitting, Form, store};

/// Bản nháp.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Draft {
    pub id: Id,
    pub account: Id,
    pub form: String,
    /// Version of the form when the draft was last saved.
    pub form_version: String,
    /// What it is for, such as the code of a procedure.
    pub purpose: String,
    answers: String,
    /// The screen to come back to; may be empty.
    pub at_screen: String,
    /// Rises with every change.
    pub version: i64,
    pub created_at: At,
    pub updated_at: At,
}

/// What a new draft begins with.
#[derive(Clone, Debug)]
pub struct NewDraft<'a> {
    pub account: Id,
    pub form: &'a Form,
    pub purpose: &'a str,
    pub answers: &'a Answers,
    pub at_screen: &'a str,
}

/// Days that a draft stays after its last change.
pub const DAYS_KEPT: i64 = 90;
/// Nobody fills in more forms at a time; it bounds what one account can store.
pub const DRAFTS_MAX: i64 = 50;

#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("there is no such draft, or it is not yours; list your drafts and open one of them")]
    Missing,
    #[error("the draft was changed elsewhere meanwhile; open it again and repeat the change")]
    Changed,
    #[error("there are {DRAFTS_MAX} drafts already; send or delete one first")]
    TooMany,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for DraftError {
    fn into_problem(self) -> Problem {
        match self {
            Self::Missing => Problem::not_found("draft"),
            Self::Changed => Problem::conflict("draft_changed", self.to_string()),
            Self::TooMany => Problem::conflict("drafts_too_many", self.to_string()),
            Self::Internal(error) => error.into(),
        }
    }
}

impl Draft {
    pub fn answers(&self) -> Answers {
        Answers::parse(&self.answers)
    }

    /// When it is deleted unless it is changed again.
    pub fn kept_until(&self) -> Timestamp {
        self.updated_at.0.saturating_add(SignedDuration::from_hours(24 * DAYS_KEPT)).unwrap_or(Timestamp::MAX)
    }
}

/// Begins a draft.
pub async fn start(tx: &mut Tx, id: Id, new: NewDraft<'_>) -> Result<Draft, DraftError> {
    if store::count(tx, new.account).await? >= DRAFTS_MAX {
        return Err(DraftError::TooMany);
    }
    let draft = Draft {
        id,
        account: new.account,
        form: new.form.code.clone(),
        form_version: new.form.version.clone(),
        purpose: new.purpose.to_owned(),
        answers: new.answers.to_json().to_string(),
        at_screen: new.at_screen.to_owned(),
        version: 1,
        created_at: At(tx.now()),
        updated_at: At(tx.now()),
    };
    store::insert(tx, &draft).await?;
    Ok(draft)
}

/// Writes answers and place of a draft that was read at `draft.version`; answers the draft as it stands then.
pub async fn save(
    tx: &mut Tx,
    draft: &Draft,
    form: &Form,
    answers: &Answers,
    at_screen: &str,
) -> Result<Draft, DraftError> {
    let saved = Draft {
        answers: answers.to_json().to_string(),
        at_screen: at_screen.to_owned(),
        form_version: form.version.clone(),
        version: draft.version + 1,
        updated_at: At(tx.now()),
        ..draft.clone()
    };
    if store::update(tx, &saved, draft.version).await? == 1 {
        return Ok(saved);
    }
    let still_there = store::find_in(tx, draft.account, draft.id).await?.is_some();
    Err(if still_there { DraftError::Changed } else { DraftError::Missing })
}

/// A draft of this account.
pub async fn get(db: &Db, account: Id, id: Id) -> Result<Draft, DraftError> {
    store::find(db, account, id).await?.ok_or(DraftError::Missing)
}

/// The same inside a transaction (sending takes the draft with it).
pub async fn get_in(tx: &mut Tx, account: Id, id: Id) -> Result<Draft, DraftError> {
    store::find_in(tx, account, id).await?.ok_or(DraftError::Missing)
}

/// The account's drafts, the last touched first.
pub async fn list(db: &Db, account: Id) -> Result<Vec<Draft>, Internal> {
    store::of_account(db, account).await
}

/// The account's last draft for a purpose: to offer going on with it.
pub async fn latest(db: &Db, account: Id, purpose: &str) -> Result<Option<Draft>, Internal> {
    store::latest(db, account, purpose).await
}

/// Deletes a draft: its owner does not want it, or it was sent.
pub async fn delete(tx: &mut Tx, account: Id, id: Id) -> Result<(), DraftError> {
    if store::delete(tx, account, id).await? == 1 { Ok(()) } else { Err(DraftError::Missing) }
}

/// A draft opened again: what of it fits the form of today, and what there is to tell about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed {
    pub answers: Answers,
    /// In words, ready to show; empty when nothing changed.
    pub notes: Vec<String>,
}

/// Opens a draft under the form as it is now.
pub fn resume(draft: &Draft, form: &Form, cx: &CheckContext) -> Resumed {
    let Fitting { answers, dropped, gone } = form.fitting(&draft.answers(), cx);
    let mut notes = Vec::new();
    if draft.form_version != form.version {
        notes.push(cx.texts.get(cx.lang, "forms-draft-changed").into_owned());
    }
    if gone > 0 {
        notes.push(cx.texts.get(cx.lang, "forms-draft-gone").into_owned());
    }
    if !dropped.is_empty() {
        let labels: Vec<String> =
            dropped.iter().filter_map(|id| form.question(id)).map(|q| format!("“{}”", q.label.get(cx.lang))).collect();
        notes.push(cx.texts.format(cx.lang, "forms-draft-again", &[("questions", &labels.join(", "))]).into_owned());
    }
    Resumed { answers, notes }
}

/// Deletes drafts that nobody touched for ninety days, in small transactions so that nobody waits.
pub(crate) async fn sweep(cx: Cx) -> Result<(), Internal> {
    let before = cx.now() - SignedDuration::from_hours(24 * DAYS_KEPT);
    loop {
        let mut tx = cx.begin().await?;
        let deleted = store::delete_old(&mut tx, before, 500).await?;
        if deleted == 0 {
            return Ok(());
        }
        tx.audit("drafts.swept", "drafts", serde_json::json!({ "count": deleted })).await?;
        tx.commit().await?;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use songhan_base::Lang;
    use songhan_testkit::for_each_database;

    use super::*;
    use crate::sample::{FORM, answers, context, form, load};

    fn new(account: Id, answers: &Answers) -> NewDraft<'_> {
        NewDraft { account, form: form(), purpose: "2.000635", answers, at_screen: "applicant" }
    }

    #[tokio::test]
    async fn kept_for_their_owner_only() {
        for_each_database(vec![crate::module()], |city| async move {
            let (lan, an) = (city.resident("Trần Thị Lan").account, city.resident("Lê An").account);
            let cx = city.system();
            let mut tx = cx.begin().await.unwrap();
            let draft = start(&mut tx, cx.env.id(), new(lan, &answers())).await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(get(&cx.db, lan, draft.id).await.unwrap().answers(), answers());
            assert!(matches!(get(&cx.db, an, draft.id).await, Err(DraftError::Missing)));
            assert!(
                list(&cx.db, an).await.unwrap().is_empty() && latest(&cx.db, an, "2.000635").await.unwrap().is_none()
            );
            assert_eq!(latest(&cx.db, lan, "2.000635").await.unwrap().unwrap().id, draft.id);

            let mut tx = cx.begin().await.unwrap();
            let stolen = Draft { account: an, ..draft.clone() };
            assert!(matches!(save(&mut tx, &stolen, form(), &answers(), "x").await, Err(DraftError::Missing)));
            assert!(matches!(delete(&mut tx, an, draft.id).await, Err(DraftError::Missing)));
            delete(&mut tx, lan, draft.id).await.unwrap();
            assert!(matches!(get_in(&mut tx, lan, draft.id).await, Err(DraftError::Missing)));
            tx.commit().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn two_windows_do_not_undo_each_other() {
        for_each_database(vec![crate::module()], |city| async move {
            let (lan, cx) = (city.resident("Trần Thị Lan").account, city.system());
            let mut tx = cx.begin().await.unwrap();
            let first = start(&mut tx, cx.env.id(), new(lan, &Answers::default())).await.unwrap();
            tx.commit().await.unwrap();

            let mut tx = cx.begin().await.unwrap();
            let second = save(&mut tx, &first, form(), &answers(), "phone").await.unwrap();
            assert!(matches!(save(&mut tx, &first, form(), &Answers::default(), "x").await, Err(DraftError::Changed)));
            tx.commit().await.unwrap();
            let kept = get(&cx.db, lan, first.id).await.unwrap();
            assert_eq!((kept.version, kept.at_screen.as_str(), kept.answers()), (2, "phone", answers()));
            assert_eq!(second.version, kept.version);
        })
        .await;
    }

    #[tokio::test]
    async fn an_account_has_no_endless_room() {
        for_each_database(vec![crate::module()], |city| async move {
            let (lan, cx) = (city.resident("Trần Thị Lan").account, city.system());
            let mut tx = cx.begin().await.unwrap();
            for _ in 0..DRAFTS_MAX {
                start(&mut tx, cx.env.id(), new(lan, &Answers::default())).await.unwrap();
            }
            let one_more = start(&mut tx, cx.env.id(), new(lan, &Answers::default())).await;
            assert!(matches!(one_more, Err(DraftError::TooMany)));
        })
        .await;
    }

    #[tokio::test]
    async fn swept_after_ninety_days_and_not_before() {
        for_each_database(vec![crate::module()], |city| async move {
            let (lan, cx) = (city.resident("Trần Thị Lan").account, city.system());
            let mut tx = cx.begin().await.unwrap();
            let draft = start(&mut tx, cx.env.id(), new(lan, &answers())).await.unwrap();
            tx.commit().await.unwrap();
            let ninety_days = Duration::from_hours(90 * 24);
            city.clock.advance(ninety_days);
            assert_eq!(draft.kept_until(), cx.now());
            city.tick().await;
            assert!(get(&cx.db, lan, draft.id).await.is_ok());
            // A change gives it another ninety days.
            let mut tx = cx.begin().await.unwrap();
            save(&mut tx, &draft, form(), &answers(), "").await.unwrap();
            tx.commit().await.unwrap();
            city.clock.advance(ninety_days);
            city.tick().await;
            assert!(get(&cx.db, lan, draft.id).await.is_ok());
            city.clock.advance(Duration::from_secs(1));
            city.tick().await;
            assert!(matches!(get(&cx.db, lan, draft.id).await, Err(DraftError::Missing)));
        })
        .await;
    }

    #[test]
    fn a_changed_form_keeps_what_fits_and_says_so() {
        let mut old = answers();
        old.set("gone", Some(json!("x")));
        let at = At("2026-11-20T02:00:00Z".parse().unwrap());
        let draft = Draft {
            id: "01936b3e-0000-7000-8000-000000000001".parse().unwrap(),
            account: "01936b3e-0000-7000-8000-000000000002".parse().unwrap(),
            form: "sample".into(),
            form_version: form().version.clone(),
            purpose: "2.000635".into(),
            answers: old.to_json().to_string(),
            at_screen: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        let (forms, _) = load(&FORM.replace("maximum = 20", "maximum = 1"));
        let resumed = resume(&draft, forms.get("sample").unwrap(), &context(Lang::Vi));
        assert!(!resumed.answers.is_answered("copies") && resumed.answers.is_answered("full_name"));
        assert_eq!(resumed.notes.len(), 3);
        assert_eq!(resumed.notes[2], "Hãy trả lời lại: “Số bản”.");
        let same = Draft { answers: answers().to_json().to_string(), ..draft };
        assert_eq!(resume(&same, form(), &context(Lang::Vi)), Resumed { answers: answers(), notes: Vec::new() });
    }
}
