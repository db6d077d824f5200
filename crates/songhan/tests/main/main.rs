//! The city from outside: the real program killed, doubled, copied, restored, stopped; every endpoint by every role; a
//! stranger's new city. One binary, so that everything is linked once.

mod backup;
mod check;
mod golden;
mod import;
mod invariants;
mod kill;
mod kill_map;
mod load;
mod migrations;
mod others;
mod people;
mod repeats;
mod site;
mod stop;
mod stranger;
mod two;
mod web;
mod worked_cases;

/// The list of modules is the program's own.
#[path = "../../src/modules.rs"]
mod modules;
