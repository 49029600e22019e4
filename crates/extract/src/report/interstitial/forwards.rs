//! Where a page leads that shows hardly anything itself: by its script, by the only link of a notice, by a frame.

use super::leaving_phrases::LEAVING_PHRASES;
use crate::dom::words;
use crate::parse::source_scan::Tag;

/// Bytes of the longest script that only leads on. Others belong to pages that do more.
const MAX_SCRIPT: usize = 4_000;
/// Scripts that are looked at. A page that only leads on has few.
const MAX_SCRIPTS: usize = 30;
/// Bytes of the text of a link.
const MAX_LABEL: usize = 300;
/// Links that are noted. A notice has one or two.
const MAX_LINKS: usize = 20;
/// Words of the longest notice that only leads on.
const MAX_NOTICE_WORDS: usize = 80;
/// Words beside a frame that fills the page.
const MAX_WORDS_BESIDE_FRAME: usize = 15;

/// What a page names that it may lead to, with URLs as written.
#[derive(Debug, Default)]
pub(super) struct Forwards {
    /// The target and the text of each link.
    links: Vec<(String, String)>,
    in_link: bool,
    script: Option<String>,
    scripts: usize,
    /// Frames of a frameset: their names and targets.
    frames: Vec<(String, String)>,
    /// Inline frames as large as the page.
    large_inline_frames: Vec<String>,
    has_other_inline_frames: bool,
}

impl Forwards {
    pub(super) fn add_tag(&mut self, tag: &Tag<'_>) {
        if tag.is_end_tag("a") {
            self.in_link = false;
        } else if tag.is_start_tag("a") {
            self.in_link = self.links.len() < MAX_LINKS;
            if let Some(href) = tag.attribute("href").filter(|_| self.in_link) {
                self.links.push((href, String::new()));
            }
        } else if tag.is_start_tag("frame") {
            let name = tag.attribute("name").unwrap_or_default().to_lowercase();
            self.frames
                .extend(tag.attribute("src").filter(|_| self.frames.len() < MAX_LINKS).map(|source| (name, source)));
        } else if tag.is_start_tag("iframe") {
            let fills_page = ["100%", "100v"].iter().any(|size| tag.raw_attributes().contains(size));
            match tag.attribute("src").filter(|_| fills_page) {
                Some(source) if self.large_inline_frames.len() < MAX_LINKS => self.large_inline_frames.push(source),
                _ => self.has_other_inline_frames = true,
            }
        } else if tag.is_start_tag("body")
            && let Some(script) = tag.attribute("onload")
        {
            self.add_script(&script);
        }
    }

    pub(super) fn add_text(&mut self, text: &str) {
        if let Some((_, label)) = self.links.last_mut().filter(|(_, label)| self.in_link && label.len() < MAX_LABEL) {
            label.push_str(&text[..text.floor_char_boundary(MAX_LABEL)]);
        }
    }

    pub(super) fn add_script(&mut self, script: &str) {
        self.scripts += 1;
        if self.script.is_none() && script.len() <= MAX_SCRIPT && self.scripts <= MAX_SCRIPTS {
            self.script = find_script_target(script);
        }
    }

    pub(super) fn script_target(&self) -> Option<&str> {
        self.script.as_deref()
    }

    /// Returns the target of the only link that shows where it leads, or of the only one to another site in a page that
    /// says one is leaving.
    pub(super) fn notice_target(&self, text: &str, title: &str) -> Option<&str> {
        if words::count(text) > MAX_NOTICE_WORDS {
            return None;
        }
        let is_url = |text: &str| text.starts_with("http://") || text.starts_with("https://") || text.starts_with("//");
        let shows_target = |(href, label): &&(String, String)| {
            let label = label.trim();
            is_url(href) && !label.contains(char::is_whitespace) && (is_url(label) || names_host(label, href))
        };
        let says_so = LEAVING_PHRASES.iter().any(|phrase| text.contains(phrase) || title.contains(phrase));
        let shown = only_target(self.links.iter().filter(shows_target));
        // A short page may also show the links it is about.
        let is_about_link = says_so || words::count(text) <= MAX_NOTICE_WORDS / 2 && self.links.len() <= 3;
        match shown {
            Some(target) => is_about_link.then_some(target),
            None if says_so => only_target(self.links.iter().filter(|(href, _)| is_url(href))),
            None => None,
        }
    }

