//! Words of texts and of queries, folded and bounded.

use songhan_base::fold_words;

/// Longer runs of letters are no words; their beginning is enough to find them.
const WORD_MAX: usize = 40;
/// A query of more words is a text that was pasted; the first ones decide.
const QUERY_WORDS_MAX: usize = 12;

/// The folded words of a text, in order, with repetitions.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    fold_words(text).into_iter().map(|mut word| {
        if let Some((end, _)) = word.char_indices().nth(WORD_MAX) {
            word.truncate(end);
        }
        word
    })
}

/// The distinct folded words of a query, in order.
pub fn query_words(query: &str) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for word in words(query) {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
        if distinct.len() == QUERY_WORDS_MAX {
            break;
        }
    }
    distinct
}

/// The words by which a record is found: as [`words`], but a code such as `000.07.15.H17-261121-0001` is one word, and so
/// is what stands behind each of its dashes. Its groups alone would be words that every record has.
pub(crate) fn record_words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split_whitespace() {
        if !is_code(piece) {
            found.extend(words(piece));
            continue;
        }
        let mut rest = Some(piece);
        while let Some(code) = rest {
            found.extend(words(&joined(code)));
            rest = code.split_once('-').map(|(_, behind)| behind);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The distinct words of a query for records. Groups of digits alone are one number: `048 190 001234`.
pub(crate) fn record_query(query: &str) -> Vec<String> {
    let digits = |word: &str| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if query.split_whitespace().all(digits) {
        return query_words(&joined(query));
    }
    let joined: Vec<String> =
        query.split_whitespace().map(|piece| if is_code(piece) { joined(piece) } else { piece.to_owned() }).collect();
    query_words(&joined.join(" "))
}

/// The beginnings of words as bits: for each word one of 63, by its first two letters. A word of one letter has none,
/// because any word may begin with it.
pub(crate) fn beginnings<'a>(words: impl IntoIterator<Item = &'a str>) -> i64 {
    let bit = |word: &str| {
        let mut letters = word.chars().map(u32::from);
        let (first, second) = (letters.next()?, letters.next()?);
        Some(1_i64 << (first.wrapping_mul(31).wrapping_add(second) % 63))
    };
    words.into_iter().filter_map(bit).fold(0, |bits, bit| bits | bit)
}

/// The beginnings of words as bits, by the first three letters: of [`beginnings`] many words have the same. A shorter word
/// has none.
pub(crate) fn threes<'a>(words: impl IntoIterator<Item = &'a str>) -> i64 {
    let bit = |word: &str| word.char_indices().nth(2).map(|(at, third)| mark(&word[..at + third.len_utf8()]));
    words.into_iter().filter_map(bit).fold(0, |bits, bit| bits | bit)
}

/// The bits of whole words.
pub(crate) fn marks<'a>(words: impl IntoIterator<Item = &'a str>) -> i64 {
    words.into_iter().fold(0, |bits, word| bits | mark(word))
}

/// One of 63 bits, by all letters. Rows keep it, so that it must never change (FNV-1a).
fn mark(letters: &str) -> i64 {
    let hash = letters
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    1 << (hash % 63)
}

/// What a posting tells of all words of its record, so that few records are looked up in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signs {
    pub beginnings: i64,
    pub threes: i64,
    pub marks: i64,
}

impl Signs {
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        Self { beginnings: beginnings(words.clone()), threes: threes(words.clone()), marks: marks(words) }
    }
}

/// Letters and digits in groups held together by dots and dashes, with a digit among them.
fn is_code(piece: &str) -> bool {
    piece.contains(['.', '-'])
        && piece.chars().any(|c| c.is_ascii_digit())
        && piece.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

fn joined(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_distinct_and_bounded() {
        assert_eq!(query_words("Đăng ký, ĐĂNG KÝ khai-sinh"), ["dang", "ky", "khai", "sinh"]);
        assert_eq!(query_words("  –  "), [""; 0]);
        assert_eq!(words(&"ố".repeat(100)).next().unwrap(), "o".repeat(40));
        assert_eq!(query_words(&(0..50).map(|n| n.to_string()).collect::<Vec<_>>().join(" ")).len(), 12);
    }

    #[test]
    fn whatever_begins_a_word_has_its_bit() {
        let record = beginnings(["nguyen", "van", "an", "0001", "y"]);
        for query in ["nguyen", "ngu", "ng", "n", "va", "00", "y", ""] {
            let asked = beginnings([query]);
            assert_eq!(record & asked, asked, "{query}");
        }
        assert!(record >= 0 && beginnings(["tr"]) & record == 0);
    }

    #[test]
    fn three_letters_and_whole_words_have_their_bits() {
        let words = ["nguyen", "van", "an", "0001", "đà"];
        for query in ["nguyen", "nguy", "ngu", "ng", "va", "van", "000", "an", ""] {
            let asked = threes([query]);
            assert_eq!(threes(words) & asked, asked, "{query}");
        }
        assert!(words.iter().all(|word| marks(words) & marks([*word]) != 0));
        assert!(threes(words) & threes(["tran"]) == 0 && marks(words) & marks(["tra"]) == 0);
        assert_eq!([mark("an"), mark("nguyen")], [1 << 33, 1 << 36], "rows hold these bits");
        assert!(threes(words) >= 0 && marks(words) >= 0);
    }

    #[test]
    fn codes_are_words_of_records() {
        let code = "000.07.15.H17-261121-0001";
        assert_eq!(record_words(code), ["0000715h172611210001", "0001", "2611210001"]);
        assert_eq!(
            record_words("Lê An, 12/3 Lê-Lợi"),
            ["12", "3", "an", "le", "loi"].map(str::to_owned).to_vec().as_slice()
        );
        assert_eq!(record_query(code), ["0000715h172611210001"]);
        assert_eq!(record_query("261121-0001"), ["2611210001"]);
        assert_eq!(record_query("048 190 001.234"), ["048190001234"]);
        assert_eq!(record_query("Lê An 12"), ["le", "an", "12"]);
        assert_eq!(record_query(" "), [""; 0]);
        assert_eq!(record_words("-- .-. 1-"), ["1"]);
    }
}
