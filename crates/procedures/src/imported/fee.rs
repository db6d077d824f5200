//! Fees as read, where they are one unambiguous amount for each channel; everything else is for the agency to say.

use std::collections::BTreeMap;

use songhan_base::{Money, Text, fold};
use songhan_catalogue::{self as national, Bound, Currency, FeeLine, Reading};
use songhan_city::{Place, Placed};

use super::deadline::channel;
use crate::channel::Channel;
use crate::procedure::Fee;

/// What is charged, and who says what where that is not known.
#[derive(Debug, Default)]
pub struct Fees {
    pub fees: Vec<Fee>,
    pub note: Option<Text>,
}

/// What a channel costs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cost<'a> {
    Free,
    One(&'a FeeLine),
    /// Several amounts, limits, cases, or words.
    Unclear,
    /// Nothing is said.
    Unsaid,
}

/// The fees of a procedure. One channel that is unclear leaves all of it to the agency: an amount beside a riddle would be
/// taken for the whole.
pub fn read(procedure: &national::NationalProcedure) -> Fees {
    let mut by_channel: BTreeMap<&str, (Channel, Cost<'_>)> = BTreeMap::new();
    for row in procedure.rows() {
        let by = channel(row.kind);
        let cost = cost(row);
        by_channel
            .entry(by.as_str())
            .and_modify(|(_, known)| {
                if *known != cost {
                    *known = Cost::Unclear;
                }
            })
            .or_insert((by, cost));
    }
    let costs: Vec<_> = by_channel.into_values().collect();
    if costs.iter().all(|(_, cost)| *cost == Cost::Unsaid) {
        return Fees { fees: Vec::new(), note: Some(unsaid()) };
    }
    if costs.iter().any(|(_, cost)| matches!(cost, Cost::Unclear | Cost::Unsaid)) {
        return Fees { fees: Vec::new(), note: Some(by_agency()) };
    }
    let mut fees: Vec<(i64, &FeeLine, Vec<Channel>)> = Vec::new();
    for (by, cost) in &costs {
        let Cost::One(line) = cost else { continue };
        match fees.iter_mut().find(|(amount, ..)| *amount == line.amount) {
            Some((_, _, channels)) => channels.push(*by),
            None => fees.push((line.amount, line, vec![*by])),
        }
    }
    let everywhere = |channels: &Vec<Channel>| channels.len() == costs.len();
    let fees = fees.into_iter().map(|(_, line, channels)| {
        let channels = if everywhere(&channels) { Vec::new() } else { channels };
        fee(procedure, line, channels)
    });
    Fees { fees: fees.collect(), note: None }
}

fn cost(row: &national::Channel) -> Cost<'_> {
    match &row.fees {
        Reading::Absent => Cost::Unsaid,
        Reading::Text(_) => Cost::Unclear,
        Reading::Read(lines) => match &lines[..] {
            [] => Cost::Free,
            [line] if is_plain(line) => Cost::One(line),
            _ => Cost::Unclear,
        },
    }
}

/// An amount that every applicant pays once.
fn is_plain(line: &FeeLine) -> bool {
    let once = ["hồ sơ", "lần", "bộ hồ sơ", "trường hợp", "01 hồ sơ", "1 hồ sơ"];
    let per = line.per.as_ref().is_none_or(|per| once.contains(&per.to_lowercase().trim()));
    line.currency == Currency::Dong && line.bound == Bound::Exact && per && !is_conditional(&line.description)
}

/// Words that make an amount one of several, or one for some.
fn is_conditional(words: &str) -> bool {
    let folded = format!(" {} ", fold(words));
    let marks = [
        "doi voi",
        "truong hop",
        "neu ",
        "mien",
        "giam",
        "cap lai",
        "cap moi",
        "cap doi",
        "gia han",
        "lan dau",
        "hoac",
        "tu ngay",
        "ke tu",
        "den het",
        "den ngay",
        "ap dung",
        "moi ",
        "% ",
        "muc ",
        "toi da",
        "toi thieu",
        "khong qua",
        "tuy ",
        "hang ",
        "nhom",
        "loai",
        "rieng",
        "them",
        "tren ",
        "duoi ",
        "nguoi ",
        "tre em",
    ];
    marks.iter().any(|mark| folded.contains(&format!(" {mark}")))
}

