//! What is told, when, and how often.

use songhan_app::Worker;

use super::*;

#[tokio::test]
async fn a_new_dossier_and_its_changes() {
    with_portal(|city, portal| async move {
        let mut story = story(&city).await;
        settle(&city).await;
        let told = story.told(&portal).await;
        assert_eq!((&told["times"], &told["dossier"]["TrangThaiHoSo"]), (&json!(1), &json!("1")));
        assert_eq!(told["dossier"]["ChuHoSo"], "Nguyễn Thị Lan");
        assert_eq!(told["dossier"]["MaTTHC"], "2.000635");
        assert_eq!(told["dossier"]["NgayTiepNhan"], "20261120090000");
        assert_eq!(told["dossier"]["DanhSachLePhi"][0]["Gia"], "16000");
        assert_eq!(told["steps"][0]["NguoiXuLy"], "Người nộp hồ sơ", "no name of the applicant twice");
        assert!(!told.to_string().contains("048190001234"), "{told}");
        assert_eq!(log(&city).await, [("sent", 1, 1, 1)]);

        // Two changes before the job runs are one message.
        story.pay().await;
        story.act("accept", "").await;
        settle(&city).await;
        let told = story.told(&portal).await;
        assert_eq!((&told["times"], &told["dossier"]["TrangThaiHoSo"]), (&json!(2), &json!("2")));
        assert_eq!(told["dossier"]["DanhSachLePhi"][0]["HinhThucThu"], "1", "paid at the counter");
        assert_eq!(told["steps"].as_array().unwrap().len(), 2);
        assert_eq!(told["steps"][1]["NoiDungXuLy"], "Tiếp nhận hồ sơ");
        assert_eq!(told["steps"][1]["NguoiXuLy"], "Lê Văn Bình");
        let log = log(&city).await;
        assert_eq!(log.len(), 2, "{log:?}");
        assert_eq!((log[1].0, log[1].2, log[1].3), ("sent", 1, 1));
        assert!(log[1].1 >= 2, "gathered: {log:?}");
        assert_eq!(portal.taken().await["logins"], 1, "one session for all");
    })
    .await;
}

#[tokio::test]
async fn without_configuration_nothing_happens() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let mut story = story(&city).await;
        story.pay().await;
        story.act("accept", "").await;
        city.tick().await;
        assert_eq!(log(&city).await, []);
        for table in ["national_dossiers", "national_received", "national_connection"] {
            let count = songhan_db::query_dyn(format!("SELECT count(*) FROM {table}"));
            let (count,): (i64,) = count.fetch_one(&city.app.db).await.unwrap();
            assert_eq!(count, 0, "{table}");
        }
        let (jobs,): (i64,) = songhan_db::query("SELECT count(*) FROM jobs WHERE kind LIKE 'national%'")
            .fetch_one(&city.app.db)
            .await
            .unwrap();
        assert_eq!(jobs, 0);
    })
    .await;
}

#[tokio::test]
async fn an_unchanged_dossier_is_not_sent_again() {
    with_portal(|city, portal| async move {
        let story = story(&city).await;
        settle(&city).await;
        let cx = city.system();
        let settings = crate::settings::Settings::of(&cx).unwrap();
        let mut tx = cx.begin().await.unwrap();
        crate::promise::changed(&mut tx, &cx, &settings, story.case().await, &story.code).await.unwrap();
        tx.commit().await.unwrap();
        settle(&city).await;
        assert_eq!(log(&city).await, [("sent", 1, 1, 1), ("unchanged", 1, 0, 0)]);
        assert_eq!(story.told(&portal).await["times"], 1);
    })
    .await;
}

