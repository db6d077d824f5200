//! QR codes as inline SVG: sharp on screen and on paper, no image request, no script.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Width of the quiet zone that scanners need, in modules.
const QUIET: usize = 4;

/// An `<svg>` of `text` as a QR code, or nothing when the text is longer than a code can hold.
/// `label` is read to those who do not see it.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let label = minijinja::HtmlEscape(label);
    let mut out = format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\""
    );
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            // One stroke for each run of dark modules keeps the path short.
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                let _ = write!(out, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    out.push_str("\"/></svg>");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_and_refuses() {
        let svg = svg("https://example.vn/verify/1", "Mã <QR>").unwrap();
        assert!(svg.contains("viewBox=\"0 0 37 37\"") && svg.contains("Mã &lt;QR&gt;"), "{svg}");
        assert!(super::svg(&"x".repeat(5000), "").is_none());
    }
}
