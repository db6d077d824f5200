-- The whole life of a dossier: opinions of other agencies, and the figures of supervision.

-- Lấy ý kiến: what one agency asks another about a dossier. Its term and state stand in the case `opinion`.
CREATE TABLE dossier_opinions (
    opinion TEXT PRIMARY KEY,
    dossier TEXT NOT NULL REFERENCES dossiers (case_id),
    unit TEXT NOT NULL,
    question TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_by_name TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer TEXT,
    answered_by_name TEXT,
    answered_at BIGINT,
    upload TEXT,
    upload_name TEXT
) /*strict*/;
CREATE INDEX dossier_opinions_dossier ON dossier_opinions (dossier, asked_at);

-- Số liệu giám sát, counted from events as they come. `level` says what is added up: `leaf` a unit's procedure, `unit` a
-- unit, `topic` a procedure of all units; `month` is 2026-11, or empty for what is open now.
CREATE TABLE supervision_figures (
    level TEXT NOT NULL CHECK (level IN ('leaf', 'unit', 'topic')),
    month TEXT NOT NULL,
    unit TEXT NOT NULL,
    topic TEXT NOT NULL,
    received BIGINT NOT NULL,
    online BIGINT NOT NULL,
    in_time BIGINT NOT NULL,
    late BIGINT NOT NULL,
    unpromised BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    stopped BIGINT NOT NULL,
    extended BIGINT NOT NULL,
    worked_us BIGINT NOT NULL,
    open BIGINT NOT NULL,
    open_late BIGINT NOT NULL,
    PRIMARY KEY (level, month, unit, topic)
) /*strict*/;

-- Drilling down to dossiers: those that a unit received in a month.
CREATE INDEX dossiers_unit ON dossiers (unit, created_at, case_id, procedure);
