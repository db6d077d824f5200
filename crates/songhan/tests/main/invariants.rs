//! What must hold of a city's database at rest, whatever was killed on the way there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use songhan_base::Env;
use songhan_db::{Db, query, query_dyn};

use crate::load::Acknowledged;
use crate::site::Site;

async fn number(db: &Db, sql: &'static str) -> i64 {
    query(sql).fetch_one::<(i64,)>(db).await.unwrap_or_else(|error| panic!("{sql}: {error}")).0
}

async fn texts(db: &Db, sql: &'static str) -> Vec<String> {
    let rows: Vec<(String,)> = query(sql).fetch_all(db).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter().map(|(text,)| text).collect()
}

/// No row answers this query: each would be something lost or doubled.
async fn none(db: &Db, what: &str, sql: &'static str) {
    let found = texts(db, sql).await;
    assert!(found.is_empty(), "{what}: {found:?}");
}

/// Waits until every subscriber has heard everything and every due job is done.
pub async fn at_rest(db: &Db) {
    let began = Instant::now();
    loop {
        let now = Env::real().now().as_microsecond();
        let jobs: (i64,) = query("SELECT count(*) FROM jobs WHERE NOT dead AND run_at <= $1")
            .bind(now)
            .fetch_one(db)
            .await
            .expect("jobs");
        let behind = number(
            db,
            "SELECT count(*) FROM event_cursors c WHERE EXISTS (SELECT 1 FROM events e WHERE (e.txid, e.seq) > (c.txid, c.seq))",
        )
        .await;
        if jobs.0 == 0 && behind == 0 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(300), "{} jobs are due, {behind} subscribers behind", jobs.0);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Everything that was acknowledged is there; may be asked at any time.
pub async fn nothing_lost(db: &Db, done: &Acknowledged) {
    let codes: BTreeSet<String> = texts(db, "SELECT code FROM dossiers").await.into_iter().collect();
    let paid = texts(db, "SELECT id FROM charges WHERE paid_at IS NOT NULL").await;
    let paid: BTreeSet<String> = paid.into_iter().collect();
    let steps: Vec<(String, String)> =
        query("SELECT c.code, s.action FROM case_steps s JOIN cases c ON c.id = s.case_id")
            .fetch_all(db)
            .await
            .expect("steps");
    let steps: BTreeSet<(String, String)> = steps.into_iter().collect();
    let lost: Vec<_> = done.dossiers.iter().filter(|handed| !codes.contains(&handed.code)).collect();
    assert!(lost.is_empty(), "acknowledged dossiers are lost: {lost:?}");
    let lost: Vec<_> = done.paid.iter().filter(|(charge, _)| !paid.contains(charge)).collect();
    assert!(lost.is_empty(), "acknowledged payments are lost: {lost:?}");
    let lost: Vec<_> =
        done.steps.iter().filter(|(code, step)| !steps.contains(&(code.clone(), (*step).into()))).collect();
    assert!(lost.is_empty(), "acknowledged steps are lost: {lost:?}");
}

/// What holds in any copy of the database, whoever knows of what is in it.
pub async fn consistent(db: &Db) {
    codes(db).await;
    events(db).await;
    notices(db).await;
    none(db, "an entry does not add up", UNEVEN).await;
    ledger(db).await;
    songhan_db::seal_audit(db, &Env::real()).await.expect("the audit log is sealed");
    songhan_db::verify_audit(db).await.expect("the audit log is read").expect("its chain holds");
}

const UNEVEN: &str = "SELECT entry FROM ledger_postings GROUP BY entry HAVING sum(amount) <> 0";

/// Bảng cân đối thử: the journal adds up as a whole, what waits equals the lists, and receipts have neither gap nor
/// double. Holds at any moment, after any kill.
pub async fn ledger(db: &Db) {
    let sum = |sql: &'static str| number(db, sql);
    let journal = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM ledger_postings";
    assert_eq!(sum(journal).await, 0, "the trial balance");
    none(
        db,
        "an entry has fewer than two lines",
        "SELECT entry FROM ledger_postings GROUP BY entry HAVING count(*) < 2",
    )
    .await;
    // Each in one statement: it holds while others write.
    let pairs = [
        (
            "what waits in suspense",
            "SELECT (SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM ledger_postings WHERE account LIKE 'suspense:%')
                 + (SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM bank_notifications WHERE outcome = 'suspense')",
        ),
        (
            "what is owed back",
            "SELECT (SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM ledger_postings WHERE account LIKE 'refundable:%')
                 + (SELECT CAST(COALESCE(sum(r.amount), 0) AS BIGINT) FROM refunds r WHERE r.state IN ('owed', 'requested')
                     OR EXISTS (SELECT 1 FROM payment_order_lines l WHERE l.refund = r.id AND l.state = 'waiting'))",
        ),
        (
            "a receipt for each paid charge",
            "SELECT (SELECT count(*) FROM receipts WHERE state = 'issued') - (SELECT count(*) FROM charges WHERE state = 'paid')",
        ),
        (
            "an event for each receipt",
            "SELECT (SELECT count(*) FROM receipts) - (SELECT count(*) FROM events WHERE kind = 'ledger.receipt_issued')",
        ),
    ];
    for (what, difference) in pairs {
        assert_eq!(sum(difference).await, 0, "{what}");
    }
    none(
        db,
        "numbers of receipts have a gap or a double",
        "SELECT unit || ' ' || series FROM receipts GROUP BY unit, form, series
         HAVING max(number) <> count(*) OR min(number) <> 1 OR count(DISTINCT number) <> count(*)",
    )
    .await;
}

/// The whole account of a city at rest whose every request was repeated until it was answered.
pub async fn hold(site: &Site, db: &Db, done: &Acknowledged) {
    nothing_lost(db, done).await;
    dossiers(db, done).await;
    money(db, done).await;
    papers(site, db).await;
    none(db, "a job has died", "SELECT kind || ': ' || COALESCE(last_error, '') FROM jobs WHERE dead").await;
    consistent(db).await;
    assert_eq!(site.errors(), Vec::<String>::new(), "the servers have logged errors");
}

/// One dossier for each key, and no other.
async fn dossiers(db: &Db, done: &Acknowledged) {
    let keys: Vec<(String, String, String)> =
        query("SELECT owner, key, body FROM answers WHERE key LIKE 'dossier-%'").fetch_all(db).await.expect("answers");
    let kept: BTreeMap<(String, String), String> =
        keys.into_iter().map(|(owner, key, body)| ((owner, key), body)).collect();
    for handed in &done.dossiers {
        let owner = format!("account:{}", handed.applicant);
        let body = kept.get(&(owner, handed.key.clone())).unwrap_or_else(|| panic!("no answer is kept for {handed:?}"));
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["code"], handed.code, "another answer is kept for {}", handed.key);
    }
    let rows: Vec<(String, String)> =
        query("SELECT code, applicant FROM dossiers").fetch_all(db).await.expect("dossiers");
    let there: BTreeSet<(String, String)> = rows.into_iter().collect();
    let wanted = done.dossiers.iter().map(|handed| (handed.code.clone(), handed.applicant.clone()));
    assert_eq!(there, wanted.collect(), "the dossiers are those acknowledged, each of its applicant");
    assert_eq!(
        (there.len(), kept.len()),
        (done.dossiers.len(), done.dossiers.len()),
        "one dossier and one answer a key"
    );
    let count = there.len() as i64;
    assert_eq!(number(db, "SELECT count(*) FROM cases").await, count);
    assert_eq!(number(db, "SELECT count(*) FROM search_records WHERE kind = 'dossier'").await, count);
    none(
        db,
        "a case whose steps are not numbered 1 to its version",
        "SELECT c.code FROM cases c JOIN (SELECT case_id, count(*) AS n, max(seq) AS last, min(seq) AS first
             FROM case_steps GROUP BY case_id) s ON s.case_id = c.id
         WHERE s.n <> c.version OR s.last <> c.version OR s.first <> 1",
    )
    .await;
    none(
        db,
        "an action was done twice",
        "SELECT c.code || ' ' || s.action FROM case_steps s JOIN cases c ON c.id = s.case_id
         GROUP BY c.code, s.action HAVING count(*) > 1",
    )
    .await;
}

