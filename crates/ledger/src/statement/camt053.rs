//! ISO 20022 camt.053 (Bank to Customer Statement), any version: entries that are booked, one line for each transaction
//! in them. Where a statement gives its opening and closing balance the lines must lead from the one to the other.

use std::collections::BTreeSet;

use jiff::civil::Date;
use roxmltree::{Document, Node};
use songhan_base::Money;

use super::{Format, LINES_MAX, Source, Statement, Unreadable, account, amount, day, line, short, span, unreadable};
use crate::reconcile::{Direction, Line};

pub fn read(text: &str) -> Result<Statement, Unreadable> {
    // Documents with a DTD are refused by the parser: no entity is ever expanded.
    let document = Document::parse(text)
        .map_err(|error| unreadable(error.pos().row as usize, format!("the XML cannot be read: {error}")))?;
    let root = document.root_element();
    let body = child(root, "BkToCstmrStmt")
        .ok_or_else(|| at(&document, root, "this is no camt.053: the element BkToCstmrStmt is missing"))?;
    let (mut accounts, mut lines, mut days) = (BTreeSet::new(), Vec::new(), Vec::new());
    for statement in children(body, "Stmt") {
        let own = account_of(statement).ok_or_else(|| at(&document, statement, "the statement names no account"))?;
        let first = lines.len();
        for entry in children(statement, "Ntry") {
            read_entry(&document, entry, &own, &mut lines)?;
            if lines.len() > LINES_MAX {
                return Err(at(&document, entry, &format!("more than {LINES_MAX} entries; divide the file by day")));
            }
        }
        check_balance(&document, statement, &lines[first..])?;
        let told = |name: &str| path(statement, &["FrToDt", name]).and_then(|node| day(text_of(node)));
        days.extend(told("FrDtTm").or_else(|| told("FrDt")));
        days.extend(told("ToDtTm").or_else(|| told("ToDt")));
        accounts.insert(own);
    }
    let spanned = span(&lines);
    days.extend(spanned.map(|(first, _)| first));
    days.extend(spanned.map(|(_, last)| last));
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Err(at(&document, body, "the statement has no entries and does not say its days (FrToDt)"));
    };
    let (first_day, last_day) = (*first, *last);
    Ok(Statement { source: Source::Bank, format: Format::Camt053, accounts, first_day, last_day, lines })
}

fn read_entry(
    document: &Document<'_>,
    entry: Node<'_, '_>,
    own: &str,
    lines: &mut Vec<Line>,
) -> Result<(), Unreadable> {
    // PDNG and INFO have moved no money yet. Since version 8 the status stands in a Cd.
    let status = child(entry, "Sts").map_or("BOOK", |node| child(node, "Cd").map_or_else(|| text_of(node), text_of));
    if status != "BOOK" {
        return Ok(());
    }
    let booked_on = date_of(entry, "BookgDt")
        .or_else(|| date_of(entry, "ValDt"))
        .ok_or_else(|| at(document, entry, "the entry has no booking day"))?;
    let whole = money(document, entry)?;
    let direction = direction_of(document, entry, None)?;
    let is_reversal = child(entry, "RvslInd").is_some_and(|node| matches!(text_of(node), "true" | "1"));
    let reference = child(entry, "AcctSvcrRef").or_else(|| child(entry, "NtryRef")).map_or("", text_of);
    let parts: Vec<_> = children(entry, "NtryDtls").flat_map(|details| children(details, "TxDtls")).collect();
    let base = |amount, direction| Line { is_reversal, ..line(own.to_owned(), booked_on, direction, amount) };
    if parts.len() <= 1 {
        let mut read = Line {
            fee: fee_of(document, entry)?,
            reference: short(reference, 64),
            description: short(child(entry, "AddtlNtryInf").map_or("", text_of), 500),
            ..base(whole, direction)
        };
        if let Some(part) = parts.first() {
            fill(document, &mut read, *part)?;
        }
        lines.push(named(document, entry, read)?);
        return Ok(());
    }
    for (n, part) in parts.into_iter().enumerate() {
        let mut read = base(money(document, part)?, direction_of(document, part, Some(direction))?);
        read.reference = short(&format!("{reference}/{}", n + 1), 64);
        fill(document, &mut read, part)?;
        lines.push(named(document, part, read)?);
    }
    Ok(())
}

