//! The kinds of shapes, one by one: what is common to all is checked first, then points, lines and areas each by their own
//! rules.

use super::{Expected, Faults, Limits, Outcome, Reason, Steps, What, areas};
use geo::CoordsIter;
use geo_types::{Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon};

/// Makes a shape valid, or says why it cannot be. A single shape stays single where one part is left; a collection
/// becomes the multi-shape of what the layer takes.
pub fn repair(geometry: Geometry<f64>, expected: Expected, limits: &Limits) -> Outcome {
    if let Err(reason) = check(&geometry, limits) {
        take_apart(geometry);
        return Outcome::Refused { reason };
    }
    let mut faults = Faults::new();
    // One budget for all members: many small tangles cost as much as a large one.
    let mut steps = Steps::for_coordinates(geometry.coords_count());
    let result = fit(geometry, expected).and_then(|fitting| one(fitting, limits, &mut faults, &mut steps));
    Outcome::of(result, faults)
}

/// Lets go of a shape level by level: dropping collections nested a hundred thousand deep overflows the stack.
fn take_apart(geometry: Geometry<f64>) {
    let mut rest = vec![geometry];
    while let Some(next) = rest.pop() {
        if let Geometry::GeometryCollection(many) = next {
            rest.extend(many.0);
        }
    }
}

fn check(geometry: &Geometry<f64>, limits: &Limits) -> Result<(), Reason> {
    if is_deeper(geometry, limits.depth_max) {
        return Err(Reason::TooDeep { max: limits.depth_max });
    }
    let given = geometry.coords_count();
    if given > limits.coordinates_max {
        return Err(Reason::TooManyCoordinates { given, max: limits.coordinates_max });
    }
    let (min, max) = (limits.bounds.min(), limits.bounds.max());
    geometry.coords_iter().try_for_each(|at| match at.x.is_finite() && at.y.is_finite() {
        false => Err(Reason::NotFinite { x: at.x, y: at.y }),
        true if at.x < min.x || at.x > max.x || at.y < min.y || at.y > max.y => {
            Err(Reason::OutOfRange { x: at.x, y: at.y })
        }
        true => Ok(()),
    })
}

/// Looks no deeper than `max` itself.
fn is_deeper(geometry: &Geometry<f64>, max: usize) -> bool {
    match geometry {
        Geometry::GeometryCollection(_) if max == 0 => true,
        Geometry::GeometryCollection(many) => many.iter().any(|member| is_deeper(member, max - 1)),
        _ => false,
    }
}

/// To what the layer takes: rectangles and triangles are polygons, a collection of one kind is a multi-shape.
fn fit(geometry: Geometry<f64>, expected: Expected) -> Result<Geometry<f64>, Reason> {
    let geometry = match geometry {
        Geometry::Line(line) => LineString::from(line).into(),
        Geometry::Rect(rect) => rect.to_polygon().into(),
        Geometry::Triangle(triangle) => triangle.to_polygon().into(),
        other => other,
    };
    let given = match &geometry {
        Geometry::GeometryCollection(_) if expected == Expected::Any => {
            return match only_kind(&geometry) {
                Some(kind) => together(geometry, kind),
                None => Ok(geometry),
            };
        }
        Geometry::GeometryCollection(_) => return together(geometry, expected),
        Geometry::Point(_) | Geometry::MultiPoint(_) => Expected::Points,
        Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_) => Expected::Lines,
        _ => Expected::Areas,
    };
    if expected == Expected::Any || expected == given {
        Ok(geometry)
    } else {
        Err(Reason::WrongKind { given: word(given), expected: words(expected) })
    }
}

/// What all members of a collection are, if they are all the same; its depth was checked.
fn only_kind(geometry: &Geometry<f64>) -> Option<Expected> {
    match geometry {
        Geometry::GeometryCollection(many) => {
            let mut kinds = many.iter().map(only_kind);
            let first = kinds.next()??;
            kinds.all(|kind| kind == Some(first)).then_some(first)
        }
        Geometry::Point(_) | Geometry::MultiPoint(_) => Some(Expected::Points),
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Some(Expected::Lines),
        _ => Some(Expected::Areas),
    }
}

fn word(kind: Expected) -> &'static str {
    match kind {
        Expected::Any => "shape",
        Expected::Points => "point",
        Expected::Lines => "line",
        Expected::Areas => "polygon",
    }
}

fn words(kind: Expected) -> &'static str {
    match kind {
        Expected::Any => "shapes",
        Expected::Points => "points",
        Expected::Lines => "lines",
        Expected::Areas => "polygons",
    }
}

