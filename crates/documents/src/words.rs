//! Numbers read out in Vietnamese, as papers about money must carry them.

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// An amount of money in words: `1_250_000` → "Một triệu hai trăm năm mươi nghìn đồng".
///
/// Số tiền bằng chữ.
pub fn dong(amount: i64) -> String {
    let read = format!("{} đồng", number(amount));
    capitalised(&read)
}

/// A whole number in words, lower case.
fn number(value: i64) -> String {
    if value == 0 {
        return DIGITS[0].to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let magnitude = value.unsigned_abs();
    if value < 0 {
        words.push("âm".to_owned());
    }
    // Groups of nine digits: "tỷ" repeats for each.
    let mut billions = Vec::new();
    let mut rest = magnitude;
    while rest > 0 {
        billions.push((rest % 1_000_000_000) as u32);
        rest /= 1_000_000_000;
    }
    let highest = billions.len() - 1;
    for (power, group) in billions.iter().enumerate().rev() {
        if *group > 0 {
            words.extend(below_billion(*group, power < highest));
            words.extend(std::iter::repeat_n("tỷ".to_owned(), power));
        }
    }
    words.join(" ")
}

/// `full`: higher digits stand before, so that empty hundreds are read ("không trăm linh năm").
fn below_billion(group: u32, mut full: bool) -> Vec<String> {
    let mut words = Vec::new();
    for (triple, name) in [(group / 1_000_000, "triệu"), (group / 1000 % 1000, "nghìn"), (group % 1000, "")] {
        if triple > 0 {
            words.extend(below_thousand(triple, full));
            if !name.is_empty() {
                words.push(name.to_owned());
            }
            full = true;
        }
    }
    words
}

fn below_thousand(triple: u32, full: bool) -> Vec<String> {
    let (hundreds, tens, ones) = (triple / 100, triple / 10 % 10, triple % 10);
    let digit = |d: u32| DIGITS[d as usize].to_owned();
    let mut words = Vec::new();
    if hundreds > 0 || full {
        words.push(digit(hundreds));
        words.push("trăm".to_owned());
    }
    match tens {
        0 if ones > 0 && !words.is_empty() => words.push("linh".to_owned()),
        0 => {}
        1 => words.push("mười".to_owned()),
        _ => words.extend([digit(tens), "mươi".to_owned()]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt".to_owned()),
        (1.., 5) => words.push("lăm".to_owned()),
        _ => words.push(digit(ones)),
    }
    words
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_money_as_a_cashier_does() {
        for (amount, words) in [
            (0, "Không đồng"),
            (5, "Năm đồng"),
            (15, "Mười lăm đồng"),
            (21, "Hai mươi mốt đồng"),
            (105, "Một trăm linh năm đồng"),
            (8_000, "Tám nghìn đồng"),
            (10_005, "Mười nghìn không trăm linh năm đồng"),
            (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
            (2_000_000_000, "Hai tỷ đồng"),
            (1_000_000_015, "Một tỷ không trăm mười lăm đồng"),
            (3_000_000_000_000_000_000, "Ba tỷ tỷ đồng"),
            (-4_000, "Âm bốn nghìn đồng"),
        ] {
            assert_eq!(dong(amount), words);
        }
        assert!(!dong(i64::MIN).is_empty());
    }
}
