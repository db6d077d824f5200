-- Lời góp ý: a sentence beside a rating, read without a name by those who answer for the unit.
ALTER TABLE dossier_ratings ADD COLUMN comment TEXT;
CREATE INDEX dossier_ratings_comments ON dossier_ratings (rated_at) WHERE comment IS NOT NULL;
