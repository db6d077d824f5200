//! A stand-in for the national portal's adapter, shaped as one-stop software knows it: a login that gives a session, then
//! one address for all services, told apart by `service`. What was taken can be read at `/national`.
//!
//! Dossiers are checked as the portal would: texts, times, statuses, and a procedure that is published. Tests and visitors
//! make it forget sessions, go out of order, and tell of progress.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Form, Json};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::page::{page, rows, text};

/// Account that the demonstration's city uses; everyone knows it.
const USERNAME: &str = "MOPHONG1";
const PASSWORD: &str = "mo-phong-khong-gui-that";
/// What is kept; a stand-in that runs for months must not grow.
const KEPT: usize = 2_000;

/// What the portal knows.
#[derive(Default)]
pub struct Portal(Mutex<Known>);

#[derive(Default)]
struct Known {
    sessions: HashSet<String>,
    logins: usize,
    dossiers: BTreeMap<String, Taken>,
    /// Procedures that are not published, so that their dossiers are refused.
    unpublished: HashSet<String>,
    out_of_order: bool,
    told: Vec<Value>,
}

/// A dossier as it was taken.
#[derive(Clone, Serialize)]
struct Taken {
    dossier: Value,
    steps: Vec<Value>,
    /// How often it was sent.
    times: usize,
}

