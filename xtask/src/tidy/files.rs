//! The files that the rules look at: what is or could be committed, read once.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

pub struct File {
    /// From the root of the checkout, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    pub fn at(&self, line: usize, complaint: &str) -> String {
        format!("{}:{line}: {complaint}", self.path)
    }

    pub fn is_rust(&self) -> bool {
        self.extension() == "rs"
    }
}

/// Tracked files and new ones that are not ignored; what is not text is passed over.
pub fn all(root: &Path) -> Result<Vec<File>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let output = git.output().context("start git")?;
    if !output.status.success() {
        bail!("git ls-files ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let paths = String::from_utf8(output.stdout).context("read the file names git printed")?;
    let mut files = Vec::new();
    for path in paths.split_terminator('\0') {
        // Removed but not yet committed as removed: git still lists it.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}
