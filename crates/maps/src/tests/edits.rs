//! Edits: versions with who and why, what was seen is what is changed, undo.

use songhan_testkit::for_each_database_in;

use super::*;
use crate::feature::Change;
use crate::store::{bases, features, layers};

#[tokio::test]
async fn a_tree_lives_and_all_its_versions_are_known() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 4).await;
        let (cx, layer) = (officer(&city, HAI_CHAU.0), trees(&city));
        let create = Wish::Create { geometry: at(108.21, 16.05), properties: tree("Me", HAI_CHAU.1) };
        let made = edit(&cx, &layer, None, create).await.unwrap();
        assert_eq!((made.feature, made.version), (5, 1));
        city.clock.advance(std::time::Duration::from_secs(60));
        let of = |version: Option<i64>| {
            let seen = version.map(|version| Seen(vec![(made.base, version)]));
            Some(Of { feature: 5, seen })
        };
        let Value::Object(taller) = json!({ "height_m": 9 }) else { unreachable!() };
        let update = Wish::Update { geometry: None, properties: taller };
        let updated = edit(&cx, &layer, of(Some(1)), update).await.unwrap();
        assert_eq!((updated.version, updated.change), (2, Change::Updated));
        let stale = Wish::Remove;
        assert!(matches!(edit(&cx, &layer, of(Some(1)), stale).await, Err(Refused::Changed)));
        let moment = city.app.now();
        city.clock.advance(std::time::Duration::from_secs(60));
        edit(&cx, &layer, of(Some(2)), Wish::Remove).await.unwrap();
        assert!(matches!(edit(&cx, &layer, of(None), Wish::Remove).await, Err(Refused::Unknown)));
        let standing = layers::standing(&city.app.db, "trees").await.unwrap().unwrap();
        assert_eq!((standing.features, standing.generation), (4, 4));
        // As of a minute before it was felled it stands.
        let base = bases::at(&city.app.db, "trees", moment).await.unwrap().unwrap();
        let then = features::page_at(&city.app.db, base, moment, 4, 10).await.unwrap();
        assert_eq!(then[0].properties, r#"{"species":"Me","height_m":9,"commune":"20242"}"#);
        let back = edit(&cx, &layer, of(None), Wish::Undo).await.unwrap();
        assert_eq!((back.version, back.change), (4, Change::Undone));
        let history = features::history(&city.app.db, base, 5, 10).await.unwrap();
        let changes: Vec<_> = history.iter().map(|version| version.change).collect();
        assert_eq!(changes, [Change::Undone, Change::Removed, Change::Updated, Change::Created]);
        assert!(
            history.iter().all(|version| version.changed_by_name == "Lê Văn Bình" && version.reason == "thử nghiệm")
        );
        assert_eq!(layers::standing(&city.app.db, "trees").await.unwrap().unwrap().features, 5);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 2).await;
        let (cx, layer) = (officer(&city, HAI_CHAU.0), trees(&city));
        let Value::Object(wrong) = json!({ "height_m": "cao", "leaf": 1 }) else { unreachable!() };
        let wish = Wish::Create { geometry: at(108.2, 16.0), properties: wrong };
        let Err(Refused::Invalid(errors)) = edit(&cx, &layer, None, wish).await else { panic!("taken") };
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["properties.leaf", "properties.species", "properties.height_m"]);
        let far = Wish::Create { geometry: at(500.0, 16.0), properties: tree("Me", HAI_CHAU.1) };
        assert!(matches!(edit(&cx, &layer, None, far).await, Err(Refused::Invalid(_))));
        assert_eq!(layers::standing(&city.app.db, "trees").await.unwrap().unwrap().generation, 1);
    })
    .await;
}

#[tokio::test]
async fn many_at_once_have_numbers_of_their_own() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 2).await;
        let (cx, layer) = (officer(&city, HAI_CHAU.0), trees(&city));
        snapshot::of(&city.app, &layer).await.unwrap();
        let plant = |n: usize| {
            let (cx, layer) = (cx.clone(), layer.clone());
            async move {
                let mut tx = cx.begin().await.unwrap();
                let wish = Wish::Create { geometry: at(108.2, 16.0), properties: tree(&format!("Me {n}"), HAI_CHAU.1) };
                let edited = edit::edit(&mut tx, &cx, &layer, None, wish, "").await.unwrap();
                tx.commit().await.unwrap();
                edited.feature
            }
        };
        let planting: Vec<_> = (0..20).map(|n| tokio::spawn(plant(n))).collect();
        let mut numbers = Vec::new();
        for one in planting {
            numbers.push(one.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (3..23).collect::<Vec<_>>());
    })
    .await;
}
