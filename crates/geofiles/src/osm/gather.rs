//! What must be known before ways and areas can be handed over: which blocks hold what, the relations that are areas of
//! the layer, the ways they are made of, and the places of all nodes.

use std::collections::HashMap;

use super::blob::{Blobs, Place};
use super::block::{Block, Holds, Member, Way};
use super::broken;
use super::nodes::{Nodes, Wanted};
use super::rules::Layer;
use crate::{Fatal, Limits, Value};

/// A relation that is an area, with its ways.
pub struct Area {
    pub id: i64,
    pub values: Vec<Value>,
    /// Ways with whether each is an outer one.
    pub ways: Vec<(i64, bool)>,
}

#[derive(Default)]
pub struct Gathered {
    pub blocks: Vec<(Place, Holds)>,
    pub areas: Vec<Area>,
    /// The nodes of the ways that areas are made of.
    pub members: HashMap<i64, Vec<i64>>,
    pub nodes: Nodes,
}

/// Text that attributes of relations may hold in memory; they are few in every real file.
const AREA_TEXT_BYTES_MAX: usize = 512 << 20;

impl Gathered {
    pub fn new(blobs: &mut Blobs, layer: &Layer, limits: &Limits) -> Result<Self, Fatal> {
        let mut gathered = Self::default();
        gathered.relations(blobs, layer, limits)?;
        if layer.lines || layer.areas {
            let wanted = gathered.ways(blobs, layer, limits)?;
            gathered.nodes = wanted.finish()?;
            gathered.places(blobs)?;
        }
        Ok(gathered)
    }

    fn relations(&mut self, blobs: &mut Blobs, layer: &Layer, limits: &Limits) -> Result<(), Fatal> {
        let (mut at, mut members, mut bytes) = (0, 0, 0);
        while let Some((place, next)) = blobs.next(at)? {
            at = next;
            let block = Block::new(blobs.unpack(place)?).map_err(|_| cut())?;
            let holds = block.holds().map_err(|_| cut())?;
            self.blocks.push((place, holds));
            if !holds.relations || !layer.areas {
                continue;
            }
            let areas = &mut self.areas;
            let seen = block.relations(&mut |relation| {
                let kind = relation.tags.get("type");
                if !matches!(kind.as_deref(), Some("multipolygon" | "boundary")) {
                    return;
                }
                let Some((class, value)) = layer.class(&relation.tags) else { return };
                if members > limits.osm_nodes || bytes > AREA_TEXT_BYTES_MAX {
                    return;
                }
                let ways = relation.members().filter(|(kind, ..)| *kind == Member::Way);
                let ways: Vec<(i64, bool)> = ways.map(|(_, id, role)| (id, role != "inner")).collect();
                members += ways.len();
                bytes += 256 + relation.tags.all().map(|(key, value)| 64 + key.len() + value.len()).sum::<usize>();
                areas.push(Area { id: relation.id, values: layer.values(class, &value, &relation.tags), ways });
            });
            seen.map_err(|_| cut())?;
            if members > limits.osm_nodes || bytes > AREA_TEXT_BYTES_MAX {
                return Err(Fatal::TooManyNodes { max: limits.osm_nodes });
            }
        }
        Ok(())
    }

    fn ways(&mut self, blobs: &mut Blobs, layer: &Layer, limits: &Limits) -> Result<Wanted, Fatal> {
        self.members = self.areas.iter().flat_map(|area| &area.ways).map(|(id, _)| (*id, Vec::new())).collect();
        let mut wanted = Wanted::new(limits.osm_nodes);
        let mut kept = 0;
        for (place, _) in self.blocks.iter().filter(|(_, holds)| holds.ways) {
            let block = Block::new(blobs.unpack(*place)?).map_err(|_| cut())?;
            let mut outcome = Ok(());
            let members = &mut self.members;
            let seen = block.ways(&mut |way| {
                if outcome.is_err() {
                    return;
                }
                let member = members.get_mut(&way.id);
                if member.is_some() || is_wanted(layer, &way) {
                    outcome = way.refs().try_for_each(|id| wanted.add(id));
                }
                if let Some(refs) = member {
                    *refs = way.refs().collect();
                    kept += refs.len();
                    if kept > limits.osm_nodes {
                        outcome = Err(Fatal::TooManyNodes { max: limits.osm_nodes });
                    }
                }
            });
            seen.map_err(|_| cut())?;
            outcome?;
        }
        Ok(wanted)
    }

    fn places(&mut self, blobs: &mut Blobs) -> Result<(), Fatal> {
        if self.nodes.is_empty() {
            return Ok(());
        }
        for (place, _) in self.blocks.iter().filter(|(_, holds)| holds.nodes) {
            let block = Block::new(blobs.unpack(*place)?).map_err(|_| cut())?;
            let nodes = &mut self.nodes;
            let seen = block.nodes(&mut |id, place, _| {
                if let Some(place) = place {
                    nodes.set(id, place);
                }
            });
            seen.map_err(|_| cut())?;
        }
        Ok(())
    }
}

pub fn cut() -> Fatal {
    broken("one of its blocks", "the block cannot be read")
}

/// Whether a way by itself is a feature of the layer.
pub fn is_wanted(layer: &Layer, way: &Way<'_, '_>) -> bool {
    layer.class(&way.tags).is_some_and(|(class, value)| {
        layer.is_line(class, &value) || (layer.is_area(class, &value, &way.tags) && way.is_closed())
    })
}
