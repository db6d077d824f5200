-- Every count of an inbox asks whether a case is open; with that in the indices none looks at the cases themselves.
DROP INDEX cases_queue;
DROP INDEX cases_unit;
DROP INDEX cases_city;
CREATE INDEX cases_queue ON cases (unit, queue, due_order, id, state, assignee, closed_at) WHERE closed_at IS NULL;
CREATE INDEX cases_unit ON cases (unit, due_order, id, state, queue, topic, assignee, closed_at)
    WHERE closed_at IS NULL;
CREATE INDEX cases_city ON cases (due_order, id, state, queue, topic, assignee, closed_at) WHERE closed_at IS NULL;
