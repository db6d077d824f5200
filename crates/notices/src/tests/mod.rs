//! Tests over the database, on both engines.

mod mail;
mod told;

use jiff::civil::date;
use songhan_base::{Id, Lang, Money};
use songhan_identity::{NewAccount, create_account};
use songhan_testkit::TestCity;

use crate::{Args, New, notify};

/// Texts of a kind that only tests have.
pub const TEXTS: &[(Lang, &str)] = &[
    (Lang::Vi, "notice-paid = Đã nhận { $amount }\nnotice-paid-body = Hồ sơ { $code } hẹn trả ngày { $due }.\n"),
    (Lang::En, "notice-paid = { $amount } received\nnotice-paid-body = Dossier { $code } is due on { $due }.\n"),
];

pub fn modules() -> Vec<songhan_app::Module> {
    let texts = songhan_app::Module { name: "texts", texts: TEXTS, ..Default::default() };
    vec![songhan_identity::module(), crate::module(), texts]
}

/// Makes a person who reads `lang`; `n` makes it another one.
pub async fn person(city: &TestCity, n: u32, lang: Lang, email: Option<&str>) -> Id {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    let new = NewAccount {
        name: "Nguyễn Thị Lan".into(),
        citizen_id: format!("04819000{n:04}").try_into().unwrap(),
        date_of_birth: date(1990, 5, 4),
        phone: None,
        email: email.map(str::to_owned),
        address: None,
        area: None,
        lang,
        password: None,
    };
    let id = create_account(&mut tx, &cx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub fn paid() -> New {
    let args = Args::new()
        .text("code", "000.00.15.H17-261120-0001")
        .money("amount", Money(8_000))
        .day("due", date(2026, 11, 25));
    New { kind: "paid", subject: "dossier:1".into(), args, link: Some("/track/000.00.15.H17-261120-0001".into()) }
}

/// Tells someone that their money came.
pub async fn tell(city: &TestCity, account: Id) -> Id {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    let id = notify(&mut tx, &cx, account, paid()).await.unwrap();
    tx.commit().await.unwrap();
    id
}
