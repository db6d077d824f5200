//! The dossiers of years: handed in day by day at all units, handled by the rules of their workflow, most in time.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use songhan_app::{App, Cx};
use songhan_base::{Actor, Env, Grant, HeldClock, Id, Person, Role};
use songhan_cases::{Act, Assignee, NewCase, Past, reserve};
use songhan_city::Unit;
use songhan_procedures::{Channel, Procedure, Procedures};
use songhan_services::ops::submit;
use songhan_services::past::{PastDossier, load};
use songhan_supervision::Counted;

use crate::{Dice, LABEL};

/// Dossiers in one transaction.
const TOGETHER: usize = 1_000;
/// Days whose figures of supervision are written at once.
const COUNTED_TOGETHER: usize = 30;
/// Applicants that dossiers are drawn from.
const APPLICANTS: i64 = 300_000;
/// Of a hundred dossiers, how many are handed in online, meet a request for papers, are refused, are handled late.
const ONLINE: usize = 75;
const SUPPLEMENTED: usize = 10;
const REFUSED: usize = 4;
const LATE: usize = 3;
/// Of ten thousand, how many are forgotten on someone's desk.
const FORGOTTEN: usize = 20;

/// How many dossiers, handed in over how many days until yesterday.
#[derive(Clone, Copy, Debug)]
pub struct Dossiers {
    pub count: usize,
    pub days: usize,
}

/// What can be handed in, and where.
struct Kind<'a> {
    procedure: &'a Procedure,
    units: Vec<&'a Unit>,
    /// How often, beside the others.
    weight: usize,
}

/// Who handles the dossiers of a unit.
struct Desk {
    officer: Cx,
    leader: Cx,
    person: Person,
}

struct Simulation<'a> {
    cx: &'a Cx,
    env: Env,
    clock: HeldClock,
    now: Timestamp,
    dice: Dice,
    kinds: Vec<Kind<'a>>,
    weight: usize,
    applicants: Vec<(Id, String)>,
    desks: BTreeMap<&'a str, Desk>,
    counted: Counted,
}

/// Writes the dossiers of the last days; `progress` hears how many there are. Their applicants are people of the city
/// who have an account.
pub async fn simulate_dossiers(app: &App, asked: Dossiers, progress: impl FnMut(usize)) -> Result<()> {
    simulate_dossiers_at(app, asked, None, progress).await
}

/// The same at one unit alone, by its code: a desk with much to do.
pub async fn simulate_dossiers_at(
    app: &App,
    asked: Dossiers,
    unit: Option<&str>,
    mut progress: impl FnMut(usize),
) -> Result<()> {
    let cx = app.system("simulation");
    let today = cx.today();
    let (first, _) = cx.city.working_time().covered().context("the city has no calendars")?;
    let begin = today.checked_sub(jiff::Span::new().try_days(i64::try_from(asked.days)?)?)?;
    ensure!(
        asked.days > 0 && begin >= first,
        "the city's calendars begin on {first}; simulate at most {} days",
        first.until(today).map_or(0, |span| span.get_days())
    );
    let applicants = songhan_identity::some_people(&app.db, APPLICANTS).await?;
    ensure!(!applicants.is_empty(), "nobody has an account; run `songhan simulate residents` first");
    let mut simulation = Simulation::new(&cx, applicants, unit)?;
    let mut tx = cx.begin().await?;
    let detail = serde_json::json!({ "count": asked.count, "days": asked.days });
    tx.audit("simulation.dossiers", "simulation", detail).await?;
    tx.commit().await?;
    let mut done = 0;
    for day in 0..asked.days {
        let date = begin.checked_add(jiff::Span::new().try_days(i64::try_from(day)?)?)?;
        let share = asked.count * (day + 1) / asked.days - asked.count * day / asked.days;
        simulation.day(date, share).await?;
        if day % COUNTED_TOGETHER == COUNTED_TOGETHER - 1 || day + 1 == asked.days {
            simulation.write_counted().await?;
        }
        done += share;
        progress(done);
    }
    // What is overdue by now is found like anything overdue: those who handle it are told, supervision hears of it.
    songhan_cases::sweep(&cx).await?;
    Ok(())
}

