//! People who use the city through its API: residents, officers, the bank, the payment gateway.

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};
use songhan_base::Env;

use crate::site::{ACCOUNT, BANK_SECRET, GATEWAY_SECRET, TMN_CODE};
use crate::web::{Ask, Web};

pub const PASSWORD: &str = "thuyền thúng ra khơi sớm";

/// Someone with an account, signed in.
#[derive(Clone, Debug)]
pub struct Resident {
    pub account: String,
    pub name: String,
    pub citizen_id: String,
    pub phone: String,
    pub token: String,
}

impl Resident {
    /// Registers and signs in. Everyone with a number that 8 divides has an e-mail address.
    pub async fn register(web: &Web, n: usize) -> Self {
        Self::register_in(web, n, Some("20242")).await
    }

    /// The same with residence in another area, or in none.
    pub async fn register_in(web: &Web, n: usize, area: Option<&str>) -> Self {
        let (name, citizen_id) = (format!("Nguyễn Văn {}", word(n)), format!("048090{n:06}"));
        let phone = format!("0905{n:06}");
        let mut account = json!({ "name": name, "citizen_id": citizen_id, "date_of_birth": "1990-05-04", "phone": phone,
            "password": PASSWORD, "address": "24 Trần Phú" });
        if let Some(area) = area {
            account["area"] = json!(area);
        }
        if n.is_multiple_of(8) {
            account["email"] = json!(format!("nguoi{n}@dan.example"));
        }
        let made = web.until_answered(Ask::post("/api/v1/accounts", &account).key(format!("account-{n}"))).await;
        let account = text(&made.expect(201).json()["id"]);
        let sign_in = Ask::post("/api/v1/sessions", &json!({ "login": citizen_id, "password": PASSWORD }));
        let session = web.until_answered(sign_in).await.expect(201).json();
        Self { account, name, citizen_id, phone, token: text(&session["token"]) }
    }

    /// The answers to the form of a copy of a civil-status record.
    pub fn copy_answers(&self, copies: i64) -> Value {
        json!({ "record_kind": "birth", "subject": "self", "registered_at": "Phường Phước Ninh, quận Hải Châu",
            "copies": copies, "applicant_name": self.name, "applicant_born": "1990-05-04",
            "applicant_citizen_id": self.citizen_id, "applicant_phone": self.phone, "applicant_address": "24 Trần Phú" })
    }

    /// The answers to the general form.
    pub fn general_answers(&self) -> Value {
        json!({ "name": self.name, "citizen_id": self.citizen_id, "phone": self.phone, "address": "24 Trần Phú",
            "content": "Đề nghị xác nhận tình trạng chỗ ở để nhập học cho con" })
    }
}

/// A name's last word: the letters of a number.
fn word(n: usize) -> String {
    let letters: Vec<char> = "Abcdeghikl".chars().collect();
    n.to_string().bytes().map(|digit| letters[usize::from(digit - b'0')]).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The bank's notice of a transfer with this note, signed now.
pub fn bank_notice(transaction: &str, amount: i64, note: &str) -> Ask {
    let body = json!({ "transaction_id": transaction, "account": ACCOUNT, "amount": amount, "description": note });
    let timestamp = Env::real().now().as_second().to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(BANK_SECRET.as_bytes()).expect("a key");
    mac.update(format!("{timestamp}.{body}").as_bytes());
    let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
    Ask::post("/api/v1/payments/bank-notifications", &body)
        .header("x-bank-timestamp", timestamp)
        .header("x-bank-signature", signature)
}

/// The gateway's word that an order was paid.
pub fn gateway_notice(txn_ref: &str, amount: i64) -> Ask {
    let query = format!(
        "vnp_Amount={}&vnp_BankCode=NCB&vnp_OrderInfo=Nop+phi&vnp_PayDate=20261120090500&vnp_ResponseCode=00\
         &vnp_TmnCode={TMN_CODE}&vnp_TransactionNo=14226112&vnp_TransactionStatus=00&vnp_TxnRef={txn_ref}",
        amount * 100
    );
    let mut mac = Hmac::<Sha512>::new_from_slice(GATEWAY_SECRET.as_bytes()).expect("a key");
    mac.update(query.as_bytes());
    let signature = HEXLOWER.encode(&mac.finalize().into_bytes());
    Ask::get(format!("/api/v1/payments/vnpay/ipn?{query}&vnp_SecureHash={signature}"))
}