    /// Returns the target of the frame that holds the page's content, if it is clear which one.
    pub(super) fn frame_target(&self, text: &str) -> Option<&str> {
        const CONTENT_NAMES: [&str; 7] = ["main", "content", "body", "text", "inhalt", "contenu", "haupt"];
        let is_content = |name: &str| CONTENT_NAMES.iter().any(|word| name.contains(word));
        let mut named = self.frames.iter().filter(|(name, _)| is_content(name));
        match (self.frames.as_slice(), self.large_inline_frames.as_slice()) {
            ([(_, only)], _) => Some(only),
            ([], [only]) if !self.has_other_inline_frames && words::count(text) <= MAX_WORDS_BESIDE_FRAME => Some(only),
            _ => named.next().filter(|_| named.next().is_none()).map(|(_, source)| source.as_str()),
        }
    }

    pub(super) fn is_frameset(&self) -> bool {
        !self.frames.is_empty()
    }
}

/// Returns the target of links that all have the same.
fn only_target<'a>(mut links: impl Iterator<Item = &'a (String, String)>) -> Option<&'a str> {
    let (first, _) = links.next()?;
    links.all(|(href, _)| href == first).then_some(first)
}

/// Returns whether a label is the host of a link, perhaps with a path.
fn names_host(label: &str, href: &str) -> bool {
    let host = href.split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty()
        && (label.starts_with(host) || host.strip_prefix("www.").is_some_and(|host| label.starts_with(host)))
}

/// Returns the URL that a script goes to: `location.replace("…")`, `location.assign("…")`, `location.href = "…"` or
/// `location = "…"`, also by way of a variable.
fn find_script_target(script: &str) -> Option<String> {
    script.match_indices("location").find_map(|(at, word)| {
        let rest = &script[at + word.len()..];
        let property = rest.strip_prefix(".href");
        let rest = property.unwrap_or(rest).trim_start();
        // `location.href.replace` is that of strings, and goes nowhere.
        let call = |name| rest.strip_prefix(name)?.trim_start().strip_prefix('(').filter(|_| property.is_none());
        let value = match rest.strip_prefix('=') {
            Some(value) => Some(value).filter(|value| !value.starts_with('=')),
            None => [".replace", ".assign"].into_iter().find_map(call),
        }?
        .trim_start();
        let target = parse_literal(value).or_else(|| find_variable(script, value))?;
        (!target.is_empty() && !target.starts_with(['#', '?']) && !target.starts_with("javascript:")).then_some(target)
    })
}

/// Parses a string that is the whole value: nothing is added to it.
fn parse_literal(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| ['"', '\'', '`'].contains(c))?;
    let (literal, after) = value[1..].split_once(quote)?;
    let is_whole = !after.trim_start().starts_with(['+', '.']) && !literal.contains("${") && !literal.contains('\n');
    is_whole.then(|| literal.replace("\\/", "/").replace("\\u0026", "&").replace("\\x26", "&").trim().to_owned())
}

/// Returns the string that a variable was set to.
fn find_variable(script: &str, value: &str) -> Option<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let end = value.find(|c| !is_name(c)).unwrap_or(value.len());
    let (name, after) = value.split_at(end);
    if name.is_empty() || after.trim_start().starts_with(['+', '.', '(', '[']) {
        return None;
    }
    script.match_indices(name).find_map(|(at, _)| {
        let follows_name = script[..at].chars().next_back().is_some_and(|c| is_name(c) || c == '.');
        let set = script[at + name.len()..].trim_start().strip_prefix('=').filter(|_| !follows_name)?;
        parse_literal(set.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_lead_on_are_read() {
        for (script, expected) in [
            (r#"window.location.replace("https://a.example/x");"#, Some("https://a.example/x")),
            (r#"location.href = '/there?a=1\u0026b=2'"#, Some("/there?a=1&b=2")),
            (r#"top.location.assign( "https:\/\/a.example\/x" )"#, Some("https://a.example/x")),
            (r#"setTimeout("document.location='/later'", 3000)"#, Some("/later")),
            (r#"const to = "/by-name"; setTimeout(() => { location = to }, 1000)"#, Some("/by-name")),
            (r#"if (location.href == "https://a.example/") start()"#, None),
            (r##"location.hash = "#top"; location = "#part""##, None),
            (r#"location.href = "/go?to=" + encodeURIComponent(page)"#, None),
            ("location.replace(`/${language}/`)", None),
            ("top.location = self.location.href", None),
            (r#"location.replace(location.href.replace("http:", "https:"))"#, None),
            ("location.reload()", None),
        ] {
            assert_eq!(find_script_target(script).as_deref(), expected, "{script}");
        }
    }
}
