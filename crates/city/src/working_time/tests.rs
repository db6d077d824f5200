//! Every edge of the rules by hand, and what must hold for any case.

use jiff::civil::{DateTime, Weekday, date};
use proptest::prelude::*;

use super::*;

fn danang() -> &'static WorkingTime {
    static TIME: std::sync::LazyLock<WorkingTime> = std::sync::LazyLock::new(|| {
        let mut report = Report::default();
        let time = WorkingTime::load(&Folder::embedded(), &mut report);
        assert!(report.is_empty(), "{report}");
        time
    });
    &TIME
}

fn at(text: &str) -> Timestamp {
    format!("{text}+07:00").parse().unwrap()
}

fn local(at: Timestamp) -> DateTime {
    danang().zone().to_datetime(at)
}

fn due(from: &str, amount: u32, unit: TermUnit) -> String {
    local(danang().due(at(from), amount, unit).unwrap()).to_string()
}

#[test]
fn working_days() {
    use TermUnit::Days;
    // Friday morning and one day: Monday, at closing time.
    assert_eq!(due("2026-11-20T09:00:00", 1, Days), "2026-11-23T17:00:00");
    // Tuesday 24 November is the Vietnam Cultural Day.
    assert_eq!(due("2026-11-20T09:00:00", 2, Days), "2026-11-25T17:00:00");
    // After hours is the next working morning: Monday is then the first day, which is not counted.
    assert_eq!(due("2026-11-20T17:00:01", 1, Days), "2026-11-25T17:00:00");
    assert_eq!(due("2026-11-21T10:00:00", 1, Days), "2026-11-25T17:00:00");
    // At the closing instant no working time is left; a nanosecond before there is.
    assert_eq!(due("2026-11-20T17:00:00", 1, Days), "2026-11-25T17:00:00");
    assert_eq!(due("2026-11-20T16:59:59.999999999", 1, Days), "2026-11-23T17:00:00");
    // Before opening and at lunch are today.
    assert_eq!(due("2026-11-20T00:00:00", 1, Days), "2026-11-23T17:00:00");
    assert_eq!(due("2026-11-20T11:30:00", 1, Days), "2026-11-23T17:00:00");
    // Make-up Saturday 10 January for Friday 2 January.
    assert_eq!(due("2025-12-31T09:00:00", 1, Days), "2026-01-05T17:00:00");
    assert_eq!(due("2026-01-09T09:00:00", 1, Days), "2026-01-10T17:00:00");
    assert_eq!(due("2026-01-10T09:00:00", 1, Days), "2026-01-12T17:00:00");
    // Tết: ten calendar days on.
    assert_eq!(due("2026-02-13T16:00:00", 1, Days), "2026-02-23T17:00:00");
    assert_eq!(due("2026-11-20T09:00:00", 0, Days), "2026-11-20T17:00:00");
}

#[test]
fn working_hours() {
    use TermUnit::Hours;
    assert_eq!(due("2026-11-20T09:00:00", 2, Hours), "2026-11-20T11:00:00");
    // Used up exactly when a window closes: due then, not when the next opens.
    assert_eq!(due("2026-11-20T07:30:00", 4, Hours), "2026-11-20T11:30:00");
    assert_eq!(due("2026-11-20T07:30:00", 8, Hours), "2026-11-20T17:00:00");
    assert_eq!(due("2026-11-20T13:00:00", 4, Hours), "2026-11-20T17:00:00");
    // Over lunch and over the weekend.
    assert_eq!(due("2026-11-20T11:00:00", 1, Hours), "2026-11-20T13:30:00");
    assert_eq!(due("2026-11-20T16:30:00", 1, Hours), "2026-11-23T08:00:00");
    // Eight hours are a day, wherever they begin.
    assert_eq!(due("2026-11-19T10:15:30.5", 8, Hours), "2026-11-20T10:15:30.5");
    // Starts outside the windows.
    assert_eq!(due("2026-11-20T05:00:00", 1, Hours), "2026-11-20T08:30:00");
    assert_eq!(due("2026-11-20T11:30:00", 1, Hours), "2026-11-20T14:00:00");
    assert_eq!(due("2026-11-20T12:00:00", 4, Hours), "2026-11-20T17:00:00");
    assert_eq!(due("2026-11-20T17:00:00", 8, Hours), "2026-11-23T17:00:00");
    assert_eq!(due("2026-11-22T23:59:59", 8, Hours), "2026-11-23T17:00:00");
    assert_eq!(due("2026-11-20T09:00:00", 0, Hours), "2026-11-20T09:00:00");
    assert_eq!(due("2026-11-20T17:00:00", 0, Hours), "2026-11-23T07:30:00");
}

