//! 500 broken shapes by construction: each base shape, at each size, with each fault. None may pass as whole.

use super::*;

type Ring = Vec<(f64, f64)>;

/// Outlines around the origin, about one wide, against the clock and open.
fn bases() -> Vec<Ring> {
    let around = |n: u32, radius: &dyn Fn(u32) -> f64| {
        let at = |i: u32| (f64::from(i) / f64::from(n) * std::f64::consts::TAU, radius(i));
        (0..n).map(at).map(|(angle, r)| (r * angle.cos(), r * angle.sin())).collect::<Ring>()
    };
    vec![
        vec![(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)],
        vec![(-0.5, -0.5), (0.5, -0.5), (0.0, 0.6)],
        vec![(-0.5, -0.5), (0.5, -0.5), (0.5, 0.0), (0.01, 0.02), (0.0, 0.5), (-0.5, 0.5)],
        around(7, &|_| 0.5),
        around(64, &|_| 0.5),
        around(20, &|i| if i % 2 == 0 { 0.5 } else { 0.2 }),
        around(90, &|i| 0.4 + 0.1 * f64::from(i % 5) / 5.0),
    ]
}

fn scaled(ring: &Ring, by: f64, dx: f64, dy: f64) -> Ring {
    ring.iter().map(|(x, y)| (x * by + dx, y * by + dy)).collect()
}

/// A list of parts, each of rings.
type Parts = Vec<Vec<Ring>>;

/// The faults, each made of any outline.
fn faults(base: &Ring) -> Vec<Parts> {
    let n = base.len();
    let small = scaled(base, 0.2, 0.0, 0.0);
    let edit = |change: &dyn Fn(&mut Ring)| {
        let mut ring = base.clone();
        change(&mut ring);
        vec![vec![ring]]
    };
    let far = 3.0;
    let middle = |i: usize| {
        let (a, b) = (base[i % n], base[(i + 1) % n]);
        (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1))
    };
    vec![
        edit(&|ring| ring.swap(0, 1)),
        edit(&|ring| ring.insert(1, (far, far))),
        edit(&|ring| drop(ring.splice(1..1, [(far, 0.1), base[0]]))),
        edit(&|ring| drop(ring.splice(1..1, [(0.05, 0.05), base[0]]))),
        edit(&|ring| ring.insert(1, base[0])),
        edit(&|ring| ring.extend(base.iter().rev())),
        edit(&|ring| ring.extend(base)),
        edit(&|ring| ring.extend(scaled(base, 1.0, 0.3, 0.2))),
        vec![vec![base.clone(), scaled(base, 0.2, 0.45, 0.0)]],
        vec![vec![base.clone(), scaled(base, 0.2, far, far)]],
        vec![vec![base.clone(), base.clone()]],
        vec![vec![base.clone(), scaled(base, 2.0, 0.0, 0.0)]],
        vec![vec![base.clone(), small.clone(), scaled(&small, 1.0, 0.02, 0.03)]],
        vec![vec![base.clone(), small.clone(), small.clone()]],
        vec![vec![base.clone(), vec![base[0], middle(0), (0.0, 0.0)]]],
        vec![vec![base.clone(), vec![base[0], base[1], (0.0, 0.0)]]],
        vec![vec![base.clone()], vec![base.clone()]],
        vec![vec![base.clone()], vec![scaled(base, 1.0, 0.4, 0.1)]],
        vec![vec![base.clone()], vec![small]],
        vec![vec![base.clone()], vec![vec![base[0], (far, 0.0), base[1]]]],
        vec![vec![vec![base[0], base[1]]]],
        vec![vec![vec![base[0], base[1], middle(0), base[0]]]],
        edit(&|ring| ring[0].0 = f64::NAN),
        edit(&|ring| ring[1].1 = f64::INFINITY),
        edit(&|ring| ring[1].0 = 1e9),
        vec![],
    ]
}

