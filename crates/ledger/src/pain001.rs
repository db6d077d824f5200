//! ISO 20022 pain.001.001.09 (Customer Credit Transfer Initiation): a payment order as banks take it.
//!
//! Banks in Vietnam are named by their number (BIN) as member of the clearing system; accounts have no IBAN. Texts are
//! written without marks: not every bank takes them.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use songhan_base::fold;

use crate::config::BankAccount;
use crate::order::{Order, OrderLine};

/// Writes an order that leaves from `debtor` on `day`.
pub fn write(order: &Order, lines: &[OrderLine], debtor: &BankAccount, day: Date, now: Timestamp) -> String {
    let made = now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ");
    let sum: i64 = lines.iter().map(|line| line.amount.0).sum();
    let count = lines.len();
    let name = text(&debtor.name, 140);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">\n<CstmrCdtTrfInitn>\n");
    let _ = write!(
        out,
        "<GrpHdr><MsgId>{number}</MsgId><CreDtTm>{made}</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum>\
         <InitgPty><Nm>{name}</Nm></InitgPty></GrpHdr>\n\
         <PmtInf><PmtInfId>{number}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>{count}</NbOfTxs>\
         <CtrlSum>{sum}</CtrlSum><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt><Dbtr><Nm>{name}</Nm></Dbtr>\
         <DbtrAcct>{account}<Ccy>VND</Ccy></DbtrAcct><DbtrAgt>{agent}</DbtrAgt><ChrgBr>DEBT</ChrgBr>\n",
        number = text(&order.number, 35),
        account = account(&debtor.number),
        agent = agent(&debtor.bin),
    );
    for line in lines {
        let _ = writeln!(
            out,
            "<CdtTrfTxInf><PmtId><InstrId>{id}</InstrId><EndToEndId>{id}</EndToEndId></PmtId>\
             <Amt><InstdAmt Ccy=\"VND\">{amount}</InstdAmt></Amt><CdtrAgt>{agent}</CdtrAgt><Cdtr><Nm>{name}</Nm></Cdtr>\
             <CdtrAcct>{account}</CdtrAcct><RmtInf><Ustrd>{information}</Ustrd></RmtInf></CdtTrfTxInf>",
            id = text(&line.end_to_end, 35),
            amount = line.amount.0,
            agent = agent(&line.payee.bin),
            name = text(&line.payee.name, 140),
            account = account(&line.payee.number),
            information = text(&line.information, 140),
        );
    }
    out.push_str("</PmtInf>\n</CstmrCdtTrfInitn>\n</Document>\n");
    out
}

fn account(number: &str) -> String {
    format!("<Id><Othr><Id>{}</Id></Othr></Id>", text(number, 34))
}

fn agent(bin: &str) -> String {
    format!("<FinInstnId><ClrSysMmbId><MmbId>{}</MmbId></ClrSysMmbId></FinInstnId>", text(bin, 35))
}

/// In the character set that every bank takes, bounded, with nothing that XML would read.
fn text(from: &str, length: usize) -> String {
    let keeps = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    let plain: String =
        fold(from).to_uppercase().chars().map(|c| if keeps(c) { c } else { ' ' }).take(length).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{LineState, OrderKind, OrderState};
    use crate::refund::Payee;
    use songhan_base::{Env, HeldClock, Money};

    #[test]
    fn an_order_is_well_formed_and_adds_up() {
        let env = Env::held(HeldClock::at("2026-11-20T02:00:00Z".parse().unwrap()), 3);
        let order = Order {
            id: env.id(),
            number: "UNC-2026-000001".into(),
            kind: OrderKind::Refund,
            unit: "ubnd-hai-chau".into(),
            account: "1017595600".into(),
            total: Money(24_000),
            count: 2,
            state: OrderState::Approved,
            prepared_by: "account:1".into(),
            prepared_name: "Lê Thị Thu".into(),
            prepared_at: env.now(),
            approved_name: None,
            approved_at: None,
        };
        let line = |n: i64, name: &str| OrderLine {
            order: order.id,
            line: n,
            end_to_end: format!("SC00000000000{n}"),
            refund: Some(env.id()),
            closing: None,
            amount: Money(8_000 * n),
            payee: Payee { bin: "970436".into(), number: "0071000123456".into(), name: name.into() },
            information: format!("SC00000000000{n} hoàn phí <&> \"dịch vụ\""),
            state: LineState::Sent,
            failure: None,
            settled_at: None,
        };
        let debtor = BankAccount {
            bin: "970415".into(),
            number: "1017595600".into(),
            name: "KHO BẠC ĐÀ NẴNG".into(),
            bank: String::new(),
        };
        let lines = [line(1, "NGUYEN VAN A"), line(2, "TRAN & B")];
        let xml = write(&order, &lines, &debtor, jiff::civil::date(2026, 11, 21), env.now());
        let read = roxmltree::Document::parse(&xml).unwrap();
        let all = |name: &str| {
            read.descendants()
                .filter(|n| n.tag_name().name() == name)
                .map(|n| n.text().unwrap_or(""))
                .collect::<Vec<_>>()
        };
        assert_eq!(all("NbOfTxs"), ["2", "2"]);
        assert_eq!(all("CtrlSum"), ["24000", "24000"]);
        assert_eq!(all("InstdAmt"), ["8000", "16000"]);
        assert_eq!(all("EndToEndId"), ["SC000000000001", "SC000000000002"]);
        assert_eq!(all("Ustrd")[0], "SC000000000001 HOAN PHI DICH VU");
        assert_eq!(all("Nm"), ["KHO BAC DA NANG", "KHO BAC DA NANG", "NGUYEN VAN A", "TRAN B"]);
        assert_eq!(read.root_element().tag_name().namespace(), Some("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"));
        assert!(xml.is_ascii());
    }
}
