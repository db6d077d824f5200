//! What forms 02, 03 and 04 have in common: whom they go to, what the office wrote, and that each is made once.

use songhan_app::Cx;
use songhan_base::{Internal, Lang};
use songhan_cases::{Case, Step};
use songhan_documents::Draft;
use songhan_documents::paper::{Paper, Signatory, Slip};
use songhan_documents::typeset::printable;

use super::{Payload, applicant, head, hotline, title, verification};
use crate::dossier::Dossier;

/// What a slip is made of.
pub(super) struct Occasion {
    pub payload: Payload,
    pub dossier: Dossier,
    pub case: Case,
    /// The step that wants it.
    pub step: Step,
    /// What was last promised before it.
    pub due_before: Option<jiff::Timestamp>,
}

/// Reads the job; `None` when its slip is there already.
pub(super) async fn occasion(cx: &Cx, payload: serde_json::Value) -> Result<Option<Occasion>, Internal> {
    let (payload, dossier, case) = super::load(cx, payload).await?;
    if let Some(id) = payload.document
        && songhan_documents::by_id(&cx.db, id).await?.is_some()
    {
        return Ok(None);
    }
    let steps = songhan_cases::timeline(&cx.db, case.id, false).await?;
    let (before, now): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| Some(step.seq) != payload.step);
    let step = now.into_iter().next().ok_or_else(|| Internal::new("the step that wanted a slip is gone"))?;
    let earlier = before.iter().rev().filter(|other| other.seq < step.seq);
    let due_before = earlier.filter_map(|other| other.due_at).map(|at| at.0).next();
    Ok(Some(Occasion { payload, dossier, case, step, due_before }))
}

impl Occasion {
    /// The parts that every slip has. `title` is what whoever answers for it is called.
    pub async fn slip(&self, cx: &Cx, signer: Signatory) -> Result<Slip, Internal> {
        let id = self.payload.document.ok_or_else(|| Internal::new("a slip was promised without an id"))?;
        let applicant = applicant(cx, &self.dossier).await?;
        let recipients = [Some(applicant.name.clone()), applicant.submitted_by.clone(), Some("Lưu: hồ sơ".to_owned())];
        Ok(Slip {
            dossier: self.dossier.code.clone(),
            number: self.payload.number.clone(),
            head: head(cx, &self.case.unit),
            verify: verification(cx, id),
            office: None,
            applicant,
            procedure: printable(&self.dossier.procedure_title),
            recipients: recipients.into_iter().flatten().collect(),
            signer,
            hotline: hotline(cx),
        })
    }

    /// The officer who acted, under the name of a task.
    pub fn officer(&self, task: &str) -> Signatory {
        let name = Some(printable(&self.step.actor_name)).filter(|name| !name.is_empty());
        Signatory { authority: Vec::new(), title: Some(task.to_owned()), name }
    }

    /// What the office wrote for the applicant, a line each.
    pub fn lines(&self) -> Vec<String> {
        lines(self.step.public_note.as_deref().unwrap_or_default())
    }

    /// Signs and records the slip.
    pub async fn issue(self, cx: &Cx, paper: Paper) -> Result<(), Internal> {
        let Some(id) = self.payload.document else { return Ok(()) };
        let draft = Draft {
            id,
            title: title(cx, Lang::Vi, paper.template()),
            paper,
            number: self.payload.number,
            subject: self.dossier.subject(),
            unit: self.case.unit,
            holder: Some(self.dossier.holder()),
            holder_name: self.dossier.holder_name().to_owned(),
            leader: None,
        };
        let prepared = songhan_documents::prepare(cx, draft).await?;
        let mut tx = cx.begin().await?;
        // Another worker may have been quicker: its slip stays, ours is a file that nothing names.
        if songhan_documents::by_id(&mut tx, id).await?.is_some() {
            return Ok(());
        }
        songhan_documents::record(&mut tx, cx, prepared).await?;
        tx.commit().await
    }
}

/// The lines of a note, without the dashes and numbers that people put before them.
fn lines(note: &str) -> Vec<String> {
    let bare = |line: &str| {
        let line = line.trim().trim_start_matches(['-', '+', '•', '*', '–']).trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        match line[digits..].chars().next() {
            Some('.' | ')') if (1..=2).contains(&digits) && line[digits + 1..].starts_with(' ') => {
                line[digits + 1..].trim().to_owned()
            }
            _ => line.to_owned(),
        }
    };
    note.lines().map(|line| printable(&bare(line))).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_line_by_line() {
        let note = "1. Bản chụp căn cước\n\n - Giấy ủy quyền\n2) Ảnh 4 x 6\n2026 là năm cấp\n3.5 m² đất";
        let read = lines(note);
        assert_eq!(read, ["Bản chụp căn cước", "Giấy ủy quyền", "Ảnh 4 x 6", "2026 là năm cấp", "3.5 m² đất"]);
        assert!(lines(" \n-\n").is_empty());
    }
}
