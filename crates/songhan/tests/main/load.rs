//! Sixty-four people at once: they hand in dossiers, pay, complete, withdraw, have them accepted; and write down what
//! was acknowledged.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::people::{Resident, bank_notice, gateway_notice, text};
use crate::site::Site;
use crate::web::{Ask, Web};

pub const CLIENTS: usize = 64;
pub const UNITS: [&str; 4] = ["ubnd-hai-chau", "ubnd-an-hai", "ubnd-thanh-khe", "ubnd-hai-van"];

/// A dossier whose receipt somebody holds.
#[derive(Clone, Debug)]
pub struct Handed {
    pub key: String,
    pub code: String,
    pub applicant: String,
    pub charge: String,
    pub reference: String,
    pub amount: i64,
}

/// What somebody was told is done.
#[derive(Clone, Debug, Default)]
pub struct Acknowledged {
    pub dossiers: Vec<Handed>,
    /// Charges, each paid once, with the bank's transaction where it was a transfer.
    pub paid: Vec<(String, Option<String>)>,
    pub steps: Vec<(String, &'static str)>,
}

/// The people, the officers' tokens, and what they were told.
pub struct Load {
    pub web: Web,
    pub residents: Vec<Resident>,
    officers: Vec<String>,
    done: Mutex<Acknowledged>,
    stopped: AtomicBool,
    /// How many papers of each kind [`Load::more`] lets be asked for. Each is typeset and signed, which takes a while: no
    /// test is to wait for hundreds, and in each part of a test some are on their way.
    papers: usize,
    /// Acceptances still to be made, each with a receipt.
    acceptances: AtomicUsize,
    /// Completions still to be asked for, each with a slip.
    completions: AtomicUsize,
    /// The round that each client is in.
    rounds: Vec<AtomicUsize>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
}

impl Load {
    /// Everyone registers, signs in and begins.
    pub async fn begin(site: &Site, web: &Web, clients: usize, papers: usize) -> Arc<Self> {
        let mut registering = JoinSet::new();
        for n in 0..clients {
            let web = web.clone();
            registering.spawn(async move { (n, Resident::register(&web, n).await) });
        }
        let mut residents = registering.join_all().await;
        residents.sort_by_key(|(n, _)| *n);
        let mut officers = Vec::new();
        for unit in UNITS {
            officers.push(site.token("officer", Some(unit)).await);
        }
        let load = Arc::new(Self {
            web: web.clone(),
            residents: residents.into_iter().map(|(_, resident)| resident).collect(),
            officers,
            done: Mutex::default(),
            stopped: AtomicBool::new(false),
            papers,
            acceptances: AtomicUsize::new(papers),
            completions: AtomicUsize::new(papers),
            rounds: (0..clients).map(|_| AtomicUsize::new(0)).collect(),
            tasks: tokio::sync::Mutex::default(),
        });
        load.go_on().await;
        load
    }

    /// Everyone begins again, after [`Load::end`].
    pub async fn go_on(self: &Arc<Self>) {
        self.stopped.store(false, Ordering::Relaxed);
        for n in 0..self.residents.len() {
            self.tasks.lock().await.spawn(live(self.clone(), n));
        }
    }

