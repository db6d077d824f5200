-- Receipts, refunds paid out, reconciliation with the bank's statements, and the transfer to the budget.

-- Biên lai thu phí, lệ phí điện tử: the register. A number has no gap and no double within unit, form and series;
-- what is cancelled or replaced stays.
CREATE TABLE receipts (
    id TEXT PRIMARY KEY,
    charge TEXT NOT NULL REFERENCES charges (id),
    unit TEXT NOT NULL,
    -- Ký hiệu mẫu biên lai, ký hiệu biên lai.
    form TEXT NOT NULL,
    series TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    -- The number as it is written.
    shown TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    -- Phí and lệ phí within the amount.
    fees BIGINT NOT NULL CHECK (fees >= 0),
    charges BIGINT NOT NULL CHECK (charges >= 0),
    state TEXT NOT NULL CHECK (state IN ('issued', 'cancelled', 'replaced')),
    replaces TEXT REFERENCES receipts (id),
    -- Why it was cancelled or replaced.
    reason TEXT,
    issued_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (unit, form, series, number),
    CHECK (fees + charges = amount)
) /*strict*/;
CREATE UNIQUE INDEX receipts_in_force ON receipts (charge) WHERE state = 'issued';
CREATE INDEX receipts_charge ON receipts (charge, number);
CREATE INDEX receipts_register ON receipts (unit, year, issued_at);

-- Khoản hoàn trả: what is owed back to a payer, until it is paid.
CREATE TABLE refunds (
    id TEXT PRIMARY KEY,
    -- charge:ID refunded, payment:ID overpaid, bank-transaction:NO returned: each is owed back once.
    source TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    charge TEXT REFERENCES charges (id),
    -- The payment whose money goes back.
    payment TEXT REFERENCES payments (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    route TEXT NOT NULL CHECK (route IN ('bank', 'vnpay')),
    state TEXT NOT NULL CHECK (state IN ('owed', 'requested', 'ordered', 'paid')),
    payee_bin TEXT,
    payee_number TEXT,
    payee_name TEXT,
    -- Why the last attempt to pay it out failed.
    failure TEXT,
    owed_at BIGINT NOT NULL,
    requested_at BIGINT,
    paid_at BIGINT,
    CHECK ((state = 'paid') = (paid_at IS NOT NULL))
) /*strict*/;
CREATE INDEX refunds_open ON refunds (state, unit, owed_at) WHERE state <> 'paid';
CREATE INDEX refunds_charge ON refunds (charge);
INSERT INTO refunds (id, source, unit, charge, payment, amount, route, state, owed_at)
    SELECT c.id, 'charge:' || c.id, c.unit, c.id, (SELECT min(p.id) FROM payments p WHERE p.charge = c.id
        AND p.state = 'succeeded' AND NOT p.overpaid), c.amount, 'bank', 'owed', c.paid_at
    FROM charges c WHERE c.state = 'refunded';
INSERT INTO refunds (id, source, unit, charge, payment, amount, route, state, owed_at)
    SELECT p.id, 'payment:' || p.id, c.unit, c.id, p.id, p.amount, 'bank', 'owed', p.settled_at
    FROM payments p JOIN charges c ON c.id = p.charge WHERE p.overpaid AND p.state = 'succeeded';

-- Ủy nhiệm chi: money that leaves. Prepared by one, approved by another.
CREATE TABLE payment_orders (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('refund', 'gateway_refund', 'budget')),
    unit TEXT NOT NULL,
    -- Where the money leaves: an account number, or the merchant at the gateway.
    account TEXT NOT NULL,
    total BIGINT NOT NULL CHECK (total > 0),
    count BIGINT NOT NULL CHECK (count > 0),
    state TEXT NOT NULL CHECK (state IN ('prepared', 'approved', 'done', 'cancelled')),
    prepared_by TEXT NOT NULL,
    prepared_name TEXT NOT NULL,
    prepared_at BIGINT NOT NULL,
    approved_by TEXT,
    approved_name TEXT,
    approved_at BIGINT,
    -- Hai người: who prepared does not approve.
    CHECK (approved_by IS NULL OR approved_by <> prepared_by),
    CHECK ((approved_by IS NULL) = (state IN ('prepared', 'cancelled')))
) /*strict*/;
CREATE INDEX payment_orders_unit ON payment_orders (unit, prepared_at);
CREATE INDEX payment_orders_open ON payment_orders (state, prepared_at) WHERE state IN ('prepared', 'approved');

