//! Tokens of CQL2 text. A mistake becomes a token too, so that the parser tells it where it stands.

use super::error::Position;
use super::names::{continues_identifier, starts_identifier};

#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A keyword, the name of a function or of a property.
    Word(&'a str),
    /// A name in double quotes.
    Quoted(String),
    /// A literal in single quotes, unescaped.
    Text(String),
    /// Without its sign.
    Number(&'a str),
    Symbol(&'static str),
    /// What no token begins with, and how to say it.
    Stray(String),
    End,
}

#[derive(Clone, Debug)]
pub struct Spanned<'a> {
    pub token: Token<'a>,
    pub at: Position,
}

struct Lexer<'a> {
    rest: &'a str,
    character: u32,
}

/// All tokens, the last one [`Token::End`].
pub fn tokens(text: &str) -> Vec<Spanned<'_>> {
    let mut lexer = Lexer { rest: text, character: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(is_space);
        let at = Position::Character(lexer.character);
        let token = lexer.token();
        let end = matches!(token, Token::End | Token::Stray(_));
        tokens.push(Spanned { token, at });
        if end {
            return tokens;
        }
    }
}

/// Rule `whitespace` of the BNF.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

const SYMBOLS: &[&str] = &["<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^"];

impl<'a> Lexer<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        self.character += 1;
        Some(c)
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let start = self.rest;
        while self.peek().is_some_and(&belongs) {
            self.next();
        }
        &start[..start.len() - self.rest.len()]
    }

    fn token(&mut self) -> Token<'a> {
        let Some(first) = self.peek() else { return Token::End };
        if starts_identifier(first) {
            return Token::Word(self.take_while(continues_identifier));
        }
        let second = self.rest.chars().nth(1);
        if first.is_ascii_digit() || (first == '.' && second.is_some_and(|c| c.is_ascii_digit())) {
            return self.number();
        }
        if first == '\'' {
            return self.literal();
        }
        if first == '"' {
            return self.quoted();
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest.starts_with(**symbol)) {
            self.rest = &self.rest[symbol.len()..];
            self.character += symbol.len() as u32;
            return Token::Symbol(symbol);
        }
        Token::Stray(match (first, second) {
            ('!', Some('=')) => "`!=`: write `<>`".to_owned(),
            ('‘' | '’', _) => "a typographic quote: write `'`".to_owned(),
            ('“' | '”', _) => "a typographic quote: write `\"` around names and `'` around texts".to_owned(),
            _ => format!("`{}`", first.escape_debug()),
        })
    }

    /// `decimalNumericLiteral` or `scientificNumericLiteral`.
    fn number(&mut self) -> Token<'a> {
        let start = self.rest;
        self.take_while(|c| c.is_ascii_digit());
        if self.peek() == Some('.') {
            self.next();
            self.take_while(|c| c.is_ascii_digit());
        }
        let mut ahead = self.rest.chars();
        if matches!(ahead.next(), Some('e' | 'E')) {
            let signed = matches!(ahead.clone().next(), Some('+' | '-'));
            if signed {
                ahead.next();
            }
            if ahead.next().is_some_and(|c| c.is_ascii_digit()) {
                self.next();
                if signed {
                    self.next();
                }
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        Token::Number(&start[..start.len() - self.rest.len()])
    }

    /// `characterLiteral` with the escapes of requirement `/req/cql2-text/escaping`. A backslash before anything else
    /// stays, so that `LIKE '100\%'` says what it looks like.
    fn literal(&mut self) -> Token<'a> {
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match (c, self.peek()) {
                ('\'', Some('\'')) => text.push('\''),
                ('\'', _) => return Token::Text(text),
                ('\\', Some(escaped)) if unescape(escaped).is_some() => text.extend(unescape(escaped)),
                _ => {
                    text.push(c);
                    continue;
                }
            }
            self.next();
        }
        Token::Stray("a text without its closing `'`".to_owned())
    }

    /// A name in double quotes; a quote inside is doubled.
    fn quoted(&mut self) -> Token<'a> {
        self.next();
        let mut name = String::new();
        while let Some(c) = self.next() {
            if c == '"' {
                if self.peek() != Some('"') {
                    return Token::Quoted(name);
                }
                self.next();
            }
            name.push(c);
        }
        Token::Stray("a name without its closing `\"`".to_owned())
    }
}

fn unescape(c: char) -> Option<char> {
    Some(match c {
        '\'' => '\'',
        '\\' => '\\',
        'a' => '\x07',
        'b' => '\x08',
        't' => '\t',
        'n' => '\n',
        'v' => '\x0B',
        'f' => '\x0C',
        'r' => '\r',
        _ => return None,
    })
}

/// How an error calls a token.
pub fn describe(token: &Token<'_>) -> String {
    match token {
        Token::Word(word) => format!("`{}`", super::error::shorten(word)),
        Token::Quoted(name) => format!("name `\"{}\"`", super::error::shorten(name)),
        Token::Text(text) => format!("text '{}'", super::error::shorten(text)),
        Token::Number(digits) => format!("number {}", super::error::shorten(digits)),
        Token::Symbol(symbol) => format!("`{symbol}`"),
        Token::Stray(what) => what.clone(),
        Token::End => "the end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token<'_>> {
        tokens(text).into_iter().map(|spanned| spanned.token).collect()
    }

    #[test]
    fn escapes() {
        assert_eq!(read(r"'a''b\'c\\d\n\%'"), [Token::Text("a'b'c\\d\n\\%".to_owned()), Token::End]);
        assert_eq!(read("''"), [Token::Text(String::new()), Token::End]);
        assert_eq!(read("\"a\"\"b\""), [Token::Quoted("a\"b".to_owned()), Token::End]);
        assert!(matches!(read(r"'abc\'").as_slice(), [Token::Stray(_)]));
    }

    #[test]
    fn numbers_and_signs() {
        let minus = Token::Symbol("-");
        assert_eq!(read("a-1.5E-3"), [Token::Word("a"), minus.clone(), Token::Number("1.5E-3"), Token::End]);
        assert_eq!(read(".5-5."), [Token::Number(".5"), minus, Token::Number("5."), Token::End]);
        assert_eq!(read("1e"), [Token::Number("1"), Token::Word("e"), Token::End]);
    }

    #[test]
    fn positions_count_characters() {
        let tokens = tokens("đường = 'Bạch Đằng' AND");
        let places: Vec<_> = tokens.iter().map(|t| t.at.to_string()).collect();
        assert_eq!(
            places,
            ["at character 1", "at character 7", "at character 9", "at character 21", "at character 24"]
        );
    }
}
