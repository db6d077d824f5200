-- The ledger: charges, the payments made for them, and the double-entry journal behind both.

-- Tài khoản sổ cái. Made when first posted to. `unit` is whose it is; empty for what all units share (a bank account).
CREATE TABLE ledger_accounts (
    code TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('asset', 'liability', 'income')),
    unit TEXT NOT NULL
) /*strict*/;

-- Bút toán. `reference` says what it books; the same thing is never booked twice.
CREATE TABLE ledger_entries (
    id TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    memo TEXT NOT NULL,
    posted_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX ledger_entries_subject ON ledger_entries (subject, posted_at);
CREATE INDEX ledger_entries_posted ON ledger_entries (posted_at);

-- Dòng định khoản: debit above zero, credit below; the lines of an entry add up to zero.
CREATE TABLE ledger_postings (
    entry TEXT NOT NULL REFERENCES ledger_entries (id),
    line BIGINT NOT NULL,
    account TEXT NOT NULL REFERENCES ledger_accounts (code),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry, line)
) /*strict*/;
CREATE INDEX ledger_postings_account ON ledger_postings (account);

-- The journal only grows: a mistake is booked back, never rubbed out. The database itself refuses anything else.
--sqlite CREATE TRIGGER ledger_entries_keep BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
--sqlite CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
--sqlite CREATE TRIGGER ledger_postings_keep BEFORE UPDATE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
--sqlite CREATE TRIGGER ledger_postings_stay BEFORE DELETE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
--pg CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the journal is append-only''; END';
--pg CREATE TRIGGER ledger_entries_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries EXECUTE FUNCTION ledger_refuse();
--pg CREATE TRIGGER ledger_postings_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings EXECUTE FUNCTION ledger_refuse();

-- Khoản phải thu: what someone owes a unit for something. The row is also the lock of everything about it.
CREATE TABLE charges (
    id TEXT PRIMARY KEY,
    -- What the transfer note says: SH and ten characters.
    reference TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    unit TEXT NOT NULL,
    payer TEXT,
    -- Opens the pay page without an account; it opens nothing else.
    secret TEXT NOT NULL,
    back TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    state TEXT NOT NULL CHECK (state IN ('due', 'paid', 'waived', 'refunded', 'cancelled')),
    channel TEXT CHECK (channel IN ('vietqr', 'vnpay', 'counter')),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at BIGINT,
    CHECK ((state IN ('paid', 'refunded')) = (paid_at IS NOT NULL)),
    CHECK ((channel IS NULL) = (paid_at IS NULL))
) /*strict*/;
CREATE INDEX charges_subject ON charges (subject, created_at);

CREATE TABLE charge_lines (
    charge TEXT NOT NULL REFERENCES charges (id),
    line BIGINT NOT NULL,
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_amount BIGINT NOT NULL CHECK (unit_amount >= 0),
    -- Căn cứ pháp lý.
    basis TEXT NOT NULL,
    PRIMARY KEY (charge, line)
) /*strict*/;

-- Lượt thanh toán: an attempt to pay, or money that came without one.
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    charge TEXT NOT NULL REFERENCES charges (id),
    channel TEXT NOT NULL CHECK (channel IN ('vietqr', 'vnpay', 'counter')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('created', 'succeeded', 'failed', 'expired')),
    txn_ref TEXT NOT NULL UNIQUE,
    -- The number that bank, gateway or cash desk gave it.
    gateway_no TEXT,
    -- The money came when nothing was due (any more): it is owed back.
    overpaid BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    settled_at BIGINT,
    -- What the other side said, less what is not needed.
    raw TEXT
) /*strict*/;
CREATE INDEX payments_charge ON payments (charge, created_at);
CREATE INDEX payments_overpaid ON payments (settled_at) WHERE overpaid;

-- Báo có: each credit that the bank told us of, once.
CREATE TABLE bank_notifications (
    transaction_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('paid', 'overpaid', 'suspense')),
    -- Why it waits in the suspense account.
    reason TEXT,
    charge TEXT REFERENCES charges (id),
    payment TEXT REFERENCES payments (id),
    -- Kept only for what must be matched by hand.
    description TEXT,
    booked_at BIGINT,
    received_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX bank_notifications_suspense ON bank_notifications (received_at) WHERE outcome = 'suspense';
