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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_distinct_and_bounded() {
        assert_eq!(query_words("Đăng ký, ĐĂNG KÝ khai-sinh"), ["dang", "ky", "khai", "sinh"]);
        assert_eq!(query_words("  –  "), [""; 0]);
        assert_eq!(words(&"ố".repeat(100)).next().unwrap(), "o".repeat(40));
        assert_eq!(query_words(&(0..50).map(|n| format!("w{n} ")).collect::<String>()).len(), 12);
    }
}
