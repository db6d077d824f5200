-- The whole city stands beside its units, as a unit without a code, so that its months need not be added up on each look.
INSERT INTO supervision_figures (level, month, unit, topic, received, online, in_time, late, unpromised, refused, withdrawn,
    stopped, extended, worked_us, open, open_late, paid, paid_online, papers, reused, ratings, satisfied)
SELECT 'unit', month, '', '', SUM(received), SUM(online), SUM(in_time), SUM(late), SUM(unpromised), SUM(refused),
    SUM(withdrawn), SUM(stopped), SUM(extended), SUM(worked_us), SUM(open), SUM(open_late), SUM(paid), SUM(paid_online),
    SUM(papers), SUM(reused), SUM(ratings), SUM(satisfied)
FROM supervision_figures WHERE level = 'unit' GROUP BY month;
