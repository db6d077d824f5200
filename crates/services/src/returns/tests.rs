//! A result on its way by post, on both databases: chosen, handed over, come back, sent again, delivered.

use axum::http::Method;
use serde_json::{Value, json};
use songhan_base::{Person, Role};
use songhan_city::{City, Folder};
use songhan_testkit::{Answer, Client, TestCity, for_each_database};

use crate::pages::test_support::{UNIT, lan, leader, modules, officer, resident};

mod before_post;

const OTHER: &str = "ubnd-hoa-cuong";
const NUMBER: &str = "EA123456789VN";

/// Everyone who is in the story, and a dossier of Lan's that goes by post.
struct Story {
    city: TestCity,
    lan: Client,
    person: Person,
    officer: Client,
    leader: Client,
    code: String,
}

fn body(delivery: &Value) -> Value {
    let answers = json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh", "copies": 1,
        "applicant_name": "Nguyễn Thị Lan", "applicant_born": "1990-03-12", "applicant_citizen_id": "048190001234",
        "applicant_phone": "0905123456", "applicant_address": "24 Trần Phú" });
    json!({ "procedure": "2.000635", "unit": UNIT, "answers": answers, "delivery": delivery })
}

async fn put(client: &mut Client, path: &str, body: &Value) -> Answer {
    client.send(Method::PUT, path, Some("application/json"), body.to_string().into_bytes()).await
}

async fn begun(city: &TestCity, delivery: Value) -> Story {
    let person = lan(city).await;
    let mut lan = city.client(&person);
    let (officer, leader) = (city.client(&officer(city)), city.client(&leader(city)));
    let code = hand_in(&mut lan, "one", &delivery).await;
    Story { city: city.clone(), lan, person, officer, leader, code }
}

async fn hand_in(client: &mut Client, key: &str, delivery: &Value) -> String {
    let receipt = client.post_once("/api/v1/dossiers", key, &body(delivery)).await.expect(201).json();
    receipt["code"].as_str().expect("a code").to_owned()
}

impl Story {
    /// To the signed result.
    async fn decide(&mut self, code: &str) {
        let dossier = self.lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        let charge = dossier["charge"]["id"].as_str().expect("a charge").to_owned();
        let path = format!("/api/v1/charges/{charge}/counter-payments");
        let paid = self.officer.post_once(&path, &format!("pay-{code}"), &json!({})).await;
        assert!(paid.status.is_success(), "{}", paid.text());
        for action in ["accept", "process", "propose"] {
            self.act_on(code, action, json!({})).await.expect(200);
        }
        let sign = format!("/api/v1/dossiers/{code}/actions/sign");
        self.leader.post(&sign, &json!({})).await.expect(200);
        self.city.settle().await;
    }

    async fn act_on(&mut self, code: &str, action: &str, body: Value) -> Answer {
        self.officer.post(&format!("/api/v1/dossiers/{code}/actions/{action}"), &body).await
    }

    async fn act(&mut self, action: &str, body: Value) -> Answer {
        let code = self.code.clone();
        self.act_on(&code, action, body).await
    }

    async fn seen(&mut self) -> Value {
        self.officer.get(&format!("/api/v1/dossiers/{}", self.code)).await.expect(200).json()
    }

    async fn told(&mut self) -> String {
        self.city.settle().await;
        self.lan.get("/notices").await.expect(200).text()
    }

    async fn hand_over(&mut self, key: &str, parcels: Value) -> Answer {
        self.officer.post_once("/api/v1/parcel-manifests", key, &json!({ "parcels": parcels })).await
    }
}

