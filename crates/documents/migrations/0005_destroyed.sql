-- Tiêu hủy: the file of a document is gone at the end of its dossier's term, and by what decision. The row stays, so that
-- whoever holds the file can still verify it.
ALTER TABLE documents ADD COLUMN destroyed_at BIGINT;
ALTER TABLE documents ADD COLUMN destroyed_by TEXT;
