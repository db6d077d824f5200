//! The stand-in payment gateway and bank of the demo: a process of its own, ended with its parent.

use std::net::SocketAddr;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

/// Starts `songhan sandbox` beside the server. It ends when its standard input closes, so also when we are killed.
pub fn start(listen: SocketAddr, target: &str) -> Result<Child> {
    let program = std::env::current_exe().context("cannot find this program")?;
    Command::new(program)
        .args(["sandbox", "--listen", &listen.to_string(), "--target", target])
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the sandbox gateway")
}

/// Runs the stand-ins until standard input closes.
pub async fn run(options: songhan_sandbox::Options) -> Result<()> {
    let parent = async {
        let mut rest = Vec::new();
        let _ = tokio::io::stdin().read_to_end(&mut rest).await;
    };
    tokio::select! {
        served = songhan_sandbox::serve(options) => served.context("the sandbox gateway stopped"),
        () = parent => Ok(()),
    }
}
