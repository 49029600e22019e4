use super::*;
use crate::page::Source;

const URL: &str = "https://notes.example/garden/beans.md";

fn read(source: Source<'_>, url: Option<&str>) -> Article {
    let url = url.map(|url| url::Url::parse(url).unwrap());
    let now = "2026-11-28T12:00:00Z".parse().unwrap();
    crate::article(&Page { source, url: url.as_ref(), now, rules: &[] })
}

fn file(text: &str) -> Article {
    read(Source::Markup(Markup::Markdown, text), Some(URL))
}

const SENTENCE: &str = "Beans ask for three things: sun, a string, and being left alone for as long as it takes.";

#[test]
fn markdown_file_is_read_as_commonmark_with_githubs_extensions() {
    let body = file(&format!(
        "# Beans\n\n{SENTENCE}\nAnd ~~peas~~, see [the log](log.md) or https://peas.example/a.\n\n3. Dig\n   - deep\n4. Wait\n\n\
         | Bean | cm |\n|--|-:|\n| Fire | 9 |\n\n- [x] Dig\n- [ ] Wait\n\n> [!TIP]\n> Two each.\n\n![A row](/row.jpg)\n"
    ))
    .body;
    let body = body.as_str();
    for part in [
        "And <del>peas</del>, see <a href=\"https://notes.example/garden/log.md\"",
        "<a href=\"https://peas.example/a\" rel=\"noopener noreferrer\">https://peas.example/a</a>.",
        "<ol start=\"3\"><li>Dig\n<ul><li>deep</li></ul></li>\n<li>Wait</li></ol>",
        "<td>Fire</td>",
        "<li>☑ Dig</li>\n<li>☐ Wait</li>",
        "<blockquote><p><strong>Tip</strong></p>\n<p>Two each.</p></blockquote>",
        "<img src=\"https://notes.example/row.jpg\" alt=\"A row\">",
    ] {
        assert!(body.contains(part), "{part}\n{body}");
    }
}

#[test]
fn front_matter_names_title_authors_and_date() {
    let yaml = "---\n# of the blog\ntitle: \"Beans: \\\"all\\\" of them\"\nauthors:\n  - name: Ann Lee\n    url: /ann\n  - Bo Ray\n\
                date: 2026-04-18T10:00:00+02:00\ntags:\n  - beans\n  - 'sun'\nlang: en-GB\ndescription: >\n  Of beans\n  and us.\n---\n";
    let article = file(&format!("{yaml}# First\n\n{SENTENCE}"));
    assert_eq!(article.title, "Beans: \"all\" of them");
    assert_eq!(article.byline.as_deref(), Some("Ann Lee, Bo Ray"));
    assert_eq!(article.published_day, Some(jiff::civil::date(2026, 4, 18)));
    assert_eq!(article.tags, ["beans", "sun"]);
    assert_eq!(article.excerpt.as_deref(), Some("Of beans and us."));
    assert!(article.body.as_str().starts_with("<h2>First</h2>"), "{}", article.body.as_str());

    let toml = format!("+++\ntitle = \"Beans\"\ndate = 2026-04-18\ntags = [\"a\", \"b\"]\n+++\n# Beans\n\n{SENTENCE}");
    let article = file(&toml);
    assert_eq!((article.title.as_str(), article.tags.len()), ("Beans", 2));
    assert_eq!(article.body.as_str(), format!("<p>{SENTENCE}</p>"));

    let rules = file(&format!("---\n{SENTENCE}\n\n---\n{SENTENCE}"));
    assert_eq!(rules.text.matches(SENTENCE).count(), 2, "text between two rules is no front matter");
}

#[test]
fn lines_below_the_title_name_author_and_date() {
    let article = file(&format!("# Beans\n\n*By Ann Lee*\n\n18 April 2026\n\n{SENTENCE}"));
    assert_eq!(article.byline.as_deref(), Some("Ann Lee"));
    assert_eq!(article.published_day, Some(jiff::civil::date(2026, 4, 18)));
    assert_eq!(article.text, SENTENCE);
}

