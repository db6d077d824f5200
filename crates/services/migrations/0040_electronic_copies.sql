-- Sổ chứng thực bản sao điện tử: originals that a counter has compared and scanned. The number is taken with the entry.
CREATE TABLE electronic_copies (
    -- Also the id of the document.
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    upload TEXT NOT NULL UNIQUE,
    -- Code of the unit whose counter it was.
    unit TEXT NOT NULL,
    number TEXT NOT NULL,
    officer TEXT NOT NULL,
    registered_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX electronic_copies_unit ON electronic_copies (unit, registered_at);
