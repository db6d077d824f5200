//! Calls to the portal: a login that gives a session, then one address for every service, told apart by a word in the
//! body. Failures are sorted into what the portal refuses and what did not reach it.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::{Map, Value, json};
use songhan_app::{App, Cx};
use songhan_base::Internal;
use tokio::sync::Mutex;

use crate::connection;
use crate::settings::{self, Settings};

/// Longest that the portal may take over a call; a worker waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(15);
/// The most of the portal's words that is kept.
const TOLD_MAX: usize = 300;

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Now and later, as long as it is the same.
    Refused { code: String, told: String },
    /// It was not reached, is in trouble or lets us not in: later.
    Unreachable(String),
}

/// An answer, before it is known whether the session was still good.
enum Answer {
    Taken(Value),
    Expired,
}

/// The session of this process. The lock also keeps two workers from logging in at once.
#[derive(Default)]
struct Session(Mutex<Option<String>>);

/// The client of this process: plain addresses need no certificates, and a bare machine has none.
struct Http(Result<Client, String>);

fn http(app: &App, settings: &Settings) -> Result<Client, Failure> {
    let made = app.memory.get_or(|| {
        // Once in a process; whoever came first has it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        let builder = if settings.url.starts_with("http://") { builder.tls_certs_only([]) } else { builder };
        let headers = settings::headers(settings);
        Http(headers.and_then(|headers| builder.default_headers(headers).build().map_err(|error| error.to_string())))
    });
    made.0.clone().map_err(Failure::Unreachable)
}

/// Asks a service of the portal, with a new session where the old one has ended.
pub async fn call(cx: &Cx, settings: &Arc<Settings>, service: &str, body: Value) -> Result<Value, Failure> {
    if let Some(error) = connection::is_known_down(cx) {
        return Err(Failure::Unreachable(error));
    }
    let outcome = call_with_session(cx, settings, service, body).await;
    match &outcome {
        Err(Failure::Unreachable(error)) => connection::failed(cx, error).await,
        Ok(_) | Err(Failure::Refused { .. }) => connection::answered(cx).await,
    }
    outcome
}

async fn call_with_session(cx: &Cx, settings: &Settings, service: &str, body: Value) -> Result<Value, Failure> {
    let session = log_in(cx, settings, None).await?;
    if let Answer::Taken(answer) = ask(cx, settings, &session, service, &body).await? {
        return Ok(answer);
    }
    let fresh = log_in(cx, settings, Some(&session)).await?;
    match ask(cx, settings, &fresh, service, &body).await? {
        Answer::Taken(answer) => Ok(answer),
        Answer::Expired => {
            Err(Failure::Unreachable("the portal takes no session that it gives; ask its operator".into()))
        }
    }
}

/// The session to use; `refused` is one that the portal takes no more.
async fn log_in(cx: &Cx, settings: &Settings, refused: Option<&str>) -> Result<String, Failure> {
    let known = cx.memory.get_or(Session::default);
    let mut known = known.0.lock().await;
    if let Some(session) = known.as_ref().filter(|session| refused != Some(session.as_str())) {
        return Ok(session.clone());
    }
    *known = None;
    let password = settings.password(cx).await.map_err(|error| Failure::Unreachable(error.to_string()))?;
    let body = json!({ "username": settings.username, "password": password });
    let request = http(cx, settings)?.post(settings.login_url()).json(&body);
    let response = send(request).await.map_err(|failure| match failure {
        Failure::Refused { told, .. } => {
            Failure::Unreachable(format!("the login was answered {told}; check [national]"))
        }
        failure @ Failure::Unreachable(_) => failure,
    })?;
    let answer = read(response).await?;
    let session = answer["session"].as_str().filter(|session| !session.is_empty());
    let is_taken = settings.codes.accepted.contains(&code(&answer));
    let Some(session) = session.filter(|_| is_taken) else {
        let told = told(&answer);
        return Err(Failure::Unreachable(format!("the portal lets the account not in: {told}; check [national]")));
    };
    *known = Some(session.to_owned());
    Ok(session.to_owned())
}

async fn ask(cx: &Cx, settings: &Settings, session: &str, service: &str, body: &Value) -> Result<Answer, Failure> {
    let mut whole = Map::new();
    whole.insert("session".into(), session.into());
    whole.insert("madonvi".into(), settings.unit_code.as_str().into());
    whole.insert("service".into(), service.into());
    whole.extend(body.as_object().cloned().unwrap_or_default());
    let response = send(http(cx, settings)?.post(settings.service_url()).json(&whole)).await?;
    if matches!(response.status().as_u16(), 401 | 403) {
        return Ok(Answer::Expired);
    }
    sort(settings, read(response).await?)
}

