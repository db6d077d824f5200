//! Refused, not reached, not let in.

use std::time::Duration;

use super::*;
use crate::store::known;

#[tokio::test]
async fn what_is_refused_waits_for_a_change() {
    with_portal(|city, portal| async move {
        portal.change(&[("what", "unpublish"), ("code", "2.000635")]).await;
        let mut story = story(&city).await;
        settle(&city).await;
        assert_eq!(log(&city).await, [("refused", 1, 1, 0)]);
        assert_eq!(known::refused(&city.app.db).await.unwrap(), 1);
        city.clock.advance(Duration::from_hours(48));
        city.tick().await;
        assert_eq!(log(&city).await, [("refused", 1, 1, 0)], "not by itself");
        let row = messages::page(&city.app.db, None, None, 1).await.unwrap().remove(0);
        assert_eq!(row.answer_code.as_deref(), Some("20"));
        assert_eq!(row.answer.as_deref(), Some("Thủ tục 2.000635 chưa công khai trên Cổng"));

        // The same once more is not sent.
        let cx = city.system();
        let settings = crate::settings::Settings::of(&cx).unwrap();
        let mut tx = cx.begin().await.unwrap();
        crate::promise::changed(&mut tx, &cx, &settings, row.case_id, &row.code).await.unwrap();
        tx.commit().await.unwrap();
        settle(&city).await;
        assert_eq!(log(&city).await[1..], [("unchanged", 1, 0, 0)]);

        // A change is, with all steps.
        portal.change(&[("what", "publish"), ("code", "2.000635")]).await;
        story.pay().await;
        story.act("accept", "").await;
        settle(&city).await;
        // Where the two changes are heard one after the other, there is nothing left to tell of the second.
        let since: Vec<_> = log(&city).await[2..].iter().map(|message| message.0).collect();
        assert!(matches!(since[..], ["sent"] | ["sent", "unchanged" | "sent"]), "{since:?}");
        assert_eq!(known::refused(&city.app.db).await.unwrap(), 0);
        assert_eq!(story.told(&portal).await["steps"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_until_it_does() {
    with_portal(|city, portal| async move {
        portal.change(&[("what", "stop")]).await;
        let mut story = story(&city).await;
        settle(&city).await;
        assert_eq!(log(&city).await, [("waiting", 1, 1, 0)]);
        let connection = known::connection(&city.app.db).await.unwrap();
        assert_eq!(connection.is_up(), Some(false));
        assert!(connection.error.unwrap().contains("503"));
        city.clock.advance(Duration::from_secs(29));
        settle(&city).await;
        assert_eq!(log(&city).await, [("waiting", 1, 1, 0)], "not before its time");
        city.clock.advance(Duration::from_secs(1));
        settle(&city).await;
        assert_eq!(log(&city).await, [("waiting", 1, 2, 0)]);
        for _ in 0..20 {
            city.clock.advance(Duration::from_hours(6));
            settle(&city).await;
        }
        assert_eq!(log(&city).await[0].0, "waiting", "never given up");
        story.pay().await;
        settle(&city).await;
        assert_eq!(log(&city).await.len(), 1, "gathered meanwhile");

        // It is back: the schedules notice, and nobody waits six hours.
        portal.change(&[("what", "start")]).await;
        city.clock.advance(Duration::from_secs(61));
        city.tick().await;
        city.tick().await;
        let log = log(&city).await;
        assert_eq!((log.len(), log[0].0), (1, "sent"), "{log:?}");
        assert_eq!(story.told(&portal).await["times"], 1);
        assert_eq!(known::connection(&city.app.db).await.unwrap().is_up(), Some(true));
        assert!(songhan_db::dead_jobs(&city.app.db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_portal_that_is_down_is_not_asked_for_each_dossier() {
    with_portal(|city, portal| async move {
        portal.change(&[("what", "stop")]).await;
        let first = story(&city).await;
        settle(&city).await;
        portal.change(&[("what", "start")]).await;
        // Within the rest after a failure another dossier is put off without a call.
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        crate::promise::again(&mut tx, &cx, first.case().await, &first.code).await.unwrap();
        tx.commit().await.unwrap();
        settle(&city).await;
        assert_eq!(portal.taken().await["logins"], 0);
        assert_eq!(log(&city).await[0].0, "waiting");
        city.clock.advance(Duration::from_mins(3));
        settle(&city).await;
        assert_eq!(log(&city).await[0].0, "sent");
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_is_followed_by_another() {
    with_portal(|city, portal| async move {
        let mut story = story(&city).await;
        settle(&city).await;
        portal.change(&[("what", "expire")]).await;
        story.pay().await;
        story.act("accept", "").await;
        settle(&city).await;
        let log = log(&city).await;
        assert_eq!((log[1].0, log[1].2), ("sent", 1), "{log:?}");
        assert_eq!(portal.taken().await["logins"], 2);
        assert_eq!(story.told(&portal).await["dossier"]["TrangThaiHoSo"], "2");
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_not_let_in_waits_for_the_operator() {
    let portal = Portal::open().await;
    let mut sections = portal.sections();
    sections["national"]["username"] = "AI-DO".into();
    songhan_testkit::for_each_database_with(sections, modules(), |city| {
        let options = songhan_sandbox::Options::demo("127.0.0.1:0".parse().unwrap(), "http://127.0.0.1:9");
        *portal.router.lock().unwrap() = Some(songhan_sandbox::router(options, city.app.env.clone()).unwrap());
        async move {
            story(&city).await;
            settle(&city).await;
            assert_eq!(log(&city).await, [("waiting", 1, 1, 0)]);
            let error = known::connection(&city.app.db).await.unwrap().error.unwrap();
            assert!(error.contains("Sai tài khoản") && error.contains("[national]"), "{error}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_lost_job_is_promised_again() {
    with_portal(|city, portal| async move {
        let story = story(&city).await;
        settle(&city).await;
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        crate::promise::again(&mut tx, &cx, story.case().await, &story.code).await.unwrap();
        tx.commit().await.unwrap();
        songhan_db::query("DELETE FROM jobs WHERE kind = 'national.tell'").execute(&cx.db).await.unwrap();
        city.clock.advance(Duration::from_mins(14));
        city.tick().await;
        assert_eq!(story.told(&portal).await["times"], 1);
        city.clock.advance(Duration::from_mins(2));
        city.tick().await;
        assert_eq!(story.told(&portal).await["times"], 2);
    })
    .await;
}

#[tokio::test]
async fn who_handles_it_sees_that_the_portal_refuses() {
    with_portal(|city, portal| async move {
        portal.change(&[("what", "unpublish"), ("code", "2.000635")]).await;
        let mut story = story(&city).await;
        settle(&city).await;
        let path = format!("/office/dossiers/{}", story.code);
        let why = "Thủ tục 2.000635 chưa công khai trên Cổng";
        let page = story.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Cổng từ chối nhận hồ sơ này (mã 20)") && page.contains(why), "{page}");

        let mut head = city.client(&city.person("Phan Đức Long", &[(Role::Administrator, None)]));
        let again = format!("/admin/national/refused/{}", story.code);
        for times in 1..=2 {
            let page = head.get("/admin/national").await.expect(200).text();
            let list = songhan_testkit::between(&page, "id=\"refused\"", "</section>").to_owned();
            assert!(list.contains(&story.code) && list.contains(why) && list.contains(&again), "{list}");
            assert!(list.contains(&format!("<div>{times}</div>")), "{list}");
            // Twice before it is sent is once.
            for _ in 0..2 {
                let sent = head.submit(&again, &[]).await.expect(303);
                assert_eq!(sent.location(), "/admin/national?done=resend");
            }
            settle(&city).await;
        }
        let english = head.clone().english().get("/admin/national").await.expect(200).text();
        assert!(english.contains("Dossiers that the portal refuses") && english.contains("<div>3</div>"), "{english}");
        let page = story.officer.get(&path).await.expect(200).text();
        assert_eq!(page.matches("Cổng từ chối nhận hồ sơ này").count(), 1, "one line, however often");
        story.officer.submit(&again, &[]).await.expect(403);

        portal.change(&[("what", "publish"), ("code", "2.000635")]).await;
        head.submit(&again, &[]).await.expect(303);
        settle(&city).await;
        assert!(!head.get("/admin/national").await.expect(200).text().contains("id=\"refused\""));
        let page = story.officer.get(&path).await.expect(200).text();
        assert!(page.contains("Cổng đã nhận hồ sơ này, sau 3 lần từ chối"), "{page}");
        let answered = head.submit(&again, &[]).await.expect(303);
        assert_eq!(answered.location(), "/admin/national?done=taken");
        // Lines of the office are not told to the portal, nor to the applicant.
        assert_eq!(story.told(&portal).await["steps"].as_array().unwrap().len(), 1);
        let tracked = city.visitor().get(&format!("/track/{}", story.code)).await.expect(200).text();
        assert!(!tracked.contains("Cổng từ chối"), "{tracked}");
    })
    .await;
}

#[tokio::test]
async fn a_portal_that_refuses_to_tell_is_seen_and_asked_again() {
    let portal = Portal::open().await;
    let mut sections = portal.sections();
    sections["national"]["progress_service"] = "TenDichVuSai".into();
    songhan_testkit::for_each_database_with(sections, modules(), |city| {
        let options = songhan_sandbox::Options::demo("127.0.0.1:0".parse().unwrap(), "http://127.0.0.1:9");
        *portal.router.lock().unwrap() = Some(songhan_sandbox::router(options, city.app.env.clone()).unwrap());
        async move {
            let mut head = city.client(&city.person("Phan Đức Long", &[(Role::Administrator, None)]));
            assert!(!head.get("/admin/national").await.expect(200).text().contains("Hỏi lại ngay"));
            crate::heard::poll(city.system()).await.unwrap();
            city.clock.advance(Duration::from_mins(1));
            let asked = head.submit("/admin/national/poll", &[]).await.expect(303);
            assert_eq!(asked.location(), "/admin/national?done=poll");
            let page = head.get("/admin/national").await.expect(200).text();
            assert!(page.contains("TenDichVuSai") && page.contains("Đã từ chối 2 lần liên tiếp"), "{page}");
            assert!(page.contains("Hỏi lại ngay") && page.contains("progress_service"), "{page}");
            // Told again, it is over.
            let mut tx = city.system().begin().await.unwrap();
            known::note_poll(&mut tx, city.system().now()).await.unwrap();
            tx.commit().await.unwrap();
            assert!(!head.get("/admin/national").await.expect(200).text().contains("TenDichVuSai"));
        }
    })
    .await;
}
