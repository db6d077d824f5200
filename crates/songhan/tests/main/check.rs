//! `songhan check`: a folder full of mistakes is explained line by line, a good one passes.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::site::program;

/// The city in the source tree.
pub fn danang() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../city/danang")
}

/// A folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("a file");
        }
    }
}

pub async fn check(city: &Path) -> Output {
    program().arg("check").arg("--city").arg(city).output().await.expect("the program runs")
}

/// A slip in an existing file: what stood there, what stands there now, and what is said of it.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("agencies/communes.toml", "area = \"20194\"", "area = \"99999\"", "the area `99999` is no present area"),
    (
        "areas.csv",
        "Hai Chau District,urban-district,48",
        "Hai Chau District,urban-district,777",
        "the parent 777 is no area",
    ),
    ("calendars/2026.toml", "until = 2026-02-20", "until = 2026-02-10", "`until` lies before `from`"),
    ("city.toml", "Asia/Ho_Chi_Minh", "Asia/Da_Nang", "the time zone `Asia/Da_Nang` is not known"),
    ("fields.toml", "id = \"residence\"", "id = \"civil-status\"", "the field `civil-status` stands twice"),
    ("forms/birth-registration.toml", "widget = \"date\"", "widget = \"dates\"", "did you mean `date`?"),
    (
        "forms/civil-status-copy.toml",
        "when = { question = \"subject\"",
        "when = { question = \"subjekt\"",
        "did you mean `subject`?",
    ),
    ("procedures/ban-sao-trich-luc-ho-tich.md", "level = 4", "level = 7", "there is no level 7; write 1, 2, 3 or 4"),
    ("post.toml", "\"3.000467\"", "\"3.000468\"", "there is no procedure `3.000468`"),
    ("post.toml", "days = 2", "days = 0", "0 is no number of days; write 1 to 60"),
    (
        "procedures/chat-ha-dich-chuyen-cay-xanh.md",
        "\"so-xay-dung\"",
        "\"so-xay-dungg\"",
        "did you mean `so-xay-dung`?",
    ),
    (
        "procedures/chat-ha-dich-chuyen-cay-xanh.md",
        "\"tree-permit\"",
        "\"tree-permits\"",
        "did you mean `tree-permit`?",
    ),
    ("procedures/chung-thuc-chu-ky.md", "field = ", "feild = ", "unknown key `feild`; did you mean `field`?"),
    ("procedures/dang-ky-khai-sinh.md", "\"civil-status\"", "\"civil-statu\"", "did you mean `civil-status`?"),
    ("procedures/chung-thuc-chu-ky.en.md", "# ", "# Chu\u{31b}\u{301}ng thu\u{31b}\u{323}c ", "not Unicode NFC"),
    ("retention.toml", "fields = [\"certification\"]", "fields = [\"certificatio\"]", "did you mean `certification`?"),
    (
        "workflows/one-stop.toml",
        "to = \"accepted\"",
        "to = \"acceptid\"",
        "there is no state `acceptid`; did you mean `accepted`?",
    ),
    ("working-time.toml", "saturday = []", "saturday = [\"12:00-08:00\"]", "expected a window such as \"07:30-11:30\""),
];

/// A new procedure with a mistake, where it is, and what is said of it.
const NEW: &[(&str, &str, usize, &str)] = &[
    (
        "khong-ten",
        "+++\ncode = \"9.1\"\nlevel = 1\nfield = \"certification\"\nagency = \"commune\"\n+++\n\nKhông có tên.\n",
        7,
        "the document has no title",
    ),
    (
        "trung-ma",
        "+++\ncode = \"1.002693\"\nlevel = 1\nfield = \"certification\"\nagency = \"commune\"\n+++\n\n# Trùng mã\n",
        2,
        "is used twice",
    ),
    (
        "la",
        "+++\ncode = \"9.2\"\nlevel = 4\nfield = \"certification\"\nagency = \"commune\"\nworkflow = \"two-stop\"\n+++\n\n# Lạ\n",
        6,
        "the workflow `two-stop` is not known",
    ),
    (
        "bac",
        "+++\ncode = \"9.3\"\nlevel = 1\nfield = \"certification\"\nagency = \"commune\"\n\n[[fees]]\nid = \"page\"\nname = \"Phí\"\n\
         amount = 2000\nper = \"page\"\ntiers = [{ from = 3, amount = 1000 }]\n+++\n\n# Bậc\n",
        8,
        "goes by steps of nothing",
    ),
];

#[tokio::test]
async fn every_mistake_is_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = folder.path().join("city");
    copy_folder(&danang(), &city);
    let mut expected = Vec::new();
    for (file, stood, stands, said) in SLIPS {
        let text = std::fs::read_to_string(city.join(file)).expect(file);
        let at = text.find(stood).unwrap_or_else(|| panic!("{file} has no {stood}"));
        let line = text[..at].matches('\n').count() + 1;
        std::fs::write(city.join(file), text.replacen(stood, stands, 1)).expect(file);
        expected.push((format!("{file}:{line}: "), *said));
    }
    for (name, text, line, said) in NEW {
        std::fs::write(city.join(format!("procedures/{name}.md")), text).expect(name);
        expected.push((format!("procedures/{name}.md:{line}: "), *said));
    }
    let output = check(&city).await;
    let report = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{report}");
    for (place, said) in &expected {
        let told = report.lines().any(|line| line.starts_with(place.as_str()) && line.contains(said));
        assert!(told, "nothing says {said:?} of {place}\n{report}");
    }
    for line in report.lines() {
        let parts: Vec<&str> = line.splitn(3, ':').collect();
        let known = city.join(parts[0]).is_file() && parts[1].parse::<usize>().is_ok_and(|line| line > 0);
        assert!(known && parts[2].contains("; "), "no file, line, message and remedy: {line}");
    }
    let mut serve = program();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--city"]).arg(&city).arg("--data").arg(folder.path().join("data"));
    let refused = serve.output().await.expect("the program runs");
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && told.contains(&expected[0].0), "a city with mistakes is not served: {told}");
}

#[tokio::test]
async fn a_city_that_takes_fees_has_receipts_to_give() {
    let folder = tempfile::tempdir().expect("a folder");
    let city = folder.path().join("city");
    let made = program().arg("new-city").arg(&city).output().await.expect("the program runs");
    assert!(made.status.success() && check(&city).await.status.success());
    std::fs::remove_file(city.join("payment-receipts.toml")).expect("a new city numbers its receipts");
    let output = check(&city).await;
    let report = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.starts_with("procedures/xac-nhan-mau.md:12: a fee is taken"), "{report}");
}

#[tokio::test]
async fn a_good_city_passes() {
    for output in [check(&danang()).await, program().arg("check").output().await.expect("the program runs")] {
        let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{told}{errors}");
        assert!(told.contains("Thành phố Đà Nẵng"), "{told}");
    }
    let missing = check(Path::new("no-such-folder")).await;
    let told = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(!missing.status.success() && told.contains("no-such-folder"), "{told}");
}
