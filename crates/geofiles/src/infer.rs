//! Kinds of fields for formats that declare none (GeoJSON, CSV, KML, GPX): the values are looked through, all or the
//! first of them, and a field gets the narrowest kind that holds every one.

use std::sync::Arc;

use crate::feature::FieldKind;
use crate::layer::Bounds;
use crate::problem::{Fatal, Halt};
use crate::shapes::each_coord;
use crate::source::{Opened, Pull};
use crate::value::{kind_of_text, kind_of_words};
use crate::{Feature, Field, GeometryKind, LayerInfo, Limits, Loss, Options, Srs, Value};

/// Which values decide on the kind of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inference {
    /// All of them: the file is read twice, and every value then fits.
    #[default]
    Whole,
    /// Those of the first features. A later value that does not fit is handed over as it stands, a new field is added.
    First(u64),
    /// None: the fields are given, as [`crate::layers`] found them or the caller declares them.
    Given(Vec<Field>),
    /// None: the file is read once, fields are learned of on the way, and values are handed over as they stand. For who
    /// holds them against fields of their own: a code such as `1.50` in a table stays what it is.
    AsTheyStand,
}

/// A reader whose values have no kinds yet.
pub trait Raw: Send {
    fn pull(&mut self) -> Result<Option<Feature>, Halt>;
    /// May grow while reading.
    fn columns(&self) -> &[Column];
    fn losses(&self) -> &[Loss];
    fn name(&self) -> Option<String>;
    fn srs(&self) -> Srs;
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: Arc<str>,
    /// A kind that the file names: a KML schema, the elements of GPX.
    pub declared: Option<FieldKind>,
    /// Whether a text may be a number, as in CSV; in JSON it may not.
    pub textual: bool,
}

/// The kind that holds all values seen so far.
#[derive(Clone, Copy, Debug, Default)]
struct Seen(Option<FieldKind>);

impl Seen {
    fn add(&mut self, value: &Value, textual: bool) {
        let Some(kind) = value.kind() else { return };
        let kind = match value {
            // Seen texts stay texts; this saves most of the looking.
            Value::Text(_) if self.0 == Some(FieldKind::Text) => return,
            Value::Text(text) if textual => kind_of_text(text),
            Value::Text(text) => kind_of_words(text),
            _ => kind,
        };
        self.0 = Some(match (self.0, kind) {
            (None, kind) => kind,
            (Some(one), two) if one == two => one,
            (Some(FieldKind::Int), FieldKind::Number) | (Some(FieldKind::Number), FieldKind::Int) => FieldKind::Number,
            (Some(FieldKind::Json), _) | (_, FieldKind::Json) => FieldKind::Json,
            _ => FieldKind::Text,
        });
    }
}

/// What a look through a file finds.
#[derive(Default)]
struct Survey {
    seen: Vec<Seen>,
    kind: Option<GeometryKind>,
    bounds: Option<Bounds>,
    count: u64,
    whole: bool,
    fatal: Option<Fatal>,
}

impl Survey {
    fn take(raw: &mut dyn Raw, most: u64, limits: &Limits) -> Self {
        let mut survey = Self::default();
        while survey.count < most {
            match raw.pull() {
                Ok(Some(feature)) => survey.add(&feature, raw.columns()),
                Ok(None) => {
                    survey.whole = true;
                    break;
                }
                Err(Halt::Feature { .. }) => {}
                Err(Halt::File(fatal)) => {
                    survey.fatal = Some(fatal);
                    break;
                }
            }
            survey.count += 1;
            if survey.count > limits.features {
                survey.fatal = Some(Fatal::TooManyFeatures { max: limits.features });
                break;
            }
        }
        survey
    }

    fn add(&mut self, feature: &Feature, columns: &[Column]) {
        self.seen.resize(columns.len().max(self.seen.len()), Seen::default());
        for ((seen, value), column) in self.seen.iter_mut().zip(&feature.properties).zip(columns) {
            seen.add(value, column.textual);
        }
        if let Some(geometry) = &feature.geometry {
            let kind = GeometryKind::of(geometry);
            self.kind = Some(self.kind.map_or(kind, |known| known.with(kind)));
            each_coord(geometry, &mut |coord| Bounds::grow(&mut self.bounds, coord));
        }
    }