/// Codes of each unit's day are 1, 2, 3 … without gap or double.
async fn codes(db: &Db) {
    let mut days: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for code in texts(db, "SELECT code FROM dossiers").await {
        let (day, number) = code.rsplit_once('-').expect("a code");
        days.entry(day.to_owned()).or_default().push(number.parse().expect("a number"));
    }
    for (day, mut numbers) in days {
        numbers.sort_unstable();
        let last = numbers.len() as i64;
        assert!(numbers.iter().copied().eq(1..=last), "codes of {day} have a gap or a double");
        let counter: (i64,) = query("SELECT value FROM counters WHERE name = $1")
            .bind(format!("case:{}", day.replacen('-', ":", 1)))
            .fetch_one(db)
            .await
            .expect("a counter");
        assert_eq!(counter.0, last, "the counter of {day}");
    }
}

/// Each thing that happened was told once.
async fn events(db: &Db) {
    none(
        db,
        "an event was told twice",
        "SELECT kind || ' ' || subject FROM events WHERE kind IN ('services.dossier_submitted', 'services.result_issued',
             'cases.case_opened', 'ledger.charge_created', 'ledger.charge_paid', 'ledger.charge_ended')
         GROUP BY kind, subject HAVING count(*) > 1",
    )
    .await;
    let told = |kind: &'static str| async move {
        let told: (i64,) =
            query("SELECT count(*) FROM events WHERE kind = $1").bind(kind).fetch_one(db).await.expect("events");
        told.0
    };
    let pairs = [
        ("services.dossier_submitted", "SELECT count(*) FROM dossiers"),
        ("cases.case_opened", "SELECT count(*) FROM cases"),
        (
            "cases.case_acted",
            "SELECT count(*) FROM case_steps WHERE action NOT IN ('open', 'take', 'assign', 'unassign')",
        ),
        ("ledger.charge_created", "SELECT count(*) FROM charges"),
        ("ledger.charge_paid", "SELECT count(*) FROM charges WHERE paid_at IS NOT NULL"),
        ("ledger.charge_ended", "SELECT count(*) FROM charges WHERE state IN ('waived', 'refunded', 'cancelled')"),
        ("ledger.overpaid", "SELECT count(*) FROM payments WHERE overpaid"),
    ];
    for (kind, rows) in pairs {
        assert_eq!(told(kind).await, number(db, rows).await, "{kind}");
    }
}