    pub fn acknowledged(&self) -> Acknowledged {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut Acknowledged)) {
        change(&mut self.done.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits until so many more dossiers are acknowledged.
    pub async fn more(&self, dossiers: usize) {
        self.acceptances.fetch_add(self.papers, Ordering::Relaxed);
        self.completions.fetch_add(self.papers, Ordering::Relaxed);
        let wanted = self.acknowledged().dossiers.len() + dossiers;
        let waited = tokio::time::timeout(Duration::from_secs(60), async {
            while self.acknowledged().dossiers.len() < wanted {
                self.expect_alive().await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        waited.await.expect("dossiers are acknowledged within a minute");
    }

    /// Fails with the reason when one of the clients has failed.
    async fn expect_alive(&self) {
        if let Some(ended) = self.tasks.lock().await.try_join_next() {
            ended.expect("a client goes on");
        }
    }

    /// Everyone finishes what they have begun, and stops.
    pub async fn end(&self) -> Acknowledged {
        self.stopped.store(true, Ordering::Relaxed);
        let mut tasks = self.tasks.lock().await;
        while let Some(ended) = tasks.join_next().await {
            ended.expect("a client ends");
        }
        self.acknowledged()
    }
}

async fn live(load: Arc<Load>, n: usize) {
    let resident = &load.residents[n];
    let officer = &load.officers[n % UNITS.len()];
    while !load.stopped.load(Ordering::Relaxed) {
        let round = load.rounds[n].fetch_add(1, Ordering::Relaxed);
        let key = format!("dossier-{n}-{round}");
        let handed = submit(&load, resident, UNITS[n % UNITS.len()], key).await;
        match (n + round) % 5 {
            0 | 1 => pay_by_transfer(&load, &handed).await,
            2 => pay_by_gateway(&load, resident, &handed).await,
            3 if takes(&load.completions) => {
                let note = json!({ "note": "Ghi rõ số đăng ký, quyển số" });
                act(&load, officer, &handed, "request_completion", &note).await;
                act(&load, &resident.token, &handed, "complete", &json!({ "note": "Số 27, quyển 01" })).await;
            }
            _ => act(&load, &resident.token, &handed, "withdraw", &json!({})).await,
        }
        if (n + round) % 5 <= 2 && takes(&load.acceptances) {
            act(&load, officer, &handed, "accept", &json!({})).await;
        }
    }
}

/// One of those that are left, if any is.
fn takes(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// The request that hands in a dossier for two copies.
pub fn submission(resident: &Resident, unit: &str, key: &str) -> Ask {
    let body = json!({ "procedure": "2.000635", "unit": unit, "answers": resident.copy_answers(2) });
    Ask::post("/api/v1/dossiers", &body).token(&resident.token).key(key)
}

/// Hands in a dossier, with the same key until it is answered.
async fn submit(load: &Load, resident: &Resident, unit: &str, key: String) -> Handed {
    let receipt = load.web.until_answered(submission(resident, unit, &key)).await.expect(201).json();
    let charge = &receipt["charge"];
    let handed = Handed {
        key,
        code: text(&receipt["code"]),
        applicant: resident.account.clone(),
        charge: text(&charge["id"]),
        reference: text(&charge["reference"]),
        amount: charge["amount"].as_i64().expect("an amount"),
    };
    load.note(|done| done.dossiers.push(handed.clone()));
    handed
}

async fn pay_by_transfer(load: &Load, handed: &Handed) {
    let transaction = format!("FT{}", handed.reference);
    loop {
        // Signed anew each time: an old signature is refused.
        let notice = bank_notice(&transaction, handed.amount, &format!("CT {} nop phi", handed.reference));
        match load.web.once(&notice).await {
            Ok(reply) if reply.status < 500 => {
                assert_eq!(reply.clone().expect(200).json()["outcome"], "paid");
                break load.note(|done| done.paid.push((handed.charge.clone(), Some(transaction))));
            }
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn pay_by_gateway(load: &Load, resident: &Resident, handed: &Handed) {
    let path = format!("/api/v1/charges/{}/payments", handed.charge);
    let ask = Ask::post(path, &json!({ "channel": "vnpay" })).token(&resident.token).key(format!("pay-{}", handed.key));
    let started = load.web.until_answered(ask).await.expect(201).json();
    let address = text(&started["redirect_url"]);
    let order = address.split('&').find_map(|pair| pair.strip_prefix("vnp_TxnRef=")).expect("an order").to_owned();
    let mut repeated = false;
    loop {
        let reply = load.web.until_answered(gateway_notice(&order, handed.amount)).await.expect(200);
        repeated |= reply.repeated;
        match reply.json()["RspCode"].as_str() {
            Some("00") => break,
            // The word was taken before the answer was lost.
            Some("02") if repeated => break,
            // What failed on the city's side is said again.
            Some("99") => repeated = true,
            other => panic!("the gateway was answered {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    load.note(|done| done.paid.push((handed.charge.clone(), None)));
}

/// Does an action. Said again after a lost answer it may be refused as done: then the timeline has it once.
async fn act(load: &Load, token: &str, handed: &Handed, action: &'static str, body: &Value) {
    let path = format!("/api/v1/dossiers/{}/actions/{action}", handed.code);
    let reply = load.web.until_answered(Ask::post(path, body).token(token)).await;
    if reply.status != 200 {
        assert!(reply.repeated, "{action} of {}: {} {}", handed.code, reply.status, reply.text());
        let timeline = Ask::get(format!("/api/v1/dossiers/{}/timeline", handed.code)).token(token);
        let timeline = load.web.until_answered(timeline).await.expect(200).json();
        let steps = timeline["steps"].as_array().expect("steps");
        let times = steps.iter().filter(|step| step["action"] == action).count();
        assert_eq!(times, 1, "{action} of {}: {timeline}", handed.code);
    }
    load.note(|done| done.steps.push((handed.code.clone(), action)));
}
