//! What became of a layer between two moments.

use jiff::Timestamp;
use jiff::civil::Date;
use songhan_app::Cx;
use songhan_base::Internal;

use super::{Past, Readable};
use crate::layer::Reach;
use crate::store::{bases, features};

/// One edit.
pub type Edit = Past;

/// The edits of a layer between two moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Newest first.
    pub edits: Vec<Edit>,
    /// There are more than were asked for.
    pub more: bool,
    /// Nạp lại: an import put other data in the place of what was before; edits since then alone are told.
    pub imported: bool,
}

/// What the actor may read of it, `limit` at most. `None` as the second moment is now.
pub async fn changes(
    cx: &Cx,
    of: &Readable,
    from: Timestamp,
    to: Option<Timestamp>,
    limit: i64,
) -> Result<Changes, Internal> {
    let to = to.unwrap_or_else(|| cx.now());
    let before = bases::at(&cx.db, &of.layer.code, from).await?;
    let Some(base) = bases::at(&cx.db, &of.layer.code, to).await? else { return Ok(Changes::default()) };
    let areas = match &of.reach {
        Reach::Nothing => return Ok(Changes::default()),
        Reach::Areas(areas) => Some(areas.as_slice()),
        Reach::Everything => None,
    };
    let found = features::edited(&cx.db, base, (from, to), areas, limit + 1).await?;
    let more = found.len() as i64 > limit;
    let edits = of.layer.rights.edits(cx);
    let told = found.into_iter().take(limit as usize).map(|version| Past::of(base, version, &edits));
    let told: Result<Vec<Edit>, Internal> = told.collect();
    Ok(Changes { edits: told?, more, imported: before != Some(base) })
}

/// The day on which the layer got its first data; before it there is nothing to show.
pub async fn first_day(cx: &Cx, of: &Readable) -> Result<Option<Date>, Internal> {
    let since = bases::since(&cx.db, &of.layer.code).await?;
    Ok(since.map(|since| since.to_zoned(cx.zone.clone()).date()))
}
