//! One number of a text as money: its groups, its "triệu", its currency.

use crate::Currency;

/// A number that is money.
pub struct Found {
    /// `None`: badly written.
    pub value: Option<i64>,
    pub currency: Currency,
    /// The unit, where it stands before the currency.
    pub per: Option<String>,
    /// With "triệu", "tỷ", ….
    pub multiplied: bool,
    pub end: usize,
}

/// The number at `at` as money, if it is money.
pub fn money(text: &str, at: usize, number: &str) -> Option<Found> {
    if text[..at].ends_with(['/', '.', ',']) || text[..at].ends_with("số ") {
        return None;
    }
    let rest = &text[at + number.len()..];
    let (factor, after) = multiplier(rest);
    if let Some((currency, after)) = currency(after) {
        let value = value(number, factor, currency);
        return Some(Found { value, currency, per: None, multiplied: factor > 1, end: text.len() - after.len() });
    }
    // `15000000/lần Đồng`: the unit before the currency.
    if let Some((unit, after)) = rest.strip_prefix('/').and_then(|rest| rest.split_once(" đồng"))
        && unit.chars().all(char::is_alphabetic)
        && !after.starts_with(char::is_alphabetic)
    {
        let value = value(number, 1, Currency::Dong);
        let per = Some(unit.to_owned());
        return Some(Found { value, currency: Currency::Dong, per, multiplied: false, end: text.len() - after.len() });
    }
    // `160.000/hộ chiếu`, `1.600.000`: no currency, but written as money is.
    let groups = number.matches('.').count();
    let per_unit = rest.strip_prefix('/').is_some_and(|rest| rest.trim_start().starts_with(char::is_alphabetic));
    let value = value(number, 1, Currency::Dong)?;
    (groups > 1 || (groups == 1 && per_unit)).then_some(Found {
        value: Some(value),
        currency: Currency::Dong,
        per: None,
        multiplied: false,
        end: at + number.len(),
    })
}

fn multiplier(rest: &str) -> (i64, &str) {
    let after = rest.trim_start_matches(' ');
    [("nghìn", 1_000), ("ngàn", 1_000), ("triệu", 1_000_000), ("tỷ", 1_000_000_000), ("tỉ", 1_000_000_000)]
        .into_iter()
        .find_map(|(word, factor)| Some((factor, after.strip_prefix(word)?)))
        .unwrap_or((1, rest))
}

fn currency(rest: &str) -> Option<(Currency, &str)> {
    let rest = rest.trim_start_matches(' ');
    [
        ("việt nam đồng", Currency::Dong),
        ("đồng", Currency::Dong),
        ("vnđ", Currency::Dong),
        ("vnd", Currency::Dong),
        ("đ", Currency::Dong),
        ("usd", Currency::UsDollar),
    ]
    .into_iter()
    .find_map(|(word, currency)| Some((currency, rest.strip_prefix(word)?)))
    .filter(|(_, after)| !after.starts_with(char::is_alphabetic))
}

/// The value of a printed number; `None` where its groups are not groups of three, or where nobody charges so little.
pub fn value(number: &str, factor: i64, currency: Currency) -> Option<i64> {
    let mark = if number.contains(',') { ',' } else { '.' };
    if number.contains(',') && number.contains('.') {
        return None;
    }
    let parts: Vec<&str> = number.split(mark).collect();
    let (first, groups) = parts.split_first()?;
    if factor > 1 && groups.len() == 1 && groups[0].len() < 3 {
        let places = 10_i64.checked_pow(u32::try_from(groups[0].len()).ok()?)?;
        return format!("{first}{}", groups[0]).parse::<i64>().ok()?.checked_mul(factor / places);
    }
    let grouped = groups.is_empty() || (first.len() <= 3 && groups.iter().all(|group| group.len() == 3));
    let value = parts.concat().parse::<i64>().ok().filter(|_| grouped)?.checked_mul(factor)?;
    (currency == Currency::UsDollar || value == 0 || value >= 1_000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three() {
        let dong = |number| value(number, 1, Currency::Dong);
        assert_eq!((dong("1.234.567"), dong("80,000"), dong("400000")), (Some(1_234_567), Some(80_000), Some(400_000)));
        assert_eq!((dong("10.000.0000"), dong("3000.000"), dong("1.000,5"), dong("25")), (None, None, None, None));
        assert_eq!(value("2,1", 1_000_000_000, Currency::Dong), Some(2_100_000_000));
        assert_eq!(value("10", 1, Currency::UsDollar), Some(10));
        assert_eq!(dong("99999999999999999999"), None);
    }
}
