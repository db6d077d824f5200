//! Takes away what an import wrote that never became current, because its process ended.

use jiff::ToSpan;
use songhan_app::Cx;
use songhan_base::Internal;

use crate::store::bases;

/// No import takes so long.
const HOURS: i64 = 12;
/// Rows a commit, and commits a turn: the writer is everyone's.
const ROWS: i64 = 1_000;
const COMMITS: usize = 50;

pub async fn sweep(cx: &Cx) -> Result<(), Internal> {
    let before = cx.now() - HOURS.hours();
    let mut left = COMMITS;
    for base in bases::left_behind(&cx.db, before).await? {
        while left > 0 {
            left -= 1;
            let mut tx = cx.begin().await?;
            let more = bases::sweep(&mut tx, base, ROWS).await?;
            tx.commit().await?;
            if !more {
                break;
            }
        }
    }
    Ok(())
}
