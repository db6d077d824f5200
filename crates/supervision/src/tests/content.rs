//! How content people are: each says it once, and nobody learns who said what.

use axum::http::Method;
use serde_json::{Value, json};
use songhan_base::{Id, Role};
use songhan_testkit::{Answer, Client, Desk, OTHER, TestCity, UNIT, for_each_database};

use super::modules;

const NOVEMBER: &str = "/api/v1/supervision?month=2026-11";

async fn rate(client: &mut Client, code: &str, body: Value) -> Answer {
    let path = format!("/api/v1/dossiers/{code}/rating");
    client.send(Method::PUT, &path, Some("application/json"), body.to_string().into_bytes()).await
}

fn administrator(city: &TestCity) -> Client {
    city.client(&city.person("Quản trị", &[(Role::Administrator, None)]))
}

/// What a report says of ratings: how many, how many content, the share.
async fn figures(client: &mut Client, path: &str) -> (Value, Value, Value) {
    let total = client.get(path).await.expect(200).json()["total"].take();
    (total["ratings"].clone(), total["satisfied"].clone(), total["indicators"]["satisfied"].clone())
}

/// Dossiers of a unit that are finished and rated so.
async fn rated(desk: &mut Desk, unit: &str, scores: &[i64]) {
    let other = desk.city.person("Trần Văn Phúc", &[(Role::Officer, Some(OTHER)), (Role::Leader, Some(OTHER))]);
    let mut other = desk.city.client(&other);
    for score in scores {
        let code = desk.hand_in(unit).await;
        let refuse = format!("/api/v1/dossiers/{code}/actions/refuse");
        let office = if unit == UNIT { &mut desk.officer } else { &mut other };
        office.post(&refuse, &json!({ "note": "Theo quy định" })).await.expect(200);
        rate(&mut desk.lan, &code, json!({ "score": score })).await.expect(200);
    }
}

#[tokio::test]
async fn people_say_how_content_they_are() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        rate(&mut desk.lan, &code, json!({ "score": 5 })).await.expect(409);
        let page = desk.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(!page.contains("id=\"rating\""), "nothing to rate yet");
        desk.go(&code, &["accept", "process", "propose", "sign"]).await;
        rate(&mut desk.lan, &code, json!({ "score": 6 })).await.expect(422);
        rate(&mut desk.lan, &code, json!({ "score": 5, "comment": "a".repeat(501) })).await.expect(422);
        rate(&mut desk.officer, &code, json!({ "score": 5 })).await.expect(403);
        rate(&mut desk.other, &code, json!({ "score": 5 })).await.expect(404);
        let mut administrator = administrator(&city);
        let mut counted = async || {
            city.settle().await;
            figures(&mut administrator, NOVEMBER).await
        };
        assert_eq!(counted().await, (json!(0), json!(0), json!(null)));
        rate(&mut desk.lan, &code, json!({ "score": 2 })).await.expect(200);
        assert_eq!(counted().await, (json!(1), json!(0), json!(0.0)));
        // On the page, without JavaScript, and once more: one voice each.
        let page = format!("/dossiers/{code}");
        assert!(desk.lan.get(&page).await.expect(200).text().contains("Không hài lòng"));
        let sent = desk.lan.submit(&format!("{page}/rating"), &[]).await.expect(303);
        assert!(sent.location().contains("said=choose"));
        let long = "a".repeat(501);
        let sent = desk.lan.submit(&format!("{page}/rating"), &[("score", "5"), ("comment", &long)]).await.expect(303);
        assert!(sent.location().contains("said=long"));
        desk.lan.submit(&format!("{page}/rating"), &[("score", "5")]).await.expect(303);
        assert_eq!(counted().await, (json!(1), json!(1), json!(100.0)));
        rate(&mut desk.lan, &code, json!({ "score": 4 })).await.expect(200);
        assert_eq!(counted().await, (json!(1), json!(1), json!(100.0)));
    })
    .await;
}

