-- What the national portal was told, and what it told. Payloads are made again for each sending and never kept.

-- What the portal knows of a dossier.
CREATE TABLE national_dossiers (
    case_id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    -- Whether it has taken the dossier at least once.
    known BOOLEAN NOT NULL,
    -- Digest of what it took last, and of what it refused last.
    digest TEXT,
    refused_digest TEXT,
    -- Number of the last step of the timeline that it was told.
    steps BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX national_dossiers_refused ON national_dossiers (code) WHERE refused_digest IS NOT NULL;

-- Each time that a dossier is told: all changes since the last time.
CREATE TABLE national_messages (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    code TEXT NOT NULL,
    -- waiting, sent, unchanged, refused or gone.
    state TEXT NOT NULL,
    pending BOOLEAN NOT NULL,
    -- Changes that it gathers.
    revision BIGINT NOT NULL,
    -- Sent even where nothing has changed, because someone asked for it.
    forced BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    -- Not taken up by another worker before.
    busy_until BIGINT NOT NULL,
    next_at BIGINT,
    -- The national status that it told, and how many steps.
    status BIGINT,
    steps BIGINT NOT NULL,
    answer_code TEXT,
    answer TEXT,
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    ended_at BIGINT
) /*strict*/;
CREATE UNIQUE INDEX national_messages_pending ON national_messages (case_id) WHERE pending;
CREATE INDEX national_messages_due ON national_messages (next_at) WHERE pending;
CREATE INDEX national_messages_state ON national_messages (state, id);
CREATE INDEX national_messages_ended ON national_messages (ended_at);

-- What the portal told: by the digest of the entry, so that each is taken once.
CREATE TABLE national_received (
    digest TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    -- Empty where there is no such dossier here.
    case_id TEXT,
    status BIGINT,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX national_received_at ON national_received (received_at);

-- How the connection is: one row.
CREATE TABLE national_connection (
    name TEXT PRIMARY KEY,
    ok_at BIGINT,
    failed_at BIGINT,
    error TEXT,
    polled_at BIGINT,
    -- Until when the portal's progress has been read.
    polled_until BIGINT
) /*strict*/;
