//! Who works here has two menus, and each page stands under one entry.

use songhan_testkit::for_each_database;

use super::support::{Desk, modules};

/// The menu of a page.
fn menu(page: &str) -> &str {
    let from = page.find("class=\"site-nav\"").expect("a menu");
    page[from..].split("</nav>").next().expect("its end")
}

#[tokio::test]
async fn the_desk_has_its_own_menu() {
    for_each_database(modules(), |city| async move {
        let mut desk = Desk::new(&city);
        let page = desk.officer.get("/office/queue").await.expect(200).text();
        let at_desk = menu(&page);
        assert!(at_desk.contains("Tiếp nhận trực tiếp") && !at_desk.contains("Hồ sơ của tôi"), "{at_desk}");
        assert_eq!(at_desk.matches("aria-current").count(), 1, "{at_desk}");
        assert!(at_desk.contains("aria-current=\"page\">Số thứ tự"), "{at_desk}");
        let page = desk.officer.get("/procedures").await.expect(200).text();
        let outside = menu(&page);
        assert!(outside.contains("Hồ sơ của tôi") && outside.contains("Xử lý hồ sơ"), "{outside}");
        assert!(!outside.contains("Số thứ tự"), "one way back to the desk is enough: {outside}");
        let page = desk.lan.get("/procedures").await.expect(200).text();
        assert!(!menu(&page).contains("Xử lý hồ sơ"));
    })
    .await;
}
