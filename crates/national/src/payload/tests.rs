//! What the portal is told, word for word.

use songhan_base::Money;

use super::*;

fn at(text: &str) -> Timestamp {
    format!("{text}+07:00").parse().unwrap()
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
}

fn step(seq: i64, moment: &str, who: &str, what: &str, status: i64) -> Step {
    Step { seq, at: at(moment), who: who.into(), what: what.into(), status, told: None, due_at: None, is_ours: true }
}

/// A dossier that was supplemented once, and whose result was returned.
fn facts() -> Facts {
    let asked = Step {
        told: Some("Bản chụp căn cước bị mờ, xin chụp lại".into()),
        ..step(4, "2026-11-20T15:00:00", "Lê Văn Bình", "Yêu cầu bổ sung", 5)
    };
    let due = Some(at("2026-11-25T17:00:00"));
    Facts {
        code: "000.00.15.H17-261120-0001".into(),
        procedure: "2.000635".into(),
        title: "Cấp bản sao trích lục hộ tịch".into(),
        field: "civil-status".into(),
        field_name: "Hộ tịch".into(),
        holder_name: "Nguyễn Thị Lan".into(),
        holder: Holder::Citizen,
        received_at: at("2026-11-20T09:00:00"),
        due_at: due,
        finished_at: Some(at("2026-11-24T10:30:00")),
        status: 10,
        channel: 2,
        by_post: false,
        unit_name: "Uỷ ban nhân dân phường Hải Châu".into(),
        papers: vec![
            Paper {
                id: "u1".into(),
                name: "can-cuoc.jpg".into(),
                part: "id_card".into(),
                digitisation: 0,
                has_file: true,
            },
            Paper { id: "u2".into(), name: "Tờ khai".into(), part: "form".into(), digitisation: 0, has_file: false },
            Paper {
                id: "u3".into(),
                name: "khai-sinh.pdf".into(),
                part: "birth".into(),
                digitisation: 2,
                has_file: true,
            },
        ],
        fees: vec![
            Fee {
                code: "SH7K2M9P4QXA-1".into(),
                name: "Phí cấp bản sao trích lục".into(),
                amount: Money(16_000),
                at_counter: false,
                is_levy: false,
            },
            Fee {
                code: "SH7K2M9P4QXA-2".into(),
                name: "Lệ phí đăng ký".into(),
                amount: Money(5_000),
                at_counter: true,
                is_levy: true,
            },
        ],
        steps: vec![
            step(1, "2026-11-20T09:00:00", "Người nộp hồ sơ", "Nộp hồ sơ", 1),
            Step {
                due_at: Some(at("2026-11-23T17:00:00")),
                ..step(2, "2026-11-20T10:00:00", "Lê Văn Bình", "Tiếp nhận hồ sơ", 2)
            },
            Step { is_ours: false, ..step(3, "2026-11-20T11:00:00", "Cổng", "Ghi nhận", 2) },
            asked,
            Step { due_at: due, ..step(5, "2026-11-23T08:00:00", "Người nộp hồ sơ", "Nộp bổ sung", 4) },
            step(6, "2026-11-24T10:30:00", "Hệ thống", "Ban hành", 9),
            step(7, "2026-11-24T14:00:00", "Lê Văn Bình", "Trả kết quả", 10),
            step(8, "2026-11-24T14:05:00", "Lê Văn Bình", "Phân công", 10),
        ],
        results: vec![Document {
            id: "019aa4c2-7c00-7000-8000-000000000001".into(),
            name: "Bản sao trích lục hộ tịch".into(),
            url: "https://city.example/verify/019aa4c2-7c00-7000-8000-000000000001".into(),
        }],
    }
}

#[test]
fn a_dossier_from_first_to_last() {
    insta::assert_json_snapshot!(dossier(&facts(), &Codes::default(), &zone()));
}

#[test]
fn steps_that_the_portal_does_not_know() {
    let facts = facts();
    insta::assert_json_snapshot!(progress(&facts, 1, &zone()));
    assert!(progress(&facts, 8, &zone()).is_empty());
}

#[test]
fn what_is_not_there_is_an_empty_text_or_list() {
    let facts = Facts {
        due_at: None,
        finished_at: None,
        status: 1,
        papers: Vec::new(),
        fees: Vec::new(),
        steps: vec![step(1, "2026-11-20T09:00:00", "Người nộp hồ sơ", "Nộp hồ sơ", 1)],
        results: Vec::new(),
        holder: Holder::Business,
        ..facts()
    };
    let told = serde_json::to_value(dossier(&facts, &Codes::default(), &zone())).unwrap();
    for name in ["NgayHenTra", "NgayTra", "NgayKetThucXuLy"] {
        assert_eq!(told[name], "", "{name}");
    }
    for name in ["TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"] {
        assert_eq!(told[name], serde_json::json!([]), "{name}");
    }
    assert_eq!(told["LoaiDoiTuong"], "2");
}

#[test]
fn a_supplement_that_is_open() {
    let mut facts = facts();
    facts.steps.truncate(4);
    let told = serde_json::to_value(dossier(&facts, &Codes::default(), &zone())).unwrap();
    let open = &told["DanhSachHoSoBoSung"][0];
    assert_eq!((open["TrangThaiBoSung"].as_str(), open["NgayTiepNhanBoSung"].as_str()), (Some("False"), Some("")));
    assert_eq!(open["NgayHenTraTruoc"], "20261123170000");
    assert_eq!(told["NgayTra"], "", "not returned yet");
}

#[test]
fn nothing_of_a_person_but_the_name() {
    let told = serde_json::to_value(dossier(&facts(), &Codes::default(), &zone())).unwrap();
    let names: Vec<&String> = told.as_object().unwrap().keys().collect();
    for name in ["Email", "SoDienThoai", "MaDoiTuong", "SoGiayToChuHoSo", "DinhDanhCHS", "ThongTinKhac"] {
        assert!(!names.iter().any(|known| *known == name), "{name}");
    }
}
