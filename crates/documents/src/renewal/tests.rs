//! A document through the decades: renewed in time, once, and still the document that was issued.

use jiff::civil::date;
use serde_json::Value;
use songhan_testkit::{TestCity, for_each_database};

use super::*;
use crate::paper::{Head, Paper, Refusal, Slip};
use crate::{Draft, prepare, record};

fn years(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n * 365 * 24)
}

async fn issue(city: &TestCity) -> Document {
    let cx = city.system();
    let slip = Slip {
        dossier: "000.00.15.H17-261120-0001".into(),
        head: Head {
            agency: "Ủy ban nhân dân phường Hải Châu".into(), date: date(2026, 11, 20), ..Head::default()
        },
        ..Slip::default()
    };
    let draft = Draft {
        id: cx.env.id(),
        paper: Paper::Refusal(Box::new(Refusal { slip, ..Refusal::default() })),
        title: "Phiếu từ chối tiếp nhận giải quyết hồ sơ".into(),
        number: Some("1/TCHS-UBND".into()),
        subject: "dossier:000.00.15.H17-261120-0001".into(),
        unit: "ubnd-hai-chau".into(),
        holder: None,
        holder_name: "Nguyễn Thị Lan".into(),
        leader: None,
    };
    let prepared = prepare(&cx, draft).await.unwrap();
    let mut tx = cx.begin().await.unwrap();
    let document = record(&mut tx, &cx, prepared).await.unwrap();
    tx.commit().await.unwrap();
    document
}

async fn verified(city: &TestCity, id: Id) -> Value {
    city.visitor().with("accept", "application/json").get(&format!("/verify/{id}")).await.expect(200).json()
}

async fn end_of(city: &TestCity, id: Id) -> Timestamp {
    store::document(&city.app.db, id).await.unwrap().unwrap().evidence_ends_at.unwrap().0
}

#[tokio::test]
async fn a_document_is_renewed_once_before_its_evidence_ends() {
    for_each_database(vec![crate::module()], |city| async move {
        let begin = city.app.env.now();
        let document = issue(&city).await;
        let first = end_of(&city, document.id).await;
        assert!(first > begin + years(9) && first <= begin + years(10), "{first}");

        // Nothing to do, and without a newer certificate nothing to do it with.
        run(city.system()).await.unwrap();
        city.clock.set(begin + years(9) + years(1) / 4);
        run(city.system()).await.unwrap();
        assert_eq!(end_of(&city, document.id).await, first);

        // The daily schedules certify the authority again and then renew what has to be; twice is once.
        city.tick().await;
        city.tick().await;
        let second = end_of(&city, document.id).await;
        assert!(second > first + years(8), "{second}");
        let told = verified(&city, document.id).await;
        assert_eq!(told["sha256"], document.sha256);
        let renewed = told["renewed_sha256"].as_array().unwrap();
        assert_eq!(renewed.len(), 1, "{told}");

        // The new file begins with the old one; both are named, so neither is swept away.
        let old = files::get(&city.app, &document.sha256).await.unwrap();
        let new = files::get(&city.app, renewed[0].as_str().unwrap()).await.unwrap();
        assert!(new.len() > old.len() && new.starts_with(&old));
        assert_eq!(sign::held(&new).unwrap().ends_at, Some(second));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_renew_one_document_one_is_recorded() {
    for_each_database(vec![crate::module()], |city| async move {
        let document = issue(&city).await;
        city.clock.set(city.app.env.now() + years(9) + years(1) / 4);
        let now = city.app.env.now();
        let authority = signing::authority(&city.app).await.unwrap();
        authority.renew(now).unwrap();
        let (one, other) = tokio::join!(run(city.system()), run(city.system()));
        one.unwrap();
        other.unwrap();
        assert_eq!(store::renewals(&city.app.db, document.id).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn documents_from_before_are_looked_at() {
    for_each_database(vec![crate::module()], |city| async move {
        let document = issue(&city).await;
        let ends_at = end_of(&city, document.id).await;
        songhan_db::query("UPDATE documents SET evidence_ends_at = NULL").execute(&city.app.db).await.unwrap();
        run(city.system()).await.unwrap();
        assert_eq!(end_of(&city, document.id).await, ends_at);
        let kept = crate::of_subject(&city.app.db, &document.subject).await.unwrap();
        assert_eq!(kept.iter().map(|d| d.id).collect::<Vec<_>>(), [document.id]);
    })
    .await;
}

#[tokio::test]
async fn lists_of_revoked_certificates_are_public() {
    for_each_database(vec![crate::module()], |city| async move {
        for list in ["root", "issuing"] {
            let answer = city.visitor().get(&format!("/verify/{list}.crl")).await.expect(200);
            assert_eq!(answer.headers["content-type"], "application/pkix-crl");
            assert_eq!(answer.body[0], 0x30, "DER");
        }
    })
    .await;
}
