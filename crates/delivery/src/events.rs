//! What happens to deliveries, as others hear it. No recipient, telephone or address is told.

use serde::{Deserialize, Serialize};
use songhan_base::Id;
use songhan_db::Event;

use crate::delivery::{Delivery, State};
use crate::wish::Way;

/// A way was chosen, or a result got to another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryChanged {
    pub case: Id,
    pub code: String,
    pub unit: String,
    pub account: Id,
    pub way: Way,
    pub state: State,
    /// The state before; `None` where it is chosen for the first time.
    pub before: Option<State>,
    /// Số hiệu bưu gửi, of what was handed over.
    pub number: Option<String>,
    /// Id of the carrier.
    pub service: Option<String>,
}

impl DeliveryChanged {
    pub(crate) fn of(delivery: &Delivery, before: Option<State>) -> Self {
        Self {
            case: delivery.case_id,
            code: delivery.code.clone(),
            unit: delivery.unit.clone(),
            account: delivery.account,
            way: delivery.way,
            state: delivery.state,
            before,
            number: delivery.number.clone(),
            service: delivery.service.clone(),
        }
    }
}

impl Event for DeliveryChanged {
    const KIND: &'static str = "delivery.delivery_changed";

    fn subject(&self) -> String {
        format!("dossier:{}", self.code)
    }
}
