//! The list of modules, in the order of their migrations. A module joins the city by a line here.

use songhan_app::Module;

pub fn all() -> Vec<Module> {
    vec![
        songhan_identity::module(),
        songhan_forms::module(),
        songhan_cases::module(),
        songhan_ledger::module(),
        songhan_documents::module(),
        songhan_notices::module(),
        songhan_search::module(),
        songhan_delivery::module(),
        songhan_maps::module(),
        songhan_procedures::module(),
        songhan_queue::module(),
        songhan_services::module(),
        songhan_supervision::module(),
        songhan_archive::module(),
        songhan_atlas::module(),
        songhan_national::module(),
    ]
}
