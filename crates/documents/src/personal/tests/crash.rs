//! A server that dies while somebody signs, or stands still while everything is swept that may be.

use songhan_db::query;
use songhan_testkit::{dies_after, stands_still_after};

use super::*;
use crate::files::tests::{remove_all, sweep_round};
use crate::record;

/// More polls than a request takes; the places where it can die are fewer.
const POLLS_MAX: usize = 2000;

async fn audited(city: &TestCity, action: &str, account: Id) -> i64 {
    let (rows,): (i64,) = query("SELECT count(*) FROM audit WHERE action = $1 AND subject = $2")
        .bind(action)
        .bind(format!("account:{account}"))
        .fetch_one(&city.app.db)
        .await
        .unwrap();
    rows
}

#[tokio::test]
async fn asked_for_or_not_wherever_it_dies() {
    with_telephone(|city, _| async move {
        let cx = city.system();
        for polls in 0..POLLS_MAX {
            let account = cx.env.id();
            let subject = format!("draft:{account}");
            let done = dies_after(polls, ask(&cx, account, &subject)).await;
            let left = all_of(&city, account).await;
            assert!(left.len() <= 1, "{left:?}");
            for there in &left {
                assert_eq!((there.state, &there.signed_sha256), (SignatureState::Waiting, &None));
                assert!(file_of(&cx, there).await.unwrap().starts_with(b"%PDF-"), "what was shown is on disk");
            }
            // The same request again: the one that is there, or the first.
            let again = ask(&cx, account, &subject).await.unwrap();
            assert!(left.is_empty() || left[0].id == again.id, "after {polls} polls");
            assert_eq!(ask(&cx, account, &subject).await.unwrap().id, again.id);
            assert_eq!(all_of(&city, account).await.len(), 1);
            assert_eq!(audited(&city, "documents.signature_asked", account).await, 1);
            if let Some(done) = done {
                assert_eq!(done.unwrap().id, again.id);
                assert!(polls > 2, "{polls} polls are no places to die at");
                return;
            }
        }
        panic!("it never comes to an end");
    })
    .await;
}

#[tokio::test]
async fn signed_or_not_wherever_it_dies() {
    with_telephone(|city, origin| async move {
        let cx = city.system();
        for polls in 0..POLLS_MAX {
            let account = cx.env.id();
            let subject = format!("draft:{account}");
            let asked = ask(&cx, account, &subject).await.unwrap();
            confirm(&origin).await;
            let done = dies_after(polls, look(&cx, &subject, 1)).await;
            let [left]: [PersonalSignature; 1] = all_of(&city, account).await.try_into().unwrap();
            match left.state {
                SignatureState::Waiting => assert_eq!(left.signed_sha256, None),
                SignatureState::Confirmed => assert!(left.signed_sha256.is_some()),
                other => panic!("{other:?} after {polls} polls"),
            }
            // Whoever looks next finds it signed, once, whether by looking or by asking again.
            let found = look(&cx, &subject, 1).await.unwrap().unwrap();
            assert_eq!((found.id, found.state), (asked.id, SignatureState::Confirmed), "after {polls} polls");
            assert!(left.signed_sha256.is_none() || left.signed_sha256 == found.signed_sha256);
            let there = confirmed(&city.app.db, &subject, 1).await.unwrap().map(|signature| signature.id);
            assert_eq!(there, Some(asked.id));
            let again = ask(&cx, account, &subject).await.unwrap();
            assert_eq!((again.id, &again.signed_sha256), (asked.id, &found.signed_sha256));
            assert_eq!(all_of(&city, account).await.len(), 1);
            assert_eq!(audited(&city, "documents.signature_ended", account).await, 1);
            let paper = file_of(&cx, &found).await.unwrap();
            assert_eq!(paper.windows(10).filter(|bytes| bytes == b"/ByteRange").count(), 1, "one signature");
            if let Some(done) = done {
                assert_eq!(done.unwrap().unwrap().signed_sha256, found.signed_sha256);
                assert!(polls > 2, "{polls} polls are no places to die at");
                return;
            }
        }
        panic!("it never comes to an end");
    })
    .await;
}

#[tokio::test]
async fn nothing_in_flight_is_swept() {
    with_telephone(|city, origin| async move {
        let cx = city.system();
        for polls in 0..POLLS_MAX {
            let (account, unit) = (cx.env.id(), "ubnd-hai-chau");
            let subject = format!("draft:{account}");
            // While it is asked for, while it is finished and while it is handed in.
            let (asked, (), one) =
                stands_still_after(polls, Box::pin(ask(&cx, account, &subject)), remove_all(&city)).await;
            let asked = asked.unwrap();
            assert!(file_of(&cx, &asked).await.unwrap().starts_with(b"%PDF-"));
            confirm(&origin).await;
            let (found, (), two) = stands_still_after(polls, Box::pin(look(&cx, &subject, 1)), remove_all(&city)).await;
            let found = found.unwrap().unwrap();
            assert_eq!((found.id, found.state), (asked.id, SignatureState::Confirmed), "after {polls} polls");
            let handing_in = async {
                let paper = signed_document(&cx, &found, unit).await.unwrap().about(subject.clone(), account, NAME);
                let mut tx = cx.begin().await.unwrap();
                let paper = record(&mut tx, &cx, paper).await.unwrap();
                tx.commit().await.unwrap();
                paper
            };
            let (paper, (), three) = stands_still_after(polls, Box::pin(handing_in), remove_all(&city)).await;
            assert_eq!(files::get(&cx.app, &paper.sha256).await.unwrap().len() as i64, paper.size);
            city.clock.advance(std::time::Duration::from_secs(60));
            if one && two && three {
                assert!(polls > 2, "{polls} polls are no places to stand still at");
                sweep_round(&city).await;
                assert!(file_of(&cx, &asked).await.unwrap().starts_with(b"%PDF-"), "the row names what was shown");
                files::get(&cx.app, &paper.sha256).await.unwrap();
                return;
            }
        }
        panic!("it never comes to an end");
    })
    .await;
}
