//! LIKE: `%` for any characters, `_` for one, a backslash before what stands for itself
//! (`/req/advanced-comparison-operators/like-predicate`).

/// A pattern ready to match.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    shape: Form,
}

#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// No `_`: texts with anything between, found one after the other. The first and the last are held to the ends.
    Pieces(Vec<String>),
    Tokens(Vec<Token>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Any,
    One,
    Char(char),
}

impl Pattern {
    pub fn new(pattern: &str) -> Self {
        let tokens = tokens(pattern);
        if tokens.contains(&Token::One) {
            return Self { shape: Form::Tokens(tokens) };
        }
        let mut pieces = vec![String::new()];
        for token in tokens {
            match (token, pieces.last_mut()) {
                (Token::Char(c), Some(piece)) => piece.push(c),
                _ => pieces.push(String::new()),
            }
        }
        Self { shape: Form::Pieces(pieces) }
    }

    pub fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Form::Pieces(pieces) => pieces_match(pieces, text),
            Form::Tokens(tokens) => tokens_match(tokens, text),
        }
    }

    /// What every text that matches begins with, and whether nothing else matches than that text itself.
    pub fn prefix(&self) -> (String, bool) {
        match &self.shape {
            Form::Pieces(pieces) => (pieces[0].clone(), pieces.len() == 1),
            Form::Tokens(tokens) => {
                let chars = tokens.iter().map_while(|token| match token {
                    Token::Char(c) => Some(*c),
                    _ => None,
                });
                (chars.collect(), false)
            }
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut chars = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        let token = match c {
            '%' => Token::Any,
            '_' => Token::One,
            // A backslash at the end stands for itself.
            '\\' => Token::Char(chars.next().unwrap_or('\\')),
            _ => Token::Char(c),
        };
        if token != Token::Any || tokens.last() != Some(&Token::Any) {
            tokens.push(token);
        }
    }
    tokens
}

fn pieces_match(pieces: &[String], text: &str) -> bool {
    let [first, rest @ ..] = pieces else { return false };
    let [middle @ .., last] = rest else { return first == text };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        let Some(found) = text.find(piece.as_str()) else { return false };
        text = &text[found + piece.len()..];
    }
    text.ends_with(last.as_str())
}

/// Goes back to the last `%` only, which is enough: an earlier one could not make more of the text match.
fn tokens_match(tokens: &[Token], text: &str) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut retry = None;
    loop {
        let before = rest.clone();
        match (tokens.get(at), rest.next()) {
            (Some(Token::Any), _) => {
                rest = before;
                at += 1;
                retry = Some((at, rest.clone()));
            }
            (None, None) => return true,
            (Some(Token::One), Some(_)) => at += 1,
            (Some(Token::Char(wanted)), Some(c)) if *wanted == c => at += 1,
            _ => {
                let Some((after, mut from)) = retry.take() else { return false };
                if from.next().is_none() {
                    return false;
                }
                rest = from.clone();
                at = after;
                retry = Some((after, from));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn like(text: &str, pattern: &str) -> bool {
        Pattern::new(pattern).matches(text)
    }

    #[test]
    fn wildcards_and_escapes() {
        assert!(like("Bạch Đằng", "B_ch%"));
        assert!(like("Bạch Đằng", "%Đằ%"));
        assert!(!like("Bạch Đằng", "%Đà%"));
        assert!(like("", "") && like("", "%%") && !like("", "_") && !like("a", ""));
        assert!(like("100%", r"100\%") && !like("1000", r"100\%"));
        assert!(like("a_b", r"a\_b") && !like("axb", r"a\_b"));
        assert!(like(r"a\", r"a\") && like(r"a\b", r"a\\b"));
        assert!(!like("aba", "ab%ba") && like("abba", "ab%ba"));
    }

    #[test]
    fn prefixes() {
        assert_eq!(Pattern::new(r"100\%%").prefix(), ("100%".to_owned(), false));
        assert_eq!(Pattern::new("ab_").prefix(), ("ab".to_owned(), false));
        assert_eq!(Pattern::new("ab").prefix(), ("ab".to_owned(), true));
        assert_eq!(Pattern::new("%a").prefix(), (String::new(), false));
    }

    /// The definition, without any cleverness.
    fn slow(text: &[char], tokens: &[Token]) -> bool {
        match tokens.split_first() {
            None => text.is_empty(),
            Some((Token::Any, rest)) => (0..=text.len()).any(|skip| slow(&text[skip..], rest)),
            Some((Token::One, rest)) => !text.is_empty() && slow(&text[1..], rest),
            Some((Token::Char(c), rest)) => text.first() == Some(c) && slow(&text[1..], rest),
        }
    }

    proptest! {
        #[test]
        fn matches_as_defined(text in "[abĐ]{0,8}", pattern in "[abĐ%_\\\\]{0,6}") {
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(like(&text, &pattern), slow(&chars, &tokens(&pattern)));
        }
    }
}