#[tokio::test]
async fn changes_are_gathered_for_a_moment() {
    let portal = Portal::open().await;
    let mut sections = portal.sections();
    sections["national"]["gather_s"] = 10.into();
    songhan_testkit::for_each_database_with(sections, modules(), |city| {
        let options = songhan_sandbox::Options::demo("127.0.0.1:0".parse().unwrap(), "http://127.0.0.1:9");
        *portal.router.lock().unwrap() = Some(songhan_sandbox::router(options, city.app.env.clone()).unwrap());
        let portal = portal.clone();
        async move {
            let mut story = story(&city).await;
            settle(&city).await;
            assert_eq!(log(&city).await, [("waiting", 1, 0, 0)]);
            story.pay().await;
            settle(&city).await;
            story.act("accept", "").await;
            settle(&city).await;
            city.clock.advance(std::time::Duration::from_secs(10));
            settle(&city).await;
            let log = log(&city).await;
            assert_eq!((log.len(), log[0].0, log[0].2, log[0].3), (1, "sent", 1, 2), "{log:?}");
            assert_eq!(story.told(&portal).await["times"], 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_crash_before_the_note_does_no_harm() {
    with_portal(|city, portal| async move {
        let story = story(&city).await;
        settle(&city).await;
        // As the database was when the process died: sent, and nothing noted but that a worker had taken it up.
        let until = city.app.now().as_microsecond() + 180_000_000;
        songhan_db::query("DELETE FROM national_dossiers").execute(&city.app.db).await.unwrap();
        songhan_db::query(
            "UPDATE national_messages SET state = 'waiting', pending = TRUE, busy_until = $1, next_at = created_at,
                 attempts = 0, steps = 0, ended_at = NULL",
        )
        .bind(until)
        .execute(&city.app.db)
        .await
        .unwrap();
        let rows = messages::page(&city.app.db, None, None, 9).await.unwrap();
        let job = json!({ "message": rows[0].id });
        crate::sync::run(city.system(), job.clone()).await.unwrap();
        assert_eq!(log(&city).await[0].0, "waiting", "another worker may be at it");
        // The lease of the dead worker's job is over.
        city.clock.advance(std::time::Duration::from_secs(300));
        crate::sync::run(city.system(), job.clone()).await.unwrap();
        assert_eq!(log(&city).await, [("sent", 1, 1, 1)]);
        let told = story.told(&portal).await;
        assert_eq!((&told["times"], told["steps"].as_array().unwrap().len()), (&json!(2), 1), "taken as the same");
        // The job once more finds nothing to do.
        crate::sync::run(city.system(), job).await.unwrap();
        assert_eq!(story.told(&portal).await["times"], 2);
    })
    .await;
}

#[tokio::test]
async fn a_change_while_it_is_sent_is_followed_by_another_message() {
    with_portal(|city, portal| async move {
        let mut story = story(&city).await;
        settle(&city).await;
        story.pay().await;
        settle(&city).await;
        // Taken up by a worker, then changed before that one has noted what came of it.
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let case = story.case().await;
        let (id, _) = messages::gather(&mut tx, cx.env.id(), case, &story.code, cx.now()).await.unwrap();
        let row = messages::take(&mut tx, id, cx.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        story.act("accept", "").await;
        settle(&city).await;
        let settings = crate::settings::Settings::of(&cx).unwrap();
        crate::sync::tell(&cx, &settings, &row).await.unwrap();
        settle(&city).await;
        assert_eq!(story.told(&portal).await["dossier"]["TrangThaiHoSo"], "2");
        let log = log(&city).await;
        let ends: Vec<_> = log.iter().rev().take(2).map(|row| row.0).collect();
        assert_eq!(ends, ["unchanged", "sent"], "{log:?}");
    })
    .await;
}

#[tokio::test]
async fn two_servers_send_each_message_once() {
    with_portal(|city, portal| async move {
        let other = second_server(&city).await;
        let mut story = story(&city).await;
        let both = || async {
            let (one, two) = tokio::join!(Worker::drain(&city.app), Worker::drain(&other));
            one.and(two).unwrap();
            settle(&city).await;
        };
        both().await;
        assert_eq!(story.told(&portal).await["times"], 1);
        story.pay().await;
        both().await;
        story.act("accept", "").await;
        both().await;
        let told = story.told(&portal).await;
        assert_eq!(told["dossier"]["TrangThaiHoSo"], "2");
        let log = log(&city).await;
        let sent = log.iter().filter(|row| row.0 == "sent").count();
        assert_eq!(told["times"], sent, "{log:?}");
        assert!(log.iter().all(|row| row.0 != "waiting" && row.2 <= 1), "{log:?}");
        let mut steps: Vec<String> = told["steps"].as_array().unwrap().iter().map(ToString::to_string).collect();
        let count = steps.len();
        steps.dedup();
        assert_eq!(steps.len(), count, "each step once");
    })
    .await;
}
