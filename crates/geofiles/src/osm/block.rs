//! A block of nodes, ways and relations, walked through where it lies.

use std::borrow::Cow;

use super::wire::{Cut, Field, Packed, Wire, zigzag};

/// More texts than this no program writes into a block, and each takes memory here.
const TEXTS_MAX: usize = 4_000_000;

pub struct Block<'a> {
    texts: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Which of the three a block holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds {
    pub nodes: bool,
    pub ways: bool,
    pub relations: bool,
}

/// In units of 10⁻⁷ degrees, as OpenStreetMap keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LonLat {
    pub lon: i32,
    pub lat: i32,
}

pub struct Tags<'b, 'a> {
    block: &'b Block<'a>,
    keys: &'a [u8],
    values: &'a [u8],
}

pub struct Way<'b, 'a> {
    pub id: i64,
    pub tags: Tags<'b, 'a>,
    refs: &'a [u8],
}

pub struct Relation<'b, 'a> {
    pub id: i64,
    pub tags: Tags<'b, 'a>,
    block: &'b Block<'a>,
    roles: &'a [u8],
    members: &'a [u8],
    kinds: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Member {
    Node,
    Way,
    Relation,
}

impl<'a> Block<'a> {
    pub fn new(message: &'a [u8]) -> Result<Self, Cut> {
        let mut block = Self { texts: Vec::new(), groups: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
        let mut wire = Wire::new(message);
        while let Some((number, field)) = wire.field()? {
            match (number, field) {
                (1, Field::Bytes(table)) => block.texts(table)?,
                (2, Field::Bytes(group)) => block.groups.push(group),
                (17, Field::Number(number)) => block.granularity = number as i64,
                (19, Field::Number(number)) => block.lat_offset = number as i64,
                (20, Field::Number(number)) => block.lon_offset = number as i64,
                _ => {}
            }
        }
        Ok(block)
    }

    fn texts(&mut self, table: &'a [u8]) -> Result<(), Cut> {
        let mut wire = Wire::new(table);
        while let Some((number, field)) = wire.field()? {
            if let (1, Field::Bytes(text)) = (number, field) {
                if self.texts.len() >= TEXTS_MAX {
                    return Err(Cut);
                }
                self.texts.push(text);
            }
        }
        Ok(())
    }

    fn text(&self, index: u64) -> Cow<'a, str> {
        let text = usize::try_from(index).ok().and_then(|index| self.texts.get(index));
        String::from_utf8_lossy(text.copied().unwrap_or_default())
    }

    fn raw(&self, index: u64) -> &'a [u8] {
        usize::try_from(index).ok().and_then(|index| self.texts.get(index)).copied().unwrap_or_default()
    }

    fn place(&self, lon: i64, lat: i64) -> Option<LonLat> {
        let unit = |offset: i64, number: i64| {
            let nano = offset.checked_add(self.granularity.checked_mul(number)?)?;
            i32::try_from((nano + 50).div_euclid(100)).ok()
        };
        Some(LonLat { lon: unit(self.lon_offset, lon)?, lat: unit(self.lat_offset, lat)? })
    }

