//! Programs do what the pages do: a draft, its applicant's signature, handing it in; each the same thing, whichever door.

use std::time::Duration;

use serde_json::{Value, json};
use songhan_base::Person;
use songhan_documents::personal;
use songhan_testkit::{Client, TestCity, dies_after, for_each_database};

use super::signing::{answer, with_telephone};
use super::support::{PDF, UNIT, lan, modules, resident};
use crate::ops::submit_draft::submit_draft;

/// More polls than handing in takes.
const POLLS_MAX: usize = 2000;

fn copy() -> Value {
    json!({ "procedure": "2.000635", "unit": UNIT, "answers": { "record_kind": "birth", "subject": "self",
        "registered_at": "Phước Ninh", "copies": 2, "applicant_name": "Nguyễn Thị Lan",
        "applicant_born": "1990-03-12", "applicant_citizen_id": "048190001234", "applicant_phone": "0905123456",
        "applicant_address": "24 Trần Phú" } })
}

/// A draft of the copy; gives its id.
async fn draft(client: &mut Client, key: &str) -> String {
    let made = client.post_once("/api/v1/drafts", key, &copy()).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn dossiers(city: &TestCity, person: &Person) -> usize {
    songhan_cases::of_applicant(&city.app.db, person.account, None, 100).await.unwrap().cases.len()
}

async fn refused(client: &mut Client, key: &str, body: Value, status: u16) -> Value {
    client.post_once("/api/v1/dossiers", key, &body).await.expect(status).json()
}

#[tokio::test]
async fn a_program_has_a_form_signed_and_hands_it_in() {
    with_telephone(|city, origin| async move {
        let person = lan(&city).await;
        let mut lan = city.client(&person);
        let told = refused(&mut lan, "1", copy(), 409).await;
        assert_eq!(told["code"], "signature_needed");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains("POST /api/v1/drafts/{id}/signature") && detail.contains("counter"), "{detail}");

        lan.post("/api/v1/drafts", &copy()).await.expect(400);
        let made = lan.post_once("/api/v1/drafts", "2", &copy()).await.expect(201).json();
        assert_eq!(
            lan.post_once("/api/v1/drafts", "2", &copy()).await.expect(201).json(),
            made,
            "a repeat is no other"
        );
        let id = made["id"].as_str().unwrap().to_owned();
        let (path, signature) = (format!("/api/v1/drafts/{id}"), format!("/api/v1/drafts/{id}/signature"));
        assert_eq!(lan.get(&path).await.expect(200).json(), made, "what was answered is what is kept");
        assert_eq!(
            (&made["signature"], &made["complete"], &made["version"]),
            (&json!("missing"), &json!(true), &json!(1))
        );
        let listed = lan.get("/api/v1/drafts").await.expect(200).json();
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]), (1, &made["id"]));

        assert_eq!(refused(&mut lan, "3", json!({ "draft": id }), 409).await["code"], "signature_missing");
        assert_eq!(lan.get(&signature).await.expect(404).json()["code"], "signature_not_begun");
        lan.get(&format!("{signature}/document")).await.expect(404);
        assert_eq!(lan.post(&signature, &json!({ "version": 7 })).await.expect(409).json()["code"], "draft_changed");
        let begun = lan.post_once(&signature, "4", &json!({ "version": 1 })).await.expect(200).json();
        assert_eq!((&begun["state"], &begun["signer"]), (&json!("waiting"), &json!("Nguyễn Thị Lan")));
        assert_eq!(lan.post(&signature, &json!({})).await.expect(200).json(), begun, "begun once");
        assert_eq!(lan.get(&signature).await.expect(200).json(), begun);
        let shown = lan.get(&format!("{signature}/document")).await.expect(200);
        assert!(shown.body.starts_with(b"%PDF-") && shown.headers["content-type"] == "application/pdf");

        answer(&origin, "decline").await;
        city.clock.advance(Duration::from_secs(1));
        assert_eq!(lan.get(&signature).await.expect(200).json()["state"], "declined");
        assert_eq!(refused(&mut lan, "5", json!({ "draft": id }), 409).await["code"], "signature_missing");
        let repeated = lan.post_once(&signature, "4", &json!({ "version": 1 })).await.expect(200).json();
        assert_eq!(repeated, begun, "a repeat begins nothing anew");
        assert_ne!(lan.post(&signature, &json!({})).await.expect(200).json()["id"], begun["id"]);
        answer(&origin, "confirm").await;
        assert_eq!(lan.get(&signature).await.expect(200).json()["state"], "confirmed");
        assert_eq!(lan.get(&path).await.expect(200).json()["signature"], "signed");
        let signed = lan.get(&format!("{signature}/document")).await.expect(200).body;
        assert!(signed.len() > shown.body.len());
        // The pages see the same.
        let review = lan.get(&format!("/apply/{id}/review")).await.expect(200).text();
        assert!(review.contains("Tờ khai đã được ký số"), "{review}");

        let named = json!({ "draft": id, "version": 1 });
        let receipt = lan.post_once("/api/v1/dossiers", "6", &named).await.expect(201).json();
        for key in ["6", "7"] {
            assert_eq!(lan.post_once("/api/v1/dossiers", key, &named).await.expect(201).json(), receipt);
        }
        assert_eq!(dossiers(&city, &person).await, 1);
        let gone = lan.get(&path).await.expect(409).json();
        let code = receipt["code"].as_str().unwrap();
        assert_eq!(gone["code"], "draft_submitted");
        assert!(gone["detail"].as_str().unwrap().contains(code), "{gone}");
        let papers = songhan_documents::of_subject(&city.app.db, &crate::dossier::subject(code)).await.unwrap();
        let [paper] = papers.as_slice() else { panic!("one paper: {papers:?}") };
        assert_eq!((paper.template.as_str(), paper.size as usize), ("application", signed.len()));
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_is_signed_again_and_others_see_nothing() {
    with_telephone(|city, origin| async move {
        let person = lan(&city).await;
        let mut lan = city.client(&person);
        let id = draft(&mut lan, "1").await;
        let (path, signature) = (format!("/api/v1/drafts/{id}"), format!("/api/v1/drafts/{id}/signature"));
        lan.post(&signature, &json!({})).await.expect(200);
        answer(&origin, "confirm").await;
        lan.get(&signature).await.expect(200);

        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048201004321").await);
        for path in [&path, &signature, &format!("{signature}/document")] {
            bao.get(path).await.expect(404);
        }
        bao.post(&signature, &json!({})).await.expect(404);
        bao.delete(&path).await.expect(404);
        refused(&mut bao, "1", json!({ "draft": id }), 404).await;
        assert_eq!(bao.get("/api/v1/drafts").await.expect(200).json()["items"], json!([]));

        // Changed on a page after it was signed.
        lan.submit(&format!("/apply/{id}/copies"), &[("copies", "5")]).await.expect(303);
        let seen = lan.get(&path).await.expect(200).json();
        assert_eq!(
            (&seen["signature"], &seen["version"], &seen["answers"]["copies"]),
            (&json!("outdated"), &json!(2), &json!(5))
        );
        assert_eq!(refused(&mut lan, "2", json!({ "draft": id, "version": 1 }), 409).await["code"], "draft_changed");
        assert_eq!(refused(&mut lan, "3", json!({ "draft": id }), 409).await["code"], "signature_missing");
        lan.get(&signature).await.expect(404);

        // An account that is erased takes both with it.
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        for erase in modules().iter().filter_map(|module| module.erase) {
            erase(&cx, &mut tx, person.account).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert!(songhan_forms::drafts::list(&city.app.db, person.account).await.unwrap().is_empty());
        let (kept,): (i64,) = songhan_db::query("SELECT COUNT(*) FROM answers WHERE body LIKE '%24 Trần Phú%'")
            .fetch_one(&city.app.db)
            .await
            .unwrap();
        assert_eq!(kept, 0, "nor does the answer to its creation stay");
        assert!(personal::look(&city.system(), &format!("draft:{id}"), 1).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn handed_in_whole_or_not_wherever_it_dies() {
    with_telephone(|city, origin| async move {
        let person = lan(&city).await;
        let (mut lan, cx) = (city.client(&person), city.cx(&person));
        let id = draft(&mut lan, "1").await;
        let signature = format!("/api/v1/drafts/{id}/signature");
        lan.post(&signature, &json!({})).await.expect(200);
        answer(&origin, "confirm").await;
        lan.get(&signature).await.expect(200);
        for polls in 0..POLLS_MAX {
            let done = dies_after(polls, submit_draft(&cx, &id, None)).await;
            if dossiers(&city, &person).await == 0 {
                assert!(done.is_none());
                assert_eq!(lan.get(&format!("/api/v1/drafts/{id}")).await.expect(200).json()["signature"], "signed");
                continue;
            }
            // On disk, told or not: whoever asks again has the same receipt, and nothing is made twice.
            let body = json!({ "draft": id });
            let receipt = lan.post_once("/api/v1/dossiers", "2", &body).await.expect(201).json();
            if let Some(done) = done {
                assert_eq!(receipt["receipt_key"], done.unwrap().receipt_key);
            }
            assert_eq!(dossiers(&city, &person).await, 1);
            let about = crate::dossier::subject(receipt["code"].as_str().unwrap());
            assert_eq!(songhan_documents::of_subject(&city.app.db, &about).await.unwrap().len(), 1);
            assert!(polls > 2, "{polls} polls are no places to die at");
            return;
        }
        panic!("it never comes to an end");
    })
    .await;
}

#[tokio::test]
async fn a_draft_of_a_program_is_checked_like_what_is_handed_in() {
    for_each_database(modules(), |city| async move {
        let person = lan(&city).await;
        let mut lan = city.client(&person);
        let mut create = async |key: &str, change: &dyn Fn(&mut Value)| {
            let mut body = copy();
            change(&mut body);
            lan.post_once("/api/v1/drafts", key, &body).await
        };
        for (key, code, change) in [
            ("1", "answers_invalid", (&|b: &mut Value| b["answers"]["copies"] = json!("x")) as &dyn Fn(&mut Value)),
            ("2", "procedure_unknown", &|b| b["procedure"] = json!("9.9")),
            ("3", "unit_invalid", &|b| b["unit"] = json!("nowhere")),
            ("4", "exemption_invalid", &|b| b["exemption"] = json!("rich")),
            ("5", "mandate_invalid", &|b| b["on_behalf"] = json!("019aa4a0-7c00-7000-8000-000000000001")),
            ("6", "delivery_invalid", &|b| b["delivery"] = json!({ "way": "pigeon" })),
            ("7", "body_invalid", &|b| b["draft"] = json!("x")),
        ] {
            assert_eq!(create(key, change).await.expect(422).json()["code"], code);
        }
        let with = |upload: &str| {
            let upload = upload.to_owned();
            move |b: &mut Value| {
                b["answers"]["subject"] = json!("other");
                b["answers"]["subject_name"] = json!("Trần Thị Bưởi");
                b["answers"]["subject_born"] = json!("1961-02-03");
                b["answers"]["authorisation"] = json!([upload]);
            }
        };
        let nobodys = with("019aa4a0-7c00-7000-8000-000000000001");
        assert_eq!(create("8", &nobodys).await.expect(422).json()["code"], "upload_unknown");
        let own = songhan_documents::take(&city.cx(&person), "uy-quyen.pdf", PDF.to_vec()).await.unwrap();
        let whole = |b: &mut Value| {
            with(&own.id.to_string())(b);
            b["delivery"] = json!({ "way": "post", "recipient": "Trần Thị Bưởi", "phone": "0905 123 456",
                "address": "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng" });
        };
        let made = create("9", &whole).await.expect(201).json();
        assert_eq!((&made["signature"], &made["complete"]), (&json!("not_needed"), &json!(true)));
        let id = made["id"].as_str().unwrap();
        let path = format!("/api/v1/drafts/{id}");
        assert_eq!(lan.get(&path).await.expect(200).json(), made);
        let begun = lan.post(&format!("{path}/signature"), &json!({})).await.expect(409).json();
        assert_eq!(begun["code"], "signature_not_needed");
        let receipt = lan.post_once("/api/v1/dossiers", "10", &json!({ "draft": id })).await.expect(201).json();
        let code = receipt["code"].as_str().unwrap();
        let seen = lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!((&seen["papers"][0]["name"], &seen["delivery"]["way"]), (&json!("uy-quyen.pdf"), &json!("post")));
        assert_eq!(seen["delivery"]["recipient"], "Trần Thị Bưởi", "{seen}");

        let other = draft(&mut lan, "11").await;
        lan.delete(&format!("/api/v1/drafts/{other}")).await.expect(204);
        lan.get(&format!("/api/v1/drafts/{other}")).await.expect(404);
        lan.delete(&format!("/api/v1/drafts/{other}")).await.expect(404);
        lan.get("/api/v1/drafts/nonsense").await.expect(404);
        let answered = city.visitor().get("/api/v1/drafts").await;
        answered.expect(401);
        // The key of a draft's answer cannot be taken by a request.
        let other = draft(&mut lan, &format!("draft:{id}")).await;
        let named = json!({ "draft": other });
        lan.post_once("/api/v1/dossiers", &format!("draft:{other}"), &named).await.expect(201);
    })
    .await;
}
