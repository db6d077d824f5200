-- Đối tượng được miễn phí, lệ phí: the group that the applicant names.
ALTER TABLE dossiers ADD COLUMN exemption TEXT;
