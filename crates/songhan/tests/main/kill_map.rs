//! `kill -9` while a layer is imported and another is edited, again and again: a layer is whole, old or new; what was
//! acknowledged of an edit is there once, and nothing half.
//!
//! `SONGHAN_KILLS` says how often (20).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use songhan_base::Env;
use songhan_db::{Db, query};
use tokio::io::AsyncBufReadExt;

use crate::site::{Engine, Site};
use crate::web::{Ask, Web};

const EDITED: &str = "trees";
const IMPORTED: &str = "street-lights";
const ITEMS: &str = "/ogc/collections/trees/items";
/// Who edits at the same time.
const EDITORS: usize = 4;
/// Features of an imported file, and how often an import tells how many it has read: once a commit.
const LAMPS: usize = 20_000;
const BATCHES: usize = LAMPS / 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_are_whole_after_kills_on_sqlite() {
    layers_are_whole_after_kills(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn layers_are_whole_after_kills_on_postgres() {
    layers_are_whole_after_kills(Engine::Postgres).await;
}

async fn layers_are_whole_after_kills(engine: Engine) {
    let kills: usize = std::env::var("SONGHAN_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let Some(site) = Site::new(engine).await else { return };
    let token = site.token("officer", None).await;
    let mut serving = site.serve().await;
    let web = Web::at(&serving.url);
    filled(&web).await;
    let began = Instant::now();
    let first = file(&site, 0);
    assert!(import(&site, &first).status().await.expect("the program runs").success());
    let mut standing = 0;
    let mut imports = 0;
    let editors = Editors::begin(&web, &token);
    for kill in 1..=kills {
        let next = file(&site, kill);
        // The server in the middle of edits, the import at no particular moment of itself, its last commit included.
        editors.some_more().await;
        let mut importing = import(&site, &next).stderr(Stdio::piped()).spawn().expect("the program starts");
        let [far, moment] = Env::real().random::<2>();
        come_so_far(&mut importing, usize::from(far) % (BATCHES + 3)).await;
        tokio::time::sleep(Duration::from_millis(u64::from(moment) / 4)).await;
        importing.start_kill().unwrap_or_default();
        let acknowledged = importing.wait().await.expect("it has ended").success();
        editors.pause();
        serving.kill().await;
        let before = editors.acknowledged();
        let db = site.db().await;
        let now = imported(&db).await;
        assert!(now == kill || (now == standing && !acknowledged), "import {kill}: of {now}, where {standing} stood");
        imports += usize::from(now == kill);
        standing = now;
        edited(&db, &before).await;
        db.close().await;
        serving = site.serve().await;
        web.turn_to(&[&serving.url]);
        editors.go_on();
    }
    editors.end().await;
    let db = site.db().await;
    let done = editors.acknowledged();
    edited(&db, &done).await;
    println!(
        "{kills} kills: {imports} imports came to their end, {} trees planted, {:?}",
        done.planted.len(),
        began.elapsed()
    );
    assert!(done.planted.len() >= kills, "the editors did their work");
    // What broken imports left behind is in nobody's way.
    assert!(import(&site, &file(&site, kills + 1)).status().await.expect("the program runs").success());
    assert_eq!(imported(&db).await, kills + 1);
    assert_eq!(web.failures.load(Ordering::Relaxed), 0, "answers of 500 and above");
    db.close().await;
    serving.kill().await;
    site.close().await;
}

/// Waits until the server has filled its layers from the city's folder.
async fn filled(web: &Web) {
    let began = Instant::now();
    for layer in [EDITED, IMPORTED] {
        let path = format!("/ogc/collections/{layer}/items?limit=1");
        while web.get_json(&path, None).await.expect(200).json()["numberMatched"] == 0 {
            assert!(began.elapsed() < Duration::from_secs(120), "{layer} is not filled");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// A file of lamps, each of which names its file.
fn file(site: &Site, number: usize) -> PathBuf {
    let path = site.path(&format!("lamps-{number}.csv"));
    let rows = (0..LAMPS).map(|n| {
        let (lon, lat) = (108.2 + (n % 200) as f64 * 1e-4, 16.0 + (n / 200) as f64 * 1e-4);
        format!("{lon:.4},{lat:.4},F{number}-{n},20242\n")
    });
    std::fs::write(&path, format!("lon,lat,code,commune\n{}", rows.collect::<String>())).expect("a file");
    path
}

fn import(site: &Site, file: &Path) -> tokio::process::Command {
    let mut command = site.command(&["import", "layer", IMPORTED, &file.display().to_string()]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command
}

/// Waits until an import has told so often how far it is, or has ended.
async fn come_so_far(importing: &mut tokio::process::Child, times: usize) {
    let told = importing.stderr.as_mut().expect("it is read");
    let mut lines = tokio::io::BufReader::new(told).lines();
    for _ in 0..times {
        if lines.next_line().await.expect("text").is_none() {
            break;
        }
    }
}

/// The file of which the imported layer consists, whole.
async fn imported(db: &Db) -> usize {
    let rows: Vec<(String,)> = query(
        "SELECT f.properties FROM map_features f JOIN map_layers l ON l.base = f.base
         WHERE l.layer = $1 AND f.valid_to IS NULL ORDER BY f.feature",
    )
    .bind(IMPORTED)
    .fetch_all(db)
    .await
    .expect("rows");
    let (features, kept, state): (i64, i64, String) = query(
        "SELECT l.features, b.kept, b.state FROM map_layers l JOIN map_bases b ON b.number = l.base WHERE l.layer = $1",
    )
    .bind(IMPORTED)
    .fetch_one(db)
    .await
    .expect("the layer");
    assert_eq!((rows.len(), features, kept, state.as_str()), (LAMPS, LAMPS as i64, LAMPS as i64, "current"));
    let (current,): (i64,) = query("SELECT count(*) FROM map_bases WHERE layer = $1 AND state = 'current'")
        .bind(IMPORTED)
        .fetch_one(db)
        .await
        .expect("a number");
    assert_eq!(current, 1, "two bases stand for one layer");
    let mut of = None;
    for (n, (properties,)) in rows.iter().enumerate() {
        let known: Value = serde_json::from_str(properties).expect("an object");
        let (file, number) = known["code"].as_str().and_then(|code| code[1..].split_once('-')).expect("a code of ours");
        assert_eq!(number, n.to_string(), "in the file's order");
        assert_eq!(*of.get_or_insert_with(|| file.to_owned()), file, "of two files");
    }
    of.expect("a feature").parse().expect("a number")
}

/// What the server has answered for, by the trees' codes.
#[derive(Clone, Default)]
struct Acknowledged {
    /// The tree's number, and the heights that it was given, those that were not acknowledged included.
    planted: BTreeMap<String, (i64, Vec<(i64, bool)>)>,
    /// Asked for, not answered.
    asked: Vec<String>,
}

/// Every acknowledged tree is there once, with its last acknowledged height or one that was asked for later; each tree
/// has all its versions, and one of them is the current one.
async fn edited(db: &Db, done: &Acknowledged) {
    let rows: Vec<(i64, i64, bool, String)> = query(
        "SELECT f.feature, f.version, f.valid_to IS NULL, f.properties FROM map_features f
         JOIN map_layers l ON l.base = f.base WHERE l.layer = $1 ORDER BY f.feature, f.version",
    )
    .bind(EDITED)
    .fetch_all(db)
    .await
    .expect("rows");
    let mut trees: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    for feature in rows.chunk_by(|a, b| a.0 == b.0) {
        let versions: Vec<i64> = feature.iter().map(|row| row.1).collect();
        assert_eq!(versions, (1..=feature.len() as i64).collect::<Vec<_>>(), "versions of {}", feature[0].0);
        let current: Vec<bool> = feature.iter().map(|row| row.2).collect();
        let one = current.iter().filter(|is| **is).count() == 1 && current.last() == Some(&true);
        assert!(one, "feature {} has no one current version", feature[0].0);
        let last = feature.last().expect("a version");
        let known: Value = serde_json::from_str(&last.3).expect("an object");
        let code = known["code"].as_str().expect("a code").to_owned();
        trees.entry(code).or_default().push((last.0, known["height_m"].as_i64().unwrap_or_default()));
    }
    let (features, last): (i64, i64) = query("SELECT features, last_feature FROM map_layers WHERE layer = $1")
        .bind(EDITED)
        .fetch_one(db)
        .await
        .expect("the layer");
    let count: usize = trees.values().map(Vec::len).sum();
    let greatest = trees.values().flatten().map(|tree| tree.0).max();
    assert_eq!((features, Some(last)), (count as i64, greatest), "the layer's count and last number");
    for (code, (number, heights)) in &done.planted {
        let there = trees.get(code).unwrap_or_else(|| panic!("the acknowledged tree {code} is lost"));
        let [(found, height)] = there[..] else { panic!("the tree {code} is there {} times", there.len()) };
        let acknowledged = heights.iter().rposition(|(_, acknowledged)| *acknowledged).unwrap_or(0);
        let may_be = &heights[acknowledged..];
        assert_eq!(found, *number, "{code}");
        assert!(may_be.iter().any(|(given, _)| *given == height), "{code} is {height} m high, not {may_be:?}");
    }
    for code in &done.asked {
        assert!(trees.get(code).is_none_or(|there| there.len() == 1), "{code} was asked for once");
    }
}

/// Programs that plant trees and measure them again, each its own.
struct Editors {
    web: Web,
    token: String,
    done: Mutex<Acknowledged>,
    count: AtomicUsize,
    paused: AtomicBool,
    ended: AtomicBool,
    tasks: tokio::sync::Mutex<tokio::task::JoinSet<()>>,
}

impl Editors {
    fn begin(web: &Web, token: &str) -> Arc<Self> {
        let editors = Arc::new(Self {
            web: web.clone(),
            token: token.to_owned(),
            done: Mutex::default(),
            count: AtomicUsize::new(0),
            paused: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            tasks: tokio::sync::Mutex::default(),
        });
        let mut tasks = editors.tasks.try_lock().expect("nobody else knows of it");
        for n in 0..EDITORS {
            tasks.spawn(work(editors.clone(), n));
        }
        drop(tasks);
        editors
    }

    fn note<T>(&self, change: impl FnOnce(&mut Acknowledged) -> T) -> T {
        change(&mut self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn acknowledged(&self) -> Acknowledged {
        self.note(|done| done.clone())
    }

    /// From now on what is not answered was asked for, and nothing more is.
    fn pause(&self) {
        self.paused.store(true, Ordering::SeqCst);
    }

    fn go_on(&self) {
        self.paused.store(false, Ordering::SeqCst);
    }

    async fn some_more(&self) {
        let wanted = self.count.load(Ordering::Relaxed) + 2;
        let waiting = async {
            while self.count.load(Ordering::Relaxed) < wanted {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("edits are acknowledged");
    }

    async fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        let mut tasks = self.tasks.lock().await;
        while let Some(ended) = tasks.join_next().await {
            ended.expect("an editor");
        }
    }

    async fn ask(&self, ask: Ask) -> Option<(u16, Value)> {
        let ask = ask.header("authorization", format!("Bearer {}", self.token));
        let reply = self.web.once(&ask).await.ok()?;
        assert!(matches!(reply.status, 200 | 201), "{} {}", reply.status, reply.text());
        self.count.fetch_add(1, Ordering::Relaxed);
        Some((reply.status, reply.json()))
    }
}

async fn work(editors: Arc<Editors>, editor: usize) {
    let tree = |code: &str, height: i64| {
        json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [108.2228, 16.0637] },
            "properties": { "code": code, "species": "sao-den", "commune": "20242", "height_m": height } })
    };
    for n in 0.. {
        while editors.paused.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if editors.ended.load(Ordering::SeqCst) {
            return;
        }
        let code = format!("K{editor}-{n}");
        editors.note(|done| done.asked.push(code.clone()));
        let Some((_, made)) = editors.ask(Ask::post(ITEMS, &tree(&code, 1))).await else { continue };
        let number = made["id"].as_i64().expect("its number");
        editors.note(|done| done.planted.insert(code.clone(), (number, vec![(1, true)])));
        for height in 2..4 {
            let noted = |acknowledged: bool| {
                editors.note(|done| {
                    let Some((_, heights)) = done.planted.get_mut(&code) else { return };
                    if acknowledged {
                        heights.pop();
                    }
                    heights.push((height, acknowledged));
                });
            };
            noted(false);
            let path = format!("{ITEMS}/{number}");
            if editors.ask(Ask::put(path, &tree(&code, height))).await.is_none() {
                break;
            }
            noted(true);
        }
    }
}
