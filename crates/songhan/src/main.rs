//! The binary: command line, configuration, the list of modules.
//!
//! `songhan serve` runs a city; the other commands work beside a running server on the same data folder and database.

mod backup;
mod check;
mod cli;
mod demo;
mod import;
mod map;
mod modules;
mod open;
mod people;
mod sandbox;
mod serve;
mod settings;
mod simulate;

use clap::Parser;

/// A page is many small texts, made and dropped: with the system's allocator they took a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // The one place where a TLS provider is chosen; failing means that someone chose before, which cannot be.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = cli::Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(cli::run(cli)),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("songhan: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
