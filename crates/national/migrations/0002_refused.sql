-- What the portal refuses stands where somebody sees it: of a dossier until it is taken, of its progress until it is told.

ALTER TABLE national_dossiers ADD COLUMN refused_at BIGINT;
ALTER TABLE national_dossiers ADD COLUMN refused_code TEXT;
ALTER TABLE national_dossiers ADD COLUMN refused_answer TEXT;
-- How often since it was taken last.
ALTER TABLE national_dossiers ADD COLUMN refused_times BIGINT NOT NULL DEFAULT 0;

ALTER TABLE national_connection ADD COLUMN poll_refused_at BIGINT;
ALTER TABLE national_connection ADD COLUMN poll_answer TEXT;
ALTER TABLE national_connection ADD COLUMN poll_refused_times BIGINT NOT NULL DEFAULT 0;
