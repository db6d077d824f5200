//! Bản sao điện tử có chứng thực: what a counter has scanned from an original, under the seal of the unit that compared
//! them, with a stamp that says so and the number in its register.
//!
//! A PDF is sealed as it is; a picture is set on a page of its own first. Nothing of the scan is changed.

use jiff::Timestamp;
use serde_json::json;
use songhan_app::Cx;
use songhan_base::{Id, Internal};

use crate::issued::{Document, Prepared, kept, unit_name};
use crate::sign::{self, Appearance, Level, SignError, SignRequest};
use crate::typeset::printable;
use crate::{files, signing, store};

/// Name of the documents' kind.
pub const TEMPLATE: &str = "electronic-copy";
/// Where the stamp stands on the first page: left, bottom, right, top in points.
const STAMP: [f32; 4] = [28.0, 24.0, 255.0, 109.0];

/// What is certified, and by whom.
pub struct Copied {
    /// Its id, taken beforehand: the stamp names its verify page.
    pub id: Id,
    pub upload: Id,
    pub title: String,
    /// Số chứng thực.
    pub number: String,
    pub subject: String,
    pub unit: String,
    pub holder: Id,
    pub holder_name: String,
    /// Who compared it with the original.
    pub officer: String,
}

/// Whether a scan can be sealed: a PDF that can be added to, or a picture that can be set.
pub async fn can_be_sealed(cx: &Cx, upload: Id) -> Result<bool, Internal> {
    Ok(page_of(cx, upload).await?.is_some())
}

/// Stamps and seals a scan; `None` where its file can be neither read nor set.
pub async fn seal_copy(cx: &Cx, copied: Copied) -> Result<Option<Prepared>, Internal> {
    let Some(bytes) = page_of(cx, copied.upload).await? else { return Ok(None) };
    let now = cx.now();
    let sealed = match sealed(cx, &copied, &bytes, now).await? {
        Ok(sealed) => sealed,
        Err(SignError::Pdf(_) | SignError::Unsuitable(_)) => return Ok(None),
        Err(error) => return Err(Internal::new(error)),
    };
    Ok(Some(Prepared(Document {
        template: TEMPLATE.to_owned(),
        title: copied.title,
        number: Some(copied.number),
        subject: copied.subject,
        signer_name: Some(copied.officer),
        holder: Some(copied.holder),
        holder_name: copied.holder_name,
        ..kept(cx, copied.id, &copied.unit, sealed, now).await?
    })))
}

/// The scan as a PDF that can be added to.
async fn page_of(cx: &Cx, upload: Id) -> Result<Option<Vec<u8>>, Internal> {
    let Some(upload) = store::upload(&cx.db, upload).await? else { return Ok(None) };
    let bytes = files::get(&cx.app, &upload.sha256).await?;
    let typesetter = signing::typesetter(cx);
    let (name, today) = (printable(&upload.name), cx.today().to_string());
    let made = tokio::task::spawn_blocking(move || {
        if upload.mime == "application/pdf" {
            return sign::can_be_added_to(&bytes).then_some(bytes);
        }
        typesetter.picture("scan", &json!({ "title": name, "date": today }), bytes).ok().map(|pdf| pdf.bytes)
    });
    made.await.map_err(Internal::new)
}

async fn sealed(
    cx: &Cx,
    copied: &Copied,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Result<Vec<u8>, SignError>, Internal> {
    let unit_name = unit_name(cx, &copied.unit);
    let when = now.to_zoned(cx.zone.clone()).strftime("%d/%m/%Y").to_string();
    let look = json!({ "agency": unit_name, "number": copied.number, "officer": printable(&copied.officer), "day": when,
        "verify_code": copied.id.to_string() });
    let typesetter = signing::typesetter(cx);
    let drawn = tokio::task::spawn_blocking(move || typesetter.set("copy-stamp", &look)).await;
    let drawing = drawn.map_err(Internal::new)?.map_err(Internal::new)?.bytes;
    let authority = signing::authority(&cx.app).await?;
    let signer = signing::unit_signer(cx, &authority, &copied.unit, &unit_name, now).await?;
    let city = cx.city.manifest().name.vi.clone();
    let request = SignRequest {
        field: "seal",
        reason: "Chứng thực bản sao điện tử từ bản chính",
        location: Some(&city),
        appearance: Some(Appearance { page: 1, rect: STAMP, drawing: &drawing }),
        level: Level::Archival,
    };
    Ok(sign::sign(bytes, &request, &*signer, Some(&authority.timestamper()), now).await)
}
