//! A small workflow with every kind of state, and people of two units.

use songhan_base::{Id, Person, Role};
use songhan_city::{Folder, Term, TermUnit};
use songhan_db::query;
use songhan_testkit::TestCity;

use crate::{Act, Case, NewCase, Outcome, Rejection};

pub const UNIT: &str = "ubnd-hai-chau";
pub const OTHER: &str = "ubnd-hoa-cuong";

pub const WORKFLOW: &str = r#"
code = "small"
name = { vi = "Quy trình thử", en = "Test workflow" }
version = 1
initial = "submitted"

[[state]]
id = "submitted"
name = "Mới nộp"
national = 1
clock = "waiting"
queue = "officer"

[[state]]
id = "processing"
name = "Đang xử lý"
national = 4
clock = "running"
queue = "officer"

[[state]]
id = "supplement"
name = "Chờ bổ sung"
national = 5
clock = "paused"

[[state]]
id = "signing"
name = "Chờ ký"
national = 4
clock = "running"
queue = "leader"

[[state]]
id = "done"
name = "Có kết quả"
national = 9
clock = "stopped"
queue = "officer"

[[state]]
id = "returned"
name = "Đã trả"
national = 10
clock = "stopped"
final = true

[[state]]
id = "refused"
name = "Từ chối"
national = 3
clock = "stopped"
final = true

[[state]]
id = "withdrawn"
name = "Đã rút"
national = 7
clock = "stopped"
final = true

[[action]]
id = "accept"
name = "Tiếp nhận"
from = ["submitted"]
to = "processing"
by = ["officer"]
needs = ["paid"]
effects = ["start_clock"]

[[action]]
id = "refuse"
name = "Từ chối"
from = ["submitted", "processing"]
to = "refused"
by = ["officer", "leader"]
note = "required"
effects = ["stop_clock"]

[[action]]
id = "ask"
name = "Yêu cầu bổ sung"
from = ["submitted", "processing"]
to = "supplement"
by = ["officer"]
note = "required"
effects = ["pause_clock"]
undo_minutes = 15

[[action]]
id = "add"
name = "Bổ sung"
from = ["supplement"]
to = "processing"
by = ["applicant", "officer"]
effects = ["resume_clock"]

[[action]]
id = "propose"
name = "Trình ký"
from = ["processing"]
to = "signing"
by = ["officer"]
undo_minutes = 15
bulk = true

[[action]]
id = "send_back"
name = "Trả lại"
from = ["signing"]
to = "processing"
by = ["leader"]
note = "required"

[[action]]
id = "sign"
name = "Ký"
from = ["signing"]
to = "done"
by = ["leader"]
note = "none"
needs = ["result"]
effects = ["stop_clock"]

[[action]]
id = "return"
name = "Trả kết quả"
from = ["done"]
to = "returned"
by = ["officer", "system"]

[[action]]
id = "withdraw"
name = "Rút hồ sơ"
from = ["submitted", "processing", "supplement"]
to = "withdrawn"
by = ["applicant"]

[[action]]
id = "jot"
name = "Ghi chú"
from = ["submitted", "processing", "signing", "supplement", "done"]
by = ["officer", "leader"]
note = "required"

[[action]]
id = "extend"
name = "Gia hạn"
from = ["processing", "signing"]
by = ["officer"]
note = "required"
effects = ["extend_clock"]
extensions_max = 2
"#;

/// Da Nang with the small workflow beside its own.
pub fn folder() -> Folder {
    Folder::embedded().with("workflows/small.toml", WORKFLOW)
}

pub async fn for_each_database<F, Fut>(test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    songhan_testkit::for_each_database_in(folder(), vec![crate::module()], test).await;
}

pub fn officer(city: &TestCity) -> Person {
    city.person("Lê Thị Hạnh", &[(Role::Officer, Some(UNIT))])
}

pub fn leader(city: &TestCity) -> Person {
    city.person("Trần Quốc Bảo", &[(Role::Leader, Some(UNIT))])
}

/// Ba ngày làm việc.
pub const THREE_DAYS: Term = Term { amount: 3, unit: TermUnit::Days };

pub fn new_case<'a>(unit: &'a str, applicant: &'a Person) -> NewCase<'a> {
    NewCase {
        kind: "dossier",
        topic: "2.000635",
        workflow: "small",
        unit,
        area: None,
        title: "Cấp bản sao trích lục hộ tịch",
        applicant: Some(applicant.account),
        applicant_name: &applicant.name,
        term: Some(THREE_DAYS),
        received_at: None,
        data: serde_json::json!({ "copies": 2 }),
        ..NewCase::default()
    }
}

pub async fn open(city: &TestCity, unit: &str, applicant: &Person) -> Result<Case, Rejection> {
    let cx = city.cx(applicant);
    let mut tx = cx.begin().await?;
    let case = crate::open(&mut tx, &cx, new_case(unit, applicant)).await?;
    tx.commit().await?;
    Ok(case)
}

pub async fn act(city: &TestCity, person: &Person, id: Id, act: Act<'_>) -> Result<Outcome, Rejection> {
    let cx = city.cx(person);
    let mut tx = cx.begin().await?;
    let outcome = crate::act(&mut tx, &cx, id, act).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// An act with every need met and a note for the applicant, which every action of these tests but `sign` takes.
pub fn doing(action: &str) -> Act<'_> {
    Act {
        action,
        public_note: (action != "sign").then_some("theo quy định"),
        facts: &["paid", "result"],
        ..Act::default()
    }
}

/// How many events of a kind were written. Counted in the table: readers of the log on PostgreSQL wait for every
/// transaction of the server, those of other tests included.
pub async fn count_events(city: &TestCity, kind: &str) -> i64 {
    let counted = query("SELECT COUNT(*) FROM events WHERE kind = $1").bind(kind).fetch_one::<(i64,)>(&city.app.db);
    counted.await.unwrap().0
}
