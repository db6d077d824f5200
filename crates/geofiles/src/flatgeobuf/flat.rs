//! FlatBuffers put together from front to back, as far as FlatGeobuf needs them. The crate's own writer always writes a
//! shape, which GDAL refuses to read when there is none, and mixes up the kinds of collections.
//!
//! A buffer begins with its length and where its root table lies. A table begins with how far back its list of places
//! (vtable) stands; what a table points at lies behind it, since offsets count forwards.

/// A value of a table, with the number of its slot.
pub enum Slot {
    /// Something that follows; zero until [`Flat::point`] says where.
    Offset(u16),
    Byte(u16, u8),
    Short(u16, u16),
    Int(u16, i32),
    Long(u16, u64),
}

impl Slot {
    fn number(&self) -> u16 {
        match self {
            Self::Offset(number)
            | Self::Byte(number, _)
            | Self::Short(number, _)
            | Self::Int(number, _)
            | Self::Long(number, _) => *number,
        }
    }
}

/// A place in a buffer that is to hold an offset.
#[derive(Clone, Copy)]
pub struct Hole(usize);

#[derive(Default)]
pub struct Flat(Vec<u8>);

impl Flat {
    /// Empties the buffer and leaves room for its length and its root.
    pub fn begin(&mut self) -> Hole {
        self.0.clear();
        self.0.resize(8, 0);
        Hole(4)
    }

    /// Closes the buffer: its length is a multiple of eight, so that the next one is aligned as well.
    pub fn finish(&mut self) -> &[u8] {
        self.align(8, 0);
        let length = (self.0.len() - 4) as u32;
        self.0[..4].copy_from_slice(&length.to_le_bytes());
        &self.0
    }

    /// Fills up with noughts, so that what follows behind `ahead` bytes is aligned.
    fn align(&mut self, to: usize, ahead: usize) {
        let over = (self.0.len() + ahead) % to;
        self.0.resize(self.0.len() + (to - over) % to, 0);
    }

    fn point(&mut self, hole: Hole) {
        let offset = (self.0.len() - hole.0) as u32;
        self.0[hole.0..hole.0 + 4].copy_from_slice(&offset.to_le_bytes());
    }

    /// A table that `hole` points at; the holes of its offsets in their order. Longs come before all else, so that they
    /// are aligned wherever the table begins at a multiple of eight less four.
    pub fn table(&mut self, hole: Hole, slots: &[Slot]) -> Vec<Hole> {
        let count = slots.iter().map(|slot| usize::from(slot.number()) + 1).max().unwrap_or(0);
        let list = 4 + 2 * count;
        // The list stands right before its table, which begins four bytes before a multiple of eight.
        self.align(8, list + 4);
        let start = self.0.len();
        self.0.resize(start + list, 0);
        let table = self.0.len();
        self.point(hole);
        self.0.extend_from_slice(&(list as i32).to_le_bytes());
        let mut holes = Vec::new();
        for slot in slots {
            match slot {
                Slot::Long(..) => self.align(8, 0),
                Slot::Offset(_) | Slot::Int(..) => self.align(4, 0),
                Slot::Short(..) => self.align(2, 0),
                Slot::Byte(..) => {}
            }
            let place = (self.0.len() - table) as u16;
            let entry = start + 4 + 2 * usize::from(slot.number());
            self.0[entry..entry + 2].copy_from_slice(&place.to_le_bytes());
            match slot {
                Slot::Offset(_) => {
                    holes.push(Hole(self.0.len()));
                    self.0.extend_from_slice(&[0; 4]);
                }
                Slot::Byte(_, value) => self.0.push(*value),
                Slot::Short(_, value) => self.0.extend_from_slice(&value.to_le_bytes()),
                Slot::Int(_, value) => self.0.extend_from_slice(&value.to_le_bytes()),
                Slot::Long(_, value) => self.0.extend_from_slice(&value.to_le_bytes()),
            }
        }
        let size = (self.0.len() - table) as u16;
        self.0[start..start + 2].copy_from_slice(&(list as u16).to_le_bytes());
        self.0[start + 2..start + 4].copy_from_slice(&size.to_le_bytes());
        holes
    }

    pub fn bytes(&mut self, hole: Hole, bytes: &[u8]) {
        self.count(hole, bytes.len(), 4);
        self.0.extend_from_slice(bytes);
    }

    pub fn text(&mut self, hole: Hole, text: &str) {
        self.bytes(hole, text.as_bytes());
        self.0.push(0);
    }

    pub fn doubles(&mut self, hole: Hole, count: usize, numbers: impl Iterator<Item = f64>) {
        self.count(hole, count, 8);
        numbers.for_each(|number| self.0.extend_from_slice(&number.to_le_bytes()));
    }

    pub fn ints(&mut self, hole: Hole, numbers: &[u32]) {
        self.count(hole, numbers.len(), 4);
        for number in numbers {
            self.0.extend_from_slice(&number.to_le_bytes());
        }
    }

    /// A list of tables; the holes that are to point at them.
    pub fn tables(&mut self, hole: Hole, count: usize) -> Vec<Hole> {
        self.count(hole, count, 4);
        let start = self.0.len();
        self.0.resize(start + 4 * count, 0);
        (0..count).map(|index| Hole(start + 4 * index)).collect()
    }

    fn count(&mut self, hole: Hole, count: usize, size: usize) {
        self.align(size, 4);
        self.point(hole);
        self.0.extend_from_slice(&(count as u32).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_reads_what_is_put_together() {
        let mut flat = Flat::default();
        let root = flat.begin();
        let holes =
            flat.table(root, &[Slot::Offset(0), Slot::Offset(1), Slot::Byte(2, 3), Slot::Offset(7), Slot::Long(8, 9)]);
        flat.text(holes[0], "lớp");
        flat.doubles(holes[1], 4, [1.0, 2.0, 3.0, 4.0].into_iter());
        let columns = flat.tables(holes[2], 2);
        for (index, hole) in columns.into_iter().enumerate() {
            let holes = flat.table(hole, &[Slot::Offset(0), Slot::Byte(1, 11)]);
            flat.text(holes[0], &"abc"[..=index]);
        }
        let header = flatgeobuf::size_prefixed_root_as_header(flat.finish()).unwrap();
        assert_eq!((header.name(), header.features_count(), header.geometry_type().0), (Some("lớp"), 9, 3));
        assert_eq!(header.envelope().unwrap().iter().collect::<Vec<_>>(), [1.0, 2.0, 3.0, 4.0]);
        let names: Vec<&str> = header.columns().unwrap().iter().map(|column| column.name()).collect();
        assert_eq!(names, ["a", "ab"]);
    }
}
