//! Puts modules together: one router with every guard in place, one OpenAPI document, the system's own endpoints.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use jiff::tz::TimeZone;
use songhan_base::{Env, Internal, Lang};
use songhan_city::City;
use songhan_db::Db;
use songhan_pages::{Renderer, Texts, assets};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use utoipa::openapi::OpenApi;

use crate::cx::AppParts;
use crate::{
    Access, App, Config, Live, Memory, Module, Problem, Route, RouteKind, Schedule, context, guard, idempotency,
    openapi, telemetry,
};

/// What a system is started from.
pub struct Parts {
    pub db: Db,
    pub city: City,
    pub env: Env,
    pub config: Config,
    pub modules: Vec<Module>,
}

/// A system ready to serve.
pub struct Server {
    pub app: App,
    pub router: Router,
    pub openapi: OpenApi,
}

/// Pictures of maps are `data:` and `blob:`.
const CSP: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Lets other sites show a page in a frame. Only for a page that holds no form and is the same for everyone: whoever frames
/// it must not make a signed-in person press what they do not see.
pub fn framable(mut response: Response) -> Response {
    let policy = CSP.replace("frame-ancestors 'none'", "frame-ancestors *");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

impl Server {
    /// Migrates the database, compiles templates and texts, builds the router.
    pub async fn new(parts: Parts) -> Result<Self, Internal> {
        let Parts { db, city, env, config, mut modules } = parts;
        modules.push(own_module());
        for configured in modules.iter().filter_map(|m| m.configured) {
            configured(&config).map_err(Internal::new)?;
        }
        let migrations: Vec<_> = modules.iter().flat_map(|m| m.migrations.iter().copied()).collect();
        // The database makes its tables while this process compiles templates and routes.
        let migrated = tokio::spawn({
            let (db, env) = (db.clone(), env.clone());
            async move { songhan_db::migrate(&db, &env, &migrations).await }
        });
        let zone = city.manifest().time_zone.clone();
        let renderer = renderer(&city, &modules, &zone)?;
        let app = App::new(AppParts {
            db,
            city,
            env,
            config,
            renderer,
            live: Live::default(),
            zone,
            modules,
            memory: Memory::default(),
        });
        let openapi = openapi::document(&app)?;
        let router = router(&app, &openapi)?;
        migrated.await.map_err(Internal::new)??;
        Ok(Self { app, router, openapi })
    }
}

fn renderer(city: &City, modules: &[Module], zone: &TimeZone) -> Result<Renderer, Internal> {
    let sources = modules.iter().flat_map(|m| m.texts).map(|(lang, source)| (lang.tag(), *source));
    let texts = Texts::new(sources).map_err(Internal::new)?;
    let templates: Vec<_> = modules.iter().flat_map(|m| m.templates.iter().copied()).collect();
    let folder = city.clone();
    let lookup = move |name: &str| folder.folder().read(&format!("templates/{name}")).map(str::to_owned);
    Renderer::builder(texts, zone.clone()).templates(&templates).city(&lookup).build().map_err(Internal::new)
}

/// What the frame itself does: forget old answers, seal the audit log.
fn own_module() -> Module {
    let hour = Duration::from_secs(3600);
    Module {
        name: "app",
        schedules: vec![
            Schedule::new("seal_audit", Duration::from_secs(60), |cx| async move {
                songhan_db::seal_audit(&cx.db, &cx.env).await.map(drop)
            }),
            Schedule::new("forget_answers", hour, |cx| async move {
                let before = cx.now() - jiff::SignedDuration::from_hours(48);
                songhan_db::forget_answers(&cx.db, before).await.map(drop)
            }),
        ],
        routes: vec![Route::get("/language", language, Access::Public), Route::get("/design", design, Access::Public)],
        ..Module::default()
    }
}

fn router(app: &App, openapi: &OpenApi) -> Result<Router, Internal> {
    let mut router: Router<App> = Router::new();
    for route in app.modules.iter().flat_map(|m| &m.routes) {
        router = router.route(route.path(), guarded(route));
    }
    let document = serde_json::to_value(openapi).map_err(Internal::new)?;
    let handle = telemetry::recorder();
    let nosniff = HeaderValue::from_static("nosniff");
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Ok(router
        .fallback(|| async { Problem::not_found("page") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this address does not take that method")
        })
        .layer(from_fn_with_state(app.clone(), context::layer))
        .route("/api/openapi.json", axum::routing::get(move || async move { Json(document) }))
        .route("/healthz", axum::routing::get(healthz))
        .route("/metrics", axum::routing::get(move || async move { handle.render() }))
        .merge(assets::router())
        .layer(from_fn(telemetry::layer))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        // Whoever stops sending in the middle is told so (400).
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(20)))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Problem::from(Internal::new("a handler panicked")).into_response()
        }))
        .layer(header("content-security-policy", CSP))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("permissions-policy", "camera=(self), geolocation=(self), microphone=()"))
        .layer(header("cross-origin-opener-policy", "same-origin"))
        .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, nosniff))
        .with_state(app.clone()))
}

/// Bytes a second of the slowest line that we wait for.
const SLOWEST_LINE: usize = 16 * 1024;

/// A route behind its guard, its limit and, for the API, the idempotency layer.
fn guarded(route: &Route) -> axum::routing::MethodRouter<App> {
    let (access, required, limit) = (route.access.clone(), route.idempotent, route.body_limit);
    let mut router = route.router.clone();
    if route.kind == RouteKind::Api {
        router = router
            .layer(from_fn(move |request: Request, next: Next| idempotency::layer(required, limit, request, next)));
    }
    // What takes longer than a minute on our side is a 503; a large body may come over a slow line.
    let patience = Duration::from_secs(60 + (limit / SLOWEST_LINE) as u64);
    router
        .layer::<_, Infallible>(DefaultBodyLimit::max(limit))
        .layer::<_, Infallible>(from_fn(move |request: Request, next: Next| {
            guard::layer(access.clone(), limit, request, next)
        }))
        // Outermost: what the guard reads away of a refused body is bounded in time too.
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, patience))
}

/// Ready when the database answers.
async fn healthz(State(app): State<App>) -> Response {
    match app.db.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

#[derive(serde::Deserialize)]
struct Chosen {
    to: Option<String>,
    next: Option<String>,
}

/// The design system: every component on one page.
async fn design(cx: crate::Cx) -> Result<Response, Problem> {
    cx.page("design.html", crate::PageSpec::titled("Design system"), ()).await
}

/// Remembers the chosen language and goes back to the page.
async fn language(cx: crate::Cx, crate::Query(chosen): crate::Query<Chosen>) -> Response {
    use axum_extra::extract::cookie::{Cookie, SameSite};
    let lang = chosen.to.as_deref().and_then(Lang::from_tag).unwrap_or_default();
    let cookie = Cookie::build((context::LANG, lang.tag()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(cx.config.is_https())
        .permanent()
        .build();
    let mut response = crate::redirect(chosen.next.as_deref().unwrap_or("/"));
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
