//! From what was typed to what it means, with the names of a library and the day.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::condition::{Condition, Field, Mark, Place, Words};
use crate::operators::{Kind, Operator, Value};
use crate::problems::{Problem, shorten};
use crate::typed::{Named, Node, Part, Text, Typed};
use crate::values::{parse_days, parse_language, parse_minutes};

/// Words looked up for one query, in phrases too. Each is a walk through the index of its own, even if it is the same
/// word. Headlines have up to 20, and in scripts without spaces 40 pairs of characters; what follows hardly narrows the
/// result.
pub const MAX_WORDS: usize = 48;

/// What a query means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// What articles must fulfil; `None` if nothing was asked. Articles in the trash do not, unless the query asks for it.
    pub condition: Option<Condition>,
    /// What was not understood or not used, in the order of the query.
    pub problems: Vec<Problem>,
}

/// What the names of a query stand for in a library.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<(Kind, String), Condition>);

impl Names {
    /// Says what a name stands for.
    pub fn insert(&mut self, named: Named, condition: Condition) {
        self.0.insert((named.kind, named.name), condition);
    }
}

/// What a query is about besides the library: the day and its place.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The reader's day.
    pub today: Date,
    /// The reader's time zone.
    pub time_zone: TimeZone,
}

impl Typed {
    /// Returns what the query means. A name that `names` does not know is a problem, and that part is left out.
    #[must_use]
    pub fn resolve(&self, names: &Names, setting: &Setting) -> Meaning {
        let problems = self.problems().to_vec();
        let mut resolver =
            Resolver { names, setting, problems, room: MAX_WORDS, seen: HashSet::new(), last_word: String::new() };
        let condition = self.root().and_then(|root| resolver.resolve(root));
        resolver.problems.sort_by_key(|problem| problem.at.start);
        Meaning { condition: condition.map(without_trash), problems: resolver.problems }
    }
}

/// Leaves out the trash, unless it is asked for.
fn without_trash(condition: Condition) -> Condition {
    let trash = Condition::In(Place::Trash);
    if condition.asks(&|part| *part == trash) {
        return condition;
    }
    let not_in_trash = Condition::Not(Box::new(trash));
    match condition {
        Condition::All(mut conditions) => {
            conditions.push(not_in_trash);
            Condition::All(conditions)
        }
        condition => Condition::All(vec![condition, not_in_trash]),
    }
}

struct Resolver<'a> {
    names: &'a Names,
    setting: &'a Setting,
    problems: Vec<Problem>,
    /// Words that can still be looked up.
    room: usize,
    seen: HashSet<Words>,
    last_word: String,
}

impl Resolver<'_> {
    fn resolve(&mut self, node: &Node) -> Option<Condition> {
        match &node.part {
            Part::All(parts) => self.resolve_all(parts, Condition::All),
            Part::Any(parts) => self.resolve_all(parts, Condition::Any),
            Part::Not(part) => Some(Condition::Not(Box::new(self.resolve(part)?))),
            Part::Words(text) => self.find_words(node, Field::Anywhere, text),
            Part::Operator(operator, value) => self.resolve_operator(node, operator, value),
        }
    }

    fn resolve_all(&mut self, parts: &[Node], join: fn(Vec<Condition>) -> Condition) -> Option<Condition> {
        let mut conditions: Vec<Condition> = Vec::new();
        for part in parts {
            if let Some(condition) = self.resolve(part).filter(|condition| !conditions.contains(condition)) {
                conditions.push(condition);
            }
        }
        if conditions.len() > 1 { Some(join(conditions)) } else { conditions.pop() }
    }

    fn resolve_operator(&mut self, node: &Node, operator: &'static Operator, value: &Text) -> Option<Condition> {
        let typed = value.text.trim();
        let found = match operator.value {
            Value::Words => {
                let field = if operator.kind == Kind::Title { Field::Title } else { Field::Author };
                return self.find_words(node, field, value);
            }
            Value::Name => self.names.0.get(&(operator.kind, value.text.clone())).cloned(),
            Value::Language => parse_language(typed).map(Condition::Language),
            Value::Choice(_) => choose(operator.kind, &words::fold(typed)),
            Value::Day => self.find_days(operator.kind, typed),
            Value::Minutes => parse_minutes(typed).map(|(least, most)| Condition::Minutes(least, most)),
        };
        if found.is_none() {
            self.problems.push(Problem::new(node.at.clone(), describe_unknown(operator, typed)));
        }
        found
    }

    fn find_days(&self, kind: Kind, typed: &str) -> Option<Condition> {
        let (first, end) = parse_days(typed, self.setting.today)?;
        let zone = &self.setting.time_zone;
        let start = |day: Date| {
            let time = zone.to_ambiguous_zoned_datetime(day.at(0, 0, 0, 0)).compatible().ok()?;
            Some(time.timestamp().as_second())
        };
        Some(match kind {
            Kind::Before => Condition::Dated(i64::MIN, start(first)?),
            Kind::After => Condition::Dated(start(first)?, i64::MAX),
            _ => Condition::Dated(start(first)?, start(end)?),
        })
    }

    fn find_words(&mut self, node: &Node, field: Field, text: &Text) -> Option<Condition> {
        let mut found = split_words(&text.text);
        let is_cut = found.len() > self.room;
        if is_cut {
            found.truncate(self.room);
            self.report_cut(node, &found);
        }
        let last = found.last()?;
        let is_letter = text.is_beginning && ends_with_letter(last);
        if is_letter && found.len() == 1 {
            let sentence = format!(
                "“{}” was searched for as a whole word. Add a letter to find words that begin with it.",
                shorten(&text.text)
            );
            self.problems.push(Problem::new(node.at.clone(), sentence));
        }
        let is_beginning = (text.is_beginning && !is_letter && !is_cut) || is_unspaced_character(last);
        self.last_word.clone_from(last);
        let words = Words { field, words: found, is_beginning };
        if self.seen.insert(words.clone()) {
            self.room -= words.words.len();
        }
        Some(Condition::Words(words))
    }

    /// Says once where the words were cut.
    fn report_cut(&mut self, node: &Node, left: &[String]) {
        if self.room == 0
            && left.is_empty()
            && self.problems.iter().any(|problem| problem.sentence.contains("too long"))
        {
            return;
        }
        let last = words::display_word(left.last().unwrap_or(&self.last_word));
        let sentence = format!("That’s too long for a search, so the words after “{}” were ignored.", shorten(&last));
        self.problems.push(Problem::new(node.at.clone(), sentence));
    }
}

