//! A program that speaks to the city over the network, and says again what was not answered.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once, PoisonError, RwLock};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

/// One client for a whole test; the servers behind it may change.
#[derive(Clone)]
pub struct Web {
    http: reqwest::Client,
    urls: Arc<RwLock<Vec<String>>>,
    turn: Arc<AtomicUsize>,
    /// Answers that said that something failed inside.
    pub failures: Arc<AtomicUsize>,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub bytes: Vec<u8>,
    /// Whether it had to be said more than once.
    pub repeated: bool,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), token: None, headers: Vec::new(), body: Vec::new() }
    }

    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        let mut ask = Self { method: Method::POST, body: body.to_string().into_bytes(), ..Self::get(path) };
        ask.headers.push(("content-type", "application/json".into()));
        ask
    }

    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self { method: Method::PUT, ..Self::post(path, body) }
    }

    /// A file, as the part `file` of a form.
    pub fn upload(path: impl Into<String>, name: &str, mime: &str, bytes: &[u8]) -> Self {
        let mark = "a-boundary-that-no-file-holds";
        let head = format!(
            "--{mark}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {mime}\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, format!("\r\n--{mark}--\r\n").as_bytes()].concat();
        let mut ask = Self { method: Method::POST, body, ..Self::get(path) };
        ask.headers.push(("content-type", format!("multipart/form-data; boundary={mark}")));
        ask
    }

    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.header("idempotency-key", key)
    }
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    /// The answer when it has this status; else the test fails and shows the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Web {
    pub fn at(url: &str) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        let (turn, failures) = (Arc::default(), Arc::default());
        Self { http: http.expect("a client"), urls: Arc::new(RwLock::new(vec![url.to_owned()])), turn, failures }
    }

    /// Goes on at other addresses, in turn.
    pub fn turn_to(&self, urls: &[&str]) {
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        *self.urls.write().unwrap_or_else(PoisonError::into_inner) = urls;
    }

    fn url(&self, path: &str) -> String {
        let urls = self.urls.read().unwrap_or_else(PoisonError::into_inner);
        format!("{}{path}", urls[self.turn.fetch_add(1, Ordering::Relaxed) % urls.len()])
    }

    fn request(&self, ask: &Ask) -> reqwest::RequestBuilder {
        let mut request = self.http.request(ask.method.clone(), self.url(&ask.path)).body(ask.body.clone());
        if let Some(token) = &ask.token {
            // Pages know people by their cookie, the API by their token; it is the same secret.
            request = match ask.path.starts_with("/api/") {
                true => request.bearer_auth(token),
                false => request.header("cookie", format!("songhan_session={token}")),
            };
        }
        ask.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// Says it once.
    pub async fn once(&self, ask: &Ask) -> Result<Reply, reqwest::Error> {
        let response = self.request(ask).send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?.to_vec();
        if status >= 500 {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Reply { status, bytes, repeated: false })
    }

    /// Says it until it is answered, as a client does that holds an idempotency key.
    pub async fn until_answered(&self, ask: Ask) -> Reply {
        let mut repeated = false;
        loop {
            match self.once(&ask).await {
                Ok(reply) if reply.status < 500 => return Reply { repeated, ..reply },
                _ => repeated = true,
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Reply {
        let ask = token.iter().fold(Ask::get(path), |ask, token| ask.token(token));
        self.once(&ask).await.unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// JSON where a person would get a page.
    pub async fn get_json(&self, path: &str, token: Option<&str>) -> Reply {
        let ask = Ask::get(path).header("accept", "application/json");
        let ask = token.iter().fold(ask, |ask, token| ask.token(token));
        self.once(&ask).await.unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    /// A stream of events, read to its end.
    pub async fn stream(&self, path: &str, token: &str) -> Result<(u16, String), reqwest::Error> {
        let response = self.request(&Ask::get(path).token(token)).timeout(Duration::from_secs(60)).send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }
}
