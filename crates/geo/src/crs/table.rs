//! The zones in metres. Those of VN-2000 are all that the EPSG registry has (as PROJ 9.5.1 carries it), the withdrawn
//! ones left out; the provinces are those of before the mergers of 2025.

use super::{Crs, Kind};

/// A transverse Mercator zone. Múi chiếu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Zone {
    pub code: u32,
    pub meridian: f64,
    pub scale: f64,
    pub false_northing: f64,
}

pub(super) const FALSE_EASTING: f64 = 500_000.0;

impl Zone {
    /// Múi chiếu 3 độ.
    pub fn is_tm3(&self) -> bool {
        self.scale == TM3_SCALE
    }
}

const TM3_SCALE: f64 = 0.9999;
const UTM_SCALE: f64 = 0.9996;

const fn zone(code: u32, meridian: f64, scale: f64) -> Zone {
    Zone { code, meridian, scale, false_northing: 0.0 }
}

pub(super) const VN2000_ZONES: [Zone; 20] = [
    zone(5896, 102.0, TM3_SCALE),  // zone 481
    zone(5897, 105.0, TM3_SCALE),  // zone 482: Hà Nội, Hà Nam, Ninh Bình, Thanh Hóa, Vĩnh Phúc, Cần Thơ, Bạc Liêu, …
    zone(5898, 108.0, TM3_SCALE),  // zone 491: Quảng Ngãi
    zone(5899, 107.75, TM3_SCALE), // Đà Nẵng, Quảng Nam, Quảng Ninh, Bà Rịa - Vũng Tàu, Đồng Nai, Lâm Đồng
    zone(9205, 103.0, TM3_SCALE),  // Điện Biên, Lai Châu
    zone(9206, 104.0, TM3_SCALE),  // Sơn La
    zone(9207, 104.5, TM3_SCALE),  // Cà Mau, Kiên Giang
    zone(9208, 104.75, TM3_SCALE), // An Giang, Lào Cai, Nghệ An, Phú Thọ, Yên Bái
    zone(9209, 105.5, TM3_SCALE),  // Bắc Ninh, Hà Giang, Hà Tĩnh, Hải Dương, Hưng Yên, Nam Định, Tây Ninh, …
    zone(9210, 105.75, TM3_SCALE), // Hải Phòng, Thành phố Hồ Chí Minh, Bến Tre, Bình Dương, Cao Bằng, Long An, …
    zone(9211, 106.0, TM3_SCALE),  // Hòa Bình, Quảng Bình, Tuyên Quang
    zone(9212, 106.25, TM3_SCALE), // Bình Phước, Quảng Trị
    zone(9213, 106.5, TM3_SCALE),  // Bắc Kạn, Thái Nguyên
    zone(9214, 107.0, TM3_SCALE),  // Bắc Giang, Thừa Thiên Huế
    zone(9215, 107.25, TM3_SCALE), // Lạng Sơn
    zone(9216, 107.5, TM3_SCALE),  // Kon Tum
    zone(9217, 108.25, TM3_SCALE), // Bình Định, Khánh Hòa, Ninh Thuận
    zone(9218, 108.5, TM3_SCALE),  // Bình Thuận, Đắk Lắk, Đắk Nông, Gia Lai, Phú Yên
    zone(3405, 105.0, UTM_SCALE),  // UTM 48N
    zone(3406, 111.0, UTM_SCALE),  // UTM 49N
];

/// Systems with east and north of the origin confused, and what replaced them in the registry.
pub(super) const WITHDRAWN: [(u32, u32); 4] = [(6956, 5896), (6957, 5897), (6958, 5898), (6959, 5899)];

impl Crs {
    pub(super) fn zone(self) -> Option<Zone> {
        match self.0 {
            Kind::Vn2000Zone(row) => VN2000_ZONES.get(usize::from(row)).copied(),
            Kind::Utm { zone: number, south } => Some(Zone {
                code: if south { 32700 } else { 32600 } + u32::from(number),
                meridian: f64::from(number) * 6.0 - 183.0,
                scale: UTM_SCALE,
                false_northing: if south { 10_000_000.0 } else { 0.0 },
            }),
            Kind::Crs84 | Kind::Wgs84 | Kind::WebMercator | Kind::Vn2000 => None,
        }
    }
}
