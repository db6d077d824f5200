//! One published line to one procedure, or a refusal with its reason.

use std::collections::HashSet;

use serde::Deserialize;

use crate::text::{clean, says_no, says_nothing, squeeze, without_furniture};
use crate::{Applicant, Level, NationalProcedure, Reading, channels, laws, papers, results, steps};

/// Why a line is not a procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not JSON, a field missing or of another type.
    Shape(String),
    /// A field without which a procedure is none.
    Empty(&'static str),
    /// Not a code of the catalogue.
    Code(String),
    /// A level of government that there is not.
    Level(String),
    /// The code was read before.
    Duplicate(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape(reason) => write!(f, "not a record of the catalogue: {reason}"),
            Self::Empty(field) => write!(f, "the field {field} is empty"),
            Self::Code(code) => write!(f, "{code:?} is not a procedure code such as 1.000178"),
            Self::Level(level) => write!(f, "{level:?} is not a level of government"),
            Self::Duplicate(code) => write!(f, "procedure {code} stands in the file twice"),
        }
    }
}

impl std::error::Error for Refused {}

/// As published. Fields that are not named here are let be: the portal adds some from time to time.
#[derive(Deserialize)]
struct Record {
    ma_thu_tuc: String,
    detail_url: String,
    ten_thu_tuc: String,
    so_quyet_dinh: String,
    cap_thuc_hien: String,
    loai_thu_tuc: String,
    linh_vuc: String,
    doi_tuong_thuc_hien: String,
    co_quan_co_tham_quyen: String,
    dia_chi_tiep_nhan: String,
    co_quan_phoi_hop: String,
    trinh_tu_thuc_hien: String,
    cach_thuc_thuc_hien: String,
    thanh_phan_ho_so: String,
    can_cu_phap_ly: String,
    co_quan_thuc_hien: String,
    yeu_cau_dieu_kien: String,
    ket_qua_xu_ly: String,
    #[serde(rename = "_bo")]
    ministry: String,
}

/// Reads one line.
pub fn read(line: &str) -> Result<NationalProcedure, Refused> {
    let record: Record = serde_json::from_str(line).map_err(|error| Refused::Shape(error.to_string()))?;
    let code = record.ma_thu_tuc.trim().to_owned();
    if !is_code(&code) {
        return Err(Refused::Code(code));
    }
    Ok(NationalProcedure {
        code,
        name: required("ten_thu_tuc", &record.ten_thu_tuc)?,
        decision: short(&record.so_quyet_dinh),
        class: short(&record.loai_thu_tuc),
        levels: Level::read(&required("cap_thuc_hien", &record.cap_thuc_hien)?).map_err(Refused::Level)?,
        field: required("linh_vuc", &record.linh_vuc)?,
        applicants: Applicant::read(&short(&record.doi_tuong_thuc_hien)),
        agency: short(&record.co_quan_thuc_hien),
        authority: short(&record.co_quan_co_tham_quyen),
        with_agencies: short(&record.co_quan_phoi_hop),
        address: short(&record.dia_chi_tiep_nhan),
        steps: steps::read(&clean(&record.trinh_tu_thuc_hien)),
        channels: channels::read(&clean(&record.cach_thuc_thuc_hien)),
        papers: papers::read(&clean(&record.thanh_phan_ho_so)),
        results: results::read(&clean(&record.ket_qua_xu_ly)),
        laws: laws::read(&clean(&record.can_cu_phap_ly)),
        conditions: prose(&clean(&record.yeu_cau_dieu_kien)),
        source: record.detail_url.trim().to_owned(),
        ministry: short(&record.ministry),
    })
}

/// Reads a file line by line: as [`read`], and refuses a code that it has read before.
#[derive(Debug, Default)]
pub struct Reader {
    seen: HashSet<String>,
}

impl Reader {
    pub fn read(&mut self, line: &str) -> Result<NationalProcedure, Refused> {
        let procedure = read(line)?;
        if !self.seen.insert(procedure.code.clone()) {
            return Err(Refused::Duplicate(procedure.code));
        }
        Ok(procedure)
    }
}

