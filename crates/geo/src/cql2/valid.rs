//! Whether a geometry of a filter is one that relations are defined for (OGC 06-103r4, clauses 6.1.7 and 6.1.11):
//! rings that do not cross themselves, holes inside, parts that do not overlap. Checked before anything is evaluated,
//! in time bounded by `MAX_COORDINATES`.

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::{Intersects, Relate};
use geo_types::{Coord, Geometry, Line, LineString, Polygon};

use super::spatial::{Extent, extent, overlap};

/// What to do about a flaw, and where it is.
pub type Flaw = String;

/// Pairs of rings and polygons that are looked at closely. Real plans stay far below.
const MAX_PAIRS: usize = 2_000;
/// Pairs of sides of one ring whose boxes meet. A coastline has some tens for each side.
const MAX_SIDES: usize = 2_000_000;

pub fn check(geometry: &Geometry<f64>) -> Result<(), Flaw> {
    let mut pairs = 0;
    part(geometry, &mut pairs)
}

fn part(geometry: &Geometry<f64>, pairs: &mut usize) -> Result<(), Flaw> {
    match geometry {
        Geometry::LineString(line) => has_length(line),
        Geometry::MultiLineString(lines) => lines.0.iter().try_for_each(has_length),
        Geometry::Polygon(polygon) => self::polygon(polygon, pairs),
        Geometry::MultiPolygon(polygons) => {
            polygons.0.iter().try_for_each(|each| polygon(each, pairs))?;
            apart(&polygons.0, pairs)
        }
        Geometry::GeometryCollection(members) => members.0.iter().try_for_each(|member| part(member, pairs)),
        _ => Ok(()),
    }
}

/// Whether polygons of a collection overlap, so that it has no interior of its own.
pub fn overlaps_itself(geometry: &Geometry<f64>) -> bool {
    let Geometry::GeometryCollection(members) = geometry else { return false };
    let mut polygons = Vec::new();
    for member in &members.0 {
        match member {
            Geometry::Polygon(polygon) => polygons.push(polygon.clone()),
            Geometry::MultiPolygon(many) => polygons.extend(many.0.iter().cloned()),
            _ => {}
        }
    }
    apart(&polygons, &mut 0).is_err()
}

fn has_length(line: &LineString<f64>) -> Result<(), Flaw> {
    match line.0.iter().find(|coord| **coord != line.0[0]) {
        Some(_) => Ok(()),
        None => Err("give the line two different positions".to_owned()),
    }
}

fn polygon(polygon: &Polygon<f64>, pairs: &mut usize) -> Result<(), Flaw> {
    ring(polygon.exterior())?;
    polygon.interiors().iter().try_for_each(ring)?;
    let area = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new());
    let exterior = area(polygon.exterior());
    let holes: Vec<_> = polygon.interiors().iter().map(area).collect();
    for hole in &holes {
        count(pairs)?;
        let matrix = exterior.relate(hole);
        let along = matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional;
        if along || !matrix.is_contains() {
            return Err(format!("put the hole at {} inside its polygon", place(hole.exterior().0[0])));
        }
    }
    apart(&holes, pairs)
}

/// Areas that share no area and no line.
fn apart(areas: &[Polygon<f64>], pairs: &mut usize) -> Result<(), Flaw> {
    let boxes: Vec<Extent> = areas.iter().map(|area| extent(&area.clone().into())).collect();
    for (i, a) in areas.iter().enumerate() {
        for (j, b) in areas.iter().enumerate().skip(i + 1) {
            match (boxes[i], boxes[j]) {
                (Extent::Box(a), Extent::Box(b)) if overlap(a, b) => {}
                _ => continue,
            }
            count(pairs)?;
            let matrix = a.relate(b);
            if matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
                || matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
            {
                return Err(format!("unite the overlapping areas at {}", place(b.exterior().0[0])));
            }
        }
    }
    Ok(())
}

fn count(pairs: &mut usize) -> Result<(), Flaw> {
    *pairs += 1;
    if *pairs > MAX_PAIRS { Err("send fewer rings that lie so close together".to_owned()) } else { Ok(()) }
}

