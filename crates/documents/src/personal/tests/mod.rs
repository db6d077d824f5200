//! People sign at the stand-in of a provider: what a crash leaves behind, and what an erased person does.

mod crash;
mod erasure;

use jiff::civil::date;
use songhan_testkit::{TestCity, for_each_database_with};

use super::*;
use crate::paper::{Application, Verification};

const NAME: &str = "Nguyễn Thị Lan";

/// On both databases, with a telephone at the address that `test` is given.
async fn with_telephone<F, Fut>(test: F)
where
    F: Fn(TestCity, String) -> Fut,
    Fut: Future<Output = ()>,
{
    let origin = songhan_sandbox::on_a_free_port().await.unwrap();
    let sections: serde_json::Map<_, _> = demo_sections(&origin, &origin).into_iter().collect();
    for_each_database_with(sections.into(), vec![crate::module()], |city| test(city, origin.clone())).await;
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
            verify: Verification {
                qr: Some(format!("https://dichvucong.example/verify/{id}")),
                verify_code: Some(id.to_string()),
            },
            ..Application::default()
        }))
    };
    request_signature(cx, asked, paper).await
}

async fn confirm(origin: &str) {
    songhan_sandbox::answer_on_telephone(origin, "confirm").await.unwrap();
}

async fn all_of(city: &TestCity, account: Id) -> Vec<PersonalSignature> {
    store::signatures_of(&city.app.db, account, 100).await.unwrap()
}
