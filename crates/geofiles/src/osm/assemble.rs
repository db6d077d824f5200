//! Areas of several ways (OSM wiki, "Relation:multipolygon"): ways are joined at their ends to rings, outer and inner ones
//! apart, and rings are nested by where they lie, since roles are often wrong.

use std::collections::HashMap;

use geo_types::{Geometry, LineString, MultiPolygon};

use super::nodes::Nodes;
use crate::Reason;
use crate::rings::{Holes, polygons};

/// The ways of one relation by their nodes.
pub struct Ways<'a> {
    pub outer: Vec<(i64, &'a [i64])>,
    pub inner: Vec<(i64, &'a [i64])>,
}

pub fn area(ways: &Ways<'_>, nodes: &Nodes) -> Result<Option<Geometry<f64>>, Reason> {
    let mut rings = Vec::new();
    for group in [&ways.outer, &ways.inner] {
        for ring in join(group)? {
            rings.push(LineString(nodes.line(&ring)?));
        }
    }
    if ways.outer.is_empty() {
        return Err(Reason::Shape("it has no outer way".into()));
    }
    let mut found = polygons(rings, Holes::ByNesting)?;
    Ok(if found.len() == 1 { found.pop().map(Into::into) } else { Some(MultiPolygon(found).into()) })
}

/// Rings of the ways, each through the nodes of as many ways as it takes.
fn join(ways: &[(i64, &[i64])]) -> Result<Vec<Vec<i64>>, Reason> {
    let mut ends: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut used = vec![false; ways.len()];
    let mut rings = Vec::new();
    for (index, (_, refs)) in ways.iter().enumerate() {
        match refs {
            [] | [_] => used[index] = true,
            [first, .., last] if first == last => {
                rings.push(refs.to_vec());
                used[index] = true;
            }
            [first, .., last] => {
                ends.entry(*first).or_default().push(index);
                ends.entry(*last).or_default().push(index);
            }
        }
    }
    for start in 0..ways.len() {
        if used[start] {
            continue;
        }
        used[start] = true;
        let (id, refs) = ways[start];
        let mut ring = refs.to_vec();
        while ring.first() != ring.last() {
            let end = ring.last().copied().unwrap_or_default();
            // Each way stands at two ends only, so what is popped is not looked at again.
            let next = std::iter::from_fn(|| ends.get_mut(&end)?.pop()).find(|index| !used[*index]);
            let next = next.ok_or_else(|| Reason::Shape(format!("the ring with way {id} is not closed")))?;
            used[next] = true;
            let refs = ways[next].1;
            if refs.first() == Some(&end) {
                ring.extend_from_slice(&refs[1..]);
            } else {
                ring.extend(refs.iter().rev().skip(1));
            }
        }
        rings.push(ring);
    }
    rings.retain(|ring| ring.len() >= 4);
    Ok(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_joined_in_any_direction() {
        let ways: [(i64, &[i64]); 4] = [(1, &[1, 2, 3]), (2, &[5, 4, 3]), (3, &[5, 1]), (4, &[7, 8, 9, 7])];
        let rings = join(&ways).unwrap();
        assert_eq!(rings, [vec![7, 8, 9, 7], vec![1, 2, 3, 4, 5, 1]]);
    }

    #[test]
    fn open_rings_are_refused() {
        let ways: [(i64, &[i64]); 2] = [(1, &[1, 2, 3]), (2, &[3, 4])];
        assert!(join(&ways).is_err());
        assert!(join(&[]).unwrap().is_empty());
        assert!(join(&[(1, &[])]).unwrap().is_empty());
    }
}
