-- Trả kết quả: how each result comes back, and the parcels that the postal carrier took.

-- What whoever handed in has chosen; `state` is where the result is now. Recipient, telephone and address stand there for
-- what goes by post, and are forgotten with the account.
CREATE TABLE result_deliveries (
    case_id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    account TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('electronic', 'counter', 'post')),
    recipient TEXT,
    phone TEXT,
    address TEXT,
    state TEXT NOT NULL CHECK (state IN ('chosen', 'ready', 'handed_over', 'delivered', 'came_back', 'collected')),
    parcel TEXT,
    number TEXT,
    service TEXT,
    reason TEXT,
    changed_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX result_deliveries_unit ON result_deliveries (unit, state, changed_at, case_id);
CREATE INDEX result_deliveries_account ON result_deliveries (account);

-- Bảng kê bưu gửi: one a hand-over to the carrier, numbered within a unit's year.
CREATE TABLE delivery_manifests (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    handed_over_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX delivery_manifests_unit ON delivery_manifests (unit, handed_over_at, id);

-- Bưu gửi: what was handed over, to whom, as it was then.
CREATE TABLE delivery_parcels (
    id TEXT PRIMARY KEY,
    manifest TEXT NOT NULL REFERENCES delivery_manifests (id),
    case_id TEXT NOT NULL REFERENCES result_deliveries (case_id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    account TEXT NOT NULL,
    number TEXT NOT NULL,
    recipient TEXT,
    phone TEXT,
    address TEXT,
    state TEXT NOT NULL CHECK (state IN ('handed_over', 'delivered', 'came_back', 'withdrawn')),
    reason TEXT,
    handed_over_at BIGINT NOT NULL,
    ended_at BIGINT
) /*strict*/;
CREATE INDEX delivery_parcels_manifest ON delivery_parcels (manifest, code);
CREATE INDEX delivery_parcels_number ON delivery_parcels (number);
CREATE INDEX delivery_parcels_account ON delivery_parcels (account);
