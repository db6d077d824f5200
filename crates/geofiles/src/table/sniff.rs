//! Which sign separates the columns of a table, told from its beginning.

use csv::{ByteRecord, ReaderBuilder};

const SEPARATORS: [u8; 4] = *b",;\t|";
const ROWS: usize = 20;

/// The separator that cuts the first rows into the same number of columns; a comma if none does.
pub fn separator(sample: &[u8]) -> u8 {
    best(sample).map_or(b',', |(separator, _)| separator)
}

/// Rows that agree on several columns are a table.
pub fn looks_like_a_table(sample: &[u8]) -> bool {
    let readable = sample.iter().take(4096).filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    readable.count() == 0 && best(sample).is_some_and(|(_, rows)| rows > 1)
}

/// The separator and how many rows agree with the first.
fn best(sample: &[u8]) -> Option<(u8, usize)> {
    let scored = SEPARATORS.iter().filter_map(|separator| {
        let (columns, rows, alike) = score(sample, *separator)?;
        // All rows alike counts most, then how many columns there are.
        (columns > 1).then_some(((alike * 100 / rows, columns), *separator, alike))
    });
    scored.max_by_key(|(score, _, _)| *score).map(|(_, separator, alike)| (separator, alike))
}

fn score(sample: &[u8], separator: u8) -> Option<(usize, usize, usize)> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(sample);
    let mut record = ByteRecord::new();
    let mut widths = Vec::new();
    while widths.len() < ROWS && reader.read_byte_record(&mut record).ok()? {
        widths.push(record.len());
    }
    // The last row may be cut by the end of the sample.
    if widths.len() > 2 && widths.len() < ROWS {
        widths.pop();
    }
    let first = *widths.first()?;
    Some((first, widths.len(), widths.iter().filter(|width| **width == first).count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told() {
        assert_eq!(separator(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(separator(b"a;b;c\n1,5;2,5;3\n"), b';');
        assert_eq!(separator(b"a\tb\n1,2\t3\n"), b'\t');
        assert_eq!(separator(b"id;ten\n1;\"x, y\"\n2;z\n"), b';');
        assert_eq!(separator(b"wkt;n\n\"LINESTRING (1 2, 3 4)\";1\n"), b';');
        assert!(looks_like_a_table("kinh độ,vĩ độ\n108,16\n".as_bytes()));
        assert!(!looks_like_a_table(b"Dear madam,\nplease find\nour letter, and more, too\nregards\n"));
        assert!(!looks_like_a_table(b""));
    }
}
