//! Marks up messages in archives of mailing lists: who wrote when, and what only leads to other messages.
//!
//! Pipermail writes name, address and date in a row below the subject. Others (MHonArc, public-inbox) show the header of
//! the message, as a list, a table or the first lines of its text. `hyperkitty` reads the pages of that program, which may
//! show several messages.

mod hyperkitty;

use dom_query::NodeRef;

use crate::dom::tree;

/// Fields of a header that archives show.
const FIELDS: &[&str] = &[
    "from",
    "date",
    "to",
    "cc",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "reply-to",
    "list-id",
    "delivered-to",
];
/// The longest header, in lines and bytes.
const MAX_LINES: usize = 24;
const MAX_BYTES: usize = 8_000;
/// Labels of links to other messages.
const LINK_LABELS: &[&str] = &[
    "previous message",
    "next message",
    "messages sorted by",
    "prev by date",
    "next by date",
    "prev by thread",
    "next by thread",
];

/// What the header of a message says.
struct Header {
    from: String,
    date: String,
}

/// Marks up the messages of a page, if it is one of an archive. Pages without preformatted text are none, except those of
/// Hyperkitty.
///
/// Returns the lines with writer and day.
pub(crate) fn mark_up<'a>(root: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut parts: Vec<NodeRef<'_>> = Vec::new();
    let mut heads: Vec<NodeRef<'_>> = Vec::new();
    let mut has_text = false;
    for node in root.descendants_it() {
        let Some(name) = node.qual_name_ref() else { continue };
        match &*name.local {
            "pre" => {
                has_text = true;
                parts.push(node);
            }
            "ul" | "table" | "dl" | "i" => parts.push(node),
            "div" if hyperkitty::is_head(&node) => heads.push(node),
            _ => {}
        }
    }
    let lines = hyperkitty::mark_up(&heads);
    if !lines.is_empty() {
        return lines;
    }
    if has_text { mark_message(&parts).into_iter().collect() } else { Vec::new() }
}

/// Marks up the only message of a page, given the elements that may tell who wrote it.
fn mark_message<'a>(parts: &[NodeRef<'a>]) -> Option<NodeRef<'a>> {
    let mut line = None;
    for part in parts {
        let name = tree::name(part);
        match &*name {
            "ul" | "table" if leads_elsewhere(part) => part.set_attr("role", "navigation"),
            "ul" | "table" | "dl" if line.is_none() => line = mark_list(part),
            "i" if line.is_none() => line = mark_row(part),
            "pre" if line.is_none() => line = mark_first_lines(part),
            _ => {}
        }
    }
    line
}

/// Returns the lines of a short element.
fn short_lines(node: &NodeRef<'_>) -> Option<Vec<String>> {
    let rows = tree::elements(node, |inside| tree::has_name(inside, &["li", "tr", "dt", "dd"]));
    let bytes: usize = node.descendants_it().filter_map(|inside| tree::read_text(&inside, str::len)).sum();
    (!rows.is_empty() && rows.len() <= MAX_LINES * 2 && bytes <= MAX_BYTES)
        .then(|| rows.iter().map(tree::line_text).collect())
}

fn leads_elsewhere(list: &NodeRef<'_>) -> bool {
    let Some(lines) = short_lines(list) else { return false };
    let is_label = |line: &String| {
        let line = line.trim_start_matches(['[', ' ']).to_lowercase();
        LINK_LABELS.iter().any(|label| line.starts_with(label))
    };
    lines.iter().filter(|line| is_label(line)).count() * 2 >= lines.len()
}

/// Marks up a header that is a list or a table.
fn mark_list<'a>(list: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let lines = short_lines(list)?;
    // A term and its definition are two lines.
    let joined =
        if tree::has_name(list, &["dl"]) { lines.chunks(2).map(|pair| pair.join(" ")).collect() } else { lines };
    let (header, count) = read_header(joined.iter().map(String::as_str))?;
    if count * 3 < joined.len() * 2 {
        return None;
    }
    let line = insert_details(list, &header);
    list.remove_from_parent();
    Some(line)
}

