//! What all pages have in common: menu, display settings, static files.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::ops::disk_space::DiskState;
use crate::web::shell::auth::Reader;
use crate::web::shell::{assets, cookies, disk_notice};

/// Color themes, the default first.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// Text widths, the default first.
pub const WIDTHS: [&str; 3] = ["medium", "narrow", "wide"];

/// Text sizes, the default first.
pub const SIZES: [&str; 5] = ["3", "1", "2", "4", "5"];

/// Where to go after archiving or deleting an article, the default first.
pub const AFTER_ACTION: [&str; 2] = ["next", "list"];

/// A field of every page struct, for `layout.html`. Display settings come from cookies; unknown values are ignored.
#[derive(Debug, Clone)]
pub struct Layout {
    /// One of [`THEMES`].
    pub theme: &'static str,
    /// One of [`WIDTHS`].
    pub width: &'static str,
    /// One of [`SIZES`].
    pub size: &'static str,
    /// One of [`AFTER_ACTION`].
    pub after_action: &'static str,
    /// Whether the page is for a reader; the login page has no menu.
    pub has_menu: bool,
    /// The reader's name; `None` on this computer before there is an account.
    pub user_name: Option<String>,
    /// Whether there is room on the disk.
    pub disk: DiskState,
    /// About failed logins, until it is dismissed.
    pub login_notice: Option<String>,
    /// Path and query of the page: for the menu, and for forms that return to it.
    pub current_url: String,
}

impl Layout {
    /// Creates the layout from a `Cookie` header and the reader, if there is one.
    #[must_use]
    pub fn new(cookies: Option<&str>, reader: Option<&Reader>) -> Self {
        let setting = |name: &str, values: &[&'static str]| {
            let value = cookies.and_then(|cookies| cookies::find_display_setting(cookies, name));
            values.iter().copied().find(|known| value == Some(*known)).unwrap_or(values[0])
        };
        Self {
            theme: setting("theme", &THEMES),
            width: setting("width", &WIDTHS),
            size: setting("size", &SIZES),
            after_action: setting("after-action", &AFTER_ACTION),
            has_menu: reader.is_some(),
            user_name: reader.and_then(|reader| Some(reader.person.as_ref()?.name.clone())),
            disk: DiskState::Enough,
            login_notice: reader.and_then(|reader| reader.login_notice.clone()),
            current_url: "/".to_owned(),
        }
    }

    /// Returns what to tell readers on every page while the disk is full.
    #[must_use]
    pub fn disk_notice(&self) -> Option<&'static str> {
        (self.disk == DiskState::Full).then_some(disk_notice::FULL)
    }

    /// Returns whether the page has this path, with any query.
    #[must_use]
    pub fn is_current_path(&self, path: &str) -> bool {
        self.current_url.split('?').next() == Some(path)
    }

    /// Returns the URL of a static file: `layout.asset_url("app.css")`.
    #[must_use]
    pub fn asset_url(&self, name: &str) -> &'static str {
        assets::url(name)
    }
}

impl<S: Sync> FromRequestParts<S> for Layout {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let cookies = parts.headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok());
        let current_url = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let disk = parts.extensions.get().copied().unwrap_or_default();
        Ok(Self { current_url, disk, ..Self::new(cookies, parts.extensions.get::<Reader>()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_settings_come_from_cookies_and_unknown_values_are_ignored() {
        let layout = Layout::new(
            Some("broadsheet-theme=dark; broadsheet-size=5; broadsheet-width=\"><script>; width=wide"),
            None,
        );
        assert_eq!((layout.theme, layout.size, layout.width), ("dark", "5", "medium"));
        let layout = Layout::new(None, None);
        assert_eq!((layout.theme, layout.size, layout.has_menu), ("auto", "3", false));
    }
}
