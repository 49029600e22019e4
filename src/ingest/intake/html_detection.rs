//! Detects whether pasted text is HTML source. Pure.

/// Bytes that are examined: enough to be sure, few enough to be quick.
const MAX_BYTES: usize = 64 * 1024;

/// Closing tags of elements in articles. Texts about HTML rarely contain this many.
const CLOSING_TAGS: &[&str] =
    &["</p>", "</div>", "</a>", "</span>", "</li>", "</h1>", "</h2>", "</h3>", "</section>", "</article>", "</td>"];

/// Text between two closing tags is rarely longer than this, even in a page without line ends.
const MAX_BYTES_PER_TAG: usize = 500;

/// Returns whether `text` is HTML source rather than an article's text, even one that mentions tags: it begins like a
/// page, begins with an element that is closed later, or is full of tags.
///
/// ```
/// use broadsheet::ingest::intake::looks_like_html;
/// assert!(looks_like_html("<p>The ferry was late.</p>"));
/// assert!(!looks_like_html("Use <p> to begin a paragraph and </p> to end it."));
/// ```
#[must_use]
pub fn looks_like_html(text: &str) -> bool {
    let lower = text[..text.floor_char_boundary(MAX_BYTES)].to_ascii_lowercase();
    let start = skip_comments(&lower);
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) {
        return true;
    }
    starts_with_element(start) || is_full_of_tags(&lower)
}

fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    while let Some(comment) = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("<?xml")) {
        let Some((_, after)) = comment.split_once('>') else { return "" };
        rest = after.trim_start();
    }
    rest
}

fn starts_with_element(start: &str) -> bool {
    let Some(tag) = start.strip_prefix('<') else { return false };
    let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
    let is_void = ["meta", "link", "img", "br", "hr"].contains(&name.as_str());
    let after_name = tag[name.len()..].chars().next();
    !name.is_empty()
        && after_name.is_some_and(|c| c == '>' || c == '/' || c.is_whitespace())
        && (is_void || start.contains(&format!("</{name}")))
}

fn is_full_of_tags(text: &str) -> bool {
    let closing_tags: usize = CLOSING_TAGS.iter().map(|tag| text.matches(tag).count()).sum();
    closing_tags >= 5 && text.len() / closing_tags <= MAX_BYTES_PER_TAG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_source_is_recognised() {
        let part = "ferry was late.</p><p>It rained.</p><ul><li>soup</li><li>bread</li></ul><p>Late.</p>";
        for page in [
            "<!DOCTYPE html><title>a</title>",
            "\u{FEFF}  <!-- saved from url=(0019)https://a.example/ -->\n<HTML><p>a",
            "<?xml version='1.0'?><html>",
            "<div class=article>\n<p>Words</div>",
            "<meta charset=utf-8><p>Words",
            part,
        ] {
            assert!(looks_like_html(page), "{page}");
        }
    }

    #[test]
    fn text_that_mentions_tags_is_not_html() {
        for text in [
            "",
            "Words alone.",
            "How to write HTML\n\nBegin with <html> and end with </html>; a paragraph is <p>…</p>.",
            "<3 is a heart",
            "<jane@example.org> wrote to us about the ferry.",
            "<p> is the tag that begins a paragraph.",
            "5 < 6 and 7 > 6",
            "<!-- unfinished",
        ] {
            assert!(!looks_like_html(text), "{text}");
        }
    }

    #[test]
    fn long_multibyte_text_is_cut_at_a_char_boundary() {
        assert!(!looks_like_html(&"я".repeat(MAX_BYTES)));
        assert!(!looks_like_html(&format!("a{}", "я".repeat(MAX_BYTES))));
    }
}
