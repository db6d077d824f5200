//! Markdown to HTML for guidance that civil servants write: tables yes, raw HTML no.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html as render};

/// HTML of a Markdown text. Raw HTML is shown as text; links lead only to web pages, mail and telephones.
/// A first-level heading becomes a second-level one: the page itself has the first.
pub fn html(source: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(source, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !harmless(&dest_url) => {
            Event::Start(Tag::Link { link_type, dest_url: "#".into(), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) if !harmless(&dest_url) => {
            Event::Start(Tag::Image { link_type, dest_url: "".into(), title, id })
        }
        other => other,
    });
    let mut out = String::with_capacity(source.len() * 3 / 2);
    render::push_html(&mut out, events);
    out
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    if level == HeadingLevel::H1 { HeadingLevel::H2 } else { level }
}

/// A relative address, or one of the schemes that run nothing.
fn harmless(url: &str) -> bool {
    match url.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            ["http", "https", "mailto", "tel"].iter().any(|ok| scheme.eq_ignore_ascii_case(ok))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_and_scripts_are_text() {
        let html = html("# A\n\n<script>alert(1)</script>\n\nx <b>y</b> [z](JavaScript:alert(1)) [ok](/a:b?c)");
        assert!(html.starts_with("<h2>A</h2>"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.to_lowercase().contains("javascript:"));
        assert!(html.contains("href=\"/a:b?c\""), "{html}");
    }
}