/// Everyone paid once: so nothing is overpaid, and the journal says the same as the charges.
async fn money(db: &Db, done: &Acknowledged) {
    let charges: BTreeSet<&String> = done.paid.iter().map(|(charge, _)| charge).collect();
    assert_eq!(charges.len(), done.paid.len(), "a charge was acknowledged as paid twice");
    let paid = number(db, "SELECT count(*) FROM charges WHERE paid_at IS NOT NULL").await;
    assert_eq!(paid, done.paid.len() as i64, "charges are paid that nobody has paid");
    assert_eq!(number(db, "SELECT count(*) FROM payments WHERE state = 'succeeded'").await, paid);
    assert_eq!(number(db, "SELECT count(*) FROM payments WHERE overpaid").await, 0);
    let told: BTreeSet<_> = texts(db, "SELECT transaction_id FROM bank_notifications").await.into_iter().collect();
    let sent: BTreeSet<_> = done.paid.iter().filter_map(|(_, transaction)| transaction.clone()).collect();
    assert_eq!(told, sent, "the bank's notices");
    let entries = number(db, "SELECT count(*) FROM ledger_entries").await;
    let ended = "SELECT count(*) FROM charges WHERE state IN ('waived', 'refunded', 'cancelled')";
    let booked = number(db, "SELECT count(*) FROM charges").await + paid + number(db, ended).await;
    assert_eq!(entries, booked, "an entry for each charge, each payment and each end");
    let receivable =
        "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM ledger_postings WHERE account LIKE 'receivable:%'";
    let due = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM charges WHERE state = 'due'";
    assert_eq!(number(db, receivable).await, number(db, due).await, "what is owed");
    let arrived = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM ledger_postings
         WHERE account LIKE 'bank:%' OR account LIKE 'gateway:%'";
    let payments = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM payments WHERE state = 'succeeded'";
    assert_eq!(number(db, arrived).await, number(db, payments).await, "what has come");
}

