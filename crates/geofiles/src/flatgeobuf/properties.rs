//! Attributes of a feature: pairs of a column's number and its value, packed one after the other.

use flatgeobuf::ColumnType;

use crate::bytes::Bytes;
use crate::loss::{LossKind, Losses};
use crate::value::{date, timestamp_or_utc};
use crate::{Field, FieldKind, Limits, Reason, Value};

pub fn kind(column: ColumnType) -> FieldKind {
    match column {
        ColumnType::Bool => FieldKind::Bool,
        ColumnType::Byte
        | ColumnType::UByte
        | ColumnType::Short
        | ColumnType::UShort
        | ColumnType::Int
        | ColumnType::UInt
        | ColumnType::Long
        | ColumnType::ULong => FieldKind::Int,
        ColumnType::Float | ColumnType::Double => FieldKind::Number,
        ColumnType::Json => FieldKind::Json,
        ColumnType::DateTime => FieldKind::Timestamp,
        _ => FieldKind::Text,
    }
}

pub fn read(
    packed: &[u8],
    fields: &[Field],
    columns: &[ColumnType],
    limits: &Limits,
    losses: &mut Losses,
) -> Result<Vec<Value>, Reason> {
    let mut values = vec![Value::Null; fields.len()];
    let mut bytes = Bytes(packed);
    while !bytes.0.is_empty() {
        let number = usize::from(u16::from_le_bytes(bytes.array().map_err(|_| cut())?));
        let (Some(field), Some(column)) = (fields.get(number), columns.get(number)) else {
            return Err(Reason::Syntax(format!("it has a value for column {number}, which is not declared")));
        };
        let value = one(&mut bytes, *column, field, limits, losses)?;
        values[number] = value.fit(field.kind).unwrap_or_else(|value| {
            losses.add(LossKind::Mismatch, Some(&field.name));
            value
        });
    }
    Ok(values)
}

fn cut() -> Reason {
    Reason::Syntax("its attributes end too early".into())
}

fn one(
    bytes: &mut Bytes<'_>,
    column: ColumnType,
    field: &Field,
    limits: &Limits,
    losses: &mut Losses,
) -> Result<Value, Reason> {
    if let Some(value) = fixed(bytes, column).map_err(|_| cut())? {
        return Ok(value);
    }
    let length = bytes.u32_le().map_err(|_| cut())? as usize;
    let raw = bytes.take(length).map_err(|_| cut())?;
    if length > limits.text_bytes {
        return Err(Reason::TextTooLong { field: field.name.clone(), max: limits.text_bytes });
    }
    if column == ColumnType::Binary {
        losses.add(LossKind::Binary, Some(&field.name));
        return Ok(Value::Text(raw.iter().map(|byte| format!("{byte:02x}")).collect()));
    }
    let text = String::from_utf8_lossy(raw);
    let value = match column {
        ColumnType::Json => serde_json::from_str(&text).ok().map(|json| Value::Json(Box::new(json))),
        ColumnType::DateTime => timestamp_or_utc(&text).map(Value::Timestamp).or_else(|| date(&text).map(Value::Date)),
        _ => None,
    };
    Ok(value.unwrap_or_else(|| Value::Text(text.into_owned())))
}

/// Values of a fixed size; none for those with a length before them.
fn fixed(bytes: &mut Bytes<'_>, column: ColumnType) -> Result<Option<Value>, Reason> {
    let number = |number: f64| if number.is_finite() { Value::Number(number) } else { Value::Null };
    Ok(Some(match column {
        ColumnType::Byte => Value::Int(i8::from_le_bytes(bytes.array()?).into()),
        ColumnType::UByte => Value::Int(bytes.byte()?.into()),
        ColumnType::Bool => Value::Bool(bytes.byte()? != 0),
        ColumnType::Short => Value::Int(i16::from_le_bytes(bytes.array()?).into()),
        ColumnType::UShort => Value::Int(u16::from_le_bytes(bytes.array()?).into()),
        ColumnType::Int => Value::Int(bytes.i32_le()?.into()),
        ColumnType::UInt => Value::Int(bytes.u32_le()?.into()),
        ColumnType::Long => Value::Int(i64::from_le_bytes(bytes.array()?)),
        ColumnType::ULong => {
            let int = u64::from_le_bytes(bytes.array()?);
            i64::try_from(int).map_or_else(|_| Value::Text(int.to_string()), Value::Int)
        }
        ColumnType::Float => number(f32::from_le_bytes(bytes.array()?).into()),
        ColumnType::Double => number(bytes.f64_le()?),
        _ => return Ok(None),
    }))
}
