//! The help, made from the operators: entries for a page, completions while somebody types, and the document.

use crate::operators::{OPERATORS, Operator, Value};

/// A row of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What is typed.
    pub form: &'static str,
    /// What it finds, in a few words.
    pub meaning: &'static str,
    /// How to use it.
    pub help: &'static str,
    /// A query with it.
    pub example: &'static str,
}

/// The language without its operators.
pub const SYNTAX: &[Entry] = &[
    Entry {
        form: "words",
        meaning: "all of these words, in title or text",
        help: "Capitals and accents make no difference. While you type, the last word may be the beginning of one.",
        example: "ferry winter",
    },
    Entry {
        form: "\"a phrase\"",
        meaning: "these words, one after the other",
        help: "Any quotation marks will do.",
        example: "\"late ferry\"",
    },
    Entry {
        form: "begin*",
        meaning: "words that begin so",
        help: "The star stands at the end of a word or phrase.",
        example: "harbo*",
    },
    Entry {
        form: "-without",
        meaning: "articles without it",
        help: "It excludes a word, a phrase, an operator or brackets.",
        example: "ferry -\"late ferry\" -topic:sport",
    },
    Entry {
        form: "one OR other",
        meaning: "one of the two at least",
        help: "In capitals. It joins what stands next to it.",
        example: "ferry OR harbour winter",
    },
    Entry {
        form: "( )",
        meaning: "parts that belong together",
        help: "Use brackets to join more than single words by OR, or to exclude several at once.",
        example: "(ferry winter) OR (tram summer)",
    },
];

/// Returns what a word that is being typed may become: names of operators, or the values that an operator takes.
#[must_use]
pub fn complete(word: &str) -> Vec<(String, &'static str)> {
    let typed = words::fold(word.trim_start_matches('-'));
    if let Some((name, value)) = typed.split_once(':') {
        let Some(Operator { name, value: Value::Choice(choices), .. }) = Operator::find(name) else {
            return Vec::new();
        };
        let fitting = choices.iter().filter(|choice| choice.word.starts_with(value));
        return fitting.map(|choice| (format!("{name}:{}", choice.word), choice.meaning)).collect();
    }
    let fitting = OPERATORS.iter().filter(|operator| !typed.is_empty() && operator.name.starts_with(&typed));
    fitting.map(|operator| (format!("{}:", operator.name), operator.meaning)).collect()
}

/// Returns the document of the language, in Markdown.
#[must_use]
pub fn to_markdown() -> String {
    let mut out = String::from(
        "# The query language\n\nMade from the definitions in `crates/query`; `UPDATE=1 cargo test -p query` writes it again.\n\n| type | to find | how | example |\n|---|---|---|---|\n",
    );
    for entry in SYNTAX {
        push_row(&mut out, entry.form, entry.meaning, entry.help, entry.example);
    }
    out.push_str("\n## Operators\n\n| type | to find | how | example | other names |\n|---|---|---|---|---|\n");
    for operator in OPERATORS {
        push_row(&mut out, &format!("{}:", operator.name), operator.meaning, operator.help, operator.example);
        out.pop();
        let names: Vec<String> = operator.other_names.iter().map(|name| format!("`{name}:`")).collect();
        out.push_str(&format!(" {} |\n", names.join(", ")));
    }
    for operator in OPERATORS {
        let Value::Choice(choices) = operator.value else { continue };
        out.push_str(&format!("\n### `{}:`\n\n| type | articles that |\n|---|---|\n", operator.name));
        for choice in choices {
            out.push_str(&format!("| `{}:{}` | {} |\n", operator.name, choice.word, choice.meaning));
        }
    }
    out.push_str(
        "\nAn operator and its value stand together, without a space. A value with spaces stands in quotation marks. What \
         cannot be read is named above the results, and the rest is searched for.\n",
    );
    out
}

fn push_row(out: &mut String, form: &str, meaning: &str, help: &str, example: &str) {
    out.push_str(&format!("| `{form}` | {meaning} | {help} | `{example}` |\n"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Typed;

    #[test]
    fn operators_and_their_values_are_completed() {
        let words = |typed| complete(typed).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("to"), ["topic:"]);
        assert_eq!(words("-is:un"), ["is:unread"]);
        assert_eq!(words("in:"), ["in:kept", "in:stream", "in:archive", "in:trash"]);
        assert!(words("").is_empty() && words("topic:sci").is_empty() && words("nothing:x").is_empty());
    }

    #[test]
    fn every_example_can_be_read_and_is_in_the_document() {
        let document = to_markdown();
        for example in SYNTAX.iter().map(|entry| entry.example).chain(OPERATORS.iter().map(|o| o.example)) {
            assert!(Typed::parse(example).problems().is_empty(), "{example}");
            assert!(document.contains(&format!("`{example}`")), "{example}");
        }
    }
}
