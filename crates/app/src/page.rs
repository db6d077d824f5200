//! Rendering a page for a request: the frame around it and the module's template in it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use songhan_base::{Internal, Role};
use songhan_pages::{Crumb, Flash, Frame, NavItem, User};

use crate::{Cx, Problem};

/// What a page says of itself beside its data.
#[derive(Default)]
pub struct PageSpec {
    pub title: String,
    pub description: String,
    pub crumbs: Vec<Crumb>,
    pub flash: Option<Flash>,
    /// An office page: wide, quiet header.
    pub office: bool,
    pub status: Option<StatusCode>,
}

impl PageSpec {
    pub fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    #[must_use]
    pub fn office(mut self) -> Self {
        self.office = true;
        self
    }

    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { href: href.into(), label: label.into() });
        self
    }

    #[must_use]
    pub fn flash(mut self, flash: Option<Flash>) -> Self {
        self.flash = flash;
        self
    }

    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// A form with mistakes is shown again with 422.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }
}

impl Cx {
    /// The frame of a page: who, where, menu. A module adds to it by [`Module::frame`](crate::Module).
    pub async fn frame(&self, title: &str) -> Frame {
        let manifest = self.city.manifest();
        let mut nav: Vec<_> =
            self.modules.iter().flat_map(|m| &m.menu).filter(|i| i.access.check(&self.actor).is_ok()).collect();
        nav.sort_by_key(|item| item.order);
        let path = self.path.split('?').next().unwrap_or("/");
        // `/office/queue` lies in the queue, not in the inbox at `/office`: the longest address that fits.
        let within = |href: &str| path == href || (href != "/" && path.starts_with(&format!("{href}/")));
        let here = nav.iter().map(|item| item.href).filter(|href| within(href)).max_by_key(|href| href.len());
        let nav = nav
            .into_iter()
            .map(|item| NavItem {
                href: item.href.to_owned(),
                label: self.t(item.label),
                icon: item.icon.to_owned(),
                current: here == Some(item.href),
            })
            .collect();
        let mut frame = Frame {
            lang: self.lang,
            path: self.path.to_string(),
            title: title.to_owned(),
            csrf: self.csrf.to_string(),
            user: self.actor.person().map(|p| User { name: p.name.clone(), roles: self.roles_in_words() }),
            nav,
            city: manifest.name.get(self.lang).to_owned(),
            hotline: manifest.hotline.clone(),
            demo: self.config.demo,
            ..Frame::default()
        };
        for fill in self.modules.iter().filter_map(|m| m.frame) {
            if let Err(error) = fill(self, &mut frame).await {
                tracing::warn!(%error, "a part of the page frame is missing");
            }
        }
        frame
    }

    fn roles_in_words(&self) -> Vec<String> {
        let Some(person) = self.actor.person() else { return Vec::new() };
        let words = person.grants.iter().filter(|g| g.role != Role::Resident).map(|grant| {
            let role = self.t(&format!("role-{}", grant.role));
            let unit = grant.unit.as_deref().and_then(|code| self.city.agencies().get(code));
            unit.map_or_else(|| role.clone(), |unit| format!("{role}, {}", unit.name.get(self.lang)))
        });
        words.collect()
    }

    /// Renders `template` with `data`.
    pub async fn page(&self, template: &str, spec: PageSpec, data: impl Serialize) -> Result<Response, Problem> {
        let mut frame = self.frame(&spec.title).await;
        frame.description = spec.description;
        frame.crumbs = spec.crumbs;
        frame.flash = spec.flash;
        frame.office = spec.office;
        // Those who work here have two menus: at the desk that of the desk, elsewhere that of everyone and a way back.
        let mut ways_back = 1;
        frame.nav.retain(|item| {
            let is_desk = item.href.starts_with("/office") || item.href.starts_with("/admin");
            let is_way_back = is_desk && !spec.office && std::mem::take(&mut ways_back) > 0;
            is_desk == spec.office || is_way_back
        });
        let body = self.renderer.page(template, &frame, data).map_err(Internal::new)?;
        let mut response = (spec.status.unwrap_or(StatusCode::OK), Html(body)).into_response();
        if self.actor.person().is_some() {
            // What someone signed in has seen is not kept by shared computers.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        Ok(response)
    }
}

/// 303: after a form was taken, go and look there. Only paths of this server are followed.
pub fn redirect(to: &str) -> Response {
    // Browsers drop tabs and line ends from an address, so that one behind the first slash would lead elsewhere.
    let local =
        to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\") && !to.contains(char::is_control);
    let to = if local { to } else { "/" };
    let value = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response()
}
