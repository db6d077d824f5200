//! Many rows of one table in few statements: what is taken over from another system, or simulated.

use crate::{Result, Tx, Val, query_dyn};

/// Values in one statement. SQLite finds each `$n` by going through those before, so that a long statement costs the
/// square of its length; and statements of few sizes are prepared once.
const VALUES_MAX: usize = 256;

/// Rows on their way into one table.
pub struct Rows {
    table: &'static str,
    columns: usize,
    values: Vec<Val>,
}

impl Rows {
    /// `table` as it stands behind INSERT INTO, with its columns: `counters (name, value)`.
    pub fn of(table: &'static str) -> Self {
        let columns = table.split_once('(').map_or(0, |(_, columns)| columns.split(',').count());
        Self { table, columns, values: Vec::new() }
    }

    /// One more row.
    ///
    /// # Panics
    /// When it has not a value for each column.
    pub fn add(&mut self, row: impl IntoIterator<Item = Val>) {
        let before = self.values.len();
        self.values.extend(row);
        assert_eq!(self.values.len() - before, self.columns, "a row of {}", self.table);
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Writes them, in order.
    pub async fn insert(self, tx: &mut Tx) -> Result<()> {
        let Self { table, columns, values } = self;
        let most = (VALUES_MAX / columns.max(1)).max(1);
        let mut values = values.into_iter();
        while values.len() > 0 {
            let left = values.len() / columns;
            // What is left at the end goes in halves, so that it meets statements that are already prepared.
            let rows = if left >= most { most } else { 1 << left.ilog2() };
            let mut sql = format!("INSERT INTO {table} VALUES ");
            for row in 0..rows {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                for column in 1..=columns {
                    sql.push_str(if column == 1 { "$" } else { ", $" });
                    sql.push_str(&(row * columns + column).to_string());
                }
                sql.push(')');
            }
            let chunk = values.by_ref().take(rows * columns);
            chunk.fold(query_dyn(sql), crate::Query::bind).execute(&mut *tx).await?;
        }
        Ok(())
    }
}
