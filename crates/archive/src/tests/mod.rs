//! The archive over dossiers that are handed in, handled and ended for this, on both databases.

mod crash;
mod life;
mod pages;
mod terms;

use serde_json::{Value, json};
use songhan_app::Module;
use songhan_base::Role;
use songhan_city::Folder;
use songhan_testkit::{Client, Desk, TestCity, UNIT};

pub fn modules() -> Vec<Module> {
    [songhan_services::modules(), vec![crate::module()]].concat()
}

/// A city that keeps everything for a year to the day.
pub fn one_year() -> Folder {
    keeping("years = 1")
}

/// A city with one term for everything.
pub fn keeping(term: &str) -> Folder {
    let source = "source = \"thử nghiệm\"";
    let text = format!(
        "[hand_in]\nmonths = 6\n{source}\n[count]\nfrom = \"day\"\n{source}\n[withdrawal]\ndays = 7\n{source}\n\
         [numbers]\nhandover = \"{{number}}/BBGN{{agency}}\"\ndecision = \"{{number}}/QĐ-TH{{agency}}\"\n{source}\n\
         [default]\nname = \"mọi hồ sơ\"\n[[default.term]]\nfrom = 2020-01-01\n{term}\n{source}\n"
    );
    Folder::embedded().with("retention.toml", &text)
}

/// A desk whose unit has a second leader.
pub struct Archive {
    pub city: TestCity,
    pub desk: Desk,
    pub second: Client,
}

impl Archive {
    pub fn new(city: &TestCity) -> Self {
        let second = city.person("Huỳnh Tấn Phát", &[(Role::Leader, Some(UNIT))]);
        Self { city: city.clone(), desk: Desk::new(city), second: city.client(&second) }
    }

    /// A dossier that was refused, and so has ended.
    pub async fn refused(&mut self) -> String {
        let code = self.desk.hand_in(UNIT).await;
        self.desk.go(&code, &["refuse"]).await;
        self.city.settle().await;
        code
    }

    /// A dossier with a paper and a result, handed over.
    pub async fn finished(&mut self) -> String {
        let code = self.desk.hand_in(UNIT).await;
        self.desk.go(&code, &["accept", "process", "request_supplement"]).await;
        let upload = upload(&mut self.desk.lan).await;
        let path = format!("/api/v1/dossiers/{code}/actions/supplement");
        self.desk.lan.post(&path, &json!({ "uploads": [upload] })).await.expect(200);
        self.desk.go(&code, &["propose", "sign"]).await;
        self.city.settle().await;
        self.desk.go(&code, &["hand_over"]).await;
        self.city.settle().await;
        code
    }

    /// Hands everything of this year in.
    pub async fn hand_in(&mut self) -> Value {
        let key = self.city.app.env.id().to_string();
        let body = json!({ "unit": UNIT, "year": 2026 });
        let batch = self.desk.officer.post_once("/api/v1/archive/batches", &key, &body).await.expect(201).json();
        self.city.settle().await;
        batch
    }

    /// Proposes everything whose term is over; the list's id.
    pub async fn propose(&mut self) -> String {
        let key = self.city.app.env.id().to_string();
        let body = json!({ "unit": UNIT });
        let list = self.desk.officer.post_once("/api/v1/archive/disposals", &key, &body).await.expect(201).json();
        list["id"].as_str().expect("an id").to_owned()
    }

    pub async fn entries(&mut self, view: &str) -> Vec<Value> {
        let path = format!("/api/v1/archive/entries?unit={UNIT}&view={view}");
        self.desk.officer.get(&path).await.expect(200).json()["items"].as_array().expect("items").clone()
    }

    pub fn days_go_by(&self, days: u64) {
        self.city.clock.advance(std::time::Duration::from_secs(days * 24 * 3600));
    }
}

/// Uploads a small file by the API.
async fn upload(client: &mut Client) -> String {
    let mark = "a-boundary";
    let body = format!(
        "--{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"giay-khai-sinh.pdf\"\r\n\
         content-type: application/pdf\r\n\r\n%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n\r\n--{mark}--\r\n"
    );
    let kind = format!("multipart/form-data; boundary={mark}");
    let sent = client.send(axum::http::Method::POST, "/api/v1/uploads", Some(&kind), body.into_bytes()).await;
    let id = sent.json()["id"].clone();
    id.as_str().expect("an upload").to_owned()
}