#[tokio::test]
async fn from_the_wish_to_the_postman() {
    for_each_database(modules(), |city| async move {
        let mut story = begun(&city, json!({ "way": "post", "recipient": "Trần Văn Ba" })).await;
        let code = story.code.clone();
        let own = story.lan.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!((&own["delivery"]["way"], &own["delivery"]["state"]), (&json!("post"), &json!("chosen")));
        assert_eq!(own["delivery"]["recipient"], "Trần Văn Ba");
        let address = own["delivery"]["address"].as_str().unwrap().to_owned();
        assert!(
            address.starts_with("Số 27 đường Lê Lợi, phường Hải Châu, ") && address.contains("Đà Nẵng"),
            "{address}"
        );
        assert_eq!(own["delivery"]["changeable"], true);
        // Nothing waits before there is a result, and nobody hands it over.
        let none = story.officer.get("/api/v1/parcels").await.expect(200).json();
        assert_eq!(none["items"], json!([]));
        story.act("send_by_post", json!({ "parcel": NUMBER })).await.expect(409);
        story.decide(&code).await;
        assert!(story.seen().await["actions"].as_array().unwrap().iter().any(|a| a["takes_parcel"] == true));

        let waiting = story.officer.get("/api/v1/parcels").await.expect(200).json();
        assert_eq!(waiting["items"][0]["dossier"], code.as_str(), "{waiting}");
        assert_eq!(waiting["items"][0]["address"], address.as_str());
        let inbox = story.officer.get("/office").await.expect(200).text();
        assert!(inbox.contains("Gửi kết quả qua bưu chính"), "{inbox}");
        let desk = story.officer.get("/office/parcels").await.expect(200).text();
        assert!(desk.contains(&code) && desk.contains("Trần Văn Ba") && !desk.contains("Lê Lợi"), "{desk}");
        let print = story.officer.get("/office/parcels/addresses").await.expect(200).text();
        assert!(print.contains("Lê Lợi") && print.contains("Trần Văn Ba"));
        // In the inbox nobody hands over at the counter, by many at once, what goes by post.
        let version = story.seen().await["version"].as_i64().unwrap();
        let bulk = json!({ "action": "hand_over", "dossiers": [{ "code": code, "version": version }] });
        let bulk = story.officer.post("/api/v1/bulk-actions", &bulk).await.expect(200).json();
        assert_eq!(bulk["results"][0]["reason"], "to_be_posted", "{bulk}");

        // A number that is none, a version that is old: nothing happens.
        for (parcel, field) in [
            (json!({ "dossier": code, "number": "123" }), "parcels/0/number"),
            (json!({ "dossier": code, "number": NUMBER, "version": 1 }), "parcels/0/version"),
            (json!({ "dossier": "x", "number": NUMBER }), "parcels/0/dossier"),
        ] {
            let wrong = story.hand_over(&format!("wrong-{field}"), json!([parcel])).await.expect(422).json();
            assert_eq!(wrong["errors"][0]["field"], field, "{wrong}");
        }
        story.act("send_by_post", json!({})).await.expect(422);
        story.act("send_by_post", json!({ "parcel": "abc" })).await.expect(422);
        let parcels = json!([{ "dossier": code, "number": "ea 123 456 789 vn", "version": version }]);
        let done = story.hand_over("over", parcels.clone()).await.expect(201).json();
        assert_eq!((&done["number"], &done["parcels"]), (&json!("1/2026"), &json!(1)));
        // Once more, with the same key and with another, is the same list.
        assert_eq!(story.hand_over("over", parcels.clone()).await.expect(201).json(), done);
        assert_eq!(story.hand_over("again", parcels).await.expect(201).json(), done);

        let seen = story.seen().await;
        assert_eq!((&seen["state"], &seen["status"]), (&json!("posted"), &json!(10)));
        assert_eq!((&seen["delivery"]["state"], &seen["delivery"]["number"]), (&json!("handed_over"), &json!(NUMBER)));
        let notices = story.told().await;
        assert!(notices.contains(NUMBER) && notices.contains("qua bưu chính"), "{notices}");
        assert!(!notices.contains("Đã trả kết quả hồ sơ"), "told once, with the number: {notices}");
        let page = story.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(
            page.contains(NUMBER)
                && page.contains("Bưu điện Việt Nam")
                && !page.contains(&format!("/dossiers/{code}/return\""))
        );
        let list = format!("/office/manifests/{}", done["manifest"].as_str().unwrap());
        let list = story.officer.get(&list).await.expect(200).text();
        assert!(list.contains(NUMBER) && list.contains("Lê Lợi") && list.contains("Lê Văn Bình"), "{list}");
        // It is with the carrier: not changed, not collected, not sent again.
        let change = format!("/api/v1/dossiers/{code}/delivery");
        put(&mut story.lan, &change, &json!({ "way": "counter" })).await.expect(409);
        story.act("hand_over", json!({})).await.expect(409);

        story.act("confirm_delivery", json!({})).await.expect(200);
        let seen = story.seen().await;
        assert_eq!((&seen["state"], &seen["delivery"]["state"]), (&json!("returned"), &json!("delivered")));
        assert!(story.told().await.contains("đã phát đến nơi"));
        let page = story.officer.get(&format!("/api/v1/parcels?state=delivered&unit={UNIT}")).await.expect(200).json();
        assert_eq!(page["items"][0]["number"], NUMBER);
        // Who read the address can be seen by whose it is.
        let subject = format!("account:{}", story.person.account);
        let since = jiff::Timestamp::UNIX_EPOCH;
        let audit = songhan_db::audit_of(&city.app.db, &subject, since, 500).await.unwrap();
        assert!(audit.iter().filter(|row| row.action == "delivery.read_address").count() >= 3);
    })
    .await;
}

