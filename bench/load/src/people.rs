//! Simulated people: residents all over the city, an officer and a leader for each unit, someone who sees the whole
//! city. Their sessions are opened here, so that nobody hashes a password while something is measured.

use anyhow::{Context, Result};
use jiff::{SignedDuration, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use songhan_app::{App, Cx};
use songhan_base::{CitizenId, Grant, Id, Lang, Person, Role};
use songhan_db::Tx;
use songhan_identity::{NewAccount, NewGrant, Opening, SessionKind, create_account, give_grant, open_session};
use songhan_simulation::Dice;

/// The procedure that is handed in while submissions are counted: level 4, with a fee.
pub const COPY: &str = "2.000635";
/// Units that take part.
pub const UNITS: usize = 90;
const RESIDENTS: usize = 4_500;

/// What every form and address says of itself.
const LABEL: &str = "Dữ liệu mô phỏng để đo tải";

/// Someone who hands in dossiers.
#[derive(Clone, Debug)]
pub struct Resident {
    pub person: Person,
    pub citizen_id: String,
    pub born: Date,
    pub phone: String,
}

/// Who works at a unit.
#[derive(Clone, Debug)]
pub struct Desk {
    pub unit: String,
    pub officer: Person,
}

#[derive(Clone, Debug)]
pub struct People {
    pub residents: Vec<Resident>,
    pub desks: Vec<Desk>,
}

/// What clients send to be someone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Keys {
    /// A resident for each unit: unit, bearer token, the request that is sent.
    pub residents: Vec<Applicant>,
    /// An officer's cookie for each unit.
    pub officers: Vec<String>,
    /// A cookie of someone who sees all units.
    pub city: String,
    /// Codes of dossiers, for tracking.
    pub codes: Vec<String>,
    /// What an office searches for: names, codes, parts of codes.
    pub searches: Vec<String>,
    /// Codes of units, for supervision.
    pub units: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Applicant {
    pub token: String,
    pub body: String,
}

impl Resident {
    /// The answers to the form of [`COPY`].
    pub fn copy_answers(&self) -> Value {
        json!({
            "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh, quận Hải Châu",
            "registered_year": self.born.year(), "copies": 2, "purpose": LABEL,
            "applicant_name": self.person.name, "applicant_born": self.born.to_string(),
            "applicant_citizen_id": self.citizen_id, "applicant_phone": self.phone, "applicant_address": LABEL,
        })
    }
}

/// The codes of the units that take part.
pub fn units(app: &App) -> Vec<String> {
    app.city.agencies().handling("commune").into_iter().take(UNITS).map(|unit| unit.code.to_string()).collect()
}

/// Makes everyone. None has an e-mail address: what they are told stays in the app.
pub async fn create(app: &App) -> Result<People> {
    let cx = app.system("simulation");
    let mut dice = Dice::new(11);
    let mut number = 0;
    let mut residents = Vec::new();
    while residents.len() < RESIDENTS {
        let mut tx = cx.begin().await?;
        for _ in 0..500.min(RESIDENTS - residents.len()) {
            number += 1;
            residents.push(resident(&mut tx, &cx, &mut dice, number).await?);
        }
        tx.commit().await?;
    }
    let mut desks = Vec::new();
    let mut tx = cx.begin().await?;
    for unit in units(app) {
        let mut staff = async |role| -> Result<Person> {
            number += 1;
            let Resident { person, .. } = resident(&mut tx, &cx, &mut dice, number).await?;
            give_grant(&mut tx, &cx, NewGrant::today(&cx, person.account, role, Some(unit.clone()))).await?;
            Ok(Person { grants: vec![Grant { role, unit: Some(unit.clone()) }], ..person })
        };
        let officer = staff(Role::Officer).await?;
        staff(Role::Leader).await?;
        desks.push(Desk { unit, officer });
    }
    tx.commit().await?;
    Ok(People { residents, desks })
}

async fn resident(tx: &mut Tx, cx: &Cx, dice: &mut Dice, number: usize) -> Result<Resident> {
    let born = Date::new(1960 + (number % 40) as i16, 1 + (number % 12) as i8, 1 + (number % 28) as i8)?;
    let citizen_id = format!("0480{:02}{number:06}", born.year() % 100);
    let phone = format!("0905{number:06}");
    let area = units(cx).get(number % UNITS).and_then(|code| cx.city.agencies().get(code)?.area.as_deref().cloned());
    let new = NewAccount {
        name: dice.name(),
        citizen_id: CitizenId::parse(&citizen_id, cx.today().year())?,
        date_of_birth: born,
        phone: Some(format!("+84{}", &phone[1..])),
        email: None,
        address: Some(LABEL.to_owned()),
        area,
        lang: Lang::Vi,
        password: None,
    };
    let name = new.name.clone();
    let account = create_account(tx, cx, new).await?;
    Ok(Resident { person: Person { account, session: account, name, grants: Vec::new() }, citizen_id, born, phone })
}

/// Opens the sessions that clients use.
pub async fn open_sessions(app: &App, people: &People) -> Result<Keys> {
    let cx = app.system("simulation");
    let mut keys = Keys::default();
    let mut tx = cx.begin().await?;
    for (desk, resident) in people.desks.iter().zip(&people.residents) {
        let token = session(&mut tx, &cx, resident.person.account, SessionKind::Service).await?;
        let body = json!({ "procedure": COPY, "unit": desk.unit, "answers": resident.copy_answers() });
        keys.residents.push(Applicant { token, body: body.to_string() });
        keys.officers.push(session(&mut tx, &cx, desk.officer.account, SessionKind::Browser).await?);
    }
    let all = people.residents.last().context("someone who sees the whole city")?.person.account;
    give_grant(&mut tx, &cx, NewGrant::today(&cx, all, Role::Officer, None)).await?;
    keys.city = session(&mut tx, &cx, all, SessionKind::Browser).await?;
    tx.commit().await?;
    Ok(keys)
}

async fn session(tx: &mut Tx, cx: &Cx, account: Id, kind: SessionKind) -> Result<String> {
    let expires_at = cx.now().checked_add(SignedDuration::from_hours(48))?;
    let opening = Opening { account, kind, name: "load", address: None, second_factor: true, expires_at };
    Ok(open_session(tx, cx, opening).await?.secret)
}
