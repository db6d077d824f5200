//! A reader that stops after a given number of bytes, for parsers that gather as long as a file lets them: the allowance
//! is renewed for each feature.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

pub struct Leash<R> {
    inner: R,
    left: u64,
}

/// What the error says, so that a caller can tell it from others.
pub const TORN: &str = "more bytes than one part of the file may have";

impl<R> Leash<R> {
    pub fn new(inner: R, allowance: u64) -> Self {
        Self { inner, left: allowance }
    }

    pub fn renew(&mut self, allowance: u64) {
        self.left = allowance;
    }

    fn held(&self, wanted: usize) -> io::Result<usize> {
        if self.left == 0 && wanted > 0 {
            return Err(io::Error::other(TORN));
        }
        Ok(wanted.min(usize::try_from(self.left).unwrap_or(usize::MAX)))
    }
}

impl<R: Read> Read for Leash<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.held(buffer.len())?;
        let count = self.inner.read(&mut buffer[..most])?;
        self.left -= count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Leash<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other(TORN));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let buffer = self.inner.fill_buf()?;
        Ok(&buffer[..buffer.len().min(most)])
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.inner.consume(count);
    }
}

impl<R: Seek> Seek for Leash<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_and_is_renewed() {
        let mut leash = Leash::new(&b"0123456789"[..], 4);
        let mut buffer = Vec::new();
        assert!(leash.read_to_end(&mut buffer).is_err());
        assert_eq!(buffer, b"0123");
        leash.renew(100);
        leash.read_to_end(&mut buffer).unwrap();
        assert_eq!(buffer, b"0123456789");
    }
}
