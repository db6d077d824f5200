-- Sổ ủy quyền ký và phân công người thay: who signs for whom at a unit, and who does whose work.
CREATE TABLE delegations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('kt', 'tuq', 'tl', 'substitute')),
    unit TEXT NOT NULL,
    giver TEXT NOT NULL REFERENCES accounts (id),
    receiver TEXT NOT NULL REFERENCES accounts (id),
    scope TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT,
    -- Số văn bản giao.
    document TEXT,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    CHECK (giver <> receiver)
) /*strict*/;
CREATE INDEX delegations_unit ON delegations (unit, given_at);
CREATE INDEX delegations_receiver ON delegations (receiver, unit);
CREATE INDEX delegations_giver ON delegations (giver, unit);
