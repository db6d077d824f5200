//! A desk in a test: people of two units and dossiers without a fee, all by the API, so that it knows no system.

use serde_json::{Value, json};
use songhan_base::Role;

use crate::{Answer, Client, TestCity};

/// The unit of the desk, and another one.
pub const UNIT: &str = "ubnd-hai-chau";
pub const OTHER: &str = "ubnd-hoa-cuong";
/// Thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi: five working days, a term for each step, no fee.
pub const INSURANCE: &str = "1.001939";

pub struct Desk {
    pub city: TestCity,
    pub lan: Client,
    pub officer: Client,
    pub leader: Client,
    /// An officer of the other unit.
    pub other: Client,
}

impl Desk {
    pub fn new(city: &TestCity) -> Self {
        let lan = city.resident("Nguyễn Thị Lan");
        let officer = city.person("Lê Văn Bình", &[(Role::Officer, Some(UNIT))]);
        let leader = city.person("Phan Đức Long", &[(Role::Leader, Some(UNIT))]);
        let other = city.person("Đỗ Thị Mai", &[(Role::Officer, Some(OTHER))]);
        Self {
            lan: city.client(&lan),
            officer: city.client(&officer),
            leader: city.client(&leader),
            other: city.client(&other),
            city: city.clone(),
        }
    }

    /// Hands in a request for a card; gives the dossier's code.
    pub async fn hand_in(&mut self, unit: &str) -> String {
        self.submit(INSURANCE, unit, insurance()).await
    }

    pub async fn submit(&mut self, procedure: &str, unit: &str, answers: Value) -> String {
        let body = json!({ "procedure": procedure, "unit": unit, "answers": answers });
        let key = self.city.app.env.id().to_string();
        let receipt = self.lan.post_once("/api/v1/dossiers", &key, &body).await.expect(201).json();
        receipt["code"].as_str().expect("a code").to_owned()
    }

    /// Does an action by its officer or, what is a leader's, by the leader.
    pub async fn act(&mut self, code: &str, action: &str, body: Value) -> Answer {
        let path = format!("/api/v1/dossiers/{code}/actions/{action}");
        let client = if matches!(action, "sign" | "send_back") { &mut self.leader } else { &mut self.officer };
        client.post(&path, &body).await
    }

    /// Does actions one after the other, each with the same note where it takes one.
    pub async fn go(&mut self, code: &str, actions: &[&str]) {
        for action in actions {
            let needs_note = matches!(*action, "refuse" | "stop" | "request_supplement" | "send_back");
            let body = if needs_note { json!({ "note": "Theo quy định" }) } else { json!({}) };
            self.act(code, action, body).await.expect(200);
        }
    }
}

fn insurance() -> Value {
    json!({
        "child_name": "Trần Bảo An", "child_born": "2025-01-05", "child_citizen_id": "048225000123",
        "child_sex": "male", "child_address": "24 Trần Phú", "card_before": false, "clinic": "Trạm Y tế Hải Châu",
        "applicant_name": "Nguyễn Thị Lan", "applicant_citizen_id": "048190001234", "applicant_phone": "0905123456",
        "relation": "mother", "card_delivery": "electronic",
    })
}