#[test]
fn calendar_days_and_months() {
    use TermUnit::{CalendarDays, Months};
    assert_eq!(due("2026-11-16T09:00:00", 3, CalendarDays), "2026-11-19T17:00:00");
    // A last day that is off moves to the next working day; two in a row here.
    assert_eq!(due("2026-11-16T09:00:00", 5, CalendarDays), "2026-11-23T17:00:00");
    assert_eq!(due("2026-11-16T09:00:00", 8, CalendarDays), "2026-11-25T17:00:00");
    // Received on a Saturday: Monday is the first day.
    assert_eq!(due("2026-11-21T09:00:00", 3, CalendarDays), "2026-11-26T17:00:00");
    assert_eq!(due("2026-11-16T09:00:00", 0, CalendarDays), "2026-11-16T17:00:00");

    assert_eq!(due("2026-03-16T09:00:00", 1, Months), "2026-04-16T17:00:00");
    // No 31st and no 30th: the month's last day, and not a day in the next month.
    assert_eq!(due("2024-01-31T09:00:00", 1, Months), "2024-02-29T17:00:00");
    assert_eq!(due("2025-12-31T09:00:00", 2, Months), "2026-03-02T17:00:00", "28 February 2026 is a Saturday");
    assert_eq!(due("2026-07-31T09:00:00", 2, Months), "2026-09-30T17:00:00");
    assert_eq!(due("2025-08-29T09:00:00", 6, Months), "2026-03-02T17:00:00");
    // Into Tết.
    assert_eq!(due("2026-01-16T09:00:00", 1, Months), "2026-02-23T17:00:00");
    // A make-up Saturday is a working day to end on.
    assert_eq!(due("2026-07-22T09:00:00", 1, Months), "2026-08-22T17:00:00");
}

#[test]
fn a_year_without_calendar_is_an_error_that_names_the_file() {
    let error = danang().due(at("2027-12-31T09:00:00"), 1, TermUnit::Days).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the working time cannot be computed without the calendar of 2028; add calendars/2028.toml to the city folder"
    );
    for (from, amount, unit, file) in [
        ("2023-12-31T09:00:00", 1, TermUnit::Days, "calendars/2023.toml"),
        ("2031-05-05T09:00:00", 1, TermUnit::Hours, "calendars/2028.toml"),
        ("2026-05-05T09:00:00", u32::MAX, TermUnit::Days, "calendars/2028.toml"),
        ("2026-05-05T09:00:00", u32::MAX, TermUnit::Hours, "calendars/2028.toml"),
        ("2026-05-05T09:00:00", u32::MAX, TermUnit::CalendarDays, "calendars/2028.toml"),
        ("2026-05-05T09:00:00", u32::MAX, TermUnit::Months, "calendars/2028.toml"),
        ("2027-12-31T17:00:00", 0, TermUnit::Hours, "calendars/2028.toml"),
    ] {
        assert_eq!(danang().due(at(from), amount, unit).unwrap_err().file, file, "{from} {amount} {unit}");
    }
    for time in [Timestamp::MIN, Timestamp::MAX] {
        assert!(danang().due(time, 1, TermUnit::Days).is_err());
    }
}

