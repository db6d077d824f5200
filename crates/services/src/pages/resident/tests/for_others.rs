//! Applying for somebody else: by a mandate that is in force and covers the procedure, on pages and by programs.

use serde_json::{Value, json};
use songhan_base::Person;
use songhan_testkit::{Client, TestCity, for_each_database};

use super::support::{COPY, COPY_ANSWERS, UNIT, begin, code_of, lan, modules, officer, resident};

const CODE: &str = "2.000635";

fn answers(name: &str) -> Value {
    json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh", "copies": 1,
        "applicant_name": name, "applicant_born": "1961-03-12", "applicant_citizen_id": "048161000007",
        "applicant_phone": "0905000000", "applicant_address": "24 Trần Phú" })
}

async fn grandmother(city: &TestCity) -> Person {
    resident(city, "Trần Thị Bưởi", "048161000007").await
}

/// `grantor` lets Lan act within `scope`, and Lan accepts; the id of the mandate.
async fn mandate(city: &TestCity, grantor: &Person, agent: &mut Client, scope: Value, until: &str) -> String {
    let input = json!({ "to": "048190001234", "scope": scope, "until": until });
    let offered = city.client(grantor).post_once("/api/v1/me/mandates", &format!("{scope}{until}"), &input).await;
    let id = offered.expect(201).json()["id"].as_str().expect("an id").to_owned();
    agent.post(&format!("/api/v1/me/mandates/{id}/accept"), &json!({})).await.expect(200);
    id
}

async fn hand_in(client: &mut Client, key: &str, on_behalf: &str) -> songhan_testkit::Answer {
    let input = json!({ "procedure": CODE, "unit": UNIT, "answers": answers("Trần Thị Bưởi"), "on_behalf": on_behalf });
    client.post_once("/api/v1/dossiers", key, &input).await
}

