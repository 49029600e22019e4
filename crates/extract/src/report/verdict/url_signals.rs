//! What the URL of a page tells about its kind.

use url::Url;

/// The parts of a URL.
pub(super) struct UrlSignals {
    pub(super) host: String,
    /// Path segments in lower case.
    pub(super) steps: Vec<String>,
    pub(super) query: String,
    /// The front page of its site.
    pub(super) is_front_page: bool,
}

impl UrlSignals {
    pub(super) fn new(url: Option<&Url>) -> Self {
        let lower = |text: &str| text.to_ascii_lowercase();
        let host = url.and_then(Url::host_str).map(|host| lower(host.trim_start_matches("www."))).unwrap_or_default();
        let steps: Vec<String> = url
            .map(|url| url.path().split('/').filter(|step| !step.is_empty()).map(lower).collect())
            .unwrap_or_default();
        let query = url.and_then(Url::query).map(lower).unwrap_or_default();
        let is_front_page = url.is_some() && query.is_empty() && steps.iter().all(|step| is_front_page_step(step));
        Self { host, steps, query, is_front_page }
    }

    pub(super) fn host_starts_with(&self, hosts: &[&str]) -> bool {
        self.host.split('.').next().is_some_and(|first| hosts.contains(&first))
    }

    pub(super) fn has_step(&self, steps: &[&str]) -> bool {
        self.steps.iter().any(|step| steps.contains(&step.as_str()))
    }

    /// Returns whether one of these path segments occurs with something below it.
    pub(super) fn is_below(&self, steps: &[&str]) -> bool {
        self.steps.iter().rev().skip(1).any(|step| steps.contains(&step.as_str()))
    }

    pub(super) fn ends_with_step(&self, steps: &[&str]) -> bool {
        self.steps.last().is_some_and(|step| steps.contains(&step.as_str()))
    }

    pub(super) fn has_digit(&self) -> bool {
        self.steps.iter().chain([&self.query]).any(|part| part.bytes().any(|byte| byte.is_ascii_digit()))
    }
}

/// Matches `index.html` and languages: `/en/`, `/us/en/`.
fn is_front_page_step(step: &str) -> bool {
    let is_language = |step: &str| step.len() == 2 && step.bytes().all(|byte| byte.is_ascii_lowercase());
    step.starts_with("index.")
        || step == "home"
        || is_language(step)
        || step.split_once('-').is_some_and(|(one, two)| is_language(one) && is_language(two))
}
