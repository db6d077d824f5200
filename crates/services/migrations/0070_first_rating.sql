-- When a dossier was rated first: in that month it counts. Of older ones the last rating is the best that is known.
ALTER TABLE dossier_ratings ADD COLUMN first_rated_at BIGINT;
UPDATE dossier_ratings SET first_rated_at = rated_at;
