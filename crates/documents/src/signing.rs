//! Which key signs: the city's own authority, or a licensed provider where the configuration names one.
//!
//! Section `[signing]`: `provider = "city"` (default) or `"csc"` with `url`, `credential`, `token_file` (Cloud Signature
//! Consortium API v2). Section `[keys]`: `kek_file` puts the key that encrypts the others on another volume; `crl_base`
//! (`https://…/verify`) writes the address of the revocation lists into every certificate made from then on.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use songhan_app::{App, Cx, Problem};
use songhan_base::Internal;
use tokio::sync::OnceCell;

use crate::authority::{Authority, Options, Organisation, Person};
use crate::issued::Draft;
use crate::sign::{Appearance, Level, SignRequest, Signer, remote};
use crate::typeset::{Pdf, Typesetter};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Section {
    provider: Option<String>,
    url: Option<String>,
    credential: Option<String>,
    token_file: Option<PathBuf>,
    pin_file: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Keys {
    /// For [`App::key_encryption_key`].
    #[serde(rename = "kek_file")]
    _kek_file: Option<PathBuf>,
    crl_base: Option<String>,
}

/// The authority of this process, opened once.
#[derive(Default)]
struct Opened(OnceCell<Arc<Authority>>);

/// The city's certificate authority; made at the first start.
pub async fn authority(app: &App) -> Result<Arc<Authority>, Internal> {
    let opened = app.memory.get_or(Opened::default);
    let authority = opened.0.get_or_try_init(|| async {
        let keys: Keys = app.config.section("keys").map_err(Internal::new)?;
        let app = app.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let kek = app.key_encryption_key()?;
            let options = Options { city: app.city.manifest().name.vi.clone(), kek, crl_base: keys.crl_base };
            Authority::open(&app.keys_folder(), options, app.now()).map_err(Internal::new)
        });
        opened.await.map_err(Internal::new)?
    });
    authority.await.cloned()
}

/// The city's root certificate, for whoever verifies signatures with other software.
pub async fn root(cx: Cx) -> Result<Response, Problem> {
    let pem = authority(&cx.app).await?.root_pem();
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}

/// What the issuing authority has revoked as of now, for whoever verifies a paper long after it was signed.
pub async fn issuing_crl(cx: Cx) -> Result<Response, Problem> {
    let (authority, now) = (authority(&cx.app).await?, cx.now());
    let list = tokio::task::spawn_blocking(move || authority.issuing_crl(now)).await.map_err(Internal::new)?;
    Ok(crl(list.map_err(Internal::new)?))
}

/// The same of the root.
pub async fn root_crl(cx: Cx) -> Result<Response, Problem> {
    let authority = authority(&cx.app).await?;
    let list = tokio::task::spawn_blocking(move || authority.root_crl()).await.map_err(Internal::new)?;
    Ok(crl(list.map_err(Internal::new)?))
}

fn crl(list: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/pkix-crl"), (header::CACHE_CONTROL, "public, max-age=3600")], list)
        .into_response()
}

/// Sets papers with the city's templates before those that come with the software.
pub fn typesetter(cx: &Cx) -> Arc<Typesetter> {
    let folder = cx.city.clone();
    Arc::new(Typesetter::with_templates(move |name| {
        folder.folder().read(&format!("templates/{name}.typ")).map(str::to_owned)
    }))
}

