//! Parts of a file, as HTTP asks for them (RFC 9110 §14).

use std::ops::Range;

/// What of a file of some length is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Whole,
    /// One part; several at once are answered with the whole, which a server may do.
    Part(Range<u64>),
    /// What begins behind the end.
    Nothing,
}

/// What a header `Range` asks for; one that cannot be read asks for the whole.
pub fn read(header: Option<&str>, length: u64) -> Asked {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Asked::Whole };
    if spec.contains(',') {
        return Asked::Whole;
    }
    let Some((from, to)) = spec.trim().split_once('-') else { return Asked::Whole };
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    match (from, to) {
        ("", last) => match number(last) {
            Some(0) => Asked::Nothing,
            Some(_) if length == 0 => Asked::Nothing,
            Some(last) => Asked::Part(length.saturating_sub(last)..length),
            None => Asked::Whole,
        },
        (from, to) => {
            let Some(from) = number(from) else { return Asked::Whole };
            let end = if to.is_empty() { Some(u64::MAX) } else { number(to).filter(|to| *to >= from) };
            match end {
                None => Asked::Whole,
                Some(_) if from >= length => Asked::Nothing,
                Some(end) => Asked::Part(from..end.saturating_add(1).min(length)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_has_them() {
        for (header, asked) in [
            (None, Asked::Whole),
            (Some("bytes=0-99"), Asked::Part(0..100)),
            (Some("bytes=990-5000"), Asked::Part(990..1000)),
            (Some("bytes=500-"), Asked::Part(500..1000)),
            (Some("bytes=-10"), Asked::Part(990..1000)),
            (Some("bytes=-5000"), Asked::Part(0..1000)),
            (Some("bytes=1000-"), Asked::Nothing),
            (Some("bytes=-0"), Asked::Nothing),
            (Some("bytes=9-3"), Asked::Whole),
            (Some("bytes=0-1,5-6"), Asked::Whole),
            (Some("bytes=+1-2"), Asked::Whole),
            (Some("bytes=a-b"), Asked::Whole),
            (Some("items=0-1"), Asked::Whole),
            (Some("bytes=18446744073709551615-18446744073709551615"), Asked::Nothing),
            (Some("bytes=0-18446744073709551615"), Asked::Part(0..1000)),
        ] {
            assert_eq!(read(header, 1000), asked, "{header:?}");
        }
        assert_eq!(read(Some("bytes=-1"), 0), Asked::Nothing);
    }
}