#[tokio::test]
async fn it_comes_back_and_is_sent_again_or_collected() {
    for_each_database(modules(), |city| async move {
        let mut story = begun(&city, json!({ "way": "post" })).await;
        let code = story.code.clone();
        story.decide(&code).await;
        story.act("send_by_post", json!({ "parcel": NUMBER, "note": "Giao buổi sáng" })).await.expect(200);
        // Written by mistake: taken back, told, and the number is free.
        story.act("withdraw_parcel", json!({})).await.expect(200);
        let seen = story.seen().await;
        assert_eq!((&seen["state"], &seen["status"]), (&json!("done"), &json!(9)));
        assert_eq!((&seen["delivery"]["state"], &seen["delivery"]["number"]), (&json!("ready"), &json!(null)));
        assert!(story.told().await.contains("chưa giao bưu chính"));
        story.act("send_by_post", json!({ "parcel": NUMBER })).await.expect(200);
        story.act("take_back_parcel", json!({})).await.expect(422);
        story.act("take_back_parcel", json!({ "note": "Người nhận đi vắng" })).await.expect(200);
        let page = story.lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Người nhận đi vắng") && page.contains("Đổi cách nhận kết quả"), "{page}");
        assert!(story.told().await.contains("bị chuyển hoàn"));
        let desk = story.officer.get("/office/parcels").await.expect(200).text();
        assert!(desk.contains("Đã chuyển hoàn: Người nhận đi vắng"), "{desk}");

        // Another address; whoever has the old one before them is stopped.
        let version = story.seen().await["version"].clone();
        let path = format!("/dossiers/{code}/return");
        let form = story.lan.get(&path).await.expect(200).text();
        assert!(form.contains("Số 27 đường Lê Lợi"), "{form}");
        let wrong = [("way", "post"), ("recipient", ""), ("phone", "x"), ("address", "đâu đó xa lắm")];
        let wrong = story.lan.submit(&path, &wrong).await.expect(422).text();
        assert!(wrong.contains("Hãy ghi họ và tên người nhận") && wrong.contains("đâu đó xa lắm"), "{wrong}");
        let fields = [
            ("way", "post"),
            ("recipient", "Trần Văn Ba"),
            ("phone", "0905 999 888"),
            ("address", "15 Trần Phú, phường Hải Châu, Đà Nẵng"),
        ];
        assert!(story.lan.submit(&path, &fields).await.expect(303).location().ends_with("said=return"));
        let old = json!([{ "dossier": code, "number": "EB123456789VN", "version": version }]);
        let old = story.hand_over("old", old).await.expect(422).json();
        assert_eq!(old["errors"][0]["field"], "parcels/0/version", "{old}");
        story.act("send_by_post", json!({ "parcel": "EB123456789VN" })).await.expect(200);
        let lists = story.officer.get("/office/parcels").await.expect(200).text();
        assert!(lists.contains("Bảng kê số 3/2026"), "{lists}");
        story.act("take_back_parcel", json!({ "note": "Sai địa chỉ" })).await.expect(200);

        // They come for it after all: the address is forgotten.
        story.act("hand_over", json!({})).await.expect(200);
        let seen = story.seen().await;
        assert_eq!((&seen["state"], &seen["delivery"]["state"]), (&json!("returned"), &json!("collected")));
        assert_eq!((&seen["delivery"]["way"], &seen["delivery"]["address"]), (&json!("counter"), &json!(null)));
        let timeline = story.lan.get(&format!("/api/v1/dossiers/{code}/timeline")).await.expect(200).text();
        assert!(timeline.contains("Bưu gửi số EB123456789VN, giao Bưu điện Việt Nam"), "{timeline}");
        assert!(!timeline.contains("15 Trần Phú"));
    })
    .await;
}

