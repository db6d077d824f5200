//! Attribute values. Each distinct one is written once, as a tile will carry it, when the layer is prepared: a tile then
//! copies bytes and never looks at a text. Giá trị thuộc tính.

use super::{
    layer::LayerError,
    wire::{put_bytes, put_varint, read_varint, unzigzag, zigzag},
};
use std::{borrow::Cow, collections::hash_map::RandomState, hash::BuildHasher};

/// What an attribute may hold (MVT 2.1 §4.4). A null is left out of the tile, as the specification asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}

impl From<f64> for Value<'_> {
    fn from(v: f64) -> Self {
        Self::Float(v)
    }
}

impl From<bool> for Value<'_> {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}

impl<T> From<Option<T>> for Value<'_>
where
    Self: From<T>,
{
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Self::from)
    }
}

/// Key of the field `values` in a layer (MVT 2.1 §4.1), which goes before each.
const VALUES_FIELD: u8 = 0x22;

impl Value<'_> {
    /// Writes the value as a field of the layer, its key and length included. Nothing for a null.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Null => {}
            Self::Bool(v) => to.extend_from_slice(&[VALUES_FIELD, 2, 0x38, u8::from(*v)]),
            Self::Float(v) => {
                to.extend_from_slice(&[VALUES_FIELD, 9, 0x19]);
                to.extend_from_slice(&v.to_le_bytes());
            }
            Self::Int(v) => {
                // uint_value where it can be, else sint_value: int_value takes ten bytes for any negative number.
                let (key, raw) = if *v >= 0 { (0x28, *v as u64) } else { (0x30, zigzag(*v)) };
                to.extend_from_slice(&[VALUES_FIELD, 1 + super::wire::varint_len(raw) as u8, key]);
                put_varint(to, raw);
            }
            Self::Text(text) => {
                let inner = 1 + super::wire::varint_len(text.len() as u64) + text.len();
                to.push(VALUES_FIELD);
                put_varint(to, inner as u64);
                put_bytes(to, 0x0a, text.as_bytes());
            }
        }
    }

    /// Reads a `Value` message (without key and length of the field). `None` if it is not one.
    pub(super) fn read(bytes: &[u8]) -> Option<Value<'_>> {
        let (&key, rest) = bytes.split_first()?;
        let mut at = 0;
        let (value, used) = match key {
            0x0a => {
                let n = usize::try_from(read_varint(rest, &mut at)?).ok()?;
                let text = rest.get(at..at.checked_add(n)?)?;
                (Value::from(std::str::from_utf8(text).ok()?), at + n)
            }
            0x15 => (Value::Float(f32::from_le_bytes(rest.get(..4)?.try_into().ok()?).into()), 4),
            0x19 => (Value::Float(f64::from_le_bytes(rest.get(..8)?.try_into().ok()?)), 8),
            _ => {
                let raw = read_varint(rest, &mut at)?;
                let value = match key {
                    0x20 => Value::Int(raw as i64),
                    0x28 => i64::try_from(raw).map_or(Value::Float(raw as f64), Value::Int),
                    0x30 => Value::Int(unzigzag(raw)),
                    0x38 => Value::Bool(raw != 0),
                    _ => return None,
                };
                (value, at)
            }
        };
        (used == rest.len()).then_some(value)
    }

    /// The same without a tie to what it was read from.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Null => Value::Null,
            Value::Bool(v) => Value::Bool(v),
            Value::Int(v) => Value::Int(v),
            Value::Float(v) => Value::Float(v),
        }
    }
}

/// Number of "no value" in a row.
pub(super) const NULL: u32 = u32::MAX;

/// Mark on the number of a value that one feature alone has, such as a name: no tile can have seen it before.
pub(super) const ALONE: u32 = 1 << 31;

/// The number without the mark.
pub(super) fn plain(number: u32) -> u32 {
    if number == NULL { NULL } else { number & !ALONE }
}

/// Distinct values as fields ready to be copied, numbered in the order they came in.
#[derive(Debug, Clone, Default)]
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Open addressing: the number of a value plus one, or 0. Names and plot numbers can be as many as the features, so
    /// four bytes each instead of a second copy of the text.
    table: Vec<u32>,
    hasher: RandomState,
}

