//! Records are found by the beginnings of their words, on both databases.

use jiff::SignedDuration;
use songhan_testkit::{TestCity, for_each_database};

use super::*;
use crate::words::words;

fn moment(n: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + n)
}

async fn write(city: &TestCity, records: &[(&str, &str, i64, &str)]) {
    let mut tx = city.system().begin().await.unwrap();
    for (reference, scope, n, text) in records {
        let record = Record { kind: "dossier", scope, reference, at: moment(*n), texts: &[text] };
        put(&mut tx, record).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn found(city: &TestCity, scope: Scope<'_>, query: &str) -> Vec<String> {
    let hits = find(&city.app.db, "dossier", scope, query, None, 10).await.unwrap();
    hits.hits.into_iter().map(|hit| hit.reference).collect()
}

#[tokio::test]
async fn finds_by_the_beginnings_of_all_words_newest_first() {
    for_each_database(vec![crate::module()], |city| async move {
        write(
            &city,
            &[
                ("a", "hai-chau", 1, "000.00.15.H17-261121-0001 Nguyễn Văn An 048190001234"),
                ("b", "hai-chau", 2, "000.00.15.H17-261121-0002 Nguyễn Thị Ánh 048190001235"),
                ("c", "son-tra", 3, "000.00.16.H17-261121-0001 Trần Văn Anh Đào 048190001236"),
                ("d", "son-tra", 3, "Đặng Thu Thảo"),
            ],
        )
        .await;
        let everywhere = Scope::Everywhere;
        assert_eq!(found(&city, everywhere, "van an").await, ["c", "a"]);
        assert_eq!(found(&city, everywhere, "NGUYEN AN").await, ["b", "a"]);
        assert_eq!(found(&city, everywhere, "anh anh dao").await, ["c"]);
        assert_eq!(found(&city, everywhere, "261121-0001").await, ["c", "a"]);
        assert_eq!(found(&city, everywhere, "đặng").await, ["d"]);
        assert_eq!(found(&city, everywhere, "048190001235").await, ["b"]);
        assert_eq!(found(&city, everywhere, "guyen").await, [""; 0], "only beginnings of words");
        assert_eq!(found(&city, everywhere, "%").await, [""; 0]);
        assert_eq!(found(&city, everywhere, "an_").await, ["c", "b", "a"]);
        let other_kind = find(&city.app.db, "notice", everywhere, "nguyen", None, 10).await.unwrap();
        assert!(other_kind.hits.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nothing_is_found_outside_the_scopes() {
    for_each_database(vec![crate::module()], |city| async move {
        write(&city, &[("a", "x", 1, "Lê An"), ("b", "y", 2, "Lê An"), ("c", "z", 3, "Lê An")]).await;
        assert_eq!(found(&city, Scope::In(&["x"]), "an").await, ["a"]);
        assert_eq!(found(&city, Scope::In(&["x", "y", "x"]), "le an").await, ["b", "a"]);
        assert_eq!(found(&city, Scope::In(&[]), "an").await, [""; 0]);
        let many = ["x", "1", "2", "3", "4", "5", "6", "z", "8", "9"];
        assert_eq!(found(&city, Scope::In(&many), "an").await, ["c", "a"]);
    })
    .await;
}

#[tokio::test]
async fn putting_again_replaces_and_removing_removes() {
    for_each_database(vec![crate::module()], |city| async move {
        write(&city, &[("a", "x", 1, "Lê Thị Ba"), ("b", "x", 2, "Lê Tư")]).await;
        write(&city, &[("a", "y", 3, "Lê Thị Năm"), ("b", "x", 2, "Lê Tư")]).await;
        assert_eq!(found(&city, Scope::Everywhere, "ba").await, [""; 0]);
        assert_eq!(found(&city, Scope::In(&["x"]), "le").await, ["b"]);
        assert_eq!(found(&city, Scope::In(&["y"]), "le nam").await, ["a"]);
        assert_eq!(found(&city, Scope::Everywhere, "le").await, ["a", "b"], "by the new time");
        let mut tx = city.system().begin().await.unwrap();
        remove(&mut tx, "dossier", "a").await.unwrap();
        remove(&mut tx, "dossier", "nothing").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&city, Scope::Everywhere, "le").await, ["b"]);
        let (left,): (i64,) =
            songhan_db::query("SELECT count(*) FROM search_postings").fetch_one(&city.app.db).await.unwrap();
        assert_eq!(left, 2, "no word without its record");
    })
    .await;
}

#[tokio::test]
async fn what_is_loaded_is_found_as_what_was_put() {
    for_each_database(vec![crate::module()], |city| async move {
        let names: Vec<String> = (0..1_100).map(|n| format!("r{n:04}")).collect();
        let records: Vec<Record<'_>> = names
            .iter()
            .enumerate()
            .map(|(n, name)| Record {
                kind: "dossier",
                scope: ["x", "y"][n % 2],
                reference: name,
                at: moment(n as i64),
                texts: &["000.00.15.H17-261121-0001", "Nguyễn Thị Ánh"],
            })
            .collect();
        let mut tx = city.system().begin().await.unwrap();
        load(&mut tx, &records).await.unwrap();
        put(&mut tx, Record { texts: &["Lê Lợi"], ..records[1_099] }).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found(&city, Scope::In(&["x"]), "anh nguyen").await[..2], ["r1098", "r1096"]);
        assert_eq!(found(&city, Scope::Everywhere, "261121-0001").await[0], "r1098");
        assert_eq!(found(&city, Scope::Everywhere, "loi").await, ["r1099"]);
    })
    .await;
}

#[tokio::test]
async fn pages_meet_every_record_once() {
    for_each_database(vec![crate::module()], |city| async move {
        let names: Vec<String> = (0..25).map(|n| format!("r{n:02}")).collect();
        // Several of one time, so that the reference decides.
        let records: Vec<_> = names.iter().zip(0..).map(|(name, n)| (name.as_str(), "x", n / 4, "Lê An")).collect();
        write(&city, &records).await;
        let mut seen: Vec<String> = Vec::new();
        let mut before = None;
        loop {
            let page = find(&city.app.db, "dossier", Scope::In(&["x"]), "an", before, 7).await.unwrap();
            seen.extend(page.hits.into_iter().map(|hit| hit.reference));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut expected = names;
        expected.reverse();
        assert_eq!(seen, expected);
    })
    .await;
}

#[tokio::test]
async fn every_way_finds_the_same() {
    for_each_database(vec![crate::module()], |city| async move {
        let (first, last) = (["Nguyễn", "Trần", "Lê"], ["An", "Anh", "Bình", "Châu", "Đào"]);
        let scopes = ["x", "y", "z"];
        let names: Vec<String> = (0..150).map(|n| format!("r{n:03}")).collect();
        let text = |n: usize| format!("{} Văn {}", first[n * 7 % 11 % 3], last[n * 5 % 13 % 5]);
        let mut tx = city.system().begin().await.unwrap();
        for (n, name) in names.iter().enumerate() {
            let (text, at) = (text(n), moment(n as i64 / 2));
            let texts = [text.as_str()];
            put(&mut tx, Record { kind: "dossier", scope: scopes[n % 3], reference: name, at, texts: &texts })
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let ways = [
            LIMITS,
            Limits { sample: 2, stretch: 1, ..LIMITS },
            Limits { terms: 0, stretch: 3, ..LIMITS },
            Limits { terms: 1, stretch: 5, ..LIMITS },
            // Work in small helpings, gone on with again and again.
            Limits { sample: 5, terms: 2, stretch: 8, ahead: 2, passed: [16, 20, 24] },
        ];
        for query in ["van", "nguyen an", "le anh", "tran van dao", "le tran", "v c", "n"] {
            for scope in [Scope::Everywhere, Scope::In(&["y"]), Scope::In(&["z", "x"])] {
                let allowed = |n: usize| match scope {
                    Scope::Everywhere => true,
                    Scope::In(list) => list.contains(&scopes[n % 3]),
                };
                let has = |n: usize| {
                    let have: Vec<String> = words(&text(n)).collect();
                    query.split(' ').all(|word| have.iter().any(|w| w.starts_with(word)))
                };
                let expected: Vec<&String> =
                    (0..names.len()).rev().filter(|n| allowed(*n) && has(*n)).map(|n| &names[n]).take(60).collect();
                for limits in ways {
                    let (mut hits, mut before) = (Vec::new(), None);
                    while hits.len() < 60 {
                        let page = find_within(&city.app.db, "dossier", scope, query, before, 6, limits).await.unwrap();
                        assert!(page.hits.len() <= 6);
                        hits.extend(page.hits.into_iter().map(|hit| hit.reference));
                        before = page.next.map(|next| next.to_string().parse().unwrap());
                        if before.is_none() {
                            break;
                        }
                    }
                    hits.truncate(60);
                    assert_eq!(hits.iter().collect::<Vec<_>>(), expected, "{query} {scope:?}");
                }
            }
        }
    })
    .await;
}
