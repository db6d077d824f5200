//! What GPX and KML have in common: places are longitude and latitude, and attributes are texts, gathered under their
//! names as elements bring them.

use std::collections::HashMap;

use crate::infer::{Column, Raw};
use crate::loss::Losses;
use crate::problem::Halt;
use crate::{Feature, FieldKind, Limits, Loss, Reason, Srs, Value};

pub struct Gathered {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    pub limits: Limits,
    pub losses: Losses,
}

impl Gathered {
    pub fn new(limits: &Limits) -> Self {
        Self { columns: Vec::new(), places: HashMap::new(), limits: limits.clone(), losses: Losses::default() }
    }

    /// The values of a feature that has none yet.
    pub fn row(&self) -> Vec<Value> {
        vec![Value::Null; self.columns.len()]
    }

    /// Sets the value of a name; no text is one that was too long. `declared`: what the file or its format says of it.
    pub fn set(
        &mut self,
        name: &str,
        declared: Option<FieldKind>,
        text: Option<String>,
        values: &mut Vec<Value>,
    ) -> Result<(), Reason> {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None if self.columns.len() >= self.limits.fields => {
                return Err(Reason::TooManyFields { max: self.limits.fields });
            }
            None => {
                self.columns.push(Column { name: name.into(), declared, textual: true });
                self.places.insert(name.to_owned(), self.columns.len() - 1);
                self.columns.len() - 1
            }
        };
        let max = self.limits.text_bytes;
        let text = text.ok_or_else(|| Reason::TextTooLong { field: name.to_owned(), max })?;
        if values.len() <= place {
            values.resize(place + 1, Value::Null);
        }
        values[place] = if text.is_empty() { Value::Null } else { Value::Text(text) };
        Ok(())
    }
}

/// A reader of such a format.
pub trait Marked: Send {
    fn feature(&mut self) -> Result<Option<Feature>, Halt>;
    fn gathered(&self) -> &Gathered;
    fn title(&self) -> Option<String>;
}

impl<T: Marked> Raw for T {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        self.feature()
    }

    fn columns(&self) -> &[Column] {
        &self.gathered().columns
    }

    fn losses(&self) -> &[Loss] {
        self.gathered().losses.all()
    }

    fn name(&self) -> Option<String> {
        self.title()
    }

    /// Neither knows another (KML 2.2, clause 6.2; GPX 1.1, `latitudeType`).
    fn srs(&self) -> Srs {
        Srs::wgs84()
    }
}
