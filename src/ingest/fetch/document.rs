//! A page as text, with its format.

use extract::{Markup, Source};

/// A decoded page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// HTML source. A page that was served as XHTML is rewritten.
    Html(String),
    /// Plain text.
    Text(String),
    /// Text in a markup, as the header says.
    Markup(Markup, String),
}

impl Document {
    /// Returns it as input of the extractor.
    #[must_use]
    pub const fn as_source(&self) -> Source<'_> {
        match self {
            Self::Html(html) => Source::Html(html.as_str()),
            Self::Text(text) => Source::Text(text.as_str()),
            Self::Markup(markup, text) => Source::Markup(*markup, text.as_str()),
        }
    }

    /// Returns its source.
    #[must_use]
    pub const fn source(&self) -> &str {
        let (Self::Html(text) | Self::Text(text) | Self::Markup(_, text)) = self;
        text.as_str()
    }

    /// Returns its source.
    #[must_use]
    pub fn into_source(self) -> String {
        let (Self::Html(text) | Self::Text(text) | Self::Markup(_, text)) = self;
        text
    }
}
