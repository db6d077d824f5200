-- Who someone is, how they prove it, what they may do.

-- People, and the service accounts behind tokens of the command line (`service` names those).
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    service TEXT UNIQUE,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    citizen_id TEXT UNIQUE,
    date_of_birth TEXT,
    phone TEXT UNIQUE,
    email TEXT,
    email_fold TEXT UNIQUE,
    address TEXT,
    area TEXT,
    lang TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    CHECK (service IS NOT NULL OR citizen_id IS NOT NULL)
) /*strict*/;

-- Apart from the account, so that reading a profile never reads a secret.
CREATE TABLE passwords (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL
) /*strict*/;

-- The second factor: offered while `confirmed_at` is null. `last_step` is the newest step that was used: none twice.
CREATE TABLE totp (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0
) /*strict*/;

CREATE TABLE recovery_codes (
    account TEXT NOT NULL REFERENCES accounts (id),
    hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account, hash)
) /*strict*/;

-- Only the hash of a session's secret is kept.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('browser', 'program', 'service')),
    name TEXT NOT NULL,
    address TEXT,
    second_factor BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
) /*strict*/;
CREATE INDEX sessions_account ON sessions (account, created_at);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- The password was right and the code is awaited.
CREATE TABLE half_sign_ins (
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    attempts BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX half_sign_ins_expires ON half_sign_ins (expires_at);

-- Days are of the city's time zone, the last one included.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('officer', 'leader', 'administrator')),
    unit TEXT,
    area TEXT,
    from_day TEXT NOT NULL,
    until_day TEXT,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT
) /*strict*/;
CREATE INDEX grants_account ON grants (account);
CREATE INDEX grants_unit ON grants (unit, role);
