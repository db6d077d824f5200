//! Operations of the engine itself; what is done to a case is an operation of the system the case belongs to.

pub(crate) mod due_working_time;
