//! What every page has around it: the reader's name, the looks they chose, the addresses of our own files.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::web::shell::auth::Reader;
use crate::web::shell::{assets, cookies};

/// Colours; the first is what a browser has by itself.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// Widths of the text; the first is the usual one.
pub const WIDTHS: [&str; 3] = ["medium", "narrow", "wide"];

/// Sizes of the text; the middle is the usual one.
pub const SIZES: [&str; 5] = ["3", "1", "2", "4", "5"];

/// One field of every page's struct, and what `layout.html` is written from. The looks come from cookies of
/// ours; what is not one of the known words is as if it were not there.
#[derive(Debug, Clone)]
pub struct Layout {
    /// One of [`THEMES`].
    pub theme: &'static str,
    /// One of [`WIDTHS`].
    pub width: &'static str,
    /// One of [`SIZES`].
    pub size: &'static str,
    /// Whether the page is for a reader, who has a menu; a stranger at the login page has none.
    pub has_menu: bool,
    /// The name the reader logged in with; `None` on this computer before there is an account.
    pub user_name: Option<String>,
    /// The page's own address, from the root: for the menu, and for forms that lead back to it.
    pub current_url: String,
}

impl Layout {
    /// From the `Cookie` header, and the reader if there is one.
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
            has_menu: reader.is_some(),
            user_name: reader.and_then(|reader| Some(reader.person.as_ref()?.name.clone())),
            current_url: "/".to_owned(),
        }
    }

    /// Whether this is the page at this path, whatever its query.
    #[must_use]
    pub fn is_current_path(&self, path: &str) -> bool {
        self.current_url.split('?').next() == Some(path)
    }

    /// The address of a file of ours, for `layout.html`: `layout.asset("app.css")`.
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
        Ok(Self { current_url, ..Self::new(cookies, parts.extensions.get::<Reader>()) })
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