#[test]
fn half_days_and_changed_hours() {
    let hours = "[[period]]\nfrom = 2024-01-01\nsource = \"a\"\n[period.week]\nmonday = [\"07:30-11:30\"]\n\
                 tuesday = [\"08:00-12:00\", \"13:00-17:00\"]\n[[period]]\nfrom = 2026-01-01\nsource = \"b\"\n\
                 [period.week]\nmonday = [\"07:00-11:00\"]\n";
    let folder = Folder::embedded().with("working-time.toml", hours);
    let time = WorkingTime::load(&folder, &mut Report::default());
    let due = |from: &str, amount, unit| local(time.due(at(from), amount, unit).unwrap()).to_string();
    // Monday 14 July 2025 ends at 11:30; it is a whole working day all the same.
    assert_eq!(due("2025-07-14T10:30:00", 2, TermUnit::Hours), "2025-07-15T09:00:00");
    assert_eq!(due("2025-07-14T12:00:00", 1, TermUnit::Days), "2025-07-21T11:30:00");
    assert_eq!(due("2025-07-15T17:00:00", 0, TermUnit::Days), "2025-07-21T11:30:00");
    assert_eq!(due("2026-03-02T07:00:00", 4, TermUnit::Hours), "2026-03-02T11:00:00");
}

#[test]
fn calendars_and_hours_must_fit_together() {
    let mistakes = |path: &str, old: &str, new: &str| {
        let folder = Folder::embedded();
        let text = folder.read(path).unwrap();
        assert!(text.contains(old), "{path} has no {old}");
        City::load(folder.with(path, &text.replacen(old, new, 1)), []).1.to_string()
    };
    let late = mistakes("working-time.toml", "from = 2024-01-01", "from = 2025-01-01");
    assert!(
        late.contains("the calendars begin on 2024-01-01, but the first working hours only on 2025-01-01"),
        "{late}"
    );
    let weekday = mistakes("calendars/2026.toml", "date = 2026-08-22", "date = 2026-08-21");
    assert!(weekday.contains(": 2026-08-21 is worked in any case; remove it"), "{weekday}");
    assert!(!weekday.contains("2026.toml:1:"), "the line is named: {weekday}");
}

fn end(from: &str, amount: u32, unit: TermUnit) -> TermEnd {
    danang().end(at(from), Term { amount, unit }).unwrap()
}

/// What is left at `paused`, and when that is due if it goes on at `resumed`.
fn paused(end: TermEnd, unit: TermUnit, paused: &str, resumed: &str) -> (Remaining, String) {
    let left = danang().remaining(at(paused), end, unit).unwrap();
    (left, local(danang().end_of_remaining(at(resumed), left).unwrap().due).to_string())
}

#[test]
fn pauses() {
    use TermUnit::{CalendarDays, Days, Hours};
    // Three working days from Monday; paused on Tuesday, so Wednesday and Thursday are left. The papers came on Friday;
    // Tuesday is a holiday.
    let three = end("2026-11-09T09:00:00", 3, Days);
    let (left, due) = paused(three, Days, "2026-11-10T15:00:00", "2026-11-20T10:00:00");
    assert_eq!((left, due.as_str()), (Remaining::WorkingDays(2), "2026-11-25T17:00:00"));
    // Hours go on to the instant.
    let hours = end("2026-11-09T08:00:00", 8, Hours);
    let (left, due) = paused(hours, Hours, "2026-11-09T10:00:00", "2026-11-11T16:00:00");
    assert_eq!((left, due.as_str()), (Remaining::WorkingMicroseconds(6 * 3_600_000_000), "2026-11-12T14:00:00"));
    let ten = end("2026-11-09T10:00:00", 10, CalendarDays);
    let (left, due) = paused(ten, CalendarDays, "2026-11-09T10:00:00", "2026-11-09T10:00:00");
    assert_eq!((left, due.as_str()), (Remaining::CalendarDays(10), "2026-11-19T17:00:00"));
    // Overdue: nothing is left.
    let (left, _) = paused(three, Days, "2026-11-19T10:00:00", "2026-11-19T10:00:00");
    assert_eq!(left, Remaining::WorkingDays(0));
    assert_eq!(
        toml::to_string(&std::collections::BTreeMap::from([("left", left)])).unwrap(),
        "[left]\nworking_days = 0\n"
    );
}