/// The code of the one field at fault.
fn fault(answer: songhan_testkit::Answer) -> String {
    let problem = answer.expect(422).json();
    assert_eq!(problem["code"], "mandate_invalid", "{problem}");
    assert_eq!(problem["errors"][0]["field"], "on_behalf", "{problem}");
    problem["errors"][0]["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn by_authority_for_a_parent() {
    for_each_database(modules(), |city| async move {
        let (grandmother, lan_person) = (grandmother(&city).await, lan(&city).await);
        let mut lan = city.client(&lan_person);
        let id = mandate(&city, &grandmother, &mut lan, json!({}), "").await;

        // The first page asks for whom; the answers that are known are those of the one chosen.
        let begun = lan.get(&format!("/procedures/{COPY}/apply")).await.expect(303);
        let draft = begun.location().rsplit_once('/').unwrap().0.to_owned();
        assert_eq!(begun.location(), format!("{draft}/for-whom"));
        let page = lan.get(begun.location()).await.expect(200).text();
        assert!(page.contains("Ông, bà nộp hồ sơ này cho ai?") && page.contains("Trần Thị Bưởi"), "{page}");
        assert!(page.contains("/account/for-others"));
        lan.submit(&format!("{draft}/for-whom"), &[("party", "x")]).await.expect(422);
        let chosen = lan.submit(&format!("{draft}/for-whom"), &[("party", &id)]).await.expect(303);
        assert_eq!(chosen.location(), format!("{draft}/record_kind"));
        for (screen, fields) in COPY_ANSWERS.iter().filter(|(screen, _)| *screen != "applicant_person") {
            lan.submit(&format!("{draft}/{screen}"), fields).await.expect(303);
        }
        let known = lan.get(&format!("{draft}/applicant_person")).await.expect(200).text();
        assert!(known.contains("value=\"048161000007\"") && known.contains("value=\"Trần Thị Bưởi\""), "{known}");
        // Back to oneself and again to her: what was filled in follows, what was typed stays.
        lan.submit(&format!("{draft}/for-whom"), &[("party", "self")]).await.expect(303);
        let own = lan.get(&format!("{draft}/applicant_person")).await.expect(200).text();
        assert!(own.contains("value=\"048190001234\""), "{own}");
        lan.submit(&format!("{draft}/for-whom"), &[("party", &id)]).await.expect(303);
        lan.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
        lan.submit(&format!("{draft}/return"), &[("way", "electronic")]).await.expect(303);
        let review = lan.get(&format!("{draft}/review")).await.expect(200).text();
        assert!(review.contains("Nộp cho") && review.contains("Trần Thị Bưởi"), "{review}");
        let code = code_of(&lan.submit(&format!("{draft}/submit"), &[]).await.expect(303));

        // Everyone sees for whom and by whom.
        let list = lan.get("/dossiers").await.expect(200).text();
        assert!(list.contains("Nộp cho Trần Thị Bưởi"), "{list}");
        let seen = lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!(seen["on_behalf"]["name"], "Trần Thị Bưởi");
        assert_eq!(
            (seen["on_behalf"]["kind"].as_str(), seen["applicant_name"].as_str()),
            (Some("person"), Some("Nguyễn Thị Lan"))
        );
        let mut desk = city.client(&officer(&city));
        let page = desk.get(&format!("/office/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Chủ hồ sơ") && page.contains("Nguyễn Thị Lan nộp thay"), "{page}");
        for name in ["bưởi", "nguyen thi lan", "048161000007"] {
            let q = name.replace(' ', "+");
            assert!(desk.get(&format!("/office?q={q}")).await.expect(200).text().contains(&code), "{name}");
        }

        // Whom it is for reads it and does nothing to it; nobody else sees it.
        let mut owner = city.client(&grandmother);
        let list = owner.get("/dossiers").await.expect(200).text();
        assert!(list.contains("Do Nguyễn Thị Lan nộp thay") && list.contains(&code), "{list}");
        let page = owner.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("do Nguyễn Thị Lan nộp thay ông, bà") && !page.contains("/actions/withdraw"), "{page}");
        let seen = owner.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!(seen["actions"], json!([]));
        owner.post(&format!("/api/v1/dossiers/{code}/actions/withdraw"), &json!({})).await.expect(403);
        owner.get(&format!("/dossiers/{code}/actions/withdraw")).await.expect(303);
        let mut stranger = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        stranger.get(&format!("/dossiers/{code}")).await.expect(404);
        // Notices go to who handed it in.
        city.settle().await;
        assert!(lan.get("/notices").await.expect(200).text().contains(&code));
        let told = owner.get("/notices").await.expect(200).text();
        assert!(!told.contains(&code));
        // Each side of the authority heard of the other.
        assert!(told.contains("Nguyễn Thị Lan đã chấp nhận ủy quyền"), "{told}");
        let told = lan.get("/notices").await.expect(200).text();
        assert!(told.contains("Trần Thị Bưởi muốn ủy quyền cho ông/bà"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn without_a_right_nobody_applies_for_another() {
    for_each_database(modules(), |city| async move {
        let (grandmother, lan_person) = (grandmother(&city).await, lan(&city).await);
        let mut lan = city.client(&lan_person);
        let all = mandate(&city, &grandmother, &mut lan, json!({}), "").await;
        let land = mandate(&city, &grandmother, &mut lan, json!({ "fields": ["land"] }), "").await;
        let today = city.cx(&lan_person).today();
        let short = mandate(&city, &grandmother, &mut lan, json!({ "procedures": [CODE] }), &today.to_string()).await;
        // None at all, none that exists, someone else's, one for other things.
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        assert_eq!(fault(hand_in(&mut bao, "1", "x").await), "unknown");
        assert_eq!(fault(hand_in(&mut bao, "2", "01890a5d-ac96-774b-bcce-b302099a8057").await), "unknown");
        assert_eq!(fault(hand_in(&mut bao, "3", &all).await), "unknown");
        assert_eq!(fault(hand_in(&mut lan, "4", &land).await), "scope");
        hand_in(&mut lan, "5", &short).await.expect(201);
        // One that ran out, one that was taken back: also when a draft had named it.
        let draft = begin(&mut lan, COPY).await;
        lan.submit(&format!("{draft}/for-whom"), &[("party", &short)]).await.expect(303);
        for (screen, fields) in COPY_ANSWERS {
            lan.submit(&format!("{draft}/{screen}"), fields).await.expect(303);
        }
        lan.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
        lan.submit(&format!("{draft}/return"), &[("way", "electronic")]).await.expect(303);
        city.clock.advance(std::time::Duration::from_secs(26 * 3600));
        let mut lan = city.client(&lan_person);
        assert_eq!(fault(hand_in(&mut lan, "6", &short).await), "ended");
        let asked = lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
        assert_eq!(asked.location(), format!("{draft}/for-whom"), "it is asked again, and never handed in by mistake");
        city.client(&grandmother).delete(&format!("/api/v1/me/mandates/{all}")).await;
        assert_eq!(fault(hand_in(&mut lan, "7", &all).await), "ended");
        assert_eq!(lan.get(&format!("{draft}/review")).await.expect(303).location(), format!("{draft}/for-whom"));
        // For oneself it can still be handed in.
        lan.submit(&format!("{draft}/for-whom"), &[("party", "self")]).await.expect(303);
        lan.submit(&format!("{draft}/submit"), &[]).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn for_a_child_and_for_an_organisation() {
    for_each_database(modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let child = json!({ "kind": "dependant", "right": "parent", "name": "Nguyễn Minh Khôi", "born": "2019-05-04",
            "birth_certificate": "112/2019" });
        let added = lan.post_once("/api/v1/me/parties", "child", &child).await.expect(201).json();
        let mandate = added["mandate"]["id"].as_str().expect("an id").to_owned();
        // A parent's word passes, and the office is told to look at the papers.
        let input = json!({ "procedure": CODE, "unit": UNIT, "answers": answers("Nguyễn Minh Khôi"), "on_behalf": mandate });
        let code = lan.post_once("/api/v1/dossiers", "d1", &input).await.expect(201).json()["code"].clone();
        let code = code.as_str().expect("a code");
        let seen = lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!((&seen["on_behalf"]["kind"], &seen["on_behalf"]["unproven"]), (&json!("child"), &json!(true)));
        let page = city.client(&officer(&city)).get(&format!("/office/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Quyền đại diện chưa được xác nhận"), "{page}");
        // To speak for a firm must have been confirmed.
        let firm = json!({ "kind": "organisation", "form": "organisation", "name": "Hội Khuyến học", "tax_code": "0100109106",
            "representative": "Nguyễn Thị Lan" });
        let added = lan.post_once("/api/v1/me/parties", "firm", &firm).await.expect(201).json();
        let mandate = added["mandate"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(fault(hand_in(&mut lan, "d2", &mandate).await), "unconfirmed");
        // A procedure that is not handed in for children does not take it.
        let child = lan.get("/api/v1/me/mandates").await.expect(200).text();
        assert!(child.contains("Nguyễn Minh Khôi"));
    })
    .await;
}
