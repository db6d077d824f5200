//! What the walks share: the modules, people with accounts, a browser that fills in forms.

use axum::http::Method;
use serde_json::json;
use songhan_base::{CitizenId, Lang, Person, Role};
use songhan_identity::NewAccount;
use songhan_testkit::{Answer, Client, TestCity};
pub use songhan_testkit::{between, words};

pub use crate::modules;

pub const COPY: &str = "ban-sao-trich-luc-ho-tich";
pub const BIRTH: &str = "dang-ky-khai-sinh";
pub const UNIT: &str = "ubnd-hai-chau";
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

/// Someone with an account, living in Hải Châu.
pub async fn resident(city: &TestCity, name: &str, citizen_id: &str) -> Person {
    let cx = city.system();
    let citizen_id = CitizenId::parse(citizen_id, 2026).unwrap();
    let born = format!("{}-03-12", citizen_id.birth_year());
    let new = NewAccount {
        name: name.to_owned(),
        date_of_birth: born.parse().unwrap(),
        phone: Some(format!("+8490{}", &citizen_id.as_str()[5..])),
        email: None,
        address: Some("Số 27 đường Lê Lợi, phường Hải Châu".to_owned()),
        area: Some("20242".to_owned()),
        lang: Lang::Vi,
        password: None,
        citizen_id,
    };
    let mut tx = cx.begin().await.unwrap();
    let account = songhan_identity::create_account(&mut tx, &cx, new).await.unwrap();
    tx.commit().await.unwrap();
    city.as_person(account, name, Vec::new())
}

pub async fn lan(city: &TestCity) -> Person {
    resident(city, "Nguyễn Thị Lan", "048190001234").await
}

pub fn officer(city: &TestCity) -> Person {
    city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))])
}

pub fn leader(city: &TestCity) -> Person {
    city.person("Phan Đức Long", &[(Role::Leader, Some(UNIT))])
}

/// The answers of the request for a copy of a civil-status record, screen by screen.
pub const COPY_ANSWERS: &[(&str, &[(&str, &str)])] = &[
    ("record_kind", &[("record_kind", "birth")]),
    ("subject", &[("subject", "self")]),
    ("registered_at", &[("registered_at", "phường Phước Ninh, quận Hải Châu")]),
    ("register", &[("registered_year", "1990"), ("register_number", "")]),
    ("copies", &[("copies", "2")]),
    ("purpose", &[("purpose", "nhập học")]),
    (
        "applicant_person",
        &[
            ("applicant_name", "Nguyễn Thị Lan"),
            ("applicant_born-day", "12"),
            ("applicant_born-month", "3"),
            ("applicant_born-year", "1990"),
            ("applicant_citizen_id", "048190001234"),
            ("applicant_phone", "0905123456"),
        ],
    ),
    ("applicant_address", &[("applicant_address", "Số 27 đường Lê Lợi, phường Hải Châu")]),
];

/// Begins an application and gives `/apply/{draft}`.
pub async fn begin(browser: &mut Client, procedure: &str) -> String {
    let answer = browser.get(&format!("/procedures/{procedure}/apply")).await.expect(303);
    let (draft, _) = answer.location().rsplit_once('/').unwrap();
    draft.to_owned()
}

/// Fills in the whole request for a copy and chooses the unit; gives `/apply/{draft}`, ready for review.
pub async fn fill_in_copy(browser: &mut Client) -> String {
    let draft = begin(browser, COPY).await;
    for (screen, fields) in COPY_ANSWERS {
        let path = format!("{draft}/{screen}");
        browser.get(&path).await.expect(200);
        let answer = browser.submit(&path, fields).await.expect(303);
        assert!(answer.location().starts_with(&draft), "{screen}: {}", answer.location());
    }
    browser.get(&format!("{draft}/unit")).await.expect(200);
    let answer = browser.submit(&format!("{draft}/unit"), &[("unit", UNIT)]).await.expect(303);
    assert_eq!(answer.location(), format!("{draft}/return"));
    let answer = browser.submit(&format!("{draft}/return"), &[("way", "electronic")]).await.expect(303);
    assert_eq!(answer.location(), format!("{draft}/review"));
    draft
}

