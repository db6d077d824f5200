//! Tùy chọn nhận thông báo: which channels someone wants for which topic; pure.

use std::collections::BTreeSet;

use crate::channel::Channel;
use crate::store::PreferenceRow;
use crate::topic::Topic;

/// What everyone gets: the app always, and what concerns one's security by e-mail.
pub const fn is_mandatory(topic: Topic, channel: Channel) -> bool {
    matches!((topic, channel), (_, Channel::InApp) | (Topic::Security, Channel::Email))
}

/// What someone has who has chosen nothing.
const fn is_usual(channel: Channel) -> bool {
    matches!(channel, Channel::InApp | Channel::Email)
}

/// The pairs that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences(BTreeSet<(Topic, Channel)>);

impl Preferences {
    /// What was chosen over what is usual.
    pub fn new(rows: &[PreferenceRow]) -> Self {
        let pairs = Topic::ALL.into_iter().flat_map(|topic| Channel::ALL.map(|channel| (topic, channel)));
        let chosen = |topic: Topic, channel: Channel| {
            let row = rows.iter().find(|row| row.topic == topic.as_str() && row.channel == channel.as_str());
            row.map_or(is_usual(channel), |row| row.wanted)
        };
        Self(pairs.filter(|&(topic, channel)| is_mandatory(topic, channel) || chosen(topic, channel)).collect())
    }

    pub fn wants(&self, topic: Topic, channel: Channel) -> bool {
        self.0.contains(&(topic, channel))
    }

    pub fn channels(&self, topic: Topic) -> Vec<Channel> {
        Channel::ALL.into_iter().filter(|&channel| self.wants(topic, channel)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(topic: &str, channel: &str, wanted: bool) -> PreferenceRow {
        PreferenceRow { topic: topic.to_owned(), channel: channel.to_owned(), wanted }
    }

    #[test]
    fn what_is_usual_and_what_was_chosen() {
        let usual = Preferences::new(&[]);
        assert_eq!(usual.channels(Topic::Money), [Channel::InApp, Channel::Email]);
        let chosen = [
            row("money", "email", false),
            row("money", "sms", true),
            row("security", "email", false),
            row("x", "y", true),
        ];
        let chosen = Preferences::new(&chosen);
        assert_eq!(chosen.channels(Topic::Money), [Channel::InApp, Channel::Sms]);
        assert_eq!(chosen.channels(Topic::Security), [Channel::InApp, Channel::Email], "mandatory");
        assert_eq!(chosen.channels(Topic::Progress), usual.channels(Topic::Progress));
    }

    proptest! {
        #[test]
        fn nobody_can_go_without_what_is_mandatory(wanted in proptest::collection::vec(any::<bool>(), 20)) {
            let pairs = Topic::ALL.into_iter().flat_map(|topic| Channel::ALL.map(|channel| (topic, channel)));
            let rows: Vec<_> =
                pairs.clone().zip(wanted).map(|((t, c), wanted)| row(t.as_str(), c.as_str(), wanted)).collect();
            let preferences = Preferences::new(&rows);
            for ((topic, channel), row) in pairs.zip(&rows) {
                prop_assert_eq!(preferences.wants(topic, channel), row.wanted || is_mandatory(topic, channel));
            }
        }
    }
}
