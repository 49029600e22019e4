//! Recognizes Markdown by its signs, in a text that nobody declared as such.

/// Columns from which a line is a whole paragraph. Such lines without an empty line between them were copied from a
/// page, and Markdown would join them.
const PARAGRAPH_COLUMNS: usize = 100;

/// Returns whether a text has two signs of Markdown, and no lines that Markdown would join.
pub(super) fn is_markdown(text: &str) -> bool {
    let mut signs = Signs::default();
    let mut before = "";
    let mut in_code = false;
    let mut joined = 0;
    for line in text.lines() {
        let bare = line.trim();
        if is_fence(bare) {
            in_code = !in_code;
            signs.code = true;
        } else if !in_code {
            signs.read(line, before);
            let is_paragraph = |line: &str| line.chars().nth(PARAGRAPH_COLUMNS).is_some() && !line.starts_with('|');
            joined += usize::from(is_paragraph(before) && is_paragraph(bare));
        }
        before = bare;
    }
    signs.count() >= 2 && joined == 0
}

#[derive(Default)]
struct Signs {
    heading: bool,
    code: bool,
    link: bool,
    table: bool,
    note: bool,
    task: bool,
    strong: bool,
}

impl Signs {
    fn read(&mut self, line: &str, before: &str) {
        let marks = line.len() - line.trim_start_matches('#').len();
        self.heading |= (1..=6).contains(&marks) && line[marks..].starts_with(' ');
        let bare = line.trim();
        self.link |= has_link(bare);
        self.note |= bare.starts_with("[^") && bare.contains("]:");
        self.task |= ["- [ ] ", "- [x] ", "* [ ] ", "* [x] "].iter().any(|mark| bare.starts_with(mark));
        self.strong |= bare.split("**").nth(1).is_some_and(|word| !word.is_empty() && word.trim() == word)
            && bare.matches("**").count() >= 2;
        let is_ruler = bare.contains("--") && bare.contains('|') && bare.chars().all(|sign| "|-: ".contains(sign));
        self.table |= is_ruler && before.contains('|');
    }

    fn count(&self) -> usize {
        [self.heading, self.code, self.link, self.table, self.note, self.task, self.strong]
            .into_iter()
            .filter(|found| *found)
            .count()
    }
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```") && !line[3..].contains('`') || line.starts_with("~~~")
}

/// Returns whether a line has `[words](address)`.
fn has_link(line: &str) -> bool {
    line.match_indices("](").any(|(at, _)| {
        let address = line[at + 2..].split([')', ' ']).next().unwrap_or_default();
        let is_address = address.contains(['/', '.', '#']) && !address.contains('<');
        is_address && line[..at].contains('[') && line[at + 2..].contains(')')
    })
}
