//! Địa chỉ: house numbers as people of the city write them. A kiệt is a lane off a street and is numbered like a house of
//! it, a hẻm is a lane off a kiệt: "K34/12", "12 kiệt 34", "H5 K34/12" and "34/5/12" name the way from the street inwards.

use songhan_base::fold;

use super::parlance::{Lane, Parlance, parts};

/// Numbers of a way at most: nobody lives in the lane of a lane of a lane of a lane of a lane.
const WAY_MAX: usize = 6;

/// A number on a street: the way from the street inwards, and the folded words of the street's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// "34", "5", "12A" folded: house or kiệt first, then what lies in it.
    pub way: Vec<String>,
    /// None where only the number of a lane is named.
    pub street: Vec<String>,
    /// Between commas: how many parts of the text are number and street; what stands behind them are areas.
    pub parts: usize,
}

#[derive(Default)]
struct Way {
    kiet: Vec<String>,
    hem: Vec<String>,
    inner: Vec<String>,
}

impl Address {
    /// Reads a text that begins with a number on a street; none where it does not.
    pub fn read(text: &str, parlance: &Parlance) -> Option<Self> {
        let folded = fold(text);
        let (mut way, mut used) = (Way::default(), 0);
        let mut street = Vec::new();
        // "Số 5, kiệt 12, Lê Lợi": the number may stand in several parts.
        for part in folded.split([',', ';']) {
            let words = way.take(parts(part), parlance)?;
            used += 1;
            street = words.into_iter().skip_while(|word| parlance.is_street(word)).collect();
            if !street.is_empty() || way.is_empty() {
                break;
            }
        }
        let way: Vec<String> = way.kiet.into_iter().chain(way.hem).chain(way.inner).collect();
        let is_one = (1..=WAY_MAX).contains(&way.len()) && (way.len() > 1 || !street.is_empty());
        is_one.then_some(Self { way, street, parts: used })
    }

    /// "34/5/12"
    pub fn number(&self) -> String {
        self.way.join("/")
    }
}

impl Way {
    const fn is_empty(&self) -> bool {
        self.kiet.is_empty() && self.hem.is_empty() && self.inner.is_empty()
    }

    /// Takes the numbers at the beginning of some words, and hands back the rest; none where a lane has no number.
    fn take(&mut self, words: Vec<String>, parlance: &Parlance) -> Option<Vec<String>> {
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.peek() {
            if parlance.is_number(word) && self.inner.is_empty() {
                words.next();
            } else if let Some((lane, inline)) = parlance.lane_before(word) {
                self.lane(lane, numbers(inline, parlance)?);
                words.next();
            } else if let Some(lane) = parlance.lane(word) {
                words.next();
                // "k" may be a word of its own: only a number behind it makes it a lane.
                let next = words.next_if(|next| numbers(next, parlance).is_some())?;
                self.lane(lane, numbers(&next, parlance)?);
            } else if let Some(found) = numbers(word, parlance).filter(|_| self.inner.is_empty()) {
                words.next();
                self.inner = found;
            } else {
                break;
            }
        }
        Some(words.collect())
    }

    /// "kiệt 34/12": the first number is the lane's, the others lie in it.
    fn lane(&mut self, lane: Lane, numbers: Vec<String>) {
        let mut numbers = numbers.into_iter();
        let own = if lane == Lane::Kiet { &mut self.kiet } else { &mut self.hem };
        own.extend(numbers.next());
        self.inner.extend(numbers);
    }
}

/// "34/12a", "34/h5/12": each begins with a digit, or with the word for a lane and then one. Of "12-14" the first counts.
fn numbers(part: &str, parlance: &Parlance) -> Option<Vec<String>> {
    let first = part.starts_with(|c: char| c.is_ascii_digit());
    let each = part.split('/').map(|one| {
        let one = parlance.lane_before(one).map_or(one, |(_, number)| number);
        let one = one.split('-').next().unwrap_or(one);
        let is_number = one.len() <= 6 && one.starts_with(|c: char| c.is_ascii_digit());
        is_number.then(|| one.to_owned())
    });
    each.collect::<Option<Vec<_>>>().filter(|_| first)
}

#[cfg(test)]
mod tests {
    use super::super::parlance::danang;
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (String, String) {
        let read = Address::read(text, &danang()).unwrap_or_else(|| panic!("{text} was not read"));
        (read.number(), read.street.join(" "))
    }

    #[test]
    fn a_lane_is_read_in_every_way_it_is_written() {
        let street = "nguyen van linh";
        for text in [
            "K34/12 Nguyễn Văn Linh",
            "k34/12 nguyen van linh",
            "K34 / 12 Nguyễn Văn Linh",
            "K.34/12 Nguyễn Văn Linh",
            "34/12 Nguyễn Văn Linh",
            "hẻm 34/12 Nguyễn Văn Linh",
            "kiệt 34 nhà 12 Nguyễn Văn Linh",
            "12 kiệt 34 Nguyễn Văn Linh",
            "số 12 kiệt 34 đường Nguyễn Văn Linh",
            "Số nhà 12, kiệt 34, đường Nguyễn Văn Linh, phường Hải Châu",
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
        assert_eq!(read("12-14 Lê Lợi"), ("12".into(), "le loi".into()));
        assert_eq!(read("Số nhà 118 đường Nguyễn Văn Thoại"), ("118".into(), "nguyen van thoai".into()));
        assert_eq!(read("2 Tháng 9"), ("2".into(), "thang 9".into()));
        assert_eq!(read("K12/5"), ("12/5".into(), String::new()));
        let parts = |text| Address::read(text, &danang()).unwrap().parts;
        assert_eq!((parts("12 Lê Lợi, Hải Châu"), parts("số 5, kiệt 12, Lê Lợi, Hải Châu")), (1, 3));
    }

    #[test]
    fn what_has_no_number_is_no_address() {
        for text in ["", "Nguyễn Văn Linh", "kiệt", "K Nguyễn", "12", "đường 34", "Hải Châu, 12", "kiệt 12"]
        {
            assert_eq!(Address::read(text, &danang()), None, "{text}");
        }
        assert_eq!(Address::read("K34/12 Nguyễn Văn Linh", &Parlance::default()), None, "what k is says the folder");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}") {
            let _ = Address::read(&text, &danang());
        }
    }
}