    fn parts(&self, visit: &mut dyn FnMut(u64, &'a [u8]) -> Result<(), Cut>) -> Result<(), Cut> {
        for group in &self.groups {
            let mut wire = Wire::new(group);
            while let Some((number, field)) = wire.field()? {
                if let Field::Bytes(part) = field {
                    visit(number, part)?;
                }
            }
        }
        Ok(())
    }

    pub fn holds(&self) -> Result<Holds, Cut> {
        let mut holds = Holds::default();
        self.parts(&mut |number, _| {
            holds.nodes |= number == 1 || number == 2;
            holds.ways |= number == 3;
            holds.relations |= number == 4;
            Ok(())
        })?;
        Ok(holds)
    }

    /// Every node with its tags. One whose place is outside the world has none.
    pub fn nodes(&self, visit: &mut dyn FnMut(i64, Option<LonLat>, Tags<'_, 'a>)) -> Result<(), Cut> {
        self.parts(&mut |number, part| match number {
            1 => self.node(part, visit),
            2 => self.dense(part, visit),
            _ => Ok(()),
        })
    }

    fn node(&self, message: &'a [u8], visit: &mut dyn FnMut(i64, Option<LonLat>, Tags<'_, 'a>)) -> Result<(), Cut> {
        let (mut id, mut lon, mut lat) = (0, 0, 0);
        let mut tags = Tags { block: self, keys: &[], values: &[] };
        let mut wire = Wire::new(message);
        while let Some((number, field)) = wire.field()? {
            match (number, field) {
                (1, Field::Number(number)) => id = zigzag(number),
                (2, Field::Bytes(keys)) => tags.keys = keys,
                (3, Field::Bytes(values)) => tags.values = values,
                (8, Field::Number(number)) => lat = zigzag(number),
                (9, Field::Number(number)) => lon = zigzag(number),
                _ => {}
            }
        }
        visit(id, self.place(lon, lat), tags);
        Ok(())
    }

    fn dense(&self, message: &'a [u8], visit: &mut dyn FnMut(i64, Option<LonLat>, Tags<'_, 'a>)) -> Result<(), Cut> {
        let (mut ids, mut lats, mut lons, mut pairs): (&[u8], &[u8], &[u8], &'a [u8]) = (&[], &[], &[], &[]);
        let mut wire = Wire::new(message);
        while let Some((number, field)) = wire.field()? {
            match (number, field) {
                (1, Field::Bytes(bytes)) => ids = bytes,
                (8, Field::Bytes(bytes)) => lats = bytes,
                (9, Field::Bytes(bytes)) => lons = bytes,
                (10, Field::Bytes(bytes)) => pairs = bytes,
                _ => {}
            }
        }
        let places = Packed::new(lons).deltas().zip(Packed::new(lats).deltas());
        for (id, (lon, lat)) in Packed::new(ids).deltas().zip(places) {
            let (own, rest) = dense_tags(pairs);
            pairs = rest;
            // In one list, key before value; the two halves are told apart by who reads them.
            visit(id, self.place(lon, lat), Tags { block: self, keys: own, values: own });
        }
        Ok(())
    }

    pub fn ways(&self, visit: &mut dyn FnMut(Way<'_, 'a>)) -> Result<(), Cut> {
        self.parts(&mut |number, part| {
            if number != 3 {
                return Ok(());
            }
            let mut way = Way { id: 0, tags: Tags { block: self, keys: &[], values: &[] }, refs: &[] };
            let mut wire = Wire::new(part);
            while let Some((number, field)) = wire.field()? {
                match (number, field) {
                    (1, Field::Number(number)) => way.id = number as i64,
                    (2, Field::Bytes(keys)) => way.tags.keys = keys,
                    (3, Field::Bytes(values)) => way.tags.values = values,
                    (8, Field::Bytes(refs)) => way.refs = refs,
                    _ => {}
                }
            }
            visit(way);
            Ok(())
        })
    }

    pub fn relations(&self, visit: &mut dyn FnMut(Relation<'_, 'a>)) -> Result<(), Cut> {
        self.parts(&mut |number, part| {
            if number != 4 {
                return Ok(());
            }
            let tags = Tags { block: self, keys: &[], values: &[] };
            let mut relation = Relation { id: 0, tags, block: self, roles: &[], members: &[], kinds: &[] };
            let mut wire = Wire::new(part);
            while let Some((number, field)) = wire.field()? {
                match (number, field) {
                    (1, Field::Number(number)) => relation.id = number as i64,
                    (2, Field::Bytes(keys)) => relation.tags.keys = keys,
                    (3, Field::Bytes(values)) => relation.tags.values = values,
                    (8, Field::Bytes(roles)) => relation.roles = roles,
                    (9, Field::Bytes(members)) => relation.members = members,
                    (10, Field::Bytes(kinds)) => relation.kinds = kinds,
                    _ => {}
                }
            }
            visit(relation);
            Ok(())
        })
    }
}

/// The pairs of the next node, and what follows behind their nought.
fn dense_tags(pairs: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    // A varint is nought by one byte of nought; within a longer one the bytes before it have their high bit set.
    while let Some(byte) = pairs.get(at) {
        let starts = at == 0 || pairs[at - 1] & 0x80 == 0;
        if *byte == 0 && starts {
            return (&pairs[..at], &pairs[at + 1..]);
        }
        at += 1;
    }
    (pairs, &[])
}

impl<'a> Tags<'_, 'a> {
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn indices(&self) -> impl Iterator<Item = (u64, u64)> + 'a {
        let dense = std::ptr::eq(self.keys, self.values);
        let step = if dense { 2 } else { 1 };
        let keys = Packed::new(self.keys).step_by(step);
        let values = Packed::new(self.values).skip(usize::from(dense)).step_by(step);
        keys.zip(values)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Cow<'a, str>> {
        let found = self.indices().find(|(own, _)| self.block.raw(*own) == key.as_bytes());
        found.map(|(_, value)| self.block.text(value))
    }

    pub fn all(&self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> + '_ {
        self.indices().map(|(key, value)| (self.block.text(key), self.block.text(value)))
    }
}

impl Way<'_, '_> {
    pub fn refs(&self) -> impl Iterator<Item = i64> + '_ {
        Packed::new(self.refs).deltas()
    }

    /// A closed way begins and ends at one node.
    pub fn is_closed(&self) -> bool {
        let mut refs = self.refs();
        let first = refs.next();
        let (count, last) = refs.fold((1, None), |(count, _), next| (count + 1, Some(next)));
        count >= 4 && first == last
    }
}

impl<'a> Relation<'_, 'a> {
    pub fn members(&self) -> impl Iterator<Item = (Member, i64, Cow<'a, str>)> + '_ {
        let kinds = Packed::new(self.kinds).map(|kind| match kind {
            0 => Member::Node,
            1 => Member::Way,
            _ => Member::Relation,
        });
        let ids = Packed::new(self.members).deltas();
        let roles = Packed::new(self.roles).map(|role| self.block.text(role));
        kinds.zip(ids).zip(roles).map(|((kind, id), role)| (kind, id, role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_dense_nodes_are_cut_at_noughts() {
        assert_eq!(dense_tags(&[1, 2, 0, 3, 4, 0]), (&[1, 2][..], &[3, 4, 0][..]));
        assert_eq!(dense_tags(&[0, 3, 4, 0]), (&[][..], &[3, 4, 0][..]));
        // 0x80 0x00 is a nought written long, 0x80 0x01 is 128.
        assert_eq!(dense_tags(&[0x80, 0x01, 5, 0, 9]), (&[0x80, 0x01, 5][..], &[9][..]));
        assert_eq!(dense_tags(&[]), (&[][..], &[][..]));
    }
}
