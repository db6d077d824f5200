-- What a unit has is walked like what a word has: newest first, each record telling by itself whether it has the words.
-- Of records from before, every word may be the beginning of one of theirs.
ALTER TABLE search_records ADD COLUMN beginnings BIGINT NOT NULL DEFAULT -1;
DROP INDEX search_records_scope;
--sqlite CREATE INDEX search_records_scope ON search_records (kind, scope, at, ref, beginnings, words);
--pg CREATE INDEX search_records_scope ON search_records (kind, scope, at, ref) INCLUDE (beginnings, words);
