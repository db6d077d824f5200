//! An index in memory for what changes only with the city's folder: some thousand documents, answered in microseconds.
//!
//! A query is tried three ways, and the first that finds something answers: every word as typed (the last one may be
//! unfinished); every word, with small typos; any of the words. Documents are ranked by how rare the words are, where
//! they stand (a title weighs more than a body) and how well the title as a whole fits.

use std::collections::HashMap;

use songhan_base::fold;

use crate::words::{query_words, words};

/// A document as it is put into the index: texts with their weights, title first.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    pub item: T,
    /// What the document is called, in every language it has.
    pub titles: Vec<String>,
    /// Words that people use for it; codes.
    pub keywords: Vec<String>,
    /// Everything else.
    pub body: String,
}

const TITLE: f32 = 8.0;
const KEYWORD: f32 = 5.0;
const BODY: f32 = 1.0;

/// What an unfinished or mistyped word counts beside one that is typed right.
const UNFINISHED: f32 = 0.8;
const ONE_TYPO: f32 = 0.5;
const TWO_TYPOS: f32 = 0.3;

/// Documents of type `T`, found by words.
#[derive(Debug)]
pub struct Index<T> {
    documents: Vec<Document<T>>,
    /// All words, sorted, so that those with one beginning stand together.
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Document<T> {
    item: T,
    /// Each title as folded words between single blanks.
    titles: Vec<String>,
}

#[derive(Debug)]
struct Term {
    word: String,
    /// Letters in it, for typos; and which, as a set of bits.
    length: u8,
    letters: u64,
    /// How much a document with it gains: rare words tell more.
    rarity: f32,
    /// Documents with their weight of this word, by document.
    postings: Vec<(u32, f32)>,
}

/// A term that a word of the query may mean, and how surely.
struct Meaning {
    term: usize,
    likeness: f32,
}

/// What a document gains by a query.
#[derive(Clone, Copy, Default)]
struct Score {
    document: u32,
    /// Words of the query that are in it, and those in its titles.
    met: usize,
    in_title: usize,
    sum: f32,
    /// Of the word being looked at.
    word: f32,
    word_in_title: bool,
}

impl<T> Index<T> {
    pub fn new(entries: impl IntoIterator<Item = Entry<T>>) -> Self {
        let mut documents = Vec::new();
        let mut found: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        for (number, entry) in (0..).zip(entries) {
            let mut weights: HashMap<String, f32> = HashMap::new();
            let fields = entry.titles.iter().map(|text| (text, TITLE));
            let fields = fields.chain(entry.keywords.iter().map(|text| (text, KEYWORD))).chain([(&entry.body, BODY)]);
            for (text, weight) in fields {
                for word in words(text) {
                    let best = weights.entry(word).or_insert(0.0);
                    // The second and third time a word stands somewhere tell a little more, never as much as a title.
                    *best = best.max(weight) + if *best > 0.0 { 0.05 } else { 0.0 };
                }
            }
            for (word, weight) in weights {
                found.entry(word).or_default().push((number, weight));
            }
            let titles = entry.titles.iter().map(|title| words(title).collect::<Vec<_>>().join(" ")).collect();
            documents.push(Document { item: entry.item, titles });
        }
        let count = documents.len() as f32;
        let term = |(word, postings): (String, Vec<(u32, f32)>)| Term {
            length: word.chars().count().min(255) as u8,
            letters: letters(&word),
            rarity: (1.0 + count / postings.len() as f32).ln(),
            word,
            postings,
        };
        let mut terms: Vec<Term> = found.into_iter().map(term).collect();
        terms.sort_by(|a, b| a.word.cmp(&b.word));
        Self { documents, terms }
    }

    pub fn len(&self) -> usize {
        self.documents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.documents.iter().map(|document| &document.item)
    }

    /// The best documents for a query, best first. The score compares documents of one answer and nothing else.
    pub fn find(&self, query: &str, limit: usize) -> Vec<(f32, &T)> {
        let words = query_words(query);
        if words.is_empty() || limit == 0 {
            return Vec::new();
        }
        // Who types a blank has finished the word.
        let finished = query.ends_with(|c: char| !fold(c.encode_utf8(&mut [0; 4])).contains(char::is_alphanumeric));
        let typed: Vec<Vec<Meaning>> =
            (words.iter().enumerate()).map(|(n, word)| self.meant(word, !finished && n + 1 == words.len())).collect();
        let mut scores = self.scores(&typed, words.len());
        if scores.is_empty() {
            let mut guessed = typed;
            for (word, meanings) in words.iter().zip(&mut guessed) {
                self.guess(word, meanings);
            }
            scores = self.scores(&guessed, words.len());
            if scores.is_empty() {
                scores = self.scores(&guessed, 1);
            }
        }
        let phrase = words.join(" ");
        let mut ranked: Vec<(f32, u32)> = scores
            .into_iter()
            .map(|score| {
                // Only where the title has every word can the words stand there as they were typed.
                let fit = if score.in_title == words.len() { self.fit(score.document, &phrase) } else { 1.0 };
                (score.sum * fit, score.document)
            })
            .collect();
        // Equals stay in the order in which they were given.
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if ranked.len() > limit {
            ranked.select_nth_unstable_by(limit, order);
            ranked.truncate(limit);
        }
        ranked.sort_unstable_by(order);
        ranked.into_iter().map(|(score, number)| (score, &self.documents[number as usize].item)).collect()
    }