impl Dictionary {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn bytes_held(&self) -> usize {
        self.bytes.capacity() + 4 * (self.ends.capacity() + self.table.capacity())
    }

    /// The field, as it is copied into a tile; empty for a number that is not there.
    #[inline]
    pub fn field(&self, number: u32) -> &[u8] {
        let (rest, len) = self.field_and_rest(number);
        &rest[..len]
    }

    /// The bytes from where the field begins, and its length: a copy may take more than the field at once.
    #[inline]
    pub fn field_and_rest(&self, number: u32) -> (&[u8], usize) {
        let i = number as usize;
        let from = if i == 0 { 0 } else { self.ends.get(i - 1).map_or(0, |e| *e as usize) };
        self.ends.get(i).map_or((&[], 0), |to| (&self.bytes[from..], *to as usize - from))
    }

    pub fn value(&self, number: u32) -> Value<'_> {
        let field = self.field(number);
        let mut at = 1;
        read_varint(field, &mut at).and_then(|_| Value::read(&field[at..])).unwrap_or(Value::Null)
    }

    pub fn find(&self, field: &[u8]) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        let mask = self.table.len() - 1;
        let mut slot = self.hasher.hash_one(field) as usize & mask;
        loop {
            let number = self.table[slot].checked_sub(1)?;
            if self.field(number) == field {
                return Some(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    pub fn intern(&mut self, field: &[u8]) -> Result<u32, LayerError> {
        if let Some(number) = self.find(field) {
            return Ok(number);
        }
        let number = self.ends.len() as u32;
        if number >= ALONE / 2 {
            return Err(LayerError::TooLarge("attribute values"));
        }
        let end =
            u32::try_from(self.bytes.len() + field.len()).map_err(|_| LayerError::TooLarge("attribute values"))?;
        self.bytes.extend_from_slice(field);
        self.ends.push(end);
        if self.ends.len() * 4 > self.table.len() * 3 {
            self.table = vec![0; (self.ends.len() * 2).next_power_of_two().max(16)];
            for n in 0..number {
                self.enter(n);
            }
        }
        self.enter(number);
        Ok(number)
    }

    fn enter(&mut self, number: u32) {
        let mask = self.table.len() - 1;
        let mut slot = self.hasher.hash_one(self.field(number)) as usize & mask;
        while self.table[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.table[slot] = number + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let all = [
            Value::Bool(true),
            Value::Bool(false),
            Value::Int(0),
            Value::Int(i64::MAX),
            Value::Int(i64::MIN),
            Value::Int(-7),
            Value::Float(-0.25),
            Value::from("Hải Châu"),
            Value::from(""),
        ];
        let mut dictionary = Dictionary::default();
        for (i, value) in all.iter().enumerate() {
            let mut field = Vec::new();
            value.write(&mut field);
            assert_eq!(dictionary.intern(&field), Ok(i as u32));
            assert_eq!(dictionary.intern(&field), Ok(i as u32));
        }
        assert_eq!(dictionary.len(), all.len());
        for (i, value) in all.iter().enumerate() {
            assert_eq!(dictionary.value(i as u32), *value);
        }
        assert_eq!(dictionary.value(99), Value::Null);
    }

    #[test]
    fn broken_values_are_refused() {
        for bytes in [&[][..], &[0x0a, 5, b'a'], &[0x0a, 1, 0xff], &[0x19, 0], &[0x28], &[0x28, 1, 2], &[0x77, 1]] {
            assert_eq!(Value::read(bytes), None);
        }
    }

    #[test]
    fn many_values_are_found_again() {
        let mut dictionary = Dictionary::default();
        for i in 0..5000_i64 {
            let mut field = Vec::new();
            Value::Int(i * 31).write(&mut field);
            assert_eq!(dictionary.intern(&field), Ok(i as u32));
        }
        let mut field = Vec::new();
        Value::Int(31 * 4321).write(&mut field);
        assert_eq!(dictionary.find(&field), Some(4321));
    }
}
