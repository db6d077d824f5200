//! The clock of a case: whether its term is being used up. States say where it stands; actions only move states.

use serde::{Deserialize, Serialize};

/// Đồng hồ của hồ sơ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Chưa tính thời hạn: not received yet, or handed back before it was.
    Waiting,
    /// Đang tính thời hạn.
    Running,
    /// Tạm dừng: the applicant has to add something.
    Paused,
    /// Dừng hẳn: the result exists, or there will be none.
    Stopped,
}

impl Clock {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Running, Self::Paused, Self::Stopped];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }

    /// Whether a case may pass from a state with this clock to one with `to`. A stopped clock stays stopped: what was
    /// decided in time must not become late again.
    pub const fn may_become(self, to: Self) -> bool {
        !matches!(self, Self::Stopped) || matches!(to, Self::Stopped)
    }
}

impl TryFrom<String> for Clock {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|clock| clock.as_str() == word).ok_or_else(|| format!("{word:?} is no clock"))
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an action is declared to do to the clock. All but [`Effect::ExtendClock`] say again what the states say, for
/// whoever reads the action alone; that the two agree is checked when the city is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    StartClock,
    PauseClock,
    ResumeClock,
    StopClock,
    /// Gia hạn: a later due time, given by whoever acts.
    ExtendClock,
}

impl Effect {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StartClock => "start_clock",
            Self::PauseClock => "pause_clock",
            Self::ResumeClock => "resume_clock",
            Self::StopClock => "stop_clock",
            Self::ExtendClock => "extend_clock",
        }
    }

    /// Whether a state with `clock` is what this effect leads to.
    pub const fn leads_to(self, clock: Clock) -> bool {
        match self {
            Self::StartClock | Self::ResumeClock | Self::ExtendClock => matches!(clock, Clock::Running),
            Self::PauseClock => matches!(clock, Clock::Paused | Clock::Waiting),
            Self::StopClock => matches!(clock, Clock::Stopped),
        }
    }
}
