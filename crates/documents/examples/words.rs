//! Reads amounts from its input, a line each, and writes each in words: what `tests/clients/words/check.mjs` compares
//! with a library that is not ours.

use std::io::{BufRead, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", songhan_documents::words::dong(line?.trim().parse()?))?;
    }
    Ok(())
}
