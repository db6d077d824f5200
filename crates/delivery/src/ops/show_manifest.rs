//! Show a list of parcels (bảng kê bưu gửi): what was handed over to the carrier at one time.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use songhan_app::{Cx, IntoProblem, Path, Problem};
use songhan_base::{Id, Internal};

use super::{is_of, log_reading};
use crate::service::PostalServices;
use crate::store;

/// Bảng kê bưu gửi.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ParcelManifest)]
pub struct ManifestView {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// Counted within the unit's year.
    #[schema(example = "12/2026")]
    pub number: String,
    #[schema(example = "ubnd-hai-chau")]
    pub unit: String,
    /// The carrier's name.
    #[schema(example = "Bưu điện Việt Nam (VNPost)")]
    pub service_name: String,
    /// Who handed over.
    #[schema(example = "Lê Văn Bình")]
    pub officer_name: String,
    #[schema(value_type = String, format = "date-time")]
    pub handed_over_at: Timestamp,
    pub parcels: Vec<Line>,
}

/// A line of it, as it was handed over.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ParcelManifestLine)]
pub struct Line {
    /// Code of the dossier.
    #[schema(example = "000.00.15.H17-261121-0001")]
    pub dossier: String,
    #[schema(example = "EA123456789VN")]
    pub number: String,
    #[schema(example = "Nguyễn Thị Lan")]
    pub recipient: Option<String>,
    #[schema(example = "0905 123 456")]
    pub phone: Option<String>,
    #[schema(example = "Số 27 đường Lê Lợi, phường Hải Châu, thành phố Đà Nẵng")]
    pub address: Option<String>,
    /// `handed_over`, `delivered`, `came_back` or `withdrawn` (written by mistake).
    #[schema(example = "handed_over")]
    pub state: String,
    /// Why it came back.
    pub reason: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("there is no such list of parcels, or it is not of a unit of yours")]
    NotFound,
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found("manifest"),
            Self::Internal(error) => error.into(),
        }
    }
}

/// A list of a unit of the actor's. Reading the addresses on it is logged.
pub async fn show_manifest(cx: &Cx, id: &str) -> Result<ManifestView, Rejection> {
    let id: Id = id.parse().map_err(|_| Rejection::NotFound)?;
    let manifest = store::manifest(&cx.db, id).await?.filter(|one| is_of(cx, &one.unit));
    let manifest = manifest.ok_or(Rejection::NotFound)?;
    let parcels = store::parcels_on(&cx.db, id).await?;
    let read: Vec<(Id, &str)> = parcels.iter().map(|parcel| (parcel.account, parcel.code.as_str())).collect();
    log_reading(cx, &read).await?;
    let service = cx.city.get::<PostalServices>().get(&manifest.service);
    let line = |parcel: crate::parcel::Parcel| Line {
        dossier: parcel.code,
        number: parcel.number,
        recipient: parcel.recipient,
        phone: parcel.phone,
        address: parcel.address,
        state: parcel.state,
        reason: parcel.reason,
    };
    Ok(ManifestView {
        id: manifest.id,
        number: manifest.number,
        unit: manifest.unit,
        service_name: service.map_or(manifest.service, |service| service.name.get(cx.lang).to_owned()),
        officer_name: manifest.officer_name,
        handed_over_at: manifest.handed_over_at.0,
        parcels: parcels.into_iter().map(line).collect(),
    })
}

/// A list of parcels.
#[utoipa::path(get, path = "/api/v1/parcel-manifests/{id}", operation_id = "show_parcel_manifest", tag = "parcels",
    params(("id" = String, Path, description = "Id of the list", example = "019aa4a0-7c00-7000-8000-000000000001")),
    responses(
        (status = 200, body = ManifestView, description = "What was handed over"),
        (status = 404, description = "No such list, or not of your unit"),
    ))]
pub async fn handler(cx: Cx, Path(id): Path<String>) -> Result<Json<ManifestView>, Problem> {
    show_manifest(&cx, &id).await.map(Json).map_err(IntoProblem::into_problem)
}
