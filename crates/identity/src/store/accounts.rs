//! Accounts and passwords.

use songhan_base::{CitizenId, Id, Internal, Lang, fold};
use songhan_db::{At, Db, On, Result, Tx, query, query_dyn};

use crate::account::{Account, Contact, NewPerson};
use crate::contact::{Login, email_fold};
use crate::password::PasswordHash;
use crate::person_kind::{Passport, PersonKind};

const COLUMNS: &str = "a.id, a.service, a.name, a.citizen_id, a.date_of_birth, a.phone, a.email, a.address, a.area, \
                       a.lang, a.created_at, a.closed_at, a.kind, a.passport_country, a.passport, a.birth_year, \
                       a.erased_at";

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    service: Option<String>,
    name: String,
    citizen_id: Option<CitizenId>,
    date_of_birth: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    area: Option<String>,
    lang: Lang,
    created_at: At,
    closed_at: Option<At>,
    kind: String,
    passport_country: Option<String>,
    passport: Option<String>,
    birth_year: Option<i64>,
    erased_at: Option<At>,
}

impl TryFrom<Row> for Account {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: row.name,
            citizen_id: row.citizen_id,
            date_of_birth: row.date_of_birth.map(|day| day.parse()).transpose().map_err(Internal::new)?,
            phone: row.phone,
            email: row.email,
            address: row.address,
            area: row.area,
            lang: row.lang,
            created_at: row.created_at,
            closed_at: row.closed_at,
            service: row.service,
            kind: PersonKind::read(&row.kind).unwrap_or_default(),
            passport: row.passport_country.zip(row.passport).map(|(country, number)| Passport { country, number }),
            erased_at: row.erased_at,
            birth_year: row.birth_year.and_then(|year| year.try_into().ok()),
        })
    }
}

/// The account with this id.
pub async fn account<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Account>> {
    let row: Option<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM accounts a WHERE a.id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Account::try_from).transpose()
}

/// The account of whoever has these papers.
pub async fn account_by_paper(tx: &mut Tx, paper: Paper<'_>) -> Result<Option<Account>> {
    let row: Option<Row> = query_dyn(format!(
        "SELECT {COLUMNS} FROM accounts a WHERE a.citizen_id = $1 OR (a.passport_country = $2 AND a.passport = $3)
         ORDER BY a.created_at LIMIT 1"
    ))
    .bind(paper.citizen_id)
    .bind(paper.passport.map(|passport| passport.country.as_str()))
    .bind(paper.passport.map(|passport| passport.number.as_str()))
    .fetch_optional(tx)
    .await?;
    row.map(Account::try_from).transpose()
}

/// The service account of this name.
pub async fn service_account(tx: &mut Tx, name: &str) -> Result<Option<Id>> {
    let row: Option<(Id,)> = query("SELECT id FROM accounts WHERE service = $1").bind(name).fetch_optional(tx).await?;
    Ok(row.map(|(id,)| id))
}

/// The account that someone means who signs in, with its password.
pub async fn credentials<'a>(on: impl Into<On<'a>>, login: &Login) -> Result<Option<(Id, PasswordHash)>> {
    let column = match login {
        Login::CitizenId(_) => "citizen_id",
        Login::Email(_) => "email_fold",
        Login::Phone(_) => "phone",
    };
    let row: Option<(Id, String)> = query_dyn(format!(
        "SELECT a.id, p.hash FROM accounts a JOIN passwords p ON p.account = a.id
         WHERE a.{column} = $1 AND a.closed_at IS NULL"
    ))
    .bind(login.as_str())
    .fetch_optional(on)
    .await?;
    Ok(row.map(|(id, hash)| (id, PasswordHash(hash))))
}

pub async fn password<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Option<PasswordHash>> {
    let row: Option<(String,)> =
        query("SELECT hash FROM passwords WHERE account = $1").bind(account).fetch_optional(on).await?;
    Ok(row.map(|(hash,)| PasswordHash(hash)))
}

pub async fn set_password(tx: &mut Tx, account: Id, hash: &PasswordHash) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO passwords (account, hash, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (account) DO UPDATE SET hash = $2, changed_at = $3",
    )
    .bind(account)
    .bind(&hash.0)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// People who can sign in, by id.
