-- Lưu trữ hiện hành: what has ended and is handed in, kept and, by an approved list, destroyed.

-- Hồ sơ: one for each dossier that has ended. `year` is that of its end; days as 2026-11-22.
CREATE TABLE archive_entries (
    case_id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    topic TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    year BIGINT NOT NULL,
    -- Hạn nộp lưu.
    hand_in_by TEXT NOT NULL,
    -- Nhóm thời hạn bảo quản, by its id in `retention.toml`; how many years, none for ever; the last day of the term.
    retention TEXT NOT NULL,
    years BIGINT,
    keep_until TEXT,
    state TEXT NOT NULL CHECK (state IN ('due', 'kept', 'destroyed')),
    -- Số tài liệu, counted when it was handed in.
    papers BIGINT NOT NULL DEFAULT 0,
    batch TEXT,
    handed_in_at BIGINT,
    -- The list for destruction on which it stands.
    disposal TEXT,
    -- Giữ lại: since when, who said so, and why.
    held_at BIGINT,
    held_by TEXT,
    held_reason TEXT,
    destroyed_at BIGINT,
    CHECK ((years IS NULL) = (keep_until IS NULL)),
    CHECK (disposal IS NULL OR keep_until IS NOT NULL),
    CHECK (state <> 'destroyed' OR (destroyed_at IS NOT NULL AND disposal IS NOT NULL))
) /*strict*/;
-- Lists of a unit; years are counted from the index alone.
CREATE INDEX archive_entries_state ON archive_entries (unit, state, ended_at, case_id, year);
CREATE INDEX archive_entries_years ON archive_entries (unit, year, hand_in_by) WHERE state = 'due';
-- Whose term is over, and who is on no list yet.
CREATE INDEX archive_entries_over ON archive_entries (unit, keep_until, case_id)
    WHERE state = 'kept' AND disposal IS NULL AND held_at IS NULL AND keep_until IS NOT NULL;
CREATE INDEX archive_entries_held ON archive_entries (unit, ended_at, case_id) WHERE held_at IS NOT NULL;
CREATE INDEX archive_entries_batch ON archive_entries (batch, ended_at, case_id) WHERE batch IS NOT NULL;

-- Biên bản giao nhận: dossiers that were handed in together.
CREATE TABLE archive_batches (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    unit TEXT NOT NULL,
    year BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    handed_by TEXT NOT NULL,
    handed_by_name TEXT NOT NULL,
    handed_at BIGINT NOT NULL,
    -- The record under the unit's seal, once it is made.
    document TEXT NOT NULL
) /*strict*/;
CREATE INDEX archive_batches_unit ON archive_batches (unit, handed_at, id);

-- Danh mục hồ sơ hết giá trị: proposed by one, approved by another, carried out by a job when it can no more be withdrawn.
CREATE TABLE archive_disposals (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'running', 'done', 'refused', 'withdrawn')),
    note TEXT,
    proposed_by TEXT NOT NULL,
    proposed_by_name TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    -- Quyết định tiêu hủy.
    number TEXT,
    decided_by TEXT,
    decided_by_name TEXT,
    decided_at BIGINT,
    decided_note TEXT,
    destroys_at BIGINT,
    begun_at BIGINT,
    ended_at BIGINT,
    document TEXT NOT NULL,
    CHECK (state NOT IN ('approved', 'running', 'done') OR (number IS NOT NULL AND decided_by <> proposed_by))
) /*strict*/;
CREATE INDEX archive_disposals_unit ON archive_disposals (unit, proposed_at, id);

-- What stands on a list and what became of it: nothing yet, destroyed, or left out.
CREATE TABLE archive_disposal_entries (
    disposal TEXT NOT NULL REFERENCES archive_disposals (id),
    case_id TEXT NOT NULL REFERENCES archive_entries (case_id),
    outcome TEXT CHECK (outcome IN ('destroyed', 'left_out')),
    PRIMARY KEY (disposal, case_id)
) /*strict*/;
CREATE INDEX archive_disposal_entries_open ON archive_disposal_entries (disposal, case_id) WHERE outcome IS NULL;

-- How far the search for dossiers that had ended before there was an archive has come.
CREATE TABLE archive_fill (
    name TEXT PRIMARY KEY,
    at BIGINT,
    case_id TEXT,
    done BOOLEAN NOT NULL
) /*strict*/;
