//! Amounts of money in running text: `8.000 đồng/trang`, `02 triệu đồng`, `160.000/hộ chiếu`, `10USD`.

use serde::{Deserialize, Serialize};

use crate::money::{Found, money};
use crate::text::{figure, fold};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Currency {
    Dong,
    /// Some consular and immigration fees are set in US dollars.
    UsDollar,
}

/// Whether the amount is the fee itself or a limit of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Exact,
    /// Từ, tối thiểu.
    AtLeast,
    /// Đến, tối đa.
    AtMost,
}

/// One amount with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub amount: i64,
    pub currency: Currency,
    pub bound: Bound,
    /// What the amount is for: "lần", "hộ chiếu".
    pub per: Option<String>,
    pub start: usize,
    /// After the unit.
    pub end: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub stated: Vec<Stated>,
    /// An amount that is badly written (`10.000.0000 đồng`) or part of a formula: the whole cell cannot be read.
    pub unclear: bool,
}

/// Every amount that a text states.
pub fn scan(original: &str) -> Scan {
    let text = fold(original);
    let mut scan = Scan::default();
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let (number, _) = figure(&text[at..]);
        from = at + number.len();
        let Some(found) = money(&text, at, number) else { continue };
        let before = clause_before(&text[..at]);
        let Some(bound) = bound(before, &found) else { continue };
        let (per, end) = match found.per {
            Some(per) => (Some(per), found.end),
            None => per(original, &text, found.end),
        };
        from = end;
        scan.unclear |= formula(before, &text[end..]);
        match found.value {
            Some(amount) => {
                scan.stated.push(Stated { amount, currency: found.currency, bound, per, start: at, end });
            }
            None => scan.unclear = true,
        }
    }
    scan
}

/// What was said since the last stop.
fn clause_before(text: &str) -> &str {
    let start = text.rfind([';', '\n', '(', ':']).map_or(0, |at| at + 1);
    text[start..].trim_end()
}

/// Exact or a limit; `None` for a threshold ("giá trị giao dịch dưới 2,1 tỷ đồng"), which is no fee.
fn bound(before: &str, found: &Found) -> Option<Bound> {
    let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    let of_something_else = ["giá trị", "trị giá", "vốn", "doanh thu", "tổng mức", "dự án", "thu nhập"];
    if found.multiplied && of_something_else.iter().any(|word| before.contains(word)) {
        return None;
    }
    if ends(&["không quá", "tối đa", "tối đa là", "không vượt quá", "đến"]) {
        return Some(Bound::AtMost);
    }
    if ends(&["tối thiểu", "tối thiểu là", "không dưới", "ít nhất", "từ"]) {
        return Some(Bound::AtLeast);
    }
    (!ends(&["dưới", "trên", "hơn", "vượt"])).then_some(Bound::Exact)
}

/// `150.000 đồng + (số tấn x 15.000 đồng/tấn)`: a sum to be worked out.
fn formula(before: &str, after: &str) -> bool {
    after.trim_start().starts_with("+ (") || [" x", "×", "*"].iter().any(|sign| before.ends_with(sign))
}

/// The unit after an amount: `/lô hàng/lần`.
pub fn per(original: &str, folded: &str, at: usize) -> (Option<String>, usize) {
    let rest = &folded[at..];
    let gap = rest.len() - rest.trim_start_matches(' ').len();
    let Some(unit) = rest[gap..].strip_prefix('/') else { return (None, at) };
    let stops = [
        " - ",
        " + ",
        "  ",
        " áp ",
        " đối ",
        " theo ",
        " kể ",
        " riêng ",
        " phí",
        " lệ phí",
        " miễn",
        " từ ",
        " trường ",
    ];
    let end = unit
        .find(['.', ',', ';', ':', '(', ')', '\n', '\t', '+'])
        .into_iter()
        .chain(stops.iter().filter_map(|stop| unit.find(stop)))
        .min()
        .unwrap_or(unit.len());
    let start = at + gap + 1;
    let words = original[start..start + end].trim();
    (Some(words.to_owned()).filter(|words| !words.is_empty() && words.len() <= 80), start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(text: &str) -> Vec<i64> {
        let scan = scan(text);
        assert!(!scan.unclear, "{text}");
        scan.stated.iter().map(|found| found.amount).collect()
    }

    #[test]
    fn as_people_write_it() {
        assert_eq!(amounts("Lệ phí: 100.000 Đồng (…); Phí : 8.000đ; 400000 Đồng"), [100_000, 8_000, 400_000]);
        assert_eq!(amounts("+ 02 triệu đồng/Giấy chứng nhận."), [2_000_000]);
        assert_eq!(amounts("+ 160.000/hộ chiếu, cấp lại: 320.000đ/hộ chiếu"), [160_000, 320_000]);
        assert_eq!(amounts("15000000/lần Đồng; giảm 20%: 1.600.000"), [15_000_000, 1_600_000]);
    }

    #[test]
    fn units() {
        let found = &scan("100.000 đồng/ lô hàng/lần.").stated[0];
        assert_eq!(found.per.as_deref(), Some("lô hàng/lần"));
        assert_eq!(scan("135.000 đồng/lần cấp Miễn phí từ").stated[0].per.as_deref(), Some("lần cấp"));
    }

    #[test]
    fn limits_and_thresholds() {
        let found = scan("2.000 đồng/trang, tối đa thu không quá 200.000 đồng/bản").stated;
        assert_eq!(found.iter().map(|f| f.bound).collect::<Vec<_>>(), [Bound::Exact, Bound::AtMost]);
        assert_eq!(scan("từ 20.000 đồng").stated[0].bound, Bound::AtLeast);
        assert_eq!(amounts("/Lần. Giá trị giao dịch dưới 2,1 tỷ đồng"), Vec::<i64>::new());
    }

    #[test]
    fn numbers_that_are_no_money() {
        assert_eq!(amounts("Thông tư số 25/2021/TT-BTC ngày 07/4/2021, 5 tấn, 50%, Mẫu 1.200"), Vec::<i64>::new());
    }

    #[test]
    fn badly_written_amounts_and_formulas_are_unclear() {
        assert!(scan("10.000.0000 đồng").unclear);
        assert!(scan("3000.000 đồng").unclear);
        assert!(scan("20 đồng").unclear);
        assert!(scan("150.000 đồng + (số tấn x 15.000 đồng/tấn)").unclear);
    }
}
