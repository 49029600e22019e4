//! Reads a query. `OR` joins the parts next to it, all parts beside each other must hold, and brackets group.

use std::ops::Range;

use crate::operators::Operator;
use crate::problems::{Problem, shorten};
use crate::signs::{can_be_excluded, ends_word, is_closing, is_colon, is_minus, is_opening, is_quote, is_star};
use crate::typed::{Node, Part, Text, Typed};

/// Characters of a query that are read; nobody types more, and a longer text was pasted by mistake.
pub const MAX_CHARS: usize = 500;

/// Brackets within brackets that are understood.
pub const MAX_DEPTH: usize = 10;

impl Typed {
    /// Reads a query. What cannot be read is among the problems, and the rest is understood all the same.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        parse(text)
    }
}

fn parse(text: &str) -> Typed {
    let (read, is_cut) = cut_to_words(text);
    let mut parser = Parser { text: read, at: 0, is_cut, problems: Vec::new() };
    let root = parser.parse_parts(0);
    if is_cut {
        let sentence = format!("Only the first {MAX_CHARS} characters were searched for.");
        parser.problems.push(Problem::new(read.len()..text.len(), sentence));
    }
    Typed { text: text.to_owned(), root, problems: parser.problems }
}

/// Returns the whole words among the first [`MAX_CHARS`] characters, and whether something was cut off.
fn cut_to_words(input: &str) -> (&str, bool) {
    let (start, ignored) = input.split_at(input.char_indices().nth(MAX_CHARS).map_or(input.len(), |(at, _)| at));
    if ignored.trim().is_empty() {
        return (start, false);
    }
    let is_inside_word = !ignored.starts_with(char::is_whitespace);
    match start.rfind(char::is_whitespace).filter(|_| is_inside_word) {
        Some(end) => (&start[..end], true),
        None => (start, true),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// The next byte.
    at: usize,
    is_cut: bool,
    problems: Vec<Problem>,
}

/// Parts beside each other, while they are read.
#[derive(Default)]
struct Parts {
    parts: Vec<Node>,
    /// The last part was joined by `OR`, and can be joined with another.
    is_chain: bool,
    /// Where an `OR` stands that still has no right side.
    or: Option<Range<usize>>,
}

impl Parts {
    fn push(&mut self, node: Node) {
        let left = if self.or.take().is_some() { self.parts.pop() } else { None };
        let Some(left) = left else {
            self.is_chain = false;
            return self.parts.push(node);
        };
        let at = left.at.start..node.at.end;
        let joined = match left.part {
            Part::Any(mut parts) if self.is_chain => {
                parts.push(node);
                parts
            }
            part => vec![Node { at: left.at, part }, node],
        };
        self.parts.push(Node { at, part: Part::Any(joined) });
        self.is_chain = true;
    }

    /// Returns all parts as one.
    fn finish(mut self) -> Option<Node> {
        if self.parts.len() <= 1 {
            return self.parts.pop();
        }
        let at = self.parts[0].at.start..self.parts[self.parts.len() - 1].at.end;
        Some(Node { at, part: Part::All(self.parts) })
    }
}

impl Parser<'_> {
    /// Reads up to the end of the text, or of the bracket.
    fn parse_parts(&mut self, depth: usize) -> Option<Node> {
        let mut parts = Parts::default();
        loop {
            self.skip(char::is_whitespace);
            let start = self.at;
            match self.peek() {
                None => break,
                Some(sign) if is_closing(sign) && depth > 0 => break,
                Some(sign) if is_closing(sign) => {
                    self.take();
                    self.report(
                        start,
                        "This bracket closes nothing, so it was ignored. Remove it, or open one before.",
                    );
                }
                Some(_) if self.take_or() => match (&parts.or, parts.parts.is_empty()) {
                    (None, false) => parts.or = Some(start..self.at),
                    _ => self.report_or(start..self.at),
                },
                Some(_) => {
                    if let Some(node) = self.parse_part(depth) {
                        parts.push(node);
                    }
                }
            }
        }
        if let Some(at) = parts.or.take() {
            self.report_or(at);
        }
        parts.finish()
    }

    fn parse_part(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        match self.peek()? {
            sign if is_minus(sign) && self.excludes() => {
                self.take();
                let part = self.parse_part(depth)?;
                Some(Node { at: start..self.at, part: Part::Not(Box::new(part)) })
            }
            sign if is_opening(sign) => self.parse_brackets(depth),
            sign if is_quote(sign) => {
                let phrase = self.parse_phrase();
                Some(Node { at: start..self.at, part: Part::Words(phrase) })
            }
            _ => Some(self.parse_word()),
        }
    }

    /// Returns whether the hyphen here excludes what follows: in "minus -20" or "--help" it is a part of the text.
    fn excludes(&self) -> bool {
        let next = self.text[self.at..].chars().nth(1);
        next.is_some_and(|next| can_be_excluded(next) || is_opening(next))
    }

    fn parse_brackets(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        self.take();
        let bracket = start..self.at;
        if depth >= MAX_DEPTH {
            self.report(start, format!("More than {MAX_DEPTH} brackets within brackets aren’t understood."));
            return None;
        }
        let inside = self.parse_parts(depth + 1);
        if self.peek().is_some_and(is_closing) {
            self.take();
        } else if !self.is_cut {
            self.problems.push(Problem::new(bracket, "This bracket isn’t closed. Add “)”."));
        }
        inside.map(|node| Node { at: start..self.at, part: node.part })
    }

    fn parse_phrase(&mut self) -> Text {
        let start = self.at;
        let opening = self.take();
        let from = self.at;
        self.skip(|character| !is_quote(character));
        let text = self.text[from..self.at].to_owned();
        if self.take().is_none() && !self.is_cut {
            let end = start + opening.map_or(1, char::len_utf8);
            self.problems.push(Problem::new(start..end, "This quotation mark isn’t closed. Add another one."));
        }
        Text { text, is_quoted: true, is_beginning: self.take_star() }
    }

    fn parse_word(&mut self) -> Node {
        let start = self.at;
        let length = self.text[start..].find(ends_word).unwrap_or(self.text.len() - start);
        let word = &self.text[start..start + length];
        if let Some((colon, sign)) = word.char_indices().find(|(_, sign)| is_colon(*sign)) {
            let name = &word[..colon];
            let value = start + colon + sign.len_utf8();
            if let Some(operator) = Operator::find(name) {
                let known_problems = self.problems.len();
                if let Some(text) = self.parse_value(value) {
                    return Node { at: start..self.at, part: Part::Operator(operator, text) };
                }
                self.problems.truncate(known_problems);
                let sentence = format!(
                    "“{name}:” needs a value right behind the colon, such as {}. It was searched for as a word.",
                    operator.example
                );
                self.problems.push(Problem::new(start..value, sentence));
            } else {
                self.report_unknown(start, name, &self.text[value..start + length]);
            }
        }
        self.at = start + length;
        Node { at: start..self.at, part: Part::Words(split_star(word)) }
    }

    /// Reads the value of an operator, which begins at `from`.
    fn parse_value(&mut self, from: usize) -> Option<Text> {
        self.at = from;
        if self.peek().is_some_and(is_quote) {
            return Some(self.parse_phrase()).filter(|phrase| !phrase.text.trim().is_empty());
        }
        self.skip(|character| !ends_word(character));
        (self.at > from).then(|| split_star(&self.text[from..self.at]))
    }

    /// Says that a word with a colon is no operator, if it looks like one.
    fn report_unknown(&mut self, start: usize, name: &str, value: &str) {
        let is_name = name.chars().count() > 1 && name.chars().all(char::is_alphabetic);
        if !is_name || value.is_empty() || value.starts_with('/') {
            return;
        }
        let hint = match Operator::find_nearest(name) {
            Some(operator) => format!("Did you mean {}:{value}?", operator.name),
            None => "The help lists all operators.".to_owned(),
        };
        let sentence =
            format!("“{}:” isn’t an operator, so it was searched for as a word. {}", shorten(name), shorten(&hint));
        let colon = self.text[start + name.len()..].chars().next().map_or(0, char::len_utf8);
        self.problems.push(Problem::new(start..start + name.len() + colon, sentence));
    }

    fn report_or(&mut self, at: Range<usize>) {
        self.problems.push(Problem::new(at, "OR needs something on both sides, so this one was ignored."));
    }

    /// Reports the part from `start` up to here.
    fn report(&mut self, start: usize, sentence: impl Into<String>) {
        self.problems.push(Problem::new(start..self.at, sentence));
    }

    /// Takes `OR`, if it stands here as a word of its own.
    fn take_or(&mut self) -> bool {
        let after = self.text[self.at..].strip_prefix("OR");
        let is_or = after.is_some_and(|after| after.chars().next().is_none_or(ends_word));
        if is_or {
            self.at += "OR".len();
        }
        is_or
    }

    fn take_star(&mut self) -> bool {
        let has_star = self.peek().is_some_and(is_star);
        self.skip(is_star);
        has_star
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.at += rest.find(|character| !is_skipped(character)).unwrap_or(rest.len());
    }
}

/// Takes the star off a word or value. Stars alone are text.
fn split_star(word: &str) -> Text {
    let text = word.trim_end_matches(is_star);
    let is_beginning = text.len() < word.len() && text.contains(char::is_alphanumeric);
    let text = if is_beginning { text } else { word };
    Text { text: text.to_owned(), is_quoted: false, is_beginning }
}
