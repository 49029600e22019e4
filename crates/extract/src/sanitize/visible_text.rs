//! The text that a reader sees in sanitised HTML, for search. A single pass over the normal form.

use crate::dom::tree;
use crate::sanitize::CleanHtml;
use crate::sanitize::image_urls::tag_length;

/// How [`CleanHtml`] escapes text.
const ESCAPED: &[(&str, char)] = &[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')];

impl CleanHtml {
    /// Returns all text in the HTML: that of the article, of captions, tables, cards and notes. Words in different
    /// blocks are separated; otherwise white space is as in the HTML.
    ///
    /// ```
    /// let html = extract::sanitize_html("<p>Rain &amp; <em>wind</em>y.</p><table><tr><td>2<td>mm</table>", None);
    /// assert_eq!(html.visible_text().split_whitespace().collect::<Vec<_>>(), ["Rain", "&", "windy.", "2", "mm"]);
    /// ```
    pub fn visible_text(&self) -> String {
        let mut text = String::with_capacity(self.as_str().len());
        let mut rest = self.as_str();
        while let Some(start) = rest.find('<') {
            push_unescaped(&mut text, &rest[..start]);
            let end = start + tag_length(&rest[start..]);
            if !tree::is_inline(tag_name(&rest[start..end])) {
                text.push('\n');
            }
            rest = &rest[end..];
        }
        push_unescaped(&mut text, rest);
        text
    }
}

fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    &name[..name.find([' ', '>', '/']).unwrap_or(name.len())]
}

fn push_unescaped(text: &mut String, mut escaped: &str) {
    while let Some(at) = escaped.find('&') {
        text.push_str(&escaped[..at]);
        escaped = &escaped[at..];
        let known = ESCAPED.iter().find(|(name, _)| escaped.starts_with(name));
        let (length, letter) = known.map_or((1, '&'), |(name, letter)| (name.len(), *letter));
        text.push(letter);
        escaped = &escaped[length..];
    }
    text.push_str(escaped);
}

#[cfg(test)]
mod tests {
    use crate::sanitize_html;

    fn words(html: &str) -> String {
        sanitize_html(html, None).visible_text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_different_blocks_are_separated_and_others_are_not() {
        for (html, expected) in [
            ("<p>One<p>Two", "One Two"),
            ("<p>under<b>st</b>and</p>", "understand"),
            (
                "<figure><img src=http://a.example/b.png alt='no text'><figcaption>A crane</figcaption></figure>",
                "A crane",
            ),
            ("<table><tr><th>Year<th>Boats<tr><td>1931<td>7</table>", "Year Boats 1931 7"),
            ("<p>a<br>b &lt;i&gt; &amp;amp; \u{a0}c", "a b <i> &amp; c"),
            ("<p><a href='http://a.example/?a=1&b=%3E' title='x > y'>link</a>ed", "linked"),
            ("", ""),
        ] {
            assert_eq!(words(html), expected, "{html}");
        }
    }
}
