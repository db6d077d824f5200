//! What notices are about, as people choose among them; `notices.toml` of the city says which kind belongs where.

use std::collections::HashMap;

use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use songhan_app::App;
use songhan_city::{Declaration, Folder, Placed, Report};

use crate::quiet::QuietHours;

/// Loại thông báo: what people choose channels for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeTopic)]
pub enum Topic {
    /// Tiến độ hồ sơ.
    Progress,
    /// Phí, lệ phí, hoàn trả.
    Money,
    /// Đăng nhập, bảo mật.
    Security,
    /// Cảnh báo: what is late or soon will be, and what the city warns of.
    Warning,
}

impl Topic {
    pub const ALL: [Self; 4] = [Self::Progress, Self::Money, Self::Security, Self::Warning];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Money => "money",
            Self::Security => "security",
            Self::Warning => "warning",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == text)
    }
}

/// How a kind of notice is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    pub topic: Topic,
    /// Khẩn: told in quiet hours too.
    pub urgent: bool,
}

/// `notices.toml`: quiet hours, and the topic of each kind of notice.
pub struct Manners {
    pub quiet: QuietHours,
    kinds: HashMap<String, Manner>,
}

impl Manners {
    /// Without a declaration a kind is of the dossier's progress, and what begins with `security-` of security.
    pub fn of(&self, kind: &str) -> Manner {
        let usual = if kind.starts_with("security-") { Topic::Security } else { Topic::Progress };
        self.kinds.get(kind).copied().unwrap_or(Manner { topic: usual, urgent: false })
    }

    /// The city's.
    pub fn in_city(app: &App) -> &Self {
        app.city.get::<Self>()
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// For whoever edits the file.
    #[serde(default, rename = "source")]
    _source: Option<String>,
    quiet_hours: Option<Hours>,
    #[serde(default, rename = "kind")]
    kinds: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: Placed<String>,
    until: Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    id: Placed<String>,
    topic: Topic,
    #[serde(default)]
    urgent: bool,
}

impl Declaration for Manners {
    const NAME: &'static str = "notices";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let file: File = folder.toml_if_present("notices.toml", report).unwrap_or_default();
        let mut kinds = HashMap::new();
        for kind in file.kinds {
            let place = kind.id.place().clone();
            let manner = Manner { topic: kind.topic, urgent: kind.urgent };
            if kinds.insert(kind.id.to_string(), manner).is_some() {
                report.add(&place, format!("the kind `{}` stands here twice", kind.id), "keep one of the two");
            }
        }
        let mut time = |text: &Placed<String>| {
            let time = text.parse::<Time>().ok();
            if time.is_none() {
                report.add(text.place(), format!("{:?} is no time of day", &**text), "write it as \"21:00\"");
            }
            time
        };
        let quiet = file.quiet_hours.and_then(|hours| {
            let (from, until) = (time(&hours.from), time(&hours.until));
            Some(QuietHours { from: from?, until: until? })
        });
        Self { quiet: quiet.unwrap_or_default(), kinds }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    fn load(text: &str) -> (Manners, Report) {
        let mut report = Report::default();
        let folder = Folder::from_texts([("notices.toml", text)]);
        (Manners::load(&folder, &mut report), report)
    }

    #[test]
    fn kinds_have_topics() {
        let (manners, report) = load(
            "quiet_hours = { from = \"22:00\", until = \"06:30\" }\n\
             [[kind]]\nid = \"dossier-paid\"\ntopic = \"money\"\nurgent = true\n",
        );
        assert!(report.is_empty(), "{report}");
        assert_eq!(manners.of("dossier-paid"), Manner { topic: Topic::Money, urgent: true });
        assert_eq!(manners.of("dossier-done").topic, Topic::Progress);
        assert_eq!(manners.of("security-x").topic, Topic::Security);
        assert_eq!(manners.quiet, QuietHours { from: time(22, 0, 0, 0), until: time(6, 30, 0, 0) });
    }

    #[test]
    fn mistakes_are_told() {
        for (text, expected) in [
            ("quiet_hours = { from = \"late\", until = \"07:00\" }", "is no time of day"),
            ("[[kind]]\nid = \"a\"\ntopic = \"monny\"", "money"),
            ("[[kind]]\nid = \"a\"\ntopic = \"money\"\n[[kind]]\nid = \"a\"\ntopic = \"money\"", "twice"),
        ] {
            let (_, report) = load(text);
            assert!(report.to_string().contains(expected), "{report}");
        }
        assert_eq!(load("").0.quiet, QuietHours::default());
    }
}