/// `1.000178`, also with a unit's suffix (`1.000178.000.00.00.H17`).
fn is_code(code: &str) -> bool {
    let mut parts = code.split('.');
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(|part| digits(part, 1))
        && parts.next().is_some_and(|part| digits(part, 6))
        && parts.all(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn required(field: &'static str, value: &str) -> Result<String, Refused> {
    let value = short(value);
    if value.is_empty() { Err(Refused::Empty(field)) } else { Ok(value) }
}

/// A short cell on one line; "no information" is an empty one.
fn short(value: &str) -> String {
    let value = clean(value);
    let value = squeeze(without_furniture(&value));
    if says_nothing(&value) { String::new() } else { value }
}

fn prose(text: &str) -> Reading<String> {
    let text = without_furniture(text);
    if says_nothing(text) || says_no(text) { Reading::Absent } else { Reading::Read(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: &[(&str, serde_json::Value)]) -> String {
        let fields = "detail_url so_quyet_dinh loai_thu_tuc doi_tuong_thuc_hien co_quan_co_tham_quyen dia_chi_tiep_nhan \
                      co_quan_phoi_hop trinh_tu_thuc_hien cach_thuc_thuc_hien thanh_phan_ho_so can_cu_phap_ly \
                      co_quan_thuc_hien yeu_cau_dieu_kien ket_qua_xu_ly _bo";
        let mut record: serde_json::Map<_, _> = fields.split_whitespace().map(|f| (f.to_owned(), "".into())).collect();
        for (field, value) in [
            ("ma_thu_tuc", "1.000178"),
            ("ten_thu_tuc", "Khai sinh"),
            ("cap_thuc_hien", "Cấp xã"),
            ("linh_vuc", "Hộ tịch"),
        ] {
            record.insert(field.to_owned(), value.into());
        }
        record.extend(change.iter().map(|(field, value)| ((*field).to_owned(), value.clone())));
        record.retain(|_, value| !value.is_null());
        serde_json::Value::Object(record).to_string()
    }

    #[test]
    fn a_record_with_empty_cells_is_a_procedure() {
        let procedure = read(&line(&[])).expect("read");
        assert_eq!((procedure.name.as_str(), procedure.is_local()), ("Khai sinh", true));
        assert_eq!(procedure.channels, Reading::Absent);
    }

    #[test]
    fn what_is_refused() {
        let reason = |change: &[(&str, serde_json::Value)]| read(&line(change)).expect_err("refused").to_string();
        assert_eq!(reason(&[("ten_thu_tuc", "  ".into())]), "the field ten_thu_tuc is empty");
        assert_eq!(reason(&[("ma_thu_tuc", "abc".into())]), "\"abc\" is not a procedure code such as 1.000178");
        assert_eq!(reason(&[("cap_thuc_hien", "Cấp huyện".into())]), "\"Cấp huyện\" is not a level of government");
        assert!(reason(&[("linh_vuc", serde_json::Value::Null)]).contains("missing field `linh_vuc`"));
        assert!(reason(&[("linh_vuc", 5.into())]).contains("invalid type: integer `5`, expected a string"));
        for broken in ["", "[]", "null", "{", "\u{0}", "{\"ma_thu_tuc\":1}"] {
            assert!(matches!(read(broken), Err(Refused::Shape(_))), "{broken:?}");
        }
    }

    #[test]
    fn a_code_is_read_once() {
        let mut reader = Reader::default();
        assert!(reader.read(&line(&[])).is_ok());
        assert_eq!(reader.read(&line(&[])), Err(Refused::Duplicate("1.000178".to_owned())));
    }

    #[test]
    fn codes() {
        assert!(is_code("1.000178") && is_code("1.000178.000.00.00.H17"));
        assert!(!is_code("1.00178") && !is_code("10.000178") && !is_code("1.000178.") && !is_code(""));
    }
}
