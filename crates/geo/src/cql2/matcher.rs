//! A checked filter, asked about features.

use jiff::tz::Offset;

use super::eval::Context;
use super::plan::Plan;
use super::program::Test;
use super::schema::Feature;
use super::spatial::{Literal, Prepared};

/// A filter that fits a layer.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(super) test: Test,
    pub(super) shapes: Vec<Literal>,
    pub(super) offset: Offset,
    pub(super) plan: Plan,
}

impl Checked {
    /// Whether the filter is true for a feature; false and NULL are both no.
    pub fn matches(&self, feature: &impl Feature) -> bool {
        let context = Context { feature, shapes: &self.shapes, prepared: &[], offset: self.offset };
        context.test(&self.test) == Some(true)
    }

    /// The filter with its geometries indexed, for many features. It stays in its thread; another makes its own.
    pub fn matcher(&self) -> Matcher<'_> {
        let prepared = self.shapes.iter().map(|shape| Prepared::from(&shape.geometry)).collect();
        Matcher { checked: self, prepared }
    }

    /// What every feature that matches fulfils, for an index to look up.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

/// See [`Checked::matcher`].
pub struct Matcher<'c> {
    checked: &'c Checked,
    prepared: Vec<Prepared<'c>>,
}

impl Matcher<'_> {
    /// As [`Checked::matches`].
    pub fn matches(&self, feature: &impl Feature) -> bool {
        let Checked { test, shapes, offset, .. } = self.checked;
        let context = Context { feature, shapes, prepared: &self.prepared, offset: *offset };
        context.test(test) == Some(true)
    }
}
