//! `papers.toml`: how papers are numbered (số, ký hiệu), without gap within a unit and a year.

use serde::Deserialize;
use songhan_app::Cx;
use songhan_base::{Internal, Text};
use songhan_city::{Folder, List, Listed, Placed, Report};
use songhan_db::Tx;

use super::is_committee;

/// Cách đánh số của một loại giấy tờ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// Name of the paper's template: `supplement-request`.
    pub id: Placed<String>,
    /// `{number}` counts; `{agency}` is `-UBND` for a People's Committee and nothing for others.
    pub number: Placed<String>,
    /// Where it is from.
    pub source: Text,
}

/// What is not in it has no number.
pub type Numbers = List<Numbering>;

impl Listed for Numbering {
    const WHAT: &'static str = "paper";
    const FILE: &'static str = "papers.toml";

    fn id(&self) -> &Placed<String> {
        &self.id
    }

    /// A city may leave its slips without numbers.
    fn read(folder: &Folder, report: &mut Report) -> Vec<Self> {
        let read = folder.toml_if_present::<File>(Self::FILE, report).map_or_else(Vec::new, |file| file.paper);
        for one in &read {
            if !one.number.contains("{number}") {
                let what = format!("the papers `{}` would all have the number `{}`", one.id, one.number);
                report.add(one.number.place(), what, "write `{number}` where the number stands");
            }
            if !PAPERS.contains(&one.id.as_str()) {
                let what = format!("there is no paper `{}` to number", one.id);
                report.add(one.id.place(), what, format!("write one of {}", PAPERS.join(", ")));
            }
        }
        read
    }
}

/// What can be numbered here; results take theirs with the dossier.
const PAPERS: [&str; 5] = ["receipt", "supplement-request", "refusal", "apology", "electronic-copy"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    paper: Vec<Numbering>,
}

/// Takes the next number of a unit's papers of this kind; `None` where they have none.
pub async fn next(tx: &mut Tx, cx: &Cx, paper: &str, unit: &str) -> Result<Option<String>, Internal> {
    let Some(numbering) = cx.city.get::<Numbers>().get(paper) else { return Ok(None) };
    let year = tx.now().to_zoned(cx.zone.clone()).year();
    let number = songhan_db::next_number(tx, &format!("paper:{paper}:{unit}:{year}")).await?;
    let committee = cx.city.agencies().get(unit).is_some_and(|unit| is_committee(unit.kind));
    let agency = if committee { "-UBND" } else { "" };
    Ok(Some(numbering.number.replace("{number}", &number.to_string()).replace("{agency}", agency)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_to_count() {
        let text = "[[paper]]\nid = \"receipt\"\nnumber = \"TNHS\"\nsource = \"x\"\n\
                    [[paper]]\nid = \"letter\"\nnumber = \"{number}/CV\"\nsource = \"x\"\n";
        let mut report = Report::default();
        let read = Numbering::read(&Folder::from_texts([("papers.toml", text)]), &mut report);
        assert_eq!((read.len(), report.to_string().lines().count()), (2, 2), "{report}");
        let mut report = Report::default();
        let embedded = Numbering::read(&Folder::embedded(), &mut report);
        assert!(report.is_empty() && embedded.len() == PAPERS.len(), "{report}");
    }
}
