-- Who applies for whom, what the counter takes in, and who waits there.

-- Chủ hồ sơ: for whom a dossier was handed in, where that is somebody else than the applicant (người nộp).
ALTER TABLE dossiers ADD COLUMN principal_kind TEXT;
ALTER TABLE dossiers ADD COLUMN principal_name TEXT;
-- Số định danh, or mã số thuế.
ALTER TABLE dossiers ADD COLUMN principal_number TEXT;
ALTER TABLE dossiers ADD COLUMN principal_account TEXT;
ALTER TABLE dossiers ADD COLUMN principal_party TEXT;
ALTER TABLE dossiers ADD COLUMN mandate TEXT;
-- The applicant says so, and no office had confirmed it when the dossier was handed in.
ALTER TABLE dossiers ADD COLUMN principal_unproven BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX dossiers_principal ON dossiers (principal_account, created_at) WHERE principal_account IS NOT NULL;

-- Tiếp nhận tại Bộ phận Một cửa: the unit whose counter took it in (any office takes in for any other), the officer,
-- and the day of the postmark where it came by post.
ALTER TABLE dossiers ADD COLUMN received_by_unit TEXT;
ALTER TABLE dossiers ADD COLUMN received_by TEXT;
ALTER TABLE dossiers ADD COLUMN postmarked_on TEXT;
CREATE INDEX dossiers_received ON dossiers (received_by_unit, created_at) WHERE received_by_unit IS NOT NULL;

-- What the officer saw of a paper (original, certified, copy), and the national code of its digitisation:
-- 0 none, 1 digitised, 2 reused, 3 reused result of another dossier.
ALTER TABLE dossier_papers ADD COLUMN seen TEXT;
ALTER TABLE dossier_papers ADD COLUMN digitisation BIGINT NOT NULL DEFAULT 0;

-- Số thứ tự: who waits at a unit's counter on a day. No personal data.
CREATE TABLE queue_tickets (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    day TEXT NOT NULL,
    number BIGINT NOT NULL,
    -- The field of service, by its id in `fields.toml`.
    service TEXT NOT NULL,
    -- The group that is called first, by its id in `queue.toml`.
    priority TEXT,
    state TEXT NOT NULL,
    desk TEXT,
    officer TEXT,
    calls BIGINT NOT NULL DEFAULT 0,
    taken_at BIGINT NOT NULL,
    called_at BIGINT,
    ended_at BIGINT,
    UNIQUE (unit, day, number)
) /*strict*/;
CREATE INDEX queue_tickets_state ON queue_tickets (unit, day, state, number);