/// Hands in a request for a copy; gives the dossier's code.
pub async fn hand_in_copy(browser: &mut Client) -> String {
    let draft = fill_in_copy(browser).await;
    let answer = browser.submit(&format!("{draft}/submit"), &[]).await.expect(303);
    code_of(&answer)
}

/// Pays the dossier's fee at the counter.
pub async fn pay(city: &TestCity, officer: &mut Client, code: &str) {
    let dossier = officer.get(&format!("/api/v1/dossiers/{code}")).await.expect(200).json();
    let charge = dossier["charge"]["id"].as_str().expect("a charge").to_owned();
    let path = format!("/api/v1/charges/{charge}/counter-payments");
    let answer = officer.post_once(&path, &format!("pay-{charge}"), &json!({ "receipt": "0001" })).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    city.settle().await;
}

pub async fn do_it(officer: &mut Client, code: &str, action: &str, note: &str) {
    let body = if note.is_empty() { json!({}) } else { json!({ "note": note }) };
    officer.post(&format!("/api/v1/dossiers/{code}/actions/{action}"), &body).await.expect(200);
}

/// A dossier that was handed in is paid for and taken in.
pub async fn accept(city: &TestCity, code: &str) {
    let mut officer = city.client(&officer(city));
    pay(city, &mut officer, code).await;
    do_it(&mut officer, code, "accept", "").await;
    city.settle().await;
}

/// A dossier that was taken in is handled and signed: its result is there.
pub async fn issue(city: &TestCity, code: &str) {
    let mut officer = city.client(&officer(city));
    for action in ["process", "propose"] {
        do_it(&mut officer, code, action, "").await;
    }
    do_it(&mut city.client(&leader(city)), code, "sign", "").await;
    city.settle().await;
}

pub fn code_of(answer: &Answer) -> String {
    let path = answer.location().split('?').next().unwrap();
    path.strip_prefix("/dossiers/").unwrap_or_else(|| panic!("no dossier: {path}")).to_owned()
}

/// A multipart form, as a browser sends it: fields, and files as (field, name, bytes).
pub async fn send_files(
    browser: &mut Client,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let csrf = browser.csrf().await;
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
        let part = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, file, bytes) in files {
        let part = format!(
            "--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--B--\r\n");
    browser.send(Method::POST, path, Some("multipart/form-data; boundary=B"), body).await
}

/// A procedure of the commune level as the national catalogue publishes it, a line of its file.
pub fn national_line(code: &str, title: &str) -> String {
    let channels = "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến5 Ngày làm việc80,000 VNĐ(/hồ sơ)\
                    Trực tiếp5 Ngày làm việc80,000 VNĐ(/hồ sơ)";
    let papers = "--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị cấp giấy phép thử1 bản chính\
                  Giấy ủy quyền (nếu có)1 bản chính,1 bản sao";
    let record = serde_json::json!({
        "ma_thu_tuc": code, "ten_thu_tuc": title, "so_quyet_dinh": "1/QĐ-BTP", "cap_thuc_hien": "Cấp xã",
        "detail_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1", "linh_vuc": "Hộ tịch",
        "loai_thu_tuc": "TTHC được luật giao quy định chi tiết", "doi_tuong_thuc_hien": "Công dân Việt Nam",
        "co_quan_co_tham_quyen": "", "dia_chi_tiep_nhan": "", "co_quan_phoi_hop": "",
        "trinh_tu_thuc_hien": "Bước 1: Nộp hồ sơ\nBước 2: Nhận kết quả", "cach_thuc_thuc_hien": channels,
        "thanh_phan_ho_so": papers, "can_cu_phap_ly": "", "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã",
        "yeu_cau_dieu_kien": "", "ket_qua_xu_ly": "Giấy phép thửMã: KQ.G10.000048", "_bo": "bo-tu-phap",
    });
    record.to_string()
}
