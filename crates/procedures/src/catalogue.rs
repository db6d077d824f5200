//! One catalogue: what the city's folder declares, and behind it what was imported from the national catalogue.
//!
//! It is a picture of one moment, held in memory and never changed; an import is followed by a new one ([`watch`]), and
//! whoever began with the old one ends with it. A procedure of the folder stands before an imported one of its code.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use songhan_app::{App, BoxFuture};
use songhan_base::{Internal, fold};
use songhan_city::{City, Page};
use songhan_db::Recorded;
use songhan_search::{Entry, Index};

use crate::imported::{ProceduresImported, store};
use crate::procedure::{Procedure, Procedures, Tier};

/// Danh mục thủ tục hành chính.
#[derive(Debug)]
pub struct Catalogue {
    /// Those of the folder in its order, then the others: what a ward handles first, by title.
    all: Vec<Arc<Procedure>>,
    declared: usize,
    by_code: HashMap<String, usize>,
    /// By the name of the file; imported ones go by their code.
    by_name: HashMap<String, usize>,
    index: Index<Arc<Procedure>>,
}

/// The picture of now in this process.
#[derive(Default)]
struct Slot {
    now: RwLock<Option<Arc<Catalogue>>>,
    /// One is made at a time: who comes meanwhile waits for it, and an import that is committed meanwhile makes the next.
    making: tokio::sync::Mutex<()>,
}

impl Slot {
    fn get(&self) -> Option<Arc<Catalogue>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, catalogue: Option<Arc<Catalogue>>) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }
}

impl Catalogue {
    /// The catalogue as it is now. The database is read once in a process, and again after an import.
    pub async fn of(app: &App) -> Result<Arc<Self>, Internal> {
        let slot = app.memory.get_or(Slot::default);
        if let Some(found) = slot.get() {
            return Ok(found);
        }
        let _one = slot.making.lock().await;
        if let Some(found) = slot.get() {
            return Ok(found);
        }
        let made = Arc::new(Self::read(app).await?);
        slot.set(Some(made.clone()));
        Ok(made)
    }

    async fn read(app: &App) -> Result<Self, Internal> {
        let rows = store::current(&app.db).await?;
        let city = app.city.clone();
        let made = tokio::task::spawn_blocking(move || {
            let imported = rows.into_iter().filter_map(|row| match row.into_procedure(&city) {
                Ok(procedure) => Some(procedure),
                Err(error) => {
                    tracing::error!(%error, "an imported procedure cannot be read; import it again");
                    None
                }
            });
            Self::new(&city, imported)
        });
        made.await.map_err(Internal::new)
    }

    fn new(city: &City, imported: impl Iterator<Item = Procedure>) -> Self {
        let declared = city.get::<Procedures>();
        let mut others: Vec<_> = imported
            .filter(|procedure| declared.get(&procedure.code).is_none())
            .map(|procedure| {
                let nearest = procedure.tiers(city).into_iter().min().unwrap_or(Tier::Other);
                (nearest, fold(&procedure.title.vi), Arc::new(procedure))
            })
            .collect();
        others.sort_by(|a, b| (a.0, &a.1, &a.2.code).cmp(&(b.0, &b.1, &b.2.code)));
        let mut all: Vec<_> = declared.iter().cloned().collect();
        let count = all.len();
        all.extend(others.into_iter().map(|(_, _, procedure)| procedure));
        let by = |key: fn(&Procedure) -> &String| all.iter().enumerate().map(|(at, p)| (key(p).clone(), at)).collect();
        Self {
            by_code: by(|procedure| &procedure.code),
            by_name: by(|procedure| &procedure.name),
            index: Index::new(all.iter().map(entry)),
            declared: count,
            all,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.all.iter()
    }

    /// Those of the city's folder.
    pub fn declared(&self) -> &[Arc<Procedure>] {
        &self.all[..self.declared]
    }

    pub fn get(&self, code: &str) -> Option<&Arc<Procedure>> {
        self.by_code.get(code).map(|&at| &self.all[at])
    }

    /// By the name in addresses of pages.
    pub fn named(&self, name: &str) -> Option<&Arc<Procedure>> {
        self.by_name.get(name).map(|&at| &self.all[at])
    }

    /// The best matches of a search, folded, small typos forgiven.
    pub fn find(&self, query: &str, limit: usize) -> Vec<&Arc<Procedure>> {
        self.index.find(query, limit).into_iter().map(|(_, procedure)| procedure).collect()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// How a search finds it. Of an imported one its steps are left out: they name every office and half of the law, and the
/// words that tell it from others stand in its title and its papers.
fn entry(procedure: &Arc<Procedure>) -> Entry<Arc<Procedure>> {
    let pages = [Some(&procedure.vi), procedure.en.as_ref()];
    let mut body = pages.into_iter().flatten().map(Page::text).collect::<Vec<_>>();
    if let Some(national) = &procedure.national {
        body.extend(national.searched());
        body.extend(procedure.documents.iter().map(|paper| paper.name.vi.clone()));
    }
    Entry {
        item: procedure.clone(),
        titles: [Some(&procedure.title.vi), procedure.title.en.as_ref()].into_iter().flatten().cloned().collect(),
        keywords: procedure.keywords.iter().cloned().chain([procedure.code.clone()]).collect(),
        body: body.join("\n"),
    }
}

/// After an import: the new catalogue, and no page of the old one.
pub fn watch<'a>(app: &'a App, event: &'a Recorded) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        if event.read::<ProceduresImported>().is_none() {
            return;
        }
        let slot = app.memory.get_or(Slot::default);
        let _one = slot.making.lock().await;
        match Catalogue::read(app).await {
            Ok(made) => slot.set(Some(Arc::new(made))),
            Err(error) => {
                tracing::error!(%error, "the catalogue will be read when it is next needed");
                slot.set(None);
            }
        }
        app.forget_shared();
    })
}

/// The procedure as it was in that version; the present one where that is not known any more.
pub async fn version(app: &App, code: &str, version: &str) -> Result<Option<Arc<Procedure>>, Internal> {
    let now = Catalogue::of(app).await?.get(code).cloned();
    if now.as_ref().is_some_and(|procedure| procedure.version == version) {
        return Ok(now);
    }
    match store::version(&app.db, code, version).await? {
        Some(row) => row.into_procedure(&app.city).map(|procedure| Some(Arc::new(procedure))),
        None => Ok(now),
    }
}
