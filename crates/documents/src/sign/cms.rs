//! CMS `SignedData` (RFC 5652) put together by hand around a signature that may come from elsewhere: the attributes
//! are made first, their digest goes to whoever holds the key, and the parts are assembled when the answer is here.

use ::cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode as _, Encode as _, Sequence, Tag};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{Algorithm, Digest, SignError};

pub(super) const DATA: ObjectIdentifier = const_oid::db::rfc5911::ID_DATA;
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SIGNATURE_TIMESTAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// `ESSCertIDv2` (RFC 5035) with the default digest, SHA-256.
#[derive(Sequence)]
struct EssCertIdV2 {
    digest: OctetString,
}

/// `SigningCertificateV2` (RFC 5035): ties the signature to one certificate.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
}

pub(super) fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: const_oid::db::rfc5912::ID_SHA_256, parameters: None }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// What is really signed: content type, digest of the content, the signer's certificate.
///
/// PAdES forbids the signing-time attribute: the time stands in the PDF and, proven, in the timestamp.
pub(super) struct SignedAttributes {
    content_type: ObjectIdentifier,
    set: SetOfVec<Attribute>,
    digest: Digest,
    signer: SignerIdentifier,
}

impl SignedAttributes {
    pub(super) fn new(content_type: ObjectIdentifier, content: &Digest, leaf: &[u8]) -> Result<Self, SignError> {
        let certificate_id = EssCertIdV2 { digest: OctetString::new(Sha256::digest(leaf).as_slice())? };
        let set = SetOfVec::try_from(vec![
            attribute(const_oid::db::rfc5911::ID_CONTENT_TYPE, Any::encode_from(&content_type)?)?,
            attribute(
                const_oid::db::rfc5911::ID_MESSAGE_DIGEST,
                Any::encode_from(&OctetString::new(content.as_slice())?)?,
            )?,
            attribute(
                SIGNING_CERTIFICATE_V2,
                Any::encode_from(&SigningCertificateV2 { certificates: vec![certificate_id] })?,
            )?,
        ])?;
        let issued = Certificate::from_der(leaf)?.tbs_certificate;
        let signer = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: issued.issuer,
            serial_number: issued.serial_number,
        });
        let digest = Sha256::digest(set.to_der()?).into();
        Ok(Self { content_type, set, digest, signer })
    }

    /// What the holder of the key signs.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }
}

pub(super) struct Parts<'a> {
    /// The content itself for a timestamp token, nothing for a document.
    pub(super) content: Option<&'a [u8]>,
    pub(super) attributes: SignedAttributes,
    /// Certificates to send along.
    pub(super) chain: &'a [Vec<u8>],
    pub(super) algorithm: Algorithm,
    pub(super) signature: &'a [u8],
    /// A timestamp over the signature.
    pub(super) token: Option<&'a [u8]>,
}

/// The finished `ContentInfo` in DER.
pub(super) fn assemble(parts: &Parts<'_>) -> Result<Vec<u8>, SignError> {
    let attributes = &parts.attributes;
    let unsigned_attrs = match parts.token {
        Some(token) => Some(SetOfVec::try_from(vec![attribute(SIGNATURE_TIMESTAMP, Any::from_der(token)?)?])?),
        None => None,
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: attributes.signer.clone(),
        digest_alg: sha256(),
        signed_attrs: Some(attributes.set.clone()),
        signature_algorithm: algorithm(parts.algorithm),
        signature: OctetString::new(parts.signature)?,
        unsigned_attrs,
    };
    let certificates = parts.chain.iter().map(|der| Certificate::from_der(der).map(CertificateChoices::Certificate));
    let data = SignedData {
        // RFC 5652, 5.1: 3 as soon as the content is not plain data.
        version: if attributes.content_type == DATA { CmsVersion::V1 } else { CmsVersion::V3 },
        digest_algorithms: SetOfVec::try_from(vec![sha256()])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: attributes.content_type,
            econtent: parts.content.map(|content| Any::new(Tag::OctetString, content)).transpose()?,
        },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates.collect::<der::Result<Vec<_>>>()?)?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    let info = ContentInfo { content_type: const_oid::db::rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&data)? };
    Ok(info.to_der()?)
}

fn algorithm(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    match algorithm {
        Algorithm::EcdsaSha256 => {
            AlgorithmIdentifierOwned { oid: const_oid::db::rfc5912::ECDSA_WITH_SHA_256, parameters: None }
        }
        Algorithm::RsaSha256 => AlgorithmIdentifierOwned {
            oid: const_oid::db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
            parameters: Some(Any::null()),
        },
    }
}

/// The `SignedData` inside a `ContentInfo`.
pub(super) fn opened(content_info: &[u8]) -> Result<SignedData, SignError> {
    Ok(ContentInfo::from_der(content_info)?.content.decode_as()?)
}

/// The timestamp over the signature, if it carries one.
pub(super) fn timestamp_of(signed: &SignedData) -> Result<Option<Vec<u8>>, SignError> {
    let attributes = signed.signer_infos.0.iter().filter_map(|signer| signer.unsigned_attrs.as_ref());
    let stamp = attributes.flat_map(|set| set.iter()).find(|attribute| attribute.oid == SIGNATURE_TIMESTAMP);
    let Some(token) = stamp.and_then(|stamp| stamp.values.as_slice().first()) else { return Ok(None) };
    Ok(Some(token.to_der()?))
}
