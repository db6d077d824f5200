//! How many checks passed, failed and were skipped: read from what each runner prints at its end.

use std::ops::AddAssign;

/// What a test prints, at the start of a line, when it can't look: the reason follows. Such a test passes for its own
/// runner; here it is counted as skipped.
const SKIPPED: &str = "SKIPPED: ";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Counts {
    pub const ONE: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const NONE: Self = Self { passed: 0, failed: 0, skipped: 0 };

    pub fn total(self) -> u64 {
        self.passed + self.failed + self.skipped
    }

    /// Passed tests that said they could not look were skipped.
    fn less_skipped(mut self, text: &str) -> Self {
        let skipped = reasons(text).count() as u64;
        let skipped = skipped.min(self.passed);
        self.passed -= skipped;
        self.skipped += skipped;
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Why tests were skipped.
pub fn reasons(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix(SKIPPED))
}

/// nextest: `Summary [  1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 2 skipped`. Those it skips were
/// filtered out, which is not ours to count: ignored tests are refused by tidy.
pub fn nextest(text: &str) -> Option<Counts> {
    let line = text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
    let (head, rest) = line.split_once("run: ")?;
    let run: u64 = head.split(']').nth(1)?.trim().split([' ', '/']).next()?.parse().ok()?;
    let passed = before(rest, "passed")?;
    Some(Counts { passed, failed: run.saturating_sub(passed), skipped: 0 }.less_skipped(text))
}

/// cargo test: `test result: ok. 3 passed; 0 failed; 0 ignored; …`, one a binary.
pub fn libtest(text: &str) -> Option<Counts> {
    let mut sum = None;
    for line in text.lines().filter(|line| line.starts_with("test result: ")) {
        let counts = Counts { passed: before(line, "passed")?, failed: before(line, "failed")?, skipped: 0 };
        *sum.get_or_insert(Counts::NONE) += counts;
    }
    sum.map(|sum| sum.less_skipped(text))
}

/// Node's test runner: `# pass 12`, `# fail 0`, `# skipped 1`, `# cancelled 0`.
pub fn node(text: &str) -> Option<Counts> {
    let last = |name: &str| {
        let start = format!("# {name} ");
        text.lines().rev().find_map(|line| line.strip_prefix(&start)?.trim().parse::<u64>().ok())
    };
    let failed = last("fail")? + last("cancelled").unwrap_or(0);
    Some(Counts { passed: last("pass")?, failed, skipped: last("skipped").unwrap_or(0) })
}

/// Our own scripts end with `12 passed, 0 failed, 1 skipped`.
pub fn plain(text: &str) -> Option<Counts> {
    text.lines().rev().find_map(|line| {
        let parts: Vec<_> = line.trim().split(", ").collect();
        let [passed, failed, skipped] = parts.as_slice() else { return None };
        let number = |part: &str, word: &str| part.strip_suffix(word)?.trim().parse::<u64>().ok();
        Some(Counts {
            passed: number(passed, "passed")?,
            failed: number(failed, "failed")?,
            skipped: number(skipped, "skipped")?,
        })
    })
}

/// The number in front of a word: `10 passed`.
fn before(text: &str, word: &str) -> Option<u64> {
    let words: Vec<_> = text.split([' ', ',', ';', '.']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word)?[0].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn nextest_summaries() {
        let text = "     Summary [   4.105s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 2 skipped\n";
        assert_eq!(nextest(text), Some(counts(10, 2, 0)));
        assert_eq!(nextest("     Summary [   0.003s] 1 test run: 1 passed, 0 skipped"), Some(counts(1, 0, 0)));
        assert_eq!(
            nextest("     Summary [   0.003s] 3/9 tests run: 2 passed, 1 failed, 0 skipped"),
            Some(counts(2, 1, 0))
        );
        assert_eq!(nextest("error: could not compile"), None);
    }

    #[test]
    fn a_test_that_could_not_look_is_not_passed() {
        let text = "    SKIPPED: ../shared is absent\n Summary [ 1s] 3 tests run: 3 passed, 0 skipped\n";
        assert_eq!(nextest(text), Some(counts(2, 0, 1)));
        assert_eq!(reasons(text).collect::<Vec<_>>(), ["../shared is absent"]);
    }

    #[test]
    fn libtest_results_are_added() {
        let text = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(libtest(text), Some(counts(4, 2, 0)));
    }

    #[test]
    fn node_and_plain_endings() {
        assert_eq!(
            node("ok 1 - a\n# tests 3\n# pass 2\n# fail 0\n# cancelled 1\n# skipped 4\n"),
            Some(counts(2, 1, 4))
        );
        assert_eq!(plain("all deadlines agree\n40000 passed, 0 failed, 0 skipped\n"), Some(counts(40000, 0, 0)));
        assert_eq!(plain("nothing"), None);
    }
}
