//! `indicators.toml`: what supervision makes of its figures, each a share of counts by another sum of counts.

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{Declaration, Folder, Placed, Report};

use crate::figures::{Figures, tenths};

/// Chỉ số giám sát, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub struct Indicators(Vec<Indicator>);

/// Chỉ số: a percentage.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: Placed<String>,
    pub name: Text,
    /// The head of its column.
    pub column: Text,
    pub icon: String,
    numerator: Vec<Measure>,
    denominator: Vec<Measure>,
    /// Mục tiêu: what the city wants to reach at least, in percent.
    pub target: Option<f64>,
    /// From how many ratings on a share of them is shown to everyone: see [`crate::ratings`].
    shown_from: Option<i64>,
    /// The law, or whose rule it is.
    pub source: Text,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Measure {
    Received,
    Online,
    InTime,
    Late,
    Unpromised,
    Refused,
    Withdrawn,
    Stopped,
    Extended,
    Paid,
    PaidOnline,
    Papers,
    Reused,
    Ratings,
    Satisfied,
}

impl Measure {
    const fn of(self, figures: &Figures) -> i64 {
        match self {
            Self::Received => figures.handled.received,
            Self::Online => figures.handled.online,
            Self::InTime => figures.handled.in_time,
            Self::Late => figures.handled.late,
            Self::Unpromised => figures.handled.unpromised,
            Self::Refused => figures.handled.refused,
            Self::Withdrawn => figures.handled.withdrawn,
            Self::Stopped => figures.handled.stopped,
            Self::Extended => figures.handled.extended,
            Self::Paid => figures.handled.paid,
            Self::PaidOnline => figures.handled.paid_online,
            Self::Papers => figures.handled.papers,
            Self::Reused => figures.handled.reused,
            Self::Ratings => figures.ratings,
            Self::Satisfied => figures.satisfied,
        }
    }
}

impl Indicator {
    /// In percent with one decimal; `None` where nothing was counted.
    pub fn percent(&self, figures: &Figures) -> Option<f64> {
        let sum = |of: &[Measure]| of.iter().map(|measure| measure.of(figures)).sum::<i64>();
        let (part, whole) = (sum(&self.numerator), sum(&self.denominator));
        (whole > 0).then(|| tenths(part as f64 * 100.0 / whole as f64))
    }

    /// Whether it tells what people said of their dossiers.
    pub fn is_of_ratings(&self) -> bool {
        let mut measures = self.numerator.iter().chain(&self.denominator);
        measures.any(|measure| matches!(measure, Measure::Ratings | Measure::Satisfied))
    }

    /// Whether a value misses the target.
    pub fn is_missed(&self, percent: Option<f64>) -> bool {
        matches!((percent, self.target), (Some(percent), Some(target)) if percent < target)
    }
}

impl Indicators {
    pub fn all(&self) -> &[Indicator] {
        &self.0
    }

    /// From how many on ratings are shown to everyone; a city that does not say so shows none.
    pub fn ratings_shown_from(&self) -> Option<i64> {
        self.0.iter().filter_map(|one| one.shown_from).max()
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    indicator: Vec<Indicator>,
}

const FILE: &str = "indicators.toml";

impl Declaration for Indicators {
    const NAME: &'static str = "indicators";

