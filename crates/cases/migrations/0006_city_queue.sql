-- The inbox of the whole city: what waits for a role, wherever. By the index of units every open case would be read.
CREATE INDEX cases_city_queue ON cases (queue, due_order, id, state, assignee, closed_at) WHERE closed_at IS NULL;
