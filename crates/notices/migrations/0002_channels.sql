-- Every channel, what each person wants of them, and the addresses that were proven.

-- Deliveries anew: the list of channels grows, so it stands in the program alone (SQLite cannot widen a CHECK); a
-- notice goes to several devices; the state says more. `account` and `content` are of messages without a notice (codes).
CREATE TABLE deliveries_0002 (
    id TEXT PRIMARY KEY,
    notice TEXT REFERENCES notices (id) ON DELETE CASCADE,
    account TEXT,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    content TEXT,
    urgent BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'delivered', 'failed', 'given_up')),
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    reference TEXT,
    next_at BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    delivered_at BIGINT,
    UNIQUE (notice, channel, address),
    CHECK (notice IS NOT NULL OR account IS NOT NULL)
) /*strict*/;
INSERT INTO deliveries_0002 (id, notice, channel, address, state, attempts, last_error, created_at, sent_at)
    SELECT id, notice, channel, address, state, attempts, last_error, created_at, sent_at FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_0002 RENAME TO deliveries;
CREATE INDEX deliveries_failed ON deliveries (id) WHERE state IN ('failed', 'given_up');
CREATE INDEX deliveries_alone ON deliveries (created_at) WHERE notice IS NULL;

-- Only what someone has chosen; what is not here is as everyone has it.
CREATE TABLE notice_preferences (
    account TEXT NOT NULL,
    topic TEXT NOT NULL,
    channel TEXT NOT NULL,
    wanted BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (account, topic, channel)
) /*strict*/;

-- Addresses whose owner gave back a code that was sent there. One that the account no longer has counts for nothing.
CREATE TABLE verified_addresses (
    account TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (account, channel)
) /*strict*/;

-- The code that is awaited, as a hash, and how many were sent since `window_at`.
CREATE TABLE address_codes (
    account TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    hash TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    window_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account, channel)
) /*strict*/;

-- Browsers that take notices (RFC 8030): where to send, and the keys to encrypt to (RFC 8291).
CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX push_subscriptions_account ON push_subscriptions (account, id);
