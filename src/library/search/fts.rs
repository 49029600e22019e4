//! Conditions on words, in the [syntax of FTS5](https://sqlite.org/fts5.html#full_text_query_syntax). Pure.

use query::{Condition, Field, Words};

/// What the index can find of a condition.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// The articles that match.
    Matching(String),
    /// All articles but those that match; the index cannot list them.
    AllBut(String),
}

/// Returns the condition for the index; `None` if it asks for more than words.
pub(super) fn express(condition: &Condition) -> Option<Expression> {
    match condition {
        Condition::Words(words) => express_words(words).map(Expression::Matching),
        Condition::Not(condition) => Some(match express(condition)? {
            Expression::Matching(fts) => Expression::AllBut(fts),
            Expression::AllBut(fts) => Expression::Matching(fts),
        }),
        Condition::All(conditions) => {
            let (matching, all_but) = divide(conditions)?;
            Some(match (matching.is_empty(), all_but.is_empty()) {
                (true, _) => Expression::AllBut(join(&all_but, " OR ")),
                (false, true) => Expression::Matching(join(&matching, " AND ")),
                (false, false) => {
                    Expression::Matching(format!("({} NOT {})", join(&matching, " AND "), join(&all_but, " OR ")))
                }
            })
        }
        Condition::Any(conditions) => match divide(conditions)? {
            (matching, all_but) if all_but.is_empty() => Some(Expression::Matching(join(&matching, " OR "))),
            (matching, all_but) if matching.is_empty() => Some(Expression::AllBut(join(&all_but, " AND "))),
            _ => None,
        },
        _ => None,
    }
}

/// Returns words for the index; `None` for the byline, which is not in it.
pub(super) fn express_words(words: &Words) -> Option<String> {
    let column = match words.field {
        Field::Anywhere => "",
        Field::Title => "title : ",
        Field::Author => return None,
    };
    let star = if words.is_beginning { "*" } else { "" };
    Some(format!("{column}\"{}\"{star}", words.words.join(" ")))
}

fn divide(conditions: &[Condition]) -> Option<(Vec<String>, Vec<String>)> {
    let (mut matching, mut all_but) = (Vec::new(), Vec::new());
    for condition in conditions {
        match express(condition)? {
            Expression::Matching(fts) => matching.push(fts),
            Expression::AllBut(fts) => all_but.push(fts),
        }
    }
    Some((matching, all_but))
}

fn join(parts: &[String], operator: &str) -> String {
    if let [part] = parts { part.clone() } else { format!("({})", parts.join(operator)) }
}

#[cfg(test)]
mod tests {
    use query::{Names, Setting, Typed};

    use super::*;

    fn fts(typed: &str) -> Option<Expression> {
        let setting = Setting { today: jiff::civil::date(2026, 12, 1), time_zone: jiff::tz::TimeZone::UTC };
        let meaning = Typed::parse(typed).resolve(&Names::default(), &setting);
        match meaning.condition? {
            // The last part leaves out the trash.
            Condition::All(mut conditions) => {
                conditions.pop();
                express(&Condition::All(conditions))
            }
            condition => express(&condition),
        }
    }

    #[test]
    fn words_become_one_expression() {
        let matching = |text: &str| Some(Expression::Matching(text.to_owned()));
        for (typed, expected) in [
            ("Kyiv", matching("\"kyiv\"")),
            ("Kyiv bud*", matching("(\"kyiv\" AND \"bud\"*)")),
            ("\"peace talks\" -sport geneva", matching("((\"peace talks\" AND \"geneva\") NOT \"sport\")")),
            ("title:\"late ferry\" OR tram", matching("(title : \"late ferry\" OR \"tram\")")),
            ("kyi\0v \u{7}NEAR(a b, 2)", matching("(\"kyi v\" AND \"near\" AND (\"a\" AND \"b\" AND \"2\"))")),
            ("-(a OR b)", Some(Expression::AllBut("(\"a\" OR \"b\")".to_owned()))),
            ("-(a -b)", Some(Expression::AllBut("(\"a\" NOT \"b\")".to_owned()))),
            ("a OR -b", None),
            ("a is:unread", None),
            ("author:sorel", None),
        ] {
            assert_eq!(fts(typed), expected, "{typed}");
        }
    }
}
