//! Signatures checked from the file alone, as a verifier would; other people's tools do it again in `tests/clients`.

use std::sync::Arc;

use ::cms::content_info::ContentInfo;
use ::cms::signed_data::SignedData;
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64;
use der::Encode as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};

use super::*;
use crate::authority::{Authority, LocalSigner, Options, Organisation, Person};
use crate::typeset::{Pdf, Typesetter};

const NOW: Timestamp = Timestamp::constant(1_795_230_000, 0);

fn authority(folder: &std::path::Path) -> Arc<Authority> {
    let options = Options { city: "Thành phố Đà Nẵng".into(), kek: "ab".repeat(32), crl_base: None };
    Authority::open(folder, options, NOW).unwrap()
}

fn seal(authority: &Arc<Authority>) -> LocalSigner {
    let organisation = Organisation { code: "hc".into(), name: "Ủy ban nhân dân phường Hải Châu".into() };
    authority.organisation(&organisation, NOW).unwrap()
}

fn paper() -> Pdf {
    let data: Value = serde_json::from_str(include_str!("../../samples/decision.json")).unwrap();
    Typesetter::new().set("decision", &data).unwrap()
}

fn request(field: &str, level: Level) -> SignRequest<'_> {
    SignRequest { field, reason: "Phê duyệt", location: Some("Đà Nẵng"), appearance: None, level }
}

/// What a verifier finds in one signature of a file.
struct Seen {
    field: String,
    content: SignedData,
    /// Bytes up to which it covers the file, but for itself.
    covers: usize,
}

/// Every signature in the file, each verified against the certificate it carries.
fn verified_signatures(pdf: &[u8]) -> Vec<Seen> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let root = document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let form = document.get_dictionary(root).unwrap().get_deref(b"AcroForm", &document).unwrap().as_dict().unwrap();
    let fields = form.get_deref(b"Fields", &document).unwrap().as_array().unwrap();
    fields.iter().map(|field| seen(pdf, &document, document.dereference(field).unwrap().1.as_dict().unwrap())).collect()
}

fn seen(pdf: &[u8], document: &lopdf::Document, field: &lopdf::Dictionary) -> Seen {
    let signature = field.get_deref(b"V", document).unwrap().as_dict().unwrap();
    let range = signature.get(b"ByteRange").unwrap().as_array().unwrap();
    let [start, first, second, rest] = [0, 1, 2, 3].map(|i| usize::try_from(range[i].as_i64().unwrap()).unwrap());
    assert_eq!(start, 0);
    let mut digest = Sha256::new();
    digest.update(&pdf[..first]);
    digest.update(&pdf[second..second + rest]);
    let digest: Digest = digest.finalize().into();

    let contents = signature.get(b"Contents").unwrap().as_str().unwrap();
    let mut reader = der::SliceReader::new(contents).unwrap();
    let info: ContentInfo = der::Reader::decode(&mut reader).unwrap();
    let content: SignedData = info.content.decode_as().unwrap();
    let signer = content.signer_infos.0.as_slice()[0].clone();
    let attributes = signer.signed_attrs.clone().unwrap();
    let said = attributes.iter().find(|a| a.oid == const_oid::db::rfc5911::ID_MESSAGE_DIGEST).unwrap();
    if signature.get(b"SubFilter").unwrap().as_name().unwrap() == b"ETSI.RFC3161" {
        // A timestamp signs what it says, and says the digest of the file.
        let info = content.encap_content_info.econtent.clone().unwrap();
        assert!(info.value().windows(32).any(|window| window == digest), "the digest is not the file's");
    } else {
        assert_eq!(said.values.as_slice()[0].value(), digest, "the digest is not the file's");
    }
    let leaf = content.certificates.iter().flat_map(|set| set.0.iter()).find_map(|choice| match choice {
        ::cms::cert::CertificateChoices::Certificate(certificate) => {
            let ::cms::signed_data::SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else { return None };
            (certificate.tbs_certificate.serial_number == id.serial_number).then_some(certificate)
        }
        ::cms::cert::CertificateChoices::Other(_) => None,
    });
    let key = &leaf.unwrap().tbs_certificate.subject_public_key_info.subject_public_key;
    let key = VerifyingKey::from_sec1_bytes(key.raw_bytes()).unwrap();
    let value = Signature::from_der(signer.signature.as_bytes()).unwrap();
    key.verify_prehash(&Sha256::digest(attributes.to_der().unwrap()), &value).unwrap();
    let name = field.get(b"T").unwrap().as_str().unwrap();
    let units: Vec<u16> = name[2..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    Seen { field: String::from_utf16(&units).unwrap(), content, covers: second + rest }
}

fn has_timestamp(seen: &Seen) -> bool {
    seen.content.signer_infos.0.as_slice()[0].unsigned_attrs.is_some()
}

fn store(pdf: &[u8], key: &[u8]) -> usize {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let root = document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let dss = document.get_dictionary(root).unwrap().get_deref(b"DSS", &document).and_then(lopdf::Object::as_dict);
    dss.map_or(0, |dss| dss.get(key).unwrap().as_array().unwrap().len())
}

#[tokio::test]
async fn each_level_holds_what_it_promises() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let (signer, stamper) = (seal(&authority), authority.timestamper());
    let paper = paper();
    for (level, stamped, lists) in [(Level::Basic, false, 0), (Level::Timestamped, true, 0), (Level::LongTerm, true, 2)]
    {
        let signed = sign(&paper.bytes, &request("seal", level), &signer, Some(&stamper), NOW).await.unwrap();
        let seen = verified_signatures(&signed);
        assert_eq!(seen.len(), 1);
        assert_eq!(has_timestamp(&seen[0]), stamped, "{level:?}");
        assert_eq!(store(&signed, b"CRLs"), lists, "{level:?}");
        assert!(signed.starts_with(&paper.bytes), "what was there is never rewritten");
    }
    let without = sign(&paper.bytes, &request("seal", Level::Timestamped), &signer, None, NOW).await;
    assert!(matches!(without, Err(SignError::NoTimestamper)));
}