#[tokio::test]
async fn a_wish_is_looked_at() {
    for_each_database(modules(), |city| async move {
        let mut story = begun(&city, json!({ "way": "electronic" })).await;
        for (wish, field) in [
            (json!({ "way": "pigeon" }), "delivery/way"),
            (json!({ "way": "post", "phone": "12" }), "delivery/phone"),
            (json!({ "way": "post", "address": "" }), "delivery/address"),
            (json!({ "way": "post", "recipient": " " }), "delivery/recipient"),
        ] {
            let wrong = story.lan.post_once("/api/v1/dossiers", &format!("w-{field}"), &body(&wish)).await;
            assert_eq!(wrong.expect(422).json()["errors"][0]["field"], field);
        }
        story.lan.post_once("/api/v1/dossiers", "u", &body(&json!({ "way": "post", "street": "x" }))).await.expect(422);
        let other = json!({ "procedure": "1.001939", "unit": UNIT, "answers": {}, "delivery": { "way": "post" } });
        let refused = story.lan.post_once("/api/v1/dossiers", "p", &other).await.expect(422).text();
        assert!(refused.contains("errors"), "{refused}");

        // Another way afterwards, by program; the same once more changes nothing.
        let path = format!("/api/v1/dossiers/{}/delivery", story.code);
        let chosen = put(&mut story.lan, &path, &json!({ "way": "post", "version": 1 })).await.expect(200).json();
        assert_eq!(chosen["state"], "chosen");
        let version = story.seen().await["version"].clone();
        put(&mut story.lan, &path, &json!({ "way": "post" })).await.expect(200);
        assert_eq!(story.seen().await["version"], version);
        put(&mut story.lan, &path, &json!({ "way": "counter", "version": 1 })).await.expect(409);
        put(&mut story.lan, &path, &json!({ "way": "post", "phone": "x" })).await.expect(422);
        put(&mut story.officer, &path, &json!({ "way": "counter" })).await.expect(403);
        // Nobody else's.
        let mut bao = city.client(&resident(&city, "Trần Quốc Bảo", "048090004321").await);
        put(&mut bao, &path, &json!({ "way": "counter" })).await.expect(404);
        bao.get(&format!("/dossiers/{}/return", story.code)).await.expect(404);
        let mut elsewhere = city.client(&city.person("Đỗ Thị Mai", &[(Role::Officer, Some(OTHER))]));
        let code = story.code.clone();
        story.decide(&code).await;
        assert_eq!(elsewhere.get("/api/v1/parcels").await.expect(200).json()["items"], json!([]));
        elsewhere.get(&format!("/api/v1/parcels?unit={UNIT}")).await.expect(422);
        let parcels = json!({ "parcels": [{ "dossier": code, "number": NUMBER }] });
        elsewhere.post_once("/api/v1/parcel-manifests", "x", &parcels).await.expect(422);
        bao.post_once("/api/v1/parcel-manifests", "x", &parcels).await.expect(403);
        let done = story.hand_over("mine", parcels["parcels"].clone()).await.expect(201).json();
        let list = format!("/api/v1/parcel-manifests/{}", done["manifest"].as_str().unwrap());
        elsewhere.get(&list).await.expect(404);
        assert_eq!(story.officer.get(&list).await.expect(200).json()["parcels"][0]["number"], NUMBER);
        // The same number for somebody else is a slip.
        let theirs = json!({ "way": "post", "phone": "0905 777 666", "recipient": "Trần Quốc Bảo",
            "address": "3 Bạch Đằng, Đà Nẵng" });
        let second = hand_in(&mut bao, "second", &theirs).await;
        let dossier = bao.get(&format!("/api/v1/dossiers/{second}")).await.expect(200).json();
        let path = format!("/api/v1/charges/{}/counter-payments", dossier["charge"]["id"].as_str().unwrap());
        assert!(story.officer.post_once(&path, "pay2", &json!({})).await.status.is_success());
        for action in ["accept", "process", "propose"] {
            story.act_on(&second, action, json!({})).await.expect(200);
        }
        story.leader.post(&format!("/api/v1/dossiers/{second}/actions/sign"), &json!({})).await.expect(200);
        city.settle().await;
        let taken = story.act_on(&second, "send_by_post", json!({ "parcel": NUMBER })).await.expect(422).json();
        assert!(taken["detail"].as_str().unwrap().contains(&code), "{taken}");
    })
    .await;
}

