//! The accountant's pages: each in both languages, empty and with work.

use super::*;

const PAGES: [&str; 6] = [
    "/office/money",
    "/office/money/reconciliation",
    "/office/money/unmatched",
    "/office/money/refunds",
    "/office/money/transfers",
    "/office/money/receipts",
];

async fn all(city: &TestCity, who: &Person) -> String {
    let mut text = String::new();
    for path in PAGES {
        text += &city.client(who).get(path).await.expect(200).text();
        text += &city.client(who).english().get(path).await.expect(200).text();
    }
    text
}

#[tokio::test]
async fn empty_and_for_nobody_else() {
    on_both(|city| async move {
        let text = all(&city, &accountant(&city)).await;
        for words in
            ["Chưa nhập sao kê nào", "Không có khoản nào chờ xử lý", "Chưa khóa ngày thu nào", "Chưa có biên lai nào"]
        {
            assert!(text.contains(words), "{words}");
        }
        city.client(&officer(&city)).get("/office/money").await.expect(403);
        city.client(&city.resident("Khác")).get("/office/money").await.expect(403);
    })
    .await;
}

async fn upload(city: &TestCity, who: &Person, text: &str) -> Answer {
    let mut client = city.client(who);
    let csrf = client.csrf().await;
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\ncontent-disposition: form-data; \
         name=\"file\"; filename=\"saoke.csv\"\r\ncontent-type: text/csv\r\n\r\n{text}\r\n--b--\r\n"
    );
    let kind = "multipart/form-data; boundary=b";
    client.send(Method::POST, "/office/money/reconciliation", Some(kind), body.into_bytes()).await
}