/// The members of a collection, and of those in it, as one multi-shape.
fn together(collection: Geometry<f64>, expected: Expected) -> Result<Geometry<f64>, Reason> {
    let (mut points, mut lines, mut areas) = (Vec::new(), Vec::new(), Vec::new());
    gather(collection, &mut |member| {
        match fit(member, expected)? {
            Geometry::Point(one) => points.push(one),
            Geometry::MultiPoint(many) => points.extend(many),
            Geometry::LineString(one) => lines.push(one),
            Geometry::MultiLineString(many) => lines.extend(many),
            Geometry::Polygon(one) => areas.push(one),
            Geometry::MultiPolygon(many) => areas.extend(many),
            // What else there is was made one of these by `fit`.
            _ => {}
        }
        Ok(())
    })?;
    Ok(match expected {
        Expected::Points => MultiPoint(points).into(),
        Expected::Lines => MultiLineString(lines).into(),
        Expected::Areas | Expected::Any => MultiPolygon(areas).into(),
    })
}

/// Hands over what a collection holds; its depth was checked.
fn gather(geometry: Geometry<f64>, take: &mut dyn FnMut(Geometry<f64>) -> Result<(), Reason>) -> Result<(), Reason> {
    match geometry {
        Geometry::GeometryCollection(many) => many.into_iter().try_for_each(|member| gather(member, take)),
        member => take(member),
    }
}

fn one(
    geometry: Geometry<f64>,
    limits: &Limits,
    faults: &mut Faults,
    steps: &mut Steps,
) -> Result<Geometry<f64>, Reason> {
    match geometry {
        Geometry::MultiPoint(many) if many.0.is_empty() => Err(Reason::Empty),
        Geometry::Point(_) | Geometry::MultiPoint(_) => Ok(geometry),
        Geometry::LineString(line) => lines(vec![line], faults).map(single_line),
        Geometry::MultiLineString(many) => lines(many.0, faults).map(|lines| MultiLineString(lines).into()),
        Geometry::Polygon(part) => areas::make_valid(vec![part], limits, faults, steps).map(single_area),
        Geometry::MultiPolygon(many) => {
            areas::make_valid(many.0, limits, faults, steps).map(|parts| MultiPolygon(parts).into())
        }
        Geometry::GeometryCollection(many) => collection(many, limits, faults, steps),
        other => fit(other, Expected::Any).and_then(|fitting| one(fitting, limits, faults, steps)),
    }
}

fn single_line(mut lines: Vec<LineString<f64>>) -> Geometry<f64> {
    match lines.pop() {
        Some(line) if lines.is_empty() => line.into(),
        last => MultiLineString(lines.into_iter().chain(last).collect()).into(),
    }
}

fn single_area(mut parts: Vec<Polygon<f64>>) -> Geometry<f64> {
    match parts.pop() {
        Some(part) if parts.is_empty() => part.into(),
        last => MultiPolygon(parts.into_iter().chain(last).collect()).into(),
    }
}

fn lines(given: Vec<LineString<f64>>, faults: &mut Faults) -> Result<Vec<LineString<f64>>, Reason> {
    if given.iter().all(|line| line.0.is_empty()) {
        return Err(Reason::Empty);
    }
    let mut out = Vec::with_capacity(given.len());
    for mut line in given {
        let before = line.0.len();
        line.0.dedup();
        match line.0.len() {
            0 => faults.insert(What::PartEmpty),
            1 => faults.insert(What::PartCollapsed),
            after => {
                out.push(line);
                after < before && faults.insert(What::RepeatedPoints)
            }
        };
    }
    if out.is_empty() { Err(Reason::ZeroLength) } else { Ok(out) }
}

/// Members are repaired each for itself; one that is nothing is left out as long as another remains.
fn collection(
    members: GeometryCollection<f64>,
    limits: &Limits,
    faults: &mut Faults,
    steps: &mut Steps,
) -> Result<Geometry<f64>, Reason> {
    let (mut out, mut nothing) = (Vec::with_capacity(members.0.len()), Reason::Empty);
    for member in members {
        match one(member, limits, faults, steps) {
            Ok(member) => out.push(member),
            Err(reason @ (Reason::Empty | Reason::ZeroArea | Reason::ZeroLength)) => {
                faults.insert(if reason == Reason::Empty { What::PartEmpty } else { What::PartCollapsed });
                nothing = reason;
            }
            Err(reason) => return Err(reason),
        }
    }
    if out.is_empty() { Err(nothing) } else { Ok(Geometry::GeometryCollection(GeometryCollection(out))) }
}
