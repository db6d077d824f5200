-- The kernel's own tables. Expand, then contract: later files only add; what is dropped was unused for a release.

--pg CREATE FUNCTION json_each(text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE AS 'SELECT jsonb_array_elements_text($1::jsonb)';
--pg CREATE FUNCTION json_get(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::jsonb ->> $2';
--pg CREATE OPERATOR ->> (LEFTARG = text, RIGHTARG = text, FUNCTION = json_get);

-- The event log. `txid` orders events of PostgreSQL by transaction, so that a late commit is never skipped;
-- on SQLite the one writer gives the order and it stays 0.
CREATE TABLE events (
--sqlite    seq INTEGER PRIMARY KEY,
--pg    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
--sqlite    txid BIGINT NOT NULL DEFAULT 0,
--pg    txid BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX events_order ON events (txid, seq);
CREATE INDEX events_subject ON events (subject, seq);

CREATE TABLE event_cursors (
    subscriber TEXT PRIMARY KEY,
    txid BIGINT NOT NULL,
    seq BIGINT NOT NULL
) /*strict*/;

-- Durable jobs: due at `run_at`, leased to a worker until `locked_until`.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedupe TEXT UNIQUE,
    run_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    dead BOOLEAN NOT NULL DEFAULT FALSE,
    last_error TEXT
) /*strict*/;
CREATE INDEX jobs_due ON jobs (run_at) WHERE NOT dead;

CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    next_at BIGINT NOT NULL
) /*strict*/;

-- The audit log: append-only; `batch` is set once, when the row is sealed into the hash chain.
CREATE TABLE audit (
--sqlite    seq INTEGER PRIMARY KEY,
--pg    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
--sqlite    txid BIGINT NOT NULL DEFAULT 0,
--pg    txid BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    request TEXT,
    batch BIGINT
) /*strict*/;
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX audit_batch ON audit (batch, seq);

CREATE TABLE audit_seals (
    batch BIGINT PRIMARY KEY,
    rows BIGINT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL
) /*strict*/;

-- Numbers without gap or double: a counter moves in the transaction that uses the number.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) /*strict*/;

-- Answers kept for repeated requests (idempotency keys), written in the transaction they answer for.
CREATE TABLE answers (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (owner, key)
) /*strict*/;
CREATE INDEX answers_at ON answers (at);
