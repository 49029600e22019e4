//! Rewrites Org and Gemtext as Markdown, line by line.

/// A block of Org that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Code,
    Quote,
}

impl Block {
    /// Parses what follows `#+begin_`.
    fn of(kind: &str) -> Block {
        match kind.split_whitespace().next() {
            Some("src" | "example" | "verse") => Block::Code,
            Some("quote") => Block::Quote,
            _ => Block::None,
        }
    }
}

/// Rewrites Org: headings, keywords, blocks, links and words in code.
pub(super) fn org_to_markdown(text: &str) -> String {
    let (mut front, mut body) = (String::new(), String::new());
    let mut block = Block::None;
    for line in text.lines() {
        let bare = line.trim();
        let lower = bare.to_ascii_lowercase();
        if let Some(kind) = lower.strip_prefix("#+begin_") {
            block = Block::of(kind);
            if block == Block::Code {
                let language = kind.split_whitespace().nth(1).unwrap_or_default();
                body.push_str(&format!("\n````{language}\n"));
            }
        } else if lower.starts_with("#+end_") {
            body.push_str(if block == Block::Code { "````\n\n" } else { "\n" });
            block = Block::None;
        } else if block == Block::Code {
            body.push_str(&format!("{line}\n"));
        } else if let Some((name, value)) = keyword(bare) {
            front.push_str(&format!("{}: {}\n", name.to_lowercase(), quote(value)));
        } else if !is_hidden(bare) {
            body.push_str(if block == Block::Quote { "> " } else { "" });
            body.push_str(&format!("{}\n", org_line(line)));
        }
    }
    if block == Block::Code {
        body.push_str("````\n");
    }
    format!("---\n{front}---\n{body}")
}

/// Parses `#+TITLE: words`.
fn keyword(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix("#+")?.split_once(':')?;
    Some((name, value.trim()))
}

fn quote(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\\\"").trim_matches(['<', '>']))
}

/// Returns whether a line is a comment or belongs to a drawer, which Org does not show.
fn is_hidden(line: &str) -> bool {
    let is_drawer = line.len() > 2
        && line.starts_with(':')
        && line[1..].split(':').nth(1).is_some()
        && line[1..].starts_with(|letter: char| letter.is_ascii_uppercase());
    line == "#" || line.starts_with("# ") || line.starts_with("#+") || is_drawer
}

fn org_line(line: &str) -> String {
    let stars = line.len() - line.trim_start_matches('*').len();
    if stars > 0 && line[stars..].starts_with(' ') {
        return format!("\n{} {}\n", "#".repeat(stars.min(6)), org_spans(line[stars..].trim()));
    }
    // The ruler of a table: `|---+---|`.
    if line.trim().starts_with("|-") {
        return line.replace('+', "|");
    }
    org_spans(line)
}

/// Rewrites links and words in code within a line.
fn org_spans(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("[[") {
        let Some(end) = rest[at..].find("]]") else { break };
        let (address, words) = match rest[at + 2..at + end].split_once("][") {
            Some((address, words)) => (address, words),
            None => (&rest[at + 2..at + end], &rest[at + 2..at + end]),
        };
        let address = address.strip_prefix("file:").unwrap_or(address);
        let is_image = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"].iter().any(|end| address.ends_with(end));
        let mark = if is_image && address.ends_with(words) { "!" } else { "" };
        out.push_str(&format!("{}{mark}[{words}](<{address}>)", code_words(&rest[..at])));
        rest = &rest[at + end + 2..];
    }
    out + &code_words(rest)
}

/// Rewrites `=words=` and `~words~` that stand free as code.
fn code_words(text: &str) -> String {
    let is_code = |word: &str, mark: char| {
        word.len() > 2
            && word.starts_with(mark)
            && word[1..].trim_end_matches(['.', ',', ')', ';', ':']).ends_with(mark)
    };
    let rewrite = |word: &str| match ['=', '~'].into_iter().find(|mark| is_code(word, *mark)) {
        Some(mark) => word.replace(mark, "`"),
        None => word.to_owned(),
    };
    text.split(' ').map(rewrite).collect::<Vec<_>>().join(" ")
}

/// Rewrites Gemtext: each line is a paragraph, a heading, an item, a quotation or a link.
pub(super) fn gemtext_to_markdown(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    let mut in_list = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            out.push_str(if in_code { "\n````\n" } else { "````\n\n" });
        } else if in_code {
            out.push_str(&format!("{line}\n"));
        } else if let Some(link) = line.strip_prefix("=>") {
            let (address, words) = link.trim().split_once(char::is_whitespace).unwrap_or((link.trim(), link.trim()));
            let words = words.trim().replace(['[', ']'], "");
            out.push_str(&format!("{}- [{words}](<{address}>)\n", if in_list { "" } else { "\n" }));
            in_list = true;
        } else if line.starts_with(['*', '#', '>']) {
            out.push_str(&format!("{}{line}\n", if line.starts_with('*') == in_list { "" } else { "\n" }));
            in_list = line.starts_with('*');
        } else {
            out.push_str(&format!("\n{}\n", line.trim_start()));
            in_list = false;
        }
    }
    if in_code {
        out.push_str("````\n");
    }
    out
}
