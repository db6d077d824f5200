//! Signatures renewed (PAdES B-LTA, ETSI EN 319 142-1): before the evidence in a paper ends, fresh evidence is put
//! beside it and a timestamp over everything, which carries it as far as the timestamp authority's own certificate.

use std::collections::BTreeSet;

use ::cms::cert::CertificateChoices;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::SignedData;
use der::{Decode as _, Encode as _};
use jiff::Timestamp;
use lopdf::{Dictionary, Document, Object};
use x509_cert::Certificate;

use super::{Evidence, SignError, Timestamper, cms, pdf, preserve};

/// Renews a signed PDF: `evidence` is what is known today of every certificate in it ([`Held::certificates`]), as the
/// lists of its own day no longer tell what came after.
pub async fn archive(
    document: &[u8],
    evidence: &Evidence,
    timestamper: &dyn Timestamper,
    now: Timestamp,
) -> Result<Vec<u8>, SignError> {
    stamp(&preserve(document, evidence)?, timestamper, now).await
}

/// Puts a timestamp over everything in the document.
pub(super) async fn stamp(
    document: &[u8],
    timestamper: &dyn Timestamper,
    now: Timestamp,
) -> Result<Vec<u8>, SignError> {
    let reserved = pdf::reserve_timestamp(document, timestamper.room())?;
    let token = timestamper.stamp(reserved.digest(), now).await?;
    let stamped = reserved.fill(&token)?;
    // What a verifier needs for the new timestamp, as far as it is not there yet.
    preserve(&stamped, &timestamper.evidence(now).await?)
}

/// What a signed PDF holds of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Certificates in DER, of every chain in it.
    pub certificates: Vec<Vec<u8>>,
    /// When the first certificate that it still rests on ends: for signatures that no timestamp covers their own, then
    /// those of the timestamp authority. After that nobody can verify it any more.
    pub ends_at: Option<Timestamp>,
}

/// Looks at the signatures of a PDF, without judging them.
pub fn held(document: &[u8]) -> Result<Held, SignError> {
    let document = pdf::load(document)?;
    let root = document.get_dictionary(document.trailer.get(b"Root")?.as_reference()?)?;
    let mut certificates = BTreeSet::new();
    if let Ok(store) = root.get_deref(b"DSS", &document).and_then(Object::as_dict) {
        let kept = store.get_deref(b"Certs", &document).and_then(Object::as_array).cloned().unwrap_or_default();
        let streams = kept.iter().filter_map(|item| document.dereference(item).ok()?.1.as_stream().ok());
        certificates.extend(streams.filter_map(|stream| stream.get_plain_content().ok()));
    }
    let mut ends_at: Option<Timestamp> = None;
    for signature in signatures(&document, root) {
        let content = signature.get(b"Contents").and_then(Object::as_str)?;
        let signed = opened(content)?;
        let own = certificates_of(&signed)?;
        let token = cms::timestamp_of(&signed)?;
        let resting_on = match &token {
            Some(token) => certificates_of(&cms::opened(token)?)?,
            None => own.clone(),
        };
        let end = resting_on.iter().filter_map(|der| not_after(der)).min();
        // A timestamp over the document covers all before it.
        let covers = signature.get(b"SubFilter").and_then(Object::as_name).is_ok_and(|name| name == b"ETSI.RFC3161");
        ends_at = if covers { end } else { ends_at.into_iter().chain(end).min() };
        certificates.extend(own);
        certificates.extend(resting_on);
    }
    Ok(Held { certificates: certificates.into_iter().collect(), ends_at })
}

/// The signature dictionaries, in the order in which they were made.
fn signatures<'a>(document: &'a Document, root: &'a Dictionary) -> Vec<&'a Dictionary> {
    let form = root.get_deref(b"AcroForm", document).and_then(Object::as_dict);
    let fields = form.and_then(|form| form.get_deref(b"Fields", document)).and_then(Object::as_array);
    let fields = fields.into_iter().flatten().filter_map(|field| document.dereference(field).ok()?.1.as_dict().ok());
    fields.filter_map(|field| field.get_deref(b"V", document).and_then(Object::as_dict).ok()).collect()
}

/// The CMS in a signature's room, which is longer than it.
fn opened(content: &[u8]) -> Result<SignedData, SignError> {
    let mut reader = der::SliceReader::new(content)?;
    let info: ContentInfo = der::Reader::decode(&mut reader)?;
    Ok(info.content.decode_as()?)
}

fn certificates_of(signed: &SignedData) -> Result<Vec<Vec<u8>>, SignError> {
    let choices = signed.certificates.iter().flat_map(|set| set.0.iter());
    let certificates = choices.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.to_der()),
        CertificateChoices::Other(_) => None,
    });
    Ok(certificates.collect::<Result<_, _>>()?)
}

fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let validity = Certificate::from_der(certificate).ok()?.tbs_certificate.validity;
    let seconds = validity.not_after.to_unix_duration().as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}
