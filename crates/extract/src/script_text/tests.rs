//! Pages of our own whose text is in their scripts.

use crate::page::{Page, Source};

const TITLE: &str = "Eels return to the mill stream";
const FIRST: &str = "For the first time since the war, eels have been counted in the stream below the mill, where the \
                     children of the school set out their traps in April.";
const SECOND: &str = "The wardens say that the new ladder of brushes beside the weir lets them climb at night, and that \
                      nobody should help them over it by hand, however slow they are.";
const MENU: &str = "<nav><a href=/>Valley Post</a> <a href=/water>Water</a></nav>";

fn read(body: &str) -> crate::Article {
    let html = format!(
        "<html lang=en><head><title>{TITLE} | Valley Post</title><meta property=og:title content='{TITLE}'></head><body>{body}"
    );
    let url = url::Url::parse("https://post.example/2026/eels").ok();
    let page = Page { source: Source::Html(&html), url: url.as_ref(), now: jiff::Timestamp::UNIX_EPOCH, rules: &[] };
    crate::article(&page)
}

/// Writes a page of a menu, an empty element and a script, with the texts in place of `FIRST` and `SECOND`.
fn shell(script: &str) -> String {
    let script = script.replace("TITLE", TITLE).replace("FIRST", FIRST).replace("SECOND", SECOND);
    format!("{MENU}<div id=app></div>{script}")
}

fn json(state: &str) -> String {
    shell(&format!("<script type=application/json>{state}</script>"))
}

#[test]
fn text_is_found_in_the_state_of_many_programs() {
    for script in [
        r#"<script id=__NEXT_DATA__ type=application/json>{"props":{"pageProps":{"post":{"title":"TITLE","html":"<p>FIRST</p><p>SECOND</p>"}}}}</script>"#,
        r#"<script>window.__NUXT__=(function(a,b){return {data:[{post:{title:a,body:b}}]}}("TITLE","\u003Cp\u003EFIRST\u003C\u002Fp\u003E\u003Cp\u003ESECOND\u003C/p\u003E"))</script>"#,
        r#"<script type=application/json id=__NUXT_DATA__>[["Reactive",1],{"post":2},{"title":3,"body":4},"TITLE","<p>FIRST</p><p>SECOND</p>"]</script>"#,
        r#"<script>window.__APOLLO_STATE__={"ROOT_QUERY":{"post":{"__ref":"Post:1"}},"Post:1":{"title":"TITLE","paragraphs":[{"__ref":"P:1"},{"__ref":"P:2"}]},"P:1":{"type":"P","text":"FIRST"},"P:2":{"type":"P","text":"SECOND"}}</script>"#,
        r#"<script>window.__PRELOADED_STATE__ = JSON.parse("{\"article\":{\"headline\":\"TITLE\",\"content\":\"FIRST\\n\\nSECOND\"}}")</script>"#,
        r#"<script type=application/ld+json>{"@type":"NewsArticle","headline":"TITLE","articleBody":"FIRST\n\nSECOND"}</script>"#,
        r#"<script>self.__next_f.push([1,"1:[\"$\",\"div\",null,{\"children\":[[\"$\",\"nav\",null,{\"children\":\"Menu\"}],[\"$\",\"section\",null,{\"children\":[[\"$\",\"p\",\"1\",{\"children\":\"FIRST\"}],[\"$\",\"$L5\",null,{\"children\":[\"$\",\"p\",\"2\",{\"children\":\"SECOND\"}]}]]}]]}]\n5:I[12,[],\"x\"]\n"])</script>"#,
    ] {
        let article = read(&shell(script));
        assert_eq!(article.text, format!("{FIRST}\n\n{SECOND}"), "{script}");
        assert_eq!(article.title, TITLE);
    }
}

