//! XML as a stream of elements and texts, for KML and GPX. There are no document types here, hence no entities but the
//! five of XML itself and numbers; depth and size are bounded.

use std::fs::File;
use std::io::BufReader;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::leash::{Leash, TORN};
use crate::{Fatal, Format, Limits};

/// An element begins, with the name it has without its prefix.
#[derive(Debug, PartialEq, Eq)]
pub enum Token {
    Start(String),
    End,
    Text(String),
}

pub struct Xml {
    reader: Reader<Leash<BufReader<File>>>,
    format: Format,
    buffer: Vec<u8>,
    /// The element that began last as it stands between its brackets, and how much of it is its name.
    tag: (String, usize),
    /// Whether text of nothing but blanks is handed over: between elements it says nothing.
    blanks: bool,
    depth: usize,
    depth_max: usize,
    part_bytes: u64,
}

impl Xml {
    pub fn new(file: File, format: Format, limits: &Limits) -> Self {
        let input = BufReader::with_capacity(256 << 10, file);
        let part_bytes = limits.feature_bytes as u64;
        let mut reader = Reader::from_reader(Leash::new(input, part_bytes));
        reader.config_mut().expand_empty_elements = true;
        // Elements around a shape come on top of what nests within it.
        let depth_max = limits.depth.saturating_add(32);
        Self {
            reader,
            format,
            buffer: Vec::new(),
            tag: (String::new(), 0),
            blanks: false,
            depth: 0,
            depth_max,
            part_bytes,
        }
    }

    pub fn depth(&self) -> usize {
        self.depth
    }

    pub fn broken(&self, why: impl ToString) -> Fatal {
        Fatal::broken(self.format, format!("byte {}", self.reader.buffer_position()), why)
    }

    /// An attribute of the element that began last, by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let start = BytesStart::from_content(self.tag.0.as_str(), self.tag.1);
        // Whether an attribute stands twice is looked for in quadratic time; the first is taken.
        let mut all = start.attributes();
        let found = all.with_checks(false).flatten().find(|own| own.key.local_name().as_ref() == name)?;
        found.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    /// Hands over blanks as well, while text is gathered piece by piece.
    pub fn keep_blanks(&mut self, keep: bool) {
        self.blanks = keep;
    }

    /// Begins a part of the file, which may be as long as one feature. Not called within a feature.
    pub fn begin_part(&mut self) {
        self.reader.get_mut().renew(self.part_bytes);
    }

    /// The next element or text; none at the end of the file.
    pub fn next(&mut self) -> Result<Option<Token>, Fatal> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            match event {
                Ok(Event::Start(start)) => {
                    self.depth += 1;
                    self.tag.0.clear();
                    self.tag.0.push_str(&start);
                    self.tag.1 = start.name().as_ref().len();
                    let name = start.local_name().as_ref().to_owned();
                    if self.depth > self.depth_max {
                        return Err(self.broken(format!("elements are nested deeper than {}", self.depth_max)));
                    }
                    return Ok(Some(Token::Start(name)));
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Token::End));
                }
                Ok(Event::Text(text)) if !self.blanks && text.trim_ascii().is_empty() => {}
                Ok(Event::Text(text)) => return Ok(Some(Token::Text(text.xml10_content().into_owned()))),
                Ok(Event::CData(text)) => return Ok(Some(Token::Text(text.xml10_content().into_owned()))),
                Ok(Event::GeneralRef(entity)) => {
                    let text = match entity.resolve_char_ref() {
                        Ok(Some(letter)) => Some(letter.to_string()),
                        Ok(None) => quick_xml::escape::resolve_predefined_entity(&entity).map(ToOwned::to_owned),
                        Err(_) => None,
                    };
                    return text
                        .map(|text| Some(Token::Text(text)))
                        .ok_or_else(|| self.broken("an entity is not known"));
                }
                Ok(Event::DocType(_)) => return Err(Fatal::Doctype),
                Ok(Event::Eof) if self.depth > 0 => return Err(self.broken("it ends within an element")),
                Ok(Event::Eof) => return Ok(None),
                Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Err(quick_xml::Error::Io(error)) if error.to_string() == TORN => {
                    return Err(self.broken(format!("one part is longer than {} bytes", self.part_bytes)));
                }
                Err(error) => return Err(self.broken(error)),
            }
        }
    }

    /// All text up to the end of the element that began last, elements within it included; none beyond `most` bytes.
    pub fn text(&mut self, most: usize) -> Result<Option<String>, Fatal> {
        let before = std::mem::replace(&mut self.blanks, true);
        let text = self.gathered(most);
        self.blanks = before;
        text
    }

    fn gathered(&mut self, most: usize) -> Result<Option<String>, Fatal> {
        let floor = self.depth;
        let mut all = String::new();
        let mut fits = true;
        while self.depth >= floor {
            match self.next()? {
                Some(Token::Text(text)) => {
                    fits &= all.len() + text.len() <= most;
                    if fits && all.is_empty() {
                        all = text;
                    } else if fits {
                        all.push_str(&text);
                    }
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(fits.then_some(all))
    }

    /// All text of the element that began last, be it as long as a feature may be.
    pub fn long_text(&mut self) -> Result<String, Fatal> {
        Ok(self.text(usize::MAX)?.unwrap_or_default())
    }

    /// Passes over everything to the end of the element at `depth`, however long it is.
    pub fn skip_to_end_of(&mut self, depth: usize) -> Result<(), Fatal> {
        while self.depth >= depth {
            self.begin_part();
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Passes over the element that began last, within a feature.
    pub fn skip(&mut self) -> Result<(), Fatal> {
        let depth = self.depth;
        while self.depth >= depth && self.next()?.is_some() {}
        Ok(())
    }
}

/// Text fit for an element or attribute. Control characters, which XML 1.0 (section 2.2) cannot hold, become spaces.
pub fn escaped(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            _ => out.push(letter),
        }
    }
}

/// `<name>text</name>` on a line of its own.
pub fn element(name: &str, text: &str, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    escaped(text, out);
    out.push_str(&format!("</{name}>\n"));
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    fn all(text: &str) -> Result<Vec<Token>, Fatal> {
        let limits = Limits { depth: 4, feature_bytes: 4096, ..Limits::default() };
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).and_then(|()| file.rewind()).unwrap();
        let mut xml = Xml::new(file, Format::Kml, &limits);
        let mut tokens = Vec::new();
        while let Some(token) = {
            xml.begin_part();
            xml.next()?
        } {
            tokens.push(token);
        }
        Ok(tokens)
    }

    #[test]
    fn entities_and_prefixes() {
        let tokens = all("<k:a x='1'>b&amp;&#272;<![CDATA[<c>]]></k:a>").unwrap();
        let text: String =
            tokens.iter().filter_map(|t| if let Token::Text(t) = t { Some(t.as_str()) } else { None }).collect();
        assert_eq!(tokens[0], Token::Start("a".into()));
        assert_eq!(text, "b&Đ<c>");
    }

    #[test]
    fn document_types_and_unknown_entities_are_refused() {
        assert!(matches!(all("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), Err(Fatal::Doctype)));
        assert!(matches!(all("<a>&b;</a>"), Err(Fatal::Broken { .. })));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert!(matches!(all(&"<a>".repeat(100_000)), Err(Fatal::Broken { .. })));
        assert!(matches!(all(&format!("<a>{}</a>", "x".repeat(5000))), Err(Fatal::Broken { .. })));
        assert!(matches!(all("<a><b></a>"), Err(Fatal::Broken { .. })));
        assert!(matches!(all("<a>"), Err(Fatal::Broken { .. })));
    }
}
