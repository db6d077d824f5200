//! The papers of a dossier as it is handed in: new ones, those that the counter saw, those that lie here already.

use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_db::Tx;

use crate::dossier::Paper;
use crate::ops::submit::{Ready, Rejection};
use crate::store;

/// The national codes of what lay with the city already: a paper of an earlier dossier, a result that it issued itself.
const REUSED: i64 = 2;
const REUSED_RESULT: i64 = 3;

/// How many of them lay here already.
pub fn reused(papers: &[Paper]) -> i64 {
    papers.iter().filter(|paper| paper.digitisation >= REUSED).count() as i64
}

/// The papers of the dossier: uploads that the answers name, and what was handed over beside them.
pub async fn claim(tx: &mut Tx, cx: &Cx, ready: &Ready) -> Result<Vec<Paper>, Rejection> {
    let owner = ready.uploader;
    let mut papers = Vec::new();
    let earlier = if ready.reused.is_empty() {
        Vec::new()
    } else {
        store::reuse::own_papers(&mut *tx, ready.applicant.account, &ready.reused).await?
    };
    for (question, upload) in ready.form.uploads(&ready.answers) {
        if let Some(id) = earlier.iter().find(|id| id.to_string() == *upload) {
            papers.push(reuse(cx, *id, &question.id).await?);
            continue;
        }
        let claimed = songhan_documents::claim_upload(tx, cx, owner, upload, &question.id, &question.accept).await?;
        let issued = songhan_documents::of_upload(&mut *tx, &claimed).await?;
        let mut sent = Paper::sent(claimed.id, question.id.as_str(), claimed.name);
        if store::reuse::is_own_result(tx, ready.applicant.account, &issued).await? {
            sent.digitisation = REUSED_RESULT;
        }
        let known = ready.papers.iter().find(|paper| paper.upload == claimed.id);
        papers.push(match known {
            Some(known) => Paper { seen: known.seen.clone(), digitisation: known.digitisation, ..sent },
            None => sent,
        });
    }
    for paper in &ready.papers {
        if papers.iter().any(|taken| taken.upload == paper.upload) {
            continue;
        }
        if !paper.is_paper_only() {
            let id = paper.upload.to_string();
            songhan_documents::claim_upload(tx, cx, owner, &id, &paper.question, &[]).await?;
        }
        papers.push(paper.clone());
    }
    Ok(papers)
}

/// A paper that lies with the city already (dùng lại giấy tờ đã có): it stays where it is, and is named here too.
async fn reuse(cx: &Cx, id: Id, question: &str) -> Result<Paper, Internal> {
    let known = songhan_documents::uploads(cx, &[id.to_string()]).await?;
    let name = known.first().map_or_else(String::new, |upload| upload.name.clone());
    Ok(Paper { digitisation: REUSED, ..Paper::sent(id, question, name) })
}
