//! Acting for others: authority given online, rights that an office confirms, and who sees them.

use serde_json::json;
use songhan_base::{Id, Role};
use songhan_testkit::{Client, TestCity};

use super::*;
use crate::mandate::WhyNot;
use crate::{MayNot, may_act};

const UNIT: &str = "ubnd-hai-chau";

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

/// Two residents, each with an account, and an officer at a counter.
async fn people(city: &TestCity) -> ([String; 2], Client, Client, Client) {
    let ids = [register(city, 1).await, register(city, 2).await];
    let officer = city.client(&city.person("Cán bộ Một cửa", &[(Role::Officer, Some(UNIT))]));
    (ids, sign_in(city, 1).await, sign_in(city, 2).await, officer)
}

async fn may(city: &TestCity, account: &str, mandate: &str, field: &str) -> Result<String, WhyNot> {
    let (account, mandate): (Id, Id) = (account.parse().unwrap(), mandate.parse().unwrap());
    match may_act(&city.app.db, account, mandate, "2.000635", field, city.app.today()).await {
        Ok(acting) => Ok(acting.party.name),
        Err(MayNot::Why(why)) => Err(why),
        Err(MayNot::Internal(error)) => panic!("{error}"),
    }
}

#[tokio::test]
async fn authority_is_offered_accepted_and_taken_back_at_once() {
    each(|city| async move {
        let ([lan, bao], mut giver, mut taker, mut officer) = people(&city).await;
        let input = json!({ "to": "048 190 000 002", "scope": { "fields": ["land"] }, "until": "2026-11-25" });
        let offered = giver.post_once("/api/v1/me/mandates", "k1", &input).await.expect(201).json();
        let again = giver.post_once("/api/v1/me/mandates", "k1", &input).await.expect(201).json();
        assert_eq!(offered, again);
        assert_eq!(
            (offered["state"].as_str(), offered["offered_to"].as_str()),
            (Some("offered"), Some("048•••••0002"))
        );
        let mandate = id(&offered);
        assert_eq!(may(&city, &bao, &mandate, "land").await, Err(WhyNot::None), "nobody's until it is accepted");

        // Neither its giver nor a stranger accepts it.
        let mut other = city.client(&city.resident("Người lạ"));
        for client in [&mut giver, &mut other, &mut officer] {
            client.post(&format!("/api/v1/me/mandates/{mandate}/accept"), &json!({})).await.expect(404);
        }
        other.delete(&format!("/api/v1/me/mandates/{mandate}")).await.expect(404);
        let held = taker.get("/api/v1/me/mandates").await.expect(200).json();
        assert_eq!(held["held"][0]["principal"], "Nguyễn Thị Lan");
        taker.post(&format!("/api/v1/me/mandates/{mandate}/accept"), &json!({})).await.expect(200);
        taker.post(&format!("/api/v1/me/mandates/{mandate}/accept"), &json!({})).await.expect(200);
        taker.post(&format!("/api/v1/me/mandates/{mandate}/decline"), &json!({})).await.expect(409);
        assert_eq!(may(&city, &bao, &mandate, "land").await.as_deref(), Ok("Nguyễn Thị Lan"));
        assert_eq!(may(&city, &bao, &mandate, "health").await, Err(WhyNot::Scope));
        assert_eq!(may(&city, &lan, &mandate, "land").await, Err(WhyNot::None), "not the giver's to use");

        // Its last day ends at midnight in Da Nang.
        city.clock.set("2026-11-25T16:59:59Z".parse().unwrap());
        assert!(may(&city, &bao, &mandate, "land").await.is_ok());
        city.clock.set("2026-11-25T17:00:00Z".parse().unwrap());
        assert!(matches!(may(&city, &bao, &mandate, "land").await, Err(WhyNot::Expired(_))));
        city.clock.set("2026-11-24T17:00:00Z".parse().unwrap());
        giver.delete(&format!("/api/v1/me/mandates/{mandate}")).await.expect(204);
        giver.delete(&format!("/api/v1/me/mandates/{mandate}")).await.expect(204);
        assert_eq!(may(&city, &bao, &mandate, "land").await, Err(WhyNot::Ended));
        let given = giver.get("/api/v1/me/mandates").await.expect(200).json();
        assert_eq!(given["given"][0]["state"], "revoked");
        let actions = audited(&city).await;
        for action in ["mandate_offered", "mandate_accepted", "mandate_ended"] {
            assert_eq!(actions.iter().filter(|a| *a == action).count(), 1, "{action}: {actions:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_parent_claims_and_an_office_confirms() {
    each(|city| async move {
        let ([lan, _], mut parent, mut other, mut officer) = people(&city).await;
        let input = json!({ "kind": "dependant", "right": "parent", "name": "Nguyễn Minh Khôi", "born": "2019",
            "birth_certificate": "112/2019" });
        let added = parent.post_once("/api/v1/me/parties", "k1", &input).await.expect(201).json();
        assert_eq!((added["party"]["kind"].as_str(), added["party"]["born"].as_str()), (Some("dependant"), Some("2019")));
        assert_eq!(added["mandate"]["until"], "2037-12-31", "until the child is of age for certain");
        let mandate = id(&added["mandate"]);
        assert!(matches!(may(&city, &lan, &mandate, "health").await, Err(WhyNot::Claimed(acting)) if acting.party.name == "Nguyễn Minh Khôi"));

        let path = format!("/api/v1/mandates/{mandate}/confirm");
        parent.post(&path, &json!({})).await.expect(403);
        city.visitor().post(&path, &json!({})).await.expect(401);
        let own = city.as_person(lan.parse().unwrap(), "Lan", vec![songhan_base::Grant { role: Role::Officer, unit: Some(UNIT.into()) }]);
        city.client(&own).post(&path, &json!({})).await.expect(403);
        let seen = officer.get("/api/v1/mandates?citizen_id=048190000001").await.expect(200).json();
        assert_eq!(seen["items"][0]["id"], mandate.as_str());
        officer.post(&path, &json!({})).await.expect(200);
        officer.post(&path, &json!({})).await.expect(200);
        officer.post(&format!("/api/v1/mandates/{mandate}/refuse"), &json!({})).await.expect(409);
        assert_eq!(may(&city, &lan, &mandate, "health").await.as_deref(), Ok("Nguyễn Minh Khôi"));
        let parties = parent.get("/api/v1/me/parties").await.expect(200).json();
        assert!(parties["items"][0]["confirmed_at"].is_string());
        assert_eq!(other.get("/api/v1/me/parties").await.expect(200).json()["items"], json!([]));
        assert!(audited(&city).await.contains(&"mandates_read".to_owned()));

        for (field, value, code) in [
            ("name", "<b>", "name_form"),
            ("born", "2027", "date_of_birth_future"),
            ("born", "2001", "of_age"),
            ("right", "legal_representative", "required"),
            ("citizen_id", "048201004321", "date_of_birth_mismatch"),
            ("birth_certificate", "<112>", "birth_certificate_form"),
            ("kind", "person", "required"),
            ("until", "2026-11-19", "until_past"),
        ] {
            let mut wrong = input.clone();
            wrong[field] = json!(value);
            let problem = parent.post_once("/api/v1/me/parties", &format!("w-{field}{value}"), &wrong).await.expect(422).json();
            assert_eq!(problem["errors"][0]["code"], code, "{field} {value}: {problem}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_organisation_is_one_by_its_tax_code_and_gives_authority() {
    each(|city| async move {
        let ([_, bao], mut one, mut two, mut officer) = people(&city).await;
        let input = |name: &str| {
            json!({ "kind": "organisation", "form": "enterprise", "name": name, "tax_code": "0100109106",
            "representative": "Nguyễn Thị Lan" })
        };
        let wrong = json!({ "kind": "organisation", "form": "enterprise", "name": "A", "tax_code": "0100109107",
            "representative": "Nguyễn Thị Lan" });
        let problem = one.post_once("/api/v1/me/parties", "w", &wrong).await.expect(422).json();
        assert_eq!(problem["errors"][0]["code"], "tax_code_check");
        let first = one.post_once("/api/v1/me/parties", "a", &input("Công ty TNHH Sông Hàn")).await.expect(201).json();
        let second = two.post_once("/api/v1/me/parties", "b", &input("SONG HAN CO")).await.expect(201).json();
        assert_ne!(first["party"]["id"], second["party"]["id"]);
        let party = first["party"]["id"].as_str().unwrap();

        // Who is not confirmed yet gives no authority for it.
        let offer = json!({ "to": "048190000002", "party": party });
        one.post_once("/api/v1/me/mandates", "c", &offer).await.expect(404);
        for added in [&first, &second] {
            officer.post(&format!("/api/v1/mandates/{}/confirm", id(&added["mandate"])), &json!({})).await.expect(200);
        }
        let second = two.get("/api/v1/me/parties").await.expect(200).json();
        assert_eq!(second["items"][0]["id"], party, "the organisation that is known already");
        let offered = one.post_once("/api/v1/me/mandates", "d", &offer).await.expect(201).json();
        two.post(&format!("/api/v1/me/mandates/{}/accept", id(&offered)), &json!({})).await.expect(200);
        assert_eq!(may(&city, &bao, &id(&offered), "land").await.as_deref(), Ok("Công ty TNHH Sông Hàn"));
        // A holder of written authority hands nothing on: the second representative may, as one of their own right.
        one.delete(&format!("/api/v1/me/mandates/{}", id(&first["mandate"]))).await.expect(204);
        one.post_once("/api/v1/me/mandates", "e", &offer).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn the_pages_work_without_scripts() {
    each(|city| async move {
        register(&city, 1).await;
        register(&city, 2).await;
        let enter = async |phone: &str| {
            let mut browser = city.visitor();
            browser.submit("/sign-in", &[("login", phone), ("password", PASSWORD)]).await.expect(303);
            browser
        };
        let (mut lan, mut bao) = (enter("0905000001").await, enter("0905000002").await);
        lan.get("/account/for-others").await.expect(200);
        lan.get("/account/for-others/grant").await.expect(200);
        let page = lan.submit("/account/for-others/grant", &[("to", "048190000001")]).await.expect(422).text();
        assert!(page.contains("Đây là số định danh của chính ông, bà"), "{page}");
        let form =
            [("to", "048190000002"), ("fields", "land"), ("fields", "residence"), ("procedures", "2.000635, 1.1")];
        lan.submit("/account/for-others/grant", &form).await.expect(303);
        let page = bao.get("/account/for-others").await.expect(200).text();
        assert!(page.contains("Nguyễn Thị Lan") && page.contains("2.000635"), "{page}");
        let mandate =
            page.split("/account/for-others/").find(|part| part.contains("/accept")).unwrap()[..36].to_owned();
        bao.submit(&format!("/account/for-others/{mandate}/accept"), &[]).await.expect(303);
        let page = lan.get("/account/for-others?done=offered").await.expect(200).text();
        assert!(page.contains("Có hiệu lực") && page.contains("Thu hồi ủy quyền"), "{page}");
        lan.submit(&format!("/account/for-others/{mandate}/end"), &[]).await.expect(303);

        for kind in ["dependant", "organisation", "household"] {
            lan.clone().english().get(&format!("/account/for-others/add?kind={kind}")).await.expect(200);
        }
        let child = [("kind", "dependant"), ("right", "parent"), ("name", "Nguyễn Minh Khôi"), ("born-year", "2019")];
        lan.submit("/account/for-others/add", &child[..3]).await.expect(422);
        lan.submit("/account/for-others/add", &child).await.expect(303);

        let mut officer = city.client(&city.person("Cán bộ Một cửa", &[(Role::Officer, Some(UNIT))]));
        officer.get("/office/mandates?q=0481").await.expect(200);
        let page = officer.get("/office/mandates?q=048190000001").await.expect(200).text();
        assert!(page.contains("Nguyễn Minh Khôi"), "{page}");
        let claim = page.split("/office/mandates/").find(|part| part.contains("/confirm")).unwrap()[..36].to_owned();
        let answer =
            officer.submit(&format!("/office/mandates/{claim}/confirm"), &[("q", "048190000001")]).await.expect(303);
        assert!(answer.location().ends_with("q=048190000001"), "{}", answer.location());
        lan.get("/office/mandates").await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn who_has_no_citizen_id_registers_by_passport() {
    each(|city| async move {
        let input = json!({ "kind": "foreigner", "name": "Kim Min-jun", "date_of_birth": "1985-07-01",
            "passport_country": "kr", "passport": "m1234 5678", "email": "minjun@example.com", "password": PASSWORD });
        let made = city.visitor().post("/api/v1/accounts", &input).await.expect(201).json();
        assert_eq!(made["citizen_id"], "••••5678");
        let session = json!({ "login": "minjun@example.com", "password": PASSWORD });
        let token = city.visitor().post("/api/v1/sessions", &session).await.expect(201).json();
        let me = bearer(&city, token["token"].as_str().unwrap()).get("/api/v1/me").await.expect(200).json();
        assert_eq!((me["kind"].as_str(), me["passport"]["number"].as_str()), (Some("foreigner"), Some("M12345678")));
        let mut twice = input.clone();
        twice["email"] = json!("other@example.com");
        let problem = city.visitor().post("/api/v1/accounts", &twice).await.expect(409).json();
        assert!(problem["detail"].as_str().unwrap().contains("passport"), "{problem}");
        for (field, value, code) in [
            ("email", "", "reach_needed"),
            ("passport", "", "required"),
            ("passport_country", "QQ", "country_unknown"),
            ("kind", "robot", "required"),
            ("kind", "citizen", "required"),
        ] {
            let mut wrong = input.clone();
            wrong[field] = json!(value);
            let problem = city.visitor().post("/api/v1/accounts", &wrong).await.expect(422).json();
            assert_eq!(problem["errors"][0]["code"], code, "{field} {value}: {problem}");
        }
        let mut browser = city.visitor();
        let page = browser.get("/register").await.expect(200).text();
        assert!(page.contains("Người nước ngoài") && page.contains("passport_country"), "{page}");
    })
    .await;
}
