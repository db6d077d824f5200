//! What a procedure names elsewhere in the folder: questions of its form, other procedures.

use std::sync::Arc;

use songhan_city::{City, Report, nearest};
use songhan_forms::Form;
use songhan_ledger::ReceiptNumbering;

use super::{Procedure, Procedures};

/// Fees count and choose by answers: the questions must exist, and so must the answers.
pub fn fees(procedure: &Procedure, form: &Form, report: &mut Report) {
    for fee in &procedure.fees {
        let counted = fee.quantity.iter().chain(&fee.copies);
        for question in counted.chain(fee.amounts.iter().map(|amounts| &amounts.question)) {
            if form.question(question).is_none() {
                let what = format!("the fee `{}` follows the answer `{question}`, which the form does not ask", fee.id);
                let near = nearest(question, form.questions().map(|q| q.id.as_str()));
                let remedy =
                    near.map_or("name a question of the form".to_owned(), |near| format!("did you mean `{near}`?"));
                report.add(fee.id.place(), what, remedy);
            }
        }
        let Some(amounts) = &fee.amounts else { continue };
        let Some(question) = form.question(&amounts.question) else { continue };
        let missing: Vec<_> = question
            .options
            .iter()
            .map(|option| option.value.as_str())
            .filter(|value| !amounts.by.contains_key(*value))
            .collect();
        if !missing.is_empty() {
            let what = format!("the fee `{}` has no amount for the answers {}", fee.id, missing.join(", "));
            report.add(fee.id.place(), what, "write one for each answer; 0 where nothing is due");
        }
    }
}

/// Who takes money gives a receipt: where fees are due, `payment-receipts.toml`
/// says how receipts are numbered. Asked only where the ledger reads that file.
pub fn receipts(procedures: &[Arc<Procedure>], city: &City, report: &mut Report) {
    if city.try_get::<ReceiptNumbering>().is_none_or(|numbering| !numbering.is_empty()) {
        return;
    }
    let own = procedures.iter().filter(|procedure| procedure.places.is_some());
    if let Some(fee) = own.flat_map(|procedure| &procedure.fees).find(|fee| fee.highest().0 > 0) {
        let remedy = "add payment-receipts.toml; `songhan new-city DIR` writes one to go on from";
        report.add(fee.id.place(), "a fee is taken, and there are no receipts to give for it", remedy);
    }
}

/// Some addresses of an application are pages of their own.
pub fn screens(form: &Form, report: &mut Report) {
    for question in form.questions().filter(|q| super::RESERVED.contains(&q.screen_id())) {
        let what = format!("no screen can be called `{}`", question.screen_id());
        report.add(&form.place, what, "give the question another id, or another `screen`");
    }
}

/// What it sets off is in the catalogue, and is not itself.
pub fn starts(procedure: &Procedure, procedures: &Procedures, report: &mut Report) {
    for code in &procedure.starts {
        if code.as_str() == procedure.code {
            report.add(code.place(), "a procedure cannot set off itself", "remove the code");
        } else {
            procedures.expect(code, report);
        }
    }
}
