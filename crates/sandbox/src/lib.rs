//! Stand-ins for outside systems, for demonstration and tests: a VNPay gateway, MoMo, a bank, an SMS gateway, Zalo, a push
//! service, the national portal.
//!
//! A process of its own, so that the city meets them as it will meet the real ones: by HTTP, with signatures, retries
//! and redirects. Written from the protocols' documents and not from the city's code, whose mistakes it must not
//! share. No money moves here; every page says so.

mod bank;
mod deliver;
mod emv;
mod gateway;
mod momo;
mod national;
mod page;
mod push;
mod sign;
mod sms;
mod statement;
mod zalo;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use songhan_base::Env;

/// What the stand-ins are started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; [`serve_on`] takes an open listener instead.
    pub listen: SocketAddr,
    /// Address of the city: `http://127.0.0.1:8080`.
    pub target: String,
    /// Mã website of the city at the gateway.
    pub tmn_code: String,
    /// Secret that city and gateway share.
    pub vnpay_secret: String,
    /// Mã đối tác of the city at MoMo.
    pub momo_partner: String,
    pub momo_access_key: String,
    /// Secret that city and MoMo share.
    pub momo_secret: String,
    /// Secret that city and bank share.
    pub bank_secret: String,
}

impl Options {
    /// What the demonstration's city expects: a secret that everyone knows, and that a city refuses otherwise.
    pub fn demo(listen: SocketAddr, target: impl Into<String>) -> Self {
        let secret = || "mo-phong-khong-co-tien-that".to_owned();
        Self {
            listen,
            target: target.into(),
            tmn_code: "MOPHONG1".to_owned(),
            vnpay_secret: secret(),
            momo_partner: "MOPHONG2".to_owned(),
            momo_access_key: "mo-phong".to_owned(),
            momo_secret: secret(),
            bank_secret: secret(),
        }
    }
}

/// The running stand-ins.
pub(crate) struct Sandbox {
    options: Options,
    env: Env,
    http: reqwest::Client,
    orders: Mutex<HashMap<String, gateway::Order>>,
    momo: momo::Wallet,
    credits: Mutex<Vec<statement::Credit>>,
    sms: sms::Inbox,
    zalo: zalo::Account,
    national: national::Portal,
    push: push::Service,
    sign: sign::Provider,
}

impl Sandbox {
    fn orders(&self) -> MutexGuard<'_, HashMap<String, gateway::Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens and serves until the process ends.
pub async fn serve(options: Options) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(options.listen).await?;
    serve_on(listener, options, Env::real()).await
}

/// Serves on an open listener, with a clock of the caller's.
pub async fn serve_on(listener: tokio::net::TcpListener, options: Options, env: Env) -> anyhow::Result<()> {
    axum::serve(listener, router(options, env)?).await?;
    Ok(())
}

/// In a test: serves on a free port for as long as the test runs, and answers the address.
pub async fn on_a_free_port() -> anyhow::Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let listen = listener.local_addr()?;
    tokio::spawn(serve_on(listener, Options::demo(listen, "http://127.0.0.1:1"), Env::real()));
    Ok(format!("http://{listen}"))
}

/// In a test: says `confirm` or `decline` on the telephone to the newest request that waits for a signature.
pub async fn answer_on_telephone(origin: &str, answer: &str) -> anyhow::Result<()> {
    let http = deliver::client(origin)?;
    let page = http.get(format!("{origin}/sign/phone")).send().await?.text().await?;
    let (_, newest) = page.split_once("action=\"/sign/phone/").context("nothing waits for a signature")?;
    let (request, _) = newest.split_once('"').context("the telephone's page has changed")?;
    let form = http.post(format!("{origin}/sign/phone/{request}")).form(&[("answer", answer)]);
    let status = form.send().await?.status();
    anyhow::ensure!(status.as_u16() == 303, "the telephone answers {status}");
    Ok(())
}

/// All pages and interfaces of the stand-ins.
pub fn router(mut options: Options, env: Env) -> anyhow::Result<Router> {
    options.target.truncate(options.target.trim_end_matches('/').len());
    let http = deliver::client(&options.target)?;
    let sign = sign::Provider::new(env.now());
    let sandbox = Sandbox {
        options,
        env,
        http,
        orders: Mutex::default(),
        momo: momo::Wallet::default(),
        credits: Mutex::default(),
        sms: sms::Inbox::default(),
        zalo: zalo::Account::default(),
        national: national::Portal::default(),
        push: push::Service::default(),
        sign,
    };
    Ok(Router::new()
        .route("/", get(home))
        .route("/style.css", get(page::style))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/paymentv2/vpcpay.html", get(gateway::show))
        .route("/paymentv2/decide", post(gateway::decide))
        .route("/merchant_webapi/api/transaction", post(gateway::query))
        .route("/v2/gateway/api/create", post(momo::create))
        .route("/v2/gateway/api/query", post(momo::query))
        .route("/v2/gateway/api/refund", post(momo::refund))
        .route("/v2/gateway/pay", get(momo::show))
        .route("/v2/gateway/decide", post(momo::decide))
        .route("/bank", get(bank::show))
        .route("/bank/pay", post(bank::pay))
        .route("/bank/statement.csv", get(statement::bank))
        .route("/merchant/day.csv", get(statement::gateway))
        .route("/momo/day.csv", get(statement::momo))
        .route("/sms", get(sms::show))
        .route("/sms/send", post(sms::send))
        .route("/sms/messages", get(sms::list))
        .route("/zalo", get(zalo::show))
        .route("/zalo/oa/access_token", post(zalo::renew))
        .route("/zalo/message/template", post(zalo::send))
        .route("/zalo/messages", get(zalo::list))
        .route("/zalo/revoke", post(zalo::revoke))
        .route("/national", get(national::show))
        .route("/national/mapi/login", post(national::log_in))
        .route("/national/mapi/g", post(national::serve))
        .route("/national/change", post(national::change))
        .route("/national/dossiers", get(national::list))
        .route("/sign/csc/v2/{group}/{method}", post(sign::call))
        .route("/sign/ca.crl", get(sign::revoked))
        .route("/sign/phone", get(sign::phone))
        .route("/sign/phone/{request}", post(sign::answer))
        .route("/push/{address}", post(push::send).get(push::list))
        .layer(axum::middleware::from_fn(page::headers))
        .with_state(Arc::new(sandbox)))
}

async fn home() -> Html<String> {
    page::page(
        "Hệ thống mô phỏng / Simulated systems",
        "<h1>Hệ thống mô phỏng <span lang=\"en\">Simulated systems</span></h1>\
         <p>Trang này đóng vai ngân hàng, cổng thanh toán, ví MoMo, cổng SMS, Zalo và Cổng quốc gia để trình diễn và kiểm thử.\
         <span lang=\"en\">This site plays the bank, the payment gateway, MoMo, the SMS gateway, Zalo and the national portal, for demonstrations and\
         tests.</span></p>\
         <p><a class=\"button\" href=\"/bank\">Ứng dụng ngân hàng / Bank app</a></p>\
         <p><a class=\"button plain\" href=\"/sms\">SMS</a></p><p><a class=\"button plain\" href=\"/zalo\">Zalo</a></p>\
         <p><a class=\"button plain\" href=\"/national\">Cổng quốc gia / National portal</a></p>",
    )
}
