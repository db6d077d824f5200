//! Papers through the life of dossiers: each made once, numbered without gap, seen by whom it concerns alone.

use serde_json::{Value, json};
use songhan_base::{CitizenId, Lang, Person, Role};
use songhan_documents::Document;
use songhan_documents::paper::Timeliness;
use songhan_identity::NewAccount;
use songhan_testkit::{Client, TestCity, for_each_database};

use super::*;
use crate::modules;
use crate::ops::show_dossier::see;

mod copies;
mod signing;

const UNIT: &str = "ubnd-hai-chau";

async fn resident(city: &TestCity, name: &str, citizen_id: &str) -> Person {
    let cx = city.system();
    let new = NewAccount {
        name: name.to_owned(),
        citizen_id: CitizenId::parse(citizen_id, 2026).unwrap(),
        date_of_birth: "1990-05-04".parse().unwrap(),
        phone: Some(format!("+8490{}", &citizen_id[5..])),
        email: None,
        address: Some("24 Trần Phú, phường Hải Châu".to_owned()),
        area: Some("20242".to_owned()),
        lang: Lang::Vi,
        password: None,
    };
    let mut tx = cx.begin().await.unwrap();
    let account = songhan_identity::create_account(&mut tx, &cx, new).await.unwrap();
    tx.commit().await.unwrap();
    city.as_person(account, name, Vec::new())
}

/// Everyone who is in the story, and a dossier that was handed in.
struct Story {
    city: TestCity,
    lan: Client,
    officer: Client,
    binh: Person,
    code: String,
    charge: String,
}

async fn story(city: &TestCity) -> Story {
    let lan = resident(city, "Nguyễn Thị Lan", "048190001234").await;
    let binh = city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]);
    let (mut lan, officer) = (city.client(&lan), city.client(&binh));
    let answers = json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh", "copies": 2,
        "applicant_name": "Nguyễn Thị Lan", "applicant_born": "1990-05-04", "applicant_citizen_id": "048190001234",
        "applicant_phone": "0905123456", "applicant_address": "24 Trần Phú" });
    let body = json!({ "procedure": "2.000635", "unit": UNIT, "answers": answers });
    let receipt = lan.post_once("/api/v1/dossiers", "one", &body).await.expect(201).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (code, charge) = (text(&receipt["code"]), text(&receipt["charge"]["id"]));
    city.settle().await;
    Story { city: city.clone(), lan, officer, binh, code, charge }
}

impl Story {
    async fn act(&mut self, action: &str, note: &str) {
        let path = format!("/api/v1/dossiers/{}/actions/{action}", self.code);
        let body = if note.is_empty() { json!({}) } else { json!({ "note": note }) };
        self.officer.post(&path, &body).await.expect(200);
        self.city.settle().await;
    }

    async fn pay(&mut self) {
        let path = format!("/api/v1/charges/{}/counter-payments", self.charge);
        let answer = self.officer.post_once(&path, "pay", &json!({})).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        self.city.settle().await;
    }

    async fn papers(&self, template: &str) -> Vec<Document> {
        let about = crate::dossier::subject(&self.code);
        let all = songhan_documents::of_subject(&self.city.app.db, &about).await.unwrap();
        all.into_iter().filter(|paper| paper.template == template).collect()
    }
}

#[tokio::test]
async fn slips_follow_what_the_office_asks_and_refuses() {
    for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        story.act("request_completion", "1. Bản chụp căn cước\nLý do: bản đã nộp bị mờ").await;
        let first = story.papers("supplement-request").await;
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].number.as_deref(), Some("1/HDHS-UBND"));
        let page = format!("/dossiers/{}", story.code);
        let seen = story.lan.get(&page).await.expect(200).text();
        assert!(seen.contains("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ") && seen.contains("Số 1/HDHS-UBND"), "{seen}");
        let seen = story.lan.clone().english().get(&page).await.expect(200).text();
        assert!(seen.contains("Request for further papers"), "{seen}");
        let download = format!("{page}/issued/{}", first[0].id);
        assert!(story.lan.get(&download).await.expect(200).body.starts_with(b"%PDF-"));
        let desk = format!("/office/dossiers/{}", story.code);
        let seen = story.officer.get(&desk).await.expect(200).text();
        assert!(seen.contains(&format!("{desk}/issued/{}", first[0].id)) && seen.contains("process-sheet.pdf"));
        story.officer.get(&format!("{desk}/issued/{}", first[0].id)).await.expect(200);
        let mut other = city.client(&resident(&city, "Trần Quốc Bảo", "048090004321").await);
        other.get(&download).await.expect(404);
        for wrong in ["x", "01890a5d-ac96-774b-bcce-b302099a8057"] {
            story.lan.get(&format!("{page}/issued/{wrong}")).await.expect(404);
        }

        // A second time is a second paper; the same job again is none.
        story.act("complete", "").await;
        story.act("request_completion", "Giấy ủy quyền").await;
        let both = story.papers("supplement-request").await;
        assert_eq!(both.iter().filter_map(|p| p.number.clone()).collect::<Vec<_>>(), ["1/HDHS-UBND", "2/HDHS-UBND"]);
        let case = songhan_cases::by_code(&city.app.db, &story.code).await.unwrap().unwrap();
        let again = json!({ "case": case.id, "leader": null, "step": case.version, "document": both[1].id });
        supplement::run(city.system(), again).await.unwrap();
        assert_eq!(story.papers("supplement-request").await.len(), 2);

        story.act("refuse", "Sổ hộ tịch không do phường lưu giữ").await;
        let refusal = story.papers("refusal").await;
        assert_eq!(refusal.len(), 1);
        assert_eq!(
            (refusal[0].number.as_deref(), refusal[0].holder_name.as_str()),
            (Some("1/TCHS-UBND"), "Nguyễn Thị Lan")
        );
    })
    .await;
}

