//! Files kept and taken away at the same time, in the orders that could lose one, and wherever a process dies.

use std::collections::BTreeSet;
use std::path::PathBuf;

use songhan_testkit::{TestCity, dies_after, for_each_database, stands_still_after};

use super::*;
use crate::upload::{forget_stale, take};
use crate::{Upload, remove_upload};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// More polls than anything here takes.
const POLLS_MAX: usize = 1000;

/// A paper that nobody else has.
fn paper(n: usize) -> Vec<u8> {
    format!("%PDF-1.7\n% {n}\n%%EOF\n").into_bytes()
}

fn folder(city: &TestCity) -> PathBuf {
    city.app.config.data.join("files")
}

/// The names of all files that are on disk and in their place.
pub fn names(city: &TestCity) -> BTreeSet<String> {
    let listed = |path: PathBuf| std::fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path());
    let own = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let folders = listed(folder(city)).filter(|path| path.is_dir());
    folders.flat_map(|path| listed(path.clone()).map(move |file| own(&path) + &own(&file))).collect()
}

/// What is unfinished in the folder.
fn unfinished(city: &TestCity) -> usize {
    std::fs::read_dir(folder(city)).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count()
}

/// As an erasure would: everything that may go, goes.
pub async fn remove_all(city: &TestCity) {
    for name in names(city) {
        remove(&city.system(), &name, HOUR).await.unwrap();
    }
}

/// All folders of one round.
pub async fn sweep_round(city: &TestCity) {
    for _ in 0..25 {
        sweep(city.system()).await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(1));
    }
}

async fn taken(city: &TestCity, n: usize) -> Result<Upload, crate::UploadRejection> {
    take(&city.cx(&city.resident("Nguyễn Thị Lan")), "giấy.pdf", paper(n)).await
}

async fn named(city: &TestCity, name: &str) -> bool {
    let mut tx = city.system().begin().await.unwrap();
    store::is_named(&mut tx, name).await.unwrap()
}

async fn claim_nothing(city: &TestCity, upload: &Upload) {
    assert!(remove_upload(&city.system(), upload.owner, upload.id).await.unwrap());
}

#[tokio::test]
async fn the_orders_that_would_lose_a_file() {
    for_each_database(vec![crate::module()], |city| async move {
        let cx = city.system();
        let name = put(&cx.app, paper(1)).await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(48));

        // Put again, swept, named: the file has been renewed and stays.
        assert_eq!(put(&cx.app, paper(1)).await.unwrap(), name);
        let until = cx.now() + HOUR;
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Young(until));
        let mut tx = cx.begin().await.unwrap();
        hold(&cx.app, &mut tx, &name).await.unwrap();
        drop(tx);

        // The same, but whoever put it has stood still for longer than the pause: refused, not lost.
        city.clock.advance(std::time::Duration::from_hours(2));
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Gone);
        let mut tx = cx.begin().await.unwrap();
        let refused = hold(&cx.app, &mut tx, &name).await.err().unwrap().to_string();
        assert!(refused.contains("taken away before it was named"), "{refused}");
        drop(tx);
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Gone, "twice is once");

        // Held, swept, named: the sweep waits for the commit.
        let mut upload = taken(&city, 2).await.unwrap();
        claim_nothing(&city, &upload).await;
        let naming = async {
            let mut tx = cx.begin().await.unwrap();
            let held = hold(&cx.app, &mut tx, &upload.sha256).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            upload.id = cx.env.id();
            store::insert_upload(&mut tx, &upload, &held).await.unwrap();
            tx.commit().await.unwrap();
            held
        };
        let removing = async {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let name = put(&cx.app, paper(2)).await.unwrap();
            remove(&cx, &name, SignedDuration::ZERO).await.unwrap()
        };
        let (held, removal) = tokio::join!(naming, removing);
        assert_eq!(removal, Removal::Named);
        assert_eq!(get(&cx.app, held.name()).await.unwrap(), paper(2));
    })
    .await;
}

