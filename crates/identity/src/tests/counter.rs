//! People known from a counter, and the code by which they take their account over.

use serde_json::json;
use songhan_base::Id;
use songhan_testkit::TestCity;

use super::*;
use crate::{NewPerson, Typed, check_at_counter, citizen_card, claim_code, is_unclaimed, person_at_counter};

const CARD: &str = "048190000001|201234567|Nguyễn Thị Lan|04051990|Nữ|Tổ 12, Hải Châu, Đà Nẵng|10052021";

/// The card is scanned and a receipt printed; answers the account and the code.
async fn at_counter(city: &TestCity, new: NewPerson) -> (Id, Option<String>) {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    let account = person_at_counter(&mut tx, &cx, new).await.unwrap().id;
    let code = claim_code(&mut tx, &cx, account).await.unwrap();
    tx.commit().await.unwrap();
    (account, code)
}

fn card() -> NewPerson {
    NewPerson::of_card(citizen_card::read(CARD).unwrap())
}

#[tokio::test]
async fn a_stranger_with_the_number_gets_nothing() {
    each(|city| async move {
        let (account, code) = at_counter(&city, card()).await;
        let code = code.unwrap();
        assert!(is_unclaimed(&city.app.db, account).await.unwrap());
        let (again, newer) = at_counter(&city, card()).await;
        assert_eq!(again, account, "one person, one account");
        let newer = newer.unwrap();

        let mut input = account_of(1);
        let problem = city.visitor().post("/api/v1/accounts", &input).await.expect(409).json();
        assert!(problem["detail"].as_str().unwrap().contains("claim_code"), "{problem}");
        let sign_in = json!({ "login": "048190000001", "password": PASSWORD });
        city.visitor().post("/api/v1/sessions", &sign_in).await.expect(401);
        for wrong in ["ABCD-EFGH-JKMN", code.as_str(), "x"] {
            input["claim_code"] = json!(wrong);
            let problem = city.visitor().post("/api/v1/accounts", &input).await.expect(422).json();
            assert_eq!(problem["errors"][0]["code"], "claim_wrong", "{wrong}");
        }
        // The same words where there is nothing to claim.
        let mut other = account_of(2);
        other["claim_code"] = json!(newer);
        let problem = city.visitor().post("/api/v1/accounts", &other).await.expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "claim_wrong");

        input["name"] = json!("Tên Khác");
        input["claim_code"] = json!(newer.to_lowercase());
        let made = city.visitor().post("/api/v1/accounts", &input).await.expect(201).json();
        assert_eq!(
            (made["id"].as_str(), made["name"].as_str()),
            (Some(account.to_string().as_str()), Some("Nguyễn Thị Lan"))
        );
        city.visitor().post("/api/v1/accounts", &input).await.expect(422);
        city.visitor().post("/api/v1/sessions", &sign_in).await.expect(201);
        assert!(!is_unclaimed(&city.app.db, account).await.unwrap());
        assert_eq!(at_counter(&city, card()).await, (account, None), "who has an account needs no code");
    })
    .await;
}

#[tokio::test]
async fn a_code_runs_out_and_bears_no_guessing() {
    each(|city| async move {
        let (_, code) = at_counter(&city, card()).await;
        let mut input = account_of(1);
        // The last day of thirty is 20 December, to its end in Da Nang.
        city.clock.set("2026-12-20T17:00:00Z".parse().unwrap());
        input["claim_code"] = json!(code.unwrap());
        city.visitor().post("/api/v1/accounts", &input).await.expect(422);
        let (_, code) = at_counter(&city, card()).await;
        let code = code.unwrap();
        input["claim_code"] = json!("ABCD-EFGH-JKMN");
        for _ in 0..10 {
            city.clock.advance(std::time::Duration::from_mins(5));
            city.visitor().post("/api/v1/accounts", &input).await.expect(422);
        }
        city.clock.advance(std::time::Duration::from_mins(10));
        input["claim_code"] = json!(code);
        city.visitor().post("/api/v1/accounts", &input).await.expect(422);
        // Too many in a row are not even looked at.
        let mut statuses = Vec::new();
        for _ in 0..6 {
            statuses.push(city.visitor().post("/api/v1/accounts", &input).await.status.as_u16());
        }
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    })
    .await;
}

#[tokio::test]
async fn papers_that_tell_the_year_alone_are_enough() {
    each(|city| async move {
        register(&city, 2).await;
        let cx = city.system();
        let typed = Typed {
            name: "Lê Thị Bông".into(),
            citizen_id: "048145004321".into(),
            date_of_birth: "1945".into(),
            phone: "0905000002".into(),
            ..Typed::default()
        };
        let new = check_at_counter(&cx, &typed).unwrap();
        let (account, _) = at_counter(&city, new).await;
        let found = crate::account(&city.app.db, account).await.unwrap().unwrap();
        assert_eq!((found.date_of_birth, found.birth_year), (None, Some(1945)));
        assert_eq!(found.phone, None, "someone else's telephone is left out");
        let foreigner = Typed {
            kind: "foreigner".into(),
            name: "Anna Weber".into(),
            passport_country: "DE".into(),
            passport: "C01X00T47".into(),
            date_of_birth: "1980-02-29".into(),
            ..Typed::default()
        };
        let (first, _) = at_counter(&city, check_at_counter(&cx, &foreigner).unwrap()).await;
        let (second, _) = at_counter(&city, check_at_counter(&cx, &foreigner).unwrap()).await;
        assert_eq!(first, second);
    })
    .await;
}
