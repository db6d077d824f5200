//! A dossier whose process has no step for parcels, in a city that sends results by post by now.

use songhan_testkit::for_each_database_in;

use super::*;

/// The city with the process as it was: without the steps of parcels.
fn folder() -> Folder {
    let folder = Folder::embedded();
    let path = "workflows/one-stop.toml";
    let text = folder.read(path).unwrap();
    let parts = text
        .split("\n[[action]]\n")
        .filter(|part| !part.contains("triggers = [\"parcel_") || part.contains("id = \"hand_over\""));
    let text = parts.collect::<Vec<_>>().join("\n[[action]]\n").replace("triggers = [\"parcel_collected\"]\n", "");
    // Nothing leads there any more.
    let (before, after) = text.split_once("[[state]]\nid = \"posted\"\n").unwrap();
    let after = after.split_once("[[state]]\n").unwrap().1;
    folder.with(path, &format!("{before}[[state]]\n{after}"))
}

#[tokio::test]
async fn what_began_before_results_went_by_post_is_told_so() {
    for_each_database_in(folder(), modules(), |city| async move {
        let mut lan = city.client(&lan(&city).await);
        let mut whole = body(&json!(null));
        whole.as_object_mut().unwrap().remove("delivery");
        let receipt = lan.post_once("/api/v1/dossiers", "one", &whole).await.expect(201).json();
        let code = receipt["code"].as_str().unwrap();
        let page = lan.get(&format!("/dossiers/{code}")).await.expect(200).text();
        let told = "nộp trước khi kết quả được gửi qua bưu chính";
        assert!(page.contains(told) && !page.contains(&format!("/dossiers/{code}/return")), "{page}");
        let english = lan.clone().english().get(&format!("/dossiers/{code}")).await.expect(200).text();
        assert!(english.contains("handed in before results went by post"), "{english}");
        // Who comes by an old address, or by the programs' door, is told the same.
        let led = lan.get(&format!("/dossiers/{code}/return")).await.expect(303);
        assert_eq!(led.location(), format!("/dossiers/{code}?said=before-post"));
        let wish = json!({ "way": "post", "address": "24 Trần Phú, phường Hải Châu, thành phố Đà Nẵng" });
        let problem = put(&mut lan, &format!("/api/v1/dossiers/{code}/delivery"), &wish).await.expect(409).json();
        assert_eq!(problem["code"], "delivery_before_post");
        // Withdrawn, there is no result to speak of.
        lan.post(&format!("/api/v1/dossiers/{code}/actions/withdraw"), &json!({ "note": "Thôi" })).await.expect(200);
        assert!(!lan.get(&format!("/dossiers/{code}")).await.expect(200).text().contains(told));
    })
    .await;
}
