//! Search folded for Vietnamese, with small typos.
