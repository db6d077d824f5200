-- The whole life of a case: its parent, what its steps may take, extensions, undoing, and who acted for whom.

-- Hồ sơ liên quan: a case opened because of another, and why (`opinion`, `starts`).
ALTER TABLE cases ADD COLUMN parent TEXT;
ALTER TABLE cases ADD COLUMN link TEXT;
-- Gia hạn: how often, and since when it was late before its latest extension.
ALTER TABLE cases ADD COLUMN extensions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN first_late_at BIGINT;
-- Thời gian xử lý thực tế: since when the clock runs, and the working time that it had run before.
ALTER TABLE cases ADD COLUMN running_since BIGINT;
ALTER TABLE cases ADD COLUMN worked_us BIGINT NOT NULL DEFAULT 0;
-- Thời hạn của từng bước: what each state may take and has left, and when the present one is due.
ALTER TABLE cases ADD COLUMN stages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN stage_due_at BIGINT;
ALTER TABLE cases ADD COLUMN stage_soon_at BIGINT;
ALTER TABLE cases ADD COLUMN stage_late_at BIGINT;

CREATE INDEX cases_children ON cases (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX cases_stage_to_be_late ON cases (stage_due_at) WHERE stage_due_at IS NOT NULL AND stage_late_at IS NULL;
CREATE INDEX cases_stage_to_be_soon ON cases (stage_due_at) WHERE stage_due_at IS NOT NULL AND stage_soon_at IS NULL;

-- What a step left behind: when the case and its stage are due since, how it was extended ('3 days', '2026-12-04').
ALTER TABLE case_steps ADD COLUMN due_at BIGINT;
ALTER TABLE case_steps ADD COLUMN stage_due_at BIGINT;
ALTER TABLE case_steps ADD COLUMN extension TEXT;
-- Hoàn tác: the step that this one undoes; of a step that can be undone, the case as it was before it.
ALTER TABLE case_steps ADD COLUMN undoes BIGINT;
ALTER TABLE case_steps ADD COLUMN snapshot TEXT;
-- Thay mặt: on whose behalf the actor acted, and by what paper.
ALTER TABLE case_steps ADD COLUMN behalf TEXT;
ALTER TABLE case_steps ADD COLUMN behalf_name TEXT;
ALTER TABLE case_steps ADD COLUMN basis TEXT;
