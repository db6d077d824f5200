-- Whether a paper of a dossier is one of another dossier too, asked when the first is destroyed at the end of its term.
CREATE INDEX dossier_papers_upload ON dossier_papers (upload);
