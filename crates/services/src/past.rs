//! Dossiers as another system had them, or as a simulation plays them: written with their cases and found like all
//! others. Nothing is told of them, nothing is charged.

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_cases::Past;
use songhan_db::{Rows, Tx};
use songhan_procedures::{Channel, Procedure};
use songhan_search::records::{self, Record};

use crate::find;

/// A dossier beside its case.
#[derive(Clone, Debug)]
pub struct PastDossier<'a> {
    pub past: Past,
    pub procedure: &'a Procedure,
    pub applicant: Id,
    pub channel: Channel,
    /// The answers as JSON.
    pub answers: String,
    /// The digest of a key that nobody was told.
    pub receipt_hash: String,
}

/// Writes dossiers, their cases and what they are found by.
pub async fn load(tx: &mut Tx, cx: &Cx, dossiers: &[PastDossier<'_>]) -> Result<(), Internal> {
    let past: Vec<Past> = dossiers.iter().map(|dossier| dossier.past.clone()).collect();
    songhan_cases::load(tx, cx, &past).await?;
    let mut rows = Rows::of(
        "dossiers (case_id, code, procedure, procedure_version, procedure_title, unit, applicant, applicant_name, \
         channel, answers, form, receipt_hash, created_at)",
    );
    for PastDossier { past, procedure, applicant, channel, answers, receipt_hash } in dossiers {
        let case = &past.case;
        rows.add([
            case.id.into(),
            (&case.code).into(),
            (&procedure.code).into(),
            (&procedure.version).into(),
            (&procedure.title.vi).into(),
            (&case.unit).into(),
            (*applicant).into(),
            (&case.applicant_name).into(),
            channel.number().into(),
            answers.into(),
            procedure.form.as_deref().unwrap_or_default().into(),
            receipt_hash.into(),
            case.created_at.into(),
        ]);
    }
    rows.insert(tx).await?;
    let references: Vec<String> = past.iter().map(|past| past.case.id.to_string()).collect();
    let texts: Vec<[&str; 3]> = dossiers
        .iter()
        .map(|d| [d.past.case.code.as_str(), &d.procedure.title.vi, &d.past.case.applicant_name])
        .collect();
    let records: Vec<Record<'_>> = past
        .iter()
        .zip(references.iter().zip(&texts))
        .map(|(past, (reference, texts))| Record {
            kind: find::KIND,
            scope: &past.case.unit,
            reference,
            at: past.case.created_at.0,
            texts,
        })
        .collect();
    records::load(tx, &records).await
}
