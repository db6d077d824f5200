//! The people of a city.

use anyhow::{Context, Result};
use jiff::civil::Date;
use songhan_app::App;
use songhan_base::{CitizenId, Lang};
use songhan_identity::{Loaded, NewAccount, hash_password, load};

use crate::Dice;

/// What stands behind the name of everyone and everything that is simulated.
pub const LABEL: &str = "(mô phỏng)";

/// People in one transaction.
const TOGETHER: usize = 5_000;
/// As many people as one province's numbers of one year of birth and sex have room for.
const A_YEAR: usize = 1_000_000;

/// How many people, and how many of them have an account that can be signed in to (nobody knows the password).
#[derive(Clone, Copy, Debug)]
pub struct Residents {
    pub count: usize,
    pub accounts: usize,
}

/// Writes the people of a city, spread over its areas by their population. `progress` hears how many there are.
///
/// A second run goes on with other numbers of the identity card than the first: it fails where one is in use already.
pub async fn simulate_residents(app: &App, asked: Residents, mut progress: impl FnMut(usize)) -> Result<()> {
    let cx = app.system("simulation");
    let today = cx.today();
    let secret = app.env.secret::<16>();
    let password = hash_password(app, &secret).await.context("hash the password that nobody knows")?;
    let areas = cx.city.areas().communes(today);
    // Behind each area, how many live in it and in those before.
    let mut crowd = 0;
    let upto: Vec<usize> = (areas.iter())
        .map(|area| {
            // Areas without a known population count a little all the same.
            crowd += area.population.unwrap_or(1_000) as usize;
            crowd
        })
        .collect();
    let mut dice = Dice::new(11);
    let mut done = 0;
    while done < asked.count {
        let mut people = Vec::with_capacity(TOGETHER);
        for number in done..asked.count.min(done + TOGETHER) {
            let born = day_of_birth(&mut dice, today.year(), number)?;
            let at = dice.below(crowd.max(1));
            let area = areas.get(upto.partition_point(|upto| *upto <= at));
            let person = NewAccount {
                name: format!("{} {LABEL}", dice.name()),
                citizen_id: CitizenId::parse(&citizen_id(born, number), today.year())?,
                date_of_birth: born,
                phone: None,
                email: None,
                address: Some(format!("Số {} đường mô phỏng", 1 + dice.below(500))),
                area: area.map(|area| area.code.clone()),
                lang: Lang::Vi,
                password: None,
            };
            let password = (number < asked.accounts).then(|| password.clone());
            people.push(Loaded { id: app.env.id(), person, password });
        }
        let mut tx = cx.begin().await?;
        load(&mut tx, &people).await?;
        if done == 0 {
            let detail = serde_json::json!({ "count": asked.count, "accounts": asked.accounts });
            tx.audit("simulation.residents", "simulation", detail).await?;
        }
        tx.commit().await?;
        done += people.len();
        progress(done);
    }
    Ok(())
}

/// Someone of 18 to 90 years.
fn day_of_birth(dice: &mut Dice, year: i16, number: usize) -> Result<Date> {
    // The year follows from the number, so that no year runs out of numbers of the identity card.
    let year = year - 18 - (number % 72) as i16;
    Ok(Date::new(year, 1 + dice.below(12) as i8, 1 + dice.below(28) as i8)?)
}

/// A number of the identity card: Da Nang's code, century and sex, year of birth, and a number within these.
fn citizen_id(born: Date, number: usize) -> String {
    let century = if born.year() < 2000 { 0 } else { 2 };
    let sex = number / 72 % 2;
    // From the far end, where numbers that were typed by hand are not found.
    let within = A_YEAR - 1 - number / 144;
    format!("048{}{:02}{within:06}", century + sex, born.year() % 100)
}
