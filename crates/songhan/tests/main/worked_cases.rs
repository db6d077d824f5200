//! Ca tính tay: fees and due times that were worked out by hand, from law and calendar, in `worked_cases.toml`. The
//! city works them out again: fees by the procedure, due times by driving a case through its workflow with the clock
//! held at each instant, and online, where the whole answers are given, by handing the dossier in. What differs is told
//! together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::json;
use songhan_base::{Person, Role, Text};
use songhan_cases::{Act, By, Case, Extension, NewCase, Rejection};
use songhan_city::{City, Folder, Remaining, Report, Term};
use songhan_forms::{Answers, Forms};
use songhan_procedures::{Channel, Exemptions, FeeDue, FeeFacts, Procedures, Relief};
use songhan_testkit::{TestCity, for_each_database_with};

use crate::golden::world::{Body, UNIT, World, post, sections};
use crate::modules;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    invented: Vec<Invented>,
    answers: BTreeMap<String, Answers>,
    case: Vec<Worked>,
}

/// A procedure that stands in no city.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invented {
    name: String,
    document: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worked {
    id: String,
    shows: Text,
    procedure: String,
    term: Option<Term>,
    channel: Option<Channel>,
    handed_in: Moment,
    #[serde(default)]
    answers: Answers,
    exemption: Option<String>,
    fees: Option<Vec<Line>>,
    total: Option<i64>,
    #[serde(default)]
    events: Vec<Event>,
    working: String,
    source: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    quantity: i64,
    unit: i64,
    amount: i64,
    relief: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    at: Moment,
    r#do: String,
    by: Option<String>,
    until: Option<String>,
    #[serde(default)]
    refused: bool,
    due: Option<Moment>,
    left: Option<Left>,
    #[serde(default)]
    late: bool,
}

/// Local time, `2026-03-10 09:15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Moment(DateTime);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let moment = DateTime::strptime("%Y-%m-%d %H:%M", &text);
        moment.map(Self).map_err(|_| format!("{text:?} is no time; write it as 2026-03-10 09:15"))
    }
}

/// What is left of a term, as an official writes it: `2 ngày làm việc`, `9 ngày`, `5 giờ 45 phút`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Left(Remaining);

impl TryFrom<String> for Left {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').collect();
        let number = |word: &str| word.parse::<u32>().map_err(|_| format!("{word:?} in {text:?} is no number"));
        let minutes =
            |hours, minutes| Remaining::WorkingMicroseconds((u64::from(hours) * 60 + u64::from(minutes)) * 60_000_000);
        Ok(Self(match words[..] {
            [n, "ngày", "làm", "việc"] => Remaining::WorkingDays(number(n)?),
            [n, "ngày"] => Remaining::CalendarDays(number(n)?),
            [h, "giờ"] => minutes(number(h)?, 0),
            [h, "giờ", m, "phút"] => minutes(number(h)?, number(m)?),
            _ => {
                return Err(format!(
                    "{text:?} is no time that is left; write `2 ngày làm việc`, `9 ngày`, `5 giờ 45 phút`"
                ));
            }
        }))
    }
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut report = Report::default();
    let folder = Folder::from_texts([("worked_cases.toml", include_str!("worked_cases.toml"))]);
    folder.toml("worked_cases.toml", &mut report).unwrap_or_else(|| panic!("{report}"))
});

#[test]
fn the_book_is_in_order() {
    let cases = &BOOK.case;
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "every case has its own id");
    let counted = |of: fn(&Worked) -> bool| cases.iter().filter(|case| of(case)).count();
    let fees = counted(|case| case.fees.is_some() && case.events.is_empty());
    let terms = counted(|case| case.fees.is_none() && !case.events.is_empty());
    let both = counted(|case| case.fees.is_some() && !case.events.is_empty());
    assert_eq!(fees + terms + both, cases.len(), "every case has something to work out");
    assert!(fees >= 20 && terms >= 30 && both >= 10, "{fees} on fees, {terms} on terms, {both} on both");
    for Worked { id, shows, working, source, handed_in, fees, total, channel, events, .. } in cases {
        assert!(shows.en.is_some() && !working.trim().is_empty() && !source.trim().is_empty(), "{id}");
        assert_eq!((fees.is_some(), fees.is_some()), (total.is_some(), channel.is_some()), "{id}");
        assert!(events.is_sorted_by_key(|event| event.at.0), "{id}: the events are in order");
        assert!(events.first().is_none_or(|event| event.at.0 >= handed_in.0), "{id}");
        let sum: i64 = fees.iter().flatten().map(|line| line.amount).sum();
        assert_eq!(sum, total.unwrap_or(0), "{id}: the lines make the total");
        let wrong = wrong_weekdays(working, handed_in.0.year());
        assert!(wrong.is_empty(), "{id}: {wrong:?}");
    }
}

