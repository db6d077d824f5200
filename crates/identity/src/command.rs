//! What the command line and the demo need: a user, a token for a role, the people of the demo.

use jiff::SignedDuration;
use songhan_app::Cx;
use songhan_base::{FieldError, Id, Internal, Role};
use songhan_city::DemoPeople;

use crate::account::{self, NewAccount, Typed};
use crate::grant::NewGrant;
use crate::password::{Unhashed, hash_password};
use crate::people::{NotCreated, create_account, create_token, give_grant};
use crate::store;

/// Why a command could not do it; the message says what to change.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("{}", .0.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join("\n"))]
    Fields(Vec<FieldError>),
    #[error(transparent)]
    NotCreated(#[from] NotCreated),
    #[error(transparent)]
    Unhashed(#[from] Unhashed),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// `songhan user add`: makes an account and, unless it is a resident's, gives it its role.
pub async fn add_user(
    cx: &Cx,
    typed: &Typed,
    password: &str,
    role: Role,
    unit: Option<String>,
) -> Result<Id, CommandError> {
    let mut new = account::check(cx, typed).map_err(CommandError::Fields)?;
    let id = new.citizen_id.as_ref().map_or("", |id| id.as_str());
    let own = account::own_data(&new.name, id, new.born.day(), new.phone.as_deref(), new.email.as_deref());
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    account::check_password(cx, "password", password, &own).map_err(|error| CommandError::Fields(vec![error]))?;
    // The role is checked before anything is written; the id does not matter for that.
    let grant = (role != Role::Resident).then(|| NewGrant::today(cx, cx.env.id(), role, unit));
    if let Some(grant) = &grant {
        grant.check_person(cx).map_err(CommandError::Fields)?;
    }
    new.password = Some(hash_password(cx, password).await?);
    let mut tx = cx.begin().await?;
    let account = create_account(&mut tx, cx, new).await?;
    if let Some(grant) = grant {
        give_grant(&mut tx, cx, NewGrant { account, ..grant }).await?;
    }
    tx.commit().await?;
    Ok(account)
}

/// `songhan token create --role ROLE [--unit UNIT]`: a token that holds this role, for `days`. The account behind it is
/// made once for each role and unit; nobody can sign in to it by password.
pub async fn create_role_token(
    cx: &Cx,
    role: Role,
    unit: Option<String>,
    name: &str,
    days: u32,
) -> Result<String, CommandError> {
    let service = unit.as_ref().map_or_else(|| role.to_string(), |unit| format!("{role}@{unit}"));
    let mut tx = cx.begin().await?;
    let known = store::service_account(&mut tx, &service).await?;
    let account = known.unwrap_or_else(|| cx.env.id());
    if known.is_none() {
        store::insert_service(&mut tx, account, &service, &format!("Token {service}")).await?;
    }
    let today = cx.today();
    let held = store::grants_of(&mut tx, account).await?;
    if role != Role::Resident && !held.iter().any(|grant| grant.is_in_force(today) && grant.role == role) {
        let grant = NewGrant::today(cx, account, role, unit);
        grant.check(cx).map_err(CommandError::Fields)?;
        give_grant(&mut tx, cx, grant).await?;
    }
    let expires = cx.now().checked_add(SignedDuration::from_hours(24 * i64::from(days))).map_err(Internal::new)?;
    let token = create_token(&mut tx, cx, account, name, expires).await?;
    tx.commit().await?;
    Ok(token)
}

/// Makes the people of `demo/people.toml` who are not there yet; answers how many it made.
pub async fn create_demo_people(cx: &Cx) -> Result<usize, CommandError> {
    let people = cx.city.get::<DemoPeople>();
    let mut made = 0;
    for person in people.iter() {
        let id = person.citizen_id.as_str();
        let paper = store::Paper { citizen_id: Some(id), passport: None };
        if !store::taken(&cx.db, None, paper, None, None).await?.is_empty() {
            continue;
        }
        let typed = Typed { phone: person.phone.clone(), email: person.email.to_string(), ..Typed::default() };
        let contact = account::check_contact(cx, &typed).map_err(CommandError::Fields)?;
        let new = NewAccount {
            name: person.name.clone(),
            citizen_id: (*person.citizen_id).clone(),
            date_of_birth: person.date_of_birth,
            phone: contact.phone,
            email: contact.email,
            address: person.address.clone(),
            area: person.area.as_deref().cloned(),
            lang: songhan_base::Lang::Vi,
            password: Some(hash_password(cx, &people.password).await?),
        };
        let mut tx = cx.begin().await?;
        // Another process of the same demo may have been first.
        let account = match create_account(&mut tx, cx, new).await {
            Ok(account) => account,
            Err(NotCreated::Taken(fields)) if fields.contains(&"citizen_id") => continue,
            Err(error) => return Err(error.into()),
        };
        if person.role != Role::Resident {
            let unit = person.unit.as_deref().cloned();
            give_grant(&mut tx, cx, NewGrant::today(cx, account, person.role, unit)).await?;
        }
        tx.commit().await?;
        made += 1;
    }
    Ok(made)
}
