//! Tests over the database, on both engines.

mod channels;
mod mail;
mod migration;
mod person;
mod preferences;
mod push;
mod told;
mod verified;

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
    with_phone(city, n, lang, email, None).await
}

/// The same with a telephone.
pub async fn with_phone(city: &TestCity, n: u32, lang: Lang, email: Option<&str>, phone: Option<&str>) -> Id {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    let new = NewAccount {
        name: "Nguyễn Thị Lan".into(),
        citizen_id: format!("04819000{n:04}").try_into().unwrap(),
        date_of_birth: date(1990, 5, 4),
        phone: phone.map(str::to_owned),
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

/// Sections that point every channel at an address; SMS and Zalo are configured as in a demonstration.
pub fn sections(origin: &str) -> serde_json::Value {
    let mut all: serde_json::Map<_, _> = crate::demo_sections(origin).into_iter().collect();
    all.insert("demo".to_owned(), true.into());
    all["zalo"]["templates"]["paid"] =
        serde_json::json!({ "id": "900009", "data": { "ma": "code", "tien": "amount", "ten": "name", "han": "due" } });
    all.into()
}

/// A port whose router is set later.
struct Door {
    origin: String,
    router: std::sync::Arc<std::sync::Mutex<Option<axum::Router>>>,
}

impl Door {
    async fn open() -> Self {
        use tower::ServiceExt as _;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = std::sync::Arc::new(std::sync::Mutex::new(None::<axum::Router>));
        let behind = router.clone();
        let answer = move |request: axum::extract::Request| {
            let router = behind.lock().unwrap().clone().unwrap();
            async move { router.oneshot(request).await.unwrap() }
        };
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await.unwrap() });
        Self { origin, router }
    }

    fn lead_to(&self, router: axum::Router) {
        *self.router.lock().unwrap() = Some(router);
    }
}

/// A city and stand-ins, which tell each other; new ones for each database. (Ids repeat from one to the other.)
pub async fn with_stand_ins<F, Fut>(test: F)
where
    F: Fn(TestCity, String) -> Fut,
    Fut: Future<Output = ()>,
{
    let (front, back) = (Door::open().await, Door::open().await);
    songhan_testkit::for_each_database_with(sections(&back.origin), modules(), |city| {
        let listen = "127.0.0.1:0".parse().unwrap();
        let options = songhan_sandbox::Options::demo(listen, front.origin.clone());
        back.lead_to(songhan_sandbox::router(options, city.app.env.clone()).unwrap());
        front.lead_to(city.router());
        test(city, back.origin.clone())
    })
    .await;
}

/// What a stand-in has taken.
pub async fn taken(url: &str) -> Vec<serde_json::Value> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    client.get(url).send().await.unwrap().json().await.unwrap()
}

/// Says that the account's number is proven, and that it wants these channels for everything.
pub async fn wants(city: &TestCity, account: Id, phone: Option<&str>, channels: &[crate::Channel]) {
    let cx = city.system();
    let mut tx = cx.begin().await.unwrap();
    if let Some(phone) = phone {
        crate::store::set_verified(&mut tx, account, crate::Channel::Sms, phone).await.unwrap();
    }
    for topic in crate::Topic::ALL {
        for channel in crate::Channel::OUT {
            crate::store::set_preference(&mut tx, account, topic, channel, channels.contains(&channel)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// Channel, state and attempts of every delivery.
pub async fn deliveries(city: &TestCity) -> Vec<(String, String, i64)> {
    let rows = songhan_db::query("SELECT channel, state, attempts FROM deliveries ORDER BY id, channel");
    rows.fetch_all(&city.app.db).await.unwrap()
}

/// Waits until a report has come in: the stand-ins tell in the background.
pub async fn until(city: &TestCity, state: &str) {
    for _ in 0..500 {
        if deliveries(city).await.iter().any(|(_, is, _)| is == state) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no delivery became {state}: {:?}", deliveries(city).await);
}
