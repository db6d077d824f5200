//! Giờ yên tĩnh: when a telephone is not to ring for something that can wait.

use jiff::civil::{Time, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// From one time of day until another, mostly over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    pub from: Time,
    pub until: Time,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self { from: time(21, 0, 0, 0), until: time(7, 0, 0, 0) }
    }
}

impl QuietHours {
    /// When they end, if `at` is in them.
    pub fn end(self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = at.to_zoned(zone.clone());
        let (now, over_midnight) = (local.time(), self.from > self.until);
        let is_evening = now >= self.from && (over_midnight || now < self.until);
        let is_morning = over_midnight && now < self.until;
        let day = match (is_evening && over_midnight, is_evening || is_morning) {
            (_, false) => return None,
            (true, _) => local.date().checked_add(1.day()).ok()?,
            _ => local.date(),
        };
        day.to_datetime(self.until).to_zoned(zone.clone()).ok().map(|end| end.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
    }

    fn end(hours: QuietHours, at: &str) -> Option<String> {
        let end = hours.end(at.parse().unwrap(), &zone())?;
        Some(end.to_zoned(zone()).strftime("%m-%d %H:%M").to_string())
    }

    #[test]
    fn the_night_is_quiet() {
        let night = QuietHours::default();
        assert_eq!(end(night, "2026-11-20T20:59:59+07:00"), None);
        assert_eq!(end(night, "2026-11-20T21:00:00+07:00").as_deref(), Some("11-21 07:00"));
        assert_eq!(end(night, "2026-11-20T00:00:00+07:00").as_deref(), Some("11-20 07:00"));
        assert_eq!(end(night, "2026-11-20T07:00:00+07:00"), None);
        let noon = QuietHours { from: time(12, 0, 0, 0), until: time(13, 0, 0, 0) };
        assert_eq!(end(noon, "2026-11-20T12:30:00+07:00").as_deref(), Some("11-20 13:00"));
        assert_eq!(end(noon, "2026-11-20T13:00:00+07:00"), None);
        let never = QuietHours { from: time(7, 0, 0, 0), until: time(7, 0, 0, 0) };
        assert_eq!(end(never, "2026-11-20T07:00:00+07:00"), None);
    }

    proptest! {
        #[test]
        fn what_waits_waits_less_than_a_day_and_then_goes(from in 0..24i8, until in 0..24i8, minute in 0..2880i64) {
            let hours = QuietHours { from: time(from, 0, 0, 0), until: time(until, 0, 0, 0) };
            let at: Timestamp = "2026-11-20T00:00:00+07:00".parse().unwrap();
            let at = at + minute.minutes();
            if let Some(end) = hours.end(at, &zone()) {
                prop_assert!(end > at && end <= at + 24.hours());
                prop_assert_eq!(hours.end(end, &zone()), None);
            }
        }
    }
}