#[test]
fn structured_texts_keep_paragraphs_headings_lists_and_links() {
    let wanted = format!(
        "<p>{FIRST}</p><h2>The ladder</h2><ul><li>Brushes</li><li>Water</li></ul><p>{SECOND} <a href=\"https://a.example/b\" rel=\"noopener noreferrer\">More</a></p>"
    );
    for body in [
        r#"[{"_type":"block","style":"normal","children":[{"_type":"span","text":"FIRST"}]},
            {"_type":"block","style":"h2","children":[{"_type":"span","text":"The ladder"}]},
            {"_type":"block","listItem":"bullet","children":[{"_type":"span","text":"Brushes"}]},
            {"_type":"block","listItem":"bullet","children":[{"_type":"span","text":"Water"}]},
            {"_type":"block","style":"normal","markDefs":[{"_key":"k","href":"https://a.example/b"}],"children":[{"_type":"span","text":"SECOND "},{"_type":"span","marks":["k"],"text":"More"}]}]"#,
        r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"FIRST"}]},
            {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"The ladder"}]},
            {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"Brushes"}]}]},{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"Water"}]}]}]},
            {"type":"paragraph","content":[{"type":"text","text":"SECOND "},{"type":"text","marks":[{"type":"link","attrs":{"href":"https://a.example/b"}}],"text":"More"}]}]}"#,
        r#"{"blocks":[{"type":"paragraph","data":{"text":"FIRST"}},{"type":"header","data":{"text":"The ladder","level":2}},
            {"type":"list","data":{"style":"unordered","items":["Brushes","Water"]}},{"type":"paragraph","data":{"text":"SECOND <a href=\"https://a.example/b\">More</a>"}}]}"#,
        r#"{"nodeType":"document","content":[{"nodeType":"paragraph","content":[{"nodeType":"text","value":"FIRST"}]},
            {"nodeType":"heading-2","content":[{"nodeType":"text","value":"The ladder"}]},
            {"nodeType":"unordered-list","content":[{"nodeType":"list-item","content":[{"nodeType":"text","value":"Brushes"}]},{"nodeType":"list-item","content":[{"nodeType":"text","value":"Water"}]}]},
            {"nodeType":"paragraph","content":[{"nodeType":"text","value":"SECOND "},{"nodeType":"hyperlink","data":{"uri":"https://a.example/b"},"content":[{"nodeType":"text","value":"More"}]}]}]}"#,
        r#"{"root":{"type":"root","children":[{"type":"paragraph","children":[{"type":"text","format":0,"text":"FIRST"}]},{"type":"heading","tag":"h2","children":[{"type":"text","text":"The ladder"}]},
            {"type":"list","listType":"bullet","tag":"ul","children":[{"type":"listitem","children":[{"type":"text","text":"Brushes"}]},{"type":"listitem","children":[{"type":"text","text":"Water"}]}]},
            {"type":"paragraph","children":[{"type":"text","text":"SECOND "},{"type":"link","url":"https://a.example/b","children":[{"type":"text","text":"More"}]}]}]}}"#,
        r#"[{"type":"text","content":"FIRST"},{"type":"header","level":2,"content":"The ladder"},{"type":"list","list_type":"unordered","items":[{"type":"text","content":"Brushes"},{"type":"text","content":"Water"}]},
            {"type":"text","content":"SECOND <a href=\"https://a.example/b\">More</a>"}]"#,
        r#"[{"__typename":"ParagraphBlock","content":[{"__typename":"TextInline","text":"FIRST"}]},{"__typename":"Heading2Block","content":[{"__typename":"TextInline","text":"The ladder"}]},
            {"__typename":"ListBlock","content":[{"__typename":"ListItemBlock","content":[{"__typename":"TextInline","text":"Brushes"}]},{"__typename":"ListItemBlock","content":[{"__typename":"TextInline","text":"Water"}]}]},
            {"__typename":"ParagraphBlock","content":[{"__typename":"TextInline","text":"SECOND "},{"__typename":"LinkInline","url":"https://a.example/b","content":[{"__typename":"TextInline","text":"More"}]}]}]"#,
        "\"FIRST\\n\\n## The ladder\\n\\n* Brushes\\n* Water\\n\\nSECOND [More](https://a.example/b)\"",
    ] {
        let article = read(&json(&format!(r#"{{"story":{{"title":"TITLE","body":{body}}}}}"#)));
        let shown = article
            .body
            .as_str()
            .replace('\n', "")
            .replace("<p>Brushes</p>", "Brushes")
            .replace("<p>Water</p>", "Water");
        assert_eq!(shown, wanted, "{body}");
    }
}

#[test]
fn the_rest_of_a_beginning_is_taken_from_the_scripts() {
    let state = r#"<script type=application/json>{"story":{"headline":"TITLE","body":"<p>FIRST</p><p>SECOND</p><p>FIRST</p><p>SECOND</p>"}}</script>"#;
    let shown = format!("<article><h1>{TITLE}</h1><p>{FIRST}</p><button>Read on</button></article>{}", shell(state));
    assert!(read(&shown).text.ends_with(SECOND));
}

#[test]
fn texts_of_other_articles_stay_in_the_scripts() {
    let other = |at: usize| {
        format!(r#"{{"title":"Other news {at}","body":"<p>{at} {}</p>"}}"#, "They say it rains. ".repeat(15))
    };
    let list = json(&format!(r#"{{"posts":[{},{},{}]}}"#, other(1), other(2), other(3)));
    let article = read(&list);
    assert_eq!((article.text.as_str(), article.needs_javascript), ("", true));
    let whole = format!(
        "<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p></article>{}",
        json(&format!(r#"{{"next":{}}}"#, other(1)))
    );
    assert_eq!(read(&whole).text, format!("{FIRST}\n\n{SECOND}"));
    let foreign = json(&format!(r#"{{"relatedStory":{}}}"#, other(1)));
    assert_eq!(read(&foreign).text, "");
}

#[test]
fn markup_in_scripts_is_sanitized_like_the_page() {
    let state = r#"{"title":"TITLE","html":"<p onclick='x()'>FIRST<script>alert(1)<\/script></p><iframe src='javascript:x'></iframe><p>SECOND<img src=x onerror=y></p>"}"#;
    let body = read(&json(state)).body;
    assert!(
        ["onclick", "onerror", "javascript:", "alert"].iter().all(|bad| !body.as_str().contains(bad)),
        "{}",
        body.as_str()
    );
}

#[test]
fn pages_without_any_text_need_their_scripts() {
    for body in [
        "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>",
        "<div id=root><p>Bitte aktivieren Sie JavaScript.</p></div>",
        "<app-shell></app-shell><script src=/main.js></script>",
        "<main id=app><div class=spinner>Загрузка…</div></main>",
        "<div class=wrap><img src=/logo.png alt=''><p>Chargement en cours</p></div>",
        "<noscript><div>JavaScriptを有効にしてください</div></noscript><div></div>",
    ] {
        let article = read(&format!("{MENU}{body}<footer>© Valley Post</footer>"));
        assert_eq!((article.text.as_str(), article.needs_javascript), ("", true), "{body}");
    }
    for body in [
        "<div id=root><p>The stream is closed today. Please come back tomorrow, when the wardens are at the weir again with their nets, buckets and boots.</p></div><noscript>Enable JavaScript.</noscript>",
        "<main><p>The stream is closed today.</p></main>",
        "<div id=app></div><video src=/eels.mp4></video><p>The film.</p>",
    ] {
        assert!(!read(&format!("{MENU}{body}")).needs_javascript, "{body}");
    }
}
