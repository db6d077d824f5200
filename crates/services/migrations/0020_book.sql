-- Sổ theo dõi hồ sơ of the whole city: what came in within some days. That of a unit is answered by `dossiers_unit`.
CREATE INDEX dossiers_created ON dossiers (created_at, case_id);
