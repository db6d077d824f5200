//! The frame of a module: request context, routes and guards, jobs, subscribers, server-sent events.
//!
//! A module hands over a [`Module`]; [`Server`] puts modules together. A request passes, in this order: limits and
//! headers, the request context ([`Cx`]: who, which language, which request), the guard of its route ([`Access`]), the
//! idempotency layer where the route asks for it, the operation. What an operation refuses becomes a [`Problem`]
//! (RFC 9457) for programs and an error page for people.

mod config;
mod context;
mod cx;
mod form;
mod guard;
mod idempotency;
pub mod keys;
mod live;
mod memory;
mod module;
mod openapi;
mod page;
mod problem;
mod pump;
mod server;
mod shared;
mod telemetry;
mod worker;

pub use config::Config;
pub use context::{Client, SESSION};
pub use cx::{App, AppParts, Cx};
pub use form::{PageForm, csrf_matches};
pub use live::Live;
pub use memory::Memory;
pub use module::{
    Access, Authenticator, BoxFuture, Credentials, Erase, FrameFill, Gathered, JobHandler, MenuItem, Module,
    PersonalData, Route, RouteKind, Schedule, SecretCode, SendCode, Subscriber, Watcher,
};
pub use page::{PageSpec, redirect};
pub use problem::{ApiJson, IntoProblem, Path, Problem, Query};
pub use server::{Parts, Server, framable};
pub use worker::Worker;
