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
    let copy = set(include_str!("../../samples/certified-copy.json"), Paper::CertifiedCopy);
    let decision = set(include_str!("../../samples/decision.json"), Paper::Decision);
    let letter = set(include_str!("../../samples/letter.json"), Paper::Decision);
    let payment = set(include_str!("../../samples/payment-receipt.json"), Paper::PaymentReceipt);
    for (pdf, signed_by_hand) in
        [(&receipt, false), (&copy, true), (&decision, true), (&letter, true), (&payment, false)]
    {
        assert_eq!(pdf.pages, 1);
        assert!(pdf.anchor("seal").is_some());
        assert_eq!(pdf.anchor("signature").is_some(), signed_by_hand);
    }
}

#[test]
fn a_paper_with_the_least_data_is_set() {
    let date = jiff::civil::date(2026, 1, 5);
    let papers = [
        Paper::Receipt(Box::new(Receipt { date, ..Receipt::default() })),
        Paper::CertifiedCopy(Box::new(CertifiedCopy {
            date,
            sections: vec![Section {
                title: Some("Người yêu cầu".into()), rows: vec![vec![Entry::new("Họ tên", "")]]
            }],
            ..CertifiedCopy::default()
        })),
        Paper::Decision(Box::new(Decision { date, ..Decision::default() })),
        Paper::PaymentReceipt(Box::new(PaymentReceipt { date, ..PaymentReceipt::default() })),
    ];
    for paper in papers {
        Typesetter::new().paper(&paper).unwrap_or_else(|error| panic!("{}: {error}", paper.template()));
    }
}

#[test]
fn a_long_decision_flows_over_pages() {
    let article = "Cho phép sử dụng tạm thời một phần hè phố. ".repeat(60);
    let date = jiff::civil::date(2026, 11, 5);
    let paper = Paper::Decision(Box::new(Decision { date, articles: vec![article; 4], ..Decision::default() }));
    let pdf = Typesetter::new().paper(&paper).unwrap();
    assert!(pdf.pages > 1);
    assert_eq!(pdf.anchor("seal").unwrap().page as usize, pdf.pages);
}
