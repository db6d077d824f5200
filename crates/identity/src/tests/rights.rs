//! People's rights: who read, all of one's data, corrections, erasing, a forgotten password.

use std::sync::Mutex;

use jiff::ToSpan;
use serde_json::json;
use songhan_app::{BoxFuture, Cx, Module, SecretCode};
use songhan_base::{Id, Internal, Role};
use songhan_db::Tx;
use songhan_testkit::{TestCity, for_each_database};

use super::*;

const UNIT: &str = "ubnd-hai-chau";

#[tokio::test]
async fn a_resident_sees_who_has_read() {
    each(|city| async move {
        register(&city, 1).await;
        register(&city, 2).await;
        let officer: Id = register(&city, 3).await.parse().unwrap();
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let grant = crate::NewGrant::today(&cx, officer, Role::Officer, Some(UNIT.into()));
        crate::give_grant(&mut tx, &cx, grant).await.unwrap();
        tx.commit().await.unwrap();
        sign_in(&city, 3).await.get("/api/v1/mandates?citizen_id=048190000001").await.expect(200);

        let mut lan = sign_in(&city, 1).await;
        let reads = lan.get("/api/v1/me/reads").await.expect(200).json();
        let items = reads["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{reads}");
        assert_eq!(items[0]["who"], "Nguyễn Thị Lan");
        assert_eq!(items[0]["units"], json!(["Ủy ban nhân dân phường Hải Châu"]));
        assert_eq!(items[0]["what"], "Xem quyền thay mặt tại quầy");
        assert_eq!(sign_in(&city, 2).await.get("/api/v1/me/reads").await.expect(200).json()["items"], json!([]));

        let mut browser = city.visitor();
        browser.submit("/sign-in", &[("login", "0905000001"), ("password", PASSWORD)]).await.expect(303);
        let page = browser.get("/account/reads").await.expect(200).text();
        assert!(page.contains("Ủy ban nhân dân phường Hải Châu"), "{page}");
        browser.get("/account/export").await.expect(200);
        let file = browser.get("/account/export.json").await.expect(200);
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(file.json()["data"]["identity"]["account"]["citizen_id"], "048190000001");
        assert!(!file.text().contains("argon2"), "no secret leaves the house");
        let mut statuses = Vec::new();
        for _ in 0..6 {
            statuses.push(lan.get("/api/v1/me/export").await.status.as_u16());
        }
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_asked_for_and_decided() {
    each(|city| async move {
        let id = register(&city, 1).await;
        register(&city, 2).await;
        let mut lan = sign_in(&city, 1).await;
        let mut administrator = city.client(&city.person("Quản trị", &[(Role::Administrator, None)]));
        let mut local = city.client(&city.person("Quản trị phường", &[(Role::Administrator, Some(UNIT))]));
        let ask =
            |field: &str, wanted: &str| json!({ "field": field, "wanted": wanted, "reason": "Theo thẻ căn cước" });
        for (field, wanted, code) in
            [("name", "<b>", "name_form"), ("citizen_id", "1", "citizen_id_form"), ("phone", "1", "required")]
        {
            let problem = lan
                .post_once("/api/v1/me/corrections", &format!("w{field}"), &ask(field, wanted))
                .await
                .expect(422)
                .json();
            assert_eq!(problem["errors"][0]["code"], code);
        }
        let name =
            lan.post_once("/api/v1/me/corrections", "a", &ask("name", "Nguyễn Thị Lân")).await.expect(201).json();
        city.clock.advance(std::time::Duration::from_secs(1));
        let number =
            lan.post_once("/api/v1/me/corrections", "b", &ask("citizen_id", "048190000002")).await.expect(201).json();
        let path = |made: &Value| format!("/api/v1/corrections/{}/decision", made["id"].as_str().unwrap());
        let yes = json!({ "accept": true, "answer": "Đã đối chiếu" });
        lan.post(&path(&name), &yes).await.expect(403);
        local.post(&path(&name), &yes).await.expect(403);
        administrator.post(&path(&name), &yes).await.expect(200);
        administrator.post(&path(&name), &yes).await.expect(404);
        administrator.post(&path(&number), &yes).await.expect(409);
        assert_eq!(lan.get("/api/v1/me").await.expect(200).json()["name"], "Nguyễn Thị Lân");

        let page = administrator.get("/admin/corrections").await.expect(200).text();
        assert!(page.contains("048190000002") && page.contains("048190000001"), "{page}");
        local.get("/admin/corrections").await.expect(403);
        let form = [("accept", "no"), ("answer", "Số này là của người khác")];
        administrator
            .submit(&format!("/admin/corrections/{}", number["id"].as_str().unwrap()), &form)
            .await
            .expect(303);
        let listed = lan.get("/api/v1/me/corrections").await.expect(200).json();
        assert_eq!(
            (listed["items"][0]["state"].as_str(), listed["items"][1]["state"].as_str()),
            (Some("refused"), Some("accepted"))
        );
        let me = city.as_person(id.parse().unwrap(), "Lan", Vec::new());
        let mut browser = city.client(&me);
        let page = browser.get("/account/corrections").await.expect(200).text();
        assert!(page.contains("Số này là của người khác"), "{page}");
        browser.submit("/account/corrections", &[("field", "name")]).await.expect(422);
        let form = [("field", "date_of_birth"), ("wanted", "1990-05-05"), ("reason", "Giấy khai sinh")];
        browser.submit("/account/corrections", &form).await.expect(303);
    })
    .await;
}

/// What the log says of a failed sign-in of this account.
async fn sealed_detail(city: &TestCity, account: Id) -> String {
    let sql = "SELECT detail FROM audit WHERE action = 'identity.sign_in_failed' AND subject = $1";
    let (detail,): (String,) =
        songhan_db::query(sql).bind(format!("account:{account}")).fetch_one(&city.app.db).await.unwrap();
    let detail: Value = serde_json::from_str(&detail).unwrap();
    detail["sealed"].as_str().unwrap().to_owned()
}

/// The reader that is written in another language, on the same file; PostgreSQL it cannot read.
fn second_reader_accepts(city: &TestCity) {
    if city.app.db.is_postgres() {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../db/tests/read_chain.py");
    let file = city.app.config.data.join("songhan.db");
    let output = std::process::Command::new("python3").arg(script).arg(file).output().expect("python3 is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test]
async fn erasing_leaves_the_log_whole_and_its_personal_parts_unreadable() {
    each(|city| async move {
        let id = register(&city, 1).await;
        let account: Id = id.parse().unwrap();
        let wrong = json!({ "login": "048190000001", "password": "không phải mật khẩu này" });
        city.visitor().post("/api/v1/sessions", &wrong).await.expect(401);
        let child = json!({ "kind": "dependant", "right": "parent", "name": "Nguyễn Minh Khôi", "born": "2019-05-04" });
        sign_in(&city, 1).await.post_once("/api/v1/me/parties", "k", &child).await.expect(201);
        songhan_db::seal_audit(&city.app.db, &city.app.env).await.unwrap();
        let sealed = sealed_detail(&city, account).await;
        assert!(!sealed.contains("127.0.0.1"));
        let opened = crate::open_personal(&city.app.db, &city.app, account, &sealed).await.unwrap();
        assert_eq!(opened, Some(json!({ "address": "127.0.0.1" })));

        let administrator = city.person("Quản trị", &[(Role::Administrator, None)]);
        let mut desk = city.client(&administrator);
        let erase = format!("/admin/people/{id}/erase");
        desk.submit(&erase, &[]).await.expect(409);
        desk.submit(&format!("/admin/people/{id}/close"), &[]).await.expect(303);
        desk.submit(&erase, &[]).await.expect(409);
        assert!(!desk.get(&format!("/admin/people/{id}")).await.expect(200).text().contains("/erase"));
        let later = city.app.now().to_zoned(city.app.zone.clone()).checked_add(10.years()).unwrap();
        city.clock.set(later.timestamp());
        assert!(desk.get(&format!("/admin/people/{id}")).await.expect(200).text().contains("/erase"));
        let mut local = city.client(&city.person("Quản trị phường", &[(Role::Administrator, Some(UNIT))]));
        local.submit(&erase, &[]).await.expect(403);
        desk.submit(&erase, &[]).await.expect(303);
        desk.submit(&erase, &[]).await.expect(404);

        let gone = crate::account(&city.app.db, account).await.unwrap().unwrap();
        assert_eq!((gone.name.as_str(), gone.citizen_id, gone.phone, gone.email), ("(đã xóa)", None, None, None));
        assert_eq!(crate::open_personal(&city.app.db, &city.app, account, &sealed).await.unwrap(), None);
        assert_eq!(sealed_detail(&city, account).await, sealed, "not a byte of the log has changed");
        let (parties,): (String,) =
            songhan_db::query("SELECT name FROM parties").fetch_one(&city.app.db).await.unwrap();
        assert_eq!(parties, "(đã xóa)");
        songhan_db::seal_audit(&city.app.db, &city.app.env).await.unwrap();
        assert!(songhan_db::verify_audit(&city.app.db).await.unwrap().is_ok());
        second_reader_accepts(&city);
        // The number is free again, and nobody's history comes with it.
        register(&city, 1).await;
    })
    .await;
}

#[tokio::test]
async fn secrets_of_an_earlier_release_are_sealed() {
    each(|city| async move {
        let account: Id = register(&city, 1).await.parse().unwrap();
        let secret = crate::totp::new_secret(&city.app.env);
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        crate::store::offer_second_factor(&mut tx, account, &secret).await.unwrap();
        crate::store::confirm_second_factor(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        let kept = async || crate::store::second_factor(&city.app.db, account).await.unwrap().unwrap().secret;
        let sign_in = async || {
            city.clock.advance(std::time::Duration::from_secs(30));
            let code = crate::totp_code_at(&secret, city.app.now()).unwrap();
            let input = json!({ "login": "048190000001", "password": PASSWORD, "totp": code });
            city.visitor().post("/api/v1/sessions", &input).await.expect(201);
        };
        assert_eq!(kept().await, secret);
        sign_in().await;
        city.tick().await;
        assert!(crate::custody::is_sealed(&kept().await));
        sign_in().await;
    })
    .await;
}

/// What was "sent": to accounts whose e-mail address is at `example.com`, as if those had been proven.
#[derive(Default)]
struct Sent(Mutex<Vec<String>>);

fn letters<'a>(cx: &'a Cx, tx: &'a mut Tx, told: SecretCode) -> BoxFuture<'a, Result<bool, Internal>> {
    Box::pin(async move {
        let email = crate::account(tx, told.account).await?.and_then(|account| account.email);
        let proven = email.is_some_and(|email| email.contains("@example.com"));
        if proven {
            cx.memory.get_or(Sent::default).0.lock().unwrap().push(told.code);
        }
        Ok(proven)
    })
}

fn sent(city: &TestCity) -> Vec<String> {
    city.app.memory.get_or(Sent::default).0.lock().unwrap().clone()
}

#[tokio::test]
async fn a_forgotten_password_is_reset_by_a_letter() {
    let letters = Module { name: "letters", send_code: Some(letters), ..Module::default() };
    for_each_database(vec![crate::module(), letters], |city| async move {
        register(&city, 1).await;
        let mut other = sign_in(&city, 1).await;
        let mut unproven = account_of(2);
        unproven["email"] = json!("lan@example.org");
        city.visitor().post("/api/v1/accounts", &unproven).await.expect(201);
        let mut answers = Vec::new();
        for login in ["048190000001", "048190000002", "048190009999", "nobody@example.com", "?"] {
            let answer = city.visitor().post("/api/v1/password-resets", &json!({ "login": login })).await.expect(202);
            answers.push(answer.text());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "the same words whoever asks: {answers:?}");
        city.settle().await;
        let [code] = &sent(&city)[..] else { panic!("one letter") };
        let finish =
            |login: &str, code: &str, password: &str| json!({ "login": login, "code": code, "password": password });
        let new = "một câu hoàn toàn khác";
        for (login, code) in
            [("048190000001", "00000000"), ("048190000002", code.as_str()), ("048190009999", "1"), ("?", "")]
        {
            let problem = city
                .visitor()
                .post("/api/v1/password-resets/finish", &finish(login, code, new))
                .await
                .expect(422)
                .json();
            assert_eq!(problem["errors"][0]["code"], "reset_wrong", "{login}");
        }
        let weak = finish("048190000001", code, "Nguyễn Thị Lan");
        city.visitor().post("/api/v1/password-resets/finish", &weak).await.expect(422);
        city.visitor().post("/api/v1/password-resets/finish", &finish("048190000001", code, new)).await.expect(204);
        city.visitor().post("/api/v1/password-resets/finish", &finish("048190000001", code, new)).await.expect(422);
        other.get("/api/v1/me").await.expect(401);
        let sign_in = json!({ "login": "048190000001", "password": new });
        city.visitor().post("/api/v1/sessions", &sign_in).await.expect(201);

        // By pages; and a code that is too old, or was guessed at, is none.
        let mut browser = city.visitor();
        assert!(browser.get("/sign-in").await.expect(200).text().contains("/sign-in/forgotten"));
        browser.get("/sign-in/forgotten").await.expect(200);
        let to = browser.submit("/sign-in/forgotten", &[("login", "lan.1@example.com")]).await.expect(303);
        let page = browser.get(to.location()).await.expect(200).text();
        assert!(page.contains("value=\"lan.1@example.com\"") && page.contains("15 phút"), "{page}");
        city.settle().await;
        let code = sent(&city).pop().unwrap();
        city.clock.advance(std::time::Duration::from_secs(15 * 60));
        let form = |code: &'static str, password: &'static str| {
            [("login", "lan.1@example.com"), ("code", code), ("password", password)]
        };
        let late = [("login", "lan.1@example.com"), ("code", code.as_str()), ("password", PASSWORD)];
        browser.submit("/sign-in/reset", &late).await.expect(422);
        browser.submit("/sign-in/forgotten", &[("login", "lan.1@example.com")]).await.expect(303);
        city.settle().await;
        let code = sent(&city).pop().unwrap();
        for _ in 0..5 {
            browser.submit("/sign-in/reset", &form("00000000", PASSWORD)).await.expect(422);
        }
        let right = [("login", "lan.1@example.com"), ("code", code.as_str()), ("password", PASSWORD)];
        browser.submit("/sign-in/reset", &right).await.expect(422);
        city.clock.advance(std::time::Duration::from_mins(5));
        browser.submit("/sign-in/forgotten", &[("login", "lan.1@example.com")]).await.expect(303);
        city.settle().await;
        let code = sent(&city).pop().unwrap();
        let right = [("login", "lan.1@example.com"), ("code", code.as_str()), ("password", PASSWORD)];
        let answer = browser.submit("/sign-in/reset", &right).await.expect(303);
        let page = browser.get(answer.location()).await.expect(200).text();
        assert!(page.contains("Đã đặt mật khẩu mới"), "{page}");
        // Whoever asks again and again is asked to wait.
        let mut statuses = Vec::new();
        for _ in 0..12 {
            let asked = json!({ "login": "048190009999" });
            statuses.push(city.visitor().post("/api/v1/password-resets", &asked).await.status.as_u16());
        }
        assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    })
    .await;
}