impl<'a> Simulation<'a> {
    fn new(cx: &'a Cx, applicants: Vec<(Id, String)>, unit: Option<&str>) -> Result<Self> {
        let kinds = kinds(cx, unit);
        ensure!(!kinds.is_empty(), "no procedure can be handed in at {}", unit.unwrap_or("any unit of the city"));
        let clock = HeldClock::at(cx.now());
        let seed = u64::from_le_bytes(cx.env.random::<8>());
        Ok(Self {
            env: Env::held(clock.clone(), seed),
            clock,
            now: cx.now(),
            dice: Dice::new(7),
            weight: kinds.iter().map(|kind| kind.weight).sum(),
            kinds,
            applicants,
            desks: BTreeMap::new(),
            counted: Counted::default(),
            cx,
        })
    }

    /// One day of the whole city.
    async fn day(&mut self, date: Date, count: usize) -> Result<()> {
        let mut drawn: BTreeMap<&str, Vec<(Timestamp, usize, &Unit)>> = BTreeMap::new();
        for _ in 0..count {
            let kind = self.kind();
            let units = &self.kinds[kind].units;
            let unit = units[self.dice.below(units.len())];
            let at = date.to_zoned(self.cx.zone.clone())?.timestamp()
                + SignedDuration::from_secs(7 * 3600 + self.dice.below(14 * 3600) as i64);
            drawn.entry(&unit.code).or_default().push((at, kind, unit));
        }
        let mut drawn: Vec<_> = drawn.into_values().collect();
        while !drawn.is_empty() {
            let mut tx = self.cx.begin().await?;
            let mut written = Vec::new();
            while let Some(mut arrivals) = drawn.pop() {
                arrivals.sort_by_key(|(at, ..)| *at);
                let unit = arrivals[0].2;
                let mut number = reserve(&mut tx, unit, date, u32::try_from(arrivals.len())?).await?;
                for (at, kind, unit) in arrivals {
                    written.push(self.dossier(at, kind, unit, number)?);
                    number += 1;
                }
                if written.len() >= TOGETHER {
                    break;
                }
            }
            load(&mut tx, self.cx, &written).await?;
            for dossier in &written {
                self.counted.add(dossier, &self.cx.zone);
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Writes what has come together for supervision.
    async fn write_counted(&mut self) -> Result<()> {
        let mut tx = self.cx.begin().await?;
        self.counted.write(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    fn kind(&mut self) -> usize {
        let mut at = self.dice.below(self.weight);
        self.kinds
            .iter()
            .position(|kind| {
                let here = at < kind.weight;
                at = at.saturating_sub(kind.weight);
                here
            })
            .unwrap_or(0)
    }

    /// A dossier from the day it comes in until it is over, or until now.
    fn dossier(&mut self, at: Timestamp, kind: usize, unit: &'a Unit, number: u32) -> Result<PastDossier<'a>> {
        let procedure = self.kinds[kind].procedure;
        let (applicant, name) = self.dice.pick(&self.applicants).clone();
        let name = if name.ends_with(LABEL) { name } else { format!("{name} {LABEL}") };
        self.clock.set(at);
        let new = NewCase {
            kind: songhan_services::CASE_KIND,
            topic: &procedure.code,
            workflow: &procedure.workflow,
            unit: &unit.code,
            area: unit.area.as_deref().map(String::as_str),
            title: &procedure.title.vi,
            applicant: Some(applicant),
            applicant_name: &name,
            term: procedure.deadline,
            received_at: None,
            data: serde_json::json!({}),
            stages: submit::stages(procedure),
            link: None,
        };
        let mut past = Past::open(self.cx, &new, self.env.id(), number, at)?;
        self.handle(&mut past, unit)?;
        let channel = if self.dice.chance(ONLINE) { Channel::Online } else { Channel::Counter };
        let answers = serde_json::json!({ "note": LABEL }).to_string();
        // No key has this digest: nobody was given one.
        let receipt_hash = format!("simulated:{}", past.case.code);
        Ok(PastDossier { past, procedure, applicant, channel, answers, receipt_hash })
    }

    /// Plays the office's part, step by step, until the present is reached.
    fn handle(&mut self, past: &mut Past, unit: &'a Unit) -> Result<()> {
        let (officer, leader, person) = self.desk(unit);
        let system = self.cx.clone();
        let hours = |dice: &mut Dice, from: usize, to: usize| {
            SignedDuration::from_mins((from * 60 + dice.below((to - from) * 60)) as i64)
        };
        let forgotten = self.dice.below(10_000) < FORGOTTEN;
        let mut at = past.case.created_at.0;
        let mut steps: Vec<(&str, &Cx, Timestamp)> = Vec::new();
        let mut then = |at: &mut Timestamp, action, cx, after: SignedDuration| {
            *at += after;
            steps.push((action, cx, *at));
        };
        if self.dice.chance(REFUSED) {
            then(&mut at, "refuse", &officer, hours(&mut self.dice, 1, 8));
        } else {
            then(&mut at, "accept", &officer, hours(&mut self.dice, 1, 8));
            if !forgotten {
                then(&mut at, "process", &officer, hours(&mut self.dice, 1, 5));
                if self.dice.chance(SUPPLEMENTED) {
                    then(&mut at, "request_supplement", &officer, hours(&mut self.dice, 1, 5));
                    then(&mut at, "supplement", &officer, hours(&mut self.dice, 20, 90));
                }
                // Most are done well before their time.
                let term = procedure_hours(past);
                let used = if self.dice.chance(LATE) { 100 + self.dice.below(60) } else { 5 + self.dice.below(75) };
                then(&mut at, "propose", &officer, SignedDuration::from_mins((term * 60 * used / 100) as i64));
                then(&mut at, "sign", &leader, hours(&mut self.dice, 0, 4));
                then(&mut at, "issue", &system, SignedDuration::from_secs(2));
                then(&mut at, "hand_over", &officer, hours(&mut self.dice, 1, 60));
            }
        }
        for (action, cx, at) in steps {
            if at > self.now {
                break;
            }
            if action == "process" && self.dice.chance(70) {
                past.take(cx, Assignee { account: person.account, name: &person.name }, at);
            }
            let noted = matches!(action, "refuse" | "request_supplement");
            let note = noted.then_some("Nội dung mô phỏng");
            let act = Act { action, public_note: note, facts: &["paid", "result"], ..Act::default() };
            past.act(cx, &act, at).with_context(|| format!("simulate {action} of {}", past.case.code))?;
        }
        Ok(())
    }

    fn desk(&mut self, unit: &'a Unit) -> (Cx, Cx, Person) {
        let (cx, env) = (self.cx, &self.env);
        let desk = self.desks.entry(&unit.code).or_insert_with(|| {
            let person = |role: Role, title: &str| Person {
                account: env.id(),
                session: env.id(),
                name: format!("{title} {LABEL}"),
                grants: vec![Grant { role, unit: Some(unit.code.to_string()) }],
            };
            let (officer, leader) = (person(Role::Officer, "Công chức"), person(Role::Leader, "Lãnh đạo"));
            Desk {
                officer: cx.acting_as(Actor::Person(officer.clone())),
                leader: cx.acting_as(Actor::Person(leader)),
                person: officer,
            }
        });
        (desk.officer.clone(), desk.leader.clone(), desk.person.clone())
    }
}

/// Whether anything can be handed in at a unit, by its code.
pub fn hands_in_at(app: &App, unit: &str) -> bool {
    !kinds(&app.system("simulation"), Some(unit)).is_empty()
}

fn kinds<'a>(cx: &'a Cx, unit: Option<&str>) -> Vec<Kind<'a>> {
    let open = cx.city.get::<Procedures>().iter().filter(|p| p.form.is_some() && p.workflow == "one-stop");
    open.map(|procedure| {
        let mut units = procedure.units(&cx.city);
        units.retain(|one| unit.is_none_or(|unit| *one.code == unit));
        // What every commune handles is asked for more often than what one department does.
        let weight = if units.len() > 1 { 10 } else { 1 };
        Kind { procedure, units, weight }
    })
    .filter(|kind| !kind.units.is_empty())
    .collect()
}

/// The term as hours of the calendar, roughly.
fn procedure_hours(past: &Past) -> usize {
    use songhan_city::TermUnit;
    let Some(term) = past.case.term else { return 48 };
    let amount = term.amount as usize;
    match term.unit {
        TermUnit::Hours => amount * 3,
        TermUnit::Days => amount * 34,
        TermUnit::CalendarDays => amount * 24,
        TermUnit::Months => amount * 720,
    }
}
