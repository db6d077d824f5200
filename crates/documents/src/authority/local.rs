//! The authority behind the ports of signing: seals, personal signatures and timestamps by the city's own keys.

use std::sync::Arc;

use jiff::Timestamp;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;

use super::{Authority, AuthorityError, Identity, issue, locked};
use crate::sign::{self, Algorithm, Digest, Evidence, Pending, SignError, Signer, Timestamper};

/// Signs with a certificate of the city's own authority.
#[derive(Clone)]
pub struct LocalSigner {
    authority: Arc<Authority>,
    identity: Arc<Identity>,
}

impl LocalSigner {
    pub(super) fn new(authority: Arc<Authority>, identity: Arc<Identity>) -> Self {
        Self { authority, identity }
    }

    /// The certificate it signs with.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

fn signature(identity: &Identity, digest: Digest) -> Result<Vec<u8>, SignError> {
    // Deterministic (RFC 6979): no randomness to get wrong.
    let signature: Signature = identity.key.sign_prehash(&digest).map_err(|_| SignError::Mismatch)?;
    Ok(signature.to_der().as_bytes().to_vec())
}

/// The chain with the lists that cover it.
fn evidence(authority: &Authority, chain: &[Vec<u8>], now: Timestamp) -> Result<Evidence, SignError> {
    let crls = || Ok::<_, AuthorityError>(vec![authority.issuing_crl(now)?, authority.root_crl()?]);
    Ok(Evidence { certificates: chain.to_vec(), crls: crls()? })
}

impl Authority {
    /// What is known today of those of the certificates that this authority has issued and that have not ended. A list
    /// says nothing of one that has (RFC 5280, 3.3): what was known before is in the paper.
    pub fn evidence_of(&self, certificates: &[Vec<u8>], now: Timestamp) -> Result<Evidence, SignError> {
        let lasting = |der: &&Vec<u8>| issue::not_after(der).is_some_and(|end| end > now);
        let lasting: Vec<&Vec<u8>> = certificates.iter().filter(lasting).collect();
        let issuing = locked(&self.issuing).clone();
        // The issuing authority as it is certified now: a chain through it holds after its first certificate has ended.
        let mut evidence = Evidence { certificates: issuing.chain.clone(), crls: Vec::new() };
        if lasting.iter().any(|der| issue::is_issued_by(der, &issuing.chain[0])) {
            evidence.crls.push(self.issuing_crl(now)?);
        }
        if lasting.iter().any(|der| issue::is_issued_by(der, &self.root)) {
            evidence.crls.push(self.root_crl()?);
        }
        Ok(evidence)
    }

    /// Whether a certificate is of this authority, by who issued it.
    pub fn has_issued(&self, certificate: &[u8]) -> bool {
        issue::is_issued_by(certificate, &self.root)
            || issue::is_issued_by(certificate, &locked(&self.issuing).chain[0])
    }

    /// When the certificate of the timestamp authority ends.
    pub fn timestamp_ends_at(&self) -> Timestamp {
        locked(&self.timestamp).not_after
    }
}

impl Signer for LocalSigner {
    fn chain(&self) -> &[Vec<u8>] {
        &self.identity.chain
    }

    fn algorithm(&self) -> Algorithm {
        Algorithm::EcdsaSha256
    }

    fn sign(&self, digest: Digest) -> Pending<'_, Vec<u8>> {
        Box::pin(async move { signature(&self.identity, digest) })
    }

    fn evidence(&self, now: Timestamp) -> Pending<'_, Evidence> {
        Box::pin(async move { evidence(&self.authority, &self.identity.chain, now) })
    }
}

/// The city's timestamp authority (dấu thời gian).
#[derive(Clone)]
pub struct LocalTimestamper {
    authority: Arc<Authority>,
}

impl LocalTimestamper {
    pub(super) fn new(authority: Arc<Authority>) -> Self {
        Self { authority }
    }

    /// Answers an outside request (RFC 3161): `TimeStampReq` in, `TimeStampResp` out, a rejection if it is malformed.
    pub fn respond(&self, request: &[u8], now: Timestamp) -> Result<Vec<u8>, SignError> {
        let Some((digest, nonce)) = sign::imprint_of_request(request) else { return sign::response(None) };
        let token = self.token(&digest, nonce, now)?;
        sign::response(Some(&token))
    }

    fn token(&self, digest: &Digest, nonce: Option<der::asn1::Int>, now: Timestamp) -> Result<Vec<u8>, SignError> {
        let identity = locked(&self.authority.timestamp).clone();
        sign::token(digest, nonce, now, &identity.chain, |digest| signature(&identity, digest))
    }
}

impl Timestamper for LocalTimestamper {
    fn stamp(&self, digest: Digest, now: Timestamp) -> Pending<'_, Vec<u8>> {
        Box::pin(async move { self.token(&digest, None, now) })
    }

    fn evidence(&self, now: Timestamp) -> Pending<'_, Evidence> {
        let chain = locked(&self.authority.timestamp).chain.clone();
        Box::pin(async move {
            if !issue::is_issued_by(&chain[0], &self.authority.root) {
                return evidence(&self.authority, &chain, now);
            }
            // Under the root alone: what the issuing authority says is not about it.
            Ok(Evidence { certificates: chain, crls: vec![self.authority.root_crl()?] })
        })
    }

    fn room(&self) -> usize {
        // Our tokens are of one size but for the names in the chain.
        let chain: usize = locked(&self.authority.timestamp).chain.iter().map(Vec::len).sum();
        chain + 1024
    }
}
