//! People sign at the stand-in of a provider: what a crash leaves behind, and what an erased person does.

mod crash;
mod erasure;

use jiff::civil::date;
use songhan_base::Env;
use songhan_testkit::{TestCity, for_each_database_with};

use super::*;
use crate::paper::Application;

const NAME: &str = "Nguyễn Thị Lan";

/// On both databases, with a telephone at the address that `test` is given.
async fn with_telephone<F, Fut>(test: F)
where
    F: Fn(TestCity, String) -> Fut,
    Fut: Future<Output = ()>,
{
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = listener.local_addr().unwrap();
    let origin = format!("http://{listen}");
    let options = songhan_sandbox::Options::demo(listen, "http://127.0.0.1:1");
    tokio::spawn(async move { songhan_sandbox::serve_on(listener, options, Env::real()).await.unwrap() });
    let sections: serde_json::Map<_, _> = demo_sections(&origin, &origin).into_iter().collect();
    let modules = vec![crate::module()];
    for_each_database_with(sections.into(), modules, |city| test(city, origin.clone())).await;
}

/// Asks for the signature of an account under something.
async fn ask(cx: &Cx, account: Id, subject: &str) -> Result<PersonalSignature, NotAsked> {
    let asked = Asked {
        account,
        name: NAME,
        number: "048190001234",
        subject: subject.to_owned(),
        version: 1,
        title: "Giấy đề nghị đăng ký hộ kinh doanh".to_owned(),
    };
    let paper = |id: Id| {
        Paper::Application(Box::new(Application {
            title: "Giấy đề nghị đăng ký hộ kinh doanh".to_owned(),
            applicant: NAME.to_owned(),
            date: date(2026, 11, 20),
            qr: Some(format!("https://dichvucong.example/verify/{id}")),
            verify_code: Some(id.to_string()),
            ..Application::default()
        }))
    };
    request_signature(cx, asked, paper).await
}

/// Says yes to every request that waits on the telephone.
async fn confirm(origin: &str) {
    let http = reqwest::Client::builder().tls_certs_only([]).redirect(reqwest::redirect::Policy::none()).build();
    let http = http.unwrap();
    let page = http.get(format!("{origin}/sign/phone")).send().await.unwrap().text().await.unwrap();
    for rest in page.split("action=\"/sign/phone/").skip(1) {
        let (id, _) = rest.split_once('"').unwrap();
        let answer = http
            .post(format!("{origin}/sign/phone/{id}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("answer=confirm")
            .send();
        assert_eq!(answer.await.unwrap().status().as_u16(), 303);
    }
}

async fn all_of(city: &TestCity, account: Id) -> Vec<PersonalSignature> {
    store::signatures_of(&city.app.db, account, 100).await.unwrap()
}
