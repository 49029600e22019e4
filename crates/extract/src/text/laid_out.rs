//! Reads texts that are laid out for paper, such as RFCs: heads and feet of their pages, a centred title, drawings and
//! tables made of signs.

use std::borrow::Cow;

use crate::dom::words;

/// Gap between two words that only columns have, in spaces.
const COLUMN_GAP: &str = "   ";
/// Lines at the beginning in which a centred title may stand.
const MAX_TITLE_LINES: usize = 60;

/// Removes heads and feet of pages with the empty lines around them. The text of a page goes on after them: in the same
/// paragraph, unless a sentence has ended.
pub(super) fn without_page_breaks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_foot = |line: &str| page_number(line).is_some();
    if lines.iter().filter(|line| is_foot(line)).count() == 0 {
        return text.to_owned();
    }
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut heads: Vec<String> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !is_foot(lines[at]) {
            kept.push(lines[at]);
            at += 1;
            continue;
        }
        while kept.last().is_some_and(|line| is_empty(line)) {
            kept.pop();
        }
        at += 1;
        at += lines[at..].iter().take_while(|line| is_empty(line)).count();
        if let Some(head) = lines.get(at).filter(|line| is_page_head(line, &mut heads)) {
            at += usize::from(!head.is_empty());
            at += lines[at..].iter().take_while(|line| is_empty(line)).count();
        }
        let goes_on = kept.last().is_some_and(|line| !words::ends_sentence(line))
            && lines.get(at).is_some_and(|line| line.trim_start().starts_with(char::is_lowercase));
        if !goes_on {
            kept.push("");
        }
    }
    kept.join("\n")
}

/// Returns whether nothing is on a line but perhaps the break of a page.
fn is_empty(line: &str) -> bool {
    line.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{0c}').is_empty()
}

/// Returns the number in the foot of a page: `Tesk     Informational    [Page 1]`.
fn page_number(line: &str) -> Option<u32> {
    let (before, number) = line.trim_end().strip_suffix(']')?.rsplit_once("[Page ")?;
    let is_foot = before.is_empty() || before.ends_with(' ');
    number.trim().parse().ok().filter(|_| is_foot)
}

/// Returns whether a line is the head of a page: in columns, and the same as before if there was one.
fn is_page_head(line: &str, heads: &mut Vec<String>) -> bool {
    let key = words::match_key(line);
    let is_known = heads.contains(&key);
    let is_head = is_known || columns(line).len() >= 2 && !line.starts_with(' ');
    // Odd and even pages may have a head each.
    if is_head && !is_known && heads.len() < 4 {
        heads.push(key);
    }
    is_head
}

/// Returns the parts of a line that wide gaps separate.
fn columns(line: &str) -> Vec<&str> {
    line.split(COLUMN_GAP).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Returns whether lines are a drawing or a table made of signs and spaces.
pub(super) fn is_drawn(group: &[&str]) -> bool {
    let drawn = group.iter().filter(|line| is_drawn_line(line)).count();
    // A single line may have its first word before a gap: a term and what it means.
    group.len() >= 2 && drawn * 3 >= group.len() * 2
}

fn is_drawn_line(line: &str) -> bool {
    let bare = line.trim();
    let is_box = |letter: char| ('\u{2500}'..='\u{259f}').contains(&letter);
    let has_frame = ["+--", "--+", "+==", "+-+", "---|", "|---", "-->", "<--"].iter().any(|sign| bare.contains(sign));
    let is_row = bare.starts_with('|') && bare.ends_with('|') && bare.len() > 2;
    let is_leader = bare.contains(" . . .") || bare.contains("......");
    let has_columns = columns(bare).len() >= 2 && !bare.contains('\t');
    let is_ruler = bare.split(' ').count() >= 8 && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    bare.contains(is_box) || has_frame || is_row || is_leader || has_columns || is_ruler
}

/// A title that is centred below two columns of details, and the names in the right one.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) authors: Vec<String>,
}

/// Splits a text that begins like an RFC into its heading and the rest, with the marks of Markdown before the headings of
/// its sections: lines of their own that are not indented.
pub(super) fn split_heading(text: &str) -> (Option<Heading>, Cow<'_, str>) {
    let Some((heading, skipped)) = find_heading(text) else { return (None, text.into()) };
    let lines: Vec<&str> = text.lines().skip(skipped).collect();
    let stands_alone = |at: usize| {
        let is_open = |near: Option<&&str>| near.is_none_or(|line| is_empty(line));
        is_open(at.checked_sub(1).and_then(|before| lines.get(before))) && is_open(lines.get(at + 1))
    };
    let mut marked = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        let is_heading = line.starts_with(char::is_alphanumeric) && stands_alone(at) && !line.trim_end().ends_with('.');
        marked.push_str(if is_heading { "## " } else { "" });
        marked.push_str(line);
        marked.push('\n');
    }
    (Some(heading), marked.into())
}

