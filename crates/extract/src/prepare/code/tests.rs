//! Code as highlighters draw it, and as a reader wants it.

use crate::sanitize::sanitize_html;

const WANTED: &str = "tide = 3\n\nif tide > 2:\n    wait()";

/// Returns what is kept of a page, without `<code>` inside the block and names of languages.
fn code(html: &str) -> String {
    let mut kept = sanitize_html(html, None).as_str().replace("&gt;", ">").replace("</code>", "");
    for start in ["<code", "<pre"] {
        while let Some(at) = kept.find(&format!("{start} ")) {
            let end = at + kept[at..].find('>').unwrap_or(0);
            kept.replace_range(at + start.len()..end, "");
        }
    }
    kept.replace("<code>", "")
}

fn assert_code(cases: &[&str]) {
    for html in cases {
        let found = code(html);
        let found = found.strip_prefix("<figure>").and_then(|inner| inner.strip_suffix("</figure>")).unwrap_or(&found);
        assert_eq!(found.replace("\n</pre>", "</pre>"), format!("<pre>{WANTED}</pre>"), "{html}");
    }
}

#[test]
fn the_language_is_kept_whatever_the_highlighter() {
    for html in [
        "<figure class='highlight python'><table><tr><td class=gutter><pre>1\n2</pre></td><td class=code><pre>tide = 3\nwait()</pre></td></tr></table></figure>",
        "<div class='highlight highlight-source-python'><pre>tide = 3\nwait()</pre></div>",
        "<div class='highlight-python notranslate'><div class=highlight><pre>tide = 3\nwait()</pre></div></div>",
        "<div class='language-python highlighter-rouge'><div class=highlight><pre><code>tide = 3\nwait()</code></pre></div></div>",
        "<pre class='sourceCode python'><code>tide = 3\nwait()</code></pre>",
        "<pre class='src src-python'>tide = 3\nwait()</pre>",
        "<pre class='brush: python; title: Tide'>tide = 3\nwait()</pre>",
        "<pre><code class='hljs python'>tide = 3\nwait()</code></pre>",
        "<pre data-lang=Python>tide = 3\nwait()</pre>",
        "<div class='mw-highlight mw-highlight-lang-python'><pre>tide = 3\nwait()</pre></div>",
    ] {
        let kept = sanitize_html(html, None);
        assert!(kept.as_str().contains(" class=\"language-python\">"), "{html}: {}", kept.as_str());
    }
    for html in [
        "<div class=highlight><pre>tide = 3</pre><pre>wait()</pre></div>",
        "<div class='highlight-default'><pre>tide = 3</pre></div>",
        "<div class='go home'><pre>tide = 3</pre></div>",
        "<pre data-lang=none>tide = 3</pre>",
    ] {
        assert!(!sanitize_html(html, None).as_str().contains("language-"), "{html}");
    }
}

#[test]
fn columns_of_line_numbers_are_left_out() {
    assert_code(&[
        "<table><tr><td class=linenos><div class=linenodiv><pre>1\n2\n3\n4</pre></div></td><td class=code><div><pre>tide = 3\n\nif tide > 2:\n    wait()\n</pre></div></td></tr></table>",
        "<table class=x><tr><td><pre>7\n8\n9\n10</pre></td><td><pre>tide = 3\n\nif tide > 2:\n    wait()</pre></td></tr></table>",
        "<div class=syntaxhighlighter><table><tr><td class=gutter><div class='line number1'>1</div><div class=line>2</div><div class=line>3</div><div class=line>4</div></td><td class=code><div class=container><div class='line alt1'><code class=plain>tide = </code><code>3</code></div><div class=line>&nbsp;</div><div class=line><code>if tide > 2:</code></div><div class=line><code>&nbsp;&nbsp;&nbsp;&nbsp;</code><code>wait()</code></div></div></td></tr></table></div>",
        "<pre><code><table class=hljs-ln><tr><td class=hljs-ln-numbers data-line-number=1></td><td class=hljs-ln-code>tide = 3</td></tr><tr><td class=hljs-ln-numbers data-line-number=2></td><td class=hljs-ln-code></td></tr><tr><td class=hljs-ln-numbers data-line-number=3></td><td class=hljs-ln-code>if tide > 2:</td></tr><tr><td class=hljs-ln-numbers data-line-number=4></td><td class=hljs-ln-code>    wait()</td></tr></table></code></pre>",
        "<table><tr><td style='user-select: none'>1</td><td style='white-space: pre'>tide = 3</td></tr><tr><td style='user-select: none'>2</td><td></td></tr><tr><td style='user-select: none'>3</td><td>if tide > 2:</td></tr><tr><td>4</td><td>    wait()</td></tr></table>",
        "<div style='display:flex'><pre class=line-numbers>1\n2\n3\n4</pre><pre>tide = 3\n\nif tide > 2:\n    wait()</pre></div>",
    ]);
}