-- Ngày thu đã khóa: what a unit has collected for the budget, by day.
CREATE TABLE closings (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    -- As 2026-11-20.
    day TEXT NOT NULL,
    fees BIGINT NOT NULL,
    charges BIGINT NOT NULL,
    total BIGINT NOT NULL CHECK (total >= 0),
    count BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('closed', 'ordered', 'transferred')),
    closed_by TEXT NOT NULL,
    closed_name TEXT NOT NULL,
    closed_at BIGINT NOT NULL,
    transferred_at BIGINT,
    UNIQUE (unit, day),
    CHECK (fees + charges = total)
) /*strict*/;
CREATE INDEX closings_day ON closings (day, unit);

-- A charge goes into one closing when it was collected, and out of one when it was refunded afterwards.
CREATE TABLE closing_lines (
    charge TEXT NOT NULL REFERENCES charges (id),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    closing TEXT NOT NULL REFERENCES closings (id),
    fees BIGINT NOT NULL,
    charges BIGINT NOT NULL,
    PRIMARY KEY (charge, direction)
) /*strict*/;
CREATE INDEX closing_lines_closing ON closing_lines (closing);
CREATE INDEX charges_paid ON charges (unit, paid_at) WHERE paid_at IS NOT NULL;

CREATE TABLE payment_order_lines (
    order_id TEXT NOT NULL REFERENCES payment_orders (id),
    line BIGINT NOT NULL,
    -- Our number of the payment, on the bank's statement.
    end_to_end TEXT NOT NULL UNIQUE,
    refund TEXT REFERENCES refunds (id),
    closing TEXT REFERENCES closings (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    payee_bin TEXT NOT NULL,
    payee_number TEXT NOT NULL,
    payee_name TEXT NOT NULL,
    information TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'paid', 'failed')),
    failure TEXT,
    settled_at BIGINT,
    PRIMARY KEY (order_id, line),
    CHECK ((refund IS NULL) <> (closing IS NULL))
) /*strict*/;
-- Nothing leaves twice: a refund or a closing stands on one line that has not failed.
CREATE UNIQUE INDEX payment_order_lines_refund ON payment_order_lines (refund) WHERE refund IS NOT NULL AND state <> 'failed';
CREATE UNIQUE INDEX payment_order_lines_closing ON payment_order_lines (closing) WHERE closing IS NOT NULL AND state <> 'failed';
CREATE INDEX payment_order_lines_sent ON payment_order_lines (state) WHERE state = 'sent';

-- Sao kê: a statement file of a bank or the gateway, each once.
CREATE TABLE statements (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL CHECK (source IN ('bank', 'gateway')),
    format TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    -- JSON list of the accounts in it.
    accounts TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    line_count BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    credit_total BIGINT NOT NULL,
    debit_total BIGINT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX statements_imported ON statements (imported_at);

CREATE TABLE statement_lines (
    statement TEXT NOT NULL REFERENCES statements (id),
    line BIGINT NOT NULL,
    account TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('credit', 'debit')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    fee BIGINT NOT NULL CHECK (fee >= 0),
    reference TEXT NOT NULL,
    end_to_end TEXT NOT NULL,
    -- Nội dung: kept only where a person must look at it.
    description TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('matched', 'difference', 'repeated')),
    -- What of ours it is: credit:NO, order:NO, payment:ID.
    movement TEXT,
    PRIMARY KEY (statement, line)
) /*strict*/;
CREATE INDEX statement_lines_reference ON statement_lines (reference, account);
CREATE INDEX statement_lines_movement ON statement_lines (movement) WHERE movement IS NOT NULL;

-- Chênh lệch đối soát.
CREATE TABLE differences (
    id TEXT PRIMARY KEY,
    statement TEXT NOT NULL REFERENCES statements (id),
    -- Missing where the bank has nothing.
    line BIGINT,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    movement TEXT,
    -- Signed: what came is above zero.
    ours BIGINT,
    theirs BIGINT,
    fee BIGINT NOT NULL,
    our_account TEXT,
    our_day TEXT,
    their_day TEXT,
    reference TEXT NOT NULL,
    description TEXT,
    charge TEXT REFERENCES charges (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'resolved')),
    resolution TEXT,
    reason TEXT,
    resolved_by TEXT,
    resolved_name TEXT,
    resolved_at BIGINT,
    found_at BIGINT NOT NULL,
    CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
) /*strict*/;
CREATE INDEX differences_statement ON differences (statement, line);
CREATE INDEX differences_open ON differences (found_at) WHERE state = 'open';
CREATE INDEX differences_movement ON differences (movement) WHERE movement IS NOT NULL;
CREATE INDEX charges_due_amount ON charges (amount, created_at) WHERE state = 'due';
CREATE INDEX bank_notifications_received ON bank_notifications (received_at);
CREATE INDEX bank_notifications_charge ON bank_notifications (charge) WHERE charge IS NOT NULL;
CREATE INDEX payments_gateway_settled ON payments (settled_at) WHERE channel = 'vnpay' AND state = 'succeeded';
