//! Words that were mistyped: the nearest that a layer knows. Numbers are never put right: another number is another house.

/// The words without digits of a layer, so that a typo is looked for among all of them quickly.
#[derive(Default)]
pub struct Spelling(Vec<Known>);

struct Known {
    /// Which letters it has, a bit each.
    letters: u32,
    length: u8,
    /// Its place among the layer's words.
    word: u32,
}

impl Spelling {
    pub fn push(&mut self, word: &str, at: u32) {
        if let (Ok(length), false) = (u8::try_from(word.chars().count()), has_digits(word)) {
            self.0.push(Known { letters: letters(word), length, word: at });
        }
    }

    /// The word that is one letter away, or two in a long word: the nearest, of those the one that most rows have.
    pub fn nearest<'a>(
        &self,
        typed: &str,
        word: impl Fn(u32) -> &'a str,
        rows: impl Fn(u32) -> usize,
    ) -> Option<&'a str> {
        let length = typed.chars().count();
        let most: usize = match length {
            0..=2 => return None,
            3..=6 => 1,
            _ => 2,
        };
        if has_digits(typed) {
            return None;
        }
        let wanted = letters(typed);
        // A letter that is changed takes one bit away and adds another.
        let near = self.0.iter().filter(|known| {
            usize::from(known.length).abs_diff(length) <= most
                && (known.letters ^ wanted).count_ones() as usize <= 2 * most
        });
        let measured = near.filter_map(|known| {
            let one = word(known.word);
            Some((distance(typed, one, most)?, usize::MAX - rows(known.word), one))
        });
        measured.min().map(|(.., one)| one)
    }
}

fn has_digits(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 32))
}

/// How many letters must be changed, added or left out; none above `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let next = (diagonal + usize::from(one != other)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_up_to_a_bound() {
        assert_eq!(distance("nguyen", "nguyen", 1), Some(0));
        assert_eq!(distance("nguyen", "nguyn", 1), Some(1));
        assert_eq!(distance("nguyen", "ngyen", 1), Some(1));
        assert_eq!(distance("linh", "ling", 1), Some(1));
        assert_eq!(distance("linh", "lang", 1), None);
    }

    #[test]
    fn the_nearest_of_all_words_is_taken_and_no_number_is_put_right() {
        let known = ["sieu", "thi", "nguyen", "nguyet", "k12", "1234"];
        let mut spelling = Spelling::default();
        for (at, word) in known.iter().enumerate() {
            spelling.push(word, at as u32);
        }
        let nearest = |typed| spelling.nearest(typed, |at| known[at as usize], |at| 10 - at as usize);
        assert_eq!(nearest("sieuu"), Some("sieu"));
        assert_eq!(nearest("nguyem"), Some("nguyen"), "of two that are as near the one that more have");
        assert_eq!((nearest("1235"), nearest("k13"), nearest("th"), nearest("xyzzy")), (None, None, None, None));
    }
}
