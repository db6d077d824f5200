//! Features as an import writes them: by the hundred thousand, so that what is the same in each is sent once.

use jiff::Timestamp;
use songhan_base::Internal;
use songhan_db::{Tx, query_dyn};

use super::features::Bounds;

/// What all rows of an import have in common.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    pub base: i64,
    pub at: Timestamp,
    pub by: &'a str,
    pub by_name: &'a str,
    pub reason: &'a str,
}

/// A feature of an import.
pub struct Row {
    pub geometry: Option<Vec<u8>>,
    pub bounds: Option<Bounds>,
    pub properties: String,
    pub area: Option<String>,
}

/// Values that all rows of a statement share, and those of each row. Statements have few sizes and are prepared once; one
/// of more values would cost SQLite the square of its length (see `songhan_db::Rows`).
const SHARED: usize = 6;
const OWN: usize = 7;
const ROWS: usize = 32;

/// First versions of features in the order of their numbers.
pub async fn insert(
    tx: &mut Tx,
    made: Made<'_>,
    first: i64,
    rows: impl ExactSizeIterator<Item = Row> + Send,
) -> Result<(), Internal> {
    let mut rows = rows;
    let mut feature = first;
    while rows.len() > 0 {
        // What is left at the end goes in halves.
        let count = if rows.len() >= ROWS { ROWS } else { 1 << rows.len().ilog2() };
        let statement = query_dyn(statement(count))
            .bind(made.base)
            .bind(made.at)
            .bind(made.by)
            .bind(made.by_name)
            .bind(made.reason)
            .bind(feature);
        let bound = rows.by_ref().take(count).fold(statement, |statement, row| {
            let side = |at: usize| row.bounds.map(|bounds| bounds[at]);
            let sides = [side(0), side(1), side(2), side(3)];
            let statement = sides.into_iter().fold(statement.bind(row.geometry), songhan_db::Query::bind);
            statement.bind(row.properties).bind(row.area)
        });
        bound.execute(&mut *tx).await?;
        feature += count as i64;
    }
    Ok(())
}

fn statement(count: usize) -> String {
    let row = |at: usize| {
        let own: Vec<String> = (1..=OWN).map(|n| format!("${}", SHARED + at * OWN + n)).collect();
        format!("($1, $6 + {at}, 1, $2, NULL, {}, 'imported', $3, $4, $5)", own.join(", "))
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    format!(
        "INSERT INTO map_features (base, feature, version, valid_from, valid_to, geometry, min_x, min_y, max_x, max_y,
             properties, area, change, changed_by, changed_by_name, reason) VALUES {}",
        rows.join(", ")
    )
}