    /// A city without the file has the figures alone.
    fn load(folder: &Folder, report: &mut Report) -> Self {
        let declared = folder.toml_if_present::<File>(FILE, report).unwrap_or_default().indicator;
        let mut known: Vec<&str> = Vec::new();
        for one in &declared {
            if known.contains(&one.id.as_str()) {
                report.add(
                    one.id.place(),
                    format!("`{}` stands twice", *one.id),
                    "give each indicator an id of its own",
                );
            }
            known.push(&one.id);
            for (wrong, remedy) in one.mistakes() {
                report.add(one.id.place(), wrong, remedy);
            }
        }
        Self(declared)
    }
}

/// Of two, each would know what the other said.
const SHOWN_FROM_LEAST: i64 = 3;

impl Indicator {
    /// What is wrong with it, and what to do.
    fn mistakes(&self) -> Vec<(&'static str, &'static str)> {
        let mut mistakes = Vec::new();
        if self.numerator.is_empty() || self.denominator.is_empty() {
            mistakes.push(("an indicator of nothing", "name what is counted in `numerator` and in `denominator`"));
        }
        if self.target.is_some_and(|target| !(0.0..=100.0).contains(&target)) {
            mistakes.push(("a target outside 0 to 100 percent", "write a number from 0 to 100"));
        }
        if self.source.vi.trim().is_empty() {
            mistakes.push(("an indicator without a source", "name the decision, or whose rule it is"));
        }
        match (self.is_of_ratings(), self.shown_from) {
            (true, None) => mistakes.push((
                "ratings of few people would tell who rated how",
                "say with `shown_from` from how many ratings on they are shown to everyone, such as 5",
            )),
            (true, Some(least)) if least < SHOWN_FROM_LEAST => {
                mistakes.push(("`shown_from` is so small that people know what the others said", "write 3 or more"));
            }
            (false, Some(_)) => mistakes.push((
                "`shown_from` where no ratings are counted",
                "leave it out; the other counts are shown to everyone",
            )),
            _ => {}
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Handled;

    fn load(text: &str) -> (Indicators, Report) {
        let mut report = Report::default();
        let folder = Folder::from_texts([(FILE, text)]);
        (Indicators::load(&folder, &mut report), report)
    }

    #[test]
    fn shares_are_of_what_they_say() {
        let (declared, report) = load(
            "[[indicator]]\nid = \"in_time\"\nname = \"a\"\ncolumn = \"a\"\nicon = \"clock\"\n\
             numerator = [\"in_time\"]\ndenominator = [\"in_time\", \"late\"]\ntarget = 95\nsource = \"b\"",
        );
        assert!(report.is_empty(), "{report:?}");
        let one = &declared.all()[0];
        let handled = Handled { received: 3, in_time: 2, late: 1, unpromised: 5, ..Handled::default() };
        let figures = Figures { handled, ..Figures::default() };
        assert_eq!(one.percent(&figures), Some(66.7));
        assert_eq!(one.percent(&Figures::default()), None);
        assert!(one.is_missed(Some(94.9)) && !one.is_missed(Some(95.0)) && !one.is_missed(None));
    }

    #[test]
    fn mistakes_are_told() {
        let head = "[[indicator]]\nid = \"x\"\nname = \"a\"\ncolumn = \"a\"\nicon = \"clock\"\n";
        let (_, report) = load(&format!("{head}numerator = []\ndenominator = [\"late\"]\nsource = \"\"\ntarget = 101"));
        let told = format!("{report:?}");
        for part in ["of nothing", "without a source", "outside 0 to 100"] {
            assert!(told.contains(part), "{told}");
        }
        let (_, report) = load(&format!("{head}numerator = [\"luck\"]\ndenominator = [\"late\"]\nsource = \"s\""));
        assert!(format!("{report:?}").contains("luck"), "{report:?}");
    }

    #[test]
    fn ratings_say_from_how_many_on_they_are_shown() {
        let one = |counted: &str, rest: &str| {
            load(&format!(
                "[[indicator]]\nid = \"x\"\nname = \"a\"\ncolumn = \"a\"\nicon = \"check\"\n\
                 numerator = [\"{counted}\"]\ndenominator = [\"received\"]\nsource = \"s\"\n{rest}"
            ))
        };
        let (declared, report) = one("satisfied", "shown_from = 5");
        assert!(report.is_empty(), "{report:?}");
        assert_eq!(declared.ratings_shown_from(), Some(5));
        for (counted, rest, told) in [
            ("ratings", "", "who rated how"),
            ("satisfied", "shown_from = 2", "3 or more"),
            ("online", "shown_from = 5", "no ratings are counted"),
        ] {
            let (_, report) = one(counted, rest);
            assert!(format!("{report:?}").contains(told), "{report:?}");
        }
    }
}
