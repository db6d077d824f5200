//! The engine alone, on both databases: who may have what of a parcel, and that nothing is in two places.

use songhan_app::{Cx, Module};
use songhan_base::{Id, Role};
use songhan_testkit::{TestCity, for_each_database};

use crate::{About, Delivery, Ended, Recipient, Rejection, State, Way};

const UNIT: &str = "ubnd-hai-chau";

fn modules() -> Vec<Module> {
    vec![crate::module()]
}

fn at_desk(city: &TestCity) -> Cx {
    city.cx(&city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]))
}

fn to() -> Recipient {
    Recipient {
        recipient: "Trần Văn Ba".into(), phone: "0905 111 222".into(), address: "3 Bạch Đằng, Đà Nẵng".into()
    }
}

fn about(case: Id, code: &str, account: Id) -> About<'_> {
    About { case, code, title: "Bản sao trích lục", unit: UNIT, account }
}

/// A result that waits for the carrier.
async fn ready(cx: &Cx, code: &str, account: Id) -> Id {
    let case = cx.env.id();
    let mut tx = cx.begin().await.unwrap();
    crate::choose(&mut tx, about(case, code, account), Way::Post, Some(&to())).await.unwrap();
    crate::make_ready(&mut tx, case).await.unwrap();
    tx.commit().await.unwrap();
    case
}

async fn send(cx: &Cx, case: Id, number: &str) -> Result<Delivery, Rejection> {
    let mut tx = cx.begin().await.unwrap();
    let manifest = crate::open_manifest(&mut tx, cx, UNIT).await?;
    let sent = crate::send(&mut tx, cx, case, number, &manifest).await?;
    tx.commit().await.unwrap();
    Ok(sent)
}

async fn end(cx: &Cx, case: Id, ended: Ended<'_>) -> Result<Delivery, Rejection> {
    let mut tx = cx.begin().await.unwrap();
    let done = crate::end(&mut tx, case, ended).await?;
    tx.commit().await.unwrap();
    Ok(done)
}

#[tokio::test]
async fn a_result_is_in_one_place() {
    for_each_database(modules(), |city| async move {
        let (cx, account) = (at_desk(&city), city.system().env.id());
        let case = ready(&cx, "H17-1", account).await;
        assert!(matches!(end(&cx, case, Ended::Delivered).await, Err(Rejection::NotUnderWay(_))));
        assert!(matches!(send(&cx, case, "12").await, Err(Rejection::Number { .. })));
        let sent = send(&cx, case, "ea123456789vn").await.unwrap();
        assert_eq!((sent.state, sent.number.as_deref()), (State::HandedOver, Some("EA123456789VN")));
        assert!(matches!(send(&cx, case, "EB123456789VN").await, Err(Rejection::UnderWay(_))));
        let mut tx = cx.begin().await.unwrap();
        assert!(matches!(crate::collect(&mut tx, case).await, Err(Rejection::UnderWay(_))));
        let changed = crate::change(&mut tx, about(case, "H17-1", account), Way::Counter, None, true).await;
        assert!(matches!(changed, Err(Rejection::UnderWay(_))));
        drop(tx);
        // Back, elsewhere, away again; the lists are counted without a gap, those that failed among none.
        assert_eq!(end(&cx, case, Ended::CameBack("đi vắng")).await.unwrap().state, State::CameBack);
        let mut tx = cx.begin().await.unwrap();
        let moved = Recipient { address: "9 Lê Lợi, Huế".into(), ..to() };
        let changed = crate::change(&mut tx, about(case, "H17-1", account), Way::Post, Some(&moved), true).await;
        assert_eq!(changed.unwrap().state, State::CameBack, "still to be sent again");
        tx.commit().await.unwrap();
        city.clock.advance(std::time::Duration::from_secs(60));
        let cx = at_desk(&city);
        send(&cx, case, "EB123456789VN").await.unwrap();
        let lists = crate::manifests(&cx.db, Some(&[UNIT.to_owned()]), 9).await.unwrap();
        assert_eq!(lists.iter().map(|list| list.number.as_str()).collect::<Vec<_>>(), ["2/2026", "1/2026"]);
        assert_eq!(end(&cx, case, Ended::Delivered).await.unwrap().state, State::Delivered);
        assert!(crate::with_carrier(&cx.db, None, 9).await.unwrap().is_empty());
        // The first parcel keeps where it went.
        let old = crate::store::parcels_of(&cx.db, account, 9).await.unwrap();
        assert!(
            old.iter()
                .any(|one| one.number == "EA123456789VN" && one.address.as_deref() == Some("3 Bạch Đằng, Đà Nẵng"))
        );
        assert!(old.iter().any(|one| one.number == "EB123456789VN" && one.address.as_deref() == Some("9 Lê Lợi, Huế")));
    })
    .await;
}

#[tokio::test]
async fn one_person_may_have_one_parcel_for_several_results() {
    for_each_database(modules(), |city| async move {
        let (cx, env) = (at_desk(&city), city.system().env.clone());
        let (lan, bao) = (env.id(), env.id());
        let (first, second, other) =
            (ready(&cx, "H17-1", lan).await, ready(&cx, "H17-2", lan).await, ready(&cx, "H17-3", bao).await);
        send(&cx, first, "EA123456789VN").await.unwrap();
        send(&cx, second, "EA123456789VN").await.unwrap();
        let taken = send(&cx, other, "EA123456789VN").await;
        assert!(matches!(taken, Err(Rejection::Taken { ref code, .. }) if code == "H17-1"), "{taken:?}");
        // Both written by mistake: then the number is free.
        for case in [first, second] {
            let back = end(&cx, case, Ended::Withdrawn).await.unwrap();
            assert_eq!((back.state, back.number), (State::Ready, None));
        }
        send(&cx, other, "EA123456789VN").await.unwrap();
        assert_eq!(crate::waiting(&cx.db, Some(&[UNIT.to_owned()]), 9).await.unwrap().len(), 2);
        assert!(crate::waiting(&cx.db, Some(&["ubnd-an-hai".to_owned()]), 9).await.unwrap().is_empty());
        assert!(crate::waiting(&cx.db, Some(&[]), 9).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_forgotten_person_is_sent() {
    for_each_database(modules(), |city| async move {
        let (cx, account) = (at_desk(&city), city.system().env.id());
        let (waiting, gone) = (ready(&cx, "H17-1", account).await, ready(&cx, "H17-2", account).await);
        send(&cx, gone, "EA123456789VN").await.unwrap();
        let mut tx = cx.begin().await.unwrap();
        crate::personal::erase(&cx, &mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        let left = crate::of_case(&cx.db, waiting).await.unwrap().unwrap();
        assert_eq!((left.way, left.state, left.recipient), (Way::Counter, State::Chosen, None));
        assert!(matches!(send(&cx, waiting, "EB123456789VN").await, Err(Rejection::NotWaiting(_))));
        let with = crate::of_case(&cx.db, gone).await.unwrap().unwrap();
        assert_eq!((with.state, with.to()), (State::HandedOver, None));
        assert_eq!(end(&cx, gone, Ended::Delivered).await.unwrap().state, State::Delivered);
    })
    .await;
}
