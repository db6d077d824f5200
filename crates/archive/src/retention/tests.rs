//! Terms of the city's file, and what is said of mistakes in it.

use jiff::civil::date as day;

use super::*;

fn load(text: &str) -> (Retention, String) {
    let mut report = Report::default();
    let read = Retention::load(&Folder::embedded().with(FILE, text), &mut report);
    (read, report.to_string())
}

#[test]
fn the_citys_terms_have_sources() {
    let folder = Folder::embedded();
    let text = folder.read(FILE).expect("the city declares its terms");
    let (read, report) = load(text);
    assert_eq!(report, "");
    assert!(read.sources(day(2026, 11, 22)).count() >= 4);
    let kept = read.of("2.000635", Some("civil-status"), day(2026, 11, 22));
    assert_eq!((kept.group.as_str(), kept.until), ("status", None), "for ever");
    let kept = read.of("1.1", Some("trade"), day(2026, 11, 22));
    assert_eq!((kept.years, kept.until), (Some(20), Some(day(2046, 12, 31))));
    assert_eq!(read.hand_in_by(day(2024, 2, 29)), day(2025, 2, 28));
}

const HEAD: &str = "[hand_in]\nmonths = 12\nsource = \"x\"\n[count]\nfrom = \"day\"\nsource = \"x\"\n\
    [withdrawal]\ndays = 7\nsource = \"x\"\n[numbers]\nhandover = \"{number}\"\ndecision = \"{number}\"\nsource = \"x\"\n\
    [default]\nname = \"x\"\n[[default.term]]\nfrom = 2020-01-01\nyears = 20\nsource = \"x\"\n";

#[test]
fn the_day_of_the_end_decides() {
    let group = "[[group]]\nid = \"a\"\nname = \"x\"\nfields = [\"trade\"]\nprocedures = [\"1.2\"]\n\
        [[group.term]]\nfrom = 2025-07-01\npermanent = true\nsource = \"x\"\n\
        [[group.term]]\nfrom = 2020-01-01\nyears = 5\nsource = \"x\"\n";
    let (read, report) = load(&format!("{HEAD}{group}"));
    assert_eq!(report, "");
    let years = |code, field, ended| read.of(code, field, ended).years;
    assert_eq!(years("9.9", Some("trade"), day(2025, 6, 30)), Some(5));
    assert_eq!(years("9.9", Some("trade"), day(2025, 7, 1)), None);
    assert_eq!(years("9.9", Some("trade"), day(2019, 7, 1)), Some(5), "before the first term, that");
    assert_eq!(years("1.2", Some("land"), day(2025, 6, 30)), Some(5), "a code before a field");
    assert_eq!(years("9.9", None, day(2025, 6, 30)), Some(20));
    assert_eq!(read.of("1.2", None, day(2024, 2, 29)).until, Some(day(2029, 2, 28)), "to the day");
}

#[test]
fn mistakes_are_told_with_their_line() {
    for (wrong, told) in [
        ("[[group]]\nid = \"a\"\nname = \"x\"\nfields = [\"trade\"]\n", "retention.toml:21: the group `a` has no term"),
        ("[[default.term]]\nfrom = 2020-01-01\nyears = 1\nsource = \"x\"\n", "two terms begin on 2020-01-01"),
        ("[[default.term]]\nfrom = 2021-01-01\nsource = \"x\"\n", "either for ever or of some years"),
        ("[[default.term]]\nfrom = 2021-01-01\nyears = 0\nsource = \"x\"\n", "0 is out of range; write 1 to 200"),
        ("[[default.term]]\nfrom = 2021-01-01\nyears = 9\nsource = \"\"\n", "a term without a source"),
    ] {
        let (_, report) = load(&format!("{HEAD}{wrong}"));
        assert!(report.contains(told), "{report}");
    }
    let (_, report) = load(&HEAD.replacen("{number}", "1", 1));
    assert!(report.contains("all would have the number `1`"), "{report}");
    let (city, report) = City::load(
        Folder::embedded().with(
            FILE,
            &format!(
                "{HEAD}[[group]]\nid = \"a\"\nname = \"x\"\nfields = [\"trad\"]\nprocedures = [\"x\"]\n\
             [[group.term]]\nfrom = 2020-01-01\nyears = 5\nsource = \"x\"\n"
            ),
        ),
        [songhan_city::DeclarationKind::of::<Retention>()],
    );
    drop(city);
    let report = report.to_string();
    assert!(report.contains("did you mean `trade`?") && report.contains("is no code of a procedure"), "{report}");
}
