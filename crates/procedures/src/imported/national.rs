//! What is special of an imported procedure: its reading, its version, the form made of its papers.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use songhan_catalogue::{Level, NationalProcedure};
use songhan_city::{City, Term};
use songhan_forms::Form;

use super::{deadline, form, words};
use crate::channel::Channel;
use crate::procedure::{Procedure, Tier};

/// Thủ tục theo Cơ sở dữ liệu quốc gia.
#[derive(Clone, Debug)]
pub struct National {
    pub reading: NationalProcedure,
    /// Which version of it, counted from 1.
    pub number: i64,
    /// The day of the import that brought it.
    pub since: Date,
    /// The day of the import that replaced it.
    pub until: Option<Date>,
    form: OnceLock<Arc<Form>>,
}

impl National {
    pub const fn new(reading: NationalProcedure, number: i64, since: Date, until: Option<Date>) -> Self {
        Self { reading, number, since, until, form: OnceLock::new() }
    }

    /// Made when it is first asked for: of two thousand procedures few are applied for on one day.
    pub fn form(&self, procedure: &Procedure, city: &City) -> Arc<Form> {
        self.form.get_or_init(|| Arc::new(form::make(procedure, city))).clone()
    }

    pub fn tiers(&self) -> Vec<Tier> {
        let tier = |level: &Level| match level {
            Level::Central => Tier::Central,
            Level::Province => Tier::Province,
            Level::Commune => Tier::Commune,
            Level::Other => Tier::Other,
        };
        let mut tiers: Vec<_> = self.reading.levels.iter().map(tier).collect();
        tiers.sort_unstable();
        tiers.dedup();
        tiers
    }

    /// The one deadline of everything handed in by this channel.
    pub fn deadline_by(&self, channel: Channel) -> Option<Term> {
        deadline::by_channel(self.reading.rows(), channel)
    }

    /// What a search looks at beside the title and the papers.
    pub fn searched(&self) -> Vec<String> {
        let reading = &self.reading;
        let results = reading.results.iter().map(|outcome| outcome.name.clone());
        results.chain([reading.field.clone(), reading.agency.clone()]).collect()
    }

    /// What is said of the deadline where there is no one number: each channel's, as read or as published.
    pub fn deadlines_in_words(&self) -> Option<String> {
        let mut told: Vec<String> = Vec::new();
        for row in self.reading.rows() {
            let Some(deadline) = words::deadline(&row.deadline) else { continue };
            let line = format!("{}: {deadline}", words::channel(row.kind));
            if !told.contains(&line) {
                told.push(line);
            }
        }
        (!told.is_empty()).then(|| told.join("; "))
    }
}