#[tokio::test]
async fn a_sentence_is_read_by_those_who_answer_for_the_unit() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let code = desk.hand_in(UNIT).await;
        desk.go(&code, &["refuse"]).await;
        let said = "Giải quyết nhanh,\u{7} hướng dẫn <rõ>.";
        let body = json!({ "score": 5, "comment": said });
        let kept = rate(&mut desk.lan, &code, body).await.expect(200).json();
        assert_eq!(kept["comment"], "Giải quyết nhanh, hướng dẫn <rõ>.");
        city.settle().await;
        let (unit, shown) = (format!("/office/supervision?unit={UNIT}"), "Giải quyết nhanh, hướng dẫn &lt;rõ&gt;.");
        let mut administrator = administrator(&city);
        for reader in [&mut desk.leader, &mut administrator] {
            let page = reader.get(&unit).await.expect(200).text();
            assert!(page.contains(shown) && !page.contains("Nguyễn Thị Lan"), "{page}");
            assert!(reader.get(&format!("{unit}&field=social")).await.expect(200).text().contains(shown));
            assert!(!reader.get(&format!("{unit}&field=land")).await.expect(200).text().contains(shown));
        }
        let elsewhere = city.person("Lãnh đạo khác", &[(Role::Leader, Some(OTHER))]);
        assert!(!city.client(&elsewhere).get(&unit).await.expect(200).text().contains(shown));
        let public = format!("/supervision?unit={UNIT}");
        assert!(!desk.leader.get(&public).await.expect(200).text().contains(shown), "not on the public page");
        assert!(!desk.officer.get(&format!("/office/dossiers/{code}")).await.expect(200).text().contains(shown));
        let events: (i64,) = songhan_db::query("SELECT COUNT(*) FROM events WHERE payload LIKE '%nhanh%'")
            .fetch_one(&city.app.db)
            .await
            .unwrap();
        assert_eq!(events.0, 0, "events are never forgotten, so they do not hold it");

        // It is theirs: given to them, and gone with the account.
        let services = modules().into_iter().find(|module| module.name == "services").unwrap();
        let (account,): (Id,) = songhan_db::query("SELECT applicant FROM dossiers WHERE code = $1")
            .bind(&code)
            .fetch_one(&city.app.db)
            .await
            .unwrap();
        let cx = city.system();
        let held = (services.personal_data.unwrap())(&cx, account).await.unwrap();
        assert_eq!(held["dossiers"][0]["rating"]["comment"], "Giải quyết nhanh, hướng dẫn <rõ>.");
        let mut tx = cx.begin().await.unwrap();
        (services.erase.unwrap())(&cx, &mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        let held = (services.personal_data.unwrap())(&cx, account).await.unwrap();
        assert_eq!(held["dossiers"][0]["rating"]["comment"], json!(null), "{held}");
        assert!(!desk.leader.get(&unit).await.expect(200).text().contains(shown));
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_who_rated_how() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        rated(&mut desk, UNIT, &[5, 5, 4, 4, 2, 1]).await;
        rated(&mut desk, OTHER, &[1]).await;
        city.settle().await;
        let hidden = (json!(null), json!(null), json!(null));
        let mut visitor = city.visitor();
        let (all, of_unit) = (NOVEMBER.to_owned(), format!("{NOVEMBER}&unit={UNIT}"));
        // Before the month is over each new rating would be seen.
        for path in [&all, &of_unit] {
            assert_eq!(figures(&mut visitor, path).await, hidden);
            assert_eq!(visitor.get(path).await.json()["ratings_withheld"], "running");
        }
        assert_eq!(figures(&mut administrator(&city), &of_unit).await, (json!(6), json!(4), json!(66.7)));

        city.clock.set("2026-12-01T08:00:00+07:00".parse().unwrap());
        assert_eq!(figures(&mut visitor, &all).await, (json!(7), json!(4), json!(57.1)));
        // The city without the one is the other.
        let report = visitor.get(&all).await.expect(200).json();
        assert_eq!((&report["ratings_withheld"], &report["ratings_shown_from"]), (&json!(null), &json!(5)));
        for unit in report["units"].as_array().unwrap() {
            assert_eq!((&unit["ratings"], &unit["satisfied"]), (&json!(null), &json!(null)), "{unit}");
            assert!(unit["received"].as_i64() > Some(0), "all else is shown: {unit}");
        }
        assert_eq!(report["fields"][0]["ratings"], 7, "one field has them all");
        for path in [&of_unit, &format!("{NOVEMBER}&unit={OTHER}")] {
            assert_eq!(figures(&mut visitor, path).await, hidden);
            assert_eq!(visitor.get(path).await.json()["ratings_withheld"], "few");
        }
        let page = visitor.get(&format!("/supervision?month=2026-11&unit={OTHER}")).await.expect(200).text();
        assert!(page.contains("dưới 5 lượt đánh giá: không hiển thị"), "{page}");
        // Who handles dossiers knows whose they are.
        assert_eq!(figures(&mut desk.leader, &of_unit).await, hidden);

        // A third makes two unknown ones: then the large one is shown, by itself, never field by field.
        let third = "ubnd-an-hai";
        let all_of = |unit: &str| format!("/api/v1/supervision?month=2026-12&unit={unit}");
        let leader = city.person("Lãnh đạo", &[(Role::Leader, Some(third)), (Role::Officer, Some(third))]);
        let mut leader = city.client(&leader);
        rated(&mut desk, UNIT, &[5, 5, 4, 4, 2]).await;
        rated(&mut desk, OTHER, &[1, 1, 5]).await;
        for _ in 0..2 {
            let code = desk.hand_in(third).await;
            let refuse = format!("/api/v1/dossiers/{code}/actions/refuse");
            leader.post(&refuse, &json!({ "note": "Theo quy định" })).await.expect(200);
            rate(&mut desk.lan, &code, json!({ "score": 3 })).await.expect(200);
        }
        city.settle().await;
        city.clock.set("2027-01-04T08:00:00+07:00".parse().unwrap());
        assert_eq!(figures(&mut visitor, &all_of(UNIT)).await, (json!(5), json!(4), json!(80.0)));
        assert_eq!(figures(&mut visitor, &all_of(OTHER)).await, hidden);
        assert_eq!(figures(&mut visitor, &all_of(third)).await, hidden);
        let crossed = format!("{}&field=social", all_of(UNIT));
        assert_eq!(figures(&mut visitor, &crossed).await, hidden);
        assert_eq!(visitor.get(&crossed).await.json()["ratings_withheld"], "unit_and_field");
        let of_field = visitor.get("/api/v1/supervision?month=2026-12&field=social").await.expect(200).json();
        assert_eq!((&of_field["total"]["ratings"], &of_field["units"][0]["ratings"]), (&json!(10), &json!(null)));
        let of_unit = visitor.get(&all_of(UNIT)).await.expect(200).json();
        assert_eq!((&of_unit["fields"][0]["ratings"], &of_unit["months"][11]["ratings"]), (&json!(null), &json!(null)));
    })
    .await;
}

