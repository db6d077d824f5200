//! What the portal is told, in its own names: a dossier (`DongBoHoSoMC`) and the steps of its processing
//! (`CapNhatTienDoHoSoMC`). Pure: facts in, messages out. Every value is a text, as the protocol wants it.
//!
//! No more of a person than the protocol asks for: the name of whose dossier it is, and of the officials who acted.
//! Numbers, addresses, telephones and answers stay here.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use songhan_base::Money;

use crate::codes::Codes;

/// Yêu cầu bổ sung giấy tờ.
const SUPPLEMENT: i64 = 5;
/// Đã trả kết quả.
const RETURNED: i64 = 10;

/// A dossier, as it stands now.
#[derive(Clone, Debug)]
pub struct Facts {
    pub code: String,
    pub procedure: String,
    pub title: String,
    /// Id of the field in the city.
    pub field: String,
    pub field_name: String,
    pub holder_name: String,
    pub holder: Holder,
    pub received_at: Timestamp,
    pub due_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub status: i64,
    /// The national code of the channel.
    pub channel: i64,
    pub unit_name: String,
    pub papers: Vec<Paper>,
    pub fees: Vec<Fee>,
    /// The whole timeline, oldest first.
    pub steps: Vec<Step>,
    pub results: Vec<Document>,
    /// The result goes by post.
    pub by_post: bool,
}

/// Đối tượng: whose a dossier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Citizen,
    Business,
    Organisation,
}

#[derive(Clone, Debug)]
pub struct Paper {
    pub id: String,
    pub name: String,
    /// The question that it answers.
    pub part: String,
    /// The national code of its digitisation: 0 none, 1 digitised, 2 reused, 3 reused result of another dossier.
    pub digitisation: i64,
    /// There is a file behind it.
    pub has_file: bool,
}

#[derive(Clone, Debug)]
pub struct Fee {
    pub code: String,
    pub name: String,
    pub amount: Money,
    pub at_counter: bool,
    /// Lệ phí; else phí.
    pub is_levy: bool,
}

/// A step of the timeline.
#[derive(Clone, Debug)]
pub struct Step {
    pub seq: i64,
    pub at: Timestamp,
    pub who: String,
    pub what: String,
    /// The national status that it led to.
    pub status: i64,
    /// What the applicant was told.
    pub told: Option<String>,
    pub due_at: Option<Timestamp>,
    /// It is for the portal; what it told us itself is not.
    pub is_ours: bool,
}

#[derive(Clone, Debug)]
pub struct Document {
    pub id: String,
    pub name: String,
    /// Where anyone can verify it.
    pub url: String,
}

/// One element of `data` in `DongBoHoSoMC`.
#[derive(Debug, Serialize)]
pub struct Dossier {
    #[serde(rename = "MaHoSo")]
    code: String,
    #[serde(rename = "MaTTHC")]
    procedure: String,
    #[serde(rename = "TenTTHC")]
    title: String,
    #[serde(rename = "MaLinhVuc")]
    field: String,
    #[serde(rename = "TenLinhVuc")]
    field_name: String,
    #[serde(rename = "KenhThucHien")]
    channel: String,
    #[serde(rename = "ChuHoSo")]
    holder_name: String,
    #[serde(rename = "LoaiDoiTuong")]
    holder: String,
    #[serde(rename = "NgayTiepNhan")]
    received_at: String,
    #[serde(rename = "NgayHenTra")]
    due_at: String,
    #[serde(rename = "TrangThaiHoSo")]
    status: String,
    #[serde(rename = "NgayTra")]
    returned_at: String,
    #[serde(rename = "HinhThuc")]
    handover: String,
    #[serde(rename = "NgayKetThucXuLy")]
    finished_at: String,
    #[serde(rename = "DonViXuLy")]
    unit_name: String,
    #[serde(rename = "TaiLieuNop")]
    papers: Vec<DossierPaper>,
    #[serde(rename = "DanhSachLePhi")]
    fees: Vec<DossierFee>,
    #[serde(rename = "DanhSachHoSoBoSung")]
    supplements: Vec<Supplement>,
    #[serde(rename = "DanhSachGiayToKetQua")]
    results: Vec<ResultPaper>,
}

