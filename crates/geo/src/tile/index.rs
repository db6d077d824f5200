//! Spatial order and search: rows lie in Hilbert order in blocks of 64, and a packed R-tree over the blocks' bounds, as
//! flat arrays without pointers, says which blocks a tile meets. The order makes a block compact, so that what a tile
//! needs lies together in memory.

/// min x, min y, max x, max y, all of them inside.
pub(super) type Bounds = [u32; 4];

/// Nothing: what a union starts from.
pub(super) const EMPTY: Bounds = [u32::MAX, u32::MAX, 0, 0];

/// Rows a block: the bits of a word, so that removed rows are one mask.
pub(super) const BLOCK: usize = 64;

const FAN_OUT: usize = 16;

#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "four comparisons cost less than the branches between them")]
pub(super) fn meets(a: &Bounds, b: &Bounds) -> bool {
    (a[0] <= b[2]) & (a[2] >= b[0]) & (a[1] <= b[3]) & (a[3] >= b[1])
}

#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "four comparisons cost less than the branches between them")]
pub(super) fn within(a: &Bounds, outer: &Bounds) -> bool {
    (a[0] >= outer[0]) & (a[2] <= outer[2]) & (a[1] >= outer[1]) & (a[3] <= outer[3])
}

pub(super) fn union(a: &Bounds, b: &Bounds) -> Bounds {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Packed R-tree over blocks that are already in spatial order.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    /// Levels from the leaves up, each padded by nothing.
    boxes: Vec<Bounds>,
    /// Where each level starts in `boxes`.
    starts: Vec<usize>,
}

impl Tree {
    pub fn new(leaves: Vec<Bounds>) -> Self {
        let mut tree = Self { boxes: leaves, starts: vec![0] };
        let mut from = 0;
        while tree.boxes.len() - from > 1 {
            let to = tree.boxes.len();
            for at in (from..to).step_by(FAN_OUT) {
                let node = tree.boxes[at..to.min(at + FAN_OUT)].iter().fold(EMPTY, |a, b| union(&a, b));
                tree.boxes.push(node);
            }
            tree.starts.push(to);
            from = to;
        }
        tree
    }

    pub fn bytes_held(&self) -> usize {
        self.boxes.capacity() * size_of::<Bounds>()
    }

    /// Appends the leaves that meet `bounds`, in their order.
    pub fn search(&self, bounds: &Bounds, hits: &mut Vec<u32>) {
        if !self.boxes.is_empty() {
            self.descend(self.starts.len() - 1, 0, bounds, hits);
        }
    }

    fn descend(&self, level: usize, node: usize, bounds: &Bounds, hits: &mut Vec<u32>) {
        if !meets(&self.boxes[self.starts[level] + node], bounds) {
            return;
        }
        let Some(below) = level.checked_sub(1) else {
            hits.push(node as u32);
            return;
        };
        let count = self.starts[level] - self.starts[below];
        for child in node * FAN_OUT..count.min((node + 1) * FAN_OUT) {
            self.descend(below, child, bounds, hits);
        }
    }
}

/// Place of a cell on the Hilbert curve that fills a square of 2^16 cells a side.
pub(super) fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut d = 0_u32;
    let mut s = 1_u32 << 15;
    while s > 0 {
        let (rx, ry) = (u32::from(x & s > 0), u32::from(y & s > 0));
        d = d.wrapping_add(s.wrapping_mul(s).wrapping_mul((3 * rx) ^ ry));
        if ry == 0 {
            if rx == 1 {
                x = !x & 0xffff;
                y = !y & 0xffff;
            }
            std::mem::swap(&mut x, &mut y);
        }
        s >>= 1;
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hilbert_neighbours_touch_and_never_repeat() {
        let mut cells: Vec<(u32, u32, u32)> =
            (0..64 * 64).map(|i| (hilbert((i % 64) << 10, (i / 64) << 10), i % 64, i / 64)).collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            assert!(pair[0].0 < pair[1].0);
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1);
        }
    }

    #[test]
    fn the_tree_finds_what_a_scan_finds() {
        for n in [0_u32, 1, 2, 16, 17, 300, 5000] {
            let leaves: Vec<Bounds> =
                (0..n).map(|i| (i * 37 % 1000, i * 91 % 1000)).map(|(x, y)| [x, y, x + 9, y + 5]).collect();
            let tree = Tree::new(leaves.clone());
            for q in [[0, 0, 2000, 2000], [100, 100, 140, 160], [5000, 0, 6000, 10], [500, 0, 500, 1000]] {
                let mut hits = Vec::new();
                tree.search(&q, &mut hits);
                let scan: Vec<u32> = (0..n).filter(|i| meets(&leaves[*i as usize], &q)).collect();
                assert_eq!(hits, scan);
            }
        }
    }
}
