//! `national-portal.toml`: the portal's codes for what the city calls by words.

use std::collections::HashMap;

use serde::Deserialize;
use songhan_base::Text;
use songhan_city::{City, Declaration, Fields, Folder, Placed, Report};

const FILE: &str = "national-portal.toml";

/// Bảng mã của Cổng Dịch vụ công quốc gia.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    pub applicant: Applicant,
    pub handover: Handover,
    pub collected: Collected,
    pub charge: Charge,
    fields: Vec<Field>,
    by_field: HashMap<String, String>,
}

/// Đối tượng nộp (`LoaiDoiTuong`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    pub citizen: String,
    pub business: String,
    pub organisation: String,
}

/// Hình thức trả kết quả (`HinhThuc`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    pub counter: String,
    /// Qua bưu chính.
    #[serde(default = "by_post")]
    pub post: String,
}

/// A file of before results went by post names the counter alone.
fn by_post() -> String {
    "1".to_owned()
}

/// Hình thức thu (`HinhThucThu`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collected {
    pub counter: String,
    pub online: String,
}

/// Loại khoản thu (`LoaiPhiLePhi`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// Phí.
    pub fee: String,
    /// Lệ phí.
    pub levy: String,
}

/// Mã lĩnh vực (`MaLinhVuc`) of a field of the city.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    id: Placed<String>,
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for whoever reads the file")]
    source: Text,
    #[serde(default)]
    applicant: Applicant,
    #[serde(default)]
    handover: Handover,
    #[serde(default)]
    collected: Collected,
    #[serde(default)]
    charge: Charge,
    #[serde(default)]
    field: Vec<Field>,
}

impl Default for Applicant {
    fn default() -> Self {
        Self { citizen: "1".into(), business: "2".into(), organisation: "4".into() }
    }
}

impl Default for Handover {
    fn default() -> Self {
        Self { counter: "0".into(), post: by_post() }
    }
}

impl Default for Collected {
    fn default() -> Self {
        Self { counter: "1".into(), online: "2".into() }
    }
}

impl Default for Charge {
    fn default() -> Self {
        Self { fee: "1".into(), levy: "2".into() }
    }
}

impl Codes {
    /// The portal's code of a field; one that has none keeps its id.
    pub fn field<'a>(&'a self, id: &'a str) -> &'a str {
        self.by_field.get(id).map_or(id, String::as_str)
    }
}

impl Declaration for Codes {
    const NAME: &'static str = FILE;

    fn load(folder: &Folder, report: &mut Report) -> Self {
        let Some(file) = folder.toml_if_present::<File>(FILE, report) else { return Self::default() };
        let File { applicant, handover, collected, charge, field: fields, .. } = file;
        let by_field = fields.iter().map(|field| (field.id.to_string(), field.code.clone())).collect();
        Self { applicant, handover, collected, charge, fields, by_field }
    }

    fn check(&self, city: &City, report: &mut Report) {
        for field in &self.fields {
            city.get::<Fields>().expect(&field.id, report);
        }
    }
}

#[cfg(test)]
mod tests {
    use songhan_city::DeclarationKind;

    use super::*;

    fn load(folder: Folder) -> (City, String) {
        let (city, report) = City::load(folder, [DeclarationKind::of::<Codes>()]);
        (city, report.to_string())
    }

    #[test]
    fn a_city_may_say_nothing_or_name_fields() {
        let (city, report) = load(Folder::embedded());
        assert_eq!(report, "");
        assert_eq!(city.get::<Codes>().field("land"), "land");
        let text = "source = \"x\"\n[[field]]\nid = \"land\"\ncode = \"G13-TN01\"\n";
        let (city, report) = load(Folder::embedded().with(FILE, text));
        assert_eq!(report, "");
        let codes = city.get::<Codes>();
        assert_eq!((codes.field("land"), codes.applicant.business.as_str()), ("G13-TN01", "2"));
        let (_, report) = load(Folder::embedded().with(FILE, &text.replace("\"land\"", "\"lan\"")));
        assert!(
            report.contains("national-portal.toml:3: the field `lan` is not known; did you mean `land`?"),
            "{report}"
        );
    }
}
