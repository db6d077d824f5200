-- People's rights: their keys, what they want corrected; and codes for a forgotten password.

-- The key by which personal parts of the audit log are sealed, itself sealed by the master key. Destroying it makes those
-- parts unreadable and leaves the chain of the log whole.
CREATE TABLE person_keys (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    wrapped TEXT,
    made_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) /*strict*/;

-- Yêu cầu chỉnh sửa dữ liệu cá nhân.
CREATE TABLE corrections (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    field TEXT NOT NULL CHECK (field IN ('name', 'citizen_id', 'date_of_birth')),
    wanted TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused')),
    answer TEXT,
    made_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT
) /*strict*/;
CREATE INDEX corrections_account ON corrections (account, made_at);
CREATE INDEX corrections_open ON corrections (made_at) WHERE state = 'open';

CREATE TABLE reset_codes (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0
) /*strict*/;