#[test]
fn line_numbers_within_the_code_are_left_out() {
    assert_code(&[
        "<pre><span class='lineno'> 1 </span>tide = 3\n<span class='lineno'> 2 </span>\n<span class='lineno'> 3 </span>if tide > 2:\n<span class='lineno'> 4 </span>    wait()\n</pre>",
        "<pre><span style='-webkit-user-select:none;margin-right:1em'>1</span>tide = 3\n<span style='user-select: none'>2</span>\n<span style='user-select: none'>3</span>if tide > 2:\n<span style='user-select: none'>4</span>    wait()\n</pre>",
        "<pre><code><span class=a1>1</span>tide = 3\n<span class=a1>2</span>\n<span class=a1>3</span>if tide > 2:\n<span class=a1>4</span>    wait()</code></pre>",
        "<pre><div><div>1</div><div>tide = 3</div></div><div><div>2</div><div></div></div><div><div>3</div><div>if tide > 2:</div></div><div><div>4</div><div>    wait()</div></div></pre>",
        "<pre><div><div class=r><span class=n>1</span><div><div>tide = 3\n</div></div></div><div class=r><span class=n>2</span><div><div>\n</div></div></div><div class=r><span class=n>3</span><div><div>if tide > 2:</div></div></div><div class=r><span class=n>4</span><div>    wait()</div></div></div></pre>",
        "<pre><span class=gutter>1\n2\n3\n4\n</span><code>tide = 3\n\nif tide > 2:\n    wait()</code></pre>",
        "<div class=fragment><div class=line><span class=lineno>    1</span>tide = 3</div>\n<div class=line><span class=lineno>    2</span></div>\n<div class=line><span class=lineno>    3</span>if tide > 2:</div>\n<div class=line><span class=lineno>    4</span>&nbsp;&nbsp;&nbsp;&nbsp;wait()</div>\n</div>",
    ]);
}

#[test]
fn numbers_that_are_code_or_data_stay() {
    for (html, wanted) in [
        ("<pre><span class=mi>1</span>, rain\n<span class=mi>2</span>, wind\n</pre>", "<pre>1, rain\n2, wind\n</pre>"),
        ("<pre><span>1</span>,rain\n<span>2</span>,wind\n</pre>", "<pre>1,rain\n2,wind\n</pre>"),
        ("<pre><span class=line>1</span>\n<span class=line>2</span>\n</pre>", "<pre>1\n2\n</pre>"),
        (
            "<pre><b>1</b> rain\n<b>2</b> wind\nand <b>3</b></pre>",
            "<pre><b>1</b> rain\n<b>2</b> wind\nand <b>3</b></pre>",
        ),
        (
            "<table><tr><td>1</td><td>Rain</td></tr><tr><td>2</td><td>Wind</td></tr></table>",
            "<table><tbody><tr><td>1</td><td>Rain</td></tr><tr><td>2</td><td>Wind</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>1</td><td><code>rain()</code></td></tr><tr><td>2</td><td>Wind</td></tr></table>",
            "<table><tbody><tr><td>1</td><td><code>rain()</code></td></tr><tr><td>2</td><td>Wind</td></tr></tbody></table>",
        ),
    ] {
        assert_eq!(sanitize_html(html, None).as_str(), wanted, "{html}");
    }
}

