//! Inboxes: which cases someone sees, in the order in which they are due, page by page.

use jiff::{SignedDuration, Timestamp};
use songhan_base::{Id, Internal, Role};
use songhan_db::Db;

use crate::{Case, store};

/// Which cases. Everything empty is every open case of the city.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Codes of units; `None` is the whole city, an empty list is no unit at all.
    pub units: Option<Vec<String>>,
    /// Roles whose turn it is.
    pub queues: Vec<Role>,
    pub states: Vec<String>,
    pub kinds: Vec<String>,
    pub topics: Vec<String>,
    pub assignee: Assigned,
    /// Running and due before this: with the present, what is late.
    pub due_before: Option<Timestamp>,
    /// Running and due at this time or later: with the present, what is not late yet.
    pub due_from: Option<Timestamp>,
    /// What is closed, newest first, in place of what is open.
    pub closed: bool,
}

impl Filter {
    /// What is due between now and that time. That very moment is in time, and most dossiers are due at a closing hour.
    pub fn soon(now: Timestamp, until: Timestamp) -> Self {
        let behind = until.saturating_add(SignedDuration::from_micros(1)).unwrap_or(until);
        Self { due_from: Some(now), due_before: Some(behind), ..Self::default() }
    }
}

/// Whose cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assigned {
    #[default]
    Anyone,
    To(Id),
    Nobody,
}

/// A place in a list: the order and the id of the last one seen. Its text is for links and says nothing to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub order: i64,
    pub id: Id,
}

/// Một trang.
#[derive(Clone, Debug)]
pub struct Page {
    pub cases: Vec<Case>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// A number that is not counted beyond 999.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(pub i64);

/// Counting stops here: people need to know that there are many, not how many.
pub(crate) const COUNT_MAX: i64 = 1_000;
/// The longest page.
pub const PAGE_MAX: usize = 200;

/// What an officer sees on the tabs of the inbox.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Waiting for one of the roles.
    pub queue: Count,
    /// Of these, with nobody in charge.
    pub unassigned: Count,
    /// Assigned to this person.
    pub mine: Count,
    pub late: Count,
    /// Running, not late yet, and due by the end of the next working day.
    pub soon: Count,
    pub open: Count,
}

/// One page of cases. Open ones by their due time, those without one behind, by age; closed ones newest first.
pub async fn inbox(db: &Db, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page, Internal> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut cases = store::page(db, filter, after, limit as i64 + 1).await?;
    let more = cases.len() > limit;
    cases.truncate(limit);
    let next = cases.last().filter(|_| more).map(|(order, case)| Cursor { order: *order, id: case.id });
    Ok(Page { cases: cases.into_iter().map(|(_, case)| case).collect(), next })
}

/// How many cases a filter finds, up to a thousand.
pub async fn count(db: &Db, filter: &Filter) -> Result<Count, Internal> {
    store::counts(db, [filter]).await.map(|[count]| count)
}

/// The counts of someone's tabs: `units` and `roles` as in [`Filter`], `me` for what is assigned to them, `now` and
/// `soon_until` (see [`soon_until`](crate::soon_until)) for what is late and nearly so.
pub async fn counts(
    db: &Db,
    units: Option<Vec<String>>,
    roles: &[Role],
    me: Id,
    now: Timestamp,
    soon_until: Timestamp,
) -> Result<Counts, Internal> {
    let all = Filter { units, ..Filter::default() };
    let soon = Filter::soon(now, soon_until);
    let soon = Filter { units: all.units.clone(), ..soon };
    let late = Filter { due_before: Some(now), ..all.clone() };
    let mine = Filter { assignee: Assigned::To(me), ..all.clone() };
    let queue = Filter { queues: roles.to_vec(), ..all.clone() };
    let unassigned = Filter { assignee: Assigned::Nobody, ..queue.clone() };
    let counted = store::counts(db, [&queue, &unassigned, &mine, &late, &soon, &all]).await?;
    let [queue, unassigned, mine, late, soon, open] = counted;
    Ok(Counts { queue, unassigned, mine, late, soon, open })
}

/// The cases of an applicant, newest first.
pub async fn of_applicant(db: &Db, account: Id, after: Option<Cursor>, limit: usize) -> Result<Page, Internal> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut cases = store::of_applicant(db, account, after, limit as i64 + 1).await?;
    let more = cases.len() > limit;
    cases.truncate(limit);
    let next = cases.last().filter(|_| more).map(|c| Cursor { order: c.created_at.as_microsecond(), id: c.id });
    Ok(Page { cases, next })
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < COUNT_MAX { write!(f, "{}", self.0) } else { write!(f, "{}+", COUNT_MAX - 1) }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}_{}", self.order, self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "this is no place in a list; begin again at the first page";
        let (order, id) = text.split_once('_').ok_or(wrong)?;
        let order = i64::from_str_radix(order, 16).map_err(|_| wrong)?;
        Ok(Self { order, id: id.parse().map_err(|_| wrong)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_go_through_links() {
        let text = "7ce66c50e2840000_0193c0a8-1111-7000-8000-000000000001";
        let cursor: Cursor = text.parse().unwrap();
        assert_eq!(cursor.to_string(), text);
        for wrong in ["", "_", "zz_0193c0a8-1111-7000-8000-000000000001", "1_", "ffffffffffffffffff_x", "1"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn counts_end_at_a_thousand() {
        assert_eq!([Count(0), Count(999), Count(1_000)].map(|c| c.to_string()), ["0", "999", "999+"]);
    }
}
