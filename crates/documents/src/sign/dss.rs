//! The document security store (DSS, ETSI EN 319 142-1, 5.4.2): certificates and revocation lists kept in the paper.

use lopdf::{Dictionary, IncrementalDocument, Object, Stream, dictionary};

use super::{Evidence, SignError, pdf};

/// Appends evidence to a signed PDF, beside what its store already has. With nothing new it stays as it is.
pub fn preserve(document: &[u8], evidence: &Evidence) -> Result<Vec<u8>, SignError> {
    let previous = pdf::load(document)?;
    let root = previous.trailer.get(b"Root")?.as_reference()?;
    let store = previous.get_dictionary(root)?.get_deref(b"DSS", &previous).and_then(Object::as_dict).cloned().ok();
    let kept = |key: &[u8]| -> Vec<Object> {
        let array = store.as_ref().and_then(|s| s.get_deref(key, &previous).and_then(Object::as_array).ok());
        array.cloned().unwrap_or_default()
    };
    let (certificates, crls, ocsps) = (kept(b"Certs"), kept(b"CRLs"), kept(b"OCSPs"));
    let contents = |kept: &[Object]| -> Vec<Vec<u8>> {
        let streams = kept.iter().filter_map(|item| previous.dereference(item).ok()?.1.as_stream().ok());
        streams.filter_map(|stream| stream.get_plain_content().ok()).collect()
    };
    let (had_certificates, had_crls) = (contents(&certificates), contents(&crls));
    let has_all = evidence.certificates.iter().all(|one| had_certificates.contains(one))
        && evidence.crls.iter().all(|one| had_crls.contains(one));
    if store.is_some() && has_all {
        return Ok(document.to_vec());
    }

    let mut update = IncrementalDocument::create_from(document.to_vec(), previous);
    update.opt_clone_object_to_new_document(root)?;
    let mut add = |mut kept: Vec<Object>, had: &[Vec<u8>], new: &[Vec<u8>]| -> Object {
        for item in new.iter().filter(|item| !had.contains(item)) {
            kept.push(update.new_document.add_object(Stream::new(Dictionary::new(), item.clone())).into());
        }
        Object::Array(kept)
    };
    let mut store = dictionary! {
        "Type" => "DSS",
        "Certs" => add(certificates, &had_certificates, &evidence.certificates),
        "CRLs" => add(crls, &had_crls, &evidence.crls),
    };
    if !ocsps.is_empty() {
        store.set("OCSPs", ocsps);
    }
    let store = update.new_document.add_object(store);
    update.new_document.get_object_mut(root)?.as_dict_mut()?.set("DSS", store);
    pdf::saved(update)
}
