-- What supervision counts beside time: fees paid, papers taken over instead of asked for again, and how content people are.
ALTER TABLE supervision_figures ADD COLUMN paid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE supervision_figures ADD COLUMN paid_online BIGINT NOT NULL DEFAULT 0;
ALTER TABLE supervision_figures ADD COLUMN papers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE supervision_figures ADD COLUMN reused BIGINT NOT NULL DEFAULT 0;
ALTER TABLE supervision_figures ADD COLUMN ratings BIGINT NOT NULL DEFAULT 0;
ALTER TABLE supervision_figures ADD COLUMN satisfied BIGINT NOT NULL DEFAULT 0;

-- Đánh giá mức độ hài lòng: what the applicant of a finished dossier says of how it was handled, 1 to 5.
CREATE TABLE dossier_ratings (
    case_id TEXT PRIMARY KEY REFERENCES dossiers (case_id),
    score BIGINT NOT NULL CHECK (score BETWEEN 1 AND 5),
    -- What it replaced: the figures have counted that.
    score_before BIGINT,
    rated_at BIGINT NOT NULL
) /*strict*/;
