//! An imported reading made a procedure like any other: its field, who takes its dossiers, its level, deadline, fees and
//! papers.

use jiff::civil::Date;
use songhan_base::Text;
use songhan_catalogue::{Kind, Level as Tier, NationalProcedure, Reading};
use songhan_city::{City, Page};

use super::{National, NationalMap, deadline, fee, form, words};
use crate::procedure::{Law, Level, Paper, Procedure, ResultPaper};

/// A version as it was imported.
#[derive(Debug)]
pub struct Version {
    pub reading: NationalProcedure,
    /// What dossiers name.
    pub name: String,
    pub number: i64,
    pub since: Date,
    pub until: Option<Date>,
}

pub fn build(version: Version, city: &City) -> Procedure {
    let Version { reading, name: version_name, number, since, until } = version;
    let home = city.get::<NationalMap>().home(&reading.field);
    let (agency, other_agencies) = agencies(&reading, city);
    let fees = fee::read(&reading);
    let level = level(&reading, agency.is_some());
    Procedure {
        code: reading.code.clone(),
        name: reading.code.clone(),
        level,
        field: home.field.to_owned(),
        agency: agency.unwrap_or_default(),
        other_agencies,
        workflow: city.manifest().defaults.workflow.to_string(),
        form: level.is_online().then(|| form::code(&reading.code)),
        deadline: deadline::common(reading.rows()),
        stages: Vec::new(),
        fees: fees.fees,
        fee_note: fees.note,
        result: result(&reading),
        applicants: applicants(&reading),
        documents: documents(&reading),
        legal: laws(&reading),
        keywords: Vec::new(),
        on_behalf: Vec::new(),
        starts: Vec::new(),
        source: Some(source(&reading, since)),
        valid_from: None,
        title: Text::from(reading.name.as_str()),
        vi: Page { title: reading.name.clone(), markdown: String::new() },
        en: None,
        version: version_name,
        national: Some(Box::new(National::new(reading, number, since, until))),
        places: None,
    }
}

/// The units that take its dossiers: the province level's first.
fn agencies(reading: &NationalProcedure, city: &City) -> (Option<String>, Vec<String>) {
    let home = city.get::<NationalMap>().home(&reading.field);
    let (province, commune) = (reading.levels.contains(&Tier::Province), reading.levels.contains(&Tier::Commune));
    let mut agencies = Vec::new();
    if province || (commune && !home.commune) {
        agencies.push(home.unit.to_owned());
    }
    if commune && home.commune {
        agencies.push("commune".to_owned());
    }
    // A city may have nobody for it.
    agencies.retain(|agency| !city.agencies().handling(agency).is_empty());
    let mut agencies = agencies.into_iter();
    (agencies.next(), agencies.collect())
}

/// What the city handles can be handed in online: wholly where the national catalogue has an online channel, in part where
/// it has channels and none of them is online. Of the rest there is information, and forms where it names them.
fn level(reading: &NationalProcedure, is_handled: bool) -> Level {
    if is_handled {
        let rows = reading.rows();
        return Level::of_service(rows.is_empty() || rows.iter().any(|row| row.kind == Kind::Online));
    }
    let papers = reading.papers.value().into_iter().flatten().flat_map(|case| &case.papers);
    Level::of_information(papers.into_iter().any(|paper| paper.form.is_some()))
}

/// Only where there is one: several are alternatives that the officer decides between.
fn result(reading: &NationalProcedure) -> Option<ResultPaper> {
    match &reading.results[..] {
        [only] => Some(ResultPaper { template: "decision".to_owned(), title: Text::from(only.name.as_str()) }),
        _ => None,
    }
}

fn applicants(reading: &NationalProcedure) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for applicant in reading.applicants.iter().map(words::applicant) {
        if !found.iter().any(|other| other == applicant) {
            found.push(applicant.to_owned());
        }
    }
    found
}

fn documents(reading: &NationalProcedure) -> Vec<Paper> {
    let cases = reading.papers.value().map_or(&[][..], Vec::as_slice);
    let several = cases.len() > 1;
    let paper = |heading: &str, paper: &songhan_catalogue::Paper| Paper {
        name: Text::from(paper.name.as_str()),
        originals: paper.originals,
        copies: paper.copies,
        case: (several && !heading.is_empty()).then(|| Text::from(heading)),
        form: paper.form.clone(),
    };
    cases.iter().flat_map(|case| case.papers.iter().map(|one| paper(&case.heading, one))).collect()
}

fn laws(reading: &NationalProcedure) -> Vec<Law> {
    let law = |title: String| Law { title: Text::from(title.as_str()), article: None, url: None };
    match &reading.laws {
        Reading::Read(laws) => laws
            .iter()
            .map(|one| match one.title.contains(&one.number) {
                true => law(one.title.clone()),
                false => law(format!("{} ({})", one.title, one.number).trim().to_owned()),
            })
            .collect(),
        Reading::Text(text) => vec![law(text.clone())],
        Reading::Absent => Vec::new(),
    }
}

fn source(reading: &NationalProcedure, since: Date) -> Text {
    let (code, day) = (&reading.code, since.strftime("%d/%m/%Y"));
    let decision = |word: &str| match reading.decision.as_str() {
        "" => String::new(),
        decision => format!(", {word} {decision}"),
    };
    Text::new(
        format!("Cơ sở dữ liệu quốc gia về thủ tục hành chính, mã {code}{}, nhập ngày {day}", decision("quyết định")),
        format!("National database of administrative procedures, {code}{}, imported on {day}", decision("decision")),
    )
}
