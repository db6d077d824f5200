//! What identity offers to others: making accounts, giving roles, making tokens. All within the caller's transaction.

use jiff::Timestamp;
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Grant, Id, Internal, Person, Role};
use songhan_db::{Db, On, Tx};

use crate::account::{Account, NewPerson};
use crate::events::{AccountCreated, GrantEnded, GrantGiven, SessionEnded};
use crate::grant::{GrantRow, NewGrant};
use crate::session::{self, SessionKind};
use crate::store;

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated {
    /// The fields whose values are another account's: `citizen_id`, `passport`, `phone`, `email`.
    #[error("another account has the same {}; sign in to it, or leave out what is not yours", .0.join(" and "))]
    Taken(Vec<&'static str>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The account with this id.
pub async fn account<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Account>, Internal> {
    store::account(on, id).await
}

/// Makes an account. Its data must have been checked; the password, where there is one, is hashed already.
pub async fn create_account(tx: &mut Tx, cx: &Cx, new: impl Into<NewPerson>) -> Result<Id, NotCreated> {
    let (id, new) = (cx.env.id(), new.into());
    if !store::insert_account(tx, id, &new).await? {
        return Err(NotCreated::Taken(
            store::taken(tx, None, new.paper(), new.phone.as_deref(), new.email.as_deref()).await?,
        ));
    }
    if let Some(password) = &new.password {
        store::set_password(tx, id, password).await?;
    }
    tx.emit(AccountCreated { account: id }).await?;
    tx.audit("identity.account_created", &format!("account:{id}"), json!({})).await?;
    Ok(id)
}

/// Gives a role. Whether it fits the city is for [`NewGrant::check`], whether the actor may for
/// [`may_administer`](crate::may_administer).
pub async fn give_grant(tx: &mut Tx, cx: &Cx, new: NewGrant) -> Result<Id, Internal> {
    let id = cx.env.id();
    store::insert_grant(tx, id, &new).await?;
    let detail = json!({ "grant": id, "role": new.role, "deputy": new.deputy, "unit": new.unit, "area": new.area,
        "from": new.from.to_string(), "until": new.until.map(|day| day.to_string()) });
    tx.audit("identity.grant_given", &format!("account:{}", new.account), detail).await?;
    tx.emit(GrantGiven { grant: id, account: new.account, role: new.role, unit: new.unit }).await?;
    Ok(id)
}

/// Ends a grant at once; one that had ended stays as it was.
pub async fn end_grant(tx: &mut Tx, grant: &GrantRow) -> Result<(), Internal> {
    if !store::end_grant(tx, grant.id).await? {
        return Ok(());
    }
    let detail = json!({ "grant": grant.id, "role": grant.role, "unit": grant.unit });
    tx.audit("identity.grant_ended", &format!("account:{}", grant.account), detail).await?;
    let GrantRow { id, account, role, .. } = *grant;
    tx.emit(GrantEnded { grant: id, account, role, unit: grant.unit.clone() }).await
}

/// The people who hold `role` at exactly this unit today (`None`: for the whole city), by name: id and name.
pub async fn people_at<'a>(
    on: impl Into<On<'a>>,
    cx: &Cx,
    role: Role,
    unit: Option<&str>,
) -> Result<Vec<(Id, String)>, Internal> {
    store::holders(on, role, unit, cx.today()).await
}

/// The people who hold `role` at any of these units today, by name: id, name and unit; who holds it at two stands twice.
pub async fn people_at_units(
    db: &Db,
    cx: &Cx,
    role: Role,
    units: &[&str],
) -> Result<Vec<(Id, String, String)>, Internal> {
    store::holders_at(db, role, units, cx.today()).await
}

/// The account as the person that acts, with today's grants: for jobs and commands that act for someone.
pub async fn person_of(db: &Db, cx: &Cx, account: Id) -> Result<Option<Person>, Internal> {
    let Some(found) = store::account(db, account).await? else { return Ok(None) };
    let today = cx.today();
    let grants = store::grants_of(db, account).await?.into_iter().filter(|grant| grant.is_in_force(today));
    let grants = grants.map(|grant| Grant { role: grant.role, unit: grant.unit }).collect();
    Ok(Some(Person { account, session: account, name: found.name, grants }))
}

/// A session that was opened, with the secret that is told once.
#[derive(Clone, Debug)]
pub struct Opened {
    pub session: Id,
    pub secret: String,
    pub expires_at: Timestamp,
}

/// A session to be opened.
pub struct Opening<'a> {
    pub account: Id,
    pub kind: SessionKind,
    /// The device or the program.
    pub name: &'a str,
    pub address: Option<String>,
    pub second_factor: bool,
    pub expires_at: Timestamp,
}

/// Opens a session: a new secret each time.
pub async fn open_session(tx: &mut Tx, cx: &Cx, opening: Opening<'_>) -> Result<Opened, Internal> {
    let (id, secret) = (cx.env.id(), session::new_secret(&cx.env));
    let hash = session::secret_hash(&secret).ok_or_else(|| Internal::new("a session secret has the wrong form"))?;
    let new = store::NewSession {
        id,
        hash: &hash,
        account: opening.account,
        kind: opening.kind,
        name: opening.name,
        address: opening.address.as_deref(),
        second_factor: opening.second_factor,
        expires_at: opening.expires_at,
    };
    store::insert_session(tx, new).await?;
    let detail = json!({ "session": id, "kind": opening.kind, "second_factor": opening.second_factor });
    let action = match opening.kind {
        SessionKind::Service => "identity.token_created",
        SessionKind::Browser | SessionKind::Program => "identity.signed_in",
    };
    tx.audit(action, &format!("account:{}", opening.account), detail).await?;
    Ok(Opened { session: id, secret, expires_at: opening.expires_at })
}

/// Ends a session of an account; `false` when it was none of its living ones.
pub async fn end_session(tx: &mut Tx, account: Id, session: Id) -> Result<bool, Internal> {
    if !store::end_session(tx, account, session).await? {
        return Ok(false);
    }
    tx.audit("identity.session_ended", &format!("account:{account}"), json!({ "session": session })).await?;
    tx.emit(SessionEnded { session, account }).await?;
    Ok(true)
}

/// Makes a token for an account; the text is told once and never kept.
pub async fn create_token(
    tx: &mut Tx,
    cx: &Cx,
    account: Id,
    name: &str,
    expires_at: Timestamp,
) -> Result<String, Internal> {
    let kind = SessionKind::Service;
    let opening = Opening { account, kind, name, address: None, second_factor: true, expires_at };
    open_session(tx, cx, opening).await.map(|opened| opened.secret)
}
