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
            Self::Received => figures.received,
            Self::Online => figures.online,
            Self::InTime => figures.in_time,
            Self::Late => figures.late,
            Self::Unpromised => figures.unpromised,
            Self::Refused => figures.refused,
            Self::Withdrawn => figures.withdrawn,
            Self::Stopped => figures.stopped,
            Self::Extended => figures.extended,
            Self::Paid => figures.paid,
            Self::PaidOnline => figures.paid_online,
            Self::Papers => figures.papers,
            Self::Reused => figures.reused,
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

    /// Whether a value misses the target.
    pub fn is_missed(&self, percent: Option<f64>) -> bool {
        matches!((percent, self.target), (Some(percent), Some(target)) if percent < target)
    }
}

impl Indicators {
    pub fn all(&self) -> &[Indicator] {
        &self.0
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
            if one.numerator.is_empty() || one.denominator.is_empty() {
                let wanted = "name what is counted in `numerator` and in `denominator`";
                report.add(one.id.place(), "an indicator of nothing", wanted);
            }
            if one.target.is_some_and(|target| !(0.0..=100.0).contains(&target)) {
                report.add(one.id.place(), "a target outside 0 to 100 percent", "write a number from 0 to 100");
            }
            if one.source.vi.trim().is_empty() {
                report.add(one.id.place(), "an indicator without a source", "name the decision, or whose rule it is");
            }
        }
        Self(declared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let figures = Figures { received: 3, in_time: 2, late: 1, unpromised: 5, ..Figures::default() };
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
}
