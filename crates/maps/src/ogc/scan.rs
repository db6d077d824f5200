//! Looking through a layer for what was asked, page by page: candidates from the index where it knows them, rows from the
//! database, each held against rights, box and filter. What one request looks at is bounded, whatever it asks.

use std::sync::Arc;

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_base::Internal;
use songhan_geo::cql2;

use super::bounds;
use super::filter::{Conditions, Row};
use crate::feature::Feature;
use crate::layer::{Layer, Reach, Shape};
use crate::snapshot::{self, Snapshot};
use crate::store::features::Bounds;
use crate::store::{bases, features};

/// Features read at once: few at first, since a filter may find enough among them.
const PAGE: usize = 1_000;
const PAGE_FIRST: usize = 128;
const PAGE_FIRST_IN_BOX: usize = 16;
/// Features that one request looks at; fewer where its filter is long, since each costs more then.
const ROWS_MAX: usize = 50_000;
const ROWS_MIN: usize = 1_000;
/// A filter of so many bytes is a usual one.
const USUAL_WEIGHT: usize = 500;
/// So few candidates are looked at to the end, for their number.
const COUNTED_MAX: usize = 1_000;

/// What of a layer is asked for.
pub struct Wanted {
    pub layer: Arc<Layer>,
    pub reach: Reach,
    pub bounds: Option<Bounds>,
    pub conditions: Conditions,
    /// As of when; none is now.
    pub at: Option<Timestamp>,
    /// Features behind this number.
    pub after: i64,
}

/// Where features come from.
enum Source {
    Nothing,
    /// By their numbers, which the index has found.
    These {
        base: i64,
        ids: Vec<i64>,
        next: usize,
        /// There are more behind them.
        cut: bool,
    },
    All {
        base: i64,
    },
    AllAt {
        base: i64,
        at: Timestamp,
    },
}

pub struct Scan {
    wanted: Wanted,
    source: Source,
    /// How many match, where the index knows.
    pub matched: Option<usize>,
    /// How many would have to be looked at, where the index knows.
    candidates: Option<usize>,
    /// The last number that was looked at.
    pub last: i64,
    pub ended: bool,
    looked_at: usize,
    /// The index knows more candidates than were gathered, and all of these were looked at.
    used_up: bool,
    /// How many to read at once.
    size: usize,
}

impl Wanted {
    fn is_plain(&self) -> bool {
        self.bounds.is_none() && self.conditions.all.is_empty()
    }

    fn never(&self) -> bool {
        self.conditions.all.iter().any(|one| one.plan().never)
    }

    /// The smallest of the boxes that everything wanted meets.
    fn narrowest(&self) -> Option<Bounds> {
        let planned = self.conditions.all.iter().filter_map(|one| one.plan().bbox);
        let planned = planned.map(|rect| [rect.min().x, rect.min().y, rect.max().x, rect.max().y]);
        let area = |bounds: &Bounds| {
            let width = bounds[2] - bounds[0];
            (if width < 0.0 { width + 360.0 } else { width }) * (bounds[3] - bounds[1])
        };
        planned.chain(self.bounds).min_by(|a, b| area(a).total_cmp(&area(b)))
    }

    /// How many features one request may look at.
    fn rows_max(&self) -> usize {
        (ROWS_MAX * USUAL_WEIGHT / self.conditions.weight.max(USUAL_WEIGHT)).max(ROWS_MIN)
    }

    fn admits(&self, row: &Row<'_>, matchers: &[cql2::Matcher<'_>]) -> bool {
        use cql2::Feature as _;
        // What has no place is met by every `bbox` (part 1, /req/core/fc-bbox-response).
        let there = |bounds: &Bounds| row.geometry().is_none_or(|geometry| bounds::touches(geometry, bounds));
        self.bounds.as_ref().is_none_or(there) && matchers.iter().all(|matcher| matcher.matches(row))
    }
}

impl Scan {
    /// `limit`: how many are wanted at most, so that no more candidates are gathered than that takes.
    pub async fn new(cx: &Cx, wanted: Wanted, limit: usize) -> Result<Self, Internal> {
        let (mut matched, mut candidates) = (None, None);
        let source = match wanted.at {
            _ if wanted.never() => Source::Nothing,
            Some(at) => {
                let base = bases::at(&cx.db, &wanted.layer.code, at).await?;
                base.map_or(Source::Nothing, |base| Source::AllAt { base, at })
            }
            None => {
                let snapshot = snapshot::of(cx, &wanted.layer).await?;
                snapshot
                    .map_or(Source::Nothing, |snapshot| now(&wanted, &snapshot, limit, &mut matched, &mut candidates))
            }
        };
        if matches!(source, Source::Nothing) {
            matched = Some(0);
        }
        let last = wanted.after;
        let size = if wanted.conditions.all.is_empty() { PAGE_FIRST_IN_BOX } else { PAGE_FIRST };
        Ok(Self {
            ended: matches!(source, Source::Nothing),
            wanted,
            source,
            matched,
            candidates,
            last,
            looked_at: 0,
            used_up: false,
            size,
        })
    }