    /// The term that was typed and, for an unfinished word, those that begin with it.
    fn meant(&self, word: &str, unfinished: bool) -> Vec<Meaning> {
        let from = self.terms.partition_point(|term| term.word.as_str() < word);
        let mut meanings = Vec::new();
        for (at, term) in self.terms.iter().enumerate().skip(from) {
            if term.word == word {
                meanings.push(Meaning { term: at, likeness: 1.0 });
            } else if !unfinished || !term.word.starts_with(word) {
                break;
            } else {
                meanings.push(Meaning { term: at, likeness: UNFINISHED });
            }
        }
        meanings
    }

    /// Adds terms within reach of a typo: one for words from four letters on, two from eight; two letters that changed
    /// places are one.
    fn guess(&self, word: &str, meanings: &mut Vec<Meaning>) {
        let length = word.chars().count();
        let reach = match length {
            0..=3 => return,
            4..=7 => 1,
            _ => 2,
        };
        let bits = letters(word);
        for (at, term) in self.terms.iter().enumerate() {
            // A typo changes at most two of the letters that occur: most terms are passed over by two instructions.
            if usize::from(term.length).abs_diff(length) > reach
                || (term.letters ^ bits).count_ones() as usize > 2 * reach
                || meanings.iter().any(|meaning| meaning.term == at)
            {
                continue;
            }
            match strsim::osa_distance(&term.word, word) {
                1 => meanings.push(Meaning { term: at, likeness: ONE_TYPO }),
                2 if reach == 2 => meanings.push(Meaning { term: at, likeness: TWO_TYPOS }),
                _ => {}
            }
        }
    }

    /// Documents in which at least `needed` words are meant, with their scores.
    fn scores(&self, words: &[Vec<Meaning>], needed: usize) -> Vec<Score> {
        if needed == words.len() && words.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let mut scores: Vec<Score> =
            (0..).take(self.documents.len()).map(|document| Score { document, ..Score::default() }).collect();
        let mut touched: Vec<u32> = Vec::new();
        for meanings in words {
            for meaning in meanings {
                let term = &self.terms[meaning.term];
                for (number, weight) in &term.postings {
                    let score = &mut scores[*number as usize];
                    if score.word == 0.0 {
                        touched.push(*number);
                    }
                    // A word counts once, by its best meaning.
                    score.word = score.word.max(weight * term.rarity * meaning.likeness);
                    score.word_in_title |= *weight >= TITLE;
                }
            }
            for number in touched.drain(..) {
                let score = &mut scores[number as usize];
                score.met += 1;
                score.in_title += usize::from(std::mem::take(&mut score.word_in_title));
                score.sum += std::mem::take(&mut score.word);
            }
        }
        scores.retain_mut(|score| {
            // Of documents with some of the words, those with more of them come first.
            score.sum *= score.met as f32;
            score.met >= needed
        });
        scores
    }

