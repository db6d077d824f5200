-- Casework. A case keeps the workflow it began with, so workflows are kept as documents beside the cases.

-- What a workflow said when it was first used; `version` holds a hash of the content, so a row never changes.
CREATE TABLE case_workflows (
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    first_used_at BIGINT NOT NULL,
    PRIMARY KEY (code, version)
) /*strict*/;

-- `version` is the number of the last step and grows by one with each.
-- `due_at` is set while the clock runs (and stays when it stops, as what was promised); `remaining` is what is left
-- of the term while it stands.
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    workflow TEXT NOT NULL,
    workflow_version TEXT NOT NULL,
    state TEXT NOT NULL,
    national BIGINT NOT NULL CHECK (national BETWEEN 1 AND 10),
    queue TEXT,
    unit TEXT NOT NULL,
    area TEXT,
    title TEXT NOT NULL,
    applicant TEXT,
    applicant_name TEXT NOT NULL,
    assignee TEXT,
    assignee_name TEXT,
    words TEXT NOT NULL,
    term_amount BIGINT,
    term_unit TEXT,
    clock TEXT NOT NULL CHECK (clock IN ('waiting', 'running', 'paused', 'stopped')),
    received_at BIGINT NOT NULL,
    due_at BIGINT,
    paused_at BIGINT,
    remaining TEXT,
    soon_at BIGINT,
    late_at BIGINT,
    stopped_at BIGINT,
    closed_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    data TEXT NOT NULL,
    -- What runs comes first, by its due time; the rest behind it, by age (ids sort by time).
    due_order BIGINT NOT NULL GENERATED ALWAYS AS
        (CASE WHEN clock = 'running' THEN COALESCE(due_at, 9000000000000000000) ELSE 9000000000000000000 END) STORED,
    CHECK ((term_amount IS NULL) = (term_unit IS NULL)),
    CHECK (clock NOT IN ('waiting', 'paused') OR due_at IS NULL)
) /*strict*/;

-- Inboxes: of a unit's role, of a unit, of the whole city, of one person. The columns behind `id` let a filter be
-- answered from the index alone.
CREATE INDEX cases_queue ON cases (unit, queue, due_order, id, state) WHERE closed_at IS NULL;
CREATE INDEX cases_unit ON cases (unit, due_order, id, state, queue, topic) WHERE closed_at IS NULL;
CREATE INDEX cases_city ON cases (due_order, id, state, queue, topic) WHERE closed_at IS NULL;
CREATE INDEX cases_assignee ON cases (assignee, due_order, id) WHERE closed_at IS NULL AND assignee IS NOT NULL;
CREATE INDEX cases_closed ON cases (unit, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX cases_closed_city ON cases (closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX cases_applicant ON cases (applicant, created_at, id) WHERE applicant IS NOT NULL;
-- The sweep: what may become late, and what may become due soon.
CREATE INDEX cases_to_be_late ON cases (due_at) WHERE clock = 'running' AND late_at IS NULL;
CREATE INDEX cases_to_be_soon ON cases (due_at) WHERE clock = 'running' AND soon_at IS NULL;

-- The timeline, append-only. `note` is for the office, `public_note` for the applicant.
CREATE TABLE case_steps (
    case_id TEXT NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    national BIGINT NOT NULL,
    note TEXT,
    public_note TEXT,
    public BOOLEAN NOT NULL,
    PRIMARY KEY (case_id, seq)
) /*strict*/;
