//! What a format could not carry, counted: the report that goes with an import or a download.

use std::fmt;

/// Phần dữ liệu không giữ được.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    pub kind: LossKind,
    /// The field it concerns; for [`LossKind::FieldName`] also what the field is called now.
    pub field: Option<String>,
    /// How many features it concerns; 1 for what concerns the layer.
    pub count: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LossKind {
    /// Heights (z) are left out.
    Height,
    /// Measures (m) are left out.
    Measure,
    /// The format has no place for the feature's id.
    Id,
    /// The format has no place for the reference system, or none is known by its name.
    Srs,
    /// The field's name was shortened or changed.
    FieldName,
    /// A text was cut.
    TextCut,
    /// Kept as a text, since the format lacks the kind.
    AsText,
    /// Bytes, kept as hexadecimal digits.
    Binary,
    /// An empty text can no longer be told from none.
    EmptyText,
    /// The value is not of the kind that its field declares. Read: handed over as it stood. Written: left out.
    Mismatch,
    /// A member beside the attributes (RFC 7946, section 6.1).
    ForeignMember,
    /// An empty shape became none.
    EmptyShape,
    /// A feature with neither shape nor attributes, which is left out.
    EmptyFeature,
    /// A line ends where the extract does: some of its nodes are not in the file.
    Border,
    /// Features are written in another order.
    Order,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            LossKind::Height => "heights left out",
            LossKind::Measure => "measures left out",
            LossKind::Id => "ids left out",
            LossKind::Srs => "reference system not stated",
            LossKind::FieldName => "field renamed",
            LossKind::TextCut => "texts cut",
            LossKind::AsText => "values kept as text",
            LossKind::Binary => "bytes kept as hexadecimal text",
            LossKind::EmptyText => "empty texts became null",
            LossKind::Mismatch => "values not of the field's kind",
            LossKind::ForeignMember => "members beside the attributes left out",
            LossKind::EmptyShape => "empty shapes became null",
            LossKind::EmptyFeature => "features without shape and attributes left out",
            LossKind::Border => "lines cut where the extract ends",
            LossKind::Order => "order of features changed",
        };
        match &self.field {
            Some(field) => write!(f, "{what}: {field} ({})", self.count),
            None => write!(f, "{what} ({})", self.count),
        }
    }
}

/// Losses as they add up. They are few kinds, so a list is searched faster than a map.
#[derive(Debug, Default)]
pub struct Losses(Vec<Loss>);

impl Losses {
    pub fn add(&mut self, kind: LossKind, field: Option<&str>) {
        match self.0.iter_mut().find(|loss| loss.kind == kind && loss.field.as_deref() == field) {
            Some(loss) => loss.count += 1,
            None => self.0.push(Loss { kind, field: field.map(ToOwned::to_owned), count: 1 }),
        }
    }

    pub fn once(&mut self, kind: LossKind, field: Option<&str>) {
        if !self.0.iter().any(|loss| loss.kind == kind && loss.field.as_deref() == field) {
            self.add(kind, field);
        }
    }

    pub fn gauge(&mut self, gauge: &crate::limits::Gauge) {
        if gauge.height {
            self.add(LossKind::Height, None);
        }
        if gauge.measure {
            self.add(LossKind::Measure, None);
        }
    }

    pub fn all(&self) -> &[Loss] {
        &self.0
    }
}