#[test]
fn elements_that_are_lines_become_lines() {
    assert_code(&[
        "<pre><div>tide = 3</div><div><br></div><div>if tide > 2:</div><div>    wait()</div></pre>",
        "<pre>\n  <div class=row>tide = 3</div>\n  <div class=row>\n</div>\n  <div>if tide > 2:<br></div>\n  <div>    wait()</div>\n</pre>",
        "<pre><code>tide = 3</code><code></code><code>if tide > 2:</code><code>    wait()</code></pre>",
        "<pre><code><span style='display: block'>tide = 3</span><span class=block></span><span class=d-block>if tide > 2:</span><span class=code-line>    wait()</span></code></pre>",
        "<pre><span class=line>tide = 3</span>\n<span class=line></span>\n<span class=line>if tide > 2:</span>\n<span class=line>    wait()</span></pre>",
        "<pre><ol class=linenums><li class=L0><span>tide = 3</span></li><li></li><li>if tide > 2:</li><li>    wait()</li></ol></pre>",
        "<pre>tide = 3<br><br>if tide > 2:<br>    wait()</pre>",
        "<pre>tide = 3\n\n<span class=hl-line>if tide > 2:</span><span class=hl-line>    wait()</span></pre>",
        "<pre><span class=hl-line>tide = 3</span>\n\nif tide > 2:\n    <b></b>wait()</pre>",
    ]);
    let tokens = "<pre><code><span class=k>if</span> <span class=n>tide</span>: <code>wait</code>()</code></pre>";
    assert!(sanitize_html(tokens, None).as_str().contains("if tide: <code>wait</code>()"));
}

#[test]
fn styles_that_keep_white_space_keep_lines() {
    assert_code(&[
        "<div class=code style='white-space: pre-wrap'>tide = 3\n\nif tide > 2:\n    wait()</div>",
        "<samp style='display:block; white-space:pre'>tide = 3\n\nif tide > 2:\n    wait()</samp>",
        "<div class=whitespace-pre style='font-family: Menlo, monospace'>tide = 3\n\nif tide > 2:\n    wait()</div>",
    ]);
    for (html, wanted) in [
        (
            "<p style='white-space: pre-line'>The tide came in\n   and the boats went out</p>",
            "<p>The tide came in<br>and the boats went out</p>",
        ),
        (
            "<div style='white-space:pre-wrap'>\n<p>The tide came in\n  and out</p>\n<p>again</p></div>",
            "<p>The tide came in<br>&nbsp;&nbsp;and out</p>\n<p>again</p>",
        ),
        ("<p>He said <span class=whitespace-pre-wrap>come\nin</span> to us</p>", "<p>He said come<br>in to us</p>"),
        ("<p style='white-space: nowrap'>come\nin</p>", "<p>come\nin</p>"),
        ("<div style='white-space: pre'><p style='white-space: normal'>come\nin</p></div>", "<p>come\nin</p>"),
    ] {
        let kept = sanitize_html(html, None);
        assert_eq!(kept.as_str(), wanted, "{html}");
        assert_eq!(sanitize_html(kept.as_str(), None), kept);
    }
}

#[test]
fn code_in_fields_and_plain_scripts_is_shown() {
    let lines = "tide = 3\n\nif tide > 2:\n    wait()";
    for start in [
        "textarea readonly",
        "textarea disabled rows=4",
        "textarea class=code",
        "script type=text/plain",
        "script type=text/plain class=language-python",
        "script type=syntaxhighlighter class='brush: python'",
        "script type=text/plain style='display: block' data-example=1",
    ] {
        let end = start.split(' ').next().unwrap_or_default();
        assert_code(&[&format!("<{start}>\n{lines}\n</{end}>"), &format!("<figure><{start}>{lines}</{end}></figure>")]);
    }
    for unwanted in [
        "<textarea readonly>&lt;iframe src=x>&lt;/iframe></textarea>",
        "<textarea readonly>https://valley.example/rain</textarea>",
        "<textarea>Your comment</textarea>",
        "<form><textarea readonly>Your comment</textarea></form>",
        "<textarea readonly class=republish-text>Rain\nfell</textarea>",
        "<script type=text/plain data-cookie=stats>count(1)\n</script>",
        "<script type=text/plain>window.count = 1;</script>",
        "<script type=text/javascript>count(1)</script>",
    ] {
        assert_eq!(sanitize_html(unwanted, None).as_str(), "", "{unwanted}");
    }
}
