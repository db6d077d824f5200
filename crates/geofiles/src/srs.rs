//! Reference systems as files name them. Nothing is computed here: the caller knows what a system means.

/// Hệ tọa độ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Srs {
    pub epsg: Option<u32>,
    pub name: Option<String>,
    /// Well-known text, 1 or 2, as it stands in the file or should stand in one.
    pub wkt: Option<String>,
}

const WGS84_GEOGRAPHIC: &str = concat!(
    r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],"#,
    r#"PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#
);

impl Srs {
    /// Longitude and latitude on WGS 84.
    pub fn wgs84() -> Self {
        Self { epsg: Some(4326), name: Some("WGS 84".into()), wkt: None }
    }

    pub fn epsg(code: u32) -> Self {
        Self { epsg: Some(code), ..Self::default() }
    }

    pub fn is_known(&self) -> bool {
        *self != Self::default()
    }

    /// Longitude and latitude, or not known otherwise: what formats mean that can say nothing else.
    pub fn is_wgs84_or_unknown(&self) -> bool {
        self.epsg.map_or(self.wkt.is_none(), |code| code == 4326)
    }

    /// From well-known text; the code is the one of the outermost node, or that of a name ESRI uses without a code.
    pub fn from_wkt(wkt: &str) -> Self {
        let name = quoted(wkt).map(ToOwned::to_owned);
        let epsg = outermost_code(wkt).or_else(|| name.as_deref().and_then(code_of_name));
        Self { epsg, name, wkt: Some(wkt.to_owned()) }
    }

    /// `EPSG:5899`, `urn:ogc:def:crs:EPSG::5899`, `http://www.opengis.net/def/crs/EPSG/0/5899`, `…OGC:1.3:CRS84`.
    pub fn from_name(name: &str) -> Self {
        let upper = name.to_ascii_uppercase();
        let code = upper.rsplit([':', '/']).next().and_then(|code| code.parse().ok());
        let epsg = if upper.contains("CRS84") { Some(4326) } else { code.filter(|_| upper.contains("EPSG")) };
        Self { epsg, name: Some(name.to_owned()), wkt: None }
    }

    /// The text to write beside coordinates: the given one, or that of WGS 84 and its UTM zones.
    pub fn written_wkt(&self) -> Option<String> {
        self.wkt.clone().or_else(|| match self.epsg? {
            4326 => Some(WGS84_GEOGRAPHIC.to_owned()),
            code @ (32601..=32660 | 32701..=32760) => Some(utm(code % 100, code > 32700)),
            _ => None,
        })
    }
}

fn utm(zone: u32, south: bool) -> String {
    let meridian = i64::from(zone) * 6 - 183;
    let (letter, northing) = if south { ('S', "10000000.0") } else { ('N', "0.0") };
    format!(
        concat!(
            r#"PROJCS["WGS_1984_UTM_Zone_{zone}{letter}",{geographic},PROJECTION["Transverse_Mercator"],"#,
            r#"PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",{northing}],"#,
            r#"PARAMETER["Central_Meridian",{meridian}.0],PARAMETER["Scale_Factor",0.9996],"#,
            r#"PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        ),
        zone = zone,
        letter = letter,
        geographic = WGS84_GEOGRAPHIC,
        northing = northing,
        meridian = meridian
    )
}

fn quoted(wkt: &str) -> Option<&str> {
    wkt.split('"').nth(1).filter(|name| !name.is_empty())
}

/// `AUTHORITY["EPSG","5899"]` (version 1) or `ID["EPSG",5899]` (version 2) directly in the root node.
fn outermost_code(wkt: &str) -> Option<u32> {
    let (mut depth, mut inside, mut word) = (0usize, false, 0);
    let mut found = None;
    for (at, byte) in wkt.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            _ if inside => {}
            b'[' | b'(' => {
                let node = wkt[word..at].trim();
                if depth == 1 && (node.eq_ignore_ascii_case("AUTHORITY") || node.eq_ignore_ascii_case("ID")) {
                    found = code(&wkt[at + 1..]).or(found);
                }
                depth += 1;
                word = at + 1;
            }
            b']' | b')' => depth = depth.saturating_sub(1),
            b',' => word = at + 1,
            _ => {}
        }
    }
    found
}

fn code(inside: &str) -> Option<u32> {
    let (authority, rest) = inside.split_once(',')?;
    let digits = rest.trim_start().trim_start_matches('"');
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    authority.trim().trim_matches('"').eq_ignore_ascii_case("EPSG").then(|| digits[..end].parse().ok()).flatten()
}

/// Names that ESRI's programs write without a code.
fn code_of_name(name: &str) -> Option<u32> {
    let plain = name.replace([' ', '-', '/'], "_").to_ascii_uppercase();
    if let Some(zone) = plain.strip_prefix("WGS_1984_UTM_ZONE_") {
        let (number, hemisphere) = zone.split_at_checked(zone.len().checked_sub(1)?)?;
        let number: u32 = number.parse().ok().filter(|zone| (1..=60).contains(zone))?;
        return match hemisphere {
            "N" => Some(32600 + number),
            "S" => Some(32700 + number),
            _ => None,
        };
    }
    match plain.as_str() {
        "GCS_WGS_1984" | "WGS_84" => Some(4326),
        "WGS_1984_WEB_MERCATOR_AUXILIARY_SPHERE" => Some(3857),
        "GCS_VN_2000" | "VN_2000" => Some(4756),
        "VN_2000_UTM_ZONE_48N" => Some(3405),
        "VN_2000_UTM_ZONE_49N" => Some(3406),
        "VN_2000_TM_3_107_45" => Some(5899),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_taken_from_the_outermost_node() {
        let one = r#"PROJCS["VN-2000 / TM-3 107-45",GEOGCS["VN-2000",DATUM["x",SPHEROID["y",1,2]],AUTHORITY["EPSG","4756"]],
            PROJECTION["Transverse_Mercator"],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","5899"]]"#;
        assert_eq!(Srs::from_wkt(one).epsg, Some(5899));
        let two = r#"PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4756]],ID["EPSG",5899]]"#;
        assert_eq!(Srs::from_wkt(two).epsg, Some(5899));
        assert_eq!(Srs::from_wkt(two).name.as_deref(), Some("x"));
        assert_eq!(Srs::from_wkt(r#"PROJCS["own",GEOGCS["y",AUTHORITY["EPSG","4756"]]]"#).epsg, None);
        assert_eq!(Srs::from_wkt("]])\"").epsg, None);
    }

    #[test]
    fn names_of_esri_are_known_and_written_ones_read_again() {
        for code in [4326, 32648, 32649, 32748] {
            let wkt = Srs::epsg(code).written_wkt().unwrap();
            assert_eq!(Srs::from_wkt(&wkt).epsg, Some(code), "{wkt}");
        }
        assert_eq!(Srs::from_wkt(r#"PROJCS["VN_2000_UTM_Zone_48N",X]"#).epsg, Some(3405));
        assert_eq!(Srs::epsg(5899).written_wkt(), None);
    }

    #[test]
    fn uris_and_urns() {
        assert_eq!(Srs::from_name("urn:ogc:def:crs:EPSG::5899").epsg, Some(5899));
        assert_eq!(Srs::from_name("http://www.opengis.net/def/crs/EPSG/0/3405").epsg, Some(3405));
        assert_eq!(Srs::from_name("urn:ogc:def:crs:OGC:1.3:CRS84").epsg, Some(4326));
        assert_eq!(Srs::from_name("local:7").epsg, None);
    }
}
