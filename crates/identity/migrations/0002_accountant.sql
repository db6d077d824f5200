-- The role of accountant (kế toán). SQLite cannot widen a CHECK, so the table is made anew, on both engines alike.
CREATE TABLE grants_new (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN ('officer', 'leader', 'accountant', 'administrator')),
    unit TEXT,
    area TEXT,
    from_day TEXT NOT NULL,
    until_day TEXT,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT
) /*strict*/;
INSERT INTO grants_new (id, account, role, unit, area, from_day, until_day, given_by, given_at, ended_by, ended_at)
    SELECT id, account, role, unit, area, from_day, until_day, given_by, given_at, ended_by, ended_at FROM grants;
DROP TABLE grants;
ALTER TABLE grants_new RENAME TO grants;
CREATE INDEX grants_account ON grants (account);
CREATE INDEX grants_unit ON grants (unit, role);