#[tokio::test]
async fn a_leader_and_then_the_organisation_sign_one_paper() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let stamper = authority.timestamper();
    let person = Person {
        id: "1".into(),
        name: "Trần Thị Mỹ Duyên".into(),
        title: "Phó Chủ tịch".into(),
        organisation: "Ủy ban nhân dân phường Hải Châu".into(),
    };
    let leader = authority.person(&person, NOW).unwrap();
    let paper = paper();
    let drawing = Typesetter::new().set("seal", &json!({ "agency": "Phường Hải Châu", "parent": null })).unwrap();
    let mut request = request("sign", Level::LongTerm);
    let mut signed = paper.bytes.clone();
    for (anchor, signer) in [("signature", &leader), ("seal", &seal(&authority))] {
        let anchor = paper.anchor(anchor).unwrap();
        request.appearance = Some(Appearance { page: anchor.page, rect: anchor.rect, drawing: &drawing.bytes });
        signed = sign(&signed, &request, signer, Some(&stamper), NOW).await.unwrap();
    }
    let seen = verified_signatures(&signed);
    let names: Vec<&str> = seen.iter().map(|seen| seen.field.as_str()).collect();
    assert_eq!(names, ["sign", "sign-2"], "a taken name gets a number");
    assert!(seen[0].covers < seen[1].covers && seen[1].covers < signed.len());
    // Two leaves, the timestamp's, issuing and root; the lists are the same for both.
    assert_eq!((store(&signed, b"Certs"), store(&signed, b"CRLs")), (5, 2));
}

#[tokio::test]
async fn renewed_evidence_joins_the_old() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let signer = seal(&authority);
    let signed =
        sign(&paper().bytes, &request("seal", Level::LongTerm), &signer, Some(&authority.timestamper()), NOW).await;
    let later = NOW + jiff::SignedDuration::from_hours(24 * 400);
    let evidence = Signer::evidence(&signer, later).await.unwrap();
    let renewed = preserve(&signed.unwrap(), &evidence).unwrap();
    assert_eq!(store(&renewed, b"CRLs"), 3);
    verified_signatures(&renewed);
}

