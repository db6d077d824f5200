//! What each kind of paper becomes as data for its template.

use super::*;
use crate::typeset::{Pdf, Typesetter};
use serde_json::Value;

fn set<T: serde::de::DeserializeOwned>(sample: &str, wrap: impl Fn(Box<T>) -> Paper) -> Pdf {
    let typed: T = serde_json::from_str(sample).unwrap();
    let paper = wrap(Box::new(typed));
    // The sample says the same as the type: no field is lost on the way.
    let written = serde_json::to_value(&paper).unwrap();
    let given: Value = serde_json::from_str(sample).unwrap();
    for (key, value) in given.as_object().unwrap() {
        if !value.is_array() && !value.is_object() {
            assert_eq!(&written[key], value, "field {key}");
        }
    }
    Typesetter::new().paper(&paper).unwrap()
}

#[test]
fn every_kind_is_set_on_one_page_with_places_for_its_signers() {
    let receipt = set(include_str!("../../samples/receipt.json"), Paper::Receipt);
    let supplement = set(include_str!("../../samples/supplement-request.json"), Paper::SupplementRequest);
    let refusal = set(include_str!("../../samples/refusal.json"), Paper::Refusal);
    let apology = set(include_str!("../../samples/apology.json"), Paper::Apology);
    let copy = set(include_str!("../../samples/certified-copy.json"), Paper::CertifiedCopy);
    let decision = set(include_str!("../../samples/decision.json"), Paper::Decision);
    let letter = set(include_str!("../../samples/letter.json"), Paper::Decision);
    let payment = set(include_str!("../../samples/payment-receipt.json"), Paper::PaymentReceipt);
    let list = set(include_str!("../../samples/archive-list.json"), Paper::ArchiveList);
    for (pdf, signed_by_hand) in [
        (&receipt, false),
        (&supplement, false),
        (&refusal, false),
        (&apology, false),
        (&copy, true),
        (&decision, true),
        (&letter, true),
        (&payment, false),
        (&list, false),
    ] {
        assert_eq!(pdf.pages, 1);
        assert!(pdf.anchor("seal").is_some());
        assert_eq!(pdf.anchor("signature").is_some(), signed_by_hand);
    }
    // The office's own sheets are drawn up when asked for and carry no seal.
    let sheet = set(include_str!("../../samples/process-sheet.json"), Paper::ProcessSheet);
    let book = set(include_str!("../../samples/tracking-book.json"), Paper::TrackingBook);
    assert_eq!((sheet.pages, sheet.anchors.len()), (1, 0));
    assert_eq!((book.pages, book.anchors.len()), (1, 0));
}

#[test]
fn a_paper_with_the_least_data_is_set() {
    let date = jiff::civil::date(2026, 1, 5);
    let head = || Head { date, ..Head::default() };
    let slip = || Slip { head: head(), ..Slip::default() };
    let sections =
        vec![Section { title: Some("Người yêu cầu".into()), rows: vec![vec![Entry::new("Họ tên", "")]] }];
    let papers = [
        Paper::Receipt(Box::new(Receipt { head: head(), ..Receipt::default() })),
        Paper::SupplementRequest(Box::new(SupplementRequest { slip: slip(), ..SupplementRequest::default() })),
        Paper::Refusal(Box::new(Refusal { slip: slip(), ..Refusal::default() })),
        Paper::Apology(Box::new(Apology { slip: slip(), ..Apology::default() })),
        Paper::ProcessSheet(Box::new(ProcessSheet { head: head(), ..ProcessSheet::default() })),
        Paper::TrackingBook(Box::new(TrackingBook {
            head: head(),
            from: date,
            until: date,
            ..TrackingBook::default()
        })),
        Paper::CertifiedCopy(Box::new(CertifiedCopy { head: head(), sections, ..CertifiedCopy::default() })),
        Paper::Decision(Box::new(Decision { head: head(), ..Decision::default() })),
        Paper::PaymentReceipt(Box::new(PaymentReceipt { head: head(), ..PaymentReceipt::default() })),
        Paper::Application(Box::new(Application { date, ..Application::default() })),
        Paper::ArchiveList(Box::new(ArchiveList { date, ..ArchiveList::default() })),
    ];
    for paper in papers {
        Typesetter::new().paper(&paper).unwrap_or_else(|error| panic!("{}: {error}", paper.template()));
    }
}

