-- Which signature names a file: asked before a file is taken away.
CREATE INDEX personal_signatures_file ON personal_signatures (sha256);
CREATE INDEX personal_signatures_signed_file ON personal_signatures (signed_sha256);
