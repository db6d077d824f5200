//! `songhan serve`: the city on one address, until told to stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use songhan_app::Worker;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::settings::Settings;
use crate::{demo, open, sandbox};

/// How long requests in flight may take after the stop was asked for.
const GRACE: Duration = Duration::from_secs(20);

pub async fn run(mut settings: Settings) -> Result<ExitCode> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another with --listen", settings.listen))?;
    let address = listener.local_addr()?;
    let public_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", reachable(address)));
    let public_url = public_url.trim_end_matches('/').to_owned();
    let gateway = if settings.demo { Some(demo_gateway(&mut settings, address, &public_url)?) } else { None };
    let server = open::system(&settings, public_url.clone()).await?;
    let app = server.app.clone();
    // Made at the first start, so that the first signature does not wait for keys.
    songhan_documents::authority(&app).await.context("cannot open the city's certificate authority")?;
    // Read at the start, so that the first visitor does not wait for two thousand procedures.
    songhan_procedures::Catalogue::of(&app).await.context("cannot read the catalogue of procedures")?;
    let fresh_demo = settings.demo && demo::people(&app).await?;
    let stop = CancellationToken::new();
    let worker = Worker::start(&app, stop.clone());
    songhan_maps::warm(&app);
    if fresh_demo && settings.demo_dossiers > 0 {
        let (app, count) = (app.clone(), settings.demo_dossiers);
        tokio::spawn(async move {
            if let Err(error) = demo::fill(&app, count).await {
                tracing::warn!("the demo was not filled with dossiers: {error:#}");
            }
        });
    }
    tracing::info!(%address, public_url, database = if app.db.is_postgres() { "postgres" } else { "sqlite" }, "serving");
    eprintln!("{} · {public_url}", app.city.manifest().name.vi);

    let service = server.router.into_make_service_with_connect_info::<SocketAddr>();
    let told = stop.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move { told.cancelled().await });
    let live = app.live.clone();
    let asked = async move {
        asked_to_stop().await;
        tracing::info!("stopping: no new requests, finishing what was begun");
        live.close();
        stop.cancel();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = async { serving.await } => done.context("the server stopped")?,
        () = asked => tracing::warn!("some requests did not end in time"),
    }
    worker.stop().await;
    app.db.close().await;
    drop(gateway);
    Ok(ExitCode::SUCCESS)
}

/// Starts the stand-ins and points the payment channels at them, unless the configuration says otherwise.
fn demo_gateway(settings: &mut Settings, address: SocketAddr, public_url: &str) -> Result<tokio::process::Child> {
    let port = std::net::TcpListener::bind((address.ip(), 0))?.local_addr()?.port();
    let listen = SocketAddr::new(address.ip(), port);
    let child = sandbox::start(listen, &format!("http://{}", reachable(address)))?;
    // People come to the stand-ins by the name under which they came to the city.
    let host = public_url.parse::<axum::http::Uri>().ok().and_then(|url| url.host().map(str::to_owned));
    let host = host.unwrap_or_else(|| reachable(address).ip().to_string());
    if let serde_json::Value::Object(sections) = &mut settings.sections {
        for (name, section) in songhan_ledger::demo_sections(&format!("http://{host}:{port}")) {
            sections.entry(name).or_insert(section);
        }
        // Messages go from machine to machine, whatever name people use.
        for (name, section) in songhan_notices::demo_sections(&format!("http://{}", reachable(listen))) {
            sections.entry(name).or_insert(section);
        }
        let people = format!("http://{host}:{port}");
        for (name, section) in
            songhan_documents::personal::demo_sections(&format!("http://{}", reachable(listen)), &people)
        {
            sections.entry(name).or_insert(section);
        }
        for (name, section) in songhan_national::demo_sections(&format!("http://{}", reachable(listen))) {
            sections.entry(name).or_insert(section);
        }
    }
    Ok(child)
}

/// Where this machine reaches a server that listens there.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address }
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