#[test]
fn a_moved_last_day_is_no_part_of_what_is_left() {
    use TermUnit::{CalendarDays, Days, Months};
    // 2 February + 15 days = 17 February, the first day of Tết: due on the 23rd, and counted to the 17th.
    let fifteen = end("2026-02-02T09:00:00", 15, CalendarDays);
    assert_eq!(
        (local(fifteen.due).to_string(), fifteen.last_day),
        ("2026-02-23T17:00:00".into(), Some(date(2026, 2, 17)))
    );
    let (left, due) = paused(fifteen, CalendarDays, "2026-02-10T09:00:00", "2026-02-24T09:00:00");
    assert_eq!((left, due.as_str()), (Remaining::CalendarDays(7), "2026-03-03T17:00:00"));
    // Between the counted day and the day due nothing is left but the day on which it goes on.
    let (left, due) = paused(fifteen, CalendarDays, "2026-02-23T09:00:00", "2026-02-26T09:00:00");
    assert_eq!((left, due.as_str()), (Remaining::CalendarDays(0), "2026-02-26T17:00:00"));
    let month = end("2026-01-16T09:00:00", 1, Months);
    let (left, due) = paused(month, Months, "2026-02-09T09:00:00", "2026-02-25T09:00:00");
    assert_eq!((left, due.as_str()), (Remaining::CalendarDays(7), "2026-03-04T17:00:00"));
    // A last day that was set moves as well; where working days are counted, they end when it is due.
    let until = danang().end_on(date(2026, 11, 24)).unwrap();
    assert_eq!(
        (local(until.due).to_string(), until.last_day),
        ("2026-11-25T17:00:00".into(), Some(date(2026, 11, 24)))
    );
    let (left, due) = paused(until, CalendarDays, "2026-11-19T09:00:00", "2026-11-23T09:00:00");
    assert_eq!((left, due.as_str()), (Remaining::CalendarDays(5), "2026-11-30T17:00:00"));
    let (left, _) = paused(until, Days, "2026-11-20T09:00:00", "2026-11-20T09:00:00");
    assert_eq!(left, Remaining::WorkingDays(2));
}

#[test]
fn distances() {
    let time = danang();
    let hours = |from: &str, to: &str| time.working_time_between(at(from), at(to)).unwrap().as_secs_f64() / 3600.0;
    assert!((hours("2026-11-20T09:00:00", "2026-11-23T09:00:00") - 8.0).abs() < 1e-9);
    assert!((hours("2026-11-20T10:30:00", "2026-11-20T14:00:00") - 2.0).abs() < 1e-9);
    assert!((hours("2026-11-23T09:00:00", "2026-11-20T09:00:00") + 8.0).abs() < 1e-9);
    assert_eq!(time.working_days_between(date(2026, 11, 20), date(2026, 11, 25)).unwrap(), 2);
    assert!(time.is_working(at("2026-11-20T07:30:00")).unwrap());
    assert!(!time.is_working(at("2026-11-20T11:30:00")).unwrap());
    assert!(time.is_working_day(date(2026, 8, 22)).unwrap() && !time.is_working_day(date(2026, 8, 31)).unwrap());
}

