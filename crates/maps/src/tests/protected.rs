//! A layer that goes by area: who is of one ward learns nothing of another's by any way.

use songhan_testkit::for_each_database_in;

use super::*;
use crate::layer::Reach;

#[tokio::test]
async fn an_officer_reads_and_changes_what_lies_in_their_ward_alone() {
    for_each_database_in(folder(false), modules(), |city| async move {
        planted(&city, 10).await;
        let layer = trees(&city);
        let (ours, theirs) = (officer(&city, HAI_CHAU.0), officer(&city, HOA_CUONG.0));
        let resident = city.cx(&city.resident("Trần Thị Lan"));
        let all = city.cx(&city.person("Phan Đức Long", &[(Role::Officer, None)]));
        assert!(layer.rights.reads(&resident).is_nothing());
        assert_eq!(layer.rights.reads(&ours), Reach::Areas(vec![HAI_CHAU.1.to_owned()]));
        assert_eq!(layer.rights.reads(&all), Reach::Everything);
        let snapshot = snapshot::of(&city.app, &layer).await.unwrap().unwrap();
        for (cx, count) in [(&ours, 5), (&theirs, 5), (&resident, 0), (&all, 10)] {
            assert_eq!(snapshot.index.count(&layer.rights.reads(cx)), count);
            assert_eq!(snapshot.index.within([108.0, 16.0, 109.0, 17.0], &layer.rights.reads(cx)).len(), count);
        }
        // Feature 1 is ours, 2 is theirs.
        let of = |feature| Some(Of { feature, seen: None });
        assert!(matches!(edit(&ours, &layer, of(2), Wish::Remove).await, Err(Refused::Unknown)));
        assert!(matches!(edit(&resident, &layer, of(1), Wish::Remove).await, Err(Refused::Unknown)));
        let over = Wish::Replace { geometry: at(108.2, 16.0), properties: tree("Me", HOA_CUONG.1) };
        assert!(matches!(edit(&ours, &layer, of(1), over).await, Err(Refused::Forbidden(_))), "moved out of sight");
        let into = Wish::Create { geometry: at(108.2, 16.0), properties: tree("Me", HOA_CUONG.1) };
        assert!(matches!(edit(&ours, &layer, None, into).await, Err(Refused::Forbidden(_))));
        edit(&ours, &layer, of(1), Wish::Remove).await.unwrap();
        assert!(matches!(edit(&theirs, &layer, of(1), Wish::Undo).await, Err(Refused::Unknown)), "removed ones too");
        edit(&ours, &layer, of(1), Wish::Undo).await.unwrap();
    })
    .await;
}
