//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;
use songhan_app::App;

use crate::settings::{self, Flags};
use crate::{check, sandbox, serve};

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
}

pub async fn run(cli: Cli) -> Result<ExitCode> {
    logs();
    let Cli { flags, command } = cli;
    match command {
        Command::Serve(more) => serve::run(settings::read(&flags, more)?).await,
        Command::Check => check::run(flags.city.as_deref()),
        Command::NewCity { dir } => {
            songhan_city::new_city(&dir)?;
            println!("{}: a city; edit city.toml first, then run `songhan check --city {}`", dir.display(), dir.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Sandbox { listen, target } => {
            sandbox::run(songhan_sandbox::Options::demo(listen, target)).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Creates the people of the demo, once.
pub async fn fill_demo(app: &App) -> Result<()> {
    songhan_identity::create_demo_people(&app.system("demo")).await?;
    Ok(())
}

/// Logs as JSON lines, or readable where a person looks; `RUST_LOG` chooses how much.
fn logs() {
    use std::io::IsTerminal;
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { builder.compact().init() } else { builder.json().init() }
}
