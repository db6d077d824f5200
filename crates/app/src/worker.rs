//! The working half of a process: jobs, schedules, subscribers, the tail for live pages. Ends when told to.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use songhan_base::Internal;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{App, pump};

/// The section `[worker]` of the configuration.
#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// A job that has not ended by then is taken by another worker: longer than any job takes, and no longer than a
    /// city can wait for the work of a process that died.
    lease_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { lease_s: 300 }
    }
}

impl Settings {
    fn of(app: &App) -> Arc<Self> {
        app.memory.get_or(|| {
            app.config.section("worker").unwrap_or_else(|error| {
                tracing::error!(error, "the defaults are used");
                Self::default()
            })
        })
    }
}

/// The tasks of a running process.
pub struct Worker {
    app: App,
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Worker {
    /// Starts everything the modules have asked for.
    pub fn start(app: &App, stop: CancellationToken) -> Self {
        let mut tasks = JoinSet::new();
        for n in 0..2 {
            let new = app.db.new_jobs();
            tasks.spawn(run(app.clone(), stop.clone(), format!("jobs {n}"), new, |app| work_jobs(app).boxed()));
        }
        tasks.spawn(keep_schedules(app.clone(), stop.clone()));
        for subscriber in app.modules.iter().flat_map(|m| m.subscribers.clone()) {
            let new = app.db.new_events();
            tasks.spawn(run(app.clone(), stop.clone(), subscriber.name.into(), new, move |app| {
                let subscriber = subscriber.clone();
                async move { pump::hear(app, &subscriber).await }.boxed()
            }));
        }
        tasks.spawn(tail(app.clone(), stop.clone()));
        tasks.spawn(write_gathered_often(app.clone(), stop.clone()));
        Self { app: app.clone(), tasks, stop }
    }

    /// Does everything that is due now, then returns: for tests and for the command line.
    pub async fn drain(app: &App) -> Result<(), Internal> {
        write_gathered(app).await?;
        loop {
            let mut more = work_jobs(app).await?;
            for subscriber in app.modules.iter().flat_map(|m| &m.subscribers) {
                more |= pump::hear(app, subscriber).await?;
            }
            if !more {
                // An open transaction, be it of another database of the server, holds events back for a moment.
                let mut behind = false;
                for subscriber in app.modules.iter().flat_map(|m| &m.subscribers) {
                    behind |= pump::is_behind(app, subscriber).await?;
                }
                if behind {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                } else if !work_jobs(app).await? {
                    // What was heard last has promised nothing that is due.
                    return pump::tail_once(app).await;
                }
            }
        }
    }

    /// Tells the tasks to end and waits until what they had begun is done.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        if let Err(error) = write_gathered(&self.app).await {
            tracing::warn!(%error, "what was gathered last is not written");
        }
    }
}

/// Repeats `step` while it says there is more; else waits for a commit of this process or a moment.
async fn run<F>(app: App, stop: CancellationToken, name: String, mut new: watch::Receiver<u64>, step: F)
where
    F: for<'a> Fn(&'a App) -> crate::BoxFuture<'a, Result<bool, Internal>> + Send + Sync,
{
    while !stop.is_cancelled() {
        new.mark_unchanged();
        let pause = match step(&app).await {
            Ok(true) => continue,
            Ok(false) => pump::POLL,
            Err(error) => {
                tracing::warn!(task = name, %error, "will be tried again");
                Duration::from_secs(2)
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
            _ = new.changed(), if pause == pump::POLL => tokio::time::sleep(pump::GATHER).await,
        }
    }
}

/// Looks every second what is due: schedules count in minutes, and commits do not hasten them.
async fn keep_schedules(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = work_schedules(&app).await {
            tracing::warn!(%error, "schedules will be looked at again");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn write_gathered_often(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = write_gathered(&app).await {
            tracing::warn!(%error, "something that was gathered is not written");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn write_gathered(app: &App) -> Result<(), Internal> {
    for write in app.modules.iter().flat_map(|m| &m.gathered) {
        write(app).await?;
    }
    Ok(())
}

async fn tail(app: App, stop: CancellationToken) {
    let mut position = loop {
        match songhan_db::last_position(&app.db).await {
            Ok(position) => break position,
            Err(error) => tracing::warn!(%error, "cannot read the event log"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    let mut new = app.db.new_events();
    while !stop.is_cancelled() {
        new.mark_unchanged();
        if let Err(error) = pump::tail(&app, &mut position).await {
            tracing::warn!(%error, "live pages wait for the event log");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pump::POLL) => {}
            _ = new.changed() => tokio::time::sleep(pump::GATHER).await,
        }
    }
}

/// Does one job; `true` when there was one.
async fn work_jobs(app: &App) -> Result<bool, Internal> {
    let lease = Duration::from_secs(Settings::of(app).lease_s);
    let Some(job) = songhan_db::claim_job(&app.db, &app.env, lease).await? else { return Ok(false) };
    let handler = app.modules.iter().flat_map(|m| &m.jobs).find(|h| h.kind == job.kind).cloned();
    let outcome = match handler {
        None => Err(Internal::new(format!("no module does jobs of kind {:?}", job.kind))),
        Some(handler) => {
            let work = (handler.run)(app.system("job"), job.payload());
            match std::panic::AssertUnwindSafe(work).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(_) => Err(Internal::new("the job panicked")),
            }
        }
    };
    metrics::counter!("songhan_jobs_total", "kind" => job.kind.clone(), "ok" => outcome.is_ok().to_string())
        .increment(1);
    match outcome {
        Ok(()) => songhan_db::finish_job(&app.db, job.id).await?,
        Err(error) => {
            tracing::warn!(kind = job.kind, attempts = job.attempts, %error, "a job failed");
            songhan_db::fail_job(&app.db, &app.env, &job, &error.to_string()).await?;
        }
    }
    Ok(true)
}

async fn work_schedules(app: &App) -> Result<(), Internal> {
    for schedule in app.modules.iter().flat_map(|m| &m.schedules) {
        if songhan_db::claim_schedule(&app.db, &app.env, schedule.name, schedule.every).await?
            && let Err(error) = (schedule.run)(app.system(schedule.name)).await
        {
            tracing::warn!(schedule = schedule.name, %error, "will run again at its next time");
        }
    }
    Ok(())
}
