//! The counter's walks on both databases: a person without an account, another unit's dossier, the queue.

use songhan_base::{Person, Role};
use songhan_testkit::{Answer, Client, TestCity, for_each_database};

use crate::pages::test_support::{PDF, UNIT, lan, modules, send_files};

const CODE: &str = "2.000635";
const ELSEWHERE: &str = "ubnd-an-hai";
const CARD: &str = "048190909094|201234567|Đỗ Thị Mười|01021990|Nữ|Tổ 12, Hải Châu, Đà Nẵng|10052021";

fn officer(city: &TestCity, unit: &str) -> Person {
    city.person("Võ Thị Thu Hà", &[(Role::Officer, Some(unit))])
}

/// The answers of the request for a copy, on one page.
const ANSWERS: &[(&str, &str)] = &[
    ("record_kind", "birth"),
    ("subject", "self"),
    ("registered_at", "Phường Phước Ninh"),
    ("registered_year", "1990"),
    ("copies", "2"),
    ("applicant_name", "Đỗ Thị Mười"),
    ("applicant_born-day", "1"),
    ("applicant_born-month", "2"),
    ("applicant_born-year", "1990"),
    ("applicant_citizen_id", "048190909094"),
    ("applicant_phone", "0905999888"),
    ("applicant_address", "24 Trần Phú"),
];

const SHOWN: &[&str] = &[
    "record_kind",
    "subject",
    "registered_at",
    "registered_year",
    "copies",
    "applicant_name",
    "applicant_born",
    "applicant_citizen_id",
    "applicant_phone",
    "applicant_address",
];

async fn begin(desk: &mut Client, at: &str, channel: &str) -> String {
    let fields = [("procedure", CODE), ("at", at), ("channel", channel)];
    desk.get("/office/intake").await.expect(200);
    let answer = desk.submit("/office/intake", &fields).await.expect(303);
    answer.location().strip_suffix("/person").expect("the person's page").to_owned()
}

async fn answer_form(desk: &mut Client, intake: &str) -> Answer {
    let shown = SHOWN.iter().map(|name| ("shown", *name));
    let fields: Vec<(&str, &str)> = ANSWERS.iter().copied().chain(shown).collect();
    desk.submit(&format!("{intake}/form"), &fields).await
}

fn code_of(page: &str) -> String {
    let from = page.find("panel__code\">").expect("a code") + "panel__code\">".len();
    page[from..].split('<').next().expect("an end").to_owned()
}