/// A line needs a number, or the same file read twice could not be told from two transactions.
fn named(document: &Document<'_>, node: Node<'_, '_>, line: Line) -> Result<Line, Unreadable> {
    if line.reference.is_empty() && line.end_to_end.is_empty() {
        return Err(at(document, node, "the entry has neither AcctSvcrRef nor EndToEndId"));
    }
    Ok(line)
}

/// What a transaction says more than its entry.
fn fill(document: &Document<'_>, line: &mut Line, part: Node<'_, '_>) -> Result<(), Unreadable> {
    if let Some(own) = path(part, &["Refs", "AcctSvcrRef"]) {
        line.reference = short(text_of(own), 64);
    }
    let end_to_end = path(part, &["Refs", "EndToEndId"]).map_or("", text_of);
    if end_to_end != "NOTPROVIDED" {
        line.end_to_end = short(end_to_end, 64);
    }
    if let Some(remittance) = child(part, "RmtInf") {
        let told: Vec<_> = children(remittance, "Ustrd").map(text_of).collect();
        line.description = short(&told.join(" "), 500);
    }
    let fee = fee_of(document, part)?;
    if !fee.is_zero() {
        line.fee = fee;
    }
    Ok(())
}

fn check_balance(document: &Document<'_>, statement: Node<'_, '_>, lines: &[Line]) -> Result<(), Unreadable> {
    let balance = |code: &str| {
        let node = children(statement, "Bal")
            .find(|balance| path(*balance, &["Tp", "CdOrPrtry", "Cd"]).is_some_and(|n| text_of(n) == code))?;
        let text = child(node, "Amt").map(text_of)?;
        // A balance may be nothing.
        let value = amount(text)?;
        let is_debit = child(node, "CdtDbtInd").is_some_and(|n| text_of(n) == "DBIT");
        Some(if is_debit { -value.0 } else { value.0 })
    };
    let (Some(opening), Some(closing)) = (balance("OPBD"), balance("CLBD")) else { return Ok(()) };
    let moved: i128 = lines.iter().map(|line| i128::from(line.signed().0)).sum();
    if i128::from(opening) + moved == i128::from(closing) {
        return Ok(());
    }
    let what = format!(
        "the entries do not lead from the opening balance {opening} to the closing balance {closing}; the file is not whole"
    );
    Err(at(document, statement, &what))
}

fn account_of(statement: Node<'_, '_>) -> Option<String> {
    let id = path(statement, &["Acct", "Id"])?;
    let node = path(id, &["Othr", "Id"]).or_else(|| child(id, "IBAN"))?;
    account(text_of(node))
}

fn date_of(entry: Node<'_, '_>, name: &str) -> Option<Date> {
    let date = child(entry, name)?;
    child(date, "Dt").or_else(|| child(date, "DtTm")).and_then(|node| day(text_of(node)))
}

fn money(document: &Document<'_>, node: Node<'_, '_>) -> Result<Money, Unreadable> {
    let amount_node = child(node, "Amt").or_else(|| path(node, &["AmtDtls", "TxAmt", "Amt"]));
    let found = amount_node.ok_or_else(|| at(document, node, "the entry has no amount"))?;
    if found.attribute("Ccy").is_some_and(|currency| currency != "VND") {
        return Err(at(document, found, "the amount is not in VND"));
    }
    let read = amount(text_of(found)).filter(|amount| !amount.is_zero());
    read.ok_or_else(|| at(document, found, "the amount is not of whole đồng above zero"))
}

fn direction_of(
    document: &Document<'_>,
    node: Node<'_, '_>,
    other: Option<Direction>,
) -> Result<Direction, Unreadable> {
    match (child(node, "CdtDbtInd").map(text_of), other) {
        (Some("CRDT"), _) => Ok(Direction::Credit),
        (Some("DBIT"), _) => Ok(Direction::Debit),
        (None, Some(other)) => Ok(other),
        _ => Err(at(document, node, "CdtDbtInd is neither CRDT nor DBIT")),
    }
}

