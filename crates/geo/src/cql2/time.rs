//! Dates and timestamps as RFC 3339 writes them, and days in the layer's offset.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// What to write instead, for errors.
pub const DATE_REMEDY: &str = "write a day of the calendar as 'YYYY-MM-DD'";
pub const TIMESTAMP_REMEDY: &str = "write 'YYYY-MM-DDThh:mm:ssZ', with a fraction of up to 9 digits if need be";

/// `full-date`.
pub fn read_date(text: &str) -> Option<Date> {
    fits(text.as_bytes(), b"0000-00-00").then(|| text.parse().ok()).flatten()
}

/// `date-time`: UTC as the standard asks, or with an offset.
pub fn read_timestamp(text: &str) -> Option<Timestamp> {
    let (head, tail) = text.as_bytes().split_at_checked(19)?;
    if !fits(head, b"0000-00-00T00:00:00") {
        return None;
    }
    let digits = match tail.strip_prefix(b".") {
        Some(fraction) => fraction.iter().take_while(|b| b.is_ascii_digit()).count(),
        None => 0,
    };
    let zone = match digits {
        0 => tail,
        1..=9 => &tail[digits + 1..],
        _ => return None,
    };
    if zone != b"Z" && !fits(zone, b"+00:00") && !fits(zone, b"-00:00") {
        return None;
    }
    let timestamp: Timestamp = text.parse().ok()?;
    // An offset may lead into a year that has no four digits to be written back.
    (0..=9999).contains(&Offset::UTC.to_datetime(timestamp).year()).then_some(timestamp)
}

/// Whether a text has digits where the pattern has `0`, and is the same elsewhere.
fn fits(text: &[u8], pattern: &[u8]) -> bool {
    let same = |(c, p): (&u8, &u8)| if *p == b'0' { c.is_ascii_digit() } else { c == p };
    text.len() == pattern.len() && text.iter().zip(pattern).all(same)
}

/// The day of a timestamp.
pub fn day(timestamp: Timestamp, offset: Offset) -> Date {
    offset.to_datetime(timestamp).date()
}

/// The first moment of a day, unless it is beyond what a timestamp can say.
pub fn start_of_day(date: Date, offset: Offset) -> Option<Timestamp> {
    offset.to_timestamp(date.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_and_nothing_else() {
        assert!(read_date("2024-02-29").is_some());
        for text in ["2023-02-29", "2024-2-9", "20240209", "2024-02-09T00:00:00Z", "+002024-02-09", ""] {
            assert!(read_date(text).is_none(), "{text}");
        }
        for text in ["2024-02-29T00:00:00Z", "2024-02-29T23:59:59.123456789Z", "2024-02-29T07:00:00+07:00"] {
            assert!(read_timestamp(text).is_some(), "{text}");
        }
        for text in [
            "2024-02-29",
            "2024-02-29T00:00Z",
            "2024-02-29T00:00:00",
            "2024-02-29T00:00:00.Z",
            "2024-02-29T00:00:00.1234567891Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29 00:00:00Z",
            "0000-01-01T00:00:00+07:00",
            "9999-12-31T23:59:59Z",
            "2024-02-29T00:00:00ẞ",
        ] {
            assert!(read_timestamp(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_day_of_da_nang_begins_the_evening_before_in_utc() {
        let offset = jiff::tz::offset(7);
        let start = start_of_day(read_date("2026-03-01").unwrap(), offset).unwrap();
        assert_eq!(start.to_string(), "2026-02-28T17:00:00Z");
        assert_eq!(day(start, offset).to_string(), "2026-03-01");
    }
}
