//! Inboxes: one statement put together from constant pieces, so that each filter meets its index.

use songhan_base::Internal;
use songhan_db::{Db, Query, Val, query_dyn};

use super::{COLUMNS, Row};
use crate::inbox::COUNT_MAX;
use crate::{Assigned, Case, Count, Cursor, Filter};

/// A statement's conditions and their values.
struct Where {
    pieces: Vec<String>,
    values: Vec<Val>,
}

impl Where {
    fn value(&mut self, value: impl Into<Val>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn one(&mut self, before: &str, value: impl Into<Val>) {
        let place = self.value(value);
        self.pieces.push(format!("{before} {place}"));
    }

    /// `column = $1`, or `column IN ($1, $2 …)`; plain placeholders let both planners use an index.
    fn any<T: Into<Val>>(&mut self, column: &str, values: impl IntoIterator<Item = T>) {
        let places: Vec<String> = values.into_iter().map(|value| self.value(value)).collect();
        match &*places {
            [] => self.pieces.push("FALSE".to_owned()),
            [one] => self.pieces.push(format!("{column} = {one}")),
            many => self.pieces.push(format!("{column} IN ({})", many.join(", "))),
        }
    }

    const fn new() -> Self {
        Self { pieces: Vec::new(), values: Vec::new() }
    }

    /// The conditions of a filter, in place of those before; the values of those stay. Words may come from an address; a
    /// NUL in one, which PostgreSQL refuses, matches nothing.
    fn narrow(&mut self, filter: &Filter) -> String {
        let on = self;
        on.pieces.clear();
        on.pieces.push(if filter.closed { "closed_at IS NOT NULL" } else { "closed_at IS NULL" }.to_owned());
        if let Some(units) = &filter.units {
            on.any("unit", units.iter().filter(|unit| !unit.contains('\0')).take(200));
        }
        if !filter.queues.is_empty() {
            on.any("queue", filter.queues.iter().copied());
        }
        for (column, words) in [("state", &filter.states), ("kind", &filter.kinds), ("topic", &filter.topics)] {
            if !words.is_empty() {
                on.any(column, words.iter().filter(|word| !word.contains('\0')).take(100));
            }
        }
        match filter.assignee {
            Assigned::Anyone => {}
            Assigned::To(account) => on.one("assignee =", account),
            Assigned::Nobody => on.pieces.push("assignee IS NULL".to_owned()),
        }
        if let Some(before) = filter.due_before {
            // What does not run stands far behind any time that can be asked for.
            on.one("due_order <", before);
            // All are; but of a range between two ends PostgreSQL takes it that it is short, so that it keeps one plan
            // for every time asked for, where it would think anew about a range with one end.
            if filter.due_from.is_none() {
                on.pieces.push("due_order >= 0".to_owned());
            }
        }
        if let Some(from) = filter.due_from {
            on.one("due_order >=", from);
        }
        on.pieces.join(" AND ")
    }

    fn query(self, sql: String) -> Query {
        self.values.into_iter().fold(query_dyn(sql), Query::bind)
    }
}

/// At most `limit` cases behind `after`, each with its place in the order.
pub(crate) async fn page(
    db: &Db,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(i64, Case)>, Internal> {
    let mut on = Where::new();
    on.narrow(filter);
    let (column, than, direction) = if filter.closed { ("closed_at", "<", "DESC") } else { ("due_order", ">", "ASC") };
    if let Some(cursor) = after {
        let (order, id) = (on.value(cursor.order), on.value(cursor.id));
        on.pieces.push(format!("({column}, id) {than} ({order}, {id})"));
    }
    let limit = on.value(limit);
    let conditions = on.pieces.join(" AND ");
    let sql = format!(
        "SELECT {COLUMNS} FROM cases WHERE {conditions} ORDER BY {column} {direction}, id {direction} LIMIT {limit}"
    );
    let rows: Vec<Row> = on.query(sql).fetch_all(db).await?;
    rows.into_iter()
        .map(|row| {
            let order = if filter.closed { row.closed_at.map_or(0, |at| at.as_microsecond()) } else { row.due_order };
            row.case().map(|case| (order, case))
        })
        .collect()
}

/// How many there are of each, not beyond [`COUNT_MAX`]; all in one statement.
pub(crate) async fn counts<const N: usize>(db: &Db, filters: [&Filter; N]) -> Result<[Count; N], Internal> {
    let (mut on, mut sql) = (Where::new(), String::new());
    for (nth, filter) in filters.into_iter().enumerate() {
        let conditions = on.narrow(filter);
        // The order changes nothing but the plan: it leads to the index of the page, not to a scan of the table.
        let order = if filter.closed { "closed_at DESC, id DESC" } else { "due_order, id" };
        sql += if nth > 0 { " UNION ALL " } else { "" };
        sql += &format!(
            "SELECT {nth} AS nth, COUNT(*) AS found FROM
                 (SELECT 1 FROM cases WHERE {conditions} ORDER BY {order} LIMIT {COUNT_MAX}) AS found"
        );
    }
    let rows: Vec<(i32, i64)> = on.query(sql).fetch_all(db).await?;
    let mut counts = [Count::default(); N];
    for (nth, found) in rows {
        // Each number was written above.
        counts[nth as usize] = Count(found);
    }
    Ok(counts)
}