    /// How well a title as a whole fits: the same words, then those words at its beginning, then within it.
    fn fit(&self, number: u32, phrase: &str) -> f32 {
        let fit = |title: &String| match title.find(phrase) {
            Some(0) if title.len() == phrase.len() => 3.0,
            Some(0) => 2.0,
            Some(_) => 1.6,
            None => 1.0,
        };
        self.documents[number as usize].titles.iter().map(fit).fold(1.0, f32::max)
    }
}

/// The letters and digits of a word as a set of bits.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |bits, letter| bits | 1 << (u32::from(letter) % 64))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    fn entry(title: &str, keywords: &[&str], body: &str) -> Entry<String> {
        Entry {
            item: title.to_owned(),
            titles: vec![title.to_owned()],
            keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
            body: body.to_owned(),
        }
    }

    fn index() -> Index<String> {
        Index::new([
            entry("Đăng ký khai sinh", &["1.001193", "em bé", "giấy khai sinh"], "Cha mẹ đăng ký cho con mới sinh."),
            entry("Đăng ký kết hôn", &["cưới"], "Hai bên nam nữ cùng có mặt."),
            entry("Cấp bản sao trích lục hộ tịch", &["2.000635"], "Bản sao giấy khai sinh, giấy kết hôn."),
            entry("Đăng ký khai tử", &[], "Người thân đăng ký trong mười lăm ngày."),
            entry("Xác nhận tình trạng hôn nhân", &[], "Dùng để kết hôn. Ghi rõ mục đích."),
            entry("Giấy phép chặt hạ cây xanh", &["cây đổ"], "Cây xanh đô thị trên đường Nguyễn Văn Linh."),
        ])
    }

    fn found<'a>(index: &'a Index<String>, query: &str) -> Vec<&'a str> {
        index.find(query, 10).into_iter().map(|(_, item)| item.as_str()).collect()
    }

    #[test]
    fn titles_win_with_and_without_marks() {
        let index = index();
        for query in ["Đăng ký khai sinh", "dang ky khai sinh", "khai sinh", "khai si", "sinh khai", "KHAI SINH "] {
            assert_eq!(found(&index, query)[0], "Đăng ký khai sinh", "{query}");
        }
        assert_eq!(found(&index, "kết hôn")[0], "Đăng ký kết hôn");
        assert_eq!(found(&index, "cuoi"), ["Đăng ký kết hôn"]);
        assert_eq!(found(&index, "2.000635"), ["Cấp bản sao trích lục hộ tịch"]);
        assert_eq!(found(&index, "giấy khai sinh")[0], "Đăng ký khai sinh", "a keyword is more than a body");
    }

    #[test]
    fn the_last_word_may_be_unfinished_the_others_not() {
        let index = index();
        assert_eq!(found(&index, "trich lu"), ["Cấp bản sao trích lục hộ tịch"]);
        assert!(found(&index, "c").contains(&"Giấy phép chặt hạ cây xanh"));
        assert!(!found(&index, "c ").contains(&"Giấy phép chặt hạ cây xanh"), "a blank ends the word");
    }

    #[test]
    fn small_typos_are_forgiven() {
        let index = index();
        for (typed, meant) in [
            ("trihc luc", "Cấp bản sao trích lục hộ tịch"),
            ("tric lục", "Cấp bản sao trích lục hộ tịch"),
            ("chatt ha cay", "Giấy phép chặt hạ cây xanh"),
            ("nguyem van linh", "Giấy phép chặt hạ cây xanh"),
            ("khai sihn", "Đăng ký khai sinh"),
        ] {
            assert_eq!(found(&index, typed).first(), Some(&meant), "{typed}");
        }
        let found = found(&index, "khai sinh");
        assert!(!found.contains(&"Đăng ký khai tử"), "what was typed right is not guessed: {found:?}");
        assert!(index.find("xyz", 10).is_empty() && index.find("tuu", 10).is_empty(), "short words are not guessed");
    }

    #[test]
    fn some_of_the_words_are_better_than_nothing() {
        let index = index();
        assert_eq!(found(&index, "kết hôn với người nước ngoài")[0], "Đăng ký kết hôn");
        assert!(found(&index, "").is_empty() && found(&index, "!?").is_empty() && index.find("khai", 0).is_empty());
        assert_eq!(index.find("đăng ký", 2).len(), 2);
    }

    #[test]
    fn two_thousand_documents_answer_at_once() {
        let syllables: Vec<String> = "b c ch d g gi h k kh l m n ng nh ph qu r s t th tr v x"
            .split(' ')
            .flat_map(|start| {
                "a ai am an ang anh ao at au e em en eo i ia iem ien inh o oa oc oi on ong u ua ung uoc uong uyen"
                    .split(' ')
                    .map(move |end| format!("{start}{end}"))
            })
            .collect();
        let mut state = 1_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut text = |count: usize| -> String {
            // Some words are everywhere, as in any language; and each document has a few of its own.
            let word = |n: usize| {
                let syllable = &syllables[n % syllables.len()];
                if n.is_multiple_of(7) { format!("{syllable}{n}") } else { syllable.clone() }
            };
            let mut number = || {
                let below = next(9_000);
                next(1 + below)
            };
            (0..count).map(|_| word(number()) + " ").collect()
        };
        let documents: Vec<_> = (0..2_000)
            .map(|_| {
                let title = text(8);
                entry(&title, &[], &text(300))
            })
            .collect();
        let index = Index::new(documents);
        let queries = ["dang ky khai sinh", "ba", "trichh lucx khaong", "nguyenn vann anhh thuongg", "a b c d e f g h"];
        let mut worst = 0;
        for query in queries {
            let started = Instant::now();
            for _ in 0..10 {
                index.find(query, 20);
            }
            let micros = started.elapsed().as_micros() / 10;
            println!("{query:?}: {micros} µs, {} terms", index.terms.len());
            worst = worst.max(micros);
        }
        // Unoptimised code on a busy machine is some thirty times slower.
        let limit = if cfg!(debug_assertions) { 60_000 } else { 1_000 };
        assert!(worst < limit, "{worst} µs");
    }

    proptest! {
        #[test]
        fn any_query_is_answered(query in "\\PC{0,60}") {
            let index = index();
            let found = index.find(&query, 3);
            prop_assert!(found.len() <= 3);
            prop_assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0));
        }
    }
}
