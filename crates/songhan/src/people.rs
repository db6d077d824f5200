//! `songhan user add` and `songhan token create`: the first people of a city, and tokens for programs.

use std::io::BufRead;

use anyhow::{Context, Result, bail};
use songhan_base::Role;
use songhan_identity::Typed;

use crate::open;
use crate::settings::Settings;

#[derive(clap::Args, Debug)]
pub struct Add {
    /// Full name
    #[arg(long)]
    name: String,
    /// The 12 digits of the citizen identity card
    #[arg(long)]
    citizen_id: String,
    /// As 2001-05-04
    #[arg(long)]
    date_of_birth: String,
    #[arg(long, default_value = "")]
    email: String,
    #[arg(long, default_value = "")]
    phone: String,
    #[arg(long, default_value = "resident")]
    role: Role,
    /// Code of the unit where the role is held; administrators may leave it out for the whole city
    #[arg(long)]
    unit: Option<String>,
}

/// Makes an account. The password is one line of standard input, so that it stands in no list of processes.
pub async fn add(settings: Settings, add: Add) -> Result<()> {
    let mut password = String::new();
    eprintln!("password, one line on standard input:");
    std::io::stdin().lock().read_line(&mut password).context("cannot read the password")?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password on standard input; type one line, or pipe it in");
    }
    let server = open::system(&settings, String::new()).await?;
    let typed = Typed {
        name: add.name,
        citizen_id: add.citizen_id,
        date_of_birth: add.date_of_birth,
        phone: add.phone,
        email: add.email,
        ..Typed::default()
    };
    let cx = server.app.system("command");
    let id = songhan_identity::add_user(&cx, &typed, password, add.role, add.unit).await?;
    println!("{id}");
    server.app.db.close().await;
    Ok(())
}

/// Makes a token and prints it as the last line.
pub async fn token(settings: Settings, role: Role, unit: Option<String>, name: &str, days: u32) -> Result<()> {
    let server = open::system(&settings, String::new()).await?;
    let cx = server.app.system("command");
    let token = songhan_identity::create_role_token(&cx, role, unit, name, days).await?;
    println!("{token}");
    server.app.db.close().await;
    Ok(())
}
