//! Features made, changed, removed and put back by forms; two who change the same.

use songhan_testkit::{for_each_database_in, words};

use super::*;

const TREE: &str = "/map/layers/trees/features/1";

/// The form of tree 1 as the page hands it out, with some boxes filled anew.
fn form<'a>(seen: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let was = [
        ("seen", seen),
        ("reason", "đo lại"),
        ("p-species", "Bàng 0"),
        ("p-height_m", "5,5"),
        ("p-condition", "good"),
        ("p-approximate", "yes"),
        ("p-planted", "2015-03-01"),
        ("p-commune", HAI_CHAU.1),
        ("geometry", "POINT (108.2 16.06)"),
    ];
    let of = |name: &str| changed.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    was.into_iter().map(|(name, value)| (name, of(name).unwrap_or(value))).collect()
}

#[tokio::test]
async fn a_tree_is_planted_changed_removed_and_put_back() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let mut officer = officer_of(&city, HAI_CHAU.0);
        let new = page(&mut officer, "/map/layers/trees/new").await;
        assert!(new.contains(r#"name="p-height_m""#) && new.contains("Phường Hải Châu") && !new.contains("Hòa Cường"));
        let fields = [
            ("p-species", "Me"),
            ("p-height_m", "7,25"),
            ("p-commune", HAI_CHAU.1),
            ("reason", "trồng mới"),
            ("geometry", r#"{"type":"Point","coordinates":[108.21,16.05]}"#),
        ];
        let made = officer.submit("/map/layers/trees/new", &fields).await.expect(303);
        assert_eq!(made.location(), "/map/layers/trees/features/3?done=created");
        let card = page(&mut officer, made.location()).await;
        assert!(card.contains("7,25 m") && card.contains("trồng mới") && card.contains("Đã thêm đối tượng"));
        let api = officer.get("/ogc/collections/trees/items/3").await.expect(200).json();
        assert_eq!(
            (&api["properties"]["height_m"], &api["geometry"]["coordinates"][0]),
            (&7.25.into(), &108.21.into())
        );

        let edited = officer.submit(&format!("{TREE}/edit"), &form("1.1", &[("p-height_m", "6")])).await.expect(303);
        assert_eq!(edited.location(), format!("{TREE}?done=saved"));
        assert!(page(&mut officer, TREE).await.contains("6 m"));
        let same = form("1.2", &[("p-height_m", "6")]);
        assert!(officer.submit(&format!("{TREE}/edit"), &same).await.expect(303).location().ends_with("done=same"));

        assert!(page(&mut officer, &format!("{TREE}/remove")).await.contains("Cập nhật"));
        let gone = [("seen", "1.2"), ("reason", "cây đổ")];
        officer.submit(&format!("{TREE}/remove"), &gone).await.expect(303);
        let removed = page(&mut officer, TREE).await;
        assert!(
            removed.contains("đã được đưa ra khỏi lớp") && removed.contains("cây đổ") && !removed.contains("/edit\"")
        );
        officer.get(&format!("{TREE}/edit")).await.expect(404);
        officer.submit(&format!("{TREE}/remove"), &gone).await.expect(404);
        officer.submit(&format!("{TREE}/undo"), &[("seen", "1.3"), ("reason", "nhầm cây")]).await.expect(303);
        let back = page(&mut officer, TREE).await;
        assert!(back.contains("Hoàn tác") && back.contains("nhầm cây") && back.contains("6 m"));
        city.visitor().get(&format!("{TREE}/edit")).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn a_change_needs_a_reason_a_right_and_what_fits() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let (mut ours, mut theirs) = (officer_of(&city, HAI_CHAU.0), officer_of(&city, HOA_CUONG.0));
        let mut resident = city.client(&city.resident("Trần Thị Lan"));
        let save = format!("{TREE}/edit");
        let wrong = |changed: &[(&'static str, &'static str)]| form("1.1", changed);
        for (changed, told) in [
            ([("reason", " ")], "Hãy ghi lý do"),
            ([("p-species", "")], "Hãy điền “Loài”"),
            ([("p-height_m", "cao")], "phải là số, ví dụ 12,5"),
            ([("p-condition", "felled")], "Hãy chọn một giá trị"),
            ([("p-planted", "hôm qua")], "phải là ngày"),
            ([("geometry", "POINT (1")], "Hình dạng chưa hợp lệ"),
            ([("geometry", "LINESTRING (1 2, 3 4)")], "Hình dạng chưa hợp lệ"),
            ([("p-commune", HOA_CUONG.1)], "ngoài địa bàn"),
        ] {
            let text = ours.submit(&save, &wrong(&changed)).await.expect(422).text();
            assert!(text.contains(told), "{changed:?}: {}", words(&text));
        }
        theirs.submit(&save, &form("1.1", &[])).await.expect(403);
        resident.submit(&save, &form("1.1", &[])).await.expect(403);
        resident.get("/map/layers/trees/new").await.expect(403);
        resident.get("/map/layers/heritage/new").await.expect(404);
        resident.submit("/map/layers/trees/new", &[("reason", "x")]).await.expect(403);
        let history = ours.get("/api/v1/layers/trees/features/1/history").await.expect(200).json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1), "nothing was changed");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_kept_and_told() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let (mut one, mut other) = (officer_of(&city, HAI_CHAU.0), officer_of(&city, HAI_CHAU.0));
        let save = format!("{TREE}/edit");
        other.submit(&save, &form("1.1", &[("p-height_m", "6"), ("reason", "đo đợt hai")])).await.expect(303);
        // Another field: the form comes back with both.
        let stale = one.submit(&save, &form("1.1", &[("p-condition", "poor")])).await.expect(409).text();
        for part in
            ["vừa được thay đổi", "Lê Văn Bình", "đo đợt hai", "bấm Lưu lần nữa", r#"value="1.2""#, r#"value="6""#]
        {
            assert!(stale.contains(part), "{part}: {}", words(&stale));
        }
        assert!(stale.contains(r#"<option value="poor" selected>"#), "what was typed is still there");
        // The same field: told, and saved only when it is sent again.
        let both = one.submit(&save, &form("1.1", &[("p-height_m", "9")])).await.expect(409).text();
        assert!(both.contains("Hiện nay: 6 m. Vừa nhập: 9 m."), "{}", words(&both));
        one.submit(&save, &form("1.2", &[("p-height_m", "9")])).await.expect(303);
        assert!(page(&mut one, TREE).await.contains("9 m"));
        for verb in ["remove", "undo"] {
            let again = one.submit(&format!("{TREE}/{verb}"), &[("seen", "1.1"), ("reason", "x")]).await;
            assert!(again.expect(409).text().contains("ghi lý do và bấm lại"));
        }
        // Imported anew: nothing can be compared.
        planted(&city, 2).await;
        let anew = one.submit(&save, &form("1.3", &[("p-height_m", "9")])).await.expect(409).text();
        assert!(anew.contains("đã được nạp lại"), "{}", words(&anew));
        one.submit(&save, &form("nonsense", &[])).await.expect(409);
    })
    .await;
}

#[tokio::test]
async fn a_layer_that_nobody_imported_begins_with_its_first_feature() {
    let waiting = TREES.replace("simulated = true", "data = \"layers/data/waiting.geojson\"");
    let folder = folder()
        .with("layers/waiting.toml", &waiting)
        .with("layers/data/waiting.geojson", r#"{"type":"FeatureCollection","features":[]}"#);
    for_each_database_in(folder, modules(), |city| async move {
        let mut officer = officer_of(&city, HAI_CHAU.0);
        assert!(page(&mut officer, "/map/layers/trees").await.contains("Không có đối tượng nào"));
        let fields = [
            ("p-species", "Me"),
            ("p-commune", HAI_CHAU.1),
            ("reason", "cây đầu tiên"),
            ("geometry", "POINT (108.2 16)"),
        ];
        let made = officer.submit("/map/layers/trees/new", &fields).await.expect(303);
        assert_eq!(made.location(), "/map/layers/trees/features/1?done=created");
        assert!(page(&mut city.visitor(), "/map/layers/trees").await.contains("1 đối tượng"));
        let tree = serde_json::json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [108.2, 16.0] },
            "properties": { "species": "Me", "commune": HAI_CHAU.1 } });
        let items = |layer: &str| format!("/ogc/collections/{layer}/items");
        officer.post(&items("heritage"), &tree).await.expect(201);
        assert_eq!(officer.get(&items("heritage")).await.expect(200).json()["numberMatched"], 1);
        // What the city's folder fills waits for that; who changes nothing of it begins nothing.
        let waits = officer.post(&items("waiting"), &tree).await.expect(409).json();
        assert_eq!(waits["code"], "layer_empty");
        let mut resident = city.client(&city.resident("Trần Thị Lan"));
        resident.post(&items("waiting"), &tree).await.expect(403);
        officer.delete(&format!("{}/1", items("waiting"))).await.expect(404);
    })
    .await;
}
