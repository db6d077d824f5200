-- Cơ sở dữ liệu quốc gia về thủ tục hành chính: what was imported of it.

-- A file that was read and brought something.
CREATE TABLE catalogue_imports (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    -- SHA-256 of the file.
    file_digest TEXT NOT NULL,
    procedures_new BIGINT NOT NULL,
    procedures_changed BIGINT NOT NULL
) /*strict*/;

-- Phiên bản của thủ tục. A change ends one and begins the next; none is ever changed or removed, since dossiers keep the
-- one they began with.
CREATE TABLE procedure_versions (
    code TEXT NOT NULL,
    number BIGINT NOT NULL,
    -- What dossiers name: the beginning of the digest.
    version TEXT NOT NULL,
    -- SHA-256 of the content; and of the line as published.
    digest TEXT NOT NULL,
    line_digest TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Days: the first, and the first on which it was another.
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    -- first: of the first import; new; changed.
    kind TEXT NOT NULL CHECK (kind IN ('first', 'new', 'changed')),
    content TEXT NOT NULL,
    changes TEXT NOT NULL,
    import TEXT NOT NULL REFERENCES catalogue_imports (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (code, number)
) /*strict*/;
CREATE UNIQUE INDEX procedure_versions_current ON procedure_versions (code) WHERE valid_until IS NULL;
CREATE INDEX procedure_versions_changes ON procedure_versions (at, code) WHERE kind <> 'first';
