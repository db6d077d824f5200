//! Registering.

use serde_json::json;
use songhan_base::Id;

use super::*;

#[tokio::test]
async fn a_resident_registers_and_is_known() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let mut lan = sign_in(&city, 1).await;
        let me = lan.get("/api/v1/me").await.expect(200).json();
        assert_eq!(me["id"], id.as_str());
        assert_eq!(me["name"], "Nguyễn Thị Lan");
        assert_eq!(me["phone"], "+84905000001");
        assert_eq!(me["grants"], json!([]));
        assert_eq!(audited(&city).await, ["account_created", "signed_in"]);

        let account = crate::account(&city.app.db, id.parse::<Id>().unwrap()).await.unwrap().unwrap();
        let answers = account.answers();
        assert_eq!(answers["account.citizen_id"], "048190000001");
        assert_eq!(answers["account.phone"], "0905 000 001");
        assert_eq!(answers["account.area"], "20242");
    })
    .await;
}

#[tokio::test]
async fn one_person_has_one_account_however_they_type() {
    each(|city| async move {
        register(&city, 1).await;
        let mut visitor = city.visitor();
        for (field, value) in
            [("citizen_id", "048 190 000 001"), ("phone", "+84 905.000.001"), ("email", "LAN.1@EXAMPLE.COM")]
        {
            let mut other = account_of(2);
            other[field] = json!(value);
            let problem = visitor.post("/api/v1/accounts", &other).await.expect(409).json();
            assert_eq!(problem["code"], "account_exists");
            assert!(problem["detail"].as_str().unwrap().contains(field), "{problem}");
        }
        visitor.post("/api/v1/accounts", &account_of(2)).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn the_same_moment_makes_one_account() {
    each(|city| async move {
        let tries = (0..6).map(|_| {
            let city = city.clone();
            tokio::spawn(async move { city.visitor().post("/api/v1/accounts", &account_of(1)).await.status.as_u16() })
        });
        let mut statuses = Vec::new();
        for attempt in tries.collect::<Vec<_>>() {
            statuses.push(attempt.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_with_its_key_changes_nothing() {
    each(|city| async move {
        let mut visitor = city.visitor();
        let first = visitor.post_once("/api/v1/accounts", "key-1", &account_of(1)).await.expect(201);
        let again = visitor.post_once("/api/v1/accounts", "key-1", &account_of(1)).await.expect(201);
        assert_eq!(first.json(), again.json());
        assert_eq!(audited(&city).await, ["account_created"]);
        assert!(!first.text().contains("048190000001"), "the kept answer does not hold the whole number");
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    each(|city| async move {
        let input = json!({ "name": "<b>", "citizen_id": "048290004321", "date_of_birth": "2001-02-30", "phone": "123",
            "email": "lan@", "password": "matkhau123", "area": "1" });
        let problem = city.visitor().english().post("/api/v1/accounts", &input).await.expect(422).json();
        let found: Vec<(&str, &str)> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                ("name", "name_form"),
                ("citizen_id", "citizen_id_future"),
                ("date_of_birth", "date_form"),
                ("phone", "phone_form"),
                ("email", "email_form"),
                ("area", "area_unknown"),
                ("password", "password_common"),
            ]
        );
        assert!(problem.to_string().contains("Enter a telephone number"), "in the language of the request");

        let mut mismatch = account_of(1);
        mismatch["date_of_birth"] = json!("1991-05-04");
        let problem = city.visitor().post("/api/v1/accounts", &mismatch).await.expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "date_of_birth_mismatch");
        assert!(problem.to_string().contains("Năm sinh không khớp"), "Vietnamese first");
    })
    .await;
}

#[tokio::test]
async fn nothing_typed_makes_an_error_of_ours() {
    each(|city| async move {
        let odd = ["\u{0}", "'; DROP TABLE accounts; --", "𝟘𝟜𝟠𝟙𝟡𝟘𝟘𝟘𝟙𝟚𝟛𝟜", "\u{202e}abc", "%", "ẫ\u{300}\u{301}"];
        for text in odd {
            for field in ["name", "citizen_id", "date_of_birth", "phone", "email", "password", "address", "area"] {
                let mut input = account_of(1);
                input[field] = json!(text);
                let status = city.visitor().post("/api/v1/accounts", &input).await.status;
                assert!(!status.is_server_error(), "{field} {text:?}");
            }
            let input = json!({ "login": text, "password": text, "totp": text });
            let status = city.visitor().post("/api/v1/sessions", &input).await.status.as_u16();
            assert!(matches!(status, 401 | 422), "{text:?}: {status}");
        }
    })
    .await;
}
