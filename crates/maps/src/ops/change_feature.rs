//! Change a feature: made, replaced, updated, removed or put back, in one commit that this process shows in its next
//! answer. The API of the standard, the undo beside it and the pages all come through here; what may be changed is for
//! [`crate::edit`] to say.

use songhan_app::Cx;
use songhan_base::Internal;
use songhan_db::Tx;

use crate::edit::{self, Edited, Of, Refused, Wish};
use crate::feature::Feature;
use crate::layer::Layer;
use crate::snapshot;
use crate::store::features;

/// A change that is made and not yet committed.
pub struct Changing {
    tx: Tx,
    edited: Edited,
    now: Option<Feature>,
}

/// Makes a change; whoever asked for it keeps the answer with it where there is one, and commits.
pub async fn change_feature(
    cx: &Cx,
    layer: &Layer,
    of: Option<Of>,
    wish: Wish,
    reason: &str,
) -> Result<Changing, Refused> {
    let mut tx = cx.begin().await?;
    let edited = edit::edit(&mut tx, cx, layer, of, wish, reason).await?;
    let now = features::current(&mut tx, edited.base, edited.feature).await?;
    Ok(Changing { tx, edited, now })
}

impl Changing {
    pub const fn edited(&self) -> &Edited {
        &self.edited
    }

    /// The feature as it is with the change; `None` where it is removed.
    pub const fn now(&self) -> Option<&Feature> {
        self.now.as_ref()
    }

    /// Keeps the answer under the request's idempotency key, see [`Cx::keep`].
    pub async fn keep(&mut self, cx: &Cx, status: u16, body: &impl serde::Serialize) -> Result<(), Internal> {
        cx.keep(&mut self.tx, status, body).await
    }

    /// From here on everybody sees it.
    pub async fn commit(self, cx: &Cx) -> Result<Edited, Internal> {
        self.tx.commit().await?;
        snapshot::shown(cx, &self.edited.told).await;
        Ok(self.edited)
    }
}
