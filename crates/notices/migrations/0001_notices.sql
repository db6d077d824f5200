-- What people are told, and how it reached them.

-- Kept as kind and arguments: the words are the reader's language's, at the time of reading.
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    args TEXT NOT NULL,
    link TEXT,
    created_at BIGINT NOT NULL,
    read_at BIGINT
) /*strict*/;
CREATE INDEX notices_account ON notices (account, id);
CREATE INDEX notices_unread ON notices (account) WHERE read_at IS NULL;
CREATE INDEX notices_created ON notices (created_at);

-- One for each way out of the house. The address is the one of the day the notice was made.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    notice TEXT NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('email')),
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    UNIQUE (notice, channel)
) /*strict*/;
