//! Tests over HTTP and the database, on both engines.

mod counter;
mod delegations;
mod grants;
mod limits;
mod mandates;
mod pages;
mod register;
mod rights;
mod second_factor;
mod sessions;

use serde_json::{Value, json};
use songhan_testkit::{Client, TestCity, for_each_database};

pub const PASSWORD: &str = "thuyền thúng ra khơi";

/// Runs a test with this module alone, on both databases.
pub async fn each<F, Fut>(test: F)
where
    F: Fn(TestCity) -> Fut,
    Fut: Future<Output = ()>,
{
    for_each_database(vec![crate::module()], test).await;
}

/// A new account as a program sends it; `n` makes it another person.
pub fn account_of(n: u32) -> Value {
    json!({
        "name": "Nguyễn Thị Lan", "citizen_id": format!("04819000{n:04}"), "date_of_birth": "1990-05-04",
        "phone": format!("090500{n:04}"), "email": format!("Lan.{n}@example.com"), "password": PASSWORD,
        "address": "24 Trần Phú", "area": "20242",
    })
}

/// Makes an account; answers its id.
pub async fn register(city: &TestCity, n: u32) -> String {
    let made = city.visitor().post("/api/v1/accounts", &account_of(n)).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// Signs in as a program.
pub async fn sign_in(city: &TestCity, n: u32) -> Client {
    let input = json!({ "login": format!("04819000{n:04}"), "password": PASSWORD });
    let token = city.visitor().post("/api/v1/sessions", &input).await.expect(201).json();
    bearer(city, token["token"].as_str().unwrap())
}

pub fn bearer(city: &TestCity, token: &str) -> Client {
    city.visitor().with("authorization", &format!("Bearer {token}"))
}

/// The actions of the audit log, in order.
pub async fn audited(city: &TestCity) -> Vec<String> {
    let rows: Vec<(String,)> =
        songhan_db::query("SELECT action FROM audit WHERE action LIKE 'identity.%' ORDER BY seq")
            .fetch_all(&city.app.db)
            .await
            .unwrap();
    rows.into_iter().map(|(action,)| action.trim_start_matches("identity.").to_owned()).collect()
}