#[tokio::test]
async fn a_renewal_carries_a_paper_beyond_its_first_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let (signer, stamper) = (seal(&authority), authority.timestamper());
    let years = |n: i64| jiff::SignedDuration::from_hours(24 * 365 * n);
    let plain = sign(&paper().bytes, &request("seal", Level::Basic), &signer, None, NOW).await.unwrap();
    let ends = held(&plain).unwrap().ends_at.unwrap();
    assert!(ends <= NOW + years(2), "without a timestamp it rests on the signer's own certificate");
    let signed = sign(&paper().bytes, &request("seal", Level::Archival), &signer, Some(&stamper), NOW).await.unwrap();
    let first = held(&signed).unwrap();
    assert!(first.ends_at.unwrap() > NOW + years(9));
    assert_eq!(first.certificates.len(), 4, "signer, issuing, timestamp, root");
    assert!(first.certificates.iter().all(|der| authority.has_issued(der)));

    let later = NOW + years(9);
    authority.renew(later).unwrap();
    let evidence = authority.evidence_of(&first.certificates, later).unwrap();
    assert_eq!(evidence.crls.len(), 1, "nothing is said any more of the seal, whose certificate has ended");
    let renewed = archive(&signed, &evidence, &authority.timestamper(), later).await.unwrap();
    assert!(renewed.starts_with(&signed) && held(&renewed).unwrap().ends_at.unwrap() > later + years(9));
    // The signature and both timestamps over the document; each token is judged as it stands in its field.
    assert_eq!(verified_signatures(&signed).len(), 2);
    assert_eq!(verified_signatures(&renewed).len(), 3);
}

#[tokio::test]
async fn a_revoked_certificate_does_not_sign() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let signer = seal(&authority);
    authority.revoke(&signer.identity().serial(), crate::authority::Reason::KeyCompromise, NOW).unwrap();
    let outcome =
        sign(&paper().bytes, &request("seal", Level::LongTerm), &signer, Some(&authority.timestamper()), NOW).await;
    assert!(matches!(outcome, Err(SignError::Revoked)));
    // The house takes a new one by itself.
    let fresh = seal(&authority);
    assert_ne!(fresh.identity().serial(), signer.identity().serial());
}

#[tokio::test]
async fn what_is_no_pdf_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let signer = seal(&authority);
    for bytes in [b"".as_slice(), b"%PDF-1.7", b"\x89PNG", b"%PDF-1.7\ntrailer<</Root 1 0 R>>\n%%EOF"] {
        let outcome = sign(bytes, &request("seal", Level::Basic), &signer, None, NOW).await;
        assert!(matches!(outcome, Err(SignError::Pdf(_) | SignError::Unsuitable(_))));
    }
    let nowhere = Appearance { page: 9, rect: [0.0; 4], drawing: b"" };
    let request = SignRequest { appearance: Some(nowhere), ..request("seal", Level::Basic) };
    assert!(sign(&paper().bytes, &request, &signer, None, NOW).await.is_err());
}

