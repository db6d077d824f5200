//! Giving a payment back through the gateway (command `refund` of protocol 2.1.0).

use jiff::Timestamp;
use songhan_base::Internal;

use super::exchange::{exchange, get};
use super::sign::Params;
use super::{request, stamp};
use crate::config::Vnpay;
use crate::gateway::Given;
use crate::payment::Payment;

pub async fn give_back(
    vnpay: &Vnpay,
    url: &str,
    payment: &Payment,
    number: &str,
    now: Timestamp,
) -> Result<Given, Internal> {
    let fields = [
        ("vnp_RequestId", number.to_owned()),
        ("vnp_Version", "2.1.0".to_owned()),
        ("vnp_Command", "refund".to_owned()),
        ("vnp_TmnCode", vnpay.tmn_code.clone()),
        // 02: the whole amount.
        ("vnp_TransactionType", "02".to_owned()),
        ("vnp_TxnRef", payment.txn_ref.clone()),
        ("vnp_Amount", request::hundredfold(payment.amount)),
        ("vnp_TransactionNo", payment.gateway_no.clone().unwrap_or_default()),
        ("vnp_TransactionDate", stamp(payment.created_at)),
        ("vnp_CreateBy", "ke-toan".to_owned()),
        ("vnp_CreateDate", stamp(now)),
        ("vnp_IpAddr", "127.0.0.1".to_owned()),
        ("vnp_OrderInfo", format!("Hoan phi {number}")),
    ];
    read(payment, &exchange(vnpay, url, "refunding through the gateway", &fields, &ANSWER).await?)
}

/// The order in which an answer is signed.
const ANSWER: [&str; 13] = [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
];

fn read(payment: &Payment, answer: &Params) -> Result<Given, Internal> {
    let code = get(answer, "vnp_ResponseCode");
    match (code, get(answer, "vnp_TransactionStatus")) {
        // 09: the bank behind the gateway refuses.
        ("00", "09") => Ok(Given::Refused("09".into())),
        ("00", _) if get(answer, "vnp_TxnRef") != payment.txn_ref => {
            Err(Internal::new("the gateway answered for another payment"))
        }
        // 94: this very refund is being done already.
        ("00" | "94", _) => Ok(Given::Taken),
        // 02 merchant, 03 format, 91 no such payment, 95 the payment did not succeed: asking again helps nothing.
        ("02" | "03" | "91" | "95", _) => Ok(Given::Refused(code.to_owned())),
        _ => Err(Internal::new(format!("the gateway did not take the refund (code {code}); it will be asked again"))),
    }
}
