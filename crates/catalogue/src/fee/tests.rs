//! Fee cells as published, and what is read out of them.

use super::*;

fn of(cell: FeeCell<'_>, note: &str, description: &str) -> Option<Vec<i64>> {
    match read(cell, Kind::Counter, note, description) {
        Reading::Read(lines) => Some(lines.iter().map(|line| line.amount).collect()),
        Reading::Text(_) | Reading::Absent => None,
    }
}

const fn dong(figure: &str) -> FeeCell<'_> {
    FeeCell::Amount(figure, Currency::Dong)
}

#[test]
fn an_amount_with_its_unit_and_words() {
    let Reading::Read(lines) = read(dong("80,000"), Kind::Online, "/hồ sơ (Thông tư số 61/2023/TT-BTC)", "")
    else {
        panic!("read");
    };
    assert_eq!((lines[0].amount, lines[0].per.as_deref(), lines[0].place), (80_000, Some("hồ sơ"), Place::Cell));
    assert_eq!(lines[0].description, "(Thông tư số 61/2023/TT-BTC)");
}

#[test]
fn free_with_a_fee_in_the_note_is_not_free() {
    assert_eq!(of(FeeCell::Free, "150.000 đồng/giấy", ""), Some(vec![150_000]));
    let schedule =
        "- Dưới 5 tấn: 50.000 đồng/giấy; - Từ 5 tấn đến 15 tấn: 100.000 đồng/giấy; - Trên 15 tấn: 150.000 đồng/giấy.";
    let Reading::Read(lines) = read(FeeCell::Free, Kind::Counter, schedule, "") else { panic!("read") };
    assert_eq!(lines.iter().map(|line| line.amount).collect::<Vec<_>>(), [50_000, 100_000, 150_000]);
    assert_eq!(lines[1].description, "Từ 5 tấn đến 15 tấn");
}

#[test]
fn free_or_not_prescribed_or_elsewhere() {
    assert_eq!(of(FeeCell::Free, "", "Nộp tại Sở"), Some(vec![]));
    assert_eq!(of(FeeCell::Free, "Không thu lệ phí", ""), Some(vec![]));
    assert_eq!(of(FeeCell::Free, "Miễn lệ phí (Thông tư số 47/2019/TT-BTC).", ""), Some(vec![]));
    assert_eq!(read(FeeCell::Free, Kind::Post, "Không quy định.", ""), Reading::Absent);
    for elsewhere in [
        "theo quy định của pháp luật về phí, lệ phí",
        "do Ủy ban nhân dân cấp tỉnh quy định.",
        "Không thu lệ phí đăng ký đối với tổ hợp tác",
        "Phí thẩm định",
    ] {
        assert!(read(FeeCell::Free, Kind::Post, elsewhere, "").is_text(), "{elsewhere}");
    }
    assert!(read(FeeCell::Free, Kind::Post, "", "Phí : Thông tư số 261/2016/TT-BTC").is_text());
}

#[test]
fn a_waiver_for_online_filing_is_free_online_only() {
    let note = "Miễn lệ phí đăng ký doanh nghiệp đối với trường hợp đăng ký qua mạng điện tử";
    assert_eq!(read(FeeCell::Free, Kind::Online, note, ""), Reading::Read(vec![]));
    assert!(read(FeeCell::Free, Kind::Post, note, "").is_text());
}

#[test]
fn thousands_lost_are_read_only_where_the_note_repeats_them() {
    assert_eq!(of(dong("40"), "40.000đ/giấy thông hành", ""), Some(vec![40_000]));
    assert_eq!(of(dong("40"), "4.000 đ/giấy thông hành", ""), None);
    assert_eq!(of(dong("25"), "25.000.000đ/giấy thông hành", ""), None);
    assert_eq!(of(dong("850"), "", ""), None);
    assert_eq!(of(dong("155"), "có thời hạn đến 05 năm: 155 USD/thẻ.", ""), Some(vec![155]));
}

#[test]
fn time_and_fee_run_together() {
    assert_eq!(of(FeeCell::Glued("1100", Currency::Dong), "Phí công bố: 100.000 đồng/lần", ""), Some(vec![100_000]));
    assert_eq!(
        of(FeeCell::Glued("140,000", Currency::Dong), "40.000đ; xe khác: 90.000đ", ""),
        Some(vec![40_000, 90_000])
    );
    assert_eq!(of(FeeCell::Glued("1200", Currency::Dong), "", ""), None);
}

#[test]
fn several_fees_in_one_row() {
    let described =
        "Phí: 800.000 đồng/hồ sơ (áp dụng mức phí 400.000 đồng/hồ sơ đến hết năm 2026).\nLệ phí: 100.000 đồng/hồ sơ.";
    assert_eq!(of(dong("800,000"), "/hồ sơ", described), Some(vec![800_000, 400_000, 100_000]));
    assert_eq!(of(dong("1"), "", "mức phí: 0đ."), Some(vec![]));
}

#[test]
fn the_words_have_the_limits_of_an_amount() {
    let note = "(áp dụng mức phí 400.000 đồng/hồ sơ kể từ ngày 01/7/2025 đến hết ngày 31/12/2026)";
    let Reading::Read(lines) = read(dong("800,000"), Kind::Post, note, "") else { panic!("read") };
    assert_eq!(lines[1].description, "áp dụng mức phí kể từ ngày 01/7/2025 đến hết ngày 31/12/2026");
}

#[test]
fn dollars_stay_dollars() {
    let Reading::Read(lines) = read(FeeCell::Amount("10", Currency::UsDollar), Kind::Post, "/bản", "") else {
        panic!("read")
    };
    assert_eq!((lines[0].amount, lines[0].currency, lines[0].per.as_deref()), (10, Currency::UsDollar, Some("bản")));
}