#[tokio::test]
async fn someone_without_an_account_at_any_office() {
    for_each_database(modules(), |city| async move {
        // An officer of An Hải takes in what Hải Châu handles.
        let mut desk = city.client(&officer(&city, ELSEWHERE));
        let found = desk.get("/office/intake?q=trich+luc").await.expect(200).text();
        assert!(found.contains(CODE), "{found}");
        desk.get(&format!("/office/intake?procedure={CODE}")).await.expect(200);
        let intake = begin(&mut desk, ELSEWHERE, "counter").await;
        let person = format!("{intake}/person");
        desk.get(&person).await.expect(200);
        // A card that is none is told at its field; one that is fills in the rest.
        let wrong = desk.submit(&person, &[("card", "hello")]).await.expect(422).text();
        assert!(wrong.contains("Không đọc được mã trên thẻ"), "{wrong}");
        let read = desk.submit(&person, &[("card", CARD)]).await.expect(200).text();
        assert!(read.contains("value=\"Đỗ Thị Mười\"") && read.contains("value=\"048190909094\""), "{read}");
        let fields = [
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
        assert_eq!(desk.submit(&person, &fields).await.expect(303).location(), format!("{intake}/form"));
        // What the card says is in the form; the whole form stands on one page, and one by one.
        let form = desk.get(&format!("{intake}/form")).await.expect(200).text();
        assert!(form.contains("value=\"048190909094\"") && form.contains("name=\"record_kind\""), "{form}");
        let single = desk.get(&format!("{intake}/form?screen=record_kind")).await.expect(200).text();
        assert!(!single.contains("name=\"copies\""));
        desk.submit(&format!("{intake}/form"), &[("record_kind", "x"), ("shown", "record_kind")]).await.expect(422);
        assert_eq!(answer_form(&mut desk, &intake).await.expect(303).location(), format!("{intake}/papers"));
        // A scanned original, and a paper that stays on paper.
        let papers = format!("{intake}/papers");
        desk.get(&papers).await.expect(200);
        let fields = [("question", "other"), ("name", "Căn cước"), ("seen", "original")];
        send_files(&mut desk, &papers, &fields, &[("scans", "can-cuoc.pdf", PDF)]).await.expect(303);
        let fields = [("question", "other"), ("name", "Giấy khai sinh cũ"), ("seen", "certified")];
        send_files(&mut desk, &papers, &fields, &[]).await.expect(303);
        let none =
            send_files(&mut desk, &papers, &[("question", "other"), ("name", "X")], &[]).await.expect(422).text();
        assert!(none.contains("Hãy chọn loại bản"), "{none}");
        let listed = desk.get(&papers).await.expect(200).text();
        assert!(
            listed.contains("bản chính, đã số hóa") && listed.contains("bản sao có chứng thực, chưa số hóa"),
            "{listed}"
        );
        let review = desk.get(&format!("{intake}/review")).await.expect(200).text();
        assert!(review.contains("16.000\u{a0}đ") && review.contains("phường Hải Châu"), "{review}");

        let done = desk.submit(&format!("{intake}/take-in"), &[("pay", "cash"), ("receipt", "BL-1")]).await.expect(303);
        assert_eq!(done.location(), format!("{intake}/done"));
        let again = desk.submit(&format!("{intake}/take-in"), &[("pay", "cash")]).await.expect(303);
        assert_eq!(again.location(), done.location(), "twice is once");
        city.settle().await;
        let page = desk.get(done.location()).await.expect(200).text();
        assert!(page.contains("Đã tiếp nhận hồ sơ") && page.contains("Mã nhận tài khoản"), "{page}");
        let code = code_of(&page);
        desk.get(&format!("{intake}/receipt.pdf")).await.expect(200);
        assert!(
            desk.get("/office/intake").await.expect(200).text().contains(&code),
            "it is followed where it was taken in"
        );
        // Another officer has nothing of it; the unit that handles it has it in its inbox.
        let mut other = city.client(&officer(&city, "ubnd-hai-van"));
        other.get(done.location()).await.expect(404);
        desk.get(&format!("/office/dossiers/{code}")).await.expect(404);
        let mut handling = city.client(&officer(&city, UNIT));
        assert!(handling.get("/office").await.expect(200).text().contains(&code));
        let seen = handling.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
        assert_eq!((seen["channel"].as_i64(), seen["status"].as_i64()), (Some(1), Some(2)), "{seen}");
        assert_eq!(seen["received_by_unit"], ELSEWHERE);
        assert_eq!(seen["charge"]["state"], "paid");
        let papers = seen["papers"].as_array().expect("papers");
        let digitised: Vec<_> = papers.iter().map(|p| (p["seen"].as_str(), p["digitisation"].as_i64())).collect();
        assert!(digitised.contains(&(Some("original"), Some(1))) && digitised.contains(&(Some("certified"), Some(0))));
        let page = handling.get(&format!("/office/dossiers/{code}")).await.expect(200).text();
        assert!(page.contains("Tiếp nhận tại") && page.contains("bản chính, đã số hóa"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn by_post_for_another_and_paid_later() {
    for_each_database(modules(), |city| async move {
        let mut desk = city.client(&officer(&city, UNIT));
        let intake = begin(&mut desk, UNIT, "post").await;
        let person = format!("{intake}/person");
        let fields = [
            ("name", "Đỗ Thị Mười"),
            ("citizen_id", "048190909094"),
            ("date_of_birth-day", "1"),
            ("date_of_birth-month", "2"),
            ("date_of_birth-year", "1990"),
            ("unit", UNIT),
            ("channel", "post"),
            ("other_kind", "child"),
            ("other_name", "Đỗ Minh Khôi"),
            ("other_number", "112/2019"),
        ];
        let wrong = desk.submit(&person, &fields).await.expect(422).text();
        assert!(wrong.contains("dấu bưu điện"), "{wrong}");
        let day = city.system().today().yesterday().expect("a day");
        let (d, m, y) = (day.day().to_string(), day.month().to_string(), day.year().to_string());
        let postmark = [("postmark-day", d.as_str()), ("postmark-month", m.as_str()), ("postmark-year", y.as_str())];
        desk.submit(&person, &[&fields[..], &postmark[..]].concat()).await.expect(303);
        answer_form(&mut desk, &intake).await.expect(303);
        desk.submit(&format!("{intake}/take-in"), &[("pay", "later")]).await.expect(303);
        let page = desk.get(&format!("{intake}/done")).await.expect(200).text();
        assert!(page.contains("Hồ sơ chờ nộp phí") && page.contains("Đỗ Minh Khôi"), "{page}");
        // Looking before the money has come changes nothing; the money handed over accepts it.
        desk.submit(&format!("{intake}/done"), &[("pay", "later")]).await.expect(303);
        assert!(desk.get(&format!("{intake}/done")).await.expect(200).text().contains("Hồ sơ chờ nộp phí"));
        desk.submit(&format!("{intake}/done"), &[("pay", "cash")]).await.expect(303);
        let page = desk.get(&format!("{intake}/done")).await.expect(200).text();
        assert!(page.contains("Đã tiếp nhận hồ sơ"), "{page}");
        let seen = desk.get(&format!("/api/v1/dossiers/{}", code_of(&page))).await.expect(200).json();
        assert_eq!((seen["channel"].as_i64(), seen["on_behalf"]["kind"].as_str()), (Some(3), Some("child")), "{seen}");
    })
    .await;
}

#[tokio::test]
async fn the_counter_is_the_officers() {
    for_each_database(modules(), |city| async move {
        let lan = lan(&city).await;
        let mut resident = city.client(&lan);
        resident.get("/office/intake").await.expect(403);
        resident.get("/office/queue").await.expect(403);
        let mut desk = city.client(&officer(&city, UNIT));
        // Not at another's counter, not what comes online.
        let elsewhere = [("procedure", CODE), ("at", ELSEWHERE), ("channel", "counter")];
        desk.submit("/office/intake", &elsewhere).await.expect(403);
        let unknown = [("procedure", "9.9"), ("at", UNIT)];
        desk.submit("/office/intake", &unknown).await.expect(404);
        for path in ["x", "01890a5d-ac96-774b-bcce-b302099a8057"] {
            for page in ["", "/person", "/form", "/papers", "/review", "/done", "/receipt.pdf"] {
                desk.get(&format!("/office/intake/{path}{page}")).await.expect(404);
            }
        }
        // Nobody takes in a dossier of their own.
        let own = city.as_person(
            lan.account,
            &lan.name,
            vec![songhan_base::Grant { role: Role::Officer, unit: Some(UNIT.to_owned()) }],
        );
        let mut own = city.client(&own);
        let intake = begin(&mut own, UNIT, "counter").await;
        own.get(&format!("{intake}/review")).await.expect(303);
        let fields = [
            ("name", "Nguyễn Thị Lan"),
            ("citizen_id", "048190001234"),
            ("date_of_birth-day", "12"),
            ("date_of_birth-month", "3"),
            ("date_of_birth-year", "1990"),
            ("unit", UNIT),
            ("channel", "counter"),
        ];
        own.submit(&format!("{intake}/person"), &fields).await.expect(303);
        answer_form(&mut own, &intake).await.expect(303);
        let refused = own.submit(&format!("{intake}/take-in"), &[("pay", "cash")]).await.expect(409).text();
        assert!(refused.contains("Không ai tự tiếp nhận"), "{refused}");
        own.submit(&format!("{intake}/delete"), &[]).await.expect(303);
        own.get(&format!("{intake}/person")).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn numbers_are_called_in_order() {
    for_each_database(modules(), |city| async move {
        let mut visitor = city.visitor();
        let kiosk = visitor.get(&format!("/queue/{UNIT}")).await.expect(200).text();
        assert!(kiosk.contains("Nhận kết quả") && kiosk.contains("name=\"service\""), "{kiosk}");
        visitor.get("/queue/none").await.expect(404);
        visitor.submit(&format!("/queue/{UNIT}"), &[("service", "nothing")]).await.expect(422);
        let mut tickets = Vec::new();
        for priority in ["", "", "elderly"] {
            let fields = [("service", "civil-status"), ("priority", priority)];
            let taken = visitor.submit(&format!("/queue/{UNIT}"), &fields).await.expect(303);
            tickets.push(taken.location().to_owned());
        }
        let second = visitor.get(&tickets[1]).await.expect(200).text();
        assert!(second.contains("Còn 2 người trước ông, bà") && second.contains("Chưa đủ lượt gọi"), "{second}");
        // The board and the numbers are for everyone; calling is for the unit's officers.
        visitor.get(&format!("/queue/{UNIT}/board")).await.expect(200);
        let mut other = city.client(&officer(&city, ELSEWHERE));
        other.submit(&format!("/office/queue/{UNIT}/call"), &[("desk", "Quầy 1")]).await.expect(404);
        let mut desk = city.client(&officer(&city, UNIT));
        desk.submit(&format!("/office/queue/{UNIT}/call"), &[("desk", "")]).await.expect(422);
        for expected in [3, 1, 2] {
            desk.submit(&format!("/office/queue/{UNIT}/call"), &[("desk", "Quầy 1")]).await.expect(303);
            let board = visitor.get(&format!("/queue/{UNIT}/board")).await.expect(200).text();
            assert!(
                board.contains(&format!("board__number nums\">{expected}<")) && board.contains("Quầy 1"),
                "{board}"
            );
        }
        let page = desk.get("/office/queue").await.expect(200).text();
        let id = tickets[1].rsplit('/').next().unwrap();
        assert!(page.contains(&format!("/office/intake?ticket={id}")), "{page}");
        let called = visitor.get(&tickets[1]).await.expect(200).text();
        assert!(called.contains("mời đến Quầy 1"), "{called}");
        other.submit(&format!("/office/queue/tickets/{id}/done"), &[]).await.expect(404);
        desk.submit(&format!("/office/queue/tickets/{id}/again"), &[]).await.expect(303);
        desk.get(&format!("/office/intake?ticket={id}")).await.expect(200);
        desk.submit(&format!("/office/queue/tickets/{id}/skip"), &[]).await.expect(303);
        desk.submit(&format!("/office/queue/tickets/{id}/skip"), &[]).await.expect(303);
        assert!(visitor.get(&tickets[1]).await.expect(200).text().contains("đã qua lượt"));
        let nobody = desk.submit(&format!("/office/queue/{UNIT}/call"), &[("desk", "Quầy 1")]).await.expect(303);
        assert!(nobody.location().ends_with("&said=nobody"));
        // Two desks at once never call the same number.
        for _ in 0..4 {
            visitor.submit(&format!("/queue/{UNIT}"), &[("service", "results")]).await.expect(303);
        }
        let (mut one, mut two) = (city.client(&officer(&city, UNIT)), city.client(&officer(&city, UNIT)));
        let path = format!("/office/queue/{UNIT}/call");
        let (fields_one, fields_two) = ([("desk", "A")], [("desk", "B")]);
        let (a, b) = tokio::join!(one.submit(&path, &fields_one), two.submit(&path, &fields_two));
        a.expect(303);
        b.expect(303);
        let board = visitor.get(&format!("/queue/{UNIT}/board")).await.expect(200).text();
        assert!(board.contains("board__number nums\">4<") && board.contains("board__number nums\">5<"), "{board}");
    })
    .await;
}
