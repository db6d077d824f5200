//! Layers as they were: by the tiles' picture of any moment.

use std::sync::Arc;
use std::time::Duration;

use songhan_testkit::for_each_database_in;

use super::*;
use crate::layer::Reach;

const HOUR: Duration = Duration::from_hours(1);

async fn past(city: &TestCity, at: jiff::Timestamp) -> Option<Arc<snapshot::Snapshot>> {
    snapshot::past(&city.app, &trees(city), at).await.unwrap()
}

#[tokio::test]
async fn what_a_layer_was_is_pictured_once_and_stays_so() {
    for_each_database_in(folder(true), modules(), |city| async move {
        let start = city.app.now();
        city.clock.advance(HOUR);
        planted(&city, 10).await;
        city.clock.advance(HOUR);
        let (cx, layer) = (officer(&city, HAI_CHAU.0), trees(&city));
        let unchanged = past(&city, city.app.now()).await.unwrap();
        let now = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&unchanged, &now), "nothing has changed since");
        let before = city.app.now();
        city.clock.advance(HOUR);
        edit(&cx, &layer, Some(Of { feature: 1, seen: None }), Wish::Remove).await.unwrap();
        let felled = city.app.now();
        city.clock.advance(HOUR);
        let wish = Wish::Create { geometry: at(108.3, 16.0), properties: tree("Me", HAI_CHAU.1) };
        edit(&cx, &layer, None, wish).await.unwrap();
        city.clock.advance(HOUR);
        assert!(past(&city, start).await.is_none(), "before the first import");
        let (first, second) = (past(&city, before).await.unwrap(), past(&city, felled).await.unwrap());
        let all = Reach::Everything;
        let ids = |snapshot: &snapshot::Snapshot| snapshot.index.after(0, &all).collect::<Vec<_>>();
        assert_eq!((ids(&first), ids(&second)), ((1..=10).collect(), (2..=10).collect()));
        let third = past(&city, city.app.now()).await.unwrap();
        assert_eq!(ids(&third), (2..=11).collect::<Vec<_>>());
        let generations = [first.generation, second.generation, third.generation];
        assert!(generations[0] != generations[1] && generations[1] != generations[2]);
        assert_eq!(third.generation, snapshot::of(&city.app, &layer).await.unwrap().unwrap().generation);
        let later = past(&city, felled.checked_add(jiff::SignedDuration::from_mins(5)).unwrap()).await.unwrap();
        assert!(Arc::ptr_eq(&second, &later), "between two changes it was the same");
        // Another import leaves what was.
        planted(&city, 3).await;
        assert!(Arc::ptr_eq(&first, &past(&city, before).await.unwrap()));
        assert_eq!(ids(&past(&city, city.app.now()).await.unwrap()), [1, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_picture() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 50).await;
        city.clock.advance(HOUR);
        let moment = city.app.now();
        city.clock.advance(HOUR);
        planted(&city, 5).await;
        let asking: Vec<_> = (0..10)
            .map(|_| {
                let (app, layer) = (city.app.clone(), trees(&city));
                tokio::spawn(async move { snapshot::past(&app, &layer, moment).await.unwrap().unwrap() })
            })
            .collect();
        let mut made = Vec::new();
        for one in asking {
            made.push(one.await.unwrap());
        }
        assert!(made.iter().all(|one| Arc::ptr_eq(one, &made[0]) && one.index.count(&Reach::Everything) == 50));
    })
    .await;
}