#[tokio::test]
async fn a_rating_counts_in_the_month_in_which_it_was_given() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        rated(&mut desk, UNIT, &[5, 5, 4, 4, 2]).await;
        let code = desk.hand_in(UNIT).await;
        desk.go(&code, &["refuse"]).await;
        rate(&mut desk.lan, &code, json!({ "score": 2 })).await.expect(200);
        // Within the month one may think again.
        city.clock.set("2026-11-30T23:00:00+07:00".parse().unwrap());
        rate(&mut desk.lan, &code, json!({ "score": 5 })).await.expect(200);
        city.settle().await;
        city.clock.set("2026-12-01T00:30:00+07:00".parse().unwrap());
        let (mut visitor, mut head) = (city.visitor(), administrator(&city));
        let november = (json!(6), json!(5), json!(83.3));
        assert_eq!(figures(&mut visitor, NOVEMBER).await, november);

        // Later: kept and read, and no figure moves, of either month.
        let december = "/api/v1/supervision?month=2026-12";
        for score in [1, 3, 1] {
            let body = json!({ "score": score, "comment": "Nghĩ lại thì chưa được." });
            rate(&mut desk.lan, &code, body).await.expect(200);
            city.settle().await;
            assert_eq!(figures(&mut visitor, NOVEMBER).await, november);
            assert_eq!(figures(&mut head, NOVEMBER).await, november);
            assert_eq!(figures(&mut head, december).await, (json!(0), json!(0), json!(null)));
        }
        let seen = desk.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(seen.contains("Nghĩ lại thì chưa được."), "{seen}");
        let read = desk.leader.get(&format!("/office/supervision?unit={UNIT}")).await.expect(200).text();
        assert!(read.contains("Nghĩ lại thì chưa được."), "{read}");
        // Who rates for the first time in December counts there; all counted again is the same.
        rated(&mut desk, UNIT, &[4]).await;
        for _ in 0..2 {
            city.settle().await;
            assert_eq!(figures(&mut head, december).await, (json!(1), json!(1), json!(100.0)));
            assert_eq!(figures(&mut head, NOVEMBER).await, november);
            assert!(crate::count::restate(&city.system()).await.unwrap());
        }
    })
    .await;
}
