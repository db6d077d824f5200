//! How long someone will wait: measured from what the counter has done today, never guessed.

use jiff::{SignedDuration, Timestamp};

/// So many calls must have been made before anything is said.
const CALLS_MIN: usize = 4;
/// The pace is that of the last calls: a desk that opens or closes is noticed soon.
const CALLS_MAX: usize = 12;
/// A longer gap between two calls was a break, not somebody's matter.
const BREAK: SignedDuration = SignedDuration::from_mins(45);

/// The time until someone is called who has `ahead` people before them, from the moments of today's calls (in any
/// order). `None` while too few have been called.
pub fn estimate(calls: &[Timestamp], ahead: i64) -> Option<SignedDuration> {
    let mut calls = calls.to_vec();
    calls.sort_unstable();
    let recent = &calls[calls.len().saturating_sub(CALLS_MAX)..];
    if recent.len() < CALLS_MIN {
        return None;
    }
    let gaps = recent.windows(2).map(|pair| pair[1].duration_since(pair[0])).filter(|gap| *gap < BREAK);
    let (count, sum) = gaps.fold((0_i64, 0_i64), |(count, sum), gap| (count + 1, sum + gap.as_secs()));
    if count == 0 {
        return None;
    }
    // The next call is one gap away, so whoever is next waits one.
    Some(SignedDuration::from_secs((sum / count).saturating_mul(ahead.saturating_add(1))))
}

/// In whole minutes, rounded up to five above ten: nobody can promise more.
pub fn minutes(time: SignedDuration) -> i64 {
    let minutes = (time.as_secs() + 59) / 60;
    if minutes <= 10 { minutes.max(1) } else { (minutes + 4) / 5 * 5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: &[i64]) -> Vec<Timestamp> {
        minutes.iter().map(|minute| Timestamp::from_second(1_763_700_000 + minute * 60).expect("a time")).collect()
    }

    #[test]
    fn the_pace_of_today_counts() {
        assert_eq!(estimate(&at(&[0, 5, 10]), 3), None, "too few calls");
        let five = at(&[20, 0, 5, 10, 15]);
        assert_eq!(estimate(&five, 0).map(minutes), Some(5));
        assert_eq!(estimate(&five, 3).map(minutes), Some(20));
        // The break at noon is left out.
        assert_eq!(estimate(&at(&[0, 5, 10, 130, 135]), 1).map(minutes), Some(10));
        // A second desk: the last calls count.
        let mut faster = at(&[0, 10, 20, 30]);
        faster.extend(at(&(31..=43).collect::<Vec<_>>()));
        assert_eq!(estimate(&faster, 9).map(minutes), Some(10));
    }

    #[test]
    fn minutes_are_round() {
        let of = |seconds| minutes(SignedDuration::from_secs(seconds));
        assert_eq!((of(0), of(61), of(600), of(601), of(16 * 60)), (1, 2, 10, 15, 20));
    }
}
