//! What these tests share beside the desk: a request that is three.

use serde_json::{Value, json};
pub use songhan_testkit::{Desk, INSURANCE, OTHER, UNIT};

pub use crate::modules;

/// Liên thông khai sinh.
pub const BIRTH: &str = "3.000722";

/// The joint request for a newborn.
pub fn newborn() -> Value {
    json!({
        "child_name": "Trần Bảo An", "child_born": "2026-11-05", "birth_place": "Bệnh viện Phụ sản - Nhi Đà Nẵng",
        "child_sex": "male", "ethnicity": "Kinh", "home_place": "Đà Nẵng", "mother_name": "Nguyễn Thị Lan",
        "mother_citizen_id": "048190001234", "married": false, "birth_proof": "electronic", "home_with": "mother",
        "home_address": "24 Trần Phú", "head_name": "Nguyễn Văn Tám 048060001235", "clinic": "Trạm Y tế Hải Châu",
        "identity_card": false, "applicant_name": "Nguyễn Thị Lan", "applicant_citizen_id": "048190001234",
        "applicant_phone": "0905123456", "relation": "mother",
    })
}
