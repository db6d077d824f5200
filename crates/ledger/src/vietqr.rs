//! VietQR: the payload of a transfer code that every bank's app in Vietnam reads.
//!
//! EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode, 1.1; NAPAS's profile of it: tag 38 holds
//! AID `A000000727`, the beneficiary (bank number and account number) and the service `QRIBFTTA`, a transfer to an
//! account; the check sum is CRC-16/CCITT-FALSE over everything before it.

use std::fmt::Write as _;

use songhan_base::{Money, fold};

/// Who gets how much for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer<'a> {
    /// BIN, six digits: the bank.
    pub bin: &'a str,
    /// Số tài khoản.
    pub number: &'a str,
    /// `None` lets the payer type it, and the code can be paid many times (static).
    pub amount: Option<Money>,
    /// Nội dung chuyển khoản; see [`note`].
    pub note: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    #[error("a bank number (BIN) has six digits; look it up in NAPAS's list")]
    Bin,
    #[error("an account number has 1 to 19 letters and digits")]
    Number,
    #[error("an amount in a QR code lies between 1 đồng and 13 digits")]
    Amount,
}

/// Longest note that every bank's app takes over whole.
pub const NOTE_MAX: usize = 25;

impl Transfer<'_> {
    /// The text of the QR code.
    pub fn payload(&self) -> Result<String, TransferError> {
        if self.bin.len() != 6 || !self.bin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TransferError::Bin);
        }
        if !(1..=19).contains(&self.number.len()) || !self.number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(TransferError::Number);
        }
        let amount = match self.amount {
            Some(Money(n)) if !(1..=9_999_999_999_999).contains(&n) => return Err(TransferError::Amount),
            Some(Money(n)) => n.to_string(),
            None => String::new(),
        };
        let beneficiary = [field(0, self.bin), field(1, self.number)].concat();
        let account = [field(0, "A000000727"), field(1, &beneficiary), field(2, "QRIBFTTA")].concat();
        let mut out = [
            field(0, "01"),
            field(1, if amount.is_empty() { "11" } else { "12" }),
            field(38, &account),
            field(53, "704"),
            field(54, &amount),
            field(58, "VN"),
            field(62, &field(8, &note(self.note))),
        ]
        .concat();
        out.push_str("6304");
        let crc = crc16(out.as_bytes());
        let _ = write!(out, "{crc:04X}");
        Ok(out)
    }
}

/// A transfer note as banks take it: letters without marks, digits, single blanks and a few signs, at most 25 long.
pub fn note(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        // Folding makes lower case; the note keeps the case it was written in.
        for plain in fold(&c.to_string()).chars() {
            let plain = if c.is_uppercase() { plain.to_ascii_uppercase() } else { plain };
            let kept = plain.is_ascii_alphanumeric() || matches!(plain, '.' | '-' | '/');
            match plain {
                _ if kept => out.push(plain),
                _ if !out.is_empty() && !out.ends_with(' ') => out.push(' '),
                _ => {}
            }
        }
    }
    out.truncate(NOTE_MAX); // ASCII by now
    out.trim_end().to_owned()
}

/// Tag, length, value; nothing where there is no value.
fn field(tag: u8, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("{tag:02}{:02}{value}", value.len()) }
}

/// CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF.
pub fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0xFFFF, |crc, byte| {
        (0..8)
            .fold(crc ^ (u16::from(*byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The vector that NAPAS's members publish.
    const VECTOR: &str = "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN\
                          62150811Chuyen tien630453E6";

    fn transfer(amount: Option<i64>, note: &str) -> Transfer<'_> {
        Transfer { bin: "970416", number: "257678859", amount: amount.map(Money), note }
    }

    #[test]
    fn the_vector() {
        assert_eq!(transfer(Some(10_000), "Chuyen tien").payload().unwrap(), VECTOR);
        assert_eq!(transfer(Some(10_000), "Chuyển tiền").payload().unwrap(), VECTOR);
        assert_eq!(crc16(b"123456789"), 0x29B1);
    }

    #[test]
    fn static_without_amount() {
        let payload = transfer(None, "").payload().unwrap();
        assert!(payload.starts_with("000201010211") && !payload.contains("5405") && payload.contains("5802VN6304"));
    }

    #[test]
    fn refuses_what_no_bank_has() {
        let payload = |bin, number, amount| Transfer { bin, number, amount: Some(Money(amount)), note: "" }.payload();
        assert_eq!(payload("97041", "1", 1), Err(TransferError::Bin));
        assert_eq!(payload("970416", "", 1), Err(TransferError::Number));
        assert_eq!(payload("970416", "12 34", 1), Err(TransferError::Number));
        assert_eq!(payload("970416", "1", 0), Err(TransferError::Amount));
        assert_eq!(payload("970416", "1", i64::MAX), Err(TransferError::Amount));
    }

    #[test]
    fn notes_without_marks() {
        assert_eq!(note("Lệ phí: Trích lục KHAI SINH số 12"), "Le phi Trich luc KHAI SIN");
        assert_eq!(note("  Đà  Nẵng\t"), "Da Nang");
    }

    /// Reads a payload back, by the standard's rule alone.
    fn read(mut rest: &str) -> Option<Vec<(u8, String)>> {
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let tag = rest.get(..2)?.parse().ok()?;
            let length: usize = rest.get(2..4)?.parse().ok()?;
            fields.push((tag, rest.get(4..4 + length)?.to_owned()));
            rest = rest.get(4 + length..)?;
        }
        Some(fields)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            bin in "[0-9]{6}", number in "[0-9A-Z]{1,19}", amount in 1_i64..9_999_999_999_999, text in "\\PC{0,60}",
        ) {
            let payload = Transfer { bin: &bin, number: &number, amount: Some(Money(amount)), note: &text }.payload().unwrap();
            prop_assert!(payload.is_ascii());
            let (body, crc) = payload.split_at(payload.len() - 4);
            prop_assert_eq!(u16::from_str_radix(crc, 16).unwrap(), crc16(body.as_bytes()));
            let fields = read(&payload).unwrap();
            let get = |tag| fields.iter().find(|(t, _)| *t == tag).map(|(_, v)| v.clone());
            prop_assert_eq!(get(54), Some(amount.to_string()));
            let account = read(&get(38).unwrap()).unwrap();
            prop_assert_eq!(read(&account[1].1).unwrap(), vec![(0, bin), (1, number)]);
            let written = get(62).map_or_else(String::new, |extra| read(&extra).unwrap()[0].1.clone());
            prop_assert!(written.len() <= NOTE_MAX);
            prop_assert_eq!(written, note(&text));
        }

        #[test]
        fn one_wrong_character_is_noticed(at in 0_usize..100, to in "[0-9A-Z]") {
            let at = at % (VECTOR.len() - 4);
            let mut wrong = VECTOR.to_owned();
            wrong.replace_range(at..=at, &to);
            prop_assume!(wrong != VECTOR);
            let (body, crc) = wrong.split_at(wrong.len() - 4);
            prop_assert_ne!(u16::from_str_radix(crc, 16).unwrap(), crc16(body.as_bytes()));
        }
    }
}
