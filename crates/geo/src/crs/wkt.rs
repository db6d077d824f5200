//! Well-known text, version 1 (OGC 01-009), for files that carry their system with them: `.prj`, GeoPackage. VN-2000
//! brings its shift along as `TOWGS84`, so that a program without the registry does not miss by 225 m.

use super::{Crs, Kind, convert::VN2000_TO_WGS84, table::FALSE_EASTING};

impl Crs {
    /// WKT 1 as GDAL writes and reads it.
    pub fn wkt(self) -> String {
        match self.0 {
            Kind::Crs84 => geographic("WGS 84 (CRS84)", "WGS_1984", 6326, "", r#""OGC","CRS84""#),
            Kind::Wgs84 => wgs84(),
            Kind::Vn2000 => vn2000(),
            Kind::WebMercator => web_mercator(),
            Kind::Vn2000Zone(_) => self.projected(&vn2000()),
            Kind::Utm { .. } => self.projected(&wgs84()),
        }
    }

    fn projected(self, base: &str) -> String {
        let Some(zone) = self.zone() else { return base.to_owned() };
        format!(
            concat!(
                r#"PROJCS["{name}",{base},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],"#,
                r#"PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",{scale}],"#,
                r#"PARAMETER["false_easting",{easting}],PARAMETER["false_northing",{northing}],"#,
                r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],"#,
                r#"AUTHORITY["EPSG","{code}"]]"#
            ),
            name = self.name_en(),
            base = base,
            meridian = zone.meridian,
            scale = zone.scale,
            easting = FALSE_EASTING,
            northing = zone.false_northing,
            code = zone.code
        )
    }
}

fn wgs84() -> String {
    geographic("WGS 84", "WGS_1984", 6326, "", r#""EPSG","4326""#)
}

fn vn2000() -> String {
    geographic("VN-2000", "Vietnam_2000", 6756, &format!(",TOWGS84[{VN2000_TO_WGS84}]"), r#""EPSG","4756""#)
}

fn geographic(name: &str, datum: &str, datum_code: u32, shift: &str, authority: &str) -> String {
    format!(
        concat!(
            r#"GEOGCS["{}",DATUM["{}",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]]{},"#,
            r#"AUTHORITY["EPSG","{}"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],"#,
            r#"UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY[{}]]"#
        ),
        name, datum, shift, datum_code, authority
    )
}

/// Spherical formulas on ellipsoidal degrees: version 1 can say this only in PROJ's words.
fn web_mercator() -> String {
    format!(
        concat!(
            r#"PROJCS["WGS 84 / Pseudo-Mercator",{},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],"#,
            r#"PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],"#,
            r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],"#,
            r#"EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m "#,
            r#"+nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]"#
        ),
        wgs84()
    )
}
