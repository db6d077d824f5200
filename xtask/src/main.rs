//! Project commands: `cargo xtask run`, `test`, `bench`, `ui`, `tidy`. Each works on a fresh machine with rustup, Node
//! and a C compiler; what else is needed is installed when we are root, else the line to type is printed.

mod bench;
mod edges;
mod install;
mod leash;
mod postgres;
mod run;
mod shell;
mod test;
mod tidy;
mod tools;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Run, test, measure and tidy the project", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the pages and the release binary, then serve the demo city
    Run {
        /// Flags for `songhan serve`, after `--`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Run every check; all steps are run, then the failures are shown
    Test(test::Options),
    /// Run the measurements in bench/
    Bench(bench::Options),
    /// Build styles and islands (only if they changed)
    Ui {
        /// Build even if nothing changed
        #[arg(long)]
        force: bool,
    },
    /// Check the house rules
    Tidy {
        /// Print the table of allowed imports for ARCHITECTURE.md
        #[arg(long)]
        print_edges: bool,
    },
    /// Look for known vulnerabilities (needs the advisory database on GitHub, therefore no part of `test`)
    Advisories,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Task::Run { serve } => run::run(&serve),
        Task::Test(options) => test::test(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Ui { force } => ui::build(force, &mut shell::Log::terminal()),
        Task::Tidy { print_edges: true } => {
            print!("{}", edges::markdown());
            Ok(())
        }
        Task::Tidy { print_edges: false } => tidy::command(),
        Task::Advisories => tools::advisories(),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    // On the same stream as the report: the sum must stay the last line that counts.
    println!("error: {error:#}");
    ExitCode::FAILURE
}
