//! A shape as the commands of MVT 2.1 §4.3, without its first MoveTo: all other numbers are steps from the point before,
//! so these bytes are the same in every tile that holds the shape whole. They are made once a zoom and then copied.

use super::{
    rings::Pt,
    wire::{CLOSE_PATH, LINE_TO, MOVE_TO, command, put_varint, read_varint, unzigzag, zigzag},
};

/// Writes the parts of one shape after each other.
#[derive(Debug, Default)]
pub(super) struct Pen {
    /// The first point, which is not in the bytes.
    pub start: Option<Pt>,
    at: Pt,
}

impl Pen {
    pub fn line(&mut self, to: &mut Vec<u8>, pts: &[Pt]) {
        let Some((first, rest)) = pts.split_first() else { return };
        if self.start.is_none() {
            self.start = Some(*first);
            self.at = *first;
        } else {
            put_varint(to, command(MOVE_TO, 1));
            self.step(to, *first);
        }
        put_varint(to, command(LINE_TO, rest.len() as u64));
        for p in rest {
            self.step(to, *p);
        }
    }

    /// A ring is closed by a command, not by its first corner again.
    pub fn ring(&mut self, to: &mut Vec<u8>, pts: &[Pt]) {
        self.line(to, pts);
        put_varint(to, command(CLOSE_PATH, 1));
    }

    #[inline]
    fn step(&mut self, to: &mut Vec<u8>, p: Pt) {
        put_varint(to, zigzag(p.x - self.at.x));
        put_varint(to, zigzag(p.y - self.at.y));
        self.at = p;
    }
}

/// Calls `f` with each line or ring of what a [`Pen`] wrote, every coordinate taken through `place`.
pub(super) fn read(
    bytes: &[u8],
    start: Pt,
    part: &mut Vec<Pt>,
    place: impl Fn(Pt) -> Pt,
    mut f: impl FnMut(&mut Vec<Pt>),
) {
    let mut at = start;
    let mut byte = 0;
    part.clear();
    part.push(place(at));
    while let Some(head) = read_varint(bytes, &mut byte) {
        let (id, count) = (head & 7, head >> 3);
        if id == CLOSE_PATH {
            continue;
        }
        if id == MOVE_TO {
            f(part);
            part.clear();
        }
        for _ in 0..count {
            let (Some(dx), Some(dy)) = (read_varint(bytes, &mut byte), read_varint(bytes, &mut byte)) else { return };
            at = Pt { x: at.x + unzigzag(dx), y: at.y + unzigzag(dy) };
            part.push(place(at));
        }
    }
    f(part);
}

#[cfg(test)]
mod tests {
    use super::super::rings::pts;
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // MVT 2.1 §4.3.5.5: 9 0 0 26 20 0 0 20 19 0 15 …, without the first MoveTo; and its second polygon moved to.
        let (mut pen, mut bytes) = (Pen::default(), Vec::new());
        pen.ring(&mut bytes, &pts(&[(0, 0), (10, 0), (10, 10), (0, 10)]));
        pen.ring(&mut bytes, &pts(&[(11, 11), (20, 11), (20, 20), (11, 20)]));
        pen.ring(&mut bytes, &pts(&[(13, 13), (13, 17), (17, 17), (17, 13)]));
        let expected: &[u8] = &[
            26, 20, 0, 0, 20, 19, 0, 15, //
            9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, //
            9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15,
        ];
        assert_eq!(bytes, expected);
        assert_eq!(pen.start, Some(Pt { x: 0, y: 0 }));
        let mut parts = Vec::new();
        read(&bytes, Pt { x: 100, y: 0 }, &mut Vec::new(), |p| p, |part| parts.push(part.clone()));
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[2], pts(&[(113, 13), (113, 17), (117, 17), (117, 13)]));
    }
}
