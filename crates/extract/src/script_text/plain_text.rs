//! Writes a text as HTML: as it is if it has markup, else its paragraphs, with the signs of Markdown.

use crate::dom::tree::escape;

/// Returns whether a text has markup.
pub(super) fn is_html(text: &str) -> bool {
    let after = |start: char| text.split(start).skip(1).take(200);
    let is_tag = |rest: &str| {
        let name = rest.trim_start_matches('/');
        name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.contains('>')
    };
    let is_entity = |rest: &str| {
        rest.split_once(';').is_some_and(|(name, _)| {
            (2..=8).contains(&name.len())
                && name.trim_start_matches('#').bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    after('<').any(is_tag) || after('&').any(is_entity)
}

/// Returns whether a text has elements that are blocks.
pub(super) fn has_blocks(text: &str) -> bool {
    ["<p>", "<p ", "<div", "<h2", "<h3", "<ul", "<ol", "<blockquote", "<figure", "<table"]
        .iter()
        .any(|tag| text.contains(tag))
}

/// Writes a text as HTML.
pub(super) fn to_html(text: &str) -> String {
    if is_html(text) {
        let text = if has_escaped_blocks(text) { unescape(text) } else { text.to_owned() };
        return if has_blocks(&text) { text } else { paragraphs(&text, str::to_owned) };
    }
    if text.contains('\n') { paragraphs(text, write_inline) } else { paragraphs(&part_paragraphs(text), write_inline) }
}

/// Breaks a text without line breaks where signs of paragraphs are left: sentences with no space between them, or with
/// several where one is usual. One such place alone may be an error.
fn part_paragraphs(text: &str) -> String {
    const MIN_BREAKS: usize = 2;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let (mut joined, mut spaced, mut single) = (Vec::new(), Vec::new(), 0);
    for (index, (_, stop)) in letters.iter().enumerate().skip(2) {
        // Two small letters before it: no initial, no abbreviation.
        let quoted = usize::from(matches!(stop, '"' | '”' | '»'));
        let is_stop = matches!(letters[index - quoted].1, '.' | '!' | '?') && index > 2;
        if !is_stop || letters[index - quoted - 2..index - quoted].iter().any(|(_, letter)| !letter.is_lowercase()) {
            continue;
        }
        let spaces = letters[index + 1..].iter().take_while(|(_, letter)| *letter == ' ').count();
        let Some((start, next)) = letters.get(index + 1 + spaces).copied() else { continue };
        let begins = next.is_uppercase() || matches!(next, '"' | '“' | '«' | '„');
        let goes_on = letters.get(index + 2 + spaces).is_some_and(|(_, letter)| !matches!(letter, '.' | '(' | '_'));
        match spaces {
            _ if !begins || !goes_on => {}
            // Such a mark right after a sentence ends its quotation.
            0 if next == '"' => {}
            0 => joined.push(start),
            1 => single += 1,
            _ => spaced.push(start),
        }
    }
    let breaks = match (joined.len(), spaced.len()) {
        (count, _) if count >= MIN_BREAKS => joined,
        (_, count) if count >= MIN_BREAKS && single > count => spaced,
        _ => return text.to_owned(),
    };
    let mut parted = String::with_capacity(text.len() + breaks.len() * 2);
    let mut from = 0;
    for start in breaks {
        parted.push_str(text[from..start].trim_end());
        parted.push_str("\n\n");
        from = start;
    }
    parted.push_str(&text[from..]);
    parted
}

/// Returns whether the markup itself is escaped.
fn has_escaped_blocks(text: &str) -> bool {
    !text.contains('<') && (text.contains("&lt;p") || text.contains("&lt;div") || text.contains("&lt;br"))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// Writes each paragraph, heading, item and quotation of a text.
fn paragraphs(text: &str, inline: impl Fn(&str) -> String) -> String {
    let text = text.replace("\r\n", "\n");
    // Where empty lines part the paragraphs, single breaks are only folded lines.
    let has_empty_lines = text.contains("\n\n");
    let (mut html, mut list, mut open): (String, Option<&str>, Vec<&str>) = (String::new(), None, Vec::new());
    let flush = |open: &mut Vec<&str>, html: &mut String| {
        if !open.is_empty() {
            html.push_str(&format!("<p>{}</p>", inline(&open.join(" "))));
            open.clear();
        }
    };
    for line in text.lines().map(str::trim).chain([""]) {
        let (tag, words) = read_line(line);
        let wanted = matches!(tag, "ul" | "ol").then_some(tag);
        if tag != "p" || line.is_empty() || !has_empty_lines {
            flush(&mut open, &mut html);
        }
        if list != wanted {
            list.iter().for_each(|tag| html.push_str(&format!("</{tag}>")));
            wanted.iter().for_each(|tag| html.push_str(&format!("<{tag}>")));
            list = wanted;
        }
        match tag {
            "p" if line.is_empty() => {}
            "p" => open.push(words),
            "ul" | "ol" => html.push_str(&format!("<li>{}</li>", inline(words))),
            _ => html.push_str(&format!("<{tag}>{}</{tag}>", inline(words))),
        }
    }
    html
}

/// Returns the element of a line, and its words without signs.
fn read_line(line: &str) -> (&'static str, &str) {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if let (1..=6, Some(words)) = (level, line.get(level..).and_then(|rest| rest.strip_prefix(' '))) {
        return (["h2", "h2", "h3", "h4", "h5", "h6"][level - 1], words.trim_end_matches('#').trim());
    }
    if let Some(words) = ["- ", "* ", "• "].iter().find_map(|sign| line.strip_prefix(sign)) {
        return ("ul", words);
    }
    if let Some(words) = line.strip_prefix("> ") {
        return ("blockquote", words);
    }
    match line.split_once(". ") {
        Some((number, words)) if number.len() < 3 && number.parse::<u8>().is_ok() => ("ol", words),
        _ => ("p", line),
    }
}

/// The maximum number of bytes of a link.
const MAX_LINK_BYTES: usize = 1_000;

/// Writes a line with the links and the stress of Markdown.
fn write_inline(line: &str) -> String {
    let mut html = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let near = &after[..after.floor_char_boundary(MAX_LINK_BYTES)];
        let link = near.split_once("](").and_then(|(words, rest)| {
            let (url, _) = rest.split_once(')')?;
            Some((words, (url, &after[words.len() + url.len() + 3..])))
        });
        match link.filter(|(words, (url, _))| !words.contains('[') && url.starts_with(['h', '/', '#'])) {
            Some((words, (url, after))) => {
                let url = url.split_whitespace().next().unwrap_or_default();
                let before = before.strip_suffix('!').unwrap_or(before);
                html.push_str(&format!("{}<a href=\"{}\">{}</a>", stress(before), escape(url), stress(words)));
                rest = after;
            }
            None => {
                html.push_str(&stress(&format!("{before}[")));
                rest = after;
            }
        }
    }
    html.push_str(&stress(rest));
    html
}

/// Writes text between `**` as strong.
fn stress(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let write = |(at, part): (usize, &&str)| {
        if at % 2 == 1 { format!("<strong>{}</strong>", escape(part)) } else { escape(part) }
    };
    parts.iter().enumerate().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_paragraphs_lists_and_links() {
        for (text, wanted) in [
            ("It rained.\n\nAll day\nlong.", "<p>It rained.</p><p>All day long.</p>"),
            ("It rained.\nAll day.", "<p>It rained.</p><p>All day.</p>"),
            (
                "## Rain\n\n- wet\n- cold\n\n> So it was.",
                "<h2>Rain</h2><ul><li>wet</li><li>cold</li></ul><blockquote>So it was.</blockquote>",
            ),
            (
                "It **rained** [all day](https://a.example/b).",
                "<p>It <strong>rained</strong> <a href=\"https://a.example/b\">all day</a>.</p>",
            ),
            ("<p>It rained.</p>", "<p>It rained.</p>"),
            ("&lt;p&gt;Rain &amp;amp; sun&lt;/p&gt;", "<p>Rain &amp; sun</p>"),
            ("It <b>rained</b>.\n\nAll day &amp; night.", "<p>It <b>rained</b>.</p><p>All day &amp; night.</p>"),
            (
                "It rained all day.On Monday it rained.So it went on. Until Friday.",
                "<p>It rained all day.</p><p>On Monday it rained.</p><p>So it went on. Until Friday.</p>",
            ),
            (
                "It rained. All day. And so.   On Monday too. It was wet.   So it ended.",
                "<p>It rained. All day. And so.</p><p>On Monday too. It was wet.</p><p>So it ended.</p>",
            ),
            ("It rained.  All day.  On and on.", "<p>It rained.  All day.  On and on.</p>"),
            ("So says Node.Js of A.B. Lee.", "<p>So says Node.Js of A.B. Lee.</p>"),
            ("a < b [c & d", "<p>a &lt; b [c &amp; d</p>"),
        ] {
            assert_eq!(to_html(text), wanted, "{text}");
        }
    }
}
