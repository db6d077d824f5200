-- Uploads and issued documents. The bytes lie in the file store, named by their SHA-256.

-- Tệp tải lên. Unclaimed uploads are swept after three months; a claimed one belongs to what claimed it.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    claimed_at BIGINT
) /*strict*/;
CREATE INDEX uploads_owner ON uploads (owner, created_at);
CREATE INDEX uploads_unclaimed ON uploads (created_at) WHERE claimed_at IS NULL;
CREATE INDEX uploads_file ON uploads (sha256);

-- Văn bản đã ban hành.
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    template TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT,
    subject TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    signer_name TEXT,
    holder TEXT,
    holder_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT
) /*strict*/;
CREATE INDEX documents_subject ON documents (subject, issued_at);
CREATE INDEX documents_file ON documents (sha256);
