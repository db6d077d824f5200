//! The log, for administrators alone.

use super::*;

fn administrator(city: &TestCity) -> Client {
    city.client(&city.person("Phan Đức Long", &[(Role::Administrator, None)]))
}

#[tokio::test]
async fn an_administrator_sees_what_was_sent_and_sends_again() {
    with_portal(|city, portal| async move {
        let mut head = administrator(&city);
        let page = head.get("/admin/national").await.expect(200).text();
        assert!(page.contains("Chưa có gì được gửi") && page.contains("cổng mô phỏng"), "{page}");
        assert!(page.contains("Chưa gửi lần nào"), "{page}");

        portal.change(&[("what", "unpublish"), ("code", "2.000635")]).await;
        let story = story(&city).await;
        settle(&city).await;
        let page = head.get("/admin/national").await.expect(200).text();
        assert!(page.contains(&story.code) && page.contains("Bị từ chối"), "{page}");
        assert!(page.contains("chưa công khai trên Cổng") && page.contains("Đang thông"), "{page}");
        assert!(!page.contains("Nguyễn Thị Lan") && !page.contains("mo-phong-khong"), "no people, no secrets: {page}");
        let english = administrator(&city).english().get("/admin/national?state=refused").await.expect(200).text();
        assert!(english.contains("Dossiers refused by the portal") && english.contains(&story.code), "{english}");
        let other = head.get("/admin/national?state=sent").await.expect(200).text();
        assert!(other.contains("Không có lần gửi nào như vậy"), "{other}");

        portal.change(&[("what", "publish"), ("code", "2.000635")]).await;
        let listed = head.get("/api/v1/national/messages").await.expect(200).json();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(listed["items"][0]["state"], "refused");
        let path = format!("/api/v1/national/messages/{id}/actions/resend");
        let first = head.post(&path, &json!({})).await.expect(200).json();
        let again = head.post(&path, &json!({})).await.expect(200).json();
        assert_eq!(first["id"], again["id"], "twice is once");
        assert_eq!(first["state"], "waiting");
        settle(&city).await;
        assert_eq!(story.told(&portal).await["times"], 1);
        assert_eq!(log(&city).await.last().unwrap().0, "sent");

        // The button; what is known is sent all the same.
        let sent = head.submit(&format!("/admin/national/{id}/resend"), &[]).await.expect(303);
        assert_eq!(sent.location(), "/admin/national?done=resend");
        settle(&city).await;
        assert_eq!(story.told(&portal).await["times"], 2);
        let page = head.get("/admin/national?done=resend").await.expect(200).text();
        assert!(page.contains("Hồ sơ sẽ được gửi lại ngay"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn it_is_for_administrators_and_needs_a_configuration() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let mut head = administrator(&city);
        let page = head.get("/admin/national").await.expect(200).text();
        assert!(page.contains("Chưa cấu hình kết nối"), "{page}");
        assert_eq!(head.get("/api/v1/national/messages").await.expect(200).json()["items"], json!([]));
        head.get("/api/v1/national/messages?state=lost").await.expect(400);
        let nothing = "/api/v1/national/messages/019aa4a0-7c00-7000-8000-000000000001/actions/resend";
        head.post(nothing, &json!({})).await.expect(404);
        let mut officer = city.client(&city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]));
        officer.get("/admin/national").await.expect(403);
        officer.post(nothing, &json!({})).await.expect(403);
        city.visitor().get("/api/v1/national/messages").await.expect(401);

        // What was sent while there was a configuration.
        let story = story(&city).await;
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        let case = story.case().await;
        let id = messages::force(&mut tx, cx.env.id(), case, &story.code, cx.now()).await.unwrap();
        tx.commit().await.unwrap();
        let path = format!("/api/v1/national/messages/{id}/actions/resend");
        let refused = head.post(&path, &json!({})).await.expect(409).json();
        assert_eq!(refused["code"], "national_not_configured");
    })
    .await;
}

#[tokio::test]
async fn the_log_goes_on_from_page_to_page() {
    songhan_testkit::for_each_database(modules(), |city| async move {
        let cx = city.system();
        let mut tx = cx.begin().await.unwrap();
        for number in 0..60 {
            let code = format!("000.00.15.H17-261120-{number:04}");
            city.clock.advance(std::time::Duration::from_millis(2));
            messages::gather(&mut tx, cx.env.id(), cx.env.id(), &code, cx.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut head = administrator(&city);
        let first = head.get("/api/v1/national/messages").await.expect(200).json();
        assert_eq!(first["items"].as_array().unwrap().len(), 50);
        let next = first["next"].as_str().unwrap();
        let second =
            head.get(&format!("/api/v1/national/messages?state=waiting&before={next}")).await.expect(200).json();
        assert_eq!(second["items"].as_array().unwrap().len(), 10);
        assert!(second["next"].is_null());
        assert_eq!(second["items"][9]["dossier"], "000.00.15.H17-261120-0000");
    })
    .await;
}
