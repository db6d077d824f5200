//! What each page shows to whom.

use songhan_testkit::{Answer, for_each_database_in, words};

use super::*;

#[tokio::test]
async fn the_map_lists_what_its_reader_may_read() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 4).await;
        let (mut visitor, mut officer) = (city.visitor(), officer_of(&city, HAI_CHAU.0));
        for path in ["/map", "/map/layers", "/map/compare", "/map/print", "/map?layers=trees,heritage,none"] {
            let (open, own) = (page(&mut visitor, path).await, page(&mut officer, path).await);
            assert!(open.contains("Cây xanh") && own.contains("Cây xanh"), "{path}");
            // The address itself stands on the page, in the link to the other language.
            let told = ["Cây di sản", "value=\"heritage\"", "/map/layers/heritage", "\"code\":\"heritage\""];
            assert!(!told.iter().any(|part| open.contains(part)), "{path} tells of a protected layer");
        }
        let own = page(&mut officer, "/map").await;
        assert!(own.contains("Cây di sản") && own.contains(r#"name="layers" value="heritage""#));
        for part in
            ["data-map-tree", "data-map-search", "data-map-legend", "data-map-tools", "data-map-card", "<city-map>"]
        {
            assert!(own.contains(part), "{part}");
        }
        assert!(own.contains(r#"data-tool="measure-line""#) && own.contains("Dữ liệu mô phỏng"));
        assert!(own.contains("/styles/day.json?layers=heritage,trees"), "the style of what is shown");
        assert!(!own.contains(" style=") && !own.contains("<style") && !own.contains("onclick"), "breaks the CSP");
        let none = page(&mut visitor, "/map?layers=").await;
        assert!(none.contains("/styles/day.json?layers=\\u0026lang") || none.contains("/styles/day.json?layers=&"));
        visitor.get("/map?at=gestern").await.expect(400);
        let past = page(&mut visitor, "/map?at=2026-11-01").await;
        assert!(past.contains("01/11/2026") && past.contains("at=2026-11-01"));
        assert!(page(&mut visitor.english(), "/map").await.contains("City map"));
    })
    .await;
}

#[tokio::test]
async fn a_protected_layer_is_on_no_page_of_who_may_not_read_it() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 4).await;
        let resident = city.client(&city.resident("Trần Thị Lan"));
        for mut client in [city.visitor(), resident] {
            for path in ["/map/layers/heritage", "/map/layers/heritage?q=bang", "/map/layers/heritage/features/1"] {
                let answer = client.get(path).await.expect(404);
                let missing = client.get(&path.replace("heritage", "missing")).await.expect(404);
                let told = |answer: &Answer| words(&answer.text()).replace("missing", "heritage");
                let (one, other) = (told(&answer), told(&missing));
                let said = |text: &str| text.split("Mã yêu cầu").next().map(str::to_owned);
                assert_eq!(said(&one), said(&other));
            }
            assert!(!page(&mut client, "/map/layers?q=bang").await.contains("heritage"));
        }
        let (mut ours, mut theirs) = (officer_of(&city, HAI_CHAU.0), officer_of(&city, HOA_CUONG.0));
        ours.get("/map/layers/heritage/features/1").await.expect(200);
        theirs.get("/map/layers/heritage/features/1").await.expect(404);
        for verb in ["edit", "remove", "undo"] {
            theirs.get(&format!("/map/layers/heritage/features/1/{verb}")).await.expect(404);
            let answer = theirs.submit(&format!("/map/layers/heritage/features/1/{verb}"), &[("reason", "x")]).await;
            answer.expect(404);
        }
        let table = page(&mut theirs, "/map/layers/heritage").await;
        assert!(table.contains("Bàng 1") && !table.contains("Bàng 0") && table.contains("2 đối tượng"));
        assert!(
            !page(&mut theirs, "/map/layers/heritage?filter=species%20%3D%20%27B%C3%A0ng%200%27")
                .await
                .contains("features/1\"")
        );
        assert!(!page(&mut theirs, "/map/layers?q=bang%200").await.contains("heritage/features/1"));
    })
    .await;
}