/// Every place at which one can stand still while the other goes on. `pause` is that of the removal.
async fn interleaved(city: &TestCity, pause: SignedDuration, keeper_first: bool) -> usize {
    let (cx, mut refused) = (city.system(), 0);
    for polls in 0..POLLS_MAX {
        let name = put(&cx.app, paper(polls)).await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(2));
        let (keeping, removing) = (Box::pin(taken(city, polls)), Box::pin(remove(&cx, &name, pause)));
        let (kept, removed, done) = if keeper_first {
            stands_still_after(polls, keeping, removing).await
        } else {
            let (removed, kept, done) = stands_still_after(polls, removing, keeping).await;
            (kept, removed, done)
        };
        let removed = removed.unwrap();
        match kept {
            Ok(upload) => {
                assert_eq!(get(&cx.app, &upload.sha256).await.unwrap(), paper(polls), "acknowledged and lost");
                assert_eq!(remove(&cx, &name, SignedDuration::ZERO).await.unwrap(), Removal::Named);
                claim_nothing(city, &upload).await;
            }
            Err(rejection) => {
                assert!(rejection.to_string().contains("taken away before"), "{rejection}");
                assert_eq!(removed, Removal::Gone);
                assert!(!named(city, &name).await);
                refused += 1;
            }
        }
        assert_eq!(unfinished(city), 0, "after {polls} polls");
        if done {
            assert!(polls > 1, "{polls} polls are no places to stand still at");
            return refused;
        }
    }
    panic!("it never comes to an end");
}

#[tokio::test]
async fn in_no_order_is_an_acknowledged_file_lost() {
    for_each_database(vec![crate::module()], |city| async move {
        // With the pause nobody is even refused.
        assert_eq!(interleaved(&city, HOUR, true).await, 0);
        assert_eq!(interleaved(&city, HOUR, false).await, 0);
        // Without it, what is put may be taken away before it is named, and then is refused. A quick disk leaves few places
        // to stand still at, and not in each round one between the two.
        let mut rounds = 0;
        while interleaved(&city, SignedDuration::ZERO, true).await == 0 {
            rounds += 1;
            assert!(rounds < 20, "nobody was ever refused");
        }
        interleaved(&city, SignedDuration::ZERO, false).await;
    })
    .await;
}

#[tokio::test]
async fn wherever_a_removal_dies_the_file_is_there_or_comes_to_an_end() {
    for_each_database(vec![crate::module()], |city| async move {
        let cx = city.system();
        let mut kept = BTreeSet::new();
        for polls in 0..POLLS_MAX {
            let named = put(&cx.app, paper(2 * polls)).await.unwrap();
            let orphan = put(&cx.app, paper(2 * polls + 1)).await.unwrap();
            city.clock.advance(std::time::Duration::from_hours(2));
            let done = dies_after(polls, remove(&cx, &named, HOUR)).await.is_some();
            dies_after(polls, remove(&cx, &orphan, HOUR)).await;
            // The bytes are put again and named.
            kept.insert(taken(&city, 2 * polls).await.unwrap().sha256);
            assert_eq!(get(&cx.app, &named).await.unwrap(), paper(2 * polls));
            if done {
                assert!(polls > 1, "{polls} polls are no places to die at");
                break;
            }
        }
        // The threads of the files go on for a moment where a process would have died.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        city.clock.advance(std::time::Duration::from_hours(48));
        sweep_round(&city).await;
        assert_eq!((names(&city), unfinished(&city)), (kept, 0));
    })
    .await;
}

#[tokio::test]
async fn moved_aside_and_named_goes_back() {
    for_each_database(vec![crate::module()], |city| async move {
        // As a server would leave it that ended the removal's transaction and then died.
        let upload = taken(&city, 1).await.unwrap();
        let root = folder(&city);
        let place = root.join(&upload.sha256[..2]).join(&upload.sha256[2..]);
        std::fs::rename(&place, root.join(format!(".{}.abcdefghijkl", upload.sha256))).unwrap();
        assert!(get(&city.app, &upload.sha256).await.is_err());
        sweep(city.system()).await.unwrap();
        assert_eq!(get(&city.app, &upload.sha256).await.unwrap(), paper(1));

        // Put anew meanwhile, the older one goes.
        std::fs::rename(&place, root.join(format!(".{}.abcdefghijkl", upload.sha256))).unwrap();
        put(&city.app, paper(1)).await.unwrap();
        sweep(city.system()).await.unwrap();
        assert_eq!(get(&city.app, &upload.sha256).await.unwrap(), paper(1));
        assert_eq!(unfinished(&city), 0);
    })
    .await;
}

