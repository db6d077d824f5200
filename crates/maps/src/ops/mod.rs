//! What is done with layers as a whole: imported, filled from the city's folder, swept after an import that broke off.

pub mod change_feature;
pub mod fill;
pub mod import_layer;
mod reading;
mod sweep;

use std::time::Duration;

use songhan_app::Schedule;

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new("maps.fill", Duration::from_mins(1), |cx| async move { fill::fill(&cx).await }),
        Schedule::new("maps.sweep", Duration::from_mins(10), |cx| async move { sweep::sweep(&cx).await }),
    ]
}
