//! Khóa ngày thu: what a unit has collected for the state budget up to a day, to be transferred as a whole.
//!
//! A charge enters one closing, after it was paid, and leaves by another when it was refunded afterwards. What was paid
//! and refunded between two closings enters neither.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use songhan_base::{Id, Money, Text};

use crate::receipt::LineKind;

words!(
    /// Trạng thái nộp ngân sách.
    ClosingState, "state of a closing" {
        /// Đã khóa, chờ lập ủy nhiệm chi.
        Closed = "closed",
        /// Đã lập ủy nhiệm chi.
        Ordered = "ordered",
        /// Đã nộp ngân sách.
        Transferred = "transferred",
    }
);

/// A closing, as the database holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "019aa4a0-7c00-7000-8000-000000000006", "unit": "ubnd-hai-chau", "day": "2026-11-20",
    "fees": 16000, "charges": 8000, "total": 24000, "count": 2, "state": "closed", "closed_name": "Lê Thị Thu",
    "closed_at": "2026-11-20T10:00:00Z", "transferred_at": null}))]
pub struct Closing {
    #[schema(value_type = String, format = Uuid)]
    pub id: Id,
    pub unit: String,
    /// The last day whose collections are in it.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Phí.
    #[schema(value_type = i64)]
    pub fees: Money,
    /// Lệ phí.
    #[schema(value_type = i64)]
    pub charges: Money,
    #[schema(value_type = i64)]
    pub total: Money,
    /// How many charges.
    pub count: i64,
    pub state: ClosingState,
    #[serde(skip)]
    pub closed_by: String,
    pub closed_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub closed_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub transferred_at: Option<Timestamp>,
}

/// A charge that enters or leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub charge: Id,
    pub is_in: bool,
    pub fees: Money,
    pub charges: Money,
}

/// Lines of charges (whose, what for, how much) added up by charge and kind.
pub fn add_up(lines: Vec<(Id, Text, Money)>, is_in: bool) -> Vec<Moved> {
    let mut sums: BTreeMap<Id, (Money, Money)> = BTreeMap::new();
    for (charge, name, amount) in lines {
        let sum = sums.entry(charge).or_default();
        match LineKind::of(&name) {
            LineKind::Fee => sum.0.0 += amount.0,
            LineKind::Charge => sum.1.0 += amount.0,
        }
    }
    sums.into_iter().map(|(charge, (fees, charges))| Moved { charge, is_in, fees, charges }).collect()
}

/// Everything that entered, less what can leave: never more than came, of either kind; the rest leaves by a later one.
pub fn net(entered: Vec<Moved>, left: Vec<Moved>) -> (Vec<Moved>, Money, Money) {
    let mut fees: i64 = entered.iter().map(|moved| moved.fees.0).sum();
    let mut charges: i64 = entered.iter().map(|moved| moved.charges.0).sum();
    let mut all = entered;
    for moved in left {
        if moved.fees.0 <= fees && moved.charges.0 <= charges {
            fees -= moved.fees.0;
            charges -= moved.charges.0;
            all.push(moved);
        }
    }
    (all, Money(fees), Money(charges))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use songhan_base::{Env, HeldClock};

    fn moved(env: &Env, is_in: bool, (fees, charges): (i64, i64)) -> Moved {
        Moved { charge: env.id(), is_in, fees: Money(fees), charges: Money(charges) }
    }

    proptest! {
        /// Never below zero, nothing that entered is lost, and what left is exactly what is missing.
        #[test]
        fn a_closing_adds_up(
            entered in prop::collection::vec((0_i64..50, 0_i64..50), 0..8), left in prop::collection::vec((0_i64..80, 0_i64..80), 0..8),
        ) {
            let env = Env::held(HeldClock::at("2026-11-20T02:00:00Z".parse().unwrap()), 3);
            let entered: Vec<_> = entered.into_iter().map(|sums| moved(&env, true, sums)).collect();
            let left: Vec<_> = left.into_iter().map(|sums| moved(&env, false, sums)).collect();
            let (all, fees, charges) = net(entered.clone(), left);
            prop_assert!(fees.0 >= 0 && charges.0 >= 0);
            prop_assert!(entered.iter().all(|moved| all.contains(moved)));
            let total = |moved: &Moved| moved.fees.0 + moved.charges.0;
            let sum: i64 = all.iter().map(|moved| if moved.is_in { total(moved) } else { -total(moved) }).sum();
            prop_assert_eq!(sum, fees.0 + charges.0);
        }
    }
}
