//! Casework: workflow as data, codes, deadlines in working time, tasks, timeline.
