//! Sends a letter: to an SMTP server, or into a file that stands there whole or not at all.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use songhan_app::App;
use songhan_base::{Id, Internal, Lang};

use crate::channel::Unsent;
use crate::settings::{Settings, Tls};

/// The way letters go, and whom they are from.
pub struct Mailer {
    pub from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    /// The configuration cannot be used; letters wait until it can.
    Broken(String),
}

impl Mailer {
    pub fn of(app: &App) -> Arc<Self> {
        app.memory.get_or(|| {
            let settings = Settings::read(&app.config);
            let from = settings.as_ref().ok().and_then(|s| s.sender().ok().flatten());
            let from = from.unwrap_or_else(|| default_from(app));
            let way = settings.and_then(|settings| match settings.host {
                Some(_) => smtp(&settings).map(Way::Smtp),
                None => Ok(Way::Folder(folder(app))),
            });
            Self { from, way: way.unwrap_or_else(Way::Broken) }
        })
    }

    /// Sends a letter. Sent twice, it is one letter: the same file, or the same Message-ID.
    pub async fn send(&self, id: Id, letter: Message) -> Result<(), Unsent> {
        match &self.way {
            Way::Smtp(transport) => match transport.send(letter).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Unsent::Refused(error.to_string())),
                Err(error) => Err(Internal::new(error).into()),
            },
            Way::Folder(folder) => {
                let path = folder.join(format!("{id}.eml"));
                let bytes = letter.formatted();
                let written = tokio::task::spawn_blocking(move || write_whole(&path, &bytes)).await;
                Ok(written.map_err(Internal::new).and_then(|done| done.map_err(Internal::new))?)
            }
            Way::Broken(why) => Err(Internal::new(why.clone()).into()),
        }
    }
}

/// Where letters lie that go into files.
pub fn folder(app: &App) -> PathBuf {
    app.config.data.join("mail")
}

/// At a domain that is kept for examples, so that nobody real is taken for the sender.
fn default_from(app: &App) -> Mailbox {
    let manifest = app.city.manifest();
    let address = format!("no-reply@{}.example", manifest.code);
    let fallback = || lettre::Address::new("no-reply", "songhan.example");
    // A city's code is a word of a-z, 0-9 and -, so the address is one.
    let address = address.parse().or_else(|_| fallback()).expect("a constant address");
    Mailbox::new(Some(manifest.name.get(Lang::Vi).to_owned()), address)
}

fn smtp(settings: &Settings) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let host = settings.host.as_deref().unwrap_or_default();
    let (builder, port) = match settings.tls {
        Tls::Tls => (AsyncSmtpTransport::<Tokio1Executor>::relay(host), 465),
        Tls::Starttls => (AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host), 587),
        Tls::None => (Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)), 25),
    };
    let mut builder = builder.map_err(|error| error.to_string())?.port(settings.port.unwrap_or(port));
    if let (Some(username), Some(path)) = (&settings.username, &settings.password_file) {
        let password = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read the password of mail from {}: {error}", path.display()))?;
        builder = builder.credentials(Credentials::new(username.clone(), password.trim_end().to_owned()));
    }
    Ok(builder.build())
}

/// Writes beside, syncs, renames, syncs the folder: after a power loss there is the old state or the whole file.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = path.with_extension("tmp");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail").join("a.eml");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
