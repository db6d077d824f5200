//! Địa chỉ: house numbers as people of the city write them. A kiệt is a lane off a street and is numbered like a house of
//! it, a hẻm is a lane off a kiệt: "K34/12", "12 kiệt 34", "H5 K34/12" and "34/5/12" name the way from the street inwards.

use songhan_base::fold;

/// Words that stand before a street's name, and say nothing of which street it is.
pub const STREET: [&str; 5] = ["duong", "d", "pho", "street", "st"];
/// Words before a number.
const NUMBER: [&str; 3] = ["so", "nha", "no"];
const KIET: [&str; 4] = ["kiet", "k", "ngo", "lane"];
const HEM: [&str; 4] = ["hem", "h", "ngach", "alley"];

/// A number on a street: the way from the street inwards, and the folded words of the street's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// "34", "5", "12A" folded: house or kiệt first, then what lies in it.
    pub way: Vec<String>,
    pub street: Vec<String>,
}

/// What people shorten, written out; words are folded.
pub fn written_out(word: &str) -> &str {
    match word {
        "d" => "duong",
        "p" => "phuong",
        "q" => "quan",
        "tp" => "thanh pho",
        "tx" => "thi xa",
        "tt" => "thi tran",
        "ubnd" => "uy ban nhan dan",
        "bv" => "benh vien",
        "thpt" => "trung hoc pho thong",
        "dh" => "dai hoc",
        other => other,
    }
}

impl Address {
    /// Reads a text that begins with a number on a street; none where it does not.
    pub fn read(text: &str) -> Option<Self> {
        // What stands behind a comma are areas.
        let folded = fold(text.split([',', ';']).next()?);
        let mut parts = split(&folded).into_iter().peekable();
        let (mut kiet, mut hem, mut way) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(part) = parts.peek() {
            if NUMBER.contains(&part.as_str()) && way.is_empty() {
                parts.next();
            } else if let Some((lane, inline)) = lane(part) {
                parts.next();
                let numbers = match inline {
                    Some(numbers) => numbers,
                    // "k" may be a word of its own: only a number behind it makes it a lane.
                    None => numbers(&parts.next_if(|next| numbers(next).is_some())?)?,
                };
                match (lane, numbers.split_first()) {
                    (Lane::Kiet, Some((first, rest))) => {
                        kiet.push(first.clone());
                        way.extend(rest.iter().cloned());
                    }
                    (Lane::Hem, Some((first, rest))) => {
                        hem.push(first.clone());
                        way.extend(rest.iter().cloned());
                    }
                    (_, None) => return None,
                }
            } else if let Some(found) = numbers(part).filter(|_| way.is_empty()) {
                parts.next();
                way = found;
            } else {
                break;
            }
        }
        let street: Vec<String> = parts.skip_while(|part| STREET.contains(&part.as_str())).collect();
        let way: Vec<String> = kiet.into_iter().chain(hem).chain(way).collect();
        (!way.is_empty() && way.len() <= 6 && !street.is_empty()).then_some(Self { way, street })
    }
}

#[derive(Clone, Copy)]
enum Lane {
    Kiet,
    Hem,
}

/// Words and numbers with their slashes: "k34/h5/12", "nguyen".
fn split(folded: &str) -> Vec<String> {
    let parts = folded.split(|c: char| !c.is_alphanumeric() && c != '/');
    parts.map(|part| part.trim_matches('/').to_owned()).filter(|part| !part.is_empty()).collect()
}

/// "34/12a": each begins with a digit.
fn numbers(part: &str) -> Option<Vec<String>> {
    let each: Vec<String> = part.split('/').map(str::to_owned).collect();
    let is_number = |one: &String| one.len() <= 6 && one.starts_with(|c: char| c.is_ascii_digit());
    each.iter().all(is_number).then_some(each)
}

/// A word for a lane, with its numbers where they follow at once: "k34/12", "k34/h5/12".
fn lane(part: &str) -> Option<(Lane, Option<Vec<String>>)> {
    let named = |names: [&str; 4]| names.contains(&part);
    if named(KIET) {
        return Some((Lane::Kiet, None));
    }
    if named(HEM) {
        return Some((Lane::Hem, None));
    }
    let (lane, rest) = match part.strip_prefix('k') {
        Some(rest) => (Lane::Kiet, rest),
        None => (Lane::Hem, part.strip_prefix('h')?),
    };
    // A hẻm inside its kiệt: "k34/h5/12" is the way 34, 5, 12.
    let inner: String = rest.split('/').map(|one| one.strip_prefix('h').unwrap_or(one)).collect::<Vec<_>>().join("/");
    numbers(&inner).map(|numbers| (lane, Some(numbers)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (String, String) {
        let read = Address::read(text).unwrap_or_else(|| panic!("{text} was not read"));
        (read.way.join("/"), read.street.join(" "))
    }

    #[test]
    fn a_lane_is_read_in_every_way_it_is_written() {
        let street = "nguyen van linh";
        for text in [
            "K34/12 Nguyễn Văn Linh",
            "k34/12 nguyen van linh",
            "34/12 Nguyễn Văn Linh",
            "12 kiệt 34 Nguyễn Văn Linh",
            "số 12 kiệt 34 đường Nguyễn Văn Linh",
            "kiệt 34 số 12 Nguyễn Văn Linh",
            "Kiệt 34/12 Nguyễn Văn Linh, phường Hải Châu",
            "12 kiệt 34 Đ. Nguyễn Văn Linh",
        ] {
            assert_eq!(read(text), ("34/12".into(), street.into()), "{text}");
        }
        for text in [
            "H5 K34/12 Nguyễn Văn Linh",
            "K34/H5/12 Nguyễn Văn Linh",
            "12 hẻm 5 kiệt 34 Nguyễn Văn Linh",
            "34/5/12 Nguyễn Văn Linh",
        ] {
            assert_eq!(read(text), ("34/5/12".into(), street.into()), "{text}");
        }
        assert_eq!(read("27A Lê Lợi"), ("27a".into(), "le loi".into()));
        assert_eq!(read("Số nhà 118 đường Nguyễn Văn Thoại"), ("118".into(), "nguyen van thoai".into()));
        assert_eq!(read("2 Tháng 9"), ("2".into(), "thang 9".into()));
    }

    #[test]
    fn what_has_no_number_is_no_address() {
        for text in ["", "Nguyễn Văn Linh", "kiệt", "K Nguyễn", "12", "đường 34", "Hải Châu, 12"] {
            assert_eq!(Address::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}") {
            let _ = Address::read(&text);
        }
    }
}