#[tokio::test]
async fn the_table_is_searched_filtered_and_paged() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 120).await;
        let mut visitor = city.visitor();
        let first = page(&mut visitor, "/map/layers/trees").await;
        assert!(first.contains("120 đối tượng") && first.contains("Bàng 49") && !first.contains("Bàng 50"));
        for shown in ["Tốt", "5,5 m", "01/03/2015", "Phường Hải Châu", "Chiều cao", "Dữ liệu mô phỏng"]
        {
            assert!(first.contains(shown), "{shown}");
        }
        for format in ["geojson", "gpkg", "shapefile", "flatgeobuf", "csv", "kml", "gpx"] {
            assert!(first.contains(&format!("/api/v1/layers/trees/download?format={format}")), "{format}");
        }
        let second = page(&mut visitor, "/map/layers/trees?after=50").await;
        assert!(second.contains("Bàng 50") && second.contains("trail=50") && second.contains("rel=\"prev\""));
        let third = page(&mut visitor, "/map/layers/trees?after=100&trail=50").await;
        assert!(third.contains("Bàng 119") && third.contains("after=50") && !third.contains("rel=\"next\""));
        let found = page(&mut visitor, "/map/layers/trees?q=BANG%2011%20tot").await;
        assert!(found.contains("Bàng 110") && found.contains("Bàng 114") && !found.contains("Bàng 111"));
        assert!(found.contains("download?format=csv&amp;filter="), "the same as a download");
        let filtered = page(&mut visitor, "/map/layers/trees?filter=species%20%3D%20%27B%C3%A0ng%207%27").await;
        assert!(filtered.contains("1 đối tượng") && filtered.contains("Bàng 7"));
        let boxed = page(&mut visitor, "/map/layers/trees?bbox=108.1999,16,108.20015,17").await;
        assert!(boxed.contains("2 đối tượng"));
        assert!(page(&mut visitor, "/map/layers/trees?at=2026-11-01").await.contains("Không có đối tượng nào"));
        assert!(page(&mut visitor, "/map/layers/trees?q=khong-co").await.contains("Không có đối tượng nào"));
        assert!(page(&mut visitor, "/map/layers?q=bang").await.contains("/map/layers/trees/features/1"));
    })
    .await;
}

#[tokio::test]
async fn a_filter_that_is_wrong_says_where() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let mut visitor = city.visitor();
        for (query, told) in [
            ("filter=colour%20%3D%201", "không có thuộc tính “colour”"),
            ("filter=height_m%20%3E%3E%201", "ở ký tự thứ"),
            ("filter=%28", "ở ký tự thứ"),
            ("bbox=1,2,3", "Ghi bốn số"),
            ("at=hom-qua", "Ghi theo năm-tháng-ngày"),
        ] {
            let text = visitor.get(&format!("/map/layers/trees?{query}")).await.expect(422).text();
            assert!(text.contains(told), "{query}: {text}");
            assert!(!text.contains("class=\"table\""), "{query}");
        }
        for odd in ["after=-1", "after=x&trail=a,b", "q=%00", "q=%F0%9F%8C%B3%25_", "layers=%ff", "trail=9,8"] {
            let status = visitor.get(&format!("/map/layers/trees?{odd}")).await.status.as_u16();
            assert!(matches!(status, 200 | 400), "{odd}: {status}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_card_shows_what_is_known_and_names_to_editors_alone() {
    for_each_database_in(folder(), modules(), |city| async move {
        planted(&city, 2).await;
        let (mut visitor, mut officer) = (city.visitor(), officer_of(&city, HAI_CHAU.0));
        let card = page(&mut visitor, "/map/layers/trees/features/1").await;
        for shown in ["Bàng 0", "5,5 m", "Tốt", "gần đúng", "Dữ liệu mô phỏng", "Nạp dữ liệu", "lần đầu", "CC-BY-4.0"]
        {
            assert!(card.contains(shown), "{shown}");
        }
        assert!(!card.contains("/edit\"") && card.contains("data-map") | card.contains("<city-map>"));
        let part = page(&mut visitor, "/map/layers/trees/features/1?part=1").await;
        assert!(part.contains("<h2>Bàng 0</h2>") && !part.contains("<html") && part.contains("Dữ liệu mô phỏng"));
        let fields = [
            ("reason", "đo lại"),
            ("seen", "1.1"),
            ("p-species", "Bàng 0"),
            ("p-height_m", "6"),
            ("p-condition", "good"),
            ("p-approximate", "yes"),
            ("p-planted", "2015-03-01"),
            ("p-commune", HAI_CHAU.1),
            ("geometry", "POINT (108.2 16.06)"),
        ];
        officer.submit("/map/layers/trees/features/1/edit", &fields).await.expect(303);
        assert!(page(&mut officer, "/map/layers/trees/features/1").await.contains("Lê Văn Bình"));
        let open = page(&mut visitor, "/map/layers/trees/features/1").await;
        assert!(!open.contains("Lê Văn Bình") && open.contains("đo lại") && open.contains("6 m"));
        for missing in ["/map/layers/trees/features/99", "/map/layers/trees/features/x", "/map/layers/none"] {
            visitor.get(missing).await.expect(404);
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_of_several_parts_says_what_each_is_and_in_which_layer() {
    let several = TREES.replace("unit = \"m\"", "unit = \"m\"\nlabel = true");
    for_each_database_in(folder().with("layers/trees.toml", &several), modules(), |city| async move {
        planted(&city, 2).await;
        let mut visitor = city.visitor();
        let card = page(&mut visitor, "/map/layers/trees/features/1").await;
        assert!(card.contains("<h1>Cây xanh: loài Bàng 0, chiều cao 5,5 m</h1>"), "{card}");
        let table = page(&mut visitor, "/map/layers/trees").await;
        assert!(table.contains(">loài Bàng 0, chiều cao 5,5 m</a>"), "the table stands under the layer's name");
    })
    .await;
}

#[tokio::test]
async fn the_way_to_the_map_stands_on_every_page() {
    for_each_database_in(folder(), modules(), |city| async move {
        let text = page(&mut city.visitor(), "/map/layers").await;
        assert!(text.contains("href=\"/map\""), "in the menu, as on the home page");
    })
    .await;
}
