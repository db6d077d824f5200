-- From a word to the records that have it, newest first: what is found is a walk along one word, not a look-up of each
-- record. The scope stands beside, so that what someone may not see is passed by without a look at its record; and so
-- do the beginnings of the record's words, a bit for each, so that few records without the other words are looked at.
-- What was kept before has every bit: it is looked at each time.
CREATE TABLE search_postings (
    kind TEXT NOT NULL,
--sqlite    term TEXT NOT NULL,
--pg    term TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
--sqlite    ref TEXT NOT NULL,
--pg    ref TEXT COLLATE "C" NOT NULL,
    scope TEXT NOT NULL,
    beginnings BIGINT NOT NULL,
--sqlite    PRIMARY KEY (kind, term, at, ref)
--pg    PRIMARY KEY (kind, term, at, ref) INCLUDE (scope, beginnings)
--sqlite ) STRICT, WITHOUT ROWID;
--pg );
INSERT INTO search_postings (kind, term, at, ref, scope, beginnings)
SELECT t.kind, t.term, r.at, t.ref, t.scope, -1
FROM search_terms t JOIN search_records r ON r.kind = t.kind AND r.ref = t.ref;
DROP TABLE search_terms;
