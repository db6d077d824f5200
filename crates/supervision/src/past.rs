//! Counting of what was written without events: dossiers of another system, and simulated ones. A restatement, which counts
//! events, does not find them again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use songhan_base::Internal;
use songhan_db::Tx;
use songhan_services::past::PastDossier;

use crate::figures::{Change, Figures, ended, late, month_of, received};
use crate::store;

/// What dossiers add to the figures; gathered over many of them, written once.
#[derive(Clone, Debug, Default)]
pub struct Counted(BTreeMap<(String, String, String), Figures>);

impl Counted {
    pub fn add(&mut self, dossier: &PastDossier<'_>, zone: &TimeZone) {
        let past = &dossier.past;
        self.note(dossier, past.case.created_at.0, zone, received(dossier.channel.number()));
        for (at, acted) in &past.acted {
            self.note(dossier, *at, zone, ended(acted));
        }
        if let Some(at) = past.became_late_at {
            self.note(dossier, at, zone, late());
        }
    }

    fn note(&mut self, dossier: &PastDossier<'_>, at: Timestamp, zone: &TimeZone, figures: Figures) {
        if figures != Figures::default() {
            let case = &dossier.past.case;
            let key = (month_of(at, zone), case.unit.clone(), case.topic.clone());
            *self.0.entry(key).or_default() += figures;
        }
    }

    /// Adds all of it to the figures, and begins anew.
    pub async fn write(&mut self, tx: &mut Tx) -> Result<(), Internal> {
        for ((month, unit, topic), figures) in std::mem::take(&mut self.0) {
            store::add(tx, &Change { month, unit, topic, figures }).await?;
        }
        Ok(())
    }
}
