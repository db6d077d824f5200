-- Who applies: people with a passport, people known from a counter, organisations, children, households, and who may act
-- for whom.

ALTER TABLE accounts ADD COLUMN kind TEXT NOT NULL DEFAULT 'citizen' CHECK (kind IN ('citizen', 'overseas', 'foreigner'));
ALTER TABLE accounts ADD COLUMN passport_country TEXT;
ALTER TABLE accounts ADD COLUMN passport TEXT;
-- Where the papers tell the year of birth alone; `date_of_birth` is empty then.
ALTER TABLE accounts ADD COLUMN birth_year BIGINT;
-- Personal data was erased at the end of its time; what the account did stays.
ALTER TABLE accounts ADD COLUMN erased_at BIGINT;

-- A passport is enough now. SQLite cannot change a CHECK: the table is made anew while its references wait for the commit.
--pg ALTER TABLE accounts DROP CONSTRAINT accounts_check;
--pg ALTER TABLE accounts ADD CONSTRAINT accounts_check CHECK (service IS NOT NULL OR citizen_id IS NOT NULL OR passport IS NOT NULL OR erased_at IS NOT NULL);
--sqlite PRAGMA defer_foreign_keys = ON;
--sqlite CREATE TABLE accounts_kept AS SELECT * FROM accounts;
--sqlite DROP TABLE accounts;
--sqlite CREATE TABLE accounts (
--sqlite     id TEXT PRIMARY KEY,
--sqlite     service TEXT UNIQUE,
--sqlite     name TEXT NOT NULL,
--sqlite     name_fold TEXT NOT NULL,
--sqlite     citizen_id TEXT UNIQUE,
--sqlite     date_of_birth TEXT,
--sqlite     phone TEXT UNIQUE,
--sqlite     email TEXT,
--sqlite     email_fold TEXT UNIQUE,
--sqlite     address TEXT,
--sqlite     area TEXT,
--sqlite     lang TEXT NOT NULL,
--sqlite     created_at BIGINT NOT NULL,
--sqlite     changed_at BIGINT NOT NULL,
--sqlite     closed_at BIGINT,
--sqlite     kind TEXT NOT NULL DEFAULT 'citizen' CHECK (kind IN ('citizen', 'overseas', 'foreigner')),
--sqlite     passport_country TEXT,
--sqlite     passport TEXT,
--sqlite     birth_year BIGINT,
--sqlite     erased_at BIGINT,
--sqlite     CHECK (service IS NOT NULL OR citizen_id IS NOT NULL OR passport IS NOT NULL OR erased_at IS NOT NULL)
--sqlite ) /*strict*/;
--sqlite INSERT INTO accounts SELECT * FROM accounts_kept;
--sqlite DROP TABLE accounts_kept;
CREATE UNIQUE INDEX accounts_passport ON accounts (passport_country, passport) WHERE passport IS NOT NULL;

-- The code on a counter's receipt that lets its bearer take over the account made there. Only its hash is kept.
CREATE TABLE claim_codes (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    hash TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0
) /*strict*/;

-- Whom one acts for without their having an account. Of `kind`: an organisation has `form` and `tax_code`, a dependant
-- `born` (a day or a year) and a number, a household `citizen_id` of its head.
CREATE TABLE parties (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('organisation', 'dependant', 'household')),
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    form TEXT CHECK (form IN ('enterprise', 'organisation', 'public_unit')),
    tax_code TEXT,
    representative TEXT,
    born TEXT,
    citizen_id TEXT,
    birth_certificate TEXT,
    address TEXT,
    area TEXT,
    added_by TEXT NOT NULL REFERENCES accounts (id),
    added_at BIGINT NOT NULL,
    -- When an office first confirmed that someone may act for it.
    confirmed_at BIGINT,
    CHECK ((kind = 'organisation') = (tax_code IS NOT NULL)),
    CHECK (kind <> 'dependant' OR born IS NOT NULL)
) /*strict*/;
CREATE INDEX parties_added ON parties (added_by);
CREATE UNIQUE INDEX parties_tax_code ON parties (tax_code) WHERE tax_code IS NOT NULL AND confirmed_at IS NOT NULL;

-- Who may act for whom. The principal is `party`, or else the person `grantor`, who gave it; `agent` is missing until
-- whoever has the number `offered_to` has accepted. `scope` is a list of procedures and fields, empty for everything.
CREATE TABLE mandates (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('legal_representative', 'parent', 'guardian', 'household_head', 'written_authority')),
    state TEXT NOT NULL CHECK (state IN ('offered', 'claimed', 'confirmed', 'declined', 'ended', 'revoked')),
    agent TEXT REFERENCES accounts (id),
    offered_to TEXT,
    party TEXT REFERENCES parties (id),
    grantor TEXT REFERENCES accounts (id),
    scope TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT,
    -- Id of an upload that shows it.
    evidence TEXT,
    made_at BIGINT NOT NULL,
    confirmed_by TEXT,
    confirmed_at BIGINT,
    ended_by TEXT,
    ended_at BIGINT,
    CHECK (party IS NOT NULL OR grantor IS NOT NULL),
    CHECK (agent IS NOT NULL OR offered_to IS NOT NULL),
    CHECK (state <> 'offered' OR offered_to IS NOT NULL)
) /*strict*/;
CREATE INDEX mandates_agent ON mandates (agent, made_at);
CREATE INDEX mandates_grantor ON mandates (grantor, made_at);
CREATE INDEX mandates_offered ON mandates (offered_to) WHERE state = 'offered';
CREATE INDEX mandates_party ON mandates (party);
