//! A form with every kind of question, for the tests beside the code.

use std::sync::LazyLock;

use jiff::civil::date;
use songhan_base::Lang;
use songhan_city::{Areas, Declaration, Folder, Report};
use songhan_pages::Texts;

use crate::{Answers, CheckContext, Form, Forms};

pub const FORM: &str = r#"code = "sample"
title = { vi = "Tờ khai mẫu", en = "Sample form" }

[[section]]
id = "who"
title = { vi = "Người yêu cầu", en = "Applicant" }
intro = { vi = "Thông tin lấy từ tài khoản của bạn.", en = "Taken from your account." }

[[section.question]]
id = "full_name"
label = { vi = "Họ và tên", en = "Full name" }
widget = "text"
from = "account.name"
screen = "applicant"
schema = { maxLength = 60 }

[[section.question]]
id = "born"
label = { vi = "Ngày sinh", en = "Date of birth" }
widget = "date"
from = "account.date_of_birth"
screen = "applicant"

[[section.question]]
id = "citizen_id"
label = { vi = "Số định danh cá nhân", en = "Citizen identity number" }
widget = "citizen_id"
from = "account.citizen_id"

[[section.question]]
id = "phone"
label = { vi = "Số điện thoại", en = "Telephone" }
widget = "phone"
from = "account.phone"

[[section.question]]
id = "email"
label = { vi = "Thư điện tử", en = "E-mail" }
widget = "email"
required = false

[[section.question]]
id = "area"
label = { vi = "Nơi cư trú", en = "Residence" }
widget = "area"
from = "account.area"

[[section]]
id = "what"
title = { vi = "Nội dung", en = "Request" }

[[section.question]]
id = "kind"
label = { vi = "Bạn cần trích lục nào?", en = "Which extract do you need?" }
widget = "radio"
options = [
  { value = "birth", label = { vi = "Khai sinh", en = "Birth" } },
  { value = "marriage", label = { vi = "Kết hôn", en = "Marriage" }, hint = "Ghi tên cả hai người" },
]

[[section.question]]
id = "spouse_abroad"
label = { vi = "Vợ hoặc chồng ở nước ngoài?", en = "Is the spouse abroad?" }
widget = "yes_no"
when = { question = "kind", is = ["marriage"] }

[[section.question]]
id = "country"
label = { vi = "Nước nào", en = "Which country" }
widget = "text"
when = { question = "spouse_abroad", is = ["yes"] }

[[section.question]]
id = "uses"
label = { vi = "Dùng để làm gì", en = "What for" }
widget = "checkboxes"
required = false
options = [{ value = "school", label = "Đi học" }, { value = "work", label = "Đi làm" }, { value = "other", label = "Khác" }]
schema = { maxItems = 2 }

[[section.question]]
id = "other_use"
label = "Nói rõ"
widget = "textarea"
when = { question = "uses", is = ["other"] }

[[section.question]]
id = "copies"
label = { vi = "Số bản", en = "Copies" }
widget = "number"
schema = { minimum = 1, maximum = 20 }

[[section.question]]
id = "old_number"
label = "Số đăng ký cũ"
widget = "text"
required = false
schema = { pattern = "^[0-9]{1,4}/[0-9]{4}$" }
message = { vi = "Hãy nhập dạng 123/1999", en = "Enter it as 123/1999" }

[[section.question]]
id = "return_by"
label = "Ngày cần có"
widget = "date"
period = "future"
required = false

[[section.question]]
id = "register"
label = "Sổ đăng ký"
widget = "select"
options = [{ value = "a", label = "Quyển A" }, { value = "b", label = "Quyển B" }]
required = false

[[section.question]]
id = "papers"
label = { vi = "Giấy tờ kèm theo", en = "Papers" }
widget = "upload"
accept = ["application/pdf"]
max_files = 2
required = false
"#;

pub const UPLOAD: &str = "01936b3e-0000-7000-8000-000000000001";

const AREAS: &str = "code,name,name_en,kind,parent,valid_from,valid_to,merged_from,population,area_km2,lat,lon,office
48,Thành phố Đà Nẵng,Da Nang City,city,,2025-07-01,,,,,,,
20242,Phường Hải Châu,Hai Chau Ward,ward,48,2025-07-01,,,,,,,
20194,Phường Hải Vân,Hai Van Ward,ward,48,2025-07-01,,,,,,,
20200,Phường Hòa Khê,Hoa Khe Ward,ward,48,2025-07-01,2025-12-31,,,,,,
";

pub static AREAS_OF_SAMPLE: LazyLock<Areas> =
    LazyLock::new(|| Areas::load(&Folder::from_texts([("areas.csv", AREAS)]), &mut Report::default()));
pub static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    Texts::new([("vi", include_str!("../locales/vi.ftl")), ("en", include_str!("../locales/en.ftl"))]).expect("texts")
});

pub fn context(lang: Lang) -> CheckContext<'static> {
    CheckContext { today: date(2026, 11, 21), lang, areas: &AREAS_OF_SAMPLE, texts: &TEXTS }
}

/// Reads a form; its problems as text.
pub fn load(toml: &str) -> (Forms, String) {
    let mut report = Report::default();
    let forms = Forms::load(&Folder::from_texts([("forms/sample.toml", toml)]), &mut report);
    (forms, report.to_string())
}

pub static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let (forms, report) = load(FORM);
    assert_eq!(report, "");
    forms
});

pub fn form() -> &'static Form {
    FORMS.get("sample").expect("the sample form")
}

/// Answers that fit.
pub fn answers() -> Answers {
    serde_json::from_value(serde_json::json!({
        "full_name": "Trần Thị Lan", "born": "1990-02-28", "citizen_id": "048190001234", "phone": "0905123456",
        "area": "20242", "kind": "birth", "copies": 2,
    }))
    .expect("an object")
}