#[tokio::test]
async fn what_nothing_names_is_swept_after_a_day() {
    for_each_database(vec![crate::module()], |city| async move {
        for n in 0..20 {
            put(&city.app, paper(n)).await.unwrap();
        }
        let taken_back = taken(&city, 20).await.unwrap();
        claim_nothing(&city, &taken_back).await;
        let kept = taken(&city, 21).await.unwrap();
        let half = folder(&city).join(".abcdefghijkl");
        std::fs::write(&half, "half").unwrap();
        std::fs::File::options().write(true).open(&half).unwrap().set_modified(city.app.now().into()).unwrap();
        let foreign = folder(&city).join(".nfs0001");
        std::fs::write(&foreign, "of somebody else").unwrap();

        // Not on the same day; then in one round.
        for _ in 0..23 {
            sweep(city.system()).await.unwrap();
            city.clock.advance(std::time::Duration::from_hours(1));
        }
        assert_eq!(names(&city).len(), 22);
        city.clock.advance(std::time::Duration::from_hours(1));
        sweep_round(&city).await;
        assert_eq!(names(&city), BTreeSet::from([kept.sha256.clone()]));
        assert!(!half.exists() && foreign.exists());

        // What was never handed in is forgotten after three months, and its file with it.
        city.clock.advance(std::time::Duration::from_hours(91 * 24));
        forget_stale(city.system()).await.unwrap();
        sweep_round(&city).await;
        assert_eq!(names(&city), BTreeSet::new());
        let gone: Option<Upload> = store::upload(&city.app.db, kept.id).await.unwrap();
        assert!(gone.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_written_anew() {
    for_each_database(vec![crate::module()], |city| async move {
        let name = put(&city.app, paper(1)).await.unwrap();
        std::fs::write(folder(&city).join(&name[..2]).join(&name[2..]), "cut").unwrap();
        assert!(get(&city.app, &name).await.is_err());
        put(&city.app, paper(1)).await.unwrap();
        assert_eq!(get(&city.app, &name).await.unwrap(), paper(1));
        for wrong in ["", "../../../etc/passwd", &name[1..], &name.to_uppercase()] {
            assert!(get(&city.app, wrong).await.is_err() && remove(&city.system(), wrong, HOUR).await.is_err());
        }
    })
    .await;
}

#[tokio::test]
async fn every_column_that_names_a_file_is_known() {
    for_each_database(vec![crate::module()], |city| async move {
        let tables = songhan_db::tables(&city.app.db).await.unwrap();
        let there: BTreeSet<(String, String)> = tables
            .iter()
            .flat_map(|table| table.columns.iter().map(|column| (table.name.clone(), column.name.clone())))
            .filter(|(_, column)| column.ends_with("sha256"))
            .collect();
        let known = store::NAMING.map(|(table, column, _)| (table.to_owned(), column.to_owned()));
        assert_eq!(there, BTreeSet::from(known));
    })
    .await;
}

#[tokio::test]
async fn no_file_ends_while_a_copy_is_made() {
    for_each_database(vec![crate::module()], |city| async move {
        let (cx, env) = (city.system(), city.app.env.clone());
        let name = put(&cx.app, paper(1)).await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(48));
        let copying = Copying::begin(&cx.config.data, &env).unwrap();
        let until = cx.now() + SignedDuration::from_mins(10);
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Young(until));
        // A copy that died is not renewed and holds nothing up; here it is the clock that went on.
        city.clock.advance(std::time::Duration::from_mins(11));
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Gone);
        drop(copying);

        let name = put(&cx.app, paper(2)).await.unwrap();
        city.clock.advance(std::time::Duration::from_hours(48));
        let copying = Copying::begin(&cx.config.data, &env).unwrap();
        assert!(matches!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Young(_)));
        drop(copying);
        assert_eq!(remove(&cx, &name, HOUR).await.unwrap(), Removal::Gone);
        assert_eq!(unfinished(&city), 0);
        // What a dead copy has left is forgotten like all that is half-done.
        std::fs::write(folder(&city).join(".copying.AAAAAAAAAAAA"), b"").unwrap();
        city.clock.advance(std::time::Duration::from_hours(24 * 365 * 40));
        sweep(city.system()).await.unwrap();
        assert_eq!(unfinished(&city), 0);
    })
    .await;
}