#[tokio::test]
async fn a_person_takes_along_and_is_forgotten() {
    for_each_database(modules(), |city| async move {
        let mut story = begun(&city, json!({ "way": "post" })).await;
        let code = story.code.clone();
        story.decide(&code).await;
        story.act("send_by_post", json!({ "parcel": NUMBER })).await.expect(200);
        let (cx, account) = (city.system(), story.person.account);
        let module = songhan_delivery::module();
        let data = (module.personal_data.unwrap())(&cx, account).await.unwrap();
        assert!(data["deliveries"][0]["address"].as_str().unwrap().contains("Lê Lợi"), "{data}");
        assert_eq!(data["parcels"][0]["number"], NUMBER);
        let mut tx = cx.begin().await.unwrap();
        (module.erase.unwrap())(&cx, &mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        let data = (module.personal_data.unwrap())(&cx, account).await.unwrap().to_string();
        assert!(!data.contains("Lê Lợi") && !data.contains("Nguyễn Thị Lan") && data.contains(NUMBER), "{data}");
        let parcels = story.officer.get("/api/v1/parcels?state=handed_over").await.expect(200).json();
        assert_eq!(parcels["items"][0]["recipient"], json!(null));
    })
    .await;
}

#[test]
fn the_list_of_procedures_is_looked_at() {
    let folder = Folder::embedded();
    let kinds = || modules().into_iter().flat_map(|module| module.declarations);
    let text = folder.read("post.toml").unwrap().to_owned();
    let (_, report) = City::load(folder.with("post.toml", &text.replace("\"3.000467\"", "\"3.000468\"")), kinds());
    assert!(report.to_string().contains("there is no procedure `3.000468`"), "{report}");
}

#[tokio::test]
async fn the_counter_asks_too() {
    for_each_database(modules(), |city| async move {
        let mut desk = city.client(&officer(&city));
        let begin = [("procedure", "2.000635"), ("at", UNIT), ("channel", "counter")];
        desk.get("/office/intake").await.expect(200);
        let begun = desk.submit("/office/intake", &begin).await.expect(303);
        let intake = begun.location().strip_suffix("/person").expect("the person's page").to_owned();
        let person = [
            ("name", "Đỗ Thị Mười"),
            ("citizen_id", "048190909094"),
            ("date_of_birth-day", "1"),
            ("date_of_birth-month", "2"),
            ("date_of_birth-year", "1990"),
            ("phone", "0905999888"),
            ("address", "24 Trần Phú"),
            ("unit", UNIT),
            ("channel", "counter"),
        ];
        desk.submit(&format!("{intake}/person"), &person).await.expect(303);
        let form = desk.get(&format!("{intake}/form")).await.expect(200).text();
        assert!(form.contains("name=\"return_way\"") && form.contains("24 Trần Phú"), "{form}");
        let answers = [
            ("record_kind", "birth"),
            ("subject", "self"),
            ("registered_at", "Phường Phước Ninh"),
            ("copies", "1"),
            ("applicant_name", "Đỗ Thị Mười"),
            ("applicant_born-day", "1"),
            ("applicant_born-month", "2"),
            ("applicant_born-year", "1990"),
            ("applicant_citizen_id", "048190909094"),
            ("applicant_phone", "0905999888"),
            ("applicant_address", "24 Trần Phú"),
        ];
        let names = ["record_kind", "subject", "registered_at", "copies", "applicant_name", "applicant_born"];
        let names =
            names.into_iter().chain(["applicant_citizen_id", "applicant_phone", "applicant_address", "delivery"]);
        let shown: Vec<(&str, &str)> = names.map(|name| ("shown", name)).collect();
        let to = |phone| {
            [
                ("return_way", "post"),
                ("return_recipient", "Đỗ Thị Mười"),
                ("return_phone", phone),
                ("return_address", "24 Trần Phú, Huế"),
            ]
        };
        let wrong = desk.submit(&format!("{intake}/form"), &[&answers[..], &shown[..], &to("1")[..]].concat()).await;
        assert!(wrong.expect(422).text().contains("Hãy ghi số điện thoại gọi được"));
        let fields = [&answers[..], &shown[..], &to("0905999888")[..]].concat();
        let next = desk.submit(&format!("{intake}/form"), &fields).await.expect(303);
        assert_eq!(next.location(), format!("{intake}/papers"));
        let review = desk.get(&format!("{intake}/review")).await.expect(200).text();
        assert!(review.contains("24 Trần Phú, Huế") && review.contains("nhận qua bưu chính"), "{review}");
        desk.submit(&format!("{intake}/take-in"), &[("pay", "cash")]).await.expect(303);
        let done = desk.get(&format!("{intake}/done")).await.expect(200).text();
        let code = songhan_testkit::between(&done, "panel__code\">", "<").to_owned();
        let seen = desk.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!(
            (&seen["delivery"]["way"], &seen["delivery"]["address"]),
            (&json!("post"), &json!("24 Trần Phú, Huế"))
        );
    })
    .await;
}
