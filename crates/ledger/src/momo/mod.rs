//! Ví MoMo, protocol v2 (`captureWallet`): beginning an order, asking, giving back (`api`), what comes back (`reply`).
//!
//! Source: developers.momo.vn, v3 documentation of `/v2/gateway/api/create`, `query`, `refund` and of the payment
//! notification. MoMo signs what it tells (IPN, return) and not what it answers: answers are believed because they come
//! over TLS from the address that is configured.

pub mod api;
pub mod reply;
pub mod sign;

use songhan_base::Money;

/// What one payment from a wallet may be, in đồng.
const AMOUNT_MIN: Money = Money(1_000);
const AMOUNT_MAX: Money = Money(50_000_000);

/// Whether a payment of this amount can be made, and given back.
pub const fn takes(amount: Money) -> bool {
    AMOUNT_MIN.0 <= amount.0 && amount.0 <= AMOUNT_MAX.0
}
