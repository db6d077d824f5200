//! People that come many at a time: a city's population as another system had it, or simulated.

use songhan_base::{Id, Internal, fold};
use songhan_db::{Db, Rows, Tx};

use crate::account::NewAccount;
use crate::password::PasswordHash;
use crate::store;

/// Someone new; without a password nobody can sign in as them.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub id: Id,
    pub person: NewAccount,
    pub password: Option<PasswordHash>,
}

/// Writes people whose citizen identity numbers, phones and e-mail addresses the city does not have yet. Nothing is told
/// of them: neither events nor audit rows.
pub async fn load(tx: &mut Tx, people: &[Loaded]) -> Result<(), Internal> {
    let now = tx.now();
    let mut accounts = Rows::of(
        "accounts (id, name, name_fold, citizen_id, date_of_birth, phone, email, email_fold, address, area, lang, \
         created_at, changed_at)",
    );
    let mut passwords = Rows::of("passwords (account, hash, changed_at)");
    for Loaded { id, person, password } in people {
        accounts.add([
            (*id).into(),
            (&person.name).into(),
            fold(&person.name).into(),
            (&person.citizen_id).into(),
            person.date_of_birth.to_string().into(),
            person.phone.as_deref().into(),
            person.email.as_deref().into(),
            person.email.as_deref().map(crate::contact::email_fold).into(),
            person.address.as_deref().into(),
            person.area.as_deref().into(),
            person.lang.into(),
            now.into(),
            now.into(),
        ]);
        if let Some(PasswordHash(hash)) = password {
            passwords.add([(*id).into(), hash.into(), now.into()]);
        }
    }
    accounts.insert(tx).await?;
    passwords.insert(tx).await
}

/// Some people with an account, by id: the first `limit` of them.
pub async fn some_people(db: &Db, limit: i64) -> Result<Vec<(Id, String)>, Internal> {
    store::some_people(db, limit).await
}
