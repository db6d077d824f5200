//! The pages, without JavaScript, in both languages.

use songhan_testkit::{UNIT, for_each_database_in};

use super::*;

#[tokio::test]
async fn the_archivist_needs_pages_alone() {
    for_each_database_in(one_year(), modules(), |city| async move {
        let mut archive = Archive::new(&city);
        let (first, second) = (archive.refused().await, archive.refused().await);
        let desk = &mut archive.desk;
        let home = format!("/office/archive?unit={UNIT}");
        let page = desk.officer.get("/office/archive").await.expect(200).text();
        assert!(page.contains(&first) && page.contains("Nộp lưu hồ sơ kết thúc năm 2026"), "{page}");
        assert!(page.contains("Thời hạn bảo quản và căn cứ") && page.contains("1 năm"), "{page}");
        desk.other.get(&home).await.expect(404);
        desk.officer.get("/office/archive?unit=nowhere").await.expect(404);
        let english = desk.officer.clone().english().get(&home).await.expect(200).text();
        assert!(english.contains("Hand in the dossiers of 2026"), "{english}");

        // Nothing ticked, one ticked, all.
        let (unit, year) = (("unit", UNIT), ("year", "2026"));
        let sent = desk.officer.submit("/office/archive/batches", &[unit, year, ("which", "chosen")]).await.expect(303);
        assert!(sent.location().contains("said=none"));
        let fields = [unit, year, ("which", "chosen"), ("code", first.as_str())];
        let sent = desk.officer.submit("/office/archive/batches", &fields).await.expect(303);
        let batch = sent.location().to_owned();
        let page = desk.officer.get(&batch).await.expect(200).text();
        assert!(page.contains("Biên bản đang được lập") && page.contains(&first) && !page.contains(&second), "{page}");
        desk.officer.submit("/office/archive/batches", &[unit, year, ("which", "all")]).await.expect(303);
        let sent = desk.officer.submit("/office/archive/batches", &[unit, year, ("which", "all")]).await.expect(303);
        assert!(sent.location().contains("said=changed"));
        city.settle().await;
        assert!(desk.officer.get(&batch).await.text().contains("Biên bản giao nhận có chữ ký số"));
        let page = desk.officer.get(&format!("/office/archive/batches?unit={UNIT}")).await.expect(200).text();
        assert!(page.contains("1/BBGN-UBND") && page.contains("2/BBGN-UBND"), "{page}");

        // Found by code and by words.
        for q in [first.clone(), first.to_lowercase(), "bao hiem y te".to_owned()] {
            let q = q.replace(' ', "+");
            let page = desk.officer.get(&format!("{home}&q={q}")).await.expect(200).text();
            assert!(page.contains(&first), "{q}: {page}");
        }
        let entry = format!("/office/archive/entries/{second}");
        desk.other.get(&entry).await.expect(404);
        let sent = desk.officer.submit(&format!("{entry}/hold"), &[("reason", "")]).await.expect(303);
        assert!(sent.location().ends_with("said=reason"));
        desk.officer.submit(&format!("{entry}/hold"), &[("reason", "Đang khiếu nại")]).await.expect(303);
        let page = desk.officer.get(&entry).await.expect(200).text();
        assert!(page.contains("Đang khiếu nại") && !page.contains("Thôi giữ lại"), "a leader releases: {page}");
        assert!(desk.leader.get(&entry).await.text().contains("Thôi giữ lại"));

        proposed_and_decided(&mut archive, &first, &second).await;
        let desk = &mut archive.desk;
        let page =
            desk.officer.clone().english().get(&format!("/office/archive/entries/{first}")).await.expect(200).text();
        assert!(page.contains("Papers and personal data were destroyed on"), "{page}");
    })
    .await;
}

async fn proposed_and_decided(archive: &mut Archive, first: &str, second: &str) {
    let Archive { city, desk, second: other_leader } = archive;
    let (home, unit) = (format!("/office/archive?unit={UNIT}"), ("unit", UNIT));
    city.clock.advance(std::time::Duration::from_secs(380 * 24 * 3600));
    let page = desk.leader.get(&format!("{home}&view=over")).await.expect(200).text();
    assert!(page.contains(first) && !page.contains(second), "{page}");
    let sent = desk.leader.submit("/office/archive/disposals", &[unit, ("which", "all"), ("note", "Đợt 1")]).await;
    let list = sent.expect(303).location().to_owned();
    let path = list.split('?').next().unwrap().to_owned();
    let page = desk.leader.get(&list).await.expect(200).text();
    assert!(page.contains("nên không tự duyệt được") && !page.contains("Duyệt tiêu hủy</span>"), "{page}");
    desk.leader.submit(&path, &[("decision", "approve")]).await.expect(403);
    let page = other_leader.get(&path).await.expect(200).text();
    assert!(page.contains("Duyệt tiêu hủy") && page.contains("Đợt 1"), "{page}");
    other_leader.submit(&path, &[("decision", "approve")]).await.expect(303);
    let page = other_leader.get(&path).await.expect(200).text();
    assert!(page.contains("Trước thời điểm đó danh mục còn rút lại được"), "{page}");
    city.clock.advance(std::time::Duration::from_secs(8 * 24 * 3600));
    city.settle().await;
    let page = other_leader.get(&path).await.expect(200).text();
    assert!(page.contains("Việc tiêu hủy đã xong ngày") && page.contains("Đã tiêu hủy"), "{page}");
    let pdf = other_leader.get(&format!("{path}/list.pdf")).await.expect(200);
    assert!(pdf.body.starts_with(b"%PDF-"));
    assert!(other_leader.get(&format!("{path}/list.csv")).await.expect(200).text().contains(first));
    let page = other_leader.get(&format!("{home}&view=destroyed")).await.expect(200).text();
    assert!(page.contains(first), "{page}");
    let page = other_leader.get(&format!("/office/archive/disposals?unit={UNIT}")).await.expect(200).text();
    assert!(page.contains("1/QĐ-TH-UBND"), "{page}");
}
