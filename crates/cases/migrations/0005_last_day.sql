-- Ngày cuối của thời hạn: the last day as it was counted, as 2026-02-17, where that was a day off and `due_at` is on the
-- next day worked. Of what was promised before there was this column, the day due counts as the last.
ALTER TABLE cases ADD COLUMN last_day TEXT;