pub async fn some_people(db: &Db, limit: i64) -> Result<Vec<(Id, String)>> {
    query(
        "SELECT a.id, a.name FROM accounts a
         WHERE a.citizen_id IS NOT NULL AND EXISTS (SELECT 1 FROM passwords p WHERE p.account = a.id)
         ORDER BY a.id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Writes a new person's account; `false` when something unique of it is in use.
pub async fn insert_account(tx: &mut Tx, id: Id, new: &NewPerson) -> Result<bool> {
    let now = tx.now();
    let rows = query(
        "INSERT INTO accounts (id, name, name_fold, citizen_id, date_of_birth, phone, email, email_fold, address, area,
             lang, created_at, changed_at, kind, passport_country, passport, birth_year)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(&new.name)
    .bind(fold(&new.name))
    .bind(new.citizen_id.as_ref().map(CitizenId::as_str))
    .bind(new.born.day().map(|day| day.to_string()))
    .bind(new.phone.as_deref())
    .bind(new.email.as_deref())
    .bind(new.email.as_deref().map(email_fold))
    .bind(new.address.as_deref())
    .bind(new.area.as_deref())
    .bind(new.lang)
    .bind(now)
    .bind(new.kind.as_str())
    .bind(new.passport.as_ref().map(|passport| passport.country.as_str()))
    .bind(new.passport.as_ref().map(|passport| passport.number.as_str()))
    .bind(new.born.day().is_none().then(|| i64::from(new.born.year())))
    .execute(&mut *tx)
    .await?;
    Ok(rows == 1)
}

/// Writes the account behind tokens of the command line.
pub async fn insert_service(tx: &mut Tx, id: Id, service: &str, name: &str) -> Result<()> {
    let now = tx.now();
    query(
        "INSERT INTO accounts (id, service, name, name_fold, lang, created_at, changed_at)
         VALUES ($1, $2, $3, $4, 'vi', $5, $5)",
    )
    .bind(id)
    .bind(service)
    .bind(name)
    .bind(fold(name))
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The papers by which a person is known.
#[derive(Clone, Copy, Default)]
pub struct Paper<'a> {
    pub citizen_id: Option<&'a str>,
    pub passport: Option<&'a Passport>,
}

/// Which of these are another account's.
pub async fn taken<'a>(
    on: impl Into<On<'a>>,
    except: Option<Id>,
    paper: Paper<'_>,
    phone: Option<&str>,
    email: Option<&str>,
) -> Result<Vec<&'static str>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        citizen_id: Option<String>,
        passport_country: Option<String>,
        passport: Option<String>,
        phone: Option<String>,
        email_fold: Option<String>,
    }
    let email = email.map(email_fold);
    let rows: Vec<Found> = query(
        "SELECT citizen_id, passport_country, passport, phone, email_fold FROM accounts
         WHERE (citizen_id = $1 OR phone = $2 OR email_fold = $3 OR (passport_country = $5 AND passport = $6))
             AND ($4 IS NULL OR id <> $4)",
    )
    .bind(paper.citizen_id)
    .bind(phone)
    .bind(email.as_deref())
    .bind(except)
    .bind(paper.passport.map(|passport| passport.country.as_str()))
    .bind(paper.passport.map(|passport| passport.number.as_str()))
    .fetch_all(on)
    .await?;
    let same = |one: Option<&str>, other: Option<&str>| one.is_some() && one == other;
    let mut fields = Vec::new();
    for (field, used) in [
        ("citizen_id", rows.iter().any(|row| same(row.citizen_id.as_deref(), paper.citizen_id))),
        (
            "passport",
            rows.iter().any(|row| {
                paper.passport.is_some_and(|passport| {
                    row.passport_country.as_ref() == Some(&passport.country)
                        && row.passport.as_ref() == Some(&passport.number)
                })
            }),
        ),
        ("phone", rows.iter().any(|row| same(row.phone.as_deref(), phone))),
        ("email", rows.iter().any(|row| same(row.email_fold.as_deref(), email.as_deref()))),
    ] {
        if used {
            fields.push(field);
        }
    }
    Ok(fields)
}

pub async fn set_contact(tx: &mut Tx, account: Id, contact: &Contact, lang: Lang) -> Result<()> {
    let now = tx.now();
    query(
        "UPDATE accounts SET phone = $2, email = $3, email_fold = $4, address = $5, area = $6, lang = $7, changed_at = $8
         WHERE id = $1",
    )
    .bind(account)
    .bind(contact.phone.as_deref())
    .bind(contact.email.as_deref())
    .bind(contact.email.as_deref().map(email_fold))
    .bind(contact.address.as_deref())
    .bind(contact.area.as_deref())
    .bind(lang)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Closes or opens an account; `false` when it was so already.
pub async fn set_closed(tx: &mut Tx, account: Id, closed: bool) -> Result<bool> {
    let now = tx.now();
    let at = closed.then_some(now);
    let rows = query(
        "UPDATE accounts SET closed_at = $2, changed_at = $3 WHERE id = $1 AND (closed_at IS NULL) = ($2 IS NOT NULL)",
    )
    .bind(account)
    .bind(at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(rows == 1)
}

/// Accounts whose number, address or telephone is `login`, or whose name holds `words` (folded); by name.
pub async fn search_accounts<'a>(
    on: impl Into<On<'a>>,
    login: Option<&Login>,
    words: &str,
    limit: i64,
) -> Result<Vec<Account>> {
    let by = |wanted: fn(&Login) -> Option<&String>| login.and_then(wanted).map(String::as_str);
    let pattern = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows: Vec<Row> = query_dyn(format!(
        "SELECT {COLUMNS} FROM accounts a WHERE a.citizen_id = $1 OR a.email_fold = $2 OR a.phone = $3
             OR ($4 AND a.name_fold LIKE $5 ESCAPE '\\')
         ORDER BY a.name_fold, a.id LIMIT $6"
    ))
    .bind(by(|l| if let Login::CitizenId(s) = l { Some(s) } else { None }))
    .bind(by(|l| if let Login::Email(s) = l { Some(s) } else { None }))
    .bind(by(|l| if let Login::Phone(s) = l { Some(s) } else { None }))
    .bind(login.is_none() && !words.is_empty())
    .bind(pattern)
    .bind(limit)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Account::try_from).collect()
}
