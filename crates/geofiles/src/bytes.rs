//! A walk through bytes that never steps past their end. Counts that a file states are checked against what is left
//! before anything is allocated for them.

use crate::Reason;

#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

fn short() -> Reason {
    Reason::Shape("it ends too early".into())
}

impl<'a> Bytes<'a> {
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Reason> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(short)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub fn byte(&mut self) -> Result<u8, Reason> {
        Ok(self.array::<1>()?[0])
    }

    pub fn u32_le(&mut self) -> Result<u32, Reason> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn i32_le(&mut self) -> Result<i32, Reason> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    pub fn f64_le(&mut self) -> Result<f64, Reason> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    /// A stated count of things of at least `size` bytes each, if that many can still follow.
    pub fn count(&self, stated: u32, size: usize) -> Result<usize, Reason> {
        let count = stated as usize;
        if count.checked_mul(size).is_none_or(|bytes| bytes > self.0.len()) {
            return Err(Reason::Shape(format!("it states {count} parts and ends before them")));
        }
        Ok(count)
    }
}
