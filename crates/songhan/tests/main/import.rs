//! `songhan import procedures`: the whole national catalogue into a city that is being served, twice.

use std::path::PathBuf;
use std::time::Duration;

use crate::site::{Engine, Site};
use crate::web::Web;

/// The published catalogue, where it stands beside the project.
fn catalogue() -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/procedures"));
    let path = path.join("national_procedures.jsonl.gz");
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: no catalogue beside the project, at ../shared/data/procedures");
    None
}

/// The last line of standard output, and standard error.
async fn import(site: &Site, path: &str) -> (String, String) {
    let output = site.run(&["import", "procedures", path]).await;
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}{errors}");
    (told.lines().last().unwrap_or_default().to_owned(), errors.into_owned())
}

async fn whole_catalogue(engine: Engine) {
    let Some(path) = catalogue() else { return };
    let path = path.to_str().expect("a path");
    let Some(site) = Site::new(engine).await else { return };
    let server = site.serve().await;
    let web = Web::at(&server.url);
    let declared = web.get("/api/v1/procedures", None).await.expect(200).json()["total"].as_u64().expect("a number");

    let (line, errors) = import(&site, path).await;
    let counts = line.strip_prefix("imported 1966 procedures: 1966 new, 0 changed, 0 refused; ").unwrap_or_default();
    let read = "deadlines read 1607 of 1645, fees read ";
    assert!(counts.starts_with(read), "{line}");
    assert!(!errors.contains("is not mapped"), "{errors}");
    let (again, _) = import(&site, path).await;
    assert_eq!(again, format!("imported 1966 procedures: 0 new, 0 changed, 0 refused; {counts}"));
    let db = site.db().await;
    let (versions, imports, events): (i64, i64, i64) = songhan_db::query(
        "SELECT (SELECT count(*) FROM procedure_versions), (SELECT count(*) FROM catalogue_imports),
             (SELECT count(*) FROM events WHERE kind = 'services.procedures_imported')",
    )
    .fetch_one(&db)
    .await
    .expect("counts");
    assert_eq!((versions, imports, events), (1_966, 1, 1), "the second time nothing is written");

    // The running server has heard of it.
    let mut total = declared;
    for _ in 0..600 {
        total = web.get("/api/v1/procedures", None).await.expect(200).json()["total"].as_u64().expect("a number");
        if total > declared {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(total > 1_900 + declared / 2, "{total} procedures, {declared} before");
    let found = web.get("/api/v1/procedures?q=ho%20tich&tier=commune", None).await.expect(200).json();
    assert!(found["total"].as_u64().is_some_and(|total| total > 10), "{found}");
    every_page(&web).await;
    db.close().await;
    server.kill().await;
    site.close().await;
}

/// Each of the imported procedures can be shown; those that the city handles have a form.
async fn every_page(web: &Web) {
    let mut page = 1;
    loop {
        let list = web.get(&format!("/api/v1/procedures?page={page}"), None).await.expect(200).json();
        for item in list["items"].as_array().expect("items").iter().step_by(10) {
            let code = item["code"].as_str().expect("a code");
            let seen = web.get(&format!("/api/v1/procedures/{code}"), None).await.expect(200).json();
            let is_local = item["tiers"].as_array().expect("tiers").iter().any(|t| t == "province" || t == "commune");
            if item["origin"] == "national" {
                assert_eq!(seen["form"].is_object(), is_local, "{code}");
                assert!(!is_local || seen["units"].as_array().is_some_and(|units| !units.is_empty()), "{code}");
            }
            web.get(&format!("/procedures/{}", item["name"].as_str().expect("a name")), None).await.expect(200);
        }
        match list["next"].as_u64() {
            Some(next) => page = next,
            None => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_catalogue_into_sqlite() {
    whole_catalogue(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_catalogue_into_postgresql() {
    whole_catalogue(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_procedure_is_refused_with_its_reason() {
    let Some(site) = Site::new(Engine::Sqlite).await else { return };
    let file = site.path("odd.jsonl");
    std::fs::write(&file, b"{}\n\nnot json\n\xff\xfe\n").expect("a file");
    let (line, errors) = import(&site, file.to_str().expect("a path")).await;
    assert_eq!(line, "imported 0 procedures: 0 new, 0 changed, 3 refused; deadlines read 0 of 0, fees read 0 of 0");
    for told in ["line 1 refused: not a record of the catalogue", "line 3 refused: ", "line 4 refused: not UTF-8"] {
        assert!(errors.contains(told), "{errors}");
    }
    let output = site.run(&["import", "procedures", "no-such-file"]).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("cannot import no-such-file"), "{told}");
    site.close().await;
}