/// A ring touches itself nowhere but where its sides meet.
fn ring(ring: &LineString<f64>) -> Result<(), Flaw> {
    let mut coords = ring.0.clone();
    coords.dedup();
    let sides: Vec<Line<f64>> = coords.windows(2).map(|ends| Line::new(ends[0], ends[1])).collect();
    if sides.len() < 3 {
        return Err("give the ring three different positions".to_owned());
    }
    let low = |side: &Line<f64>| side.start.x.min(side.end.x);
    let high = |side: &Line<f64>| side.start.x.max(side.end.x);
    // From west to east, so that only sides that share an x are compared.
    let mut order: Vec<usize> = (0..sides.len()).collect();
    order.sort_by(|i, j| low(&sides[*i]).total_cmp(&low(&sides[*j])));
    let mut pairs = 0;
    for (at, i) in order.iter().enumerate() {
        let near = order[at + 1..].iter().take_while(|j| low(&sides[**j]) <= high(&sides[*i]));
        for j in near.filter(|j| share_y(sides[*i], sides[**j])) {
            pairs += 1;
            if pairs > MAX_SIDES {
                return Err("simplify the ring, whose sides lie too close together".to_owned());
            }
            let (first, second) = (*i.min(j), *i.max(j));
            if meet_wrongly(&sides, first, second) {
                let place = place(sides[second].start);
                return Err(format!("draw the ring without crossing or touching itself at {place}"));
            }
        }
    }
    Ok(())
}

fn meet_wrongly(sides: &[Line<f64>], i: usize, j: usize) -> bool {
    let (a, b) = (sides[i], sides[j]);
    let goes_back = |a: Line<f64>, b: Line<f64>| b.intersects(&a.start) || a.intersects(&b.end);
    if j == i + 1 {
        return goes_back(a, b);
    }
    if i == 0 && j == sides.len() - 1 {
        return goes_back(b, a);
    }
    a.intersects(&b)
}

fn share_y(a: Line<f64>, b: Line<f64>) -> bool {
    a.start.y.max(a.end.y) >= b.start.y.min(b.end.y) && b.start.y.max(b.end.y) >= a.start.y.min(a.end.y)
}

fn place(coord: Coord<f64>) -> String {
    format!("{} {}", coord.x, coord.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cql2::ast::Expr;
    use crate::cql2::parse_text;

    fn flaw(wkt: &str) -> Option<String> {
        let filter = parse_text(&format!("S_INTERSECTS(g, {wkt})")).unwrap();
        let Expr::Spatial(_, operands) = filter.root.expr else { panic!("{wkt}") };
        let Expr::Shape(shape) = &operands[1].expr else { panic!("{wkt}") };
        check(&shape.geometry).err()
    }

    #[test]
    fn valid_shapes() {
        for wkt in [
            "POINT(1 2)",
            "LINESTRING(0 0, 2 2, 0 2, 2 0)",
            "POLYGON((0 0, 4 0, 4 4, 0 4, 0 0))",
            "POLYGON((0 0, 4 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))",
            "POLYGON((0 0, 4 0, 4 4, 0 4, 0 0), (0 0, 2 1, 2 2, 1 2, 0 0))",
            "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 1, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
        ] {
            assert_eq!(flaw(wkt), None, "{wkt}");
        }
    }

    #[test]
    fn flaws_are_found() {
        for (wkt, what) in [
            ("LINESTRING(1 1, 1 1)", "two different"),
            ("POLYGON((0 0, 1 1, 0 0, 0 0))", "three different"),
            ("POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))", "without crossing"),
            ("POLYGON((0 0, 4 0, 4 4, 2 4, 2 6, 2 4, 0 4, 0 0))", "without crossing"),
            ("POLYGON((0 0, 2 2, 4 0, 4 4, 2 2, 0 4, 0 0))", "touching itself at 2 2"),
            ("POLYGON((0 0, 4 0, 4 4, 0 4, 0 0), (5 5, 6 5, 6 6, 5 5))", "hole at 5 5"),
            ("POLYGON((0 0, 4 0, 4 4, 0 4, 0 0), (0 1, 2 1, 2 2, 0 2, 0 1))", "hole at 0 1"),
            ("POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 3 1, 3 3, 1 3, 1 1), (2 2, 4 2, 4 4, 2 4, 2 2))", "overlapping"),
            ("MULTIPOLYGON(((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))", "overlapping"),
        ] {
            let found = flaw(wkt).unwrap_or_default();
            assert!(found.contains(what), "{wkt}: {found}");
        }
    }
}
