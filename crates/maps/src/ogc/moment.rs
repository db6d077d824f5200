//! `datetime`: the layer as of when.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use songhan_app::Problem;

use super::answer::shortened;

/// The moment that is asked for; none is now. Of an interval the end counts; one that is open or lies ahead is now.
pub fn read(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let wrong = |why: &str| Problem::bad_request(format!("datetime={} cannot be read: {why}", shortened(text)));
    let how =
        "write it as 2026-11-20T09:00:00Z, 2026-11-20, or an interval of two with / between them, .. for an open end";
    let end = match text.split_once('/') {
        None => Some(instant(text, zone).ok_or_else(|| wrong(how))?),
        Some((from, to)) => {
            let open = |side: &str| side.is_empty() || side == "..";
            let side = |side: &str| if open(side) { Ok(None) } else { instant(side, zone).map(Some).ok_or(()) };
            let (from, to) = (side(from).map_err(|()| wrong(how))?, side(to).map_err(|()| wrong(how))?);
            if from.zip(to).is_some_and(|(from, to)| to < from) {
                return Err(wrong("it ends before it begins"));
            }
            to
        }
    };
    Ok(end.filter(|end| *end < now))
}

/// A day means its end in the city.
fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if text.len() > 40 || text.contains('[') {
        return None;
    }
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        let next = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
        return next.checked_sub(jiff::SignedDuration::from_micros(1)).ok();
    }
    // A plus that was not encoded arrives as a space.
    let text = text.replacen(' ', "+", usize::from(text.len() > 19));
    let moment: Timestamp = text.parse().ok()?;
    // What the database keeps of a moment.
    Timestamp::from_microsecond(moment.as_microsecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_days_and_intervals_are_read() {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        let now: Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
        let at = |text: &str| read(text, &zone, now).unwrap().map(|at| at.to_string());
        assert_eq!(at("2026-11-19T09:00:00+07:00").as_deref(), Some("2026-11-19T02:00:00Z"));
        assert_eq!(at("2026-11-19T09:00:00 07:00").as_deref(), Some("2026-11-19T02:00:00Z"));
        assert_eq!(at("2026-11-18").as_deref(), Some("2026-11-18T16:59:59.999999Z"));
        assert_eq!(at("2020-01-01T00:00:00Z/2026-11-01T00:00:00Z").as_deref(), Some("2026-11-01T00:00:00Z"));
        for now in ["2026-11-20T02:00:00Z", "2030-01-01", "../..", "2026-11-01/..", "2026-11-01/", "/2030-01-01"] {
            assert_eq!(at(now), None, "{now}");
        }
        for wrong in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-11-20T25:00:00Z",
            "2026-11-02/2026-11-01",
            "1/2/3",
            "+999999-01-01",
            "9999-12-31",
            "-9999-01-01T00:00:00Z",
            "2026-11-20T09:00:00+07:00[Asia/Bangkok]",
            "２０２６-11-20",
        ] {
            if let Ok(at) = read(wrong, &zone, now) {
                assert!(matches!(wrong, "9999-12-31" | "-9999-01-01T00:00:00Z"), "{wrong} is {at:?}");
            }
        }
    }
}