#[derive(Debug, Serialize)]
struct DossierPaper {
    #[serde(rename = "TepDinhKemId")]
    id: String,
    #[serde(rename = "TenTepDinhKem")]
    name: String,
    #[serde(rename = "IsDeleted")]
    is_deleted: &'static str,
    #[serde(rename = "MaThanhPhanHoSo")]
    part: String,
    // Papers are for the office and the applicant: they have no address that another system could open.
    #[serde(rename = "DuongDanTaiTepTin")]
    url: &'static str,
    #[serde(rename = "DuocSoHoa")]
    digitised: &'static str,
    #[serde(rename = "DuocTaiSuDung")]
    reused: &'static str,
}

#[derive(Debug, Serialize)]
struct DossierFee {
    #[serde(rename = "TenPhiLePhi")]
    name: String,
    #[serde(rename = "MaPhiLePhi")]
    code: String,
    #[serde(rename = "HinhThucThu")]
    collected: String,
    #[serde(rename = "Gia")]
    amount: String,
    #[serde(rename = "LoaiPhiLePhi")]
    kind: String,
}

#[derive(Debug, Serialize)]
struct Supplement {
    #[serde(rename = "HoSoBoSungId")]
    id: String,
    #[serde(rename = "NguoiYeuCauBoSung")]
    asked_by: String,
    #[serde(rename = "NoiDungBoSung")]
    text: String,
    #[serde(rename = "NgayBoSung")]
    asked_at: String,
    #[serde(rename = "NguoiTiepNhanBoSung")]
    received_by: String,
    #[serde(rename = "ThongTinTiepNhan")]
    received_text: String,
    #[serde(rename = "NgayTiepNhanBoSung")]
    received_at: String,
    #[serde(rename = "TrangThaiBoSung")]
    is_done: &'static str,
    #[serde(rename = "NgayHenTraTruoc")]
    due_before: String,
    #[serde(rename = "NgayHenTraMoi")]
    due_after: String,
}

#[derive(Debug, Serialize)]
struct ResultPaper {
    #[serde(rename = "TenGiayTo")]
    name: String,
    #[serde(rename = "MaThanhPhanHoSo")]
    part: &'static str,
    #[serde(rename = "GiayToId")]
    id: String,
    #[serde(rename = "DuongDanTepTinKetQua")]
    url: String,
}

/// One element of `data` in `CapNhatTienDoHoSoMC`.
#[derive(Debug, Serialize)]
pub struct Progress {
    #[serde(rename = "MaHoSo")]
    code: String,
    #[serde(rename = "NguoiXuLy")]
    who: String,
    #[serde(rename = "ChucDanh")]
    title: &'static str,
    #[serde(rename = "ThoiDiemXuLy")]
    at: String,
    #[serde(rename = "PhongBanXuLy")]
    unit_name: String,
    #[serde(rename = "NoiDungXuLy")]
    what: String,
    #[serde(rename = "TrangThai")]
    status: String,
    #[serde(rename = "NgayBatDau")]
    begun_at: &'static str,
    #[serde(rename = "NgayKetThucTheoQuyDinh")]
    due_at: String,
}

/// `yyyyMMddHHmmss` in the city's time.
fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y%m%d%H%M%S").to_string()
}

fn time_or_none(at: Option<Timestamp>, zone: &TimeZone) -> String {
    at.map_or_else(String::new, |at| time(at, zone))
}

const fn flag(is: bool) -> &'static str {
    if is { "1" } else { "0" }
}

