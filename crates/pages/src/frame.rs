//! What surrounds every page: language, title, who is signed in, menu, messages. In templates it is called `page`.

use serde::Serialize;
use songhan_base::Lang;

/// The frame of one page, filled by the app layer for each request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Frame {
    pub lang: Lang,
    /// Path and query of this page, as the language switch and the sign-in link need it.
    pub path: String,
    /// Title without the city's name.
    pub title: String,
    /// One sentence for search engines; may be empty.
    pub description: String,
    pub user: Option<User>,
    /// CSRF token that every form carries in the field `csrf`.
    pub csrf: String,
    pub flash: Option<Flash>,
    pub nav: Vec<NavItem>,
    /// The menu under the person's name.
    pub account_nav: Vec<NavItem>,
    /// Links of the footer.
    pub footer_nav: Vec<NavItem>,
    pub links: Links,
    /// Where this page is: home first, this page left out.
    pub crumbs: Vec<Crumb>,
    /// Name of the city in the page's language.
    pub city: String,
    /// Telephone number shown in the footer; may be empty.
    pub hotline: String,
    /// Everything on this server is made up: shows the ribbon "Dữ liệu mô phỏng".
    pub demo: bool,
    /// Notices not read yet.
    pub unread: u32,
    /// An office page: wide, quiet header.
    pub office: bool,
    /// What the operator can quote when something failed; may be empty.
    pub request_id: String,
}

/// Who is signed in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct User {
    pub name: String,
    /// Roles in words, in the page's language: "Cán bộ tiếp nhận, UBND phường Hải Châu".
    pub roles: Vec<String>,
}

/// One entry of the main menu.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NavItem {
    pub href: String,
    pub label: String,
    /// Name of an icon; may be empty.
    pub icon: String,
    pub current: bool,
}

/// Where the frame's own links and forms lead.
#[derive(Clone, Debug, Serialize)]
pub struct Links {
    pub home: String,
    /// The layout adds `?next=` and this page's path.
    pub sign_in: String,
    /// Takes a POST with the CSRF token.
    pub sign_out: String,
    pub notices: String,
    /// This page in the other language; `/language?to=…&next=…` where empty.
    pub other_lang: String,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            home: "/".to_owned(),
            sign_in: "/sign-in".to_owned(),
            sign_out: "/sign-out".to_owned(),
            notices: "/notices".to_owned(),
            other_lang: String::new(),
        }
    }
}

/// One step of the breadcrumb trail.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Crumb {
    pub href: String,
    pub label: String,
}

/// A message shown once, after an action.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
}

/// The tone of a message; each has its own icon and word, never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    Success,
    Info,
    Warning,
    Error,
}
