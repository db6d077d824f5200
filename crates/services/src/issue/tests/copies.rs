//! Originals that the counter scanned become sealed copies with a number of the register.

use super::*;
use crate::dossier::Paper;

/// A picture of two by two points.
const PNG: &str = "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001149444154789c63f80f060c020a\
     06400400412f06bbb7c747c90000000049454e44ae426082";

#[tokio::test]
async fn what_was_compared_and_scanned_is_certified() {
    for_each_database(modules(), |city| async move {
        let story = story(&city).await;
        let cx = city.cx(&story.binh);
        let dossier = crate::store::by_code(&cx.db, &story.code).await.unwrap().unwrap();
        let filled = songhan_documents::paper::Application { date: cx.today(), ..Default::default() };
        let pdf = songhan_documents::print(&cx, songhan_documents::paper::Paper::Application(Box::new(filled)));
        let scans = [
            ("can-cuoc.pdf", pdf.await.unwrap()),
            ("so-ho-khau.png", data_encoding::HEXLOWER.decode(PNG.as_bytes()).unwrap()),
            ("hong.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n".to_vec()),
        ];
        let mut papers = Vec::new();
        for (name, bytes) in scans {
            let upload = songhan_documents::take(&cx, name, bytes).await.unwrap();
            let sent = Paper::sent(upload.id, "other", name);
            papers.push(Paper { seen: Some("original".to_owned()), digitisation: 1, ..sent });
        }
        let copy = Paper { seen: Some("copy".to_owned()), ..papers[0].clone() };
        for _ in 0..2 {
            let mut tx = cx.begin().await.unwrap();
            copy::promise(&mut tx, &cx, &dossier, &papers, UNIT).await.unwrap();
            copy::promise(&mut tx, &cx, &dossier, std::slice::from_ref(&copy), UNIT).await.unwrap();
            tx.commit().await.unwrap();
            city.settle().await;
        }
        let made = story.papers("electronic-copy").await;
        let mut numbers: Vec<_> = made.iter().filter_map(|paper| paper.number.as_deref()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["1/SCT-BSĐT-UBND", "2/SCT-BSĐT-UBND"], "what cannot be sealed takes no number");
        for paper in &made {
            assert_eq!(paper.signer_name.as_deref(), Some("Lê Văn Bình"));
            let seen = city.visitor().get(&format!("/verify/{}", paper.id)).await.expect(200).text();
            assert!(seen.contains("Bản sao điện tử") && seen.contains("SCT-BSĐT"), "{seen}");
        }
        let desk = format!("/office/dossiers/{}", story.code);
        let page = story.officer.clone().get(&desk).await.expect(200).text();
        assert!(page.contains("Bản sao điện tử: can-cuoc.pdf"), "{page}");
    })
    .await;
}
