//! A dBASE table, row by row.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use jiff::civil::Date;

use super::broken;
use super::encoding::Letters;
use crate::loss::{LossKind, Losses};
use crate::source::open_file;
use crate::{Fatal, Field, FieldKind, Limits, Value};

struct Column {
    code: u8,
    start: usize,
    end: usize,
}

pub struct Table {
    reader: BufReader<File>,
    pub rows: u64,
    pub fields: Vec<Field>,
    columns: Vec<Column>,
    letters: Letters,
    row: Vec<u8>,
}

impl Table {
    pub fn open(path: &Path, cpg: Option<&str>, limits: &Limits) -> Result<Self, Fatal> {
        let mut reader = BufReader::with_capacity(256 << 10, open_file(path)?);
        let short = |error: std::io::Error| broken("the head of the .dbf", error);
        let mut head = [0; 32];
        reader.read_exact(&mut head).map_err(short)?;
        let rows = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let head_bytes = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let row_bytes = usize::from(u16::from_le_bytes([head[10], head[11]]));
        let mut rest = vec![0; head_bytes.saturating_sub(32)];
        reader.read_exact(&mut rest).map_err(short)?;
        let letters = Letters::of(cpg, head[29]);
        let (mut fields, mut columns, mut end) = (Vec::new(), Vec::new(), 1);
        for raw in rest.chunks_exact(32).take_while(|raw| raw[0] != 0x0d) {
            let name = raw[..11].split(|byte| *byte == 0).next().unwrap_or_default();
            let start = end;
            // Character fields may use the second byte for lengths beyond 255 (Clipper, FoxPro).
            let high = if raw[11] == b'C' { usize::from(raw[17]) << 8 } else { 0 };
            end += usize::from(raw[16]) + high;
            fields.push(Field::new(letters.decode(name).trim(), kind(raw[11], raw[17])));
            columns.push(Column { code: raw[11], start, end });
        }
        if fields.len() > limits.fields {
            return Err(Fatal::TooManyFields { max: limits.fields });
        }
        if row_bytes == 0 || end > row_bytes {
            let why = format!("its fields take {end} bytes of a row of {row_bytes}");
            return Err(broken("the head of the .dbf", why));
        }
        Ok(Self { reader, rows, fields, columns, letters, row: vec![0; row_bytes] })
    }

    /// Steps to the next row; false if there is none. The head's count may be wrong, so the end of the file counts.
    pub fn step(&mut self) -> Result<bool, Fatal> {
        match self.reader.read_exact(&mut self.row) {
            Ok(()) => Ok(self.row[0] != 0x1a),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(Fatal::io("read the .dbf")(error)),
        }
    }

    pub fn is_deleted(&self) -> bool {
        self.row[0] == b'*'
    }

    pub fn values(&self, losses: &mut Losses) -> Vec<Value> {
        let read = |(field, column): (&Field, &Column)| {
            let raw = &self.row[column.start..column.end];
            let value = value(column.code, raw, self.letters).map(|value| value.fit(field.kind));
            value.unwrap_or_else(|| Err(Value::Text(self.letters.decode(raw).trim().to_owned()))).unwrap_or_else(
                |value| {
                    losses.add(LossKind::Mismatch, Some(&field.name));
                    value
                },
            )
        };
        self.fields.iter().zip(&self.columns).map(read).collect()
    }
}

fn kind(code: u8, decimals: u8) -> FieldKind {
    match code {
        b'L' => FieldKind::Bool,
        b'N' if decimals == 0 => FieldKind::Int,
        b'I' => FieldKind::Int,
        b'N' | b'F' | b'O' | b'B' => FieldKind::Number,
        b'D' => FieldKind::Date,
        _ => FieldKind::Text,
    }
}

/// None if what stands there is not of the column's kind.
fn value(code: u8, raw: &[u8], letters: Letters) -> Option<Value> {
    let number = |raw: &[u8]| Some(f64::from_le_bytes(raw.try_into().ok()?)).filter(|n| n.is_finite());
    match code {
        b'I' => return Some(Value::Int(i32::from_le_bytes(raw.try_into().ok()?).into())),
        b'O' | b'B' => return number(raw).map(Value::Number),
        _ => {}
    }
    let end = raw.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |at| at + 1);
    let raw = &raw[..end];
    if raw.is_empty() {
        return Some(Value::Null);
    }
    let plain = raw.trim_ascii();
    let text = || std::str::from_utf8(plain).ok();
    match code {
        b'L' => match plain {
            b"?" => Some(Value::Null),
            b"T" | b"t" | b"Y" | b"y" => Some(Value::Bool(true)),
            b"F" | b"f" | b"N" | b"n" => Some(Value::Bool(false)),
            _ => None,
        },
        // A number that does not fit its column is filled with stars.
        b'N' | b'F' if plain.is_empty() || plain[0] == b'*' => Some(Value::Null),
        b'N' | b'F' => {
            let text = text()?;
            let whole = text.parse().ok().map(Value::Int);
            whole.or_else(|| text.parse().ok().filter(|n: &f64| n.is_finite()).map(Value::Number))
        }
        b'D' if plain.iter().all(|byte| *byte == b'0') => Some(Value::Null),
        b'D' => date(text()?).map(Value::Date),
        _ => Some(Value::Text(letters.decode(raw))),
    }
}

fn date(text: &str) -> Option<Date> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let (month, day) = (i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?);
    (text.len() == 8).then(|| Date::new(part(0, 4)?, month, day).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_they_stand_in_rows() {
        let letters = Letters::of(Some("UTF-8"), 0);
        let of = |code, raw: &[u8]| value(code, raw, letters);
        assert_eq!(of(b'N', b"   12"), Some(Value::Int(12)));
        assert_eq!(of(b'N', b" 1.5 "), Some(Value::Number(1.5)));
        assert_eq!(of(b'N', b"*****"), Some(Value::Null));
        assert_eq!(of(b'N', b"  x  "), None);
        assert_eq!(of(b'D', b"20261123"), Some(Value::Date(Date::constant(2026, 11, 23))));
        assert_eq!(of(b'D', b"20261323"), None);
        assert_eq!(of(b'D', b"00000000"), Some(Value::Null));
        assert_eq!(of(b'L', b"?"), Some(Value::Null));
        assert_eq!(of(b'L', b"Y"), Some(Value::Bool(true)));
        assert_eq!(of(b'C', "  Đà Nẵng   ".as_bytes()), Some(Value::Text("  Đà Nẵng".into())));
        assert_eq!(of(b'C', b"     "), Some(Value::Null));
        assert_eq!(of(b'I', &7i32.to_le_bytes()), Some(Value::Int(7)));
    }
}