#[tokio::test]
async fn an_extension_apologises_with_both_dates() {
    for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        story.pay().await;
        story.act("accept", "").await;
        let cx = city.cx(&story.binh);
        let case = songhan_cases::by_code(&cx.db, &story.code).await.unwrap().unwrap();
        let act = songhan_cases::Act {
            action: "extend",
            public_note: Some("Phải xác minh nơi đã đăng ký"),
            extension: Some("2 days".parse().unwrap()),
            ..songhan_cases::Act::default()
        };
        let mut tx = cx.begin().await.unwrap();
        let outcome = songhan_cases::act(&mut tx, &cx, case.id, act).await.unwrap();
        let wanted = promised("issue_apology").unwrap();
        promise(&mut tx, &cx, wanted, &outcome.case, &outcome.step, None).await.unwrap();
        tx.commit().await.unwrap();
        let payload = json!({ "case": case.id, "leader": null, "step": outcome.step.seq, "document": cx.env.id() });
        let occasion = slip::occasion(&cx, payload).await.unwrap().unwrap();
        assert_eq!(occasion.due_before, case.due_at.map(|at| at.0));
        assert!(occasion.step.due_at > case.due_at);
        city.settle().await;
        let papers = story.papers("apology").await;
        assert_eq!(papers.len(), 1);
        assert_eq!(papers[0].number.as_deref(), Some("1/PXL-UBND"));
    })
    .await;
}

#[tokio::test]
async fn a_paid_fee_has_its_receipt_until_it_is_owed_back() {
    for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        assert!(story.papers("payment-receipt").await.is_empty());
        story.pay().await;
        assert!(story.papers("payment-receipt").await.is_empty(), "made when someone looks");
        for _ in 0..2 {
            story.lan.get(&format!("/dossiers/{}", story.code)).await.expect(200);
        }
        let paid = story.papers("payment-receipt").await;
        assert_eq!(paid.len(), 1, "one receipt for one payment");
        assert_eq!(paid[0].number.as_deref(), Some("DN-26E 0000001"));
        assert!(paid[0].revoked_at.is_none());
        let registered = songhan_ledger::receipts_of(&city.app.db, story.charge.parse().unwrap()).await.unwrap();
        assert_eq!(registered.iter().map(|one| one.id).collect::<Vec<_>>(), [paid[0].id]);
        story.act("refuse", "Không thuộc thẩm quyền").await;
        let after = story.papers("payment-receipt").await;
        assert!(after[0].revoked_at.is_some(), "the receipt of a fee that is owed back holds no more");
    })
    .await;
}

#[tokio::test]
async fn the_sheet_says_whose_hands_it_went_through() {
    for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        story.pay().await;
        story.act("accept", "").await;
        story.act("process", "").await;
        let desk = format!("/office/dossiers/{}", story.code);
        let cx = city.cx(&story.binh);
        let seen = see(&cx, &story.code).await.unwrap();
        let workflow = songhan_cases::workflow(&cx, &cx.db, &seen.case).await.unwrap();
        let steps = songhan_cases::timeline(&cx.db, seen.case.id, false).await.unwrap();
        let hands = sheet::handovers(&cx, &workflow, &steps, "Nguyễn Thị Lan");
        let desks: Vec<&str> = hands.iter().map(|hand| hand.to.desk.as_str()).collect();
        assert_eq!(desks, ["Bộ phận tiếp nhận và trả kết quả", "Công chức thụ lý"], "{hands:?}");
        assert_eq!(hands[0].from.desk, "Người nộp hồ sơ");
        assert!(hands.iter().all(|hand| hand.outcome != Some(Timeliness::Late)));
        let answer = story.officer.get(&format!("{desk}/process-sheet.pdf")).await.expect(200);
        assert!(answer.body.starts_with(b"%PDF-"));
        story.lan.get(&format!("{desk}/process-sheet.pdf")).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn the_book_is_of_the_desks_own_units_and_days() {
    for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        let book = |query: &str| format!("/office/book.pdf{query}");
        for query in ["", "?from=2026-11-20&until=2026-11-20", "?from=&until="] {
            assert!(story.officer.get(&book(query)).await.expect(200).body.starts_with(b"%PDF-"));
        }
        for wrong in ["?from=x", "?from=2026-11-21&until=2026-11-20", "?from=2020-01-01&until=2026-11-20", "?until=99"]
        {
            story.officer.get(&book(wrong)).await.expect(422);
        }
        let (begin, end) = ("2026-11-19T17:00:00Z".parse().unwrap(), "2026-11-20T17:00:00Z".parse().unwrap());
        let of = async |units: Option<&[String]>| {
            store::received_between(&city.app.db, units, begin, end, 10).await.unwrap().len()
        };
        assert_eq!(of(None).await, 1);
        assert_eq!(of(Some(&[UNIT.to_owned(), "ubnd-an-khe".to_owned()])).await, 1);
        assert_eq!(of(Some(&["ubnd-an-khe".to_owned()])).await, 0);
        assert_eq!(of(Some(&[])).await, 0);
    })
    .await;
}
