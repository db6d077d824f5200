//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use serde::Serialize;
use songhan_base::Role;

use crate::settings::{self, Flags};
use crate::simulate::{self, Simulate};
use crate::{backup, check, import, map, people, sandbox, serve};

/// Songhan: the operating system of a city.
#[derive(Parser, Debug)]
#[command(version, about)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the city
    Serve(Serve),
    /// Explain every mistake of a city folder
    Check,
    /// Write the folder of a new city
    NewCity {
        /// A folder that does not exist yet, or is empty
        dir: PathBuf,
    },
    /// People of the city's offices
    #[command(subcommand)]
    User(User),
    /// Tokens for programs
    #[command(subcommand)]
    Token(Token),
    /// Bring data of others into the city
    #[command(subcommand)]
    Import(Import),
    /// The city's map as a whole
    #[command(subcommand)]
    Map(map::Map),
    /// Copy database, files and keys into one file, beside a running server
    Backup {
        /// The file to write; it holds keys and personal data
        file: PathBuf,
    },
    /// Bring a copy back, into an empty database and data folder
    Restore {
        /// A file that `backup` wrote
        file: PathBuf,
    },
    /// Fill the city with simulated people or dossiers, labelled so
    #[command(subcommand)]
    Simulate(Simulate),
    /// The stand-in payment gateway and bank of the demo
    #[command(hide = true)]
    Sandbox {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long)]
        target: String,
    },
}

#[derive(clap::Args, Debug, Serialize)]
struct Serve {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// The address people see, when it is another (behind a proxy)
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    /// Simulated people, payments and mail, labelled so
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    /// How many simulated dossiers the demo begins with [default: 600]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_dossiers: Option<usize>,
}

#[derive(Subcommand, Debug)]
enum User {
    /// Make an account, with a role unless it is a resident's; the password is read from standard input
    Add(people::Add),
}

#[derive(Subcommand, Debug)]
enum Token {
    /// Make a token that holds a role; it is printed as the last line, and never again
    Create {
        #[arg(long)]
        role: Role,
        /// Code of the unit where the role is held; left out, the whole city
        #[arg(long)]
        unit: Option<String>,
        /// What the token is for, as the list of sessions shows it
        #[arg(long, default_value = "command line")]
        name: String,
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
}

#[derive(Subcommand, Debug)]
enum Import {
    /// Procedures of the national catalogue, new and changed ones; the last line says what came of it
    Procedures {
        /// One JSON record a line, gzipped or not
        file: PathBuf,
    },
    /// A statement of the bank or the gateway, laid beside the books; the last line says what came of it
    Statement {
        /// ISO 20022 camt.053, or a table (CSV) laid out as /office/money/reconciliation shows
        file: PathBuf,
    },
    /// A map layer from a file of map software, in the place of what it consisted of; the last line says what came of it
    Layer(import::LayerFile),
}

pub async fn run(cli: Cli) -> Result<ExitCode> {
    logs(matches!(cli.command, Command::Serve(_)));
    let Cli { flags, command } = cli;
    match command {
        Command::Serve(more) => return serve::run(settings::read(&flags, more)?).await,
        Command::Check => return check::run(flags.city.as_deref()),
        Command::NewCity { dir } => {
            songhan_city::new_city(&dir)?;
            let dir = dir.display();
            println!("{dir}: a city; edit city.toml first, then run `songhan check --city {dir}`");
        }
        Command::User(User::Add(add)) => people::add(settings::read(&flags, Flags::default())?, add).await?,
        Command::Token(Token::Create { role, unit, name, days }) => {
            people::token(settings::read(&flags, Flags::default())?, role, unit, &name, days).await?;
        }
        Command::Import(Import::Procedures { file }) => {
            import::procedures(settings::read(&flags, Flags::default())?, &file)
                .await
                .with_context(|| format!("cannot import {}", file.display()))?;
        }
        Command::Import(Import::Statement { file }) => {
            import::statement(settings::read(&flags, Flags::default())?, &file)
                .await
                .with_context(|| format!("cannot import {}", file.display()))?;
        }
        Command::Import(Import::Layer(wanted)) => {
            import::layer(settings::read(&flags, Flags::default())?, &wanted)
                .await
                .with_context(|| format!("cannot import {}", wanted.file.display()))?;
        }
        Command::Map(what) => map::run(settings::read(&flags, Flags::default())?, what).await?,
        Command::Backup { file } => {
            let settings = settings::read(&flags, Flags::default())?;
            backup::backup(&settings, &file).await.with_context(|| format!("cannot back up to {}", file.display()))?;
        }
        Command::Restore { file } => {
            let settings = settings::read(&flags, Flags::default())?;
            backup::restore(&settings, &file).await.with_context(|| format!("cannot restore {}", file.display()))?;
        }
        Command::Simulate(what) => simulate::run(settings::read(&flags, Flags::default())?, what).await?,
        Command::Sandbox { listen, target } => {
            sandbox::run(songhan_sandbox::Options::demo(listen, target)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Logs to standard error: JSON lines, or readable where a person looks. `RUST_LOG` chooses how much; commands that end
/// by themselves only warn.
fn logs(serving: bool) {
    use std::io::IsTerminal;
    use tracing_subscriber::{EnvFilter, fmt};
    let usual = if serving { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { builder.compact().init() } else { builder.json().init() }
}
