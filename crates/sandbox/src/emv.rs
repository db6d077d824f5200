//! Reading a VietQR code as a bank's app does (EMVCo Merchant-Presented Mode: tag, length, value; CRC-16 at the end).

/// What a transfer code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanned {
    pub bin: String,
    pub number: String,
    /// Missing in a static code.
    pub amount: Option<i64>,
    pub note: String,
}

/// Reads a code; the error says what is wrong with it.
pub fn read(payload: &str) -> Result<Scanned, &'static str> {
    let payload = payload.trim();
    if !payload.is_ascii() || payload.len() < 20 || payload.len() > 512 {
        return Err("this is no transfer code");
    }
    let (body, crc) = payload.split_at(payload.len() - 4);
    if !body.ends_with("6304") || u16::from_str_radix(crc, 16) != Ok(crc16(body.as_bytes())) {
        return Err("the check sum is wrong: the code was not copied whole");
    }
    let broken = "the code is broken";
    let fields = fields(&body[..body.len() - 4]).ok_or(broken)?;
    let get = |tag: &str| fields.iter().find(|(t, _)| *t == tag).map(|(_, v)| *v);
    if get("00") != Some("01") || get("53") != Some("704") || get("58") != Some("VN") {
        return Err("this is no code for a transfer in đồng");
    }
    let account = self::fields(get("38").ok_or("the code names no account")?).ok_or(broken)?;
    let sub = |tag: &str| account.iter().find(|(t, _)| *t == tag).map(|(_, v)| *v);
    if sub("00") != Some("A000000727") || sub("02") != Some("QRIBFTTA") {
        return Err("this is no VietQR code for a transfer to an account");
    }
    let beneficiary = self::fields(sub("01").ok_or(broken)?).ok_or(broken)?;
    let [("00", bin), ("01", number)] = beneficiary[..] else { return Err(broken) };
    let amount = get("54").map(|a| a.parse().map_err(|_| broken)).transpose()?;
    let extra = get("62").map_or(Some(Vec::new()), self::fields).ok_or(broken)?;
    let note = extra.iter().find(|(t, _)| *t == "08").map_or("", |(_, v)| *v);
    Ok(Scanned { bin: bin.into(), number: number.into(), amount, note: note.into() })
}

/// Splits into tags and values.
fn fields(mut rest: &str) -> Option<Vec<(&str, &str)>> {
    let mut out = Vec::new();
    while !rest.is_empty() {
        let length: usize = rest.get(2..4)?.parse().ok()?;
        out.push((rest.get(..2)?, rest.get(4..4 + length)?));
        rest = rest.get(4 + length..)?;
    }
    Some(out)
}

/// CRC-16/CCITT-FALSE, by its table-free definition.
fn crc16(data: &[u8]) -> u16 {
    let mut crc: u16 = 0xFFFF;
    for byte in data {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            let carry = crc & 0x8000 != 0;
            crc <<= 1;
            if carry {
                crc ^= 0x1021;
            }
        }
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR: &str = "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN\
                          62150811Chuyen tien630453E6";

    #[test]
    fn reads_the_published_code() {
        let expected = Scanned {
            bin: "970416".into(),
            number: "257678859".into(),
            amount: Some(10_000),
            note: "Chuyen tien".into(),
        };
        assert_eq!(read(VECTOR), Ok(expected));
    }

    #[test]
    fn refuses_the_rest() {
        for wrong in ["", "x", "0002016304", &VECTOR.replace("10000", "10001"), &VECTOR[..90], "đ".repeat(30).as_str()]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        for end in 0..VECTOR.len() {
            assert!(read(&VECTOR[..end]).is_err());
        }
    }
}