/// Follows links of pages as a browser without JavaScript does.
#[tokio::test]
async fn a_day_of_work_on_pages_alone() {
    on_both(|city| async move {
        let (one, other) = (accountant(&city), accountant(&city));
        let payer = city.resident("Nguyễn Thị An");
        let made = due(&city, Some(&payer)).await;
        notify(&city, &notice("T1", 16_000, &made.reference)).await.expect(200);
        let waits = due(&city, Some(&payer)).await;
        notify(&city, &notice("T2", 16_000, "nop phi")).await.expect(200);
        let back = refunded(&city, &payer, "T3").await;
        let fields = [("bin", "970436"), ("number", "0071000123456"), ("name", "Nguyễn Thị An")];
        city.client(&payer).submit(&format!("{}/refund-account", back.path()), &fields).await.expect(303);
        // A statement with a fault, uploaded wrongly first.
        upload(&city, &one, "").await.expect(422);
        assert!(upload(&city, &one, "a,b\n1,2\n").await.expect(422).text().contains("Không đọc được tệp"));
        let foreign = table(&[("999", 1, 0, "x", "y")]);
        assert!(upload(&city, &one, &foreign).await.expect(422).text().contains("Tài khoản 999"));
        let statement =
            table(&[(ACCOUNT, 15_000, 0, "T1", "x"), (ACCOUNT, 16_000, 0, "T2", "y"), (ACCOUNT, 16_000, 0, "T3", "z")]);
        let answer = upload(&city, &one, &statement).await.expect(303);
        let path = answer.location().split('?').next().unwrap().to_owned();
        let page = city.client(&one).get(answer.location()).await.expect(200).text();
        assert!(page.contains("Lệch số tiền") && page.contains("Đã nhập và đối soát"), "{page}");
        city.client(&one).english().get(&format!("{path}?view=all&kind=amount_differs")).await.expect(200);
        assert!(upload(&city, &one, &statement).await.expect(303).location().ends_with("done=already"));
        let at = page.find("/office/money/differences/").unwrap();
        let difference = page[at..].split('"').next().unwrap().to_owned();
        let shown = city.client(&one).get(&difference).await.expect(200).text();
        assert!(
            shown.contains("16.000") && shown.contains("15.000") && shown.contains("Ghi sổ theo sao kê"),
            "{shown}"
        );
        city.client(&one).english().get(&difference).await.expect(200);
        city.client(&one).submit(&difference, &[("resolution", ""), ("reason", "x")]).await.expect(422);
        city.client(&one).submit(&difference, &[("resolution", "adjusted"), ("reason", "")]).await.expect(422);
        city.client(&one).submit(&difference, &[("resolution", "adjusted"), ("reason", "tra soát")]).await.expect(303);
        assert!(city.client(&one).get(&difference).await.expect(200).text().contains("tra soát"));
        assert_eq!(balance(&city).await.of("discrepancy:1017595600"), Money(1_000));
        // The credit without a code.
        let list = city.client(&one).get("/office/money/unmatched").await.expect(200).text();
        assert!(list.contains("Nội dung không có mã thanh toán"));
        let credit = "/office/money/unmatched/one?number=T2";
        let shown = city.client(&one).get(credit).await.expect(200).text();
        assert!(shown.contains(&waits.reference), "{shown}");
        city.client(&one).english().get(credit).await.expect(200);
        let post = "/office/money/unmatched/one";
        for (fields, words) in [
            (vec![("is", "")], "Hãy chọn khoản tiền"),
            (vec![("is", "charge"), ("code", "SH0000000000"), ("reason", "abc")], "Không có khoản thu"),
            (vec![("is", "cash"), ("unit", ""), ("reason", "abc")], "Hãy chọn một đơn vị"),
            (vec![("is", "return"), ("unit", UNIT), ("bin", "1"), ("reason", "abc")], "sáu chữ số"),
            (vec![("is", "vnpay"), ("reason", "")], "Hãy ghi lý do"),
        ] {
            let fields = [vec![("number", "T2")], fields].concat();
            assert!(city.client(&one).submit(post, &fields).await.expect(422).text().contains(words), "{words}");
        }
        let fields =
            [("number", "T2"), ("is", "charge"), ("code", waits.reference.as_str()), ("reason", "đúng số tiền")];
        city.client(&one).submit(post, &fields).await.expect(303);
        assert_eq!(reload(&city, &waits).await.state, crate::ChargeState::Paid);
        city.client(&one).get(credit).await.expect(404);
        // The refund, by two people.
        let page = city.client(&one).get("/office/money/refunds").await.expect(200).text();
        assert!(page.contains("Lập lệnh chi 1 khoản"), "{page}");
        let order =
            city.client(&one).submit("/office/money/refunds", &[("unit", UNIT), ("route", "bank")]).await.expect(303);
        let order = order.location().split('?').next().unwrap().to_owned();
        assert!(city.client(&one).get(&order).await.expect(200).text().contains("một người khác phải duyệt"));
        city.client(&one).submit(&order, &[("decision", "approve")]).await.expect(403);
        city.client(&other).english().get(&order).await.expect(200);
        city.client(&other).submit(&order, &[("decision", "approve")]).await.expect(303);
        city.client(&other).get(&format!("{order}/payment.xml")).await.expect(200);
        // The day.
        let day = |d: &'static str| [("unit", UNIT), ("day-day", d), ("day-month", "11"), ("day-year", "2026")];
        city.client(&one).submit("/office/money/transfers", &day("")).await.expect(422);
        city.client(&one).submit("/office/money/transfers", &day("25")).await.expect(422);
        let closing = city.client(&one).submit("/office/money/transfers", &day("20")).await.expect(303);
        let closing = closing.location().split('?').next().unwrap().to_owned();
        let shown = city.client(&one).get(&closing).await.expect(200).text();
        assert!(shown.contains("32.000") && shown.contains("Lập ủy nhiệm chi"), "{shown}");
        city.client(&one).english().get(&closing).await.expect(200);
        city.client(&one).submit("/office/money/transfers", &day("20")).await.expect(422);
        let order = city.client(&one).submit(&closing, &[]).await.expect(303);
        city.client(&one).get(order.location()).await.expect(200);
        // The register, and a replacement from the charge's page.
        let register = format!("/office/money/receipts?unit={UNIT}&year=2026");
        assert!(city.client(&one).get(&register).await.expect(200).text().contains("0000001"));
        let receipt = crate::receipt(&city.app.db, made.id).await.unwrap().unwrap();
        let replace = format!("/office/money/receipts/{}", receipt.id);
        assert!(city.client(&one).get(&made.path()).await.expect(200).text().contains(&replace));
        city.client(&one).submit(&replace, &[("reason", "ghi sai")]).await.expect(303);
        assert!(city.client(&payer).get(&made.path()).await.expect(200).text().contains("Đã thay thế"));
        all(&city, &one).await;
    })
    .await;
}
