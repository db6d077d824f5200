//! Each kind of difference by itself, and any number of them among many lines.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const A: &str = "1017595600";
const B: &str = "2002002002";

fn day(n: i8) -> Date {
    jiff::civil::date(2026, 11, n)
}

fn code(n: usize) -> String {
    format!("SH{n:010}")
}

fn ours(n: usize) -> Ours {
    Ours {
        movement: format!("credit:FT{n}"),
        direction: Direction::Credit,
        account: A.into(),
        amount: Money(8_000 + n as i64),
        day: day(20),
        any_day: false,
        expected_by: day(20),
        references: vec![format!("FT{n}")],
        codes: vec![code(n)],
        is_seen: false,
    }
}

fn order(n: usize) -> Ours {
    let number = format!("SC{n:012}");
    Ours {
        movement: format!("order:{number}"),
        direction: Direction::Debit,
        any_day: true,
        expected_by: day(23),
        references: vec![number.clone()],
        codes: vec![number],
        ..ours(n)
    }
}

fn line(of: &Ours) -> Line {
    Line {
        account: of.account.clone(),
        booked_on: of.day,
        direction: of.direction,
        amount: of.amount,
        fee: Money::ZERO,
        reference: of.references[0].clone(),
        end_to_end: String::new(),
        description: format!("MBVCB {} chuyen tien", of.codes[0]),
        is_reversal: false,
    }
}

fn run(lines: &[Line], ours: &[Ours]) -> Outcome {
    reconcile(lines, ours, &BTreeSet::from([A.to_owned(), B.to_owned()]), day(20), day(20))
}

/// The kinds found, with what they are about.
fn kinds(lines: &[Line], ours: &[Ours]) -> Vec<(Kind, Option<usize>, Option<usize>)> {
    run(lines, ours).findings.into_iter().map(|f| (f.kind, f.line, f.ours)).collect()
}

#[test]
fn by_number_and_by_code() {
    let books = [ours(1), ours(2), order(3)];
    let mut lines: Vec<Line> = books.iter().map(line).collect();
    assert_eq!(run(&lines, &books).matched, [(0, 0), (1, 1), (2, 2)]);
    // Another number than we were told, but the payer's code.
    lines[1].reference = "9983".into();
    lines[2].reference = "9984".into();
    lines[2].booked_on = day(21);
    assert_eq!((run(&lines, &books).matched.len(), kinds(&lines, &books)), (3, vec![]));
}

#[test]
fn each_kind() {
    let (one, out) = (ours(1), order(2));
    let changed = |change: fn(&mut Line)| {
        let mut line = line(&one);
        change(&mut line);
        kinds(&[line], std::slice::from_ref(&one))
    };
    let whole = |kind| vec![(kind, Some(0), Some(0))];
    assert_eq!(changed(|l| l.amount = Money(1)), whole(Kind::AmountDiffers));
    assert_eq!(changed(|l| l.booked_on = day(21)), whole(Kind::WrongDay));
    assert_eq!(changed(|l| l.account = B.into()), whole(Kind::WrongAccount));
    assert_eq!(changed(|l| l.fee = Money(1_100)), whole(Kind::FeeDeducted));
    assert_eq!(changed(|l| (l.amount, l.fee) = (Money(6_901), Money(1_100))), whole(Kind::FeeDeducted));
    assert_eq!(changed(|l| (l.amount, l.fee) = (Money(6_000), Money(1_100))), whole(Kind::AmountDiffers));
    assert_eq!(kinds(&[], std::slice::from_ref(&one)), [(Kind::Missing, None, Some(0))]);
    assert_eq!(kinds(&[line(&one)], &[]), [(Kind::UnknownCredit, Some(0), None)]);
    assert_eq!(kinds(&[line(&out)], &[]), [(Kind::UnknownDebit, Some(0), None)]);
    let back = |of: &Ours, direction| Line { direction, ..line(of) };
    let twice = [line(&one), line(&one)];
    assert_eq!(kinds(&twice, std::slice::from_ref(&one)), [(Kind::Doubled, Some(1), Some(0))]);
    let taken_back = [line(&one), back(&one, Direction::Debit)];
    assert_eq!(kinds(&taken_back, std::slice::from_ref(&one)), [(Kind::Reversed, Some(1), Some(0))]);
    let returned = [Line { reference: "new".into(), ..back(&out, Direction::Credit) }];
    assert_eq!(kinds(&returned, std::slice::from_ref(&out)), [(Kind::Reversed, Some(0), Some(0))]);
    let unclear = [Line { is_reversal: true, reference: "x".into(), description: String::new(), ..line(&one) }];
    assert_eq!(kinds(&unclear, &[]), [(Kind::Reversed, Some(0), None)]);
}

