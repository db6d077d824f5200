//! What an archive says of itself: which layers it holds, and of which generation (PMTiles v3 §3 and §5).

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use flate2::read::GzDecoder;
use serde_json::Value;
use songhan_app::App;
use songhan_base::Internal;

/// The metadata's member in which the generations of our layers stand.
pub const GENERATIONS: &str = "songhan:generations";
/// Metadata are names of layers and attributes: more is no archive of ours.
const METADATA_BYTES_MAX: u64 = 4 << 20;
const HEADER_BYTES: usize = 127;

/// An archive, and when its file was written.
pub struct Archive {
    stamp: Stamp,
    /// Its layers, each with the generation of which it is a picture.
    layers: HashMap<String, Option<i64>>,
}

/// Tells one file from another that came into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    pub modified_ns: u128,
}

impl Stamp {
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Self { bytes: metadata.len(), modified_ns: modified.map_or(0, |since| since.as_nanos()) }
    }
}

#[derive(Default)]
struct Known(Mutex<Option<Arc<Archive>>>);

impl Archive {
    /// The archive in the data folder; none where there is none, or one that cannot be read.
    pub async fn of(app: &App) -> Result<Option<Arc<Self>>, Internal> {
        let path = super::path(app);
        let known = app.memory.get_or(Known::default);
        let find = move || {
            let stamp = Stamp::of(&std::fs::metadata(&path).ok()?);
            let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(same) = known.as_ref().filter(|archive| archive.stamp == stamp) {
                return Some(same.clone());
            }
            let layers = layers(&path).unwrap_or_else(|error| {
                tracing::warn!(%error, path = %path.display(), "the packed base map cannot be read; pack it anew");
                HashMap::new()
            });
            let archive = Arc::new(Self { stamp, layers });
            *known = Some(archive.clone());
            Some(archive)
        };
        tokio::task::spawn_blocking(find).await.map_err(Internal::new)
    }

    /// Whether it has the layer as it is at this generation. An archive that says no generation was packed by others, who
    /// answer for it.
    pub fn holds(&self, layer: &str, generation: Option<i64>) -> bool {
        self.layers.get(layer).is_some_and(|packed| packed.is_none() || *packed == generation)
    }
}

fn layers(path: &Path) -> std::io::Result<HashMap<String, Option<i64>>> {
    let wrong = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let mut file = std::fs::File::open(path)?;
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header)?;
    if !header.starts_with(b"PMTiles\x03") {
        return Err(wrong("it is no PMTiles archive of version 3"));
    }
    let number = |at: usize| header[at..at + 8].iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (offset, bytes, packing) = (number(24), number(32), header[97]);
    file.seek(SeekFrom::Start(offset))?;
    let part = file.take(bytes.min(METADATA_BYTES_MAX));
    let mut text = Vec::new();
    match packing {
        1 => part.take(METADATA_BYTES_MAX).read_to_end(&mut text)?,
        2 => GzDecoder::new(part).take(METADATA_BYTES_MAX).read_to_end(&mut text)?,
        _ => return Err(wrong("its metadata are packed neither by gzip nor not at all")),
    };
    let metadata: Value = serde_json::from_slice(&text)?;
    let generations = &metadata[GENERATIONS];
    let named = metadata["vector_layers"].as_array().into_iter().flatten().filter_map(|layer| layer["id"].as_str());
    Ok(named.map(|name| (name.to_owned(), generations[name].as_i64())).collect())
}