fn sort(settings: &Settings, answer: Value) -> Result<Answer, Failure> {
    let code = code(&answer);
    let is = |list: &[String]| list.contains(&code);
    match () {
        () if is(&settings.codes.accepted) => Ok(Answer::Taken(answer)),
        () if is(&settings.codes.expired) => Ok(Answer::Expired),
        () if is(&settings.codes.trouble) => Err(Failure::Unreachable(format!("{code}: {}", told(&answer)))),
        // No answer that we know: whoever stands in between, not the portal.
        () if code.is_empty() => Err(Failure::Unreachable("an answer without error_code".into())),
        () => Err(Failure::Refused { told: told(&answer), code }),
    }
}

/// Sends; no answer is a reason to try again.
async fn send(request: reqwest::RequestBuilder) -> Result<Response, Failure> {
    let response = request.send().await;
    let response = response.map_err(|error| Failure::Unreachable(format!("no answer: {}", reason(error))))?;
    let status = response.status();
    match status.as_u16() {
        200..=299 | 401 | 403 => Ok(response),
        // What was sent is wrong. Whatever else stands in the way is for time or the operator to mend.
        number @ (400 | 413 | 422) => Err(Failure::Refused { code: number.to_string(), told: status.to_string() }),
        _ => Err(Failure::Unreachable(format!("the portal answered {status}"))),
    }
}

fn reason(error: reqwest::Error) -> String {
    // The address is in the configuration and stays there.
    let error = error.without_url();
    let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{error}{cause}")
}

async fn read(response: Response) -> Result<Value, Failure> {
    let answer = response.json::<Value>().await;
    answer.map_err(|error| Failure::Unreachable(format!("an answer that is no JSON: {}", reason(error))))
}

/// `error_code`, which some write as a number.
fn code(answer: &Value) -> String {
    match &answer["error_code"] {
        Value::String(code) => code.trim().to_owned(),
        Value::Number(code) => code.to_string(),
        _ => String::new(),
    }
}

/// The portal's words.
fn told(answer: &Value) -> String {
    let text = answer["message"].as_str().or(answer["error_message"].as_str()).unwrap_or("no reason");
    text.chars().take(TOLD_MAX).collect()
}

/// The portal's words without people: the holder's name, and what looks like a number of somebody.
pub fn masked(told: &str, holder_name: &str) -> String {
    let told = if holder_name.is_empty() { told.to_owned() } else { told.replace(holder_name, "…") };
    let hide = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        // Codes of dossiers have dots and dashes between.
        let is_number = digits >= 9 && word.chars().all(|c| c.is_ascii_digit() || ".,;:+()\"'".contains(c));
        if word.contains('@') || is_number { "…".to_owned() } else { word.to_owned() }
    };
    let words: Vec<String> = told.split_whitespace().map(hide).collect();
    words.join(" ").chars().take(TOLD_MAX).collect()
}

impl From<Internal> for Failure {
    fn from(error: Internal) -> Self {
        Self::Unreachable(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_sorted() {
        let settings = Settings::default();
        let sort = |answer: Value| sort(&settings, answer);
        assert!(matches!(sort(json!({ "error_code": "00" })), Ok(Answer::Taken(_))));
        assert!(matches!(sort(json!({ "error_code": 0, "result": [] })), Ok(Answer::Taken(_))));
        assert!(matches!(sort(json!({ "error_code": "401" })), Ok(Answer::Expired)));
        assert!(matches!(sort(json!({ "error_code": -1, "message": "lỗi" })), Err(Failure::Unreachable(_))));
        assert!(matches!(sort(json!("?")), Err(Failure::Unreachable(_))));
        let Err(Failure::Refused { code, told }) = sort(json!({ "error_code": "12", "message": "Sai MaTTHC" })) else {
            panic!("not refused");
        };
        assert_eq!((code.as_str(), told.as_str()), ("12", "Sai MaTTHC"));
    }

    #[test]
    fn answers_name_nobody() {
        let told =
            "Chủ hồ sơ Nguyễn Thị Lan (048190001234, lan@example.com) của 000.00.15.H17-261121-0001 không hợp lệ";
        assert_eq!(masked(told, "Nguyễn Thị Lan"), "Chủ hồ sơ … … … của 000.00.15.H17-261121-0001 không hợp lệ");
        assert!(masked(&"x ".repeat(900), "").chars().count() <= TOLD_MAX);
    }
}
