//! From the start of the process to its first whole page: in an empty data folder, and in the city with all its rows.

use anyhow::Result;
use serde::Serialize;

use super::Plan;
use crate::drive::Spread;
use crate::machine;
use crate::place::Place;
use crate::served::Served;

#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Seconds with an empty data folder and an empty database.
    pub empty: Vec<f64>,
    /// Seconds with everything there.
    pub full: Vec<f64>,
    /// MiB of anonymous memory right after the first answer.
    pub anonymous_mib: Vec<f64>,
}

impl Outcome {
    /// The slower of both ways.
    pub fn worst(&self) -> Spread {
        let (empty, full) = (Spread::of(self.empty.iter().copied()), Spread::of(self.full.iter().copied()));
        if empty.median > full.median { empty } else { full }
    }
}

pub async fn measure(plan: &Plan, place: &Place, server: Option<&str>) -> Result<Outcome> {
    let mut outcome = Outcome { empty: vec![], full: vec![], anonymous_mib: vec![] };
    for number in 1..=plan.runs {
        let empty = Place::make(&plan.work, "empty", server).await?;
        let served = Served::start(&plan.program, &empty.data, empty.url.as_deref()).await?;
        outcome.empty.push(served.started_in.as_secs_f64());
        served.stop().await?;
        let served = Served::start(&plan.program, &place.data, place.url.as_deref()).await?;
        outcome.full.push(served.started_in.as_secs_f64());
        outcome.anonymous_mib.push(machine::memory(served.pid()).anonymous_mib);
        served.stop().await?;
        println!("  run {number}: {:.2} s empty, {:.2} s full", outcome.empty[number - 1], outcome.full[number - 1]);
    }
    Ok(outcome)
}
