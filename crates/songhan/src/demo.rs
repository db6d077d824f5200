//! What the demo city is filled with at its first start, beside its people: residents and dossiers, labelled as simulated,
//! so that an officer's inbox and the figures of supervision show what they are for.

use anyhow::{Context, Result};
use songhan_app::App;
use songhan_city::DemoPeople;
use songhan_identity::create_demo_people;
use songhan_simulation::{Dossiers, Residents, hands_in_at, simulate_residents};

use crate::simulate;

/// Residents to draw applicants from.
const RESIDENTS: Residents = Residents { count: 900, accounts: 300 };
/// Over how many days the dossiers came in: longer than most terms, so that most are done and some are not.
const DAYS: usize = 45;

/// The people of the demo; whether this is its first start.
pub async fn people(app: &App) -> Result<bool> {
    let made = create_demo_people(&app.system("demo")).await.context("cannot create the people of the demo")?;
    Ok(made > 0)
}

/// So many dossiers all over the city, and a tenth of that again at each desk where somebody of the demo sits. It runs
/// beside the first requests: nobody waits for it, and a demo that was stopped meanwhile has a few less.
pub async fn fill(app: &App, count: usize) -> Result<()> {
    simulate_residents(app, RESIDENTS, |_| ()).await?;
    simulate::dossiers(app, Dossiers { count, days: DAYS }, None, |_| ()).await?;
    let people = app.city.get::<DemoPeople>();
    let mut desks: Vec<&str> = people.iter().filter_map(|person| person.unit.as_deref().map(String::as_str)).collect();
    desks.sort_unstable();
    desks.dedup();
    for desk in desks {
        // Whoever serves the whole city, or one field alone, may have no procedure that starts at their desk.
        if hands_in_at(app, desk) {
            let few = Dossiers { count: (count / 10).max(1), days: DAYS };
            simulate::dossiers(app, few, Some(desk), |_| ()).await?;
        }
    }
    tracing::info!(count, "the demo has its simulated dossiers");
    Ok(())
}