#[test]
fn what_an_earlier_statement_had_is_neither_missing_nor_there_again() {
    let seen = Ours { is_seen: true, ..ours(1) };
    assert_eq!(kinds(&[], std::slice::from_ref(&seen)), []);
    assert_eq!(kinds(&[line(&seen)], std::slice::from_ref(&seen)), [(Kind::Doubled, Some(0), Some(0))]);
}

#[test]
fn an_order_is_missing_only_after_its_days() {
    assert_eq!(kinds(&[], &[order(1)]), []);
    let late = Ours { expected_by: day(20), day: day(17), ..order(1) };
    assert_eq!(kinds(&[], &[late]), [(Kind::Missing, None, Some(0))]);
}

#[test]
fn two_payments_for_one_charge_are_two() {
    let second = Ours { movement: "credit:FT9".into(), references: vec!["FT9".into()], ..ours(1) };
    let books = [ours(1), second];
    // The bank names the second only by the code, and first.
    let lines = [Line { reference: "77".into(), ..line(&books[1]) }, line(&books[0])];
    assert_eq!(run(&lines, &books).matched, [(0, 1), (1, 0)]);
    // A third one that we were not told of.
    let third = Line { reference: "78".into(), ..line(&books[0]) };
    let lines = [line(&books[0]), line(&books[1]), third];
    assert_eq!(kinds(&lines, &books), [(Kind::UnknownCredit, Some(2), None)]);
}

proptest! {
    /// Whatever is planted on whichever payments is found, and nothing else.
    #[test]
    fn exactly_what_was_planted(faults in prop::collection::vec(0_usize..12, 30), order_of_lines in any::<u64>()) {
        let (mut books, mut lines, mut planted) = (Vec::new(), Vec::new(), Vec::new());
        for (n, fault) in faults.iter().enumerate() {
            let movement = ours(n);
            let mut told = line(&movement);
            let mut kind = None;
            match fault {
                0 => { told.amount = Money(told.amount.0 + 500); kind = Some(Kind::AmountDiffers); }
                1 => { told.booked_on = day(19); kind = Some(Kind::WrongDay); }
                2 => { told.account = B.into(); kind = Some(Kind::WrongAccount); }
                3 => { told.fee = Money(500); kind = Some(Kind::FeeDeducted); }
                4 => { lines.push(told.clone()); kind = Some(Kind::Doubled); }
                5 => { lines.push(Line { direction: Direction::Debit, ..told.clone() }); kind = Some(Kind::Reversed); }
                6 => { planted.push((Kind::Missing, n)); books.push(movement); continue; }
                7 => { planted.push((Kind::UnknownCredit, n)); lines.push(told); continue; }
                8 => { planted.push((Kind::UnknownDebit, n)); lines.push(Line { direction: Direction::Debit, ..told }); continue; }
                _ => {}
            }
            planted.extend(kind.map(|kind| (kind, n)));
            books.push(movement);
            lines.push(told);
        }
        // The order of the statement says nothing.
        let mut state = order_of_lines | 1;
        lines.sort_by_cached_key(|_| { state = state.wrapping_mul(6364136223846793005).wrapping_add(1); state });
        let outcome = run(&lines, &books);
        let about = |finding: &Finding| {
            let name = finding.line.map_or_else(|| books[finding.ours.unwrap()].references[0].clone(), |at| lines[at].reference.clone());
            (finding.kind, name[2..].parse::<usize>().unwrap())
        };
        let mut found: Vec<_> = outcome.findings.iter().map(about).collect();
        found.sort_unstable();
        planted.sort_unstable();
        prop_assert_eq!(found, planted);
        // Every line has one answer.
        let told = outcome.findings.iter().filter(|finding| finding.line.is_some()).count();
        prop_assert_eq!(told + outcome.matched.len(), lines.len());
    }
}