fn fee_of(document: &Document<'_>, node: Node<'_, '_>) -> Result<Money, Unreadable> {
    let Some(charges) = child(node, "Chrgs") else { return Ok(Money::ZERO) };
    let total = child(charges, "TtlChrgsAndTaxAmt");
    let records: Vec<_> = match total {
        Some(total) => vec![total],
        None => children(charges, "Rcrd").filter_map(|record| child(record, "Amt")).collect(),
    };
    let mut sum = Money::ZERO;
    for node in records {
        let fee = amount(text_of(node)).ok_or_else(|| at(document, node, "the charge is not of whole đồng"))?;
        sum = sum.checked_add(fee).ok_or_else(|| at(document, node, "the charges are too much to count"))?;
    }
    Ok(sum)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn path<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

fn text_of<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or("").trim()
}

fn at(document: &Document<'_>, node: Node<'_, '_>, what: &str) -> Unreadable {
    unreadable(document.text_pos_at(node.range().start).row as usize, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(entries: &str, closing: i64) -> String {
        let balance = |code: &str, amount: i64| {
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"VND\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
            )
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
             <GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><FrToDt><FrDtTm>2026-11-20T00:00:00+07:00</FrDtTm>\
             <ToDtTm>2026-11-20T23:59:59+07:00</ToDtTm></FrToDt><Acct><Id><Othr><Id>1017595600</Id></Othr></Id></Acct>{}{}{entries}\
             </Stmt></BkToCstmrStmt></Document>",
            balance("OPBD", 1_000),
            balance("CLBD", closing),
        )
    }

    fn entry(amount: &str, direction: &str, more: &str) -> String {
        format!(
            "<Ntry><Amt Ccy=\"VND\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
                 <BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef>{more}</Ntry>"
        )
    }

    #[test]
    fn entries_and_their_transactions() {
        let one = "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>SH4Q7K2M9XPT</Ustrd></RmtInf></TxDtls></NtryDtls>";
        let part = |amount: i64, number: &str| {
            format!("<TxDtls><Refs><EndToEndId>{number}</EndToEndId></Refs><Amt Ccy=\"VND\">{amount}</Amt></TxDtls>")
        };
        let two = format!("<NtryDtls>{}{}</NtryDtls>", part(3_000, "SCA"), part(2_000, "SCB"));
        let fee = "<RvslInd>true</RvslInd><Chrgs><Rcrd><Amt Ccy=\"VND\">1100</Amt></Rcrd></Chrgs>";
        let pending = entry("9", "CRDT", "").replace("BOOK", "PDNG");
        let text = statement(
            &[entry("16000.00", "CRDT", one), entry("5000", "DBIT", &two), entry("700", "DBIT", fee), pending].concat(),
            11_300,
        );
        let read = read(&text).unwrap();
        assert_eq!(read.lines.len(), 4);
        assert_eq!((read.lines[0].description.as_str(), read.lines[0].end_to_end.as_str()), ("SH4Q7K2M9XPT", ""));
        assert_eq!((read.lines[1].amount, read.lines[1].reference.as_str()), (Money(3_000), "FT1/1"));
        assert_eq!((read.lines[2].end_to_end.as_str(), read.lines[2].direction), ("SCB", Direction::Debit));
        assert!(read.lines[3].is_reversal && read.lines[3].fee == Money(1_100));
        assert_eq!(read.first_day, read.last_day);
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let good = entry("16000", "CRDT", "");
        for (text, what) in [
            (statement(&good, 17_001), "not whole"),
            (statement(&good.replace("VND", "USD"), 17_000), "not in VND"),
            (statement(&good.replace("16000", "16000.50"), 17_000), "whole đồng"),
            (statement(&good.replace("CRDT", "X"), 17_000), "CRDT"),
            (statement(&good.replace("<AcctSvcrRef>FT1</AcctSvcrRef>", ""), 17_000), "neither"),
            ("<Document/>".into(), "no camt.053"),
            ("<a><b></a>".into(), "cannot be read"),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".into(), "cannot be read"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.what.contains(what), "{error}");
        }
    }
}