/// Marks up a message whose text begins with its header, as far as an empty line.
fn mark_first_lines<'a>(pre: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut text = String::new();
    let mut parts = Vec::new();
    let mut end = None;
    for node in pre.descendants_it().filter(NodeRef::is_text) {
        tree::read_text(&node, |words| text.push_str(words));
        parts.push((node, text.len()));
        end = text.trim_start().find("\n\n").map(|at| at + text.len() - text.trim_start().len());
        if end.is_some() || text.len() > MAX_BYTES {
            break;
        }
    }
    let end = end?;
    let (header, count) = read_header(text[..end].lines())?;
    if count < 2 {
        return None;
    }
    let line = insert_details(pre, &header);
    for (node, after) in parts {
        let start = after - tree::read_text(&node, str::len).unwrap_or_default();
        let rest =
            if after <= end { String::new() } else { text[end.max(start)..after].trim_start_matches('\n').to_owned() };
        node.insert_before(&node.tree.new_text(rest));
        node.remove_from_parent();
    }
    Some(line)
}

/// Marks up Pipermail's row: `<b>name</b> <a href="mailto:…">address</a> <br> <i>date</i>`.
fn mark_row<'a>(date: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut before = Vec::new();
    let mut at = date.prev_sibling();
    while let Some(node) = at.filter(|_| before.len() < 4) {
        if node.is_element() {
            before.push(node);
        }
        at = node.prev_sibling();
    }
    let is_address = |node: &NodeRef<'_>| {
        let href = node.attr("href").unwrap_or_default();
        tree::has_name(node, &["a"]) && (href.starts_with("mailto:") || href.contains("listinfo"))
    };
    let address = before.iter().position(is_address);
    let name = address.and_then(|at| before.get(at + 1)).filter(|node| tree::has_name(node, &["b", "strong"]))?;
    let header = Header { from: tree::line_text(name), date: tree::line_text(date) };
    if header.date.chars().filter(char::is_ascii_digit).count() < 5 || header.from.is_empty() {
        return None;
    }
    let line = insert_details(name, &header);
    before.iter().take_while(|node| node.id != name.id).for_each(NodeRef::remove_from_parent);
    name.remove_from_parent();
    date.remove_from_parent();
    Some(line)
}

/// Reads the lines of a header. Returns it with the number of its fields; `None` without a writer and a day.
fn read_header<'l>(lines: impl Iterator<Item = &'l str>) -> Option<(Header, usize)> {
    let (mut from, mut date, mut count) = (None, None, 0);
    for line in lines.take(MAX_LINES) {
        let Some((label, value)) = line.split_once(':') else { continue };
        let label = label.trim().to_lowercase();
        if !FIELDS.contains(&label.as_str()) {
            continue;
        }
        count += 1;
        match &*label {
            "from" => from = from.or(Some(value.trim())),
            "date" => date = date.or(Some(value.trim())),
            _ => {}
        }
    }
    let from = from.filter(|from| !from.is_empty())?;
    // Public-inbox: `From: Ann Lee @ 2026-03-03  9:30 UTC (permalink / raw)`.
    let (name, late) = match from.split_once(" @ ") {
        Some((name, late)) => (name, Some(late.split(" (").next().unwrap_or(late))),
        None => (from, None),
    };
    let date = date.or(late).filter(|date| date.chars().filter(char::is_ascii_digit).count() >= 5)?;
    let name = name.split(['<', '(']).next().unwrap_or(name).trim().trim_matches('"').to_owned();
    (!name.is_empty()).then(|| (Header { from: name, date: date.to_owned() }, count))
}

/// Inserts writer and day in the form of other pages.
fn insert_details<'a>(place: &NodeRef<'a>, header: &Header) -> NodeRef<'a> {
    let line = place.tree.new_element("p");
    line.set_attr("class", "byline");
    line.set_html(format!(
        "By <a rel=\"author\" class=\"author\">{}</a> <time>{}</time>",
        tree::escape(&header.from),
        tree::escape(&day_first(&header.date))
    ));
    place.insert_before(&line);
    line
}

