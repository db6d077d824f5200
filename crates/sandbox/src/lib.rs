//! Stand-ins for outside systems, for demonstration and tests: a VNPay gateway, a bank, an SMS gateway, Zalo, a push
//! service.
//!
//! A process of its own, so that the city meets them as it will meet the real ones: by HTTP, with signatures, retries
//! and redirects. Written from the protocols' documents and not from the city's code, whose mistakes it must not
//! share. No money moves here; every page says so.

mod bank;
mod deliver;
mod emv;
mod gateway;
mod page;
mod push;
mod sms;
mod statement;
mod zalo;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Secret that city and bank share.
    pub bank_secret: String,
}

impl Options {
    /// What the demonstration's city expects: a secret that everyone knows, and that a city refuses otherwise.
    pub fn demo(listen: SocketAddr, target: impl Into<String>) -> Self {
        let secret = || "mo-phong-khong-co-tien-that".to_owned();
        let tmn_code = "MOPHONG1".to_owned();
        Self { listen, target: target.into(), tmn_code, vnpay_secret: secret(), bank_secret: secret() }
    }
}

/// The running stand-ins.
pub(crate) struct Sandbox {
    options: Options,
    env: Env,
    http: reqwest::Client,
    orders: Mutex<HashMap<String, gateway::Order>>,
    credits: Mutex<Vec<statement::Credit>>,
    sms: sms::Inbox,
    zalo: zalo::Account,
    push: push::Service,
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

/// All pages and interfaces of the stand-ins.
pub fn router(mut options: Options, env: Env) -> anyhow::Result<Router> {
    options.target.truncate(options.target.trim_end_matches('/').len());
    let http = deliver::client(&options.target)?;
    let sandbox = Sandbox {
        options,
        env,
        http,
        orders: Mutex::default(),
        credits: Mutex::default(),
        sms: sms::Inbox::default(),
        zalo: zalo::Account::default(),
        push: push::Service::default(),
    };
    Ok(Router::new()
        .route("/", get(home))
        .route("/style.css", get(page::style))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/paymentv2/vpcpay.html", get(gateway::show))
        .route("/paymentv2/decide", post(gateway::decide))
        .route("/merchant_webapi/api/transaction", post(gateway::query))
        .route("/bank", get(bank::show))
        .route("/bank/pay", post(bank::pay))
        .route("/bank/statement.csv", get(statement::bank))
        .route("/merchant/day.csv", get(statement::gateway))
        .route("/sms", get(sms::show))
        .route("/sms/send", post(sms::send))
        .route("/sms/messages", get(sms::list))
        .route("/zalo", get(zalo::show))
        .route("/zalo/oa/access_token", post(zalo::renew))
        .route("/zalo/message/template", post(zalo::send))
        .route("/zalo/messages", get(zalo::list))
        .route("/zalo/revoke", post(zalo::revoke))
        .route("/push/{address}", post(push::send).get(push::list))
        .layer(axum::middleware::from_fn(page::headers))
        .with_state(Arc::new(sandbox)))
}

async fn home() -> Html<String> {
    page::page(
        "Hệ thống mô phỏng / Simulated systems",
        "<h1>Hệ thống mô phỏng <span lang=\"en\">Simulated systems</span></h1>\
         <p>Trang này đóng vai ngân hàng, cổng thanh toán, cổng SMS và Zalo để trình diễn và kiểm thử.\
         <span lang=\"en\">This site plays the bank, the payment gateway, the SMS gateway and Zalo, for demonstrations and\
         tests.</span></p>\
         <p><a class=\"button\" href=\"/bank\">Ứng dụng ngân hàng / Bank app</a></p>\
         <p><a class=\"button plain\" href=\"/sms\">SMS</a></p><p><a class=\"button plain\" href=\"/zalo\">Zalo</a></p>",
    )
}