/// The dossier as the portal wants it.
pub fn dossier(facts: &Facts, codes: &Codes, zone: &TimeZone) -> Dossier {
    // What was undone and done again counts from the last time.
    let returned = facts.steps.iter().rev().take_while(|step| step.status == RETURNED).last();
    let holder = match facts.holder {
        Holder::Citizen => &codes.applicant.citizen,
        Holder::Business => &codes.applicant.business,
        Holder::Organisation => &codes.applicant.organisation,
    };
    Dossier {
        code: facts.code.clone(),
        procedure: facts.procedure.clone(),
        title: facts.title.clone(),
        field: codes.field(&facts.field).to_owned(),
        field_name: facts.field_name.clone(),
        channel: facts.channel.to_string(),
        holder_name: facts.holder_name.clone(),
        holder: holder.clone(),
        received_at: time(facts.received_at, zone),
        due_at: time_or_none(facts.due_at, zone),
        status: facts.status.to_string(),
        returned_at: time_or_none(returned.map(|step| step.at), zone),
        handover: if facts.by_post { &codes.handover.post } else { &codes.handover.counter }.clone(),
        finished_at: time_or_none(facts.finished_at, zone),
        unit_name: facts.unit_name.clone(),
        papers: facts.papers.iter().map(paper).collect(),
        fees: facts.fees.iter().map(|one| fee(one, codes)).collect(),
        supplements: supplements(&facts.steps, zone),
        results: facts.results.iter().map(result).collect(),
    }
}

fn paper(paper: &Paper) -> DossierPaper {
    DossierPaper {
        id: paper.id.clone(),
        name: paper.name.clone(),
        is_deleted: "False",
        part: paper.part.clone(),
        url: "",
        digitised: flag(paper.has_file),
        reused: flag(paper.digitisation >= 2),
    }
}

fn fee(fee: &Fee, codes: &Codes) -> DossierFee {
    let (collected, charge) = (&codes.collected, &codes.charge);
    DossierFee {
        name: fee.name.clone(),
        code: fee.code.clone(),
        collected: if fee.at_counter { &collected.counter } else { &collected.online }.clone(),
        amount: fee.amount.0.to_string(),
        kind: if fee.is_levy { &charge.levy } else { &charge.fee }.clone(),
    }
}

fn result(document: &Document) -> ResultPaper {
    let Document { id, name, url } = document.clone();
    ResultPaper { name, part: "", id, url }
}

/// Each time that papers were asked for, with what became of it.
fn supplements(steps: &[Step], zone: &TimeZone) -> Vec<Supplement> {
    let mut found: Vec<Supplement> = Vec::new();
    let (mut before, mut due): (i64, Option<Timestamp>) = (0, None);
    for step in steps {
        if step.status == SUPPLEMENT && before != SUPPLEMENT {
            found.push(Supplement {
                id: (found.len() + 1).to_string(),
                asked_by: step.who.clone(),
                text: step.told.clone().unwrap_or_else(|| step.what.clone()),
                asked_at: time(step.at, zone),
                received_by: String::new(),
                received_text: String::new(),
                received_at: String::new(),
                is_done: "False",
                due_before: time_or_none(due, zone),
                due_after: String::new(),
            });
        } else if before == SUPPLEMENT
            && step.status != SUPPLEMENT
            && let Some(open) = found.last_mut()
        {
            open.received_by.clone_from(&step.who);
            open.received_text.clone_from(&step.what);
            open.received_at = time(step.at, zone);
            open.is_done = "True";
            open.due_after = time_or_none(step.due_at, zone);
        }
        before = step.status;
        due = step.due_at.or(due);
    }
    found
}

/// The steps after the one of that number.
pub fn progress(facts: &Facts, after: i64, zone: &TimeZone) -> Vec<Progress> {
    let new = facts.steps.iter().filter(|step| step.seq > after && step.is_ours);
    let one = |step: &Step| Progress {
        code: facts.code.clone(),
        who: step.who.clone(),
        title: "",
        at: time(step.at, zone),
        unit_name: facts.unit_name.clone(),
        what: step.what.clone(),
        status: step.status.to_string(),
        begun_at: "",
        due_at: time_or_none(step.due_at, zone),
    };
    new.map(one).collect()
}

#[cfg(test)]
mod tests;
