//! The payer's pages: pay, gateway, return; by account and by link; in both languages.

use super::*;

#[tokio::test]
async fn the_pay_page_says_all_that_is_needed() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let mut client = city.client(&payer);
        let page = client.get(&made.path()).await.expect(200).text();
        for part in [
            "16.000\u{a0}đ",
            &made.reference,
            ACCOUNT,
            "KHO BAC DA NANG",
            "Vietcombank",
            "class=\"qr\"",
            "Nộp qua cổng VNPay",
            "Thông tư 281/2016/TT-BTC",
            &format!("{}/live", made.path()),
        ] {
            assert!(page.contains(part), "{part} is missing in {page}");
        }
        assert!(!page.contains("data-simulate"), "only a demonstration simulates");
        assert!(!page.contains(&made.secret));
        let english = client.clone().english().get(&made.path()).await.expect(200).text();
        assert!(english.contains("Certified copy") && english.contains("Pay through VNPay"));
        notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200);
        let page = client.get(&made.path()).await.expect(200).text();
        assert!(page.contains("Đã nộp thành công") && page.contains("href=\"/dossiers/1\""), "{page}");
        assert!(!page.contains("class=\"qr\""));
    })
    .await;
}

#[tokio::test]
async fn every_end_has_its_page() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let cx = city.system();
        for (end, words) in
            [("waive", "Không phải nộp"), ("cancel", "Khoản thu đã hủy"), ("refund", "Đã quyết định hoàn trả")]
        {
            let made = due(&city, Some(&payer)).await;
            if end == "refund" {
                notify(&city, &notice(&made.reference, 16_000, &made.reference)).await.expect(200);
            }
            let mut tx = cx.begin().await.unwrap();
            match end {
                "waive" => crate::waive(&mut tx, &cx, made.id, "x").await.unwrap(),
                "cancel" => crate::cancel(&mut tx, &cx, made.id, "x").await.unwrap(),
                _ => crate::refund(&mut tx, &cx, made.id, "x").await.unwrap(),
            };
            tx.commit().await.unwrap();
            for path in [made.path(), format!("{}/return", made.path())] {
                let page = city.client(&payer).get(&path).await.expect(200).text();
                assert!(page.contains(words), "{page}");
                city.client(&payer).english().get(&path).await.expect(200);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_way_to_the_gateway_and_back() {
    on_both(|city| async move {
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        let mut client = city.client(&payer);
        client.post(&format!("{}/gateway", made.path()), &json!({})).await.expect(403);
        let begun = client.submit(&format!("{}/gateway", made.path()), &[]).await.expect(303);
        let page = client.get(begun.location()).await.expect(200);
        let refresh = page.headers["refresh"].to_str().unwrap().to_owned();
        let url = refresh.strip_prefix("0; url=").unwrap();
        assert!(url.starts_with("https://gateway.test/pay?vnp_Amount=1600000&"), "{url}");
        assert!(
            page.text().contains("href=\"https://gateway.test/pay?vnp_Amount&#x3d;")
                || page.text().contains("Đến cổng VNPay")
        );
        let number =
            crate::vnpay::sign::receive(VNPAY_SECRET, url.split_once('?').unwrap().1).unwrap().params["vnp_TxnRef"]
                .clone();
        // The return settles nothing, whatever it says.
        let back = format!("{}/return?{}", made.path(), ipn_query(&number, 16_000, "00"));
        let page = client.get(&back).await.expect(200).text();
        assert!(page.contains("Đang chờ xác nhận"), "{page}");
        let failed = format!("{}/return?{}", made.path(), ipn_query(&number, 16_000, "24"));
        assert!(client.get(&failed).await.expect(200).text().contains("chưa thành công"));
        // A session that ended meanwhile still sees the outcome, by the gateway's signature; nobody else does.
        assert!(city.visitor().get(&back).await.expect(200).text().contains("Đang chờ xác nhận"));
        let forged = format!("{}/return?{}", made.path(), ipn_query(&number, 16_000, "00").replace("NCB", "VCB"));
        assert!(city.visitor().get(&forged).await.expect(303).location().starts_with("/sign-in"));
        assert_eq!(ipn(&city, &ipn_query(&number, 16_000, "00")).await, "00");
        assert!(client.get(&back).await.expect(200).text().contains("Đã nộp thành công"));
        assert_eq!(client.get(begun.location()).await.expect(303).location(), made.path());
        assert_eq!(client.submit(&format!("{}/gateway", made.path()), &[]).await.expect(303).location(), made.path());
    })
    .await;
}

#[tokio::test]
async fn the_link_opens_this_charge_alone_and_leaves_the_address() {
    on_both(|city| async move {
        let (made, other) = (due(&city, None).await, due(&city, None).await);
        let mut visitor = city.visitor();
        let answer = visitor.get(&made.secret_link()).await.expect(303);
        assert!(answer.location().starts_with(&format!("{}?lang=", made.path())));
        let cookie = answer
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|c| c.to_str().unwrap())
            .find(|c| c.contains("songhan_pay="));
        let cookie = cookie.unwrap();
        assert!(cookie.contains(&format!("Path={}", made.path())) && cookie.contains("HttpOnly"), "{cookie}");
        assert!(visitor.get(&made.path()).await.expect(200).text().contains(&made.reference));
        assert!(visitor.get(&other.path()).await.expect(303).location().starts_with("/sign-in"));
        assert!(
            city.visitor()
                .get(&format!("{}?key=wrong", made.path()))
                .await
                .expect(303)
                .location()
                .starts_with("/sign-in")
        );
        let stranger = city.resident("Người khác");
        city.client(&stranger).get(&made.path()).await.expect(404);
        city.client(&stranger).get(&format!("{}/live", made.path())).await.expect(404);
        city.client(&stranger).submit(&format!("{}/gateway", made.path()), &[]).await.expect(404);
        let looking = city.client(&officer(&city)).get(&made.path()).await.expect(200).text();
        assert!(looking.contains("Chỉ người nộp") && !looking.contains("class=\"qr\""));
    })
    .await;
}
