//! Leaves out the cards of embeds that are shown in another way. Like `image_urls`, this runs when an article is shown, in a single
//! pass over the normal form of its HTML.

use crate::dom::tree::escape;
use crate::sanitize::CleanHtml;

impl CleanHtml {
    /// Leaves out the cards that lead to these URLs.
    #[must_use]
    pub fn without_cards(&self, urls: &[&str]) -> CleanHtml {
        const START: &str = "<p class=\"embed\"><a href=\"";
        const END: &str = "</p>";
        let urls: Vec<String> = urls.iter().map(|url| escape(url)).collect();
        let (mut kept, mut rest) = (String::with_capacity(self.as_str().len()), self.as_str());
        while let Some(start) = rest.find(START) {
            let href = &rest[start + START.len()..];
            let is_named = href.split('"').next().is_some_and(|href| urls.iter().any(|url| url == href));
            let end = rest[start..].find(END).map_or(rest.len(), |end| start + end + END.len());
            kept.push_str(&rest[..if is_named { start } else { end }]);
            rest = &rest[end..];
        }
        kept.push_str(rest);
        CleanHtml(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_cards_are_left_out() {
        let card = |url: &str| {
            format!("<p class=\"embed\"><a href=\"{url}\" rel=\"noopener noreferrer\">Audio on pier.example</a></p>")
        };
        let (one, other) = (card("https://pier.example/1.mp3?a=1&amp;b=2"), card("https://pier.example/2.mp3"));
        let text = "<p><a href=\"https://pier.example/1.mp3?a=1&amp;b=2\">A link</a></p>";
        let html = CleanHtml::from_trusted(format!("<p>One.</p>{one}{text}{other}<p>Two.</p>"));
        let left = html.without_cards(&["https://pier.example/1.mp3?a=1&b=2"]);
        assert_eq!(left.as_str(), format!("<p>One.</p>{text}{other}<p>Two.</p>"));
        assert_eq!(html.without_cards(&[]).as_str(), html.as_str());
    }
}
