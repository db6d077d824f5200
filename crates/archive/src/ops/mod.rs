//! Operations of the archive, one a file.

pub mod decide_disposal;
pub mod hand_in;
pub mod hold_entry;
pub mod list_entries;
pub mod propose_disposal;
pub mod show_batch;
pub mod show_disposal;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_city::UnitKind;
use songhan_db::Tx;

/// From the first moment of a year until that of the next, in the city.
fn span(cx: &Cx, year: i64) -> Option<(Timestamp, Timestamp)> {
    let begin = |year: i64| {
        let day = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
        cx.zone.to_timestamp(day.to_datetime(Time::midnight())).ok()
    };
    Some((begin(year)?, begin(year + 1)?))
}

/// The next number of a unit's papers of this kind in the year, in its declared form.
async fn number(tx: &mut Tx, cx: &Cx, kind: &str, unit: &str, form: &str) -> Result<String, Internal> {
    let year = tx.now().to_zoned(cx.zone.clone()).year();
    let number = songhan_db::next_number(tx, &format!("archive:{kind}:{unit}:{year}")).await?;
    let kind = cx.city.agencies().get(unit).map(|unit| unit.kind);
    let committee = kind.is_some_and(|kind| kind.is_commune_level() || kind == UnitKind::City);
    Ok(form.replace("{number}", &number.to_string()).replace("{agency}", if committee { "-UBND" } else { "" }))
}

/// Codes that were chosen, each once; `None` where none were named.
fn chosen(codes: Option<Vec<String>>) -> Option<Vec<String>> {
    codes.map(|mut codes| {
        codes.sort_unstable();
        codes.dedup();
        codes
    })
}
