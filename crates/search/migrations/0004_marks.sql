-- Two more looks inside the posting itself, so that hardly a record is looked up that has not the other words: a bit for
-- each word by its first three letters, and one by the word as a whole. What was kept before has every bit.
ALTER TABLE search_postings ADD COLUMN threes BIGINT NOT NULL DEFAULT -1;
ALTER TABLE search_postings ADD COLUMN marks BIGINT NOT NULL DEFAULT -1;
--pg ALTER TABLE search_postings DROP CONSTRAINT search_postings_pkey;
--pg ALTER TABLE search_postings ADD PRIMARY KEY (kind, term, at, ref) INCLUDE (scope, beginnings, threes, marks);
