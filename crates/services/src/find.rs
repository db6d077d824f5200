//! Finding dossiers by their code, their title, and the names of the applicant and of the one they apply for: entries in
//! the search engine.

use songhan_base::Internal;
use songhan_db::Tx;
use songhan_search::records::{self, Record};

use crate::dossier::Dossier;

/// The kind of these entries in the search engine.
pub const KIND: &str = "dossier";

/// Puts a dossier into the index of its unit.
pub async fn put(tx: &mut Tx, dossier: &Dossier) -> Result<(), Internal> {
    let principal = dossier.principal();
    let mut texts = vec![dossier.code.as_str(), &dossier.procedure_title, &dossier.applicant_name];
    if let Some(principal) = &principal {
        texts.push(&principal.name);
        texts.extend(principal.number.as_deref());
    }
    let reference = dossier.case_id.to_string();
    let record =
        Record { kind: KIND, scope: &dossier.unit, reference: &reference, at: dossier.created_at.0, texts: &texts };
    records::put(tx, record).await
}