impl Portal {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(code: &str, message: &str) -> Response {
    Json(json!({ "error_code": code, "message": message })).into_response()
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

/// Gives a session.
pub async fn log_in(State(sandbox): State<Arc<Sandbox>>, body: String) -> Response {
    let mut known = sandbox.national.known();
    if known.out_of_order {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Ok(login) = serde_json::from_str::<Login>(&body) else { return answer("10", "Sai định dạng dữ liệu") };
    if login.username != USERNAME || login.password != PASSWORD {
        return answer("11", "Sai tài khoản hoặc mật khẩu");
    }
    let session = HEXLOWER.encode(&sandbox.env.random::<16>());
    known.logins += 1;
    known.sessions.insert(session.clone());
    Json(json!({ "error_code": 0, "message": "Thành công", "session": session })).into_response()
}

#[derive(Deserialize)]
struct Call {
    session: String,
    madonvi: String,
    service: String,
    #[serde(rename = "isUpdating", default)]
    is_updating: String,
    #[serde(default)]
    data: Vec<Value>,
    #[serde(default)]
    mahoso: String,
    #[serde(default)]
    tungay: String,
    #[serde(default)]
    denngay: String,
}

/// Every service.
pub async fn serve(State(sandbox): State<Arc<Sandbox>>, body: String) -> Response {
    let mut known = sandbox.national.known();
    if known.out_of_order {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Ok(call) = serde_json::from_str::<Call>(&body) else { return answer("10", "Sai định dạng dữ liệu") };
    if !known.sessions.contains(&call.session) {
        return answer("401", "Phiên làm việc không tồn tại hoặc đã hết hạn");
    }
    if call.madonvi.is_empty() {
        return answer("12", "Thiếu mã đơn vị");
    }
    match call.service.as_str() {
        "DongBoHoSoMC" => take_dossiers(&mut known, &call),
        "CapNhatTienDoHoSoMC" => take_progress(&mut known, &call),
        "TraCuuHoSo" => {
            let found: Vec<&Value> = known.dossiers.get(&call.mahoso).map(|taken| &taken.dossier).into_iter().collect();
            Json(json!({ "error_code": "00", "result": found })).into_response()
        }
        "LayDanhSachTienDoHoSo" => {
            let within = |entry: &&Value| {
                let at = entry["ThoiDiemXuLy"].as_str().unwrap_or_default();
                at >= call.tungay.as_str() && (call.denngay.is_empty() || at <= call.denngay.as_str())
            };
            let found: Vec<&Value> = known.told.iter().filter(within).collect();
            Json(json!({ "error_code": "00", "result": found })).into_response()
        }
        _ => answer("13", "Không có dịch vụ này"),
    }
}

fn take_dossiers(known: &mut Known, call: &Call) -> Response {
    let is_updating = match call.is_updating.as_str() {
        "True" => true,
        "False" => false,
        _ => return answer("14", "isUpdating phải là True hoặc False"),
    };
    for dossier in &call.data {
        if let Some(wrong) = wrong(known, dossier) {
            return answer("20", &wrong);
        }
        let is_known = known.dossiers.contains_key(field(dossier, "MaHoSo"));
        if is_known != is_updating {
            return answer("21", if is_known { "Hồ sơ đã có" } else { "Hồ sơ chưa có để cập nhật" });
        }
    }
    for dossier in &call.data {
        let code = field(dossier, "MaHoSo").to_owned();
        match known.dossiers.get_mut(&code) {
            Some(taken) => {
                taken.dossier = dossier.clone();
                taken.times += 1;
            }
            None => {
                known.dossiers.insert(code, Taken { dossier: dossier.clone(), steps: Vec::new(), times: 1 });
            }
        }
    }
    while known.dossiers.len() > KEPT {
        known.dossiers.pop_first();
    }
    answer("0", "Thành công")
}

fn take_progress(known: &mut Known, call: &Call) -> Response {
    for step in &call.data {
        let (code, at) = (field(step, "MaHoSo"), field(step, "ThoiDiemXuLy"));
        let is_whole = is_time(at) && !field(step, "NguoiXuLy").is_empty() && is_status(field(step, "TrangThai"));
        let Some(taken) = known.dossiers.get_mut(code) else {
            return answer("22", "Hồ sơ chưa được đồng bộ");
        };
        if !is_whole {
            return answer("20", "Tiến độ thiếu NguoiXuLy, ThoiDiemXuLy hoặc TrangThai");
        }
        // The same step again is the same step.
        if !taken.steps.contains(step) {
            taken.steps.push(step.clone());
        }
    }
    answer("0", "Thành công")
}

fn field<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}

fn is_time(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_status(text: &str) -> bool {
    text.parse::<u8>().is_ok_and(|status| (1..=10).contains(&status))
}

/// What is wrong with a dossier.
fn wrong(known: &Known, dossier: &Value) -> Option<String> {
    let needed = [
        "MaHoSo",
        "MaTTHC",
        "TenTTHC",
        "MaLinhVuc",
        "ChuHoSo",
        "LoaiDoiTuong",
        "NgayTiepNhan",
        "TrangThaiHoSo",
        "HinhThuc",
        "DonViXuLy",
    ];
    if let Some(missing) = needed.into_iter().find(|name| field(dossier, name).is_empty()) {
        return Some(format!("Thiếu {missing}"));
    }
    if known.unpublished.contains(field(dossier, "MaTTHC")) {
        return Some(format!("Thủ tục {} chưa công khai trên Cổng", field(dossier, "MaTTHC")));
    }
    for name in ["NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy"] {
        let at = field(dossier, name);
        if !at.is_empty() && !is_time(at) {
            return Some(format!("{name} không theo dạng yyyyMMddHHmmss"));
        }
    }
    if !is_status(field(dossier, "TrangThaiHoSo")) {
        return Some("TrangThaiHoSo phải từ 1 đến 10".to_owned());
    }
    let lists = ["TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"];
    let missing = lists.into_iter().find(|name| !dossier[*name].is_array());
    missing.map(|name| format!("{name} phải là danh sách"))
}

#[derive(Deserialize)]
pub struct Change {
    /// `expire`, `stop`, `start`, `unpublish`, `publish` or `tell`.
    what: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    text: String,
}

/// What tests and visitors change.
pub async fn change(State(sandbox): State<Arc<Sandbox>>, Form(change): Form<Change>) -> Response {
    let at = sandbox.env.now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
    let mut known = sandbox.national.known();
    match change.what.as_str() {
        "expire" => known.sessions.clear(),
        "stop" => known.out_of_order = true,
        "start" => known.out_of_order = false,
        "unpublish" => {
            known.unpublished.insert(change.code);
        }
        "publish" => {
            known.unpublished.remove(&change.code);
        }
        "tell" => {
            let status = if is_status(&change.status) { change.status } else { "4".to_owned() };
            known.told.push(json!({
                "MaHoSo": change.code, "NguoiXuLy": "Cán bộ Cổng (mô phỏng)", "PhongBanXuLy": "Cổng Dịch vụ công quốc gia",
                "ThoiDiemXuLy": at.strftime("%Y%m%d%H%M%S").to_string(), "NoiDungXuLy": change.text, "TrangThai": status,
            }));
            if known.told.len() > KEPT {
                known.told.remove(0);
            }
        }
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    }
    ([(axum::http::header::LOCATION, "/national")], StatusCode::SEE_OTHER).into_response()
}

/// What was taken, for people.
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    let known = sandbox.national.known();
    let list = known.dossiers.values().rev().take(50).map(|taken| {
        let get = |name| field(&taken.dossier, name).to_owned();
        let steps = taken.steps.iter().map(|step| field(step, "NoiDungXuLy")).collect::<Vec<_>>().join("; ");
        rows(&[
            ("Mã hồ sơ / Code", get("MaHoSo")),
            ("Thủ tục / Procedure", get("TenTTHC")),
            ("Chủ hồ sơ / Holder", get("ChuHoSo")),
            ("Trạng thái / Status", get("TrangThaiHoSo")),
            ("Hẹn trả / Due", get("NgayHenTra")),
            ("Tiến độ / Steps", steps),
        ])
    });
    let list: String = list.collect();
    let none = "<p>Chưa nhận hồ sơ nào. <span lang=\"en\">No dossiers yet.</span></p>";
    let state = if known.out_of_order { "Đang ngừng / Out of order" } else { "Đang hoạt động / Working" };
    let switch = if known.out_of_order { ("start", "Mở lại / Start") } else { ("stop", "Ngừng / Stop") };
    let body = format!(
        "<h1>Cổng Dịch vụ công quốc gia mô phỏng <span lang=\"en\">Simulated national portal</span></h1>\
         <p>{state}</p>\
         <form method=\"post\" action=\"/national/change\"><button class=\"plain\" name=\"what\" value=\"{}\">{}</button></form>\
         <details><summary>Báo tiến độ một hồ sơ / Tell of a dossier</summary>\
         <form method=\"post\" action=\"/national/change\"><input type=\"hidden\" name=\"what\" value=\"tell\">\
         <label>Mã hồ sơ / Code<input name=\"code\" required></label>\
         <label>Trạng thái / Status<input name=\"status\" value=\"4\" inputmode=\"numeric\"></label>\
         <label>Nội dung / Text<input name=\"text\" required></label><button>Báo / Tell</button></form></details>{}",
        switch.0,
        switch.1,
        if known.dossiers.is_empty() { none } else { &list }
    );
    page(&text("Cổng quốc gia mô phỏng / Simulated national portal"), &body)
}

/// What was taken, for tests.
pub async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let known = sandbox.national.known();
    Json(json!({ "dossiers": known.dossiers, "logins": known.logins }))
}