/// Days that are named by weekday and date, `T3 10/03` or `CN 04/01/2026`, and are not such a day.
fn wrong_weekdays(working: &str, year: i16) -> Vec<String> {
    let words: Vec<&str> =
        working.split(|c: char| !c.is_alphanumeric() && c != '/').filter(|w| !w.is_empty()).collect();
    let pairs = words.windows(2).filter_map(|pair| Some((weekday(pair[0])?, day(pair[1], year)?, pair)));
    pairs.filter(|(said, day, _)| day.weekday().to_sunday_zero_offset() != *said).map(|p| p.2.join(" ")).collect()
}

/// T2 is Monday.
fn weekday(word: &str) -> Option<i8> {
    let names = ["CN", "T2", "T3", "T4", "T5", "T6", "T7"];
    names.iter().position(|name| *name == word).and_then(|at| i8::try_from(at).ok())
}

fn day(word: &str, year: i16) -> Option<Date> {
    let numbers: Vec<i16> = word.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
    let (day, month, year) = match numbers[..] {
        [day, month] => (day, month, year),
        [day, month, year] => (day, month, year),
        _ => return None,
    };
    Some(Date::new(year, month.try_into().ok()?, day.try_into().ok()?).unwrap_or_else(|_| panic!("{word} is no day")))
}

#[test]
fn weekdays_are_looked_at() {
    assert!(wrong_weekdays("T3 10/03 tiếp nhận; CN 04/01/2026 nghỉ (T7 22/08).", 2026).is_empty());
    assert_eq!(wrong_weekdays("T2 10/03, rồi T3 11/03/2026", 2026), ["T2 10/03", "T3 11/03/2026"]);
}

/// Da Nang, and what was invented beside it.
fn city() -> City {
    let invent = |folder: Folder, one: &Invented| folder.with(&format!("procedures/{}.md", one.name), &one.document);
    let folder = BOOK.invented.iter().fold(Folder::embedded(), invent);
    let kinds: Vec<_> = modules::all().iter().flat_map(|module| module.declarations.iter().copied()).collect();
    let (city, report) = City::load(folder, kinds);
    assert!(report.is_empty(), "{report}");
    city
}

