//! `songhan check`: explains every mistake of a city folder as `file:line: message`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::{modules, open};

pub fn run(folder: Option<&Path>) -> Result<ExitCode> {
    let (city, report) = open::city(folder, &modules::all())?;
    if report.is_empty() {
        println!("{}: no mistakes", city.manifest().name.vi);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{report}");
    Ok(ExitCode::FAILURE)
}
