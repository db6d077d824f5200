//! Records of the published form, for tests.

use serde_json::{Map, Value};
use songhan_app::Module;
use songhan_catalogue::NationalProcedure;

/// The city with everything that procedures need, and an account to sign in with.
pub fn modules() -> Vec<Module> {
    vec![
        songhan_identity::module(),
        songhan_forms::module(),
        songhan_cases::module(),
        songhan_ledger::module(),
        songhan_search::module(),
        crate::module(),
    ]
}

/// A procedure of the commune level as the portal publishes it.
pub fn record(code: &str) -> Map<String, Value> {
    let fields = [
        ("ma_thu_tuc", code),
        ("detail_url", "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/1"),
        ("ten_thu_tuc", "Cấp giấy phép thử"),
        ("so_quyet_dinh", "1/QĐ-BTP"),
        ("cap_thuc_hien", "Cấp xã"),
        ("loai_thu_tuc", "TTHC được luật giao quy định chi tiết"),
        ("linh_vuc", "Hộ tịch"),
        ("doi_tuong_thuc_hien", "Công dân Việt Nam, Doanh nghiệp"),
        ("co_quan_co_tham_quyen", ""),
        ("dia_chi_tiep_nhan", ""),
        ("co_quan_phoi_hop", ""),
        ("trinh_tu_thuc_hien", "Bước 1: Nộp hồ sơ\nBước 2: Nhận kết quả"),
        (
            "cach_thuc_thuc_hien",
            "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến5 Ngày làm việc80,000 VNĐ(/hồ sơ)\
             Trực tiếp5 Ngày làm việc80,000 VNĐ(/hồ sơ)",
        ),
        (
            "thanh_phan_ho_so",
            "--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị cấp giấy phép thử1 bản chính\
             Giấy ủy quyền (nếu có)1 bản chính,1 bản sao",
        ),
        ("can_cu_phap_ly", "Tên văn bản pháp lýMã văn bảnLuật Hộ tịch số 60/2014/QH1360/2014/QH13"),
        ("co_quan_thuc_hien", "Ủy ban nhân dân cấp xã"),
        ("yeu_cau_dieu_kien", "Có nơi cư trú tại xã"),
        ("ket_qua_xu_ly", "Giấy phép thửMã: KQ.G10.000048"),
        ("_bo", "bo-tu-phap"),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), Value::from(value))).collect()
}

/// The same with other cells.
pub fn line(code: &str, change: &[(&str, &str)]) -> String {
    let mut record = record(code);
    record.extend(change.iter().map(|(field, value)| ((*field).to_owned(), Value::from(*value))));
    Value::Object(record).to_string()
}

pub fn with(code: &str, change: &[(&str, &str)]) -> NationalProcedure {
    songhan_catalogue::read(&line(code, change)).expect("a procedure")
}

pub fn reading(code: &str) -> NationalProcedure {
    with(code, &[])
}