fn fee(procedure: &national::NationalProcedure, line: &FeeLine, channels: Vec<Channel>) -> Fee {
    let id = channels.first().map_or("national", |channel| channel.as_str());
    let decision = if procedure.decision.is_empty() { String::new() } else { format!(", {}", procedure.decision) };
    let words = if line.description.is_empty() { String::new() } else { format!(". {}", line.description) };
    Fee {
        id: Placed::new(id.to_owned(), Place::file("")),
        name: Text::new("Phí, lệ phí", "Fee"),
        amount: Some(Money(line.amount)),
        amounts: None,
        per: crate::procedure::Per::Dossier,
        quantity: None,
        tiers: Vec::new(),
        max: None,
        copies: None,
        basis: Some(Text {
            vi: format!("Cơ sở dữ liệu quốc gia về thủ tục hành chính, mã {}{decision}{words}", procedure.code),
            en: None,
        }),
        channels,
        exempt: Vec::new(),
        exempt_basis: None,
        online_percent: None,
        online_basis: None,
        from: None,
        until: None,
    }
}

fn by_agency() -> Text {
    Text::new("Cơ quan giải quyết thông báo mức thu", "Told by the agency that handles it")
}

fn unsaid() -> Text {
    Text::new("Cơ sở dữ liệu quốc gia không ghi phí, lệ phí", "The national catalogue names no fee")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "Hình thức nộpThời gianPhí, lệ phíMô tả";

    fn fees(channels: &str) -> (Vec<(i64, Vec<&'static str>)>, bool) {
        let mut record: serde_json::Map<String, serde_json::Value> = crate::imported::tests::record("1.000001");
        record.insert("cach_thuc_thuc_hien".to_owned(), format!("{HEADING}{channels}").into());
        let reading = songhan_catalogue::read(&serde_json::Value::Object(record).to_string()).expect("a procedure");
        let read = read(&reading);
        let of = |fee: &Fee| (fee.highest().0, fee.channels.iter().map(|c| c.as_str()).collect());
        (read.fees.iter().map(of).collect(), read.note.is_some())
    }

    #[test]
    fn one_amount_is_charged() {
        let same = "Trực tuyến5 Ngày làm việc80,000 VNĐ(/hồ sơ)Trực tiếp5 Ngày làm việc80,000 VNĐ(/hồ sơ)";
        assert_eq!(fees(same), (vec![(80_000, vec![])], false));
        let cheaper = "Trực tuyến5 Ngày làm việc40,000 VNĐTrực tiếp5 Ngày làm việc80,000 VNĐ";
        assert_eq!(fees(cheaper), (vec![(80_000, vec!["counter"]), (40_000, vec!["online"])], false));
        let free_online = "Trực tuyến5 Ngày làm việcMiễn phíTrực tiếp5 Ngày làm việc80,000 VNĐ";
        assert_eq!(fees(free_online), (vec![(80_000, vec!["counter"])], false));
        assert_eq!(fees("Trực tuyến5 Ngày làm việcMiễn phí"), (vec![], false));
    }

    #[test]
    fn everything_else_is_for_the_agency_to_say() {
        for channels in [
            "Trực tuyến5 NgàyMiễn phí(Cấp mới: 80.000 đồng; cấp lại: 40.000 đồng)",
            "Trực tuyến5 Ngày80,000 VNĐ(/trang)",
            "Trực tuyến5 NgàyMiễn phí(theo quy định của Hội đồng nhân dân)",
            "Trực tuyến5 NgàyMiễn phí(tối đa 200.000 đồng)",
            "Trực tuyến5 NgàyMiễn phí(trường hợp cấp lại 40.000 đồng)",
            "Trực tuyến5 Ngày10 USD",
            "Trực tuyến5 Ngày80,000 VNĐTrực tiếp5 NgàyMiễn phí(theo quy định của Hội đồng nhân dân)",
            "Trực tuyến5 Ngày80,000 VNĐTrực tuyến15 Ngày90,000 VNĐ",
            "Trực tuyến5 NgàyKhông có thông tin",
        ] {
            assert_eq!(fees(channels), (vec![], true), "{channels}");
        }
    }
}