#[tokio::test]
async fn the_timestamp_authority_answers_outside_requests() {
    let folder = tempfile::tempdir().unwrap();
    let stamper = authority(folder.path()).timestamper();
    assert_eq!(stamper.respond(b"nonsense", NOW).unwrap(), [0x30, 5, 0x30, 3, 2, 1, 2]);
    // What `openssl ts -query -digest 22…22 -sha256 -cert` sends.
    let mut query =
        vec![0x30, 0x39, 2, 1, 1, 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    query.extend([0x22; 32]);
    query.extend([1, 1, 0xff]);
    let answer = stamper.respond(&query, NOW).unwrap();
    assert!(answer.len() > 1000 && answer.windows(32).any(|window| window == [0x22; 32]));
}

/// A provider as the Cloud Signature Consortium describes it, with a key of the city's authority behind it.
async fn provider(signer: LocalSigner, plain: bool) -> String {
    let info = json!({
        "cert": { "certificates": signer.chain().iter().map(|der| BASE64.encode(der)).collect::<Vec<_>>() },
        "key": { "status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256 },
    });
    let sign_hash = move |Json(body): Json<Value>| async move {
        assert_eq!(body["SAD"], "activated");
        let digest = BASE64.decode(body["hashes"][0].as_str().unwrap().as_bytes()).unwrap();
        let der = signer.sign(digest.try_into().unwrap()).await.unwrap();
        let signature = Signature::from_der(&der).unwrap();
        Json(json!({ "signatures": [BASE64.encode(&if plain { signature.to_bytes().to_vec() } else { der })] }))
    };
    let authorize = |Json(body): Json<Value>| async move {
        if body["PIN"] == "246810" {
            Ok(Json(json!({ "SAD": "activated" })))
        } else {
            Err(axum::http::StatusCode::FORBIDDEN)
        }
    };
    serve(
        Router::new()
            .route("/csc/v2/credentials/info", post(move || async { Json(info) }))
            .route("/csc/v2/credentials/authorize", post(authorize))
            .route("/csc/v2/signatures/signHash", post(sign_hash)),
    )
    .await
        + "/csc/v2/"
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

fn settings(url: String, pin: &str) -> remote::Settings {
    remote::Settings { url, credential: "seal-1".into(), token: "secret".into(), pin: Some(pin.into()) }
}

#[tokio::test]
async fn a_licensed_provider_signs_by_digest() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let stamper = authority.timestamper();
    for plain in [false, true] {
        let url = provider(seal(&authority), plain).await;
        let remote = remote::Remote::connect(client(), settings(url.clone(), "246810")).await.unwrap();
        let signed =
            sign(&paper().bytes, &request("seal", Level::LongTerm), &remote, Some(&stamper), NOW).await.unwrap();
        assert_eq!(verified_signatures(&signed).len(), 1);

        let refused = remote::Remote::connect(client(), settings(url, "0")).await.unwrap();
        let error = sign(&paper().bytes, &request("seal", Level::Basic), &refused, None, NOW).await.unwrap_err();
        assert!(error.to_string().contains("status 403"), "{error}");
    }
}

#[tokio::test]
async fn a_signature_by_another_key_never_reaches_the_paper() {
    struct Wrong(LocalSigner, LocalSigner);
    impl Signer for Wrong {
        fn chain(&self) -> &[Vec<u8>] {
            self.0.chain()
        }
        fn algorithm(&self) -> Algorithm {
            Algorithm::EcdsaSha256
        }
        fn sign(&self, digest: Digest) -> Pending<'_, Vec<u8>> {
            self.1.sign(digest)
        }
        fn evidence(&self, now: Timestamp) -> Pending<'_, Evidence> {
            self.0.evidence(now)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let other = Organisation { code: "x".into(), name: "Ủy ban nhân dân phường An Khê".into() };
    let wrong = Wrong(seal(&authority), authority.organisation(&other, NOW).unwrap());
    let outcome = sign(&paper().bytes, &request("seal", Level::Basic), &wrong, None, NOW).await;
    assert!(matches!(outcome, Err(SignError::Mismatch)));
}

#[tokio::test]
async fn an_outside_timestamp_authority_is_held_to_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority(folder.path());
    let stamper = authority.timestamper();
    let honest = move |body: axum::body::Bytes| async move { stamper.respond(&body, NOW).unwrap() };
    let other = authority.timestamper();
    let stale = move || async move { other.respond(&[], NOW).unwrap() };
    let url =
        serve(Router::new().route("/tsa", post(honest)).route("/no", post(stale)).route("/x", get(|| async {}))).await;
    let outside = RemoteTimestamper::new(client(), format!("{url}/tsa"));
    let signed = sign(&paper().bytes, &request("seal", Level::LongTerm), &seal(&authority), Some(&outside), NOW).await;
    assert!(has_timestamp(&verified_signatures(&signed.unwrap())[0]));
    for path in ["no", "x", "missing"] {
        let outside = RemoteTimestamper::new(client(), format!("{url}/{path}"));
        assert!(outside.stamp([1; 32], NOW).await.is_err(), "{path}");
    }
}
