//! What MoMo says of a payment: in an IPN, on the return of the browser, or when asked.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use percent_encoding::percent_decode;
use serde_json::Value;

use super::sign::{Fields, SIGNATURE, verify};
use crate::config::Momo;
use crate::gateway::Ending;
use crate::gateway::http::text;

/// The fields of its word that are signed.
const WORD: [&str; 12] = [
    "amount",
    "extraData",
    "message",
    "orderId",
    "orderInfo",
    "orderType",
    "partnerCode",
    "payType",
    "requestId",
    "responseTime",
    "resultCode",
    "transId",
];

/// What of it is worth keeping: nothing of the payer.
pub const KEPT: [&str; 4] = ["resultCode", "transId", "payType", "responseTime"];

/// The fields of an IPN, if it is signed; `None` otherwise.
pub fn genuine(momo: &Momo, word: &Value) -> Option<Fields> {
    let fields: Fields = WORD.iter().map(|name| (*name, text(word, name))).collect();
    verify(momo, &fields, &text(word, SIGNATURE)).then_some(fields)
}

/// The number of an attempt and how it ended, out of a signed address.
pub fn returned(momo: &Momo, raw: &str) -> Option<(String, Ending)> {
    let mut word = serde_json::Map::new();
    for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let value = value.replace('+', " ");
        let value = percent_decode(value.as_bytes()).decode_utf8().ok()?.into_owned();
        if word.insert(name.to_owned(), Value::String(value)).is_some() {
            return None;
        }
    }
    let fields = genuine(momo, &Value::Object(word))?;
    Some((fields["orderId"].clone(), ending(&fields["resultCode"])))
}

/// Reads `resultCode`. That money was not taken is believed of the codes that say so for good; what is none of them may
/// change yet: 1000 waits for the payer, 7000 and 7002 are being processed, 8000 and 9000 wait for a confirmation.
pub fn ending(code: &str) -> Ending {
    match code.parse::<u32>() {
        Ok(0) => Ending::Paid,
        // Balance, limits, refused or cancelled by the payer, the address ran out, the account's state; sign-in.
        Ok(1_001..=1_079 | 2_000..=4_999) => Ending::NotPaid,
        _ => Ending::Open,
    }
}

pub fn minimised(fields: &Fields) -> Value {
    let kept = KEPT.iter().filter_map(|name| {
        let value: String = fields.get(name)?.chars().take(64).collect();
        Some(((*name).to_owned(), value.into()))
    });
    Value::Object(kept.collect())
}

/// `transId`, where there is one.
pub fn number(fields: &Fields) -> Option<String> {
    let number = fields.get("transId").filter(|number| !number.is_empty() && *number != "0")?;
    Some(number.chars().take(64).collect())
}

/// The day of `responseTime` (milliseconds since 1970), by MoMo's clock, which is GMT+7 whatever the city's.
pub fn paid_on(raw: &Value) -> Option<Date> {
    let at = Timestamp::from_millisecond(raw["responseTime"].as_str()?.parse().ok()?).ok()?;
    Some(at.to_zoned(TimeZone::fixed(Offset::constant(7))).date())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn endings() {
        for (code, expected) in [
            ("0", Ending::Paid),
            ("1001", Ending::NotPaid),
            ("1003", Ending::NotPaid),
            ("1006", Ending::NotPaid),
            ("4100", Ending::NotPaid),
            ("1000", Ending::Open),
            ("7002", Ending::Open),
            ("9000", Ending::Open),
            ("10", Ending::Open),
            ("99", Ending::Open),
            ("", Ending::Open),
            ("-1", Ending::Open),
        ] {
            assert_eq!(ending(code), expected, "{code}");
        }
    }

    #[test]
    fn the_day_is_momos() {
        let late = "2026-11-20T17:30:00Z".parse::<Timestamp>().unwrap().as_millisecond().to_string();
        assert_eq!(paid_on(&json!({ "responseTime": late })), Some(jiff::civil::date(2026, 11, 21)));
        assert_eq!((paid_on(&json!({})), paid_on(&json!({ "responseTime": "x" }))), (None, None));
    }
}
