-- Bản nháp: answers not sent yet, seen by nobody but their owner.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    form TEXT NOT NULL,
    form_version TEXT NOT NULL,
    purpose TEXT NOT NULL,
    answers TEXT NOT NULL,
    at_screen TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX drafts_account ON drafts (account, updated_at);
CREATE INDEX drafts_updated ON drafts (updated_at);
