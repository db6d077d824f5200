//! Rectangles in the order of the edges they are around, eight and eight together: what overlaps a rectangle is found
//! without looking at all. Edges of a ring follow each other, so neighbours in the list are neighbours in the plane.

use super::{Reason, Steps};

const FAN: usize = 8;

/// Left, bottom, right, top.
pub(super) type Box4<T> = [T; 4];

pub(super) struct Boxes<T> {
    levels: Vec<Vec<Box4<T>>>,
}

impl<T: Copy + PartialOrd> Boxes<T> {
    pub fn new(items: Vec<Box4<T>>) -> Self {
        let mut levels = vec![items];
        while let Some(last) = levels.last().filter(|last| last.len() > FAN) {
            let upper = last.chunks(FAN).filter_map(|chunk| chunk.iter().copied().reduce(around)).collect();
            levels.push(upper);
        }
        Self { levels }
    }

    /// Calls `hit` with the number of every rectangle that shares a place with `wanted`, from `from` on.
    pub fn each<F>(&self, wanted: Box4<T>, from: usize, steps: &mut Steps, hit: &mut F) -> Result<(), Reason>
    where
        F: FnMut(usize) -> Result<(), Reason>,
    {
        let top = self.levels.len() - 1;
        (0..self.levels[top].len()).try_for_each(|index| self.visit(top, index, (wanted, from), steps, hit))
    }

    /// Goes as deep as there are levels: ten would be a thousand million rectangles.
    fn visit<F>(
        &self,
        level: usize,
        index: usize,
        what: (Box4<T>, usize),
        steps: &mut Steps,
        hit: &mut F,
    ) -> Result<(), Reason>
    where
        F: FnMut(usize) -> Result<(), Reason>,
    {
        steps.take(1)?;
        if !overlap(&self.levels[level][index], &what.0) {
            return Ok(());
        }
        if level == 0 {
            return if index < what.1 { Ok(()) } else { hit(index) };
        }
        let below = index * FAN..((index + 1) * FAN).min(self.levels[level - 1].len());
        // Nothing under a node whose last rectangle comes before the first wanted.
        let width = FAN.pow(level as u32 - 1);
        below
            .filter(|child| (child + 1) * width > what.1)
            .try_for_each(|child| self.visit(level - 1, child, what, steps, hit))
    }
}

fn around<T: Copy + PartialOrd>(a: Box4<T>, b: Box4<T>) -> Box4<T> {
    let min = |a: T, b: T| if b < a { b } else { a };
    let max = |a: T, b: T| if b > a { b } else { a };
    [min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])]
}

fn overlap<T: PartialOrd>(a: &Box4<T>, b: &Box4<T>) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}