/// Each event was told to its applicant exactly once, and each letter has left.
async fn notices(db: &Db) {
    let doubled = "SELECT kind || ' ' || subject FROM notices GROUP BY account, kind, subject HAVING count(*) > 1";
    none(db, "a notice was told twice", doubled).await;
    let pairs = [
        ("dossier-submitted", "SELECT count(*) FROM dossiers".to_owned()),
        ("dossier-paid", "SELECT count(*) FROM charges WHERE paid_at IS NOT NULL".to_owned()),
        ("dossier-accepted", steps("accept")),
        ("dossier-supplement", steps("request_completion")),
        ("dossier-withdrawn", steps("withdraw")),
        ("dossier-done", steps("issue")),
    ];
    for (kind, rows) in pairs {
        let told: (i64,) =
            query("SELECT count(*) FROM notices WHERE kind = $1").bind(kind).fetch_one(db).await.expect("notices");
        let happened: (i64,) = query_dyn(rows).fetch_one(db).await.expect("what happened");
        assert_eq!(told, happened, "{kind}");
    }
    none(db, "a letter has not left", "SELECT id FROM deliveries WHERE state <> 'sent'").await;
    let letters = number(db, "SELECT count(*) FROM deliveries").await;
    let owed = "SELECT count(*) FROM notices n JOIN accounts a ON a.id = n.account WHERE a.email IS NOT NULL";
    assert_eq!(letters, number(db, owed).await, "a letter for each notice of someone with an address");
}

fn steps(action: &str) -> String {
    format!("SELECT count(*) FROM case_steps WHERE action = '{action}'")
}

/// Every accepted dossier has its one receipt, every letter its file, every named file is there and whole.
async fn papers(site: &Site, db: &Db) {
    none(
        db,
        "an accepted dossier has no receipt",
        "SELECT d.code FROM dossiers d JOIN case_steps s ON s.case_id = d.case_id
         WHERE s.action = 'accept' AND d.receipt_document IS NULL",
    )
    .await;
    // A dossier may be asked for more several times, each with a number of its own.
    let doubled = "SELECT subject FROM documents
         GROUP BY subject, template, CASE WHEN template = 'supplement-request' THEN number ELSE '' END
         HAVING count(*) > 1";
    none(db, "a paper was issued twice", doubled).await;
    let letters = std::fs::read_dir(site.data.join("mail")).map_or(0, |files| {
        files.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "eml")).count()
    });
    assert_eq!(letters as i64, number(db, "SELECT count(*) FROM deliveries").await, "a file for each letter");
    files(site, db).await;
}

/// Every file that a row names is in the data folder, with the bytes that its name says.
pub async fn files(site: &Site, db: &Db) {
    let there = crate::site::digests(&site.data.join("files"));
    let named =
        "SELECT sha256 FROM documents UNION SELECT sha256 FROM document_renewals UNION SELECT sha256 FROM uploads
         UNION SELECT sha256 FROM personal_signatures
         UNION SELECT signed_sha256 FROM personal_signatures WHERE signed_sha256 IS NOT NULL";
    for name in texts(db, named).await {
        let path = format!("{}/{}", &name[..2], &name[2..]);
        assert_eq!(there.get(&path), Some(&name), "the file {path}");
    }
}
