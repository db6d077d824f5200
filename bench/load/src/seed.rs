//! A city's half year: a hundred thousand dossiers that were handed in, are handled and were returned, written by the
//! engines' own functions. Everything says of itself that it is simulated: by its actor in the event log and the audit
//! log, and in its answers.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use songhan_app::{App, Cx, Worker};
use songhan_base::{Actor, Env, HeldClock, Id};
use songhan_cases::Act;
use songhan_db::{Stamp, Tx, query};
use songhan_services::ops::submit;

use crate::people::{BIRTH, COPY, Desk, Dice, Keys, People, Resident};

/// Over so many days dossiers have come in.
const DAYS: usize = 180;
/// Of a hundred dossiers so many are still open.
const OPEN_PERCENT: usize = 50;
/// The way of a dossier through `one-stop`, and who takes each step.
const WAY: [(&str, Hand); 6] = [
    ("accept", Hand::Officer),
    ("process", Hand::Officer),
    ("propose", Hand::Officer),
    ("sign", Hand::Leader),
    ("issue", Hand::System),
    ("hand_over", Hand::Officer),
];

#[derive(Clone, Copy)]
enum Hand {
    Officer,
    Leader,
    System,
}

/// A step that someone will take.
struct Promise {
    case: Id,
    step: usize,
    /// Where its way ends for now.
    until: usize,
}

/// Fills the city; what is told of it goes to the terminal.
pub async fn fill(app: &App, people: &People, dossiers: usize) -> Result<()> {
    let began = Instant::now();
    let mut dice = Dice::new(5);
    let mut promises: Vec<BTreeMap<usize, Vec<Promise>>> = people.desks.iter().map(|_| BTreeMap::new()).collect();
    let midnight = app.now().to_zoned(app.zone.clone()).start_of_day()?.timestamp();
    let (mut done, slots) = (0, DAYS * people.desks.len());
    for day in 0..DAYS {
        for (number, desk) in people.desks.iter().enumerate() {
            let slot = day * people.desks.len() + number;
            let share = dossiers * (slot + 1) / slots - dossiers * slot / slots;
            let minute = 450 + dice.below(500) as i64;
            let at =
                midnight - SignedDuration::from_hours(24 * (DAYS - day) as i64) + SignedDuration::from_mins(minute);
            let today = promises[number].remove(&day).unwrap_or_default();
            let mut unit = UnitDay { app, desk, day, at, promises: &mut promises[number], dice: &mut dice };
            unit.work(people, share, today).await?;
            done += share;
        }
        if day % 20 == 19 {
            println!("  {done} dossiers after {:.0} s", began.elapsed().as_secs_f64());
        }
    }
    // What the city would have told and marked meanwhile.
    let cx = app.system("simulation");
    let marked = songhan_cases::sweep(&cx).await?;
    Worker::drain(app).await?;
    let late = marked.late;
    println!("  {done} dossiers, {late} late, all notices written: {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// One unit's work on one day: one transaction.
struct UnitDay<'a> {
    app: &'a App,
    desk: &'a Desk,
    day: usize,
    at: Timestamp,
    promises: &'a mut BTreeMap<usize, Vec<Promise>>,
    dice: &'a mut Dice,
}

impl UnitDay<'_> {
    async fn work(&mut self, people: &People, share: usize, today: Vec<Promise>) -> Result<()> {
        let held = Env::held(HeldClock::at(self.at), 1);
        let stamp = Stamp::new(&held, &Actor::System("simulation"), None);
        let mut tx = self.app.db.begin(stamp).await?;
        for promise in today {
            self.step(&mut tx, &promise).await?;
            self.promise(promise.case, promise.step + 1, promise.until);
        }
        for _ in 0..share {
            let resident = self.dice.pick(&people.residents);
            let case = self.hand_in(&mut tx, resident).await?;
            let until = if self.dice.below(100) < OPEN_PERCENT { self.dice.below(4) } else { WAY.len() };
            self.promise(case, 0, until);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Promises the next step for one of the next days, unless the way ends here.
    fn promise(&mut self, case: Id, step: usize, until: usize) {
        if step < until {
            let day = self.day + 1 + self.dice.below(2);
            self.promises.entry(day).or_default().push(Promise { case, step, until });
        }
    }

    async fn hand_in(&mut self, tx: &mut Tx, resident: &Resident) -> Result<Id> {
        let cx = self.app.system("simulation").acting_as(Actor::Person(resident.person.clone()));
        let (procedure, answers) = match self.dice.below(4) {
            0 => (BIRTH, resident.birth_answers(self.dice)),
            _ => (COPY, resident.copy_answers()),
        };
        let input = serde_json::json!({ "procedure": procedure, "unit": self.desk.unit, "answers": answers });
        let input: submit::Input = serde_json::from_value(input)?;
        let ready = submit::prepare(&cx, input).await.context("prepare a simulated dossier")?;
        let receipt = submit::hand_in(tx, &cx, &ready).await.context("hand in a simulated dossier")?;
        let case = songhan_cases::by_code(&mut *tx, &receipt.code).await?;
        Ok(case.context("the case of a simulated dossier")?.id)
    }

    async fn step(&mut self, tx: &mut Tx, promise: &Promise) -> Result<()> {
        let (action, hand) = WAY[promise.step];
        let actor = match hand {
            Hand::Officer => Actor::Person(self.desk.officer.clone()),
            Hand::Leader => Actor::Person(self.desk.leader.clone()),
            Hand::System => Actor::System("simulation"),
        };
        let cx: Cx = self.app.system("simulation").acting_as(actor);
        if promise.step == 0 && self.dice.below(2) == 0 {
            songhan_cases::take(tx, &cx, promise.case, None).await?;
        }
        let act = Act { action, facts: &["paid", "result"], ..Act::default() };
        songhan_cases::act(tx, &cx, promise.case, act).await.with_context(|| format!("simulate the step {action}"))?;
        Ok(())
    }
}

/// Draws what is tracked and searched for.
pub async fn draw(app: &App, people: &People, keys: &mut Keys) -> Result<()> {
    let codes: Vec<(String,)> =
        query("SELECT code FROM dossiers ORDER BY receipt_hash LIMIT 5000").fetch_all(&app.db).await?;
    keys.codes = codes.into_iter().map(|(code,)| code).collect();
    let mut dice = Dice::new(3);
    for _ in 0..600 {
        let name = &dice.pick(&people.residents).person.name;
        let code = dice.pick(&keys.codes);
        let words: Vec<&str> = name.split(' ').collect();
        keys.searches.push(match dice.below(6) {
            // A name whole, its last two words without marks, a family name alone, a code, the end of one, a title.
            0 | 1 => name.clone(),
            2 => songhan_base::fold(&words[1..].join(" ")),
            3 => code.clone(),
            4 => code.split_once('-').map_or(code.as_str(), |(_, end)| end).to_owned(),
            _ => format!("khai sinh {}", words[0]),
        });
    }
    Ok(())
}
