//! Reading a page in a test: its words as a person reads them, what stands between two marks.

/// What stands between two marks of a page.
pub fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from:?} in {text}")) + from.len();
    let end = text[start..].find(to).unwrap_or_else(|| panic!("no {to:?} after {from:?}"));
    &text[start..start + end]
}

/// What a person reads on a page: the words of `main`, a line for each element, without what differs between runs.
pub fn words(page: &str) -> String {
    let main = between(page, "<main", "</main>");
    let main = &main[main.find('>').map_or(0, |at| at + 1)..];
    let (mut out, mut tag) = (String::new(), false);
    for c in main.chars() {
        match c {
            '<' => {
                tag = true;
                out.push('\n');
            }
            '>' => tag = false,
            c if !tag => out.push(c),
            _ => {}
        }
    }
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n").replace("&#x2f;", "/").replace("&amp;", "&")
}
