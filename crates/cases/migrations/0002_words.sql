-- Finding a case by its words is the search engine's.
ALTER TABLE cases DROP COLUMN words;

-- "Nobody in charge" is counted too: with the assignee in them the indices answer it alone.
DROP INDEX cases_queue;
DROP INDEX cases_unit;
DROP INDEX cases_city;
CREATE INDEX cases_queue ON cases (unit, queue, due_order, id, state, assignee) WHERE closed_at IS NULL;
CREATE INDEX cases_unit ON cases (unit, due_order, id, state, queue, topic, assignee) WHERE closed_at IS NULL;
CREATE INDEX cases_city ON cases (due_order, id, state, queue, topic, assignee) WHERE closed_at IS NULL;
