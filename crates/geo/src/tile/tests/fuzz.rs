//! The decoder refuses what is not a tile, and nothing makes it or the encoder panic.

use super::{Rng, layer, named, plain, shapes};
use crate::tile::{DecodeError, Options, decode, encode};
use geo_types::{Coord, Geometry, LineString, Polygon};
use proptest::prelude::*;

fn tile() -> Vec<u8> {
    let mut rng = Rng(5);
    let mut all: Vec<Geometry<f64>> =
        (0..20).map(|_| shapes::valid(&mut rng, Coord { x: 108.2, y: 16.05 }, 0.01)).collect();
    all.push(LineString::from(vec![(108.0, 16.0), (108.3, 16.1), (108.1, 16.2)]).into());
    let mut bytes = plain(&layer(&all), 12, 3279, 1862).bytes;
    bytes.extend(plain(&named((0..30).map(|i| (i, 108.2, 16.05))), 12, 3279, 1862).bytes);
    bytes
}

#[test]
fn broken_tiles_are_refused_or_read_never_a_panic() {
    let whole = tile();
    assert_eq!(decode(&whole).unwrap().len(), 2);
    let mut rng = Rng(6);
    let mut refused = 0;
    for cut in (0..whole.len()).step_by(3) {
        refused += u32::from(decode(&whole[..cut]).is_err());
        let mut bent = whole.clone();
        for _ in 0..=rng.below(4) {
            let at = rng.below(bent.len() as u64) as usize;
            bent[at] = rng.next() as u8;
        }
        refused += u32::from(decode(&bent).is_err());
    }
    assert!(refused > 500, "{refused}");
}

#[test]
fn breaches_of_the_specification_are_named() {
    // One layer with one feature of the kind and geometry given.
    let with = |kind: u8, geometry: &[u8]| {
        let mut feature = vec![0x18, kind, 0x22, geometry.len() as u8];
        feature.extend_from_slice(geometry);
        let mut layer = vec![0x0a, 1, b'a', 0x78, 2, 0x12, feature.len() as u8];
        layer.extend(feature);
        let mut tile = vec![0x1a, layer.len() as u8];
        tile.extend(layer);
        decode(&tile)
    };
    assert!(with(1, &[9, 50, 34]).is_ok());
    assert!(with(3, &[9, 6, 12, 18, 10, 12, 24, 44, 15]).is_ok());
    for (kind, geometry) in [
        (1, &[][..]),
        (1, &[1]),
        (2, &[9, 0, 0]),
        (2, &[10, 0, 0]),
        (2, &[17, 0, 0, 2, 2, 10, 1, 1]),
        (3, &[9, 0, 0, 18, 2, 0, 0, 2]),
        (3, &[9, 0, 0, 10, 2, 0, 15]),
        (3, &[9, 0, 0, 18, 0, 2, 2, 0, 15]),
        (7, &[9, 0, 0]),
    ] {
        assert!(matches!(with(kind, geometry), Err(DecodeError::Invalid(..))), "{kind} {geometry:?}");
    }
    assert!(matches!(with(1, &[9, 0]), Err(DecodeError::Truncated(_))));
    // A count of half a billion with nothing behind it.
    assert!(with(1, &[0xf9, 0xff, 0xff, 0xff, 0x0f, 0, 0]).is_err());
    assert_eq!(
        decode(&[0x1a, 3, 0x0a, 1, b'a']).unwrap_err().to_string(),
        "read a tile: a layer has no version (MVT 2.1 §4.1); correct the encoder"
    );
}

proptest! {
    #[test]
    fn any_bytes_decode_or_do_not(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn any_polygon_gives_a_tile_that_decodes(
        corners in prop::collection::vec((-200.0..200.0_f64, -95.0..95.0_f64), 0..30),
        z in 0_u8..=24, extent in any::<u32>(), buffer in 0_u32..20_000, pick in any::<u32>(),
    ) {
        let ring = LineString::from(corners);
        let layer = layer(&[Polygon::new(ring.clone(), vec![]).into(), ring.into()]);
        let options = Options { extent, buffer, ..Options::default() };
        let side = 1_u32 << z;
        let tile = encode(&layer, z, pick % side, (pick >> 7) % side, &options);
        prop_assert!(decode(&tile.bytes).is_ok());
    }
}
