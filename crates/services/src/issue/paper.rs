//! The paper of a result in its declared layout: a certified copy of a record, or a decision.

use songhan_app::Cx;
use songhan_base::{Id, Internal, Lang};
use songhan_cases::Case;
use songhan_documents::paper::{CertifiedCopy, Decision, Entry, Paper, Section, Signatory};
use songhan_documents::typeset::printable;
use songhan_forms::{Answers, CheckContext, UploadedFile};

use super::{head, unit_name, verification};
use crate::dossier::Dossier;
use crate::{catalogue, store};

/// What the paper of a result says beside its dossier.
pub(super) struct Issuing<'a> {
    pub id: Id,
    pub template: &'a str,
    pub title: &'a str,
    pub number: &'a str,
    pub signer: Signatory,
}

/// The paper in the declared layout: a certified copy of a record, or a decision.
pub(super) async fn of(cx: &Cx, dossier: &Dossier, case: &Case, issuing: Issuing<'_>) -> Result<Paper, Internal> {
    let sections = answered(cx, dossier).await?;
    let (head, verify, signer) = (head(cx, &case.unit), verification(cx, issuing.id), issuing.signer);
    if issuing.template == "certified-copy" {
        return Ok(Paper::CertifiedCopy(Box::new(CertifiedCopy {
            title: issuing.title.to_owned(),
            number: issuing.number.to_owned(),
            head,
            verify,
            sections,
            signer,
            ..CertifiedCopy::default()
        })));
    }
    let entries = sections.into_iter().flat_map(|section| section.rows).flatten().collect();
    Ok(Paper::Decision(Box::new(Decision {
        kind: Some(issuing.title.to_owned()),
        number: issuing.number.to_owned(),
        head,
        verify,
        body: vec![format!(
            "Xét hồ sơ mã số {} của {} về việc {}, {} xác nhận kết quả giải quyết như sau:",
            dossier.code,
            printable(dossier.holder_name()),
            printable(&dossier.procedure_title),
            unit_name(cx, &case.unit),
        )],
        entries,
        recipients: vec![printable(dossier.holder_name()), "Lưu: VT, hồ sơ".to_owned()],
        signer,
        ..Decision::default()
    })))
}

/// The answers in words, section by section, as the form asked them.
async fn answered(cx: &Cx, dossier: &Dossier) -> Result<Vec<Section>, Internal> {
    let Some(form) = catalogue::form_of(cx, dossier).await? else { return Ok(Vec::new()) };
    let answers = Answers::parse(&dossier.answers);
    let files: Vec<_> = store::papers(&cx.db, dossier.case_id)
        .await?
        .into_iter()
        .map(|p| UploadedFile { id: p.upload.to_string(), name: p.name, size: 0, href: String::new() })
        .collect();
    let check = CheckContext { lang: Lang::Vi, ..CheckContext::of(cx) };
    let summary = form.summary(&answers, &files, &check, |_| None);
    let section = |section: songhan_forms::SummarySection| Section {
        title: Some(printable(&section.title)),
        rows: section
            .rows
            .iter()
            .map(|row| vec![Entry::new(printable(&row.label), printable(&row.value.line()))])
            .collect(),
    };
    Ok(summary.into_iter().map(section).collect())
}