    /// Whether so few are in question that their number is worth a look at each.
    pub fn is_counted(&self) -> bool {
        self.wanted.after == 0 && self.matched.is_none() && self.candidates.is_some_and(|few| few <= COUNTED_MAX)
    }

    /// Whether this request has looked at as much as one may.
    pub fn is_spent(&self) -> bool {
        self.used_up || self.looked_at >= self.wanted.rows_max()
    }

    /// The next features that match, perhaps none; `wanted` more are needed.
    pub async fn page(&mut self, cx: &Cx, wanted: usize) -> Result<Vec<Feature>, Internal> {
        let size = self.next_size(wanted);
        let rows = match &mut self.source {
            Source::Nothing => Vec::new(),
            Source::These { base, ids, next, cut } => {
                let page = &ids[*next..ids.len().min(*next + size)];
                *next += page.len();
                self.looked_at += page.len();
                self.last = page.last().copied().unwrap_or(self.last);
                let all = *next == ids.len();
                (self.ended, self.used_up) = (all && !*cut, all && *cut);
                let rows = features::these(&cx.db, *base, page).await?;
                return Ok(self.kept(rows));
            }
            Source::All { base } => features::page(&cx.db, *base, self.last, size as i64).await?,
            Source::AllAt { base, at } => features::page_at(&cx.db, *base, *at, self.last, size as i64).await?,
        };
        self.looked_at += rows.len();
        self.ended = rows.len() < size;
        self.last = rows.last().map_or(self.last, |row| row.feature);
        Ok(self.kept(rows))
    }

    /// How many rows are read next. Where every row is one that is wanted, as many as that; otherwise more and more, but
    /// of filters that cost much fewer at once, since others wait for this thread meanwhile.
    fn next_size(&mut self, wanted: usize) -> usize {
        let known = self.wanted.reach == Reach::Everything || matches!(self.source, Source::These { .. });
        if self.wanted.is_plain() && known {
            return wanted.clamp(1, PAGE + 1);
        }
        let most = (self.wanted.rows_max() / 50).clamp(100, PAGE);
        let size = self.size.max(wanted).min(most);
        self.size = (self.size * 4).min(PAGE);
        size
    }

    fn kept(&self, mut rows: Vec<Feature>) -> Vec<Feature> {
        let wanted = &self.wanted;
        // The index is a picture of a moment before: what a row says of its area is what counts.
        if wanted.reach != Reach::Everything {
            rows.retain(|row| wanted.reach.holds(row.area.as_deref()));
        }
        if wanted.is_plain() {
            return rows;
        }
        let matchers: Vec<_> = wanted.conditions.all.iter().map(cql2::Checked::matcher).collect();
        rows.retain(|row| wanted.admits(&Row::new(&wanted.layer, row), &matchers));
        rows
    }
}

/// Candidates of the layer as it is now.
fn now(
    wanted: &Wanted,
    snapshot: &Snapshot,
    limit: usize,
    matched: &mut Option<usize>,
    candidates: &mut Option<usize>,
) -> Source {
    let base = snapshot.base;
    let Some(narrowest) = wanted.narrowest() else {
        let count = snapshot.index.count(&wanted.reach);
        *(if wanted.is_plain() { matched } else { candidates }) = Some(count);
        if wanted.reach == Reach::Everything {
            return Source::All { base };
        }
        let most = if wanted.is_plain() { limit + 1 } else { wanted.rows_max() + 1 };
        let ids: Vec<i64> = snapshot.index.after(wanted.after, &wanted.reach).take(most).collect();
        let cut = ids.len() == most;
        return Source::These { base, ids, next: 0, cut };
    };
    let mut ids = snapshot.index.within(narrowest, &wanted.reach);
    // A filter by place is not true of what has none; a `bbox` is.
    if wanted.conditions.all.iter().all(|one| one.plan().bbox.is_none()) {
        ids.extend(snapshot.index.placeless(&wanted.reach));
        ids.sort_unstable();
    }
    // The box of a point is its place.
    let exact = wanted.layer.shape == Shape::Point && wanted.conditions.all.is_empty();
    *(if exact { matched } else { candidates }) = Some(ids.len());
    let next = ids.partition_point(|id| *id <= wanted.after);
    Source::These { base, ids, next, cut: false }
}
