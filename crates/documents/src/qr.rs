//! QR codes as SVG: small enough to stand inside a page, and scaled by whoever shows them.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code that readers need to find it (ISO/IEC 18004, 9.1).
const QUIET: usize = 4;

/// The text does not fit a QR code (about 2,300 bytes at this error correction).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not make a QR code of {bytes} bytes: shorten the text to at most 2,000 bytes")]
pub struct TooLong {
    /// Length of the text that was refused.
    pub bytes: usize,
}

/// A QR code of `text` at error correction level M, as one `<svg>` element without an XML header.
///
/// It carries no width or height, only a `viewBox`; `label` is what a screen reader says.
pub fn svg(text: &str, label: &str) -> Result<String, TooLong> {
    let too_long = TooLong { bytes: text.len() };
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| too_long)?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let path = path_of(&code.to_colors(), width);
    let label = escaped(label);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

/// Dark modules joined into runs, row by row.
fn path_of(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|m| **m == Color::Dark).count();
            if run > 0 {
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    path
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_every_dark_module_once() {
        let code = QrCode::with_error_correction_level("https://danang.example/verify/1", EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|m| **m == Color::Dark).count();
        let svg = svg("https://danang.example/verify/1", "Mã QR").unwrap();
        let path = svg.split("d=\"").nth(2).unwrap().split('"').next().unwrap();
        let drawn: usize =
            path.split('M').skip(1).map(|run| run.split(['h', 'v']).nth(1).unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        assert!(svg.len() < 12_000);
    }

    #[test]
    fn refuses_what_does_not_fit_and_escapes_the_label() {
        assert!(svg(&"x".repeat(4000), "dài").unwrap_err().to_string().contains("4000 bytes"));
        assert!(svg("a", "\"><script>").unwrap().contains("&quot;>&lt;script>"));
    }
}
