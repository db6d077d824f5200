//! The VNPay gateway, protocol 2.1.0: the way there (`request`), what comes back (`reply`), asking (`query`),
//! giving back (`refund`); `exchange` is what the last two share.
//!
//! Source: "Tài liệu hướng dẫn tích hợp Cổng thanh toán VNPAY", PAY 2.1.0 and querydr. The gateway's word to our server
//! (IPN) settles a payment; the return of the browser only shows what is known.

pub mod exchange;
pub mod query;
pub mod refund;
pub mod reply;
pub mod request;
pub mod sign;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, fmt::strtime};

/// VNPay's clock, whatever the city's: GMT+7.
const CLOCK: Offset = Offset::constant(7);

/// `yyyyMMddHHmmss` in GMT+7.
pub fn stamp(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::fixed(CLOCK));
    strtime::format("%Y%m%d%H%M%S", &at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_in_gmt_plus_7() {
        let at: Timestamp = "2026-11-20T18:30:05Z".parse().unwrap();
        assert_eq!(stamp(at), "20261121013005");
    }
}