/// Returns the day: `3 Mar 2026` for `Tue Mar  3 09:30:00 UTC 2026`.
fn day_first(date: &str) -> String {
    let words: Vec<&str> = date.split_whitespace().collect();
    match words[..] {
        [_, month, day, time, .., year] if time.contains(':') && year.len() == 4 && day.len() <= 2 => {
            format!("{day} {month} {year}")
        }
        _ => words.into_iter().take_while(|word| !word.contains(':')).collect::<Vec<_>>().join(" "),
    }
    .trim_end_matches(',')
    .to_owned()
}

#[cfg(test)]
mod tests {
    use crate::page::{Article, Page, Source};

    fn read(message: &str) -> Article {
        let html = format!("<title>Reading twice</title><h1>Reading twice</h1>{message}<hr>");
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        crate::article(&Page { source: Source::Html(&html), url: None, now, rules: &[] })
    }

    const TEXT: &str = "Next year they hope to open the boathouse, where the slip has sunk by a\n\
                        hand's breadth since it was measured in the fifties, and nobody knows why.\n\n\
                        An engineer from the university has put glass gauges across the cracks.\n";

    #[test]
    fn archived_message_has_its_writer_and_day() {
        let pipermail = format!(
            "<b>Ann Lee</b> <a href='mailto:l%40x.example'>ann at x.example</a><br><i>Tue Mar  3 09:30:00 UTC 2026</i>\
             <ul><li>Previous message: <a href=1.html>Tea</a></li><li><b>Messages sorted by:</b> <a href=d.html>[ date ]</a></li></ul>\
             <hr><pre>{TEXT}</pre>"
        );
        let mhonarc = format!(
            "<ul><li><em>To</em>: l@x.example</li><li><em>From</em>: Ann Lee &lt;ann@x.example&gt;</li>\
             <li><em>Date</em>: Tue, 3 Mar 2026 09:30:00 +0000</li></ul><pre>{TEXT}</pre>\
             <ul><li>Prev by Date: <a href=1.html>Tea</a></li></ul>"
        );
        let table = format!(
            "<table><tr><td>From:</td><td>Ann Lee (ann@x.example)</td></tr><tr><td>Date:</td><td>Mar 3, 2026</td></tr></table><pre>{TEXT}</pre>"
        );
        let inbox = format!(
            "<pre>From: Ann Lee @ 2026-03-03  9:30 UTC (<a href=raw>permalink</a> / raw)\n  To: <a href=l>l</a>\n\n{TEXT}</pre>"
        );
        let header = format!(
            "<pre>From: Ann Lee &lt;ann@x.example&gt;\nTo: l\nDate: Tue, 3 Mar 2026 09:30:00 +0000\n\n{TEXT}</pre>"
        );
        for message in [pipermail, mhonarc, table, inbox, header] {
            let found = read(&message);
            assert_eq!(found.byline.as_deref(), Some("Ann Lee"), "{message}");
            assert_eq!(found.published_day, Some(jiff::civil::date(2026, 3, 3)), "{message}");
            assert_eq!(found.text.trim(), TEXT.trim(), "{message}");
        }
    }

    #[test]
    fn messages_that_stand_in_one_row_all_stay() {
        let message = |name: &str, part: &str| {
            format!(
                "<div class=email-header><div class=email-author><span class=name>{name}</span></div><span class=date>3 Mar 2026</span></div>\
                 <div class=email-body><p>{TEXT}</p><p>It was {name} who wrote this {part}.</p></div><form class=likeform><button>0</button></form>"
            )
        };
        let html =
            [("Ann Lee", "first"), ("Bo Ray", "second"), ("Cy Orr", "last")].map(|(name, part)| message(name, part));
        let found = read(&format!("<main>{}</main>", html.concat()));
        for words in ["Ann Lee who wrote", "Bo Ray who wrote", "Cy Orr who wrote"] {
            assert!(found.text.contains(words), "{}", found.text);
        }
    }

    #[test]
    fn other_lists_and_tables_stay() {
        let list = "<ul><li>From: the north gauge</li><li>Date: no idea</li><li>Walls: two of them</li></ul>";
        let found = read(&format!("<p>{TEXT}</p>{list}<p>{TEXT}</p><pre>gauge --read\n\nagain</pre>"));
        assert!(found.body.as_str().contains("<li>Date: no idea</li>"), "{}", found.body.as_str());
        assert_eq!(found.byline, None);
    }
}