    fn info(&self, raw: &dyn Raw, stem: &str) -> LayerInfo {
        let seen = |index: usize| self.seen.get(index).and_then(|seen| seen.0);
        let kind = |(index, column): (usize, &Column)| match (column.declared, seen(index)) {
            // A schema without dates calls them strings; what looks like nothing but dates is still one.
            (Some(FieldKind::Text), Some(kind @ (FieldKind::Date | FieldKind::Timestamp))) => kind,
            (Some(declared), _) => declared,
            (None, seen) => seen.unwrap_or(FieldKind::Text),
        };
        let columns = raw.columns().iter().enumerate();
        LayerInfo {
            name: raw.name().unwrap_or_else(|| stem.to_owned()),
            kind: if self.whole { self.kind.unwrap_or(GeometryKind::None) } else { GeometryKind::Any },
            fields: columns.map(|(at, column)| Field::new(&*column.name, kind((at, column)))).collect(),
            count: self.whole.then_some(self.count),
            srs: raw.srs(),
            bounds: self.bounds.filter(|_| self.whole),
        }
    }
}

pub fn layer(open: impl Fn() -> Result<Box<dyn Raw>, Fatal>, stem: &str, limits: &Limits) -> Result<LayerInfo, Fatal> {
    let mut raw = open()?;
    let mut survey = Survey::take(raw.as_mut(), u64::MAX, limits);
    match survey.fatal.take() {
        Some(fatal) => Err(fatal),
        None => Ok(survey.info(raw.as_ref(), stem)),
    }
}

/// A broken file is found by the reading itself, behind the features before the break.
pub fn open(open: impl Fn() -> Result<Box<dyn Raw>, Fatal>, stem: &str, options: &Options) -> Result<Opened, Fatal> {
    let most = match &options.inference {
        Inference::Whole => u64::MAX,
        Inference::First(most) => *most,
        Inference::Given(fields) => {
            let raw = open()?;
            let mut info = Survey::default().info(raw.as_ref(), stem);
            info.fields.clone_from(fields);
            return Ok(Opened { pull: Box::new(Typed::new(raw, fields)), info });
        }
        Inference::AsTheyStand => {
            let raw = open()?;
            let info = Survey::default().info(raw.as_ref(), stem);
            let pull = Typed { fitted: false, ..Typed::new(raw, &info.fields) };
            return Ok(Opened { pull: Box::new(pull), info });
        }
    };
    let mut first = open()?;
    let survey = Survey::take(first.as_mut(), most, &options.limits);
    let info = survey.info(first.as_ref(), stem);
    let pull = Box::new(Typed::new(open()?, &info.fields));
    Ok(Opened { pull, info })
}

/// Gives values the kinds of their fields and puts them in the order of the fields.
struct Typed {
    raw: Box<dyn Raw>,
    fields: Vec<Field>,
    /// The place among the fields for each column met so far.
    places: Vec<usize>,
    /// Columns stand where their fields stand, so values need not be moved.
    in_order: bool,
    /// Whether values are made to fit their fields.
    fitted: bool,
}

impl Typed {
    fn new(raw: Box<dyn Raw>, fields: &[Field]) -> Self {
        Self { raw, fields: fields.to_vec(), places: Vec::new(), in_order: true, fitted: true }
    }

    fn place_columns(&mut self) {
        while let Some(column) = self.raw.columns().get(self.places.len()) {
            let known = self.fields.iter().position(|field| *field.name == *column.name);
            let place = known.unwrap_or_else(|| {
                let kind = column.declared.unwrap_or(FieldKind::Text);
                self.fields.push(Field::new(&*column.name, kind));
                self.fields.len() - 1
            });
            self.in_order &= place == self.places.len();
            self.places.push(place);
        }
    }
}

impl Pull for Typed {
    fn pull(&mut self) -> Result<Option<Feature>, Halt> {
        let Some(mut feature) = self.raw.pull()? else { return Ok(None) };
        self.place_columns();
        let unfit = feature.properties.iter_mut().zip(&self.places).filter(|_| self.fitted);
        for (value, place) in unfit {
            let kind = self.fields[*place].kind;
            if value.kind().is_some_and(|own| own != kind) {
                *value = std::mem::take(value).fit(kind).unwrap_or_else(|value| value);
            }
        }
        if !self.in_order {
            let mut ordered = vec![Value::Null; self.fields.len()];
            for (value, place) in feature.properties.into_iter().zip(&self.places) {
                ordered[*place] = value;
            }
            feature.properties = ordered;
        }
        Ok(Some(feature))
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn losses(&self) -> &[Loss] {
        self.raw.losses()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[&str]) -> Option<FieldKind> {
        let mut seen = Seen::default();
        for value in values {
            seen.add(&Value::Text((*value).into()), true);
        }
        seen.0
    }

    #[test]
    fn the_narrowest_kind_that_holds_all() {
        assert_eq!(kind(&["1", "2"]), Some(FieldKind::Int));
        assert_eq!(kind(&["1", "2.5"]), Some(FieldKind::Number));
        assert_eq!(kind(&["1", "01"]), Some(FieldKind::Text));
        assert_eq!(kind(&["2026-01-01", "x"]), Some(FieldKind::Text));
        assert_eq!(kind(&[]), None);
    }
}
