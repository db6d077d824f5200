//! Notices to people: in-app and e-mail, each with state and retries.
