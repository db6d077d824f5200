-- Edits of a base in the order of time: which of them a moment has seen. Imported features are none.
CREATE INDEX map_features_edits ON map_features (base, valid_from) WHERE change <> 'imported';
