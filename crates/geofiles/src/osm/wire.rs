//! Protobuf messages walked through where they lie.

#[derive(Clone, Copy)]
pub struct Wire<'a>(&'a [u8]);

pub enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The message ends too early or has a wire type of another age.
#[derive(Debug)]
pub struct Cut;

impl<'a> Wire<'a> {
    pub fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// The next field with its number; none at the end.
    pub fn field(&mut self) -> Result<Option<(u64, Field<'a>)>, Cut> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Bytes(self.take(8)?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Cut)?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Bytes(self.take(4)?),
            _ => return Err(Cut),
        };
        Ok(Some((key >> 3, field)))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Cut> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64, Cut> {
        let mut number = 0u64;
        for (index, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * index).min(63);
            if byte & 0x80 == 0 {
                self.0 = &self.0[index + 1..];
                return Ok(number);
            }
        }
        Err(Cut)
    }
}

/// Packed numbers; it ends where they are cut.
pub struct Packed<'a>(Wire<'a>);

impl<'a> Packed<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Wire(bytes))
    }

    /// With a sign, zigzag.
    pub fn signed(self) -> impl Iterator<Item = i64> + 'a {
        self.map(zigzag)
    }

    /// Each the difference to the one before; a sum beyond 64 bits wraps, as it does where the file was written.
    pub fn deltas(self) -> impl Iterator<Item = i64> + 'a {
        self.signed().scan(0i64, |sum, delta| {
            *sum = sum.wrapping_add(delta);
            Some(*sum)
        })
    }
}

impl Iterator for Packed<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.0.0.is_empty() { None } else { self.0.varint().ok() }
    }
}

pub fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_ends() {
        assert_eq!(Packed::new(&[0x96, 0x01, 0x00]).collect::<Vec<_>>(), [150, 0]);
        assert_eq!(Packed::new(&[3, 2, 1]).deltas().collect::<Vec<_>>(), [-2, -1, -2]);
        assert_eq!(Packed::new(&[0xff; 20]).count(), 0);
        assert!(Wire::new(&[0x0a, 0x05, 1]).field().is_err());
        assert!(Wire::new(&[0x0b]).field().is_err());
        assert!(matches!(Wire::new(&[0x0a, 0x01, 7]).field(), Ok(Some((1, Field::Bytes([7]))))));
    }
}