/// An instant of 2024 to 2026, often at an edge, in microseconds as the database keeps it.
fn instants() -> impl Strategy<Value = Timestamp> {
    let edges = prop::sample::select(vec![0, 7 * 60 + 30, 11 * 60 + 30, 13 * 60, 17 * 60, 23 * 60 + 59]);
    let minutes = prop_oneof![edges, 0..1440_i64];
    let nanoseconds = prop::sample::select(vec![-MICROSECOND, 0, 0, MICROSECOND, 30 * SECOND]);
    (0..1095_i64, minutes, nanoseconds).prop_map(|(day, minute, nanosecond)| {
        at("2024-01-02T00:00:00")
            + SignedDuration::from_hours(day * 24)
            + SignedDuration::from_mins(minute)
            + SignedDuration::from_nanos(nanosecond)
    })
}

fn units() -> impl Strategy<Value = TermUnit> {
    prop::sample::select(TermUnit::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn due_is_a_closing_time_of_a_working_day_or_inside_a_window(from in instants(), amount in 1..90_u32, unit in units()) {
        let amount = if unit == TermUnit::Months { amount % 12 } else { amount };
        let due = local(danang().due(from, amount, unit).unwrap());
        prop_assert!(danang().is_working_day(due.date()).unwrap());
        let minutes = i64::from(due.hour()) * 60 + i64::from(due.minute());
        if unit == TermUnit::Hours {
            prop_assert!((450..=690).contains(&minutes) || (780..=1020).contains(&minutes));
        } else {
            prop_assert_eq!((due.hour(), due.minute(), due.second(), due.subsec_nanosecond()), (17, 0, 0, 0));
        }
    }

    #[test]
    fn later_receipt_and_longer_terms_are_never_due_earlier(
        (a, b) in (instants(), instants()), (n, m) in (0..60_u32, 0..60_u32), unit in units(),
    ) {
        let (n, m) = if unit == TermUnit::Months { (n % 12, m % 12) } else { (n, m) };
        let time = danang();
        let first = time.due(a.min(b), n.min(m), unit).unwrap();
        prop_assert!(first <= time.due(a.max(b), n.min(m), unit).unwrap());
        prop_assert!(first <= time.due(a.min(b), n.max(m), unit).unwrap());
        prop_assert!(first >= time.received(a.min(b)).unwrap());
    }

    #[test]
    fn hours_are_exactly_the_working_time_between(from in instants(), amount in 0..400_u32) {
        let time = danang();
        let due = time.due(from, amount, TermUnit::Hours).unwrap();
        prop_assert_eq!(time.working_time_between(from, due).unwrap(), SignedDuration::from_hours(i64::from(amount)));
    }

    #[test]
    fn days_are_exactly_the_working_days_between(from in instants(), amount in 0..200_u32) {
        let time = danang();
        let received = local(time.received(from).unwrap()).date();
        let due = local(time.due(from, amount, TermUnit::Days).unwrap()).date();
        prop_assert_eq!(time.working_days_between(received, due).unwrap(), i64::from(amount));
    }

    #[test]
    fn eight_hours_are_one_day(from in instants(), days in 1..60_u32) {
        let time = danang();
        let hours = time.due(from, days * 8, TermUnit::Hours).unwrap();
        let day = time.due(from, days, TermUnit::Days).unwrap();
        // From opening time the hours end a day earlier, at closing time; otherwise on the same day.
        let whole = local(time.received(from).unwrap()).time() == jiff::civil::time(7, 30, 0, 0);
        let expected = if whole { time.due(from, days - 1, TermUnit::Days).unwrap() } else { day };
        prop_assert_eq!(local(hours).date(), local(expected).date());
    }

    #[test]
    fn the_last_day_moves_only_over_days_off(from in instants(), amount in 0..90_u32) {
        let time = danang();
        let received = local(time.received(from).unwrap()).date();
        let last = received.saturating_add(SignedDuration::from_hours(24 * i64::from(amount)));
        let due = local(time.due(from, amount, TermUnit::CalendarDays).unwrap()).date();
        prop_assert!(due >= last);
        for day in last.series(jiff::Span::new().days(1)).take_while(|day| *day < due) {
            prop_assert!(!time.is_working_day(day).unwrap());
        }
    }

    #[test]
    fn months_end_on_the_same_day_or_the_last(from in instants(), amount in 0..12_u32) {
        let time = danang();
        let received = local(time.received(from).unwrap()).date();
        let due = local(time.due(from, amount, TermUnit::Months).unwrap()).date();
        let months = i32::from(received.year()) * 12 + i32::from(received.month()) - 1 + amount as i32;
        let first = date((months / 12) as i16, (months % 12) as i8 + 1, 1);
        let last = first.with().day(received.day().min(first.days_in_month())).build().unwrap();
        prop_assert!(due >= last);
        prop_assert!(due == last || !time.is_working_day(last).unwrap());
    }

    #[test]
    fn going_on_at_once_changes_nothing(from in instants(), amount in 1..60_u32, unit in units(), pause in 0..40_i64) {
        let amount = if unit == TermUnit::Months { amount % 6 + 1 } else { amount };
        let time = danang();
        let end = time.end(from, Term { amount, unit }).unwrap();
        let pause = from + SignedDuration::from_hours(pause * 7);
        prop_assume!(time.received(pause).unwrap() <= end.due);
        let left = time.remaining(pause, end, unit).unwrap();
        let again = time.end_of_remaining(pause, left).unwrap();
        prop_assert_eq!(again.due, end.due);
        // And so does the next such pause.
        prop_assert_eq!(time.end_of_remaining(pause, time.remaining(pause, again, unit).unwrap()).unwrap(), again);
    }

    #[test]
    fn a_pause_leaves_the_days_of_the_calendar_and_no_more(
        from in instants(), amount in 1..60_u32, months in any::<bool>(), pause in 0..60_i64, wait in 0..90_i64,
    ) {
        let (unit, amount) = if months { (TermUnit::Months, amount % 6 + 1) } else { (TermUnit::CalendarDays, amount) };
        let time = danang();
        let end = time.end(from, Term { amount, unit }).unwrap();
        let pause = from + SignedDuration::from_hours(pause * 7);
        let (began, due) = (local(time.received(pause).unwrap()).date(), local(end.due).date());
        let counted = end.last_day.unwrap_or(due);
        let days = |from: Date, to: Date| to.duration_since(from).as_hours() / 24;
        let Remaining::CalendarDays(left) = time.remaining(pause, end, unit).unwrap() else { panic!("days are counted") };
        prop_assert_eq!(i64::from(left), days(began, counted).max(0));
        // A longer wait never makes it due earlier, and all that is left is given again.
        let resumed = pause + SignedDuration::from_hours(wait * 8);
        let again = time.end_of_remaining(resumed, Remaining::CalendarDays(left)).unwrap();
        let (resumed, again) = (local(time.received(resumed).unwrap()).date(), local(again.due).date());
        prop_assert!(days(resumed, again) >= i64::from(left));
        prop_assert!(again >= due || began > due);
    }

    #[test]
    fn received_is_the_instant_or_an_opening(from in instants()) {
        let time = danang();
        let received = time.received(from).unwrap();
        prop_assert!(received >= from && time.is_working(received).unwrap());
        prop_assert_eq!(time.received(received).unwrap(), received);
        if received != from {
            prop_assert!(!time.is_working(from).unwrap());
            prop_assert!(["07:30:00", "13:00:00"].contains(&local(received).time().to_string().as_str()));
            prop_assert_eq!(time.working_time_between(from, received).unwrap(), SignedDuration::ZERO);
        }
    }

    #[test]
    fn weekends_are_worked_only_when_made_up(day in 0..1095_i64) {
        let day = date(2024, 1, 1).saturating_add(SignedDuration::from_hours(24 * day));
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&day.weekday());
        let made_up = [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)].contains(&day);
        if weekend {
            prop_assert_eq!(danang().is_working_day(day).unwrap(), made_up);
        }
    }
}
