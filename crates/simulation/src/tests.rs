//! What is simulated is a city like any other: cases in states of their workflow, found, counted, labelled.

use songhan_app::Module;
use songhan_cases::{Filter, National};
use songhan_db::query;
use songhan_search::records::{self, Scope};
use songhan_testkit::{TestCity, for_each_database};

use crate::{Dossiers, LABEL, Residents, simulate_dossiers, simulate_residents};

fn modules() -> Vec<Module> {
    [songhan_services::modules(), vec![songhan_supervision::module()]].concat()
}

async fn count(city: &TestCity, sql: &'static str) -> i64 {
    query(sql).fetch_one::<(i64,)>(&city.app.db).await.unwrap().0
}

/// How many cases were said to be overdue.
async fn told_late(city: &TestCity) -> i64 {
    count(city, "SELECT count(DISTINCT subject) FROM events WHERE kind = 'cases.case_overdue'").await
}

#[tokio::test]
async fn a_city_is_filled() {
    for_each_database(modules(), |city| async move {
        let asked = Dossiers { count: 500, days: 60 };
        let nobody = simulate_dossiers(&city.app, asked, |_| {}).await.unwrap_err();
        assert!(nobody.to_string().contains("songhan simulate residents"), "{nobody}");

        simulate_residents(&city.app, Residents { count: 300, accounts: 40 }, |_| {}).await.unwrap();
        assert_eq!(count(&city, "SELECT count(*) FROM accounts WHERE citizen_id IS NOT NULL").await, 300);
        assert_eq!(count(&city, "SELECT count(*) FROM passwords").await, 40);
        let far = Dossiers { count: 1, days: 10_000 };
        let unknown = simulate_dossiers(&city.app, far, |_| {}).await.unwrap_err();
        assert!(unknown.to_string().contains("calendars begin on"), "{unknown}");

        // Twice: the numbers of each unit and day go on.
        let mut told = 0;
        simulate_dossiers(&city.app, asked, |done| told = done).await.unwrap();
        simulate_dossiers(&city.app, asked, |_| {}).await.unwrap();
        assert_eq!((told, count(&city, "SELECT count(*) FROM dossiers").await), (500, 1_000));
        assert_eq!(count(&city, "SELECT count(DISTINCT code) FROM cases").await, 1_000);

        let page = songhan_cases::inbox(&city.app.db, &Filter::default(), None, 50).await.unwrap();
        assert!(!page.cases.is_empty(), "the newest are still open");
        let closed = Filter { closed: true, ..Filter::default() };
        let closed = songhan_cases::inbox(&city.app.db, &closed, None, 100).await.unwrap().cases;
        let returned = closed.iter().filter(|case| case.national == National::Returned).count();
        assert!(returned > 80, "{returned} of 100");
        let in_time = closed.iter().filter(|case| case.was_in_time() == Some(true)).count();
        assert!((80..100).contains(&in_time), "most are in time, not all: {in_time}");

        // Those who answer for what is overdue are told of it, and supervision hears of it.
        city.settle().await;
        let total = |what: &'static str, month: &'static str| {
            format!(
                "SELECT CAST(SUM({what}) AS BIGINT) FROM supervision_figures WHERE level = 'unit' AND unit <> '' AND month {month} ''"
            )
        };
        let total = async |what, month| {
            songhan_db::query_dyn(total(what, month)).fetch_one::<(i64,)>(&city.app.db).await.unwrap().0
        };
        assert_eq!(total("received", ">").await, 1_000, "supervision counts them");
        let open = count(&city, "SELECT count(*) FROM cases WHERE clock <> 'stopped'").await;
        assert_eq!((total("open", ">").await, total("open", "=").await), (open, open));
        let late = "SELECT count(*) FROM cases WHERE clock <> 'stopped' AND late_at IS NOT NULL";
        let late = count(&city, late).await;
        assert_eq!((total("open_late", "=").await, told_late(&city).await), (late, late));

        let case = &closed[0];
        assert!(case.applicant_name.ends_with(LABEL));
        let steps = songhan_cases::timeline(&city.app.db, case.id, false).await.unwrap();
        assert_eq!(steps.len() as i64, case.version);
        assert!(steps.is_sorted_by_key(|step| (step.at.0, step.seq)));
        let found =
            records::find(&city.app.db, "dossier", Scope::In(&[&case.unit]), &case.code, None, 5).await.unwrap();
        assert_eq!(found.hits[0].reference, case.id.to_string());
    })
    .await;
}
