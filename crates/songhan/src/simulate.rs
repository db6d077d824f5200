//! `songhan simulate`: a full city's people and dossiers, labelled as simulated, to see how the system bears them.

use std::time::Instant;

use anyhow::Result;
use clap::Subcommand;
use songhan_app::App;
use songhan_simulation::{Dossiers, Residents, simulate_dossiers_at, simulate_residents};

use crate::open;
use crate::settings::Settings;

#[derive(Subcommand, Debug)]
pub enum Simulate {
    /// People of the city, some of them with an account
    Residents {
        #[arg(long, default_value_t = 3_100_000)]
        count: usize,
        /// How many of them have an account (nobody is told its password)
        #[arg(long, default_value_t = 300_000)]
        accounts: usize,
    },
    /// Dossiers handed in until yesterday, handled by the rules of their workflow
    Dossiers {
        #[arg(long, default_value_t = 100_000)]
        count: usize,
        /// Over so many days
        #[arg(long, default_value_t = 365)]
        days: usize,
        /// At this unit alone, by its code
        #[arg(long)]
        unit: Option<String>,
    },
}

/// Simulates, and says on standard error how far it is.
pub async fn run(settings: Settings, what: Simulate) -> Result<()> {
    let server = open::system(&settings, String::new()).await?;
    let began = Instant::now();
    let (count, mut told) = (what.count(), 0);
    let progress = |done: usize| {
        let percent = done * 100 / count.max(1);
        if percent >= told + 5 || done == count {
            told = percent;
            eprintln!("{done} of {count} ({percent} %) after {:.0} s", began.elapsed().as_secs_f64());
        }
    };
    match what {
        Simulate::Residents { count, accounts } => {
            simulate_residents(&server.app, Residents { count, accounts }, progress).await?;
            println!("simulated {count} residents, {} with an account", accounts.min(count));
        }
        Simulate::Dossiers { count, days, unit } => {
            dossiers(&server.app, Dossiers { count, days }, unit.as_deref(), progress).await?;
            println!("simulated {count} dossiers of {days} days");
        }
    }
    server.app.db.close().await;
    Ok(())
}

/// The dossiers, in the archive too where they have ended: nobody was told of those, so it looks for them.
pub async fn dossiers(app: &App, asked: Dossiers, unit: Option<&str>, progress: impl FnMut(usize)) -> Result<()> {
    simulate_dossiers_at(app, asked, unit, progress).await?;
    let cx = app.system("simulation");
    let mut tx = cx.begin().await?;
    songhan_archive::look_again(&mut tx).await?;
    tx.commit().await?;
    songhan_archive::fill_whole(&cx).await?;
    Ok(())
}

impl Simulate {
    const fn count(&self) -> usize {
        match self {
            Self::Residents { count, .. } | Self::Dossiers { count, .. } => *count,
        }
    }
}
