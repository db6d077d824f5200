//! A dBASE table being written. Its columns are as wide as their widest value, which is known at the end only, so rows
//! wait in a temporary file.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};

use super::names::{cut, short};
use crate::loss::{LossKind, Losses};
use crate::sink::values;
use crate::{Fatal, Feature, Field, FieldKind, Format, Value};

/// A row's column in the waiting file: its length, or this for none, before its bytes.
const NONE: u8 = 255;
const TEXT_BYTES_MAX: usize = 254;
/// Width and decimals of numbers, as GDAL writes them: the shortest form of any 64-bit float fits.
const NUMBER: (u8, u8) = (24, 15);

pub struct Draft {
    waiting: BufWriter<File>,
    fields: Vec<Field>,
    names: Vec<String>,
    widths: Vec<u8>,
    rows: u32,
    row: Vec<u8>,
}

impl Draft {
    pub fn new(fields: &[Field], losses: &mut Losses) -> Result<Self, Fatal> {
        let names = short(&fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>());
        for (field, name) in fields.iter().zip(&names).filter(|(field, name)| field.name != **name) {
            losses.once(LossKind::FieldName, Some(&format!("{} → {name}", field.name)));
        }
        // A row length is a 16-bit number, and a field takes at least a byte; GDAL and others stop at 255 fields.
        if fields.len() > 255 {
            return Err(Fatal::NotHeld { format: Format::Shapefile, what: format!("{} fields", fields.len()) });
        }
        let file = tempfile::tempfile().map_err(Fatal::io("make a temporary file"))?;
        let widths = vec![1; fields.len()];
        Ok(Self { waiting: BufWriter::new(file), fields: fields.to_vec(), names, widths, rows: 0, row: Vec::new() })
    }

    pub fn push(&mut self, feature: &Feature, losses: &mut Losses) -> Result<(), Fatal> {
        self.row.clear();
        for ((field, value), width) in values(feature, &self.fields).zip(&mut self.widths) {
            let Some(text) = text(field, value, losses) else {
                self.row.push(NONE);
                continue;
            };
            let kept = cut(&text, TEXT_BYTES_MAX);
            if kept.len() < text.len() {
                losses.add(LossKind::TextCut, Some(&field.name));
            }
            *width = (*width).max(kept.len() as u8);
            self.row.push(kept.len() as u8);
            self.row.extend_from_slice(kept.as_bytes());
        }
        self.rows += 1;
        self.waiting.write_all(&self.row).map_err(Fatal::io("write a temporary file"))
    }

    /// Writes the table: head, rows, end mark.
    pub fn finish(mut self, out: &mut impl Write) -> Result<(), Fatal> {
        let failed = || Fatal::io("write the .dbf");
        // A table without a column is none to most programs.
        let number_rows = self.fields.is_empty();
        if number_rows {
            self.fields.push(Field::new("FID", FieldKind::Int));
            self.names.push("FID".into());
            self.widths.push(self.rows.to_string().len() as u8);
        }
        let columns: Vec<(u8, u8, u8)> =
            self.fields.iter().zip(&self.widths).map(|(field, width)| column(field.kind, *width)).collect();
        let row_bytes = 1 + columns.iter().map(|(_, width, _)| usize::from(*width)).sum::<usize>();
        let head = head(self.rows, &self.names, &columns, row_bytes)?;
        out.write_all(&head).map_err(failed())?;
        self.waiting.rewind().map_err(Fatal::io("read a temporary file"))?;
        let file = self.waiting.into_inner().map_err(|error| failed()(error.into_error()))?;
        let mut waiting = BufReader::new(file);
        let mut row = Vec::with_capacity(row_bytes);
        for number in 0..self.rows {
            row.clear();
            row.push(b' ');
            for (code, width, _) in &columns {
                if number_rows {
                    pad(*code, number.to_string().as_bytes(), *width, &mut row);
                    continue;
                }
                let mut value = [0; TEXT_BYTES_MAX];
                let value = waited(&mut waiting, &mut value).map_err(Fatal::io("read a temporary file"))?;
                pad(*code, value, *width, &mut row);
            }
            out.write_all(&row).map_err(failed())?;
        }
        out.write_all(&[0x1a]).map_err(failed())
    }
}

fn waited<'a>(waiting: &mut impl Read, value: &'a mut [u8; TEXT_BYTES_MAX]) -> std::io::Result<&'a [u8]> {
    let mut length = [0];
    waiting.read_exact(&mut length)?;
    let length = if length[0] == NONE { 0 } else { usize::from(length[0]) };
    waiting.read_exact(&mut value[..length])?;
    Ok(&value[..length])
}

/// Numbers stand at the right, texts at the left.
fn pad(code: u8, value: &[u8], width: u8, row: &mut Vec<u8>) {
    let blanks = usize::from(width).saturating_sub(value.len());
    let right = code == b'N';
    row.extend(std::iter::repeat_n(b' ', if right { blanks } else { 0 }));
    row.extend_from_slice(value);
    row.extend(std::iter::repeat_n(b' ', if right { 0 } else { blanks }));
}

fn column(kind: FieldKind, width: u8) -> (u8, u8, u8) {
    match kind {
        FieldKind::Bool => (b'L', 1, 0),
        FieldKind::Int => (b'N', width, 0),
        FieldKind::Number => (b'N', NUMBER.0, NUMBER.1),
        FieldKind::Date => (b'D', 8, 0),
        FieldKind::Text | FieldKind::Timestamp | FieldKind::Json => (b'C', width, 0),
    }
}

fn head(rows: u32, names: &[String], columns: &[(u8, u8, u8)], row_bytes: usize) -> Result<Vec<u8>, Fatal> {
    let wide = |_| Fatal::NotHeld { format: Format::Shapefile, what: format!("rows of {row_bytes} bytes") };
    let row_bytes = u16::try_from(row_bytes).map_err(wide)?;
    // Version 3, last changed on 1 January 2026: the same features make the same bytes.
    let mut head = vec![3, 126, 1, 1];
    head.extend_from_slice(&rows.to_le_bytes());
    head.extend_from_slice(&((32 * (names.len() + 1) + 1) as u16).to_le_bytes());
    head.extend_from_slice(&row_bytes.to_le_bytes());
    head.resize(32, 0);
    for (name, (code, width, decimals)) in names.iter().zip(columns) {
        let start = head.len();
        head.extend_from_slice(name.as_bytes());
        head.resize(start + 11, 0);
        head.extend_from_slice(&[*code, 0, 0, 0, 0, *width, *decimals]);
        head.resize(start + 32, 0);
    }
    head.push(0x0d);
    Ok(head)
}

fn text(field: &Field, value: &Value, losses: &mut Losses) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => if *yes { "T" } else { "F" }.to_owned(),
        Value::Number(number) => {
            let plain = number.to_string();
            if plain.len() <= usize::from(NUMBER.0) { plain } else { format!("{number:e}") }
        }
        Value::Date(date) => date.strftime("%Y%m%d").to_string(),
        Value::Text(text) if text.trim_end_matches([' ', '\0']).len() < text.len() || text.is_empty() => {
            losses.add(LossKind::EmptyText, Some(&field.name));
            text.clone()
        }
        Value::Timestamp(_) | Value::Json(_) => {
            losses.add(LossKind::AsText, Some(&field.name));
            value.clone().into_text()
        }
        other => other.clone().into_text(),
    })
}
