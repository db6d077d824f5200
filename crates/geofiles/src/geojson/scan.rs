//! JSON cut into values without understanding them: where one begins and ends is told by brackets and quotes alone, so a
//! value of any size passes by, and only as much of it is kept as the caller wants.

use std::io::{self, BufRead};

pub struct Scanner<R> {
    reader: R,
    offset: u64,
}

/// What became of a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    Whole,
    /// Longer than it may be; nothing of it was kept.
    TooLarge,
    /// The file ended within it.
    Cut,
}

impl<R: BufRead> Scanner<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, offset: 0 }
    }

    /// Bytes passed.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn pass(&mut self, count: usize) {
        self.reader.consume(count);
        self.offset += count as u64;
    }

    /// The next byte that is no white space, not consumed. A byte order mark and record separators count as white space.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = buffer.iter().take_while(|byte| is_blank(**byte)).count();
            let found = buffer.get(blank).copied();
            self.pass(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Consumes the byte that was peeked.
    pub fn bump(&mut self) {
        self.pass(1);
    }

    /// Appends the value that begins at the peeked byte to `keep`.
    pub fn value(&mut self, keep: &mut Vec<u8>, most: usize) -> io::Result<Kept> {
        let mut state = State::default();
        let start = keep.len();
        let mut fits = true;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(if state.scalar && fits { Kept::Whole } else { Kept::Cut });
            }
            let (used, ended) = state.advance(buffer);
            fits = fits && keep.len() - start + used <= most;
            if fits {
                keep.extend_from_slice(&buffer[..used]);
            } else {
                keep.truncate(start);
            }
            self.pass(used);
            if ended {
                return Ok(if fits { Kept::Whole } else { Kept::TooLarge });
            }
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x1e | 0xef | 0xbb | 0xbf)
}

#[derive(Default)]
struct State {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// A number or word, which ends where something else begins.
    scalar: bool,
}

impl State {
    /// How many bytes belong to the value, and whether it ends with them.
    fn advance(&mut self, buffer: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(byte) = buffer.get(at) {
            if self.in_text {
                at += self.text(&buffer[at..]);
                if !self.in_text && self.depth == 0 {
                    return (at, true);
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return (at, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                b',' if self.depth == 0 => return (at, true),
                byte if self.depth == 0 && self.scalar && is_blank(*byte) => return (at, true),
                _ => self.scalar |= self.depth == 0,
            }
            at += 1;
        }
        (at, false)
    }

    /// Passes over a text up to and with its closing quote.
    fn text(&mut self, buffer: &[u8]) -> usize {
        for (at, byte) in buffer.iter().enumerate() {
            if self.escaped {
                self.escaped = false;
            } else if *byte == b'\\' {
                self.escaped = true;
            } else if *byte == b'"' {
                self.in_text = false;
                return at + 1;
            }
        }
        buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn value(text: &str, most: usize) -> (Kept, String, Option<u8>) {
        // A buffer of three bytes, so that every value is cut somewhere.
        let mut scanner = Scanner::new(BufReader::with_capacity(3, text.as_bytes()));
        scanner.peek().unwrap();
        let mut keep = Vec::new();
        let kept = scanner.value(&mut keep, most).unwrap();
        (kept, String::from_utf8(keep).unwrap(), scanner.peek().unwrap())
    }

    #[test]
    fn values_end_where_they_end() {
        for (text, wanted, next) in [
            (r#" {"a":"}\"]"} ,"#, r#"{"a":"}\"]"}"#, Some(b',')),
            ("[1,[2]]]", "[1,[2]]", Some(b']')),
            ("12 ,", "12", Some(b',')),
            ("null}", "null", Some(b'}')),
            (r#""a,\\" 1"#, r#""a,\\""#, Some(b'1')),
            ("7", "7", None),
        ] {
            assert_eq!(value(text, 100), (Kept::Whole, wanted.to_owned(), next), "{text}");
        }
    }

    #[test]
    fn long_values_pass_by_and_cut_ones_are_told() {
        assert_eq!(value("[1,2,3,4,5],", 5), (Kept::TooLarge, String::new(), Some(b',')));
        assert_eq!(value("[1,[2", 100).0, Kept::Cut);
        assert_eq!(value("\"abc", 100).0, Kept::Cut);
    }
}
