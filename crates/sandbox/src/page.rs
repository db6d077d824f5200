//! The pages' frame: plain HTML, one style sheet, no script, and on each page the words that no money moves.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

/// A whole page. `title` and `body` are HTML: what comes from outside goes through [`text`] first.
pub fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body>\
         <header class=\"ribbon\"><strong>Mô phỏng – không có tiền thật</strong> \
         <span lang=\"en\">Simulation – no real money</span></header><main>{body}</main></body></html>"
    ))
}

/// A page that says what is wrong.
pub fn refusal(vi: &str, en: &str) -> Html<String> {
    page(
        "Không thực hiện được / Not possible",
        &format!(
            "<h1 class=\"bad\">Không thực hiện được <span lang=\"en\">Not possible</span></h1>\
             <p>{}<span lang=\"en\">{}</span></p><p><a href=\"/bank\">Ứng dụng ngân hàng / Bank app</a></p>",
            text(vi),
            text(en)
        ),
    )
}

/// What was decided once is not decided again; the way back to the merchant.
pub fn already(return_url: &str) -> Html<String> {
    page(
        "Đã xử lý / Already processed",
        &format!(
            "<h1>Giao dịch đã được xử lý <span lang=\"en\">This order was processed already</span></h1>\
             <p><a class=\"button\" href=\"{}\">Quay lại / Back</a></p>",
            text(return_url)
        ),
    )
}

/// Text as HTML.
pub fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Rows of a definition list: label (HTML) and value (any text).
pub fn rows(rows: &[(&str, String)]) -> String {
    let rows = rows.iter().map(|(label, value)| format!("<div><dt>{label}</dt><dd>{}</dd></div>", text(value)));
    format!("<dl>{}</dl>", rows.collect::<String>())
}

/// `1.234.567 đ`.
pub fn money(amount: i64) -> String {
    songhan_base::Money(amount).to_string()
}

pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// No script anywhere, and nothing from elsewhere. (Forms may lead back to the city, whose address is its own matter.)
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

const STYLE: &str = "
*{box-sizing:border-box;margin:0}
body{font:1.0625rem/1.55 system-ui,'Be Vietnam Pro',sans-serif;color:#1b2430;background:#eef1f6;min-height:100vh}
.ribbon{background:repeating-linear-gradient(135deg,#ffe08a 0 1rem,#ffd257 1rem 2rem);color:#3d2c00;padding:.75rem 1rem;text-align:center}
.ribbon span::before{content:'· '}
main{max-width:32rem;margin:1.5rem auto;padding:1.75rem;background:#fff;border-radius:1rem;box-shadow:0 1px 2px #0002,0 12px 32px -16px #0004}
main>*+*{margin-top:1rem}
h1{font-size:1.5rem;line-height:1.25}
main span[lang=en]{display:block;color:#5a6675;font-size:.9375rem;font-weight:400}
.amount{font-size:2.25rem;font-weight:700;font-variant-numeric:tabular-nums;line-height:1.2}
.good{color:#0a6b3d}.bad{color:#a3261c}
dl div{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;border-bottom:1px solid #e2e7ee}
dt{color:#5a6675}dd{text-align:right;font-weight:600;overflow-wrap:anywhere}
form{display:grid;gap:.75rem}
label{font-weight:600}
input,textarea{font:inherit;width:100%;padding:.65rem .75rem;border:1px solid #8592a3;border-radius:.5rem;margin-top:.25rem;background:#fff;color:inherit}
.button,button{display:block;width:100%;font:inherit;font-weight:650;text-align:center;text-decoration:none;padding:.85rem 1rem;border:0;border-radius:.6rem;background:#12467b;color:#fff;cursor:pointer}
.plain{background:#e6ebf2;color:#1b2430}
button:hover,.button:hover{filter:brightness(1.1)}
:focus-visible{outline:3px solid #f0a500;outline-offset:2px}
details{border:1px solid #d6dde6;border-radius:.6rem;padding:.75rem 1rem}
details>*+*{margin-top:.75rem}
summary{cursor:pointer;font-weight:600}
@media (max-width:34rem){main{margin:0;border-radius:0;box-shadow:none;min-height:100vh}}
";