#[test]
fn footnotes_lead_there_and_back_and_are_no_running_text() {
    let article = file(&format!("# Beans\n\n{SENTENCE}[^why]\n\n[^why]: Because of the snails.\n"));
    assert_eq!(
        article.body.as_str(),
        format!(
            "<p>{SENTENCE}<sup><a href=\"#a-fn-why\" id=\"a-fnref-why\" rel=\"noopener noreferrer\">1</a></sup></p>\n\
             <ol><li id=\"a-fn-why\"><p>Because of the snails. <a href=\"#a-fnref-why\" rel=\"noopener noreferrer\">↩</a></p></li></ol>"
        )
    );
    assert!(!article.text.contains("snails"), "{}", article.text);
}

#[test]
fn html_in_markdown_is_sanitized() {
    let article = file(&format!(
        "<h1 align=center><img src=a.png alt=Beans onerror=x()></h1>\n\n{SENTENCE} [a](javascript:x()) <script>x()</script>\n\n\
         <iframe src=\"https://x.example\"></iframe><svg onload=x()>"
    ));
    assert_eq!(article.title, "Beans");
    for word in ["script", "onerror", "onload", "<svg"] {
        assert!(!article.body.as_str().contains(word), "{}", article.body.as_str());
    }
}

#[test]
fn text_with_two_signs_of_markdown_is_markdown() {
    let is_markdown = |text: &str| read(Source::Text(text), None).body.as_str().contains("<table>");
    let table = "| a | b |\n|---|---|\n| 1 | 2 |";
    assert!(is_markdown(&format!("# Beans\n\n{SENTENCE}\n\n{table}")));
    assert!(!is_markdown(&format!("Beans\n\n{SENTENCE}\n\n{table}")));
    let copied = format!("# Beans\n\n{SENTENCE} {SENTENCE}\n{SENTENCE} {SENTENCE}\n\n{table}");
    assert!(!is_markdown(&copied), "paragraphs without an empty line between them");
    let by_name = read(Source::Text(&format!("Beans\n\n{SENTENCE}\n\n{table}")), Some("https://a.example/raw/a.MD"));
    assert!(by_name.body.as_str().contains("<table>"));
}

#[test]
fn org_and_gemtext_keep_headings_links_lists_and_code() {
    let org = format!(
        "#+TITLE: Beans\n#+AUTHOR: Ann Lee\n#+DATE: <2026-04-18 Sat>\n#+STARTUP: overview\n\n* Sowing\n:PROPERTIES:\n:ID: 7\n:END:\n\
         {SENTENCE} See [[https://peas.example/a][the peas]] and =dig=.\n\n- one\n- two\n\n#+begin_src sh\n* [[x]] =a=\n#+end_src\n\n\
         | a | b |\n|---+---|\n| 1 | 2 |\n"
    );
    let article = read(Source::Text(&org), Some("https://a.example/a.org"));
    assert_eq!((article.title.as_str(), article.byline.as_deref()), ("Beans", Some("Ann Lee")));
    let body = article.body.as_str();
    for part in [
        "<h2>Sowing</h2>\n<p>Beans",
        "<a href=\"https://peas.example/a\" rel=\"noopener noreferrer\">the peas</a> and <code>dig</code>.",
        "<ul><li>one</li>\n<li>two</li></ul>",
        "<pre><code class=\"language-sh\">* [[x]] =a=\n</code></pre>",
        "<td>2</td>",
    ] {
        assert!(body.contains(part), "{part}\n{body}");
    }
    let gemtext = format!(
        "# Beans\n{SENTENCE}\nOne more.\n=> /peas.gmi The peas\n=> https://a.example/\n* one\n```sh\n=> x\n```\n"
    );
    let body = read(Source::Markup(Markup::Gemtext, &gemtext), Some("https://a.example/a")).body;
    assert_eq!(
        body.as_str(),
        format!(
            "<p>{SENTENCE}</p>\n<p>One more.</p>\n<ul><li><a href=\"https://a.example/peas.gmi\" rel=\"noopener noreferrer\">The peas</a></li>\n\
             <li><a href=\"https://a.example/\" rel=\"noopener noreferrer\">https://a.example/</a></li></ul>\n<ul><li>one</li></ul>\n\
             <pre><code>=&gt; x\n</code></pre>"
        )
    );
}

#[test]
fn deep_and_long_marks_take_no_longer_than_text() {
    for mark in [">", "- ", "[", "*a ", "![](", "`", "[^a]", "$", "|", "<", "_*", "1. "] {
        let text = format!("# Beans\n\n{}", mark.repeat(50_000));
        assert_eq!(file(&text).title, "Beans", "{mark}");
    }
}
