//! The way to the gateway: the address that the payer's browser is sent to.

use songhan_base::{Lang, Money};

use super::{sign, stamp};
use crate::config::Vnpay;
use crate::gateway::Order;

/// The payment page for one attempt. It is a function of the attempt: opened again it is the same order to the gateway.
pub fn url(vnpay: &Vnpay, order: &Order<'_>) -> String {
    let payment = order.payment;
    let expires_at = payment.expires_at.unwrap_or(payment.created_at);
    let locale = match order.lang {
        Lang::Vi => "vn",
        Lang::En => "en",
    };
    let params: sign::Params = [
        ("vnp_Version", "2.1.0".to_owned()),
        ("vnp_Command", "pay".to_owned()),
        ("vnp_TmnCode", vnpay.tmn_code.clone()),
        ("vnp_Amount", hundredfold(payment.amount)),
        ("vnp_CreateDate", stamp(payment.created_at)),
        ("vnp_CurrCode", "VND".to_owned()),
        ("vnp_IpAddr", order.client.to_string()),
        ("vnp_Locale", locale.to_owned()),
        // Without marks and signs, as the gateway asks; and without personal data.
        ("vnp_OrderInfo", format!("Nop phi dich vu cong {}", order.reference)),
        ("vnp_OrderType", "other".to_owned()),
        ("vnp_ReturnUrl", order.return_url.clone()),
        ("vnp_ExpireDate", stamp(expires_at)),
        ("vnp_TxnRef", payment.txn_ref.clone()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let joint = if vnpay.url.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", vnpay.url, sign::signed_query(&vnpay.secret, &params))
}

/// VNPay's amounts are in hundredths of a đồng.
pub fn hundredfold(amount: Money) -> String {
    (i128::from(amount.0) * 100).to_string()
}

/// An amount of VNPay's in whole đồng; `None` when it is none.
pub fn whole(text: &str) -> Option<Money> {
    let hundredths: i64 = text.parse().ok()?;
    (hundredths % 100 == 0).then_some(Money(hundredths / 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charge::Channel;
    use crate::payment::{Payment, PaymentState};
    use songhan_base::{Env, HeldClock};

    #[test]
    fn the_address() {
        let env = Env::held(HeldClock::at("2026-11-20T02:00:00Z".parse().unwrap()), 3);
        let payment = Payment {
            id: env.id(),
            charge: env.id(),
            channel: Channel::Vnpay,
            amount: Money(16_000),
            state: PaymentState::Created,
            txn_ref: "SH4Q7K2M9XPT1A2B3C".into(),
            gateway_no: None,
            overpaid: false,
            created_at: env.now(),
            expires_at: Some("2026-11-20T02:15:00Z".parse().unwrap()),
            settled_at: None,
            redirect_url: None,
        };
        let vnpay = Vnpay {
            url: "https://gateway.test/pay".into(),
            query_url: None,
            tmn_code: "SONGHAN1".into(),
            secret: "a secret of sixteen or more".into(),
            minutes: 15,
        };
        let order = Order {
            payment: &payment,
            reference: "SH4Q7K2M9XPT",
            return_url: "https://city.test/pay/1/return".into(),
            ipn_url: "https://city.test/ipn".into(),
            lang: Lang::Vi,
            client: [10, 0, 0, 1].into(),
        };
        let url = url(&vnpay, &order);
        assert!(url.starts_with(
            "https://gateway.test/pay?vnp_Amount=1600000&vnp_Command=pay&vnp_CreateDate=20261120090000&vnp_CurrCode=VND\
             &vnp_ExpireDate=20261120091500&vnp_IpAddr=10.0.0.1&vnp_Locale=vn\
             &vnp_OrderInfo=Nop+phi+dich+vu+cong+SH4Q7K2M9XPT&vnp_OrderType=other\
             &vnp_ReturnUrl=https%3A%2F%2Fcity.test%2Fpay%2F1%2Freturn&vnp_TmnCode=SONGHAN1\
             &vnp_TxnRef=SH4Q7K2M9XPT1A2B3C&vnp_Version=2.1.0&vnp_SecureHash="
        ));
        assert!(sign::receive(&vnpay.secret, url.split_once('?').unwrap().1).unwrap().genuine);
        assert_eq!(
            (whole("1600000"), whole("1600050"), whole("x"), whole("")),
            (Some(Money(16_000)), None, None, None)
        );
    }
}
