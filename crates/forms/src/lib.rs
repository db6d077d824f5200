//! Forms declared as data: questions, conditions, checks, drafts.
