-- What can be searched of rows that change one by one. `words` holds the record's distinct folded words, each after a
-- blank, so that one look at the record tells whether it has them all; `search_terms` leads from a word to records.

CREATE TABLE search_records (
    kind TEXT NOT NULL,
--sqlite    ref TEXT NOT NULL,
--pg    ref TEXT COLLATE "C" NOT NULL,
    scope TEXT NOT NULL,
    words TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, ref)
--sqlite ) STRICT, WITHOUT ROWID;
--pg );
CREATE INDEX search_records_scope ON search_records (kind, scope, at, ref);
CREATE INDEX search_records_newest ON search_records (kind, at, ref);

-- Words and references are compared byte by byte on both engines: a range of words is all that begin alike.
CREATE TABLE search_terms (
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
--sqlite    term TEXT NOT NULL,
--pg    term TEXT COLLATE "C" NOT NULL,
--sqlite    ref TEXT NOT NULL,
--pg    ref TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, scope, term, ref)
--sqlite ) STRICT, WITHOUT ROWID;
--pg );
