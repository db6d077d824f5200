-- Whose a request for a signature was: to give it to them with all of theirs, and to forget it with them.
CREATE INDEX personal_signatures_account ON personal_signatures (account, begun_at);
