//! What a system is called: codes, addresses of OGC (OGC 09-048r5), URNs (RFC 5165), safe CURIEs (OGC API Features part 2)
//! and names for people.

use super::{
    Crs, CrsError, Kind,
    table::{VN2000_ZONES, WITHDRAWN},
};
use std::str::FromStr;

/// A name longer than this is no name.
const NAME_MAX: usize = 200;

impl Crs {
    pub fn epsg(code: u32) -> Result<Self, CrsError> {
        let kind = match code {
            4326 => Kind::Wgs84,
            3857 => Kind::WebMercator,
            4756 => Kind::Vn2000,
            32601..=32660 => Kind::Utm { zone: (code - 32600) as u8, south: false },
            32701..=32760 => Kind::Utm { zone: (code - 32700) as u8, south: true },
            _ => match VN2000_ZONES.iter().position(|zone| zone.code == code) {
                Some(row) => Kind::Vn2000Zone(row as u8),
                None => return Err(not_an_epsg_code_of_ours(code)),
            },
        };
        Ok(Self(kind))
    }

    /// The code of the EPSG registry; CRS84 has none.
    pub fn code(self) -> Option<u32> {
        match self.0 {
            Kind::Crs84 => None,
            Kind::Wgs84 => Some(4326),
            Kind::WebMercator => Some(3857),
            Kind::Vn2000 => Some(4756),
            Kind::Vn2000Zone(_) | Kind::Utm { .. } => self.zone().map(|zone| zone.code),
        }
    }

    /// The address by which OGC APIs name it.
    pub fn uri(self) -> String {
        match self.code() {
            Some(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
            None => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
        }
    }

    /// As the registry has it.
    pub fn name_en(self) -> String {
        match self.0 {
            Kind::Crs84 => "WGS 84 (CRS84)".to_owned(),
            Kind::Wgs84 => "WGS 84".to_owned(),
            Kind::WebMercator => "WGS 84 / Pseudo-Mercator".to_owned(),
            Kind::Vn2000 => "VN-2000".to_owned(),
            Kind::Vn2000Zone(_) => match self.zone_words() {
                (true, 5896, ..) => "VN-2000 / TM-3 zone 481".to_owned(),
                (true, 5897, ..) => "VN-2000 / TM-3 zone 482".to_owned(),
                (true, 5898, ..) => "VN-2000 / TM-3 zone 491".to_owned(),
                (true, _, degrees, minutes) => format!("VN-2000 / TM-3 {degrees}-{minutes:02}"),
                (false, _, degrees, _) => format!("VN-2000 / UTM zone {}N", (degrees + 183) / 6),
            },
            Kind::Utm { zone, south } => format!("WGS 84 / UTM zone {zone}{}", if south { 'S' } else { 'N' }),
        }
    }

    pub fn name_vi(self) -> String {
        match self.0 {
            Kind::Crs84 => "WGS 84 (kinh độ, vĩ độ)".to_owned(),
            Kind::Wgs84 => "WGS 84 (vĩ độ, kinh độ)".to_owned(),
            Kind::WebMercator => "WGS 84 / Mercator cho bản đồ mạng".to_owned(),
            Kind::Vn2000 => "VN-2000 (vĩ độ, kinh độ)".to_owned(),
            Kind::Vn2000Zone(_) => {
                let (tm3, _, degrees, minutes) = self.zone_words();
                format!("VN-2000, múi chiếu {}°, kinh tuyến trục {degrees}°{minutes:02}′", if tm3 { 3 } else { 6 })
            }
            Kind::Utm { zone, south } => format!("WGS 84 / UTM múi {zone}{}", if south { 'S' } else { 'N' }),
        }
    }

    /// Whether a zone is 3° wide, its code, the degrees and minutes of its meridian.
    fn zone_words(self) -> (bool, u32, i32, i32) {
        self.zone().map_or((false, 0, 0, 0), |zone| {
            let minutes = (zone.meridian * 60.0).round() as i32;
            (zone.is_tm3(), zone.code, minutes.div_euclid(60), minutes.rem_euclid(60))
        })
    }
}

fn not_an_epsg_code_of_ours(code: u32) -> CrsError {
    match WITHDRAWN.iter().find(|(given, _)| *given == code) {
        Some(&(given, instead)) => CrsError::Withdrawn { given, instead },
        None => CrsError::Unknown { given: format!("EPSG:{code}") },
    }
}

impl FromStr for Crs {
    type Err = CrsError;

    /// `EPSG:5899`, `OGC:CRS84`, `CRS84`, `[EPSG:5899]`, `urn:ogc:def:crs:EPSG::5899`,
    /// `http://www.opengis.net/def/crs/EPSG/0/5899`, each also in angle brackets as the header `Content-Crs` has it.
    /// Letters count alike in either case; any version of the registry is taken.
    fn from_str(text: &str) -> Result<Self, CrsError> {
        let unknown = || CrsError::Unknown { given: text.chars().take(NAME_MAX).collect() };
        if text.len() > NAME_MAX {
            return Err(unknown());
        }
        let lower = text.trim().to_ascii_lowercase();
        let inner = unwrapped(&lower, '<', '>').or_else(|| unwrapped(&lower, '[', ']')).unwrap_or(&lower);
        let (authority, code) = split(inner).ok_or_else(unknown)?;
        match (authority, code) {
            ("ogc" | "crs", "crs84" | "84") => Ok(Self::CRS84),
            ("epsg", digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                Self::epsg(digits.parse().map_err(|_| unknown())?)
            }
            _ => Err(unknown()),
        }
    }
}

fn unwrapped(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// Authority and code.
fn split(name: &str) -> Option<(&str, &str)> {
    if let Some(path) = name.strip_prefix("http://").or_else(|| name.strip_prefix("https://")) {
        let mut parts = path.strip_prefix("www.opengis.net/def/crs/")?.split('/');
        return match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(authority), Some(_version), Some(code), None) => Some((authority, code)),
            _ => None,
        };
    }
    if let Some(urn) = name.strip_prefix("urn:ogc:def:crs:").or_else(|| name.strip_prefix("urn:x-ogc:def:crs:")) {
        let mut parts = urn.split(':');
        return match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(authority), Some(_version), Some(code), None) => Some((authority, code)),
            _ => None,
        };
    }
    if name == "crs84" {
        return Some(("ogc", name));
    }
    name.split_once(':')
}

impl TryFrom<String> for Crs {
    type Error = CrsError;

    fn try_from(text: String) -> Result<Self, CrsError> {
        text.parse()
    }
}

impl From<Crs> for String {
    fn from(crs: Crs) -> Self {
        crs.to_string()
    }
}
