//! Signs papers and lets years go by: writes what a verifier has in hand at each moment, for
//! `tests/clients/documents/later.py`, which judges by pyHanko alone.
//!
//! `cargo run -p songhan-documents --example later -- FOLDER`
//!
//! Each case is a paper, a moment, and the revocation lists that the city publishes at that moment, with whether the
//! paper has to hold then.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use songhan_documents::authority::{Authority, LocalSigner, Options, Organisation, Reason};
use songhan_documents::sign::{Level, SignRequest, Signer as _, Timestamper as _, archive, held, sign};
use songhan_documents::typeset::Typesetter;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).ok_or("give the folder to write to")?;
    let mut desk = Desk::open(Path::new(&folder))?;
    let ours = desk.seal("hai-chau", "Ủy ban nhân dân phường Hải Châu")?;
    let other = desk.seal("so-noi-vu", "Sở Nội vụ")?;
    for (name, seal) in [("signed.pdf", &ours), ("before-revocation.pdf", &other)] {
        desk.write(name, &desk.signed(seal).await?)?;
    }
    desk.case("on the day it was signed", "signed.pdf", true)?;
    desk.pass(30);
    desk.case("before anything was revoked", "before-revocation.pdf", true)?;

    // A certificate is revoked a year on: what it signed before stays, what it signs after does not hold.
    desk.pass(335);
    desk.case("a year later", "signed.pdf", true)?;
    desk.authority.revoke(&other.identity().serial(), Reason::AffiliationChanged, desk.now)?;
    desk.pass(1);
    desk.case("the day after its signer was revoked", "before-revocation.pdf", true)?;
    desk.write("after-revocation.pdf", &desk.signed_in_spite(&other).await?)?;
    desk.pass(1);
    desk.case("signed with a revoked certificate", "after-revocation.pdf", false)?;

    desk.pass(2 * 365);
    desk.case("when the seal's certificate has ended", "signed.pdf", true)?;
    desk.case("revoked long ago, and the certificate has ended too", "before-revocation.pdf", true)?;
    desk.case("signed with a revoked certificate, and that has ended", "after-revocation.pdf", false)?;

    // The timestamp authority itself is certified for ten years: the renewal carries a paper on.
    desk.pass(5 * 365);
    desk.authority.renew(desk.now)?;
    desk.pass(365);
    for (name, renewed) in [("signed.pdf", "renewed.pdf"), ("after-revocation.pdf", "renewed-revoked.pdf")] {
        let old = std::fs::read(Path::new(&folder).join(name))?;
        let evidence = desk.authority.evidence_of(&held(&old)?.certificates, desk.now)?;
        desk.write(renewed, &archive(&old, &evidence, &desk.authority.timestamper(), desk.now).await?)?;
    }
    desk.pass(1);
    desk.case("renewed, the day after", "renewed.pdf", true)?;
    desk.pass(3 * 365);
    desk.case("renewed, when every certificate of its first day has ended", "renewed.pdf", true)?;
    desk.case("not renewed, when every certificate has ended", "signed.pdf", false)?;
    desk.case("a renewal heals no revoked signature", "renewed-revoked.pdf", false)?;
    desk.finish()
}

struct Desk {
    folder: std::path::PathBuf,
    authority: Arc<Authority>,
    /// The moment at which things are done.
    now: Timestamp,
    cases: Vec<Value>,
}

impl Desk {
    fn open(folder: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(folder)?;
        // The tools look at their own clock in places, so the first day is today.
        #[expect(clippy::disallowed_methods, reason = "a program of its own, with no context to ask")]
        let begin = Timestamp::now();
        let options = Options { city: "Thành phố Đà Nẵng".into(), kek: "ab".repeat(32), crl_base: None };
        let authority = Authority::open(&folder.join("keys"), options, begin)?;
        std::fs::write(folder.join("root.pem"), authority.root_pem())?;
        Ok(Self { folder: folder.to_owned(), authority, now: begin, cases: Vec::new() })
    }

    fn seal(&self, code: &str, name: &str) -> Outcome<LocalSigner> {
        Ok(self.authority.organisation(&Organisation { code: code.into(), name: name.into() }, self.now)?)
    }

    async fn signed(&self, seal: &LocalSigner) -> Outcome<Vec<u8>> {
        let stamper = self.authority.timestamper();
        Ok(sign(&paper()?, &request(Level::Archival), seal, Some(&stamper), self.now).await?)
    }

    /// As someone would who has the key of a revoked certificate: the house itself refuses.
    async fn signed_in_spite(&self, seal: &LocalSigner) -> Outcome<Vec<u8>> {
        if self.signed(seal).await.is_ok() {
            return Err("a revoked certificate has signed".into());
        }
        let stamper = self.authority.timestamper();
        let stamped = sign(&paper()?, &request(Level::Timestamped), seal, Some(&stamper), self.now).await?;
        let mut evidence = seal.evidence(self.now).await?;
        evidence.merge(stamper.evidence(self.now).await?);
        Ok(archive(&stamped, &evidence, &stamper, self.now).await?)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Outcome<()> {
        Ok(std::fs::write(self.folder.join(name), bytes)?)
    }

    fn pass(&mut self, days: i32) {
        self.now += DAY * days;
    }

    /// A verifier now, with the lists that the city publishes now.
    fn case(&mut self, about: &str, file: &str, holds: bool) -> Outcome<()> {
        self.authority.renew(self.now)?;
        let mut names = serde_json::Map::new();
        for (list, bytes) in [("issuing", self.authority.issuing_crl(self.now)?), ("root", self.authority.root_crl()?)]
        {
            let name = format!("{}-{list}.crl", self.cases.len());
            self.write(&name, &bytes)?;
            names.insert(list.to_owned(), name.into());
        }
        // Some minutes to fetch them.
        let moment = self.now + SignedDuration::from_mins(5);
        let case =
            json!({ "about": about, "file": file, "moment": moment.to_string(), "lists": names, "holds": holds });
        self.cases.push(case);
        Ok(())
    }

    fn finish(self) -> Outcome<()> {
        let cases = serde_json::to_string_pretty(&self.cases)?;
        Ok(std::fs::write(self.folder.join("cases.json"), cases)?)
    }
}

fn paper() -> Outcome<Vec<u8>> {
    let data: Value = serde_json::from_str(include_str!("../samples/refusal.json"))?;
    Ok(Typesetter::new().set("refusal", &data)?.bytes)
}

fn request(level: Level) -> SignRequest<'static> {
    SignRequest { field: "seal", reason: "Ban hành", location: Some("Đà Nẵng"), appearance: None, level }
}
