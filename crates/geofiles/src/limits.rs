//! How much of a file is accepted. Files come from outside; every count that a file states is checked against these before
//! anything is allocated for it.

use crate::Reason;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as it was handed in.
    pub file_bytes: u64,
    /// What a zip may unpack to, all files that are read together.
    pub unpacked_bytes: u64,
    /// How many times its packed size a zip may unpack to, once it is beyond [`Self::RATIO_FREE_BYTES`].
    pub unpacked_ratio: u64,
    /// Features of a layer, those that cannot be read included.
    pub features: u64,
    /// One feature as it stands in the file.
    pub feature_bytes: usize,
    /// Coordinates of one feature's shape.
    pub coordinates: usize,
    pub fields: usize,
    /// One attribute.
    pub text_bytes: usize,
    /// Shapes within shapes, elements within elements.
    pub depth: usize,
    /// Nodes of an OpenStreetMap file that the wanted ways and areas use; each takes 16 bytes of memory.
    pub osm_nodes: usize,
}

impl Limits {
    /// Below this a high ratio does no harm: a table of blanks packs a thousandfold.
    pub const RATIO_FREE_BYTES: u64 = 64 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 4 << 30,
            unpacked_bytes: 8 << 30,
            unpacked_ratio: 200,
            features: 20_000_000,
            feature_bytes: 64 << 20,
            coordinates: 2_000_000,
            fields: 1_000,
            text_bytes: 1 << 20,
            depth: 32,
            osm_nodes: 30_000_000,
        }
    }
}

/// Counts what one feature uses up, and notes what was left out of it.
#[derive(Debug)]
pub struct Gauge {
    coordinates_left: usize,
    coordinates_max: usize,
    depth_left: usize,
    depth_max: usize,
    pub height: bool,
    pub measure: bool,
}

impl Gauge {
    pub fn new(limits: &Limits) -> Self {
        Self {
            coordinates_left: limits.coordinates,
            coordinates_max: limits.coordinates,
            depth_left: limits.depth,
            depth_max: limits.depth,
            height: false,
            measure: false,
        }
    }

    pub fn take(&mut self, coordinates: usize) -> Result<(), Reason> {
        match self.coordinates_left.checked_sub(coordinates) {
            Some(left) => self.coordinates_left = left,
            None => return Err(Reason::TooManyCoordinates { max: self.coordinates_max }),
        }
        Ok(())
    }

    pub fn enter(&mut self) -> Result<(), Reason> {
        match self.depth_left.checked_sub(1) {
            Some(left) => self.depth_left = left,
            None => return Err(Reason::TooDeep { max: self.depth_max }),
        }
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth_left += 1;
    }
}
