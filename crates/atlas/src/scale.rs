//! Tỷ lệ bản đồ: how large a map lies on paper. A browser prints a CSS pixel as 1/96 inch, so the zoom of a map and the
//! latitude of its middle say at which scale it is printed.

use std::f64::consts::{LOG2_10, PI};

/// Metres around the equator, as web maps have it.
const EQUATOR_M: f64 = 2.0 * PI * 6_378_137.0;
/// Pixels of the whole world at zoom 0, as MapLibre counts zooms.
const WORLD_PIXELS: f64 = 512.0;
/// Metres of a CSS pixel on paper.
const PIXEL_M: f64 = 0.0254 / 96.0;

/// Scales that are asked for in a list.
pub const USUAL: [u32; 10] = [500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000];

/// N of 1:N on paper.
pub fn scale(zoom: f64, latitude: f64) -> f64 {
    let ground = EQUATOR_M * latitude.to_radians().cos() / (WORLD_PIXELS * zoom.exp2());
    ground / PIXEL_M
}

/// The zoom at which a map is printed 1:N.
pub fn zoom(scale: f64, latitude: f64) -> f64 {
    (EQUATOR_M * latitude.to_radians().cos() / (WORLD_PIXELS * PIXEL_M * scale)).log2()
}

/// `1:N` as somebody asks for it: `1:5000`, `1:5.000` or `5000`.
pub fn read(text: &str) -> Option<f64> {
    let number = text.trim();
    let number = number.strip_prefix("1:").unwrap_or(number);
    let digits: String = number.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}')).collect();
    let scale: f64 = digits.parse().ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_digit()))?;
    (100.0..=50_000_000.0).contains(&scale).then_some(scale)
}

/// What is written beside the map: two digits that count, since paper and printer are no more exact.
pub fn rounded(scale: f64) -> u32 {
    let unit = 10_f64.powf((scale.log2() / LOG2_10).floor() - 1.0);
    ((scale / unit).round() * unit) as u32
}

/// Thước tỷ lệ: a round length, and how long it lies on paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub metres: f64,
    pub millimetres: f64,
}

/// The longest bar of 1, 2 or 5 times a power of ten that is at most so long on paper.
pub fn bar(scale: f64, millimetres_max: f64) -> Bar {
    let metres_max = millimetres_max / 1_000.0 * scale;
    let unit = 10_f64.powf(metres_max.log10().floor());
    let metres = [5.0, 2.0, 1.0].into_iter().map(|n| n * unit).find(|metres| *metres <= metres_max).unwrap_or(unit);
    Bar { metres, millimetres: metres / scale * 1_000.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_and_zoom_say_the_same() {
        // A pixel of zoom 0 is 78,271.517 m at the equator, 0.2645833 mm on paper.
        assert!((scale(0.0, 0.0) - 295_829_355.455).abs() < 1.0, "{}", scale(0.0, 0.0));
        assert!((scale(15.0, 16.0678) - 8_675.3).abs() < 0.1, "{}", scale(15.0, 16.0678));
        for wanted in USUAL {
            let at = zoom(f64::from(wanted), 16.0678);
            assert!((scale(at, 16.0678) / f64::from(wanted) - 1.0).abs() < 1e-12);
            assert_eq!(rounded(scale(at, 16.0678)), wanted);
        }
        assert_eq!((rounded(8_675.3), rounded(123_456.0), rounded(999.9)), (8_700, 120_000, 1_000));
    }

    #[test]
    fn scales_are_read_as_people_write_them() {
        for text in ["1:5000", "5000", "1:5.000", " 1:5,000 ", "1:5 000"] {
            assert_eq!(read(text), Some(5_000.0), "{text}");
        }
        for text in ["", "1:", "1:0", "-5000", "5e3", "1:99999999999", "five"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn bars_are_round_and_fit() {
        for (scale, metres, millimetres) in [(1_000.0, 50.0, 50.0), (5_000.0, 200.0, 40.0), (25_000.0, 1_000.0, 40.0)] {
            let bar = bar(scale, 50.0);
            assert!((bar.metres - metres).abs() < 1e-9 && (bar.millimetres - millimetres).abs() < 1e-9, "{bar:?}");
        }
        let bar = bar(8_675.3, 50.0);
        assert!((bar.metres - 200.0).abs() < 1e-9 && (bar.millimetres - 23.054).abs() < 0.001, "{bar:?}");
    }
}
