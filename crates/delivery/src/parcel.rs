//! Bưu gửi and bảng kê: what the carrier took, and the list by which it took it.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::At;

/// How a parcel's way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<'a> {
    /// Đã phát.
    Delivered,
    /// Chuyển hoàn, with the reason.
    CameBack(&'a str),
    /// Ghi nhầm: it was not handed over after all.
    Withdrawn,
}

/// A row of `delivery_parcels`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Parcel {
    pub id: Id,
    pub manifest: Id,
    pub case_id: Id,
    pub code: String,
    pub title: String,
    pub account: Id,
    pub number: String,
    pub recipient: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// `handed_over`, `delivered`, `came_back` or `withdrawn`.
    pub state: String,
    pub reason: Option<String>,
    pub handed_over_at: At,
    pub ended_at: Option<At>,
}

/// A row of `delivery_manifests`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Manifest {
    pub id: Id,
    pub unit: String,
    /// Counted within the unit's year: `12/2026`.
    pub number: String,
    /// Id of the carrier.
    pub service: String,
    /// The label of who handed over.
    pub officer: String,
    pub officer_name: String,
    pub handed_over_at: At,
}
