//! Inboxes: the right cases in the right order, page by page.

use std::time::Duration;

use songhan_base::{Id, Role};

use super::support::*;
use crate::{Assigned, Case, Filter, by_code, by_id, by_ids, count, counts, inbox, of_applicant};

fn ids(cases: &[Case]) -> Vec<Id> {
    cases.iter().map(|case| case.id).collect()
}

#[tokio::test]
async fn pages_come_in_the_order_in_which_cases_are_due() {
    for_each_database(|city| async move {
        let (officer, resident) = (officer(&city), city.resident("Đặng Thị Hoà"));
        let mut opened = Vec::new();
        for n in 0..12 {
            city.clock.advance(Duration::from_hours(1));
            let case = open(&city, UNIT, &resident).await.unwrap();
            if n % 3 == 0 {
                act(&city, &officer, case.id, doing("accept")).await.unwrap();
            }
            opened.push(case.id);
        }
        open(&city, OTHER, &resident).await.unwrap();
        let mine = Filter { units: Some(vec![UNIT.into()]), queues: vec![Role::Officer], ..Filter::default() };
        let whole = inbox(&city.app.db, &mine, None, 200).await.unwrap();
        assert_eq!((whole.cases.len(), whole.next), (12, None));
        let orders: Vec<_> = whole.cases.iter().map(|c| (c.due_at.is_none(), c.due_at)).collect();
        assert!(orders.is_sorted(), "{orders:?}");

        for limit in [1, 3, 5, 12] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = inbox(&city.app.db, &mine, after, limit).await.unwrap();
                assert!(page.cases.len() <= limit);
                seen.extend(ids(&page.cases));
                let Some(next) = page.next else { break };
                after = Some(next.to_string().parse().unwrap());
            }
            assert_eq!(seen, ids(&whole.cases), "pages of {limit}");
        }
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = of_applicant(&city.app.db, resident.account, after, 5).await.unwrap();
            seen.extend(ids(&page.cases));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 13);
        opened.reverse();
        assert_eq!(seen[1..], opened);
    })
    .await;
}

#[tokio::test]
async fn filters_find_what_they_say() {
    for_each_database(|city| async move {
        let (officer, hoa, an) = (officer(&city), city.resident("Đặng Thị Hoà"), city.resident("Nguyễn Văn An"));
        let mut three = Vec::new();
        for (unit, applicant) in [(UNIT, &hoa), (UNIT, &an), (OTHER, &an)] {
            city.clock.advance(Duration::from_secs(1));
            three.push(open(&city, unit, applicant).await.unwrap());
        }
        let [first, second, third] = &*three else { unreachable!() };
        act(&city, &officer, second.id, doing("accept")).await.unwrap();
        act(&city, &officer, second.id, doing("propose")).await.unwrap();
        let cx = city.cx(&officer);
        let mut tx = cx.begin().await.unwrap();
        crate::take(&mut tx, &cx, first.id, None).await.unwrap();
        tx.commit().await.unwrap();

        let found = async |filter: Filter| {
            let page = inbox(&city.app.db, &filter, None, 50).await.unwrap();
            assert_eq!(count(&city.app.db, &filter).await.unwrap().0, page.cases.len() as i64);
            let mut found = ids(&page.cases);
            found.sort();
            found
        };
        let all = Filter::default;
        assert_eq!(found(all()).await, [first.id, second.id, third.id]);
        let units = vec![UNIT.into(), OTHER.into()];
        assert_eq!(
            found(Filter { units: Some(units), queues: vec![Role::Officer], ..all() }).await,
            [first.id, third.id]
        );
        assert!(found(Filter { units: Some(Vec::new()), ..all() }).await.is_empty());
        assert_eq!(found(Filter { queues: vec![Role::Leader], ..all() }).await, [second.id]);
        assert_eq!(
            found(Filter { states: vec!["submitted".into(), "done".into()], ..all() }).await,
            [first.id, third.id]
        );
        assert_eq!(found(Filter { assignee: Assigned::To(officer.account), ..all() }).await, [first.id]);
        assert_eq!(found(Filter { assignee: Assigned::Nobody, ..all() }).await, [second.id, third.id]);
        assert!(found(Filter { topics: vec!["1.001193".into()], ..all() }).await.is_empty());
        assert!(found(Filter { states: vec!["a\0b".into()], ..all() }).await.is_empty());
        let asked = [third.id, city.app.env.id(), first.id];
        let among: Vec<_> = by_ids(&city.app.db, &asked).await.unwrap().into_iter().map(|case| case.id).collect();
        assert_eq!(among, [third.id, first.id], "in the order asked for, without what is not there");
        assert!(by_ids(&city.app.db, &[]).await.unwrap().is_empty());
        assert!(by_code(&city.app.db, "a\0b").await.unwrap().is_none());

        let due = by_id(&city.app.db, second.id).await.unwrap().unwrap().due_at.unwrap().0;
        assert!(found(Filter { due_before: Some(due), ..all() }).await.is_empty());
        let later = due + jiff::SignedDuration::from_secs(1);
        assert_eq!(found(Filter { due_before: Some(later), ..all() }).await, [second.id]);
        let tabs = counts(&city.app.db, Some(vec![UNIT.into()]), &[Role::Officer], officer.account, later, later);
        let tabs = tabs.await.unwrap();
        let numbers = [tabs.queue, tabs.unassigned, tabs.mine, tabs.late, tabs.soon, tabs.open].map(|count| count.0);
        assert_eq!(numbers, [1, 0, 1, 1, 0, 2]);
        // At the very moment it is due it is not late, and nearly so.
        let tabs = counts(&city.app.db, None, &[Role::Officer], officer.account, due, due).await.unwrap();
        assert_eq!((tabs.late.0, tabs.soon.0), (0, 1));
        assert_eq!(found(Filter::soon(due, due)).await, [second.id]);
        assert!(found(Filter::soon(later, later)).await.is_empty());

        act(&city, &an, third.id, doing("withdraw")).await.unwrap();
        assert_eq!(found(Filter { closed: true, ..all() }).await, [third.id]);
        assert_eq!(found(all()).await, [first.id, second.id]);
    })
    .await;
}