fn choose(kind: Kind, word: &str) -> Option<Condition> {
    Some(match (kind, word) {
        (Kind::In, "kept") => Condition::In(Place::Kept),
        (Kind::In, "stream") => Condition::In(Place::Stream),
        (Kind::In, "archive") => Condition::In(Place::Archive),
        (Kind::In, "trash") => Condition::In(Place::Trash),
        (Kind::Is, "unread") => Condition::Is(Mark::Unread),
        (Kind::Is, "read") => Condition::Is(Mark::Read),
        (Kind::Is, "starred") => Condition::Is(Mark::Starred),
        (Kind::Is, "changed") => Condition::Is(Mark::Changed),
        (Kind::Is, "long") => Condition::Minutes(15, i64::MAX),
        (Kind::Is, "short") => Condition::Minutes(0, 4),
        _ => return None,
    })
}

/// Says why a value was left out, and what to write.
fn describe_unknown(operator: &Operator, typed: &str) -> String {
    let shown = shorten(typed);
    match operator.value {
        Value::Choice(choices) => {
            let words: Vec<String> =
                choices.iter().map(|choice| format!("{}:{}", operator.name, choice.word)).collect();
            format!("“{}:{shown}” isn’t known, so it was ignored. Use {}.", operator.name, words.join(", "))
        }
        Value::Day => format!("“{shown}” isn’t a date and was ignored. Use 2026-11-23, 2026-11, yesterday or 7d."),
        Value::Minutes => format!("“{shown}” isn’t a number of minutes and was ignored. Use 10, <10, >10 or 5-10."),
        Value::Language => format!("“{shown}” isn’t the code of a language and was ignored. Use a code such as de."),
        Value::Name | Value::Words => {
            format!("No {} called “{shown}”, so that part was ignored.", operator.name)
        }
    }
}

/// Returns the words of a text, as in the index. The last character of a run without spaces is indexed alone only where
/// the run ends, and what is typed may go on in the text; so it is dropped after a pair that contains it.
fn split_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = words::index_form(text).split_whitespace().map(str::to_owned).collect();
    if let [.., before, last] = &found[..]
        && is_unspaced_character(last)
        && before.chars().count() == 2
        && before.chars().all(words::is_unspaced_script)
        && before.ends_with(last.as_str())
    {
        found.pop();
    }
    found
}

/// Returns whether a word is one character of a script without spaces. Inside a run it is indexed with the next one, so
/// it has to be looked up as the beginning of a word.
fn is_unspaced_character(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(words::is_unspaced_script) && characters.next().is_none()
}

/// Returns whether a word is one letter of an alphabet. Half of all words begin with one of five letters, so its words
/// would be the whole index; a character of other scripts is as telling as a word.
fn ends_with_letter(word: &str) -> bool {
    let mut letters = word.chars().filter(|letter| letter.is_alphanumeric());
    let letter = letters.next();
    letters.next().is_none() && letter.is_some_and(|letter| letter < '\u{1100}' && !words::is_unspaced_script(letter))
}