#[test]
fn fees_are_as_worked_by_hand() {
    let city = city();
    let wrong: Vec<String> = BOOK.case.iter().filter_map(|case| fees(&city, case).err()).collect();
    assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn fees(city: &City, case: &Worked) -> Result<(), String> {
    let (Some(lines), Some(channel)) = (&case.fees, case.channel) else { return Ok(()) };
    let procedures = city.get::<Procedures>();
    let procedure = procedures.get(&case.procedure).ok_or_else(|| format!("{}: no such procedure", case.id))?;
    let exemption = case.exemption.as_deref();
    let groups = city.get::<Exemptions>();
    if let Some(group) = exemption.filter(|group| groups.get(group).is_none()) {
        return Err(format!("{}: there is no group {group}", case.id));
    }
    let facts = FeeFacts { answers: &case.answers, channel, exemption, today: case.handed_in.0.date() };
    let due = procedure.fees_due(&facts);
    let of = |relief| match relief {
        Relief::Exempt => "exempt".to_owned(),
        Relief::Online => "online".to_owned(),
    };
    let got: Vec<Line> = due
        .iter()
        .map(|due| Line {
            id: due.fee.id.to_string(),
            quantity: due.quantity,
            unit: due.unit_amount.0,
            amount: due.amount().0,
            relief: due.relief.map(of),
        })
        .collect();
    if got != *lines {
        return Err(format!("{}: by hand {lines:?}, the city says {got:?}", case.id));
    }
    let bases = due.iter().filter_map(FeeDue::basis);
    match bases.map(|basis| &basis.vi).find(|basis| !case.source.contains(basis.as_str())) {
        Some(basis) => Err(format!("{}: the city names {basis:?}, the case {:?}", case.id, case.source)),
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn due_times_are_as_worked_by_hand() {
    static DANANG: LazyLock<City> = LazyLock::new(city);
    // The engine alone keeps the time.
    for_each_database_with(json!({}), vec![songhan_cases::module()], |city| async move {
        let people = People {
            resident: city.resident("Nguyễn Thị Bưởi"),
            officer: city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]),
        };
        let mut wrong = Vec::new();
        for case in BOOK.case.iter().filter(|case| !case.events.is_empty()) {
            wrong.extend(drive(&city, &DANANG, &people, case).await.err().map(|what| format!("{}: {what}", case.id)));
        }
        assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    })
    .await;
}

struct People {
    resident: Person,
    officer: Person,
}

/// Opens the case and does to it what the book says, looking at its clock after each step.
async fn drive(city: &TestCity, danang: &City, people: &People, worked: &Worked) -> Result<(), String> {
    let procedure = danang.get::<Procedures>().get(&worked.procedure);
    let term = match (procedure.and_then(|procedure| procedure.deadline), worked.term) {
        (Some(_), Some(_)) => return Err("the procedure has its own term; leave `term` out".to_owned()),
        (own, given) => own.or(given).ok_or("there is no term")?,
    };
    let workflow = procedure.map_or("one-stop", |procedure| procedure.workflow.as_str());
    hold(city, worked.handed_in);
    let cx = city.cx(&people.resident);
    let mut tx = cx.begin().await.map_err(|error| error.to_string())?;
    let new = NewCase {
        kind: songhan_services::CASE_KIND,
        topic: &worked.procedure,
        workflow,
        unit: UNIT,
        title: &worked.shows.vi,
        applicant: Some(people.resident.account),
        applicant_name: &people.resident.name,
        term: Some(term),
        ..NewCase::default()
    };
    let mut case = songhan_cases::open(&mut tx, &cx, new).await.map_err(|error| error.to_string())?;
    tx.commit().await.map_err(|error| error.to_string())?;
    for event in &worked.events {
        hold(city, event.at);
        match step(city, people, &case, event).await {
            Ok(_) if event.refused => return Err(format!("{} {} was not refused", event.at.0, event.r#do)),
            Ok(moved) => case = moved,
            Err(Rejection::ExtensionsUsedUp { .. }) if event.refused => {}
            Err(error) => return Err(format!("{} {}: {error}", event.at.0, event.r#do)),
        }
        let due = case.due_at.map(|at| city.app.city.working_time().zone().to_datetime(at.0));
        let (got, by_hand) =
            ((due, case.remaining, case.was_late()), (event.due.map(|m| m.0), event.left.map(|l| l.0), event.late));
        if got != by_hand {
            return Err(format!("after {} {}: by hand {by_hand:?}, the city says {got:?}", event.at.0, event.r#do));
        }
    }
    Ok(())
}

fn hold(city: &TestCity, at: Moment) {
    city.clock.set(city.app.city.working_time().zone().to_timestamp(at.0).expect("a time"));
}

async fn step(city: &TestCity, people: &People, case: &Case, event: &Event) -> Result<Case, Rejection> {
    let workflow = songhan_cases::workflow(&city.system(), &city.app.db, case).await?;
    let by = workflow.action(&event.r#do).map(|action| action.by.as_slice()).unwrap_or_default();
    let person = if by.contains(&By::Applicant) { &people.resident } else { &people.officer };
    let cx = city.cx(person);
    let extension = event.by.as_ref().or(event.until.as_ref());
    let act = Act {
        action: &event.r#do,
        public_note: Some("theo hồ sơ"),
        facts: &["paid", "result"],
        extension: extension.map(|text| text.parse::<Extension>().expect("an extension")),
        ..Act::default()
    };
    let mut tx = cx.begin().await?;
    let outcome = songhan_cases::act(&mut tx, &cx, case.id, act).await?;
    tx.commit().await?;
    Ok(outcome.case)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_charged_online_is_as_worked_by_hand() {
    for_each_database_with(sections(), modules::all(), |city| async move {
        let world = World::new(city).await;
        let mut handed_in = 0;
        for case in BOOK.case.iter().filter(|case| case.channel == Some(Channel::Online)) {
            let Some(whole) = BOOK.answers.get(&case.procedure) else { continue };
            hold(&world.city, case.handed_in);
            let procedure = world.city.app.city.get::<Procedures>().get(&case.procedure).expect("a procedure");
            let form = procedure.form.as_deref().and_then(|code| world.city.app.city.get::<Forms>().get(code));
            let asked = |question: &str| form.is_some_and(|form| form.question(question).is_some());
            let mut answers = whole.with(&case.answers);
            for (question, value) in Answers::parse(&world.answers().to_string()).iter() {
                if question.starts_with("applicant_") && asked(question) {
                    answers.set(question, Some(value.clone()));
                }
            }
            let body = json!({ "procedure": case.procedure, "unit": UNIT, "answers": answers.to_json(),
                "exemption": case.exemption });
            let receipt = world.does(&world.resident, post("/api/v1/dossiers", Body::Once(body))).await.json();
            let charged = receipt["charge"]["amount"].as_i64().unwrap_or(0);
            assert_eq!((Some(charged), receipt["charge"].is_null()), (case.total, charged == 0), "{}", case.id);
            handed_in += 1;
        }
        assert!(handed_in >= 5, "only {handed_in} dossiers were handed in");
    })
    .await;
}
