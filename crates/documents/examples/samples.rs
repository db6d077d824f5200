//! Writes one paper of each kind, signed where the city signs it, with the root certificate that verifies them: what
//! `tests/clients/documents/check_pdf.py` checks with tools that are not ours. What carries no seal goes to `unsigned`.
//!
//! `cargo run -p songhan-documents --example samples -- FOLDER [ADDRESS OF REVOCATION LISTS]`

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use songhan_documents::authority::{Authority, Options, Organisation, Person};
use songhan_documents::sign::{Appearance, Level, SignRequest, sign};
use songhan_documents::typeset::Typesetter;

const PAPERS: [(&str, &str, &str); 11] = [
    ("receipt", "receipt", include_str!("../samples/receipt.json")),
    ("supplement-request", "supplement-request", include_str!("../samples/supplement-request.json")),
    ("refusal", "refusal", include_str!("../samples/refusal.json")),
    ("apology", "apology", include_str!("../samples/apology.json")),
    ("process-sheet", "process-sheet", include_str!("../samples/process-sheet.json")),
    ("tracking-book", "tracking-book", include_str!("../samples/tracking-book.json")),
    ("certified-copy", "certified-copy", include_str!("../samples/certified-copy.json")),
    ("decision", "decision", include_str!("../samples/decision.json")),
    ("payment-receipt", "payment-receipt", include_str!("../samples/payment-receipt.json")),
    ("archive-list", "archive-list", include_str!("../samples/archive-list.json")),
    ("letter", "decision", include_str!("../samples/letter.json")),
];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("give the folder to write to")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder.join("unsigned"))?;
    // A verifier compares with its own clock, so the samples are signed now, in truth.
    #[expect(clippy::disallowed_methods, reason = "a program of its own, with no context to ask")]
    let now = Timestamp::now();
    let options =
        Options { city: "Thành phố Đà Nẵng".into(), kek: "ab".repeat(32), crl_base: std::env::args().nth(2) };
    let authority = Authority::open(&folder.join("keys"), options, now)?;
    std::fs::write(folder.join("root.pem"), authority.root_pem())?;
    let seal_of = Organisation { code: "hai-chau".into(), name: "Ủy ban nhân dân phường Hải Châu".into() };
    let seal = authority.organisation(&seal_of, now)?;
    let typesetter = Typesetter::new();
    for (name, template, data) in PAPERS {
        let data: Value = serde_json::from_str(data)?;
        let pdf = typesetter.set(template, &data)?;
        let mut bytes = pdf.bytes.clone();
        if let (Some(anchor), Some(leader)) = (pdf.anchor("signature"), data["signer"]["name"].as_str()) {
            let person = Person {
                id: leader.into(),
                name: leader.into(),
                title: data["signer"]["title"].as_str().unwrap_or_default().into(),
                organisation: seal_of.name.clone(),
            };
            let look = typesetter.set("signature", &json!({ "name": leader, "signed": "21/11/2026 09:45:12" }))?;
            let place = Appearance { page: anchor.page, rect: anchor.rect, drawing: &look.bytes };
            let signer = authority.person(&person, now)?;
            let request =
                SignRequest { reason: "Ký ban hành", level: Level::LongTerm, ..request("signature", place) };
            bytes = sign(&bytes, &request, &signer, Some(&authority.timestamper()), now).await?;
        }
        let Some(anchor) = pdf.anchor("seal") else {
            std::fs::write(folder.join("unsigned").join(format!("{name}.pdf")), bytes)?;
            continue;
        };
        let look = typesetter.set("seal", &json!({ "agency": seal_of.name, "parent": "Thành phố Đà Nẵng" }))?;
        let place = Appearance { page: anchor.page, rect: anchor.rect, drawing: &look.bytes };
        bytes = sign(&bytes, &request("seal", place), &seal, Some(&authority.timestamper()), now).await?;
        std::fs::write(folder.join(format!("{name}.pdf")), bytes)?;
    }
    Ok(())
}

fn request<'a>(field: &'a str, place: Appearance<'a>) -> SignRequest<'a> {
    let (reason, location) = ("Đóng dấu cơ quan", Some("Đà Nẵng"));
    SignRequest { field, reason, location, appearance: Some(place), level: Level::Archival }
}
