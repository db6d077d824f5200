//! Features of one table, a page of rows at a time: a page is small in bytes as well as in rows.

use std::collections::VecDeque;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::store::{Db, Table};
use super::{blob, fatal};
use crate::limits::Gauge;
use crate::loss::{LossKind, Losses};
use crate::problem::Halt;
use crate::source::Pull;
use crate::value::{date, timestamp_or_utc};
use crate::{Fatal, Feature, Field, FieldKind, GeometryKind, Id, Limits, Loss, Reason, Value};

const PAGE_ROWS: usize = 2_000;
const PAGE_BYTES: usize = 16 << 20;

pub struct Reader {
    db: Db,
    table: Table,
    limits: Limits,
    page: VecDeque<Result<Feature, Halt>>,
    after: Option<i64>,
    ended: bool,
    losses: Losses,
}

impl Reader {
    pub fn new(db: Db, table: Table, limits: &Limits) -> Self {
        Self {
            db,
            table,
            limits: limits.clone(),
            page: VecDeque::new(),
            after: None,
            ended: false,
            losses: Losses::default(),
        }
    }

    fn turn(&mut self) -> Result<(), Fatal> {
        let Self { db, table, limits, page, after, losses, .. } = self;
        let (start, mut bytes, mut rows) = (*after, 0, 0);
        db.page(table, start, PAGE_ROWS, limits, |key, row| {
            let (feature, size) = read(key, row, table, limits, losses)?;
            page.push_back(feature.map_err(|reason| Halt::Feature { id: Some(key.to_string()), reason }));
            *after = Some(key);
            rows += 1;
            bytes += size;
            Ok(bytes < PAGE_BYTES)
        })?;
        self.ended = rows < PAGE_ROWS && bytes < PAGE_BYTES;
        Ok(())
    }
}

type Sized<T> = (Result<T, Reason>, usize);

fn read(key: i64, row: &Row<'_>, table: &Table, limits: &Limits, losses: &mut Losses) -> Result<Sized<Feature>, Fatal> {
    let fields = &table.info.fields;
    let spatial = usize::from(table.is_spatial());
    let long: bool = row.get(1 + spatial + fields.len()).map_err(fatal)?;
    if long {
        let reason = Reason::TextTooLong { field: "of this row".into(), max: limits.text_bytes };
        return Ok((Err(reason), 0));
    }
    let mut bytes = 0;
    let mut geometry = None;
    if spatial == 1
        && let ValueRef::Blob(blob) = row.get_ref(1).map_err(fatal)?
    {
        bytes += blob.len();
        let mut gauge = Gauge::new(limits);
        match blob::read(blob, &mut gauge) {
            Ok(shape) => geometry = shape,
            Err(reason) => return Ok((Err(reason), bytes)),
        }
        losses.gauge(&gauge);
    }
    let mut properties = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let raw = row.get_ref(1 + spatial + index).map_err(fatal)?;
        bytes += 8 + raw.as_bytes_or_null().ok().flatten().map_or(0, <[u8]>::len);
        properties.push(value(raw, field, losses));
    }
    Ok((Ok(Feature { id: Some(Id::Int(key)), geometry, properties }), bytes))
}

/// SQLite keeps any value in any column; one that is not of the declared kind is handed over as it stands.
fn value(raw: ValueRef<'_>, field: &Field, losses: &mut Losses) -> Value {
    let value = match (raw, field.kind) {
        (ValueRef::Null, _) => return Value::Null,
        (ValueRef::Integer(int), FieldKind::Bool) => Value::Bool(int != 0),
        (ValueRef::Integer(int), _) => Value::Int(int),
        (ValueRef::Real(number), _) => Value::Number(number),
        (ValueRef::Blob(bytes), _) => {
            losses.add(LossKind::Binary, Some(&field.name));
            Value::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
        }
        (ValueRef::Text(text), kind) => {
            let text = String::from_utf8_lossy(text);
            let moment = match kind {
                FieldKind::Date => date(&text).map(Value::Date),
                FieldKind::Timestamp => timestamp_or_utc(&text).map(Value::Timestamp),
                _ => None,
            };
            moment.unwrap_or_else(|| Value::Text(text.into_owned()))
        }
    };
    value.fit(field.kind).unwrap_or_else(|value| {
        losses.add(LossKind::Mismatch, Some(&field.name));
        value
    })
}

impl Table {
    pub fn is_spatial(&self) -> bool {
        self.info.kind != GeometryKind::None
    }
}

impl Pull for Reader {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        if self.page.is_empty() && !self.ended {
            self.turn()?;
        }
        self.page.pop_front().transpose()
    }

    fn fields(&self) -> &[Field] {
        &self.table.info.fields
    }

    fn losses(&self) -> &[Loss] {
        self.losses.all()
    }
}
