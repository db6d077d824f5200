-- Ký số từ xa của người dân: what somebody was asked to sign with their own certificate, and confirms on their telephone.
CREATE TABLE personal_signatures (
    -- Also the id of the document, once what was signed is handed in.
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    -- What it is about, such as `draft:ID`, and which version of that.
    subject TEXT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    template TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'declined', 'expired')),
    signer_name TEXT NOT NULL,
    -- The file that was shown, and with the signature in it.
    sha256 TEXT NOT NULL,
    signed_sha256 TEXT,
    -- The key at the provider, its certificates as base64 of DER, and the request there.
    credential TEXT NOT NULL,
    chain TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    reference TEXT NOT NULL,
    -- Mã đối chiếu: shown here and on the telephone.
    code TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
) /*strict*/;
CREATE INDEX personal_signatures_subject ON personal_signatures (subject, version);
CREATE UNIQUE INDEX personal_signatures_waiting ON personal_signatures (subject) WHERE state = 'waiting';
CREATE INDEX personal_signatures_begun ON personal_signatures (begun_at);
