-- Finding a case by its words is the search engine's.
ALTER TABLE cases DROP COLUMN words;
