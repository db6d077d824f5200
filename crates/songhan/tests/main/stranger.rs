//! The stranger's walk: someone who has never seen the code adds a fifth procedure to Da Nang by copying a document, and
//! makes another city with two agencies. They edit text files and type `songhan`; nothing here is programmed.

use std::path::Path;

use serde_json::json;

use crate::backup::handle;
use crate::check::{check, copy_folder, danang};
use crate::people::{Resident, bank_notice, text};
use crate::site::{Engine, Site, program};
use crate::web::{Ask, Web};

/// What someone does in an editor: one text for another, which must be there.
fn edit(file: &Path, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for (from, to) in changes {
        assert!(text.contains(from), "{} does not say {from:?}", file.display());
        text = text.replace(from, to);
    }
    std::fs::write(file, text).expect("the file is saved");
}

async fn passes(city: &Path) {
    let output = check(city).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A resident finds the procedure, applies and pays; the unit handles it, its leader signs, anyone verifies.
async fn goes_from_search_to_signed_result(site: &Site, words: &str, code: &str, unit: &str, fee: Option<i64>) {
    let serving = site.serve().await;
    let web = Web::at(&serving.url);
    let found = web.get_json(&format!("/api/v1/procedures?q={words}"), None).await.expect(200).json();
    assert_eq!(found["items"][0]["code"], code, "{found}");
    let home = web.get(&format!("/procedures?q={words}"), None).await.expect(200).text();
    let name = text(&found["items"][0]["name"]);
    assert!(home.contains(&format!("/procedures/{name}")), "the page of the search leads to it");
    web.get(&format!("/procedures/{name}"), None).await.expect(200);

    let resident = Resident::register_in(&web, 8, None).await;
    let body = json!({ "procedure": code, "unit": unit, "answers": resident.general_answers() });
    let ask = Ask::post("/api/v1/dossiers", &body).token(&resident.token).key("one");
    let receipt = web.once(&ask).await.expect("an answer").expect(201).json();
    let charge = &receipt["charge"];
    assert_eq!(charge["amount"].as_i64(), fee, "{receipt}");
    if let Some(fee) = fee {
        let notice = bank_notice("FT1", fee, &text(&charge["reference"]));
        let taken = web.once(&notice).await.expect("an answer").expect(200).json();
        assert_eq!(taken["outcome"], "paid", "{taken}");
    }
    let dossier = text(&receipt["code"]);
    let verify = handle(site, &web, &dossier, unit).await;
    assert_eq!(web.get_json(&verify, None).await.expect(200).json()["valid"], true);
    let pdf = web.get(&format!("/dossiers/{dossier}/result.pdf"), Some(&resident.token)).await.expect(200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    let tracked = web.get_json(&format!("/track/{dossier}"), None).await.expect(200).json();
    assert_eq!(tracked["status"], 9, "{tracked}");
    assert_eq!(site.errors(), Vec::<String>::new());
    serving.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fifth_procedure_is_a_document() {
    let mut site = Site::new(Engine::Sqlite).await.expect("SQLite is always there");
    let city = site.path("danang");
    copy_folder(&danang(), &city);
    let (from, to) = ("procedures/ban-sao-trich-luc-ho-tich", "procedures/xac-nhan-tinh-trang-hon-nhan");
    for end in ["md", "en.md"] {
        std::fs::copy(city.join(format!("{from}.{end}")), city.join(format!("{to}.{end}"))).expect("a copy");
    }
    // The copy is told what to change: its code is still that of the original.
    let report = check(&city).await;
    let told = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(report.status.code() == Some(1) && told.contains("the code `2.000635` is used twice"), "{told}");
    edit(
        &city.join(format!("{to}.md")),
        &[
            ("code = \"2.000635\"", "code = \"1.004873\""),
            ("form = \"civil-status-copy\"\n", ""),
            ("deadline = { amount = 1, unit = \"days\" }", "deadline = { amount = 3, unit = \"days\" }"),
            ("amount = 8000", "amount = 15000"),
            ("per = \"copy\"\nquantity = \"copies\"", "per = \"dossier\""),
            ("template = \"certified-copy\"", "template = \"decision\""),
            ("# Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh", "# Cấp Giấy xác nhận tình trạng hôn nhân"),
            ("keywords = [", "keywords = [\"độc thân\", "),
        ],
    );
    passes(&city).await;
    site.city = Some(city);
    // Typed without marks, as on a telephone.
    goes_from_search_to_signed_result(
        &site,
        "xac%20nhan%20tinh%20trang%20hon%20nhan",
        "1.004873",
        "ubnd-an-hai",
        Some(15_000),
    )
    .await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_city_is_a_folder() {
    let mut site = Site::new(Engine::Sqlite).await.expect("SQLite is always there");
    let city = site.path("hue");
    let made = program().arg("new-city").arg(&city).output().await.expect("the program runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    passes(&city).await;
    edit(
        &city.join("city.toml"),
        &[
            ("{ vi = \"Thành phố Mẫu\", en = \"Sample City\" }", "{ vi = \"Thành phố Huế\", en = \"Hue City\" }"),
            ("{ vi = \"Mẫu\", en = \"Sample\" }", "{ vi = \"Huế\", en = \"Hue\" }"),
            ("code = \"mau\"", "code = \"hue\""),
        ],
    );
    edit(
        &city.join("agencies.toml"),
        &[
            (
                "phường Trung Tâm\", en = \"People's Committee of Trung Tam Ward\"",
                "phường Thuận Hóa\", en = \"People's Committee of Thuan Hoa Ward\"",
            ),
            ("code = \"ubnd-trung-tam\"", "code = \"ubnd-thuan-hoa\""),
        ],
    );
    edit(&city.join("procedures/huong-dan-mau.md"), &[("ubnd-trung-tam", "ubnd-thuan-hoa")]);
    // And a second procedure, from the sample.
    let (sample, own) = (city.join("procedures/xac-nhan-mau.md"), city.join("procedures/xac-nhan-cho-o.md"));
    std::fs::copy(&sample, &own).expect("a copy");
    edit(
        &own,
        &[
            ("code = \"9.000001\"", "code = \"9.000003\""),
            ("# Cấp giấy xác nhận (thủ tục mẫu)", "# Xác nhận chỗ ở hợp pháp"),
            ("amount = 5000 ", "amount = 7000 "),
        ],
    );
    passes(&city).await;
    site.city = Some(city);
    goes_from_search_to_signed_result(&site, "cho%20o%20hop%20phap", "9.000003", "ubnd-thuan-hoa", Some(7_000)).await;
    let serving = site.serve().await;
    let home = Web::at(&serving.url).get("/", None).await.expect(200).text();
    assert!(home.contains("Thành phố Huế") && !home.contains("Đà Nẵng"), "the home page is the other city's");
    serving.kill().await;
    site.close().await;
}
