-- Public services: what a dossier is beyond its case.

-- Hồ sơ thủ tục hành chính. The case (its state, deadline, history) belongs to the engine `cases`.
CREATE TABLE dossiers (
    case_id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    procedure TEXT NOT NULL,
    procedure_version TEXT NOT NULL,
    procedure_title TEXT NOT NULL,
    unit TEXT NOT NULL,
    applicant TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    channel BIGINT NOT NULL CHECK (channel IN (1, 2, 3)),
    answers TEXT NOT NULL,
    form TEXT NOT NULL,
    -- SHA-256 of the secret on the receipt: who holds it sees names while tracking.
    receipt_hash TEXT NOT NULL,
    charge TEXT,
    receipt_document TEXT,
    result_document TEXT,
    result_number TEXT,
    created_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX dossiers_applicant ON dossiers (applicant, created_at);
CREATE INDEX dossiers_charge ON dossiers (charge) WHERE charge IS NOT NULL;

-- Papers handed in: the uploads of the answers, and those that came with a supplement.
CREATE TABLE dossier_papers (
    case_id TEXT NOT NULL REFERENCES dossiers (case_id),
    upload TEXT NOT NULL,
    question TEXT NOT NULL,
    name TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, upload)
) /*strict*/;
