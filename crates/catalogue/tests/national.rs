//! The whole national catalogue, and the readings beside what people read (`labels.txt`, `labels_hard.txt`).

use std::collections::HashMap;
use std::io::Read;
use std::sync::OnceLock;

use songhan_catalogue::{Channel, Currency, Kind, NationalProcedure, Reader, Reading, Tally, Term, Unit};

/// The published procedures; where the file is absent the test is skipped and says so.
fn catalogue() -> Option<&'static [NationalProcedure]> {
    static ALL: OnceLock<Option<Vec<NationalProcedure>>> = OnceLock::new();
    ALL.get_or_init(load).as_deref()
}

fn load() -> Option<Vec<NationalProcedure>> {
    let mut reader = Reader::default();
    Some(text()?.lines().map(|line| reader.read(line).expect("no line is refused")).collect())
}

fn text() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/procedures/national_procedures.jsonl.gz");
    let Ok(file) = std::fs::File::open(path) else {
        println!("SKIPPED: no catalogue beside the project, at ../shared/data/procedures");
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("the file unpacks");
    Some(text)
}

#[test]
fn all_of_it_is_read_and_counted() {
    let Some(all) = catalogue() else { return };
    let mut tally = Tally::default();
    for procedure in all {
        tally.add(procedure);
    }
    println!("{tally}\n{tally:#?}");
    assert_eq!((tally.procedures, tally.channels_text), (1_966, 0));
    let share = |read: usize, of: usize| read * 100 / of;
    assert!(share(tally.deadlines_read, tally.deadlines_stated) >= 95, "{tally}");
    // The others are cells whose thousands are lost, which nobody can read.
    assert!(share(tally.fees_read, tally.fees_stated) >= 88, "{tally}");
}

#[test]
fn the_same_line_gives_the_same_reading() {
    let (Some(one), Some(other)) = (catalogue(), load()) else { return };
    assert_eq!(one, other);
}

/// Cells that end anywhere are read or left, and never panic.
#[test]
fn cut_cells_do_no_harm() {
    let Some(text) = text() else { return };
    for line in text.lines().step_by(40) {
        let record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).expect("a record");
        for part in 1..40 {
            let mut cut = record.clone();
            for (_, value) in cut
                .iter_mut()
                .filter(|(field, _)| field.ends_with("_hien") || field.starts_with('t') || field.contains("so"))
            {
                let cell = value.as_str().unwrap_or_default();
                *value = cell.chars().skip(part % 7).take(cell.chars().count() * part / 40).collect::<String>().into();
            }
            let _ = songhan_catalogue::read(&serde_json::Value::Object(cut).to_string());
        }
    }
}

/// Of those whose text states a deadline or a fee in figures, at least 95 % are read rightly.
#[test]
fn two_hundred_labelled_by_hand() {
    let Some(all) = catalogue() else { return };
    let score = score(all, include_str!("labels.txt"));
    println!("labelled by hand: {score}");
    assert_eq!(score.procedures, 200);
    assert!(score.right * 100 >= score.procedures * 95, "{score}");
    assert!(score.deadlines.0 * 100 >= score.deadlines.1 * 95 && score.fees.0 * 100 >= score.fees.1 * 95, "{score}");
    assert_eq!(score.wrong_values, 0, "{score}");
}

/// The hardest fee cells, drawn apart.
#[test]
fn the_hard_ones() {
    let Some(all) = catalogue() else { return };
    let score = score(all, include_str!("labels_hard.txt"));
    println!("hard ones: {score}");
    assert!(score.right * 100 >= score.procedures * 90, "{score}");
    assert_eq!(score.wrong_values, 0, "{score}");
}

#[derive(Default)]
struct Score {
    procedures: usize,
    /// Every row as labelled: channel, deadline and fees.
    right: usize,
    /// Procedures whose labels have a term (an amount): those read so in every such row, of all.
    deadlines: (usize, usize),
    fees: (usize, usize),
    /// Rows where a value was read that is not the labelled one: worse than leaving it text.
    wrong_values: usize,
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { procedures, right, deadlines, fees, wrong_values } = self;
        write!(
            f,
            "{right} of {procedures} wholly right; stated in figures and read rightly: deadlines {} of {}, ",
            deadlines.0, deadlines.1
        )?;
        write!(f, "fees {} of {}; wrong values in {wrong_values} rows", fees.0, fees.1)
    }
}

fn score(all: &[NationalProcedure], labels: &str) -> Score {
    let by_code: HashMap<&str, &NationalProcedure> = all.iter().map(|p| (p.code.as_str(), p)).collect();
    let mut score = Score::default();
    for line in labels.lines().filter(|line| !line.starts_with('#')) {
        let (code, rows) = line.split('#').next().and_then(|line| line.split_once("  ")).expect("code and rows");
        let expected = expected(rows);
        let found: Vec<[String; 3]> = by_code[code].rows().iter().map(found).collect();
        score.procedures += 1;
        score.right += usize::from(expected == found);
        if expected != found {
            println!("{code}\n  label  {expected:?}\n  reader {found:?}");
        }
        let value = |cell: &str| cell.starts_with(|c: char| c.is_ascii_digit());
        for (at, tally) in [(1, &mut score.deadlines), (2, &mut score.fees)] {
            let stated = expected.iter().any(|row| value(&row[at]));
            let agree = expected.len() == found.len()
                && expected.iter().zip(&found).all(|(e, f)| !value(&e[at]) || e[at] == f[at]);
            tally.1 += usize::from(stated);
            tally.0 += usize::from(stated && agree);
            score.wrong_values += expected.iter().zip(&found).filter(|(e, f)| value(&f[at]) && e[at] != f[at]).count();
        }
    }
    score
}

/// The label's rows as channel, deadline, fees.
fn expected(rows: &str) -> Vec<[String; 3]> {
    rows.split('|')
        .flat_map(|group| {
            let mut words = group.split_whitespace();
            let mut word = || words.next().expect("channels, deadline, fees").to_owned();
            let (channels, deadline, fees) = (word(), word(), sorted(&word()));
            channels.chars().map(|c| [c.to_string(), deadline.clone(), fees.clone()]).collect::<Vec<_>>()
        })
        .collect()
}

fn sorted(fees: &str) -> String {
    let mut fees: Vec<&str> = fees.split(',').collect();
    fees.sort_unstable();
    fees.join(",")
}

fn found(row: &Channel) -> [String; 3] {
    let channel = match row.kind {
        Kind::Online => "o",
        Kind::Counter => "c",
        Kind::Post => "p",
    };
    let deadline = match &row.deadline {
        Reading::Read(Term { amount, unit: Unit::WorkingDays }) => format!("{amount}wd"),
        Reading::Read(Term { amount, unit: Unit::Days }) => format!("{amount}d"),
        Reading::Read(Term { amount, unit: Unit::Months }) => format!("{amount}m"),
        Reading::Read(Term { amount, unit: Unit::Hours }) => format!("{amount}h"),
        Reading::Text(_) => "text".to_owned(),
        Reading::Absent => "absent".to_owned(),
    };
    let fees = match &row.fees {
        Reading::Read(lines) if lines.is_empty() => "free".to_owned(),
        Reading::Read(lines) => {
            let written: Vec<_> = lines
                .iter()
                .map(|line| format!("{}{}", line.amount, if line.currency == Currency::Dong { "" } else { "usd" }))
                .collect();
            sorted(&written.join(","))
        }
        Reading::Text(_) => "text".to_owned(),
        Reading::Absent => "absent".to_owned(),
    };
    [channel.to_owned(), deadline, fees]
}