fn built(parts: &Parts, centre: Coord<f64>, size: f64) -> Geometry<f64> {
    let line = |ring: &Ring| {
        LineString(ring.iter().map(|(x, y)| coord! { x: centre.x + x * size, y: centre.y + y * size }).collect())
    };
    let part = |rings: &Vec<Ring>| Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect());
    match parts.as_slice() {
        [single] => part(single).into(),
        many => MultiPolygon(many.iter().map(part).collect()).into(),
    }
}

#[test]
fn five_hundred_broken_shapes_are_repaired_or_refused() {
    let (mut repaired, mut refused, mut valid) = (0, 0, 0);
    let places = [(108.2, 16.05, 0.01), (108.2208, 16.0678, 0.000_1), (112.3, 16.5, 5.0), (0.0, 0.0, 0.1)];
    for (x, y, size) in places {
        for (number, base) in bases().iter().enumerate() {
            for (fault, parts) in faults(base).iter().enumerate() {
                let shape = built(parts, coord! { x: x, y: y }, size);
                match (fault, checked(&shape)) {
                    // On some outlines the change does no harm (a triangle is only turned); `checked` has seen to that.
                    (0 | 1 | 21, Outcome::Whole { .. }) => valid += 1,
                    (_, Outcome::Repaired { .. }) => repaired += 1,
                    (22 | 23, Outcome::Refused { reason: Reason::NotFinite { .. } })
                    | (24, Outcome::Refused { reason: Reason::OutOfRange { .. } })
                    | (25, Outcome::Refused { reason: Reason::Empty })
                    // Out and back; the hole is the exterior, or larger; two points; three points in a line.
                    | (5 | 10 | 11 | 20 | 21, Outcome::Refused { reason: Reason::ZeroArea }) => refused += 1,
                    (_, outcome) => panic!("fault {fault} of base {number}: {outcome:?} from {shape:?}"),
                }
            }
        }
    }
    assert!(repaired >= 400 && refused >= 150 && repaired + refused >= 500, "{repaired}, {refused}, {valid} valid");
}

#[test]
fn lines_and_points_are_repaired_or_refused() {
    let line = |at: &[(f64, f64)]| Geometry::from(LineString::from(at.to_vec()));
    let reason = |geometry: Geometry<f64>| match checked(&geometry) {
        Outcome::Refused { reason } => reason,
        other => panic!("taken: {other:?}"),
    };
    assert_eq!(reason(line(&[])), Reason::Empty);
    assert_eq!(reason(line(&[(1.0, 1.0), (1.0, 1.0)])), Reason::ZeroLength);
    assert_eq!(reason(line(&[(1.0, 1.0)])), Reason::ZeroLength);
    assert!(matches!(reason(line(&[(1.0, 1.0), (f64::NAN, 1.0)])), Reason::NotFinite { .. }));
    assert!(matches!(reason(line(&[(1.0, 1.0), (1.0, 91.0)])), Reason::OutOfRange { .. }));
    assert!(matches!(reason(geo_types::point!(x: 16.0, y: 108.0).into()), Reason::OutOfRange { .. }));
    assert_eq!(reason(geo_types::MultiPoint::<f64>(vec![]).into()), Reason::Empty);
    assert_eq!(reason(Geometry::GeometryCollection(geo_types::GeometryCollection(vec![]))), Reason::Empty);
    let repeated = checked(&line(&[(1.0, 1.0), (1.0, 1.0), (2.0, 2.0)]));
    assert_eq!(
        repeated,
        Outcome::Repaired { geometry: line(&[(1.0, 1.0), (2.0, 2.0)]), what: vec![What::RepeatedPoints] }
    );
    let part = |at: &[(f64, f64)]| LineString::from(at.to_vec());
    let many = geo_types::MultiLineString(vec![part(&[(1.0, 1.0), (2.0, 2.0)]), part(&[(3.0, 3.0)]), part(&[])]);
    let Outcome::Repaired { what, .. } = checked(&many.into()) else { panic!("not repaired") };
    assert_eq!(what, [What::PartCollapsed, What::PartEmpty]);
}
