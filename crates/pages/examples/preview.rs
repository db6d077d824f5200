//! Renders pages to files without a server, to look at them: the gallery, an error page, and any template with data.
//!
//! `cargo run -p songhan-pages --example preview -- OUT [TEXTS.vi.ftl TEXTS.en.ftl TEMPLATE.html DATA.json …]`
//! A data file holds `{ "page": { … part of the frame … }, … }`. Serve OUT with any file
//! server, with `static` in it linked to `ui/dist`.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};
use songhan_base::Lang;
use songhan_pages::{Frame, NavItem, Renderer, Texts, User};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("name a folder for the pages")?;
    let rest: Vec<String> = args.collect();
    std::fs::create_dir_all(&out)?;
    let is = |path: &str, extension: &str| Path::new(path).extension().is_some_and(|e| e == extension);
    let read = |path: &String| std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"));
    let sources: Vec<(String, String)> = rest
        .iter()
        .filter(|p| is(p, "ftl"))
        .map(|p| Ok((if p.ends_with("en.ftl") { "en" } else { "vi" }.to_owned(), read(p)?)))
        .collect::<Result<_, String>>()?;
    let texts = Texts::new(sources.iter().map(|(lang, text)| (lang.as_str(), text.as_str())))?;
    for missing in texts.check() {
        eprintln!("{missing}");
    }
    let named: Vec<(String, String)> = rest
        .iter()
        .filter(|p| is(p, "html"))
        .map(|p| {
            Ok((Path::new(p).file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()), read(p)?))
        })
        .collect::<Result<_, String>>()?;
    let templates: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let zone = jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh")?;
    let renderer = Renderer::builder(texts, zone).templates(&templates).build()?;
    for lang in Lang::ALL {
        let write = |name: &str, page: String| std::fs::write(format!("{out}/{name}.{lang}.html"), page);
        write("design", renderer.page("design.html", &frame(lang, "Hệ thống thiết kế"), json!({}))?)?;
        write("error", renderer.error(&frame(lang, ""), 404, None))?;
        for pair in rest.iter().filter(|p| !is(p, "ftl")).collect::<Vec<_>>().chunks(2) {
            let [template, data] = pair else { return Err("each template needs a data file after it".into()) };
            let name = Path::new(template).file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            let data: Value = serde_json::from_str(&read(data)?)?;
            let mut frame = frame(lang, data["page"]["title"].as_str().unwrap_or_default());
            frame.office = data["page"]["office"] == true;
            if data["page"]["anonymous"] == true {
                frame.user = None;
            }
            write(name.trim_end_matches(".html"), renderer.page(&name, &frame, data)?)?;
        }
    }
    Ok(())
}

fn frame(lang: Lang, title: &str) -> Frame {
    let item = |label: &str, current| NavItem { href: "#".into(), label: label.into(), current, icon: "folder".into() };
    Frame {
        lang,
        path: "/design".into(),
        title: title.into(),
        city: if lang == Lang::Vi { "Thành phố Đà Nẵng" } else { "Da Nang City" }.into(),
        hotline: "0236 1022".into(),
        demo: true,
        unread: 3,
        csrf: "token".into(),
        user: Some(User {
            name: "Nguyễn Thị Minh Châu".into(),
            roles: vec!["Cán bộ tiếp nhận, UBND phường Hải Châu".into()],
        }),
        nav: vec![item("Thủ tục", true), item("Tra cứu", false), item("Hồ sơ của tôi", false)],
        account_nav: vec![item("Hồ sơ của tôi", false)],
        footer_nav: vec![item("Thủ tục hành chính", false), item("API cho lập trình viên", false)],
        request_id: "0193-5c1e".into(),
        ..Frame::default()
    }
}
