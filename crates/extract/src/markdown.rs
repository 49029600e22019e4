//! The article as Markdown, for programs and people that keep notes.

use dom_query::Document;

use crate::CleanHtml;

impl CleanHtml {
    /// The same as Markdown, with tables and fenced code as GitHub reads them.
    ///
    /// ```
    /// let body = extract::clean::clean("<h2>Rain</h2><p>It <em>poured</em>.</p>", None);
    /// assert_eq!(body.markdown(), "## Rain\n\nIt *poured*.");
    /// ```
    #[must_use]
    pub fn markdown(&self) -> String {
        Document::fragment(self.as_str()).md(None).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use crate::clean::clean;

    #[test]
    fn what_an_article_is_made_of_has_a_form_in_markdown() {
        let body = "<p>See <a href='https://a.example/x'>the map</a>, and <b>mind</b> the <code>gap</code>.</p>\
            <ul><li>salt</li><li>bread<ul><li>rye</li></ul></li></ul><ol><li>one</li><li>two</li></ol>\
            <blockquote><p>Wet.</p></blockquote><pre>let a = 1;\nlet b = 2;</pre>\
            <figure><img src='https://a.example/p.jpg' alt='A hill'><figcaption>The hill</figcaption></figure>\
            <table><tr><th>Day</th><th>Rain</th></tr><tr><td>Monday</td><td>3</td></tr></table>";
        let markdown = clean(body, None).markdown();
        for part in [
            "[the map](https://a.example/x)",
            "**mind**",
            "`gap`",
            "- salt",
            "  - rye",
            "1. one",
            "> Wet.",
            "```\nlet a = 1;\nlet b = 2;\n```",
            "![A hill](https://a.example/p.jpg)",
            "The hill",
            "| Day | Rain |",
            "| Monday | 3 |",
        ] {
            assert!(markdown.contains(part), "{part} in\n{markdown}");
        }
    }

    #[test]
    fn words_that_look_like_markup_stay_words() {
        let markdown = clean("<p>5 * 3 * 2 and a_b_c and [no] &lt;link&gt;</p><p># no heading</p>", None).markdown();
        assert!(!markdown.contains("\n# "), "{markdown}");
        assert!(markdown.contains("\\[no\\]"), "{markdown}");
    }
}
