//! Organisations, dependants and households.

use songhan_base::{CitizenId, Id, Internal, fold};
use songhan_db::{At, On, Result, Tx, query, query_dyn};

use crate::born::Born;
use crate::party::{NewParty, OrganisationForm, Party, PartyKind};

const COLUMNS: &str = "p.id, p.kind, p.name, p.form, p.tax_code, p.representative, p.born, p.citizen_id, \
                       p.birth_certificate, p.address, p.area, p.confirmed_at";

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    kind: String,
    name: String,
    form: Option<String>,
    tax_code: Option<String>,
    representative: Option<String>,
    born: Option<String>,
    citizen_id: Option<CitizenId>,
    birth_certificate: Option<String>,
    address: Option<String>,
    area: Option<String>,
    confirmed_at: Option<At>,
}

impl TryFrom<Row> for Party {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self> {
        let odd = || Internal::new(format!("the party {} is not whole", row.id));
        let kind = match row.kind.as_str() {
            "organisation" => PartyKind::Organisation {
                form: row.form.as_deref().and_then(OrganisationForm::read).ok_or_else(odd)?,
                tax_code: row.tax_code.clone().ok_or_else(odd)?,
                representative: row.representative.clone().unwrap_or_default(),
            },
            "dependant" => PartyKind::Dependant {
                born: row.born.as_deref().and_then(Born::read).ok_or_else(odd)?,
                citizen_id: row.citizen_id.clone(),
                birth_certificate: row.birth_certificate.clone(),
            },
            _ => PartyKind::Household { citizen_id: row.citizen_id.clone() },
        };
        let Row { id, name, address, area, confirmed_at, .. } = row;
        Ok(Self { id, kind, name, address, area, confirmed_at })
    }
}

pub async fn insert_party(tx: &mut Tx, id: Id, added_by: Id, new: &NewParty) -> Result<()> {
    let now = tx.now();
    let (mut form, mut tax_code, mut representative) = (None, None, None);
    let (mut born, mut number, mut certificate) = (None, None, None);
    match &new.kind {
        PartyKind::Organisation { form: of, tax_code: code, representative: name } => {
            (form, tax_code, representative) = (Some(of.as_str()), Some(code.as_str()), Some(name.as_str()));
        }
        PartyKind::Dependant { born: when, citizen_id, birth_certificate } => {
            (born, number, certificate) = (Some(when.to_string()), citizen_id.as_ref(), birth_certificate.as_deref());
        }
        PartyKind::Household { citizen_id } => number = citizen_id.as_ref(),
        PartyKind::Person { .. } => return Err(Internal::new("a person is an account, not a party")),
    }
    query(
        "INSERT INTO parties (id, kind, name, name_fold, form, tax_code, representative, born, citizen_id,
             birth_certificate, address, area, added_by, added_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(id)
    .bind(new.kind.as_str())
    .bind(&new.name)
    .bind(fold(&new.name))
    .bind(form)
    .bind(tax_code)
    .bind(representative)
    .bind(born)
    .bind(number.map(CitizenId::as_str))
    .bind(certificate)
    .bind(new.address.as_deref())
    .bind(new.area.as_deref())
    .bind(added_by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn party<'a>(on: impl Into<On<'a>>, id: Id) -> Result<Option<Party>> {
    let row: Option<Row> =
        query_dyn(format!("SELECT {COLUMNS} FROM parties p WHERE p.id = $1")).bind(id).fetch_optional(on).await?;
    row.map(Party::try_from).transpose()
}

/// The parties that an account acts for or says to, by name.
pub async fn parties_of<'a>(on: impl Into<On<'a>>, account: Id) -> Result<Vec<Party>> {
    let rows: Vec<Row> = query_dyn(format!(
        "SELECT {COLUMNS} FROM parties p WHERE p.id IN (
             SELECT m.party FROM mandates m WHERE m.agent = $1 AND m.state IN ('claimed', 'confirmed'))
         ORDER BY p.name_fold, p.id LIMIT 200"
    ))
    .bind(account)
    .fetch_all(on)
    .await?;
    rows.into_iter().map(Party::try_from).collect()
}

/// The confirmed organisation with this tax code.
pub async fn confirmed_organisation(tx: &mut Tx, tax_code: &str) -> Result<Option<Id>> {
    let row: Option<(Id,)> = query("SELECT id FROM parties WHERE tax_code = $1 AND confirmed_at IS NOT NULL")
        .bind(tax_code)
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Notes that an office has confirmed it; the first time counts.
pub async fn confirm_party(tx: &mut Tx, id: Id) -> Result<()> {
    let now = tx.now();
    query("UPDATE parties SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
