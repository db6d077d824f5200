//! What a dossier began with: its procedure in the version of that day, and the form that its answers belong to.

use std::sync::Arc;

use songhan_app::{App, Cx};
use songhan_base::Internal;
use songhan_forms::Form;
use songhan_procedures::Procedure;

use crate::dossier::Dossier;

/// The procedure that a dossier began with.
pub async fn procedure_of(app: &App, dossier: &Dossier) -> Result<Option<Arc<Procedure>>, Internal> {
    songhan_procedures::version(app, &dossier.procedure, &dossier.procedure_version).await
}

/// The form that a dossier's answers belong to: a declared one by its code, or the one made of the papers of the
/// procedure that it began with.
pub async fn form_of(cx: &Cx, dossier: &Dossier) -> Result<Option<Arc<Form>>, Internal> {
    if let Some(declared) = cx.city.get::<songhan_forms::Forms>().shared(&dossier.form) {
        return Ok(Some(declared));
    }
    Ok(procedure_of(cx, dossier).await?.and_then(|procedure| procedure.form(&cx.city)))
}
