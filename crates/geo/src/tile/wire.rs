//! The few forms of protocol buffers that a vector tile is made of: varint, zigzag, command integers (MVT 2.1 §4.3).
//! Written by hand because the length of every message is known before it is written, so nothing is moved afterwards.

/// MoveTo, LineTo and ClosePath (MVT 2.1 §4.3.3).
pub(super) const MOVE_TO: u64 = 1;
pub(super) const LINE_TO: u64 = 2;
pub(super) const CLOSE_PATH: u64 = 7;

/// Deepest value of a 64-bit varint in bytes.
pub(super) const VARINT_MAX: usize = 10;

/// The command integer: what is done, and how many times (MVT 2.1 §4.3.1).
pub(super) const fn command(id: u64, count: u64) -> u64 {
    (id & 7) | (count << 3)
}

/// Small numbers of either sign become small numbers without one (MVT 2.1 §4.3.2).
pub(super) const fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)) as u64
}

pub(super) const fn unzigzag(v: u64) -> i64 {
    (v >> 1) as i64 ^ -((v & 1) as i64)
}

/// Bytes of `v` as a varint: one for each seven bits, by a multiplication instead of a division.
pub(super) const fn varint_len(v: u64) -> usize {
    (((v | 1).ilog2() * 9 + 73) / 64) as usize
}

/// Writes `v` at `at` of a slice that has room for it, and moves `at` on.
#[inline]
pub(super) fn write_varint(to: &mut [u8], at: &mut usize, mut v: u64) {
    while v >= 0x80 {
        to[*at] = v as u8 | 0x80;
        *at += 1;
        v >>= 7;
    }
    to[*at] = v as u8;
    *at += 1;
}

/// Appends `v`.
#[inline]
pub(super) fn put_varint(to: &mut Vec<u8>, mut v: u64) {
    while v >= 0x80 {
        to.push(v as u8 | 0x80);
        v >>= 7;
    }
    to.push(v as u8);
}

/// Room in which the numbers at the head of a feature fit whatever they are: places in it need no check.
pub(super) const WINDOW: usize = 64;

/// Writes `v` at `at` of a window.
#[inline]
pub(super) fn write_in_window(to: &mut [u8; WINDOW], at: &mut usize, mut v: u64) {
    while v >= 0x80 {
        to[*at % WINDOW] = v as u8 | 0x80;
        *at += 1;
        v >>= 7;
    }
    to[*at % WINDOW] = v as u8;
    *at += 1;
}

/// Copies the first `len` bytes of `from` to the start of `to`. Where both have room, `N` bytes are copied for any length
/// up to that: a few wide moves instead of a call, which is most of the cost of a short copy. What is copied too much
/// lies behind what is filled, and is written over.
#[inline]
pub(super) fn copy_short<const N: usize>(to: &mut [u8], from: &[u8], len: usize) {
    match (to.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
        (Some(to), Some(from)) if len <= N => *to = *from,
        _ => to[..len].copy_from_slice(&from[..len]),
    }
}

/// Reads a varint; `None` where the bytes end early or it is longer than 64 bits.
#[inline]
pub(super) fn read_varint(from: &[u8], at: &mut usize) -> Option<u64> {
    let first = *from.get(*at)?;
    if first < 0x80 {
        *at += 1;
        return Some(first.into());
    }
    read_long(from, at)
}

fn read_long(from: &[u8], at: &mut usize) -> Option<u64> {
    let mut v = 0_u64;
    for i in 0..VARINT_MAX {
        let b = *from.get(*at)?;
        *at += 1;
        if i == VARINT_MAX - 1 && b > 1 {
            return None;
        }
        v |= u64::from(b & 0x7f) << (7 * i);
        if b < 0x80 {
            return Some(v);
        }
    }
    None
}

/// Appends a field that is itself a run of bytes: key, length, bytes.
pub(super) fn put_bytes(to: &mut Vec<u8>, key: u8, bytes: &[u8]) {
    to.push(key);
    put_varint(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_those_of_the_specification() {
        assert_eq!(command(MOVE_TO, 1), 9);
        assert_eq!(command(MOVE_TO, 120), 961);
        assert_eq!(command(LINE_TO, 1), 10);
        assert_eq!(command(LINE_TO, 3), 26);
        assert_eq!(command(CLOSE_PATH, 1), 15);
    }

    #[test]
    fn zigzag_turns_there_and_back() {
        for (v, z) in [(0, 0), (-1, 1), (1, 2), (-2, 3), (25, 50), (17, 34), (i64::MAX, u64::MAX - 1)] {
            assert_eq!(zigzag(v), z);
            assert_eq!(unzigzag(z), v);
        }
        assert_eq!(unzigzag(zigzag(i64::MIN)), i64::MIN);
    }

    #[test]
    fn short_copies_reach_no_further_than_the_slices() {
        for (room, source, len) in [(8, 8, 3), (8, 4, 4), (3, 8, 3), (40, 40, 20), (4, 4, 0)] {
            let (mut to, from) = (vec![0; room], vec![7; source]);
            copy_short::<8>(&mut to, &from, len);
            assert!(to[..len].iter().all(|b| *b == 7));
        }
    }

    #[test]
    fn varints_have_the_length_foretold() {
        for shift in 0..64 {
            for v in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                put_varint(&mut out, v);
                assert_eq!(out.len(), varint_len(v), "{v}");
                let mut at = 0;
                assert_eq!(read_varint(&out, &mut at), Some(v));
                assert_eq!(at, out.len());
                let mut slice = [0; VARINT_MAX];
                let mut end = 0;
                write_varint(&mut slice, &mut end, v);
                assert_eq!(slice[..end], out);
                let (mut window, mut end) = ([0; WINDOW], 0);
                write_in_window(&mut window, &mut end, v);
                assert_eq!(window[..end], out);
            }
        }
        assert_eq!(read_varint(&[0x80], &mut 0), None);
        assert_eq!(read_varint(&[0xff; 11], &mut 0), None);
    }
}
