-- Nộp lưu: since when a case lies in the archive, and when its papers were destroyed at the end of their term, by what.
ALTER TABLE cases ADD COLUMN archived_at BIGINT;
ALTER TABLE cases ADD COLUMN emptied_at BIGINT;
ALTER TABLE cases ADD COLUMN emptied_by TEXT;
