//! Where a result is on its way back.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::At;

use crate::wish::{Recipient, Way};

/// Trạng thái trả kết quả.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryState)]
pub enum State {
    /// The way is chosen; there is no result yet, or none that is sent.
    Chosen,
    /// Chờ giao bưu chính: the result is there.
    Ready,
    /// Đã giao bưu chính.
    HandedOver,
    /// Đã phát.
    Delivered,
    /// Chuyển hoàn: it came back, and is sent again or collected.
    CameBack,
    /// Đã nhận tại quầy.
    Collected,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Chosen, Self::Ready, Self::HandedOver, Self::Delivered, Self::CameBack, Self::Collected];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Ready => "ready",
            Self::HandedOver => "handed_over",
            Self::Delivered => "delivered",
            Self::CameBack => "came_back",
            Self::Collected => "collected",
        }
    }

    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// The carrier may take it.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Ready | Self::CameBack)
    }
}

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::of(&text).ok_or_else(|| format!("{text:?} is no state of a delivery"))
    }
}

/// A row of `result_deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    pub case_id: Id,
    /// The code of the case.
    pub code: String,
    pub title: String,
    /// Code of the unit that hands the result over.
    pub unit: String,
    /// Who has chosen.
    pub account: Id,
    #[sqlx(try_from = "String")]
    pub way: Way,
    pub recipient: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    #[sqlx(try_from = "String")]
    pub state: State,
    /// The last parcel that was handed over.
    pub parcel: Option<Id>,
    /// Số hiệu bưu gửi of that parcel.
    pub number: Option<String>,
    /// Id of its carrier.
    pub service: Option<String>,
    /// Why it came back.
    pub reason: Option<String>,
    pub changed_at: At,
}

impl Delivery {
    /// To whom it goes by post; `None` where it does not, and where whoever it was for is forgotten.
    pub fn to(&self) -> Option<Recipient> {
        let (recipient, phone, address) = (self.recipient.clone()?, self.phone.clone()?, self.address.clone()?);
        (self.way == Way::Post).then_some(Recipient { recipient, phone, address })
    }

    pub fn is_by_post(&self) -> bool {
        self.way == Way::Post
    }
}