/// The signed PDF of a draft.
pub async fn make(cx: &Cx, draft: &Draft, unit_name: &str, now: Timestamp) -> Result<Vec<u8>, Internal> {
    let authority = authority(&cx.app).await?;
    let typesetter = typesetter(cx);
    let set = {
        let (typesetter, paper) = (typesetter.clone(), draft.paper.clone());
        tokio::task::spawn_blocking(move || typesetter.paper(&paper)).await.map_err(Internal::new)?
    };
    let pdf = set.map_err(Internal::new)?;
    let place = cx.city.manifest().name.vi.clone();
    let mut bytes = pdf.bytes.clone();
    if let Some(leader) = &draft.leader {
        let when = now.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y %H:%M").to_string();
        let look = serde_json::json!({ "name": leader.name, "signed": when });
        let drawing = draw(&typesetter, "signature", look).await?;
        let person = Person {
            id: leader.account.to_string(),
            name: leader.name.clone(),
            title: leader.title.clone(),
            organisation: unit_name.to_owned(),
        };
        let authority = authority.clone();
        let signer = tokio::task::spawn_blocking(move || authority.person(&person, now)).await;
        let signer = signer.map_err(Internal::new)?.map_err(Internal::new)?;
        let at = Place { pdf: &pdf, field: "signature", drawing: &drawing, city: &place, level: Level::LongTerm };
        bytes = put(&authority_stamp(cx).await?, &bytes, at, &signer, now).await?;
    }
    let drawing = draw(&typesetter, "seal", serde_json::json!({ "agency": unit_name, "city": place })).await?;
    let signer = unit_signer(cx, &authority, &draft.unit, unit_name, now).await?;
    // The seal is the last: the timestamp over its evidence covers the leader's signature too.
    let at = Place { pdf: &pdf, field: "seal", drawing: &drawing, city: &place, level: Level::Archival };
    put(&authority_stamp(cx).await?, &bytes, at, &*signer, now).await
}

/// Where a signature goes, and what it looks like.
struct Place<'a> {
    pdf: &'a Pdf,
    field: &'a str,
    drawing: &'a [u8],
    city: &'a str,
    level: Level,
}

async fn authority_stamp(cx: &Cx) -> Result<crate::authority::LocalTimestamper, Internal> {
    Ok(authority(&cx.app).await?.timestamper())
}

/// One signature at the place that the paper keeps for it.
async fn put(
    stamper: &crate::authority::LocalTimestamper,
    bytes: &[u8],
    at: Place<'_>,
    signer: &dyn Signer,
    now: Timestamp,
) -> Result<Vec<u8>, Internal> {
    let Place { pdf, field, drawing, city, level } = at;
    let appearance = pdf.anchor(field).map(|anchor| Appearance { page: anchor.page, rect: anchor.rect, drawing });
    let request = SignRequest { field, reason: "Ban hành", location: Some(city), appearance, level };
    crate::sign::sign(bytes, &request, signer, Some(stamper), now).await.map_err(Internal::new)
}

async fn draw(typesetter: &Arc<Typesetter>, name: &'static str, data: serde_json::Value) -> Result<Vec<u8>, Internal> {
    let typesetter = typesetter.clone();
    let drawn = tokio::task::spawn_blocking(move || typesetter.set(name, &data)).await.map_err(Internal::new)?;
    Ok(drawn.map_err(Internal::new)?.bytes)
}

/// The unit's seal: from the licensed provider where one is configured.
pub async fn unit_signer(
    cx: &Cx,
    authority: &Arc<Authority>,
    unit: &str,
    name: &str,
    now: Timestamp,
) -> Result<Box<dyn Signer>, Internal> {
    let section: Section = cx.config.section("signing").map_err(Internal::new)?;
    match section.provider.as_deref() {
        None | Some("city") => {
            let organisation = Organisation { code: unit.to_owned(), name: name.to_owned() };
            let authority = authority.clone();
            let signer = tokio::task::spawn_blocking(move || authority.organisation(&organisation, now)).await;
            Ok(Box::new(signer.map_err(Internal::new)?.map_err(Internal::new)?))
        }
        Some("csc") => {
            let wanted = "configuration section [signing]: provider \"csc\" needs url, credential and token_file";
            let (Some(url), Some(credential), Some(token_file)) = (section.url, section.credential, section.token_file)
            else {
                return Err(Internal::new(wanted));
            };
            let token = tokio::fs::read_to_string(&token_file).await.map_err(Internal::new)?.trim().to_owned();
            let pin = match section.pin_file {
                Some(file) => Some(tokio::fs::read_to_string(&file).await.map_err(Internal::new)?.trim().to_owned()),
                None => None,
            };
            let settings = remote::Settings { url, credential, token, pin };
            let remote = remote::Remote::connect(reqwest::Client::new(), settings).await.map_err(Internal::new)?;
            Ok(Box::new(remote))
        }
        Some(other) => Err(Internal::new(format!(
            "configuration section [signing]: {other:?} is no provider; write \"city\" or \"csc\""
        ))),
    }
}
