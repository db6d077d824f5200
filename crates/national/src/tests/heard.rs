//! What the portal tells.

use std::time::Duration;

use super::*;
use crate::store::heard as store;

#[tokio::test]
async fn progress_stands_in_the_timeline_once() {
    with_portal(|city, portal| async move {
        let mut story = story(&city).await;
        settle(&city).await;
        city.clock.advance(Duration::from_mins(5));
        let told = [("what", "tell"), ("code", story.code.as_str()), ("status", "6"), ("text", "Đã nộp phí trên Cổng")];
        portal.change(&told).await;
        portal.change(&[("what", "tell"), ("code", "000.00.99.H17-261120-0009"), ("text", "Hồ sơ khác")]).await;
        city.tick().await;
        // Asked again, each time for a little of what was before.
        city.clock.advance(Duration::from_mins(1));
        city.tick().await;
        city.clock.advance(Duration::from_mins(1));
        city.tick().await;

        let case = story.case().await;
        let steps = songhan_cases::timeline(&city.app.db, case, false).await.unwrap();
        let remarks: Vec<_> = steps.iter().filter(|step| step.action == "remark").collect();
        assert_eq!(remarks.len(), 1, "{steps:#?}");
        assert_eq!(remarks[0].actor_name, "Cổng Dịch vụ công quốc gia");
        let note = remarks[0].note.as_deref().unwrap();
        assert_eq!(
            note,
            "Yêu cầu thực hiện nghĩa vụ tài chính (20/11/2026 09:05): Đã nộp phí trên Cổng – Cán bộ Cổng (mô phỏng), Cổng \
             Dịch vụ công quốc gia"
        );
        assert!(!remarks[0].public, "for the office");
        let page = story.officer.get(&format!("/office/dossiers/{}", story.code)).await.expect(200).text();
        assert!(page.contains("Đã nộp phí trên Cổng") && page.contains("Ghi nhận từ hệ thống khác"), "{page}");

        let entries = store::latest(&city.app.db, 10).await.unwrap();
        let mut here: Vec<(&str, bool)> = entries.iter().map(|e| (e.code.as_str(), e.case_id.is_some())).collect();
        here.sort_unstable();
        assert_eq!(here, [("000.00.99.H17-261120-0009", false), (story.code.as_str(), true)]);
        // What the portal told is not told back to it.
        assert_eq!(story.told(&portal).await["steps"].as_array().unwrap().len(), 1);
        story.pay().await;
        story.act("accept", "").await;
        settle(&city).await;
        let steps = story.told(&portal).await["steps"].clone();
        assert!(!steps.to_string().contains("Đã nộp phí trên Cổng"), "{steps}");
        assert_eq!(steps.as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_poll_that_fails_loses_nothing() {
    with_portal(|city, portal| async move {
        let story = story(&city).await;
        city.tick().await;
        city.clock.advance(Duration::from_mins(1));
        portal.change(&[("what", "tell"), ("code", story.code.as_str()), ("text", "Trong lúc mất liên lạc")]).await;
        portal.change(&[("what", "stop")]).await;
        for _ in 0..90 {
            city.clock.advance(Duration::from_mins(1));
            crate::heard::poll(city.system()).await.unwrap();
        }
        portal.change(&[("what", "start")]).await;
        city.clock.advance(Duration::from_mins(1));
        city.tick().await;
        assert_eq!(store::latest(&city.app.db, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn old_entries_are_forgotten() {
    with_portal(|city, portal| async move {
        let story = story(&city).await;
        settle(&city).await;
        portal.change(&[("what", "tell"), ("code", story.code.as_str()), ("text", "Một việc")]).await;
        city.tick().await;
        assert_eq!((log(&city).await.len(), store::latest(&city.app.db, 10).await.unwrap().len()), (1, 1));
        city.clock.advance(Duration::from_hours(24 * 366));
        crate::upkeep::forget(city.system()).await.unwrap();
        assert_eq!((log(&city).await.len(), store::latest(&city.app.db, 10).await.unwrap().len()), (0, 0));
    })
    .await;
}
