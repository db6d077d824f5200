//! A city's years: people and dossiers that the simulation writes, half a million words to search among. Everything says
//! of itself that it is simulated.

use std::time::Instant;

use anyhow::Result;
use songhan_app::App;
use songhan_db::query;
use songhan_simulation::{Dice, Dossiers, Residents, simulate_dossiers, simulate_residents};

use crate::people::{Keys, People};

/// People of a city with so many dossiers: as in Da Nang, three for each dossier of a year, one in ten with an account.
const RESIDENTS_A_DOSSIER: usize = 3;
const WITH_ACCOUNT: usize = 10;
/// Over so many days dossiers have come in at least; a million spread over as many days as the calendars know.
const DAYS: usize = 180;
const DOSSIERS_A_DAY: usize = 1_000;
const DAYS_MAX: usize = 1_000;

/// Fills the city; what is told of it goes to the terminal.
pub async fn fill(app: &App, dossiers: usize) -> Result<()> {
    let began = Instant::now();
    let count = dossiers * RESIDENTS_A_DOSSIER;
    let accounts = (count / WITH_ACCOUNT).max(1);
    simulate_residents(app, Residents { count, accounts }, |_| {}).await?;
    println!("  {count} residents, {accounts} with an account: {:.0} s", began.elapsed().as_secs_f64());
    let days = (dossiers / DOSSIERS_A_DAY).clamp(DAYS, DAYS_MAX);
    let step = (dossiers / 5).max(1);
    let mut next = step;
    let progress = |done: usize| {
        if done >= next {
            println!("  {done} dossiers after {:.0} s", began.elapsed().as_secs_f64());
            next = done + step;
        }
    };
    simulate_dossiers(app, Dossiers { count: dossiers, days }, progress).await?;
    songhan_archive::fill_whole(&app.system("bench")).await?;
    println!("  what has ended is in the archive after {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Draws what is tracked and searched for.
pub async fn draw(app: &App, people: &People, keys: &mut Keys) -> Result<()> {
    let codes: Vec<(String,)> =
        query("SELECT code FROM dossiers ORDER BY receipt_hash LIMIT 5000").fetch_all(&app.db).await?;
    keys.units = people.desks.iter().map(|desk| desk.unit.clone()).collect();
    keys.codes = codes.into_iter().map(|(code,)| code).collect();
    let mut dice = Dice::new(3);
    for _ in 0..600 {
        let name = &dice.pick(&people.residents).person.name;
        let code = dice.pick(&keys.codes);
        let words: Vec<&str> = name.split(' ').collect();
        keys.searches.push(match dice.below(6) {
            // A name whole, its last two words without marks, a family name alone, a code, the end of one, a title.
            0 | 1 => name.clone(),
            2 => songhan_base::fold(&words[1..].join(" ")),
            3 => code.clone(),
            4 => code.split_once('-').map_or(code.as_str(), |(_, end)| end).to_owned(),
            _ => format!("khai sinh {}", words[0]),
        });
    }
    Ok(())
}
