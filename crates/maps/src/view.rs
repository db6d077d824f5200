//! `map.toml`: what of the world a map shows that is not asked for a place, in which system the city's land is surveyed,
//! and how its people write addresses.

use serde::Deserialize;
use songhan_city::{Declaration, Folder, Placed, Report};
use songhan_geo::crs::Crs;

use crate::places::parlance::{Declared, Parlance};

const FILE: &str = "map.toml";

/// Khung nhìn ban đầu.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Longitude, latitude.
    pub center: [f64; 2],
    pub zoom: f64,
    /// Hệ tọa độ địa chính: coordinates in metres are read in it.
    pub crs: Crs,
    /// Cách ghi địa chỉ.
    pub parlance: Parlance,
}

impl Default for View {
    /// The whole country.
    fn default() -> Self {
        Self { center: [108.0, 16.0], zoom: 5.0, crs: Crs::WGS84, parlance: Parlance::default() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    center: Placed<[f64; 2]>,
    zoom: Placed<f64>,
    #[serde(default)]
    crs: Option<Placed<u32>>,
    #[serde(default)]
    address: Option<Declared>,
}

impl Declaration for View {
    const NAME: &'static str = "map";

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(FILE, report) else { return Self::default() };
        let (center, zoom) = (*file.center, *file.zoom);
        if !(center[0].abs() <= 180.0 && center[1].abs() <= 85.0) {
            report.add(
                file.center.place(),
                "the centre of the map lies nowhere",
                "write longitude, then latitude, in degrees",
            );
        }
        if !(0.0..=22.0).contains(&zoom) {
            report.add(file.zoom.place(), format!("there is no zoom {zoom}"), "write a number from 0 to 22");
        }
        let named = |code: &Placed<u32>| Crs::epsg(**code).ok().filter(|crs| !crs.is_geographic());
        let crs = file.crs.as_ref().and_then(named);
        if let Some(code) = file.crs.as_ref().filter(|_| crs.is_none()) {
            report.add(
                code.place(),
                format!("EPSG:{} is no system in metres that is known here", **code),
                "write the number of the province's VN-2000 zone, such as 5899",
            );
        }
        let parlance = file.address.as_ref().map(|declared| Parlance::read(declared, report)).unwrap_or_default();
        Self { center, zoom, crs: crs.unwrap_or(Crs::WGS84), parlance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_beyond_the_world_is_told() {
        let read = |text: &str| {
            let mut report = Report::default();
            let view = View::load(&Folder::from_texts([(FILE, text)]), &mut report);
            (view, report.is_empty())
        };
        assert_eq!(
            read("center = [108.2, 16.1]\nzoom = 11"),
            (View { center: [108.2, 16.1], zoom: 11.0, crs: Crs::WGS84, parlance: Parlance::default() }, true)
        );
        assert_eq!(read("center = [108.2, 16.1]\nzoom = 11\ncrs = 5899").0.crs, Crs::epsg(5899).unwrap());
        assert!(!read("center = [108.2, 16.1]\nzoom = 11\ncrs = 4326").1);
        assert!(!read("center = [16.1, 108.2]\nzoom = 11").1);
        assert!(!read("center = [108.2, 16.1]\nzoom = 99").1);
        assert_eq!(View::load(&Folder::from_texts([]), &mut Report::default()), View::default());
    }
}