/// Finds the title, and the number of lines up to its end.
fn find_heading(text: &str) -> Option<(Heading, usize)> {
    let lines: Vec<&str> = text.lines().take(MAX_TITLE_LINES).collect();
    let start = lines.iter().position(|line| !is_empty(line))?;
    let details = lines[start..].iter().take_while(|line| !is_empty(line)).count();
    let head = &lines[start..start + details];
    let in_columns = head.iter().filter(|line| columns(line).len() == 2 && !line.starts_with(' ')).count();
    if in_columns < 2 {
        return None;
    }
    let mut at = start + details;
    at += lines[at..].iter().take_while(|line| is_empty(line)).count();
    // A title stands further in than the text, and may have a second line.
    let is_centred = |line: &&&str| !is_empty(line) && line.len() - line.trim_start().len() >= 6;
    let title: Vec<&str> = lines[at..].iter().take_while(is_centred).map(|line| line.trim()).collect();
    let authors = head.iter().filter_map(|line| columns(line).get(1).copied()).filter(|part| is_short_name(part));
    let heading = Heading { title: title.join(" "), authors: authors.map(without_role).collect() };
    (!title.is_empty() && title.len() <= 4).then(|| (heading, at + title.len()))
}

/// Strips the mark of an editor.
fn without_role(name: &str) -> String {
    name.trim_end_matches([',', ' ']).trim_end_matches("Ed.").trim_end_matches([',', ' ']).to_owned()
}

/// Matches `R. Tesk` and `J. P. van Dam, Ed.`.
fn is_short_name(part: &str) -> bool {
    let mut words = part.split([' ', ',']).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| first.len() == 2 && first.ends_with('.') && first.starts_with(char::is_uppercase))
        && part.split(' ').count() <= 5
        && part.split(' ').any(|word| word.len() > 2)
}

#[cfg(test)]
mod tests {
    use crate::page::{Article, Page, Source};

    fn read(text: &str) -> Article {
        crate::article(&Page { source: Source::Text(text), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] })
    }

    const MEMO: &str = "\n\n\
Internet Harbour Task Force                                    A. B. Moor
Request for Comments: 8                                       Quay School
Obsoletes: 5                                             P. van Dam, Ed.
Category: Informational                                     February 2026


            Knots That Hold in Rain
                 Version 2

Abstract

   This memo says which knots hold when a rope is wet, and which of them can
   be undone by a cold hand in the dark after a long night on the water and

Moor & van Dam               Informational                      [Page 1]
\u{c}
RFC 8                       Knots in Rain                  February 2026

   without a light.

2.1.  The Table

   knot          wet      dry
   ----          ---      ---
   bowline        9        9
   granny         1        3

   o  Use the bowline.

   o  Do not use the granny.


Moor & van Dam               Informational                      [Page 2]
";

    #[test]
    fn heads_and_feet_of_pages_are_no_text() {
        let memo = read(MEMO);
        assert_eq!(
            (memo.title.as_str(), memo.byline.as_deref()),
            ("Knots That Hold in Rain Version 2", Some("A. B. Moor, P. van Dam"))
        );
        assert_eq!(
            memo.body.as_str(),
            "<h2>Abstract</h2><p>This memo says which knots hold when a rope is wet, and which of them can be undone by a cold \
             hand in the dark after a long night on the water and without a light.</p><h2>2.1. The Table</h2>\
             <pre>knot          wet      dry\n----          ---      ---\nbowline        9        9\ngranny         1        3</pre>\
             <ul><li>Use the bowline.</li><li>Do not use the granny.</li></ul>"
        );
    }

    #[test]
    fn drawings_keep_their_lines() {
        let words =
            "The gate is opened by the keeper at six in the morning, and nobody has ever seen who closes it again.";
        for drawing in [
            "  +-----+     +-----+\n  | one | --> | two |\n  +-----+     +-----+",
            "┌─────┐\n│ one │\n└─────┘",
            "Gate          Keeper\nNorth         Ann Lee\nSouth         Bo Ray",
            "1. Gates ........ 3\n2. Keepers ...... 7",
        ] {
            let page = read(&format!("Of gates and keepers\n\n{words}\n\n{drawing}\n\n{words} So it is said.")).body;
            assert_eq!(page.as_str().matches("<pre>").count(), 1, "{}", page.as_str());
            assert!(page.as_str().contains(drawing.trim().lines().last().unwrap().trim().rsplit("  ").next().unwrap()));
        }
        let verse = "The gate is old,\nthe key is new.";
        assert!(!read(&format!("{words}\n\n{verse}\n\n{words}")).body.as_str().contains("<pre>"));
    }
}