/// The longest name that a form takes, of the longest words.
fn long_name() -> String {
    "Nguyễn Phước Thượng Nghiêng Trường Khương ".repeat(7).trim().to_owned()
}

#[test]
fn long_names_stay_on_the_paper() {
    let date = jiff::civil::date(2026, 11, 23);
    let person = Applicant {
        name: long_name(),
        submitted_by: Some(long_name()),
        address: Some(long_name()),
        // An address without a blank breaks all the same.
        email: Some(format!("{}@example.vn", "nguyen".repeat(40))),
        ..Applicant::default()
    };
    let agency = "Ủy ban nhân dân xã Trà Đốc và các thôn sáp nhập theo nghị quyết về sắp xếp đơn vị hành chính";
    let slip = Slip {
        head: Head { date, agency: agency.into(), ..Head::default() },
        applicant: person,
        procedure: long_name(),
        recipients: vec![long_name(); 5],
        signer: Signatory {
            authority: vec![
                Authority::new(By::Body, "Ủy ban nhân dân"),
                Authority::new(By::Delegation, "Chủ tịch Ủy ban nhân dân thành phố"),
            ],
            title: Some(long_name()),
            name: Some(long_name()),
        },
        verify: Verification { verify_code: Some("01936f0e-7a51-7cc0-9a3e-5d1f3c0a9b15".into()), qr: None },
        ..Slip::default()
    };
    let papers = [
        Paper::SupplementRequest(Box::new(SupplementRequest {
            slip: slip.clone(),
            wanted: vec![long_name(); 30],
            ..SupplementRequest::default()
        })),
        Paper::Refusal(Box::new(Refusal { slip: slip.clone(), reasons: vec![long_name(); 30], ..Refusal::default() })),
        Paper::Apology(Box::new(Apology { slip, reason: Some(long_name()), ..Apology::default() })),
    ];
    for paper in papers {
        let pdf = Typesetter::new().paper(&paper).unwrap_or_else(|error| panic!("{}: {error}", paper.template()));
        assert!(pdf.pages <= 8, "{}: {} pages", paper.template(), pdf.pages);
        let seal = pdf.anchor("seal").expect("a place for the seal");
        assert!(seal.rect[0] > 0.0 && seal.rect[1] > 0.0, "the seal is on the sheet: {:?}", seal.rect);
    }
}

#[test]
fn a_book_of_five_hundred_dossiers_flows_over_pages() {
    let at = jiff::civil::date(2026, 11, 23).at(9, 30, 0, 0);
    let entry = |n: usize| BookEntry {
        dossier: format!("000.00.15.H17-261123-{n:04}"),
        procedure: "Cấp giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất".into(),
        applicant: if n.is_multiple_of(50) { long_name() } else { "Nguyễn Thị Lan".into() },
        contact: "Số 27 đường Lê Lợi, phường Hải Châu; 0905 123 456".into(),
        agency: "Ủy ban nhân dân phường Hải Châu".into(),
        received: at,
        due: Some(at),
        ..BookEntry::default()
    };
    let entries: Vec<BookEntry> = (1..=500).map(entry).collect();
    let head = Head { date: at.date(), ..Head::default() };
    let book = TrackingBook { head, from: at.date(), until: at.date(), entries, ..TrackingBook::default() };
    let pdf = Typesetter::new().paper(&Paper::TrackingBook(Box::new(book))).unwrap();
    assert!((20..150).contains(&pdf.pages), "{} pages", pdf.pages);
}

#[test]
fn a_long_decision_flows_over_pages() {
    let article = "Cho phép sử dụng tạm thời một phần hè phố. ".repeat(60);
    let date = jiff::civil::date(2026, 11, 5);
    let head = Head { date, ..Head::default() };
    let paper = Paper::Decision(Box::new(Decision { head, articles: vec![article; 4], ..Decision::default() }));
    let pdf = Typesetter::new().paper(&paper).unwrap();
    assert!(pdf.pages > 1);
    assert_eq!(pdf.anchor("seal").unwrap().page as usize, pdf.pages);
}
