-- Signatures are renewed before what proves them ends.

-- When the first certificate that a document's signatures rest on ends; NULL until somebody has looked.
ALTER TABLE documents ADD COLUMN evidence_ends_at BIGINT;
CREATE INDEX documents_evidence ON documents (evidence_ends_at, id);

-- Gia hạn chữ ký số: the same document with fresh evidence and a timestamp over everything before. Each begins with the
-- bytes of the one before it; who kept an older file still has the document.
CREATE TABLE document_renewals (
    document TEXT NOT NULL REFERENCES documents (id),
    number BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (document, number)
) /*strict*/;
CREATE INDEX document_renewals_file ON document_renewals (sha256);
