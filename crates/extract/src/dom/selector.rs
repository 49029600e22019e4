//! The CSS subset of reader rules: parsing and matching.
//!
//! Both selectors and pages are untrusted input, so the subset is small: names, classes, ids, attribute values, a
//! position among siblings of one name, and the descendant and child combinators. Matching takes one walk through the
//! page for all selectors together, with a few bits per open element, so its time is linear.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;

use dom_query::{Document, NodeId, NodeRef};

use crate::dom::tree::{self, Walk};

/// The maximum length of a selector, in characters.
const MAX_CHARS: usize = 300;
/// The maximum number of nested elements in a selector. Each takes one bit while matching.
const MAX_STEPS: usize = 8;

/// Selects elements of a page with a subset of CSS: names, `.classes`, `#ids`, `[attribute=value]`,
/// `name:nth-of-type(number)`, and spaces and `>` between them.
///
/// ```
/// let selector: extract::Selector = "div.promo  >p".parse().unwrap();
/// assert_eq!(selector.to_string(), "div.promo > p");
/// assert!("p:has(img)".parse::<extract::Selector>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selector {
    steps: Vec<Step>,
}

/// A compound selector. The last one in a selector describes the selected element itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Step {
    /// Whether the element must be a child, not just a descendant, of the one in the previous step.
    is_child: bool,
    /// In lower case.
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    attributes: Vec<(String, String)>,
    /// The element's position among siblings of the same name, from 1.
    nth_of_type: Option<u32>,
}

/// The reason a selector does not parse. Its `Display` is a sentence for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// The selector is empty.
    Empty,
    /// The selector has more than 300 characters.
    TooLong,
    /// The selector nests more than eight elements.
    TooDeep,
    /// The selector is invalid or unsupported from this text on.
    Unsupported(String),
}

impl fmt::Display for SelectorError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(formatter, "Nothing was selected."),
            Self::TooLong => write!(formatter, "The selector is too long; use at most {MAX_CHARS} characters."),
            Self::TooDeep => {
                write!(formatter, "The selector is too deep; use at most {MAX_STEPS} nested elements.")
            }
            Self::Unsupported(rest) => write!(
                formatter,
                "Broadsheet can’t read the selector from “{rest}” on. Use names, .classes, #ids, [attribute=value], \
                 name:nth-of-type(number), spaces and >."
            ),
        }
    }
}

impl std::error::Error for SelectorError {}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match (at, step.is_child) {
                (0, _) => {}
                (_, true) => formatter.write_str(" > ")?,
                (_, false) => formatter.write_str(" ")?,
            }
            write!(formatter, "{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name.as_deref().unwrap_or_default())?;
        if let Some(id) = &self.id {
            write!(formatter, "#{id}")?;
        }
        for class in &self.classes {
            write!(formatter, ".{class}")?;
        }
        for (name, value) in &self.attributes {
            write!(formatter, "[{name}=\"{value}\"]")?;
        }
        self.nth_of_type.map_or(Ok(()), |nth_of_type| write!(formatter, ":nth-of-type({nth_of_type})"))
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SelectorError::Empty);
        }
        if text.chars().count() > MAX_CHARS {
            return Err(SelectorError::TooLong);
        }
        let (mut rest, mut steps, mut is_child) = (text, Vec::new(), false);
        loop {
            let (step, after) = Step::parse(rest).ok_or_else(|| SelectorError::Unsupported(rest.to_owned()))?;
            steps.push(Step { is_child, ..step });
            if steps.len() > MAX_STEPS {
                return Err(SelectorError::TooDeep);
            }
            let inner = after.trim_start();
            if inner.is_empty() {
                return Ok(Self { steps });
            }
            let child = inner.strip_prefix('>');
            if child.is_none() && inner.len() == after.len() {
                return Err(SelectorError::Unsupported(after.to_owned()));
            }
            (is_child, rest) = (child.is_some(), child.unwrap_or(inner).trim_start());
        }
    }
}

impl Step {
    /// Parses a step from the start of a text. Returns it with the rest of the text.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let mut step = Self::default();
        let mut rest = text;
        if let Some((name, after)) = parse_identifier(text) {
            (step.name, rest) = (Some(name.to_ascii_lowercase()), after);
        }
        while let Some(mark) = rest.chars().next().filter(|mark| ".#[:".contains(*mark)) {
            let after = &rest[1..];
            rest = match mark {
                '.' => parse_identifier(after).map(|(class, rest)| {
                    step.classes.push(class.to_owned());
                    rest
                }),
                '#' if step.id.is_none() => parse_identifier(after).map(|(id, rest)| {
                    step.id = Some(id.to_owned());
                    rest
                }),
                '[' => step.parse_attribute(after),
                ':' if step.nth_of_type.is_none() && step.name.is_some() => step.parse_nth_of_type(after),
                _ => None,
            }?;
        }
        (rest.len() < text.len()).then_some((step, rest))
    }

    /// Parses `name="value"]` and returns the rest of the text.
    fn parse_attribute<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (name, after) = parse_identifier(text)?;
        let after = after.strip_prefix('=')?;
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => after[1..].split_once(quote)?,
            None => parse_identifier(after)?,
        };
        let plain = !value.contains(['"', '\\', ']']) && !value.chars().any(char::is_control);
        self.attributes.push((name.to_ascii_lowercase(), value.to_owned()));
        rest.strip_prefix(']').filter(|_| plain)
    }

    /// Parses `nth-of-type(3)` and returns the rest of the text.
    fn parse_nth_of_type<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (number, rest) = text.strip_prefix("nth-of-type(")?.split_once(')')?;
        self.nth_of_type = Some(number.parse().ok().filter(|number| *number > 0)?);
        Some(rest)
    }

    fn matches_outline(&self, element: &OutlineElement<'_>) -> bool {
        let has = |class: &String| element.class.split_ascii_whitespace().any(|word| word == class);
        self.attributes.is_empty()
            && self.nth_of_type.is_none()
            && self.name.as_ref().is_none_or(|name| element.name.eq_ignore_ascii_case(name))
            && self.id.as_ref().is_none_or(|id| element.id == id)
            && self.classes.iter().all(has)
    }

    fn matches_name(&self, node: &NodeRef<'_>) -> bool {
        let wanted = self.name.as_deref().unwrap_or_default();
        node.qual_name_ref().is_some_and(|name| str::eq_ignore_ascii_case(&name.local, wanted))
    }

    /// Returns whether the element matches the step, its position aside.
    fn matches_attributes(&self, node: &NodeRef<'_>) -> bool {
        if self.name.is_some() && !self.matches_name(node) {
            return false;
        }
        let Some(element) = node.element_ref() else { return false };
        let attribute = |wanted: &str| {
            element.attrs.iter().find(|attribute| *attribute.name.local == *wanted).map(|attribute| &*attribute.value)
        };
        let is_id = |id: &String| attribute("id").is_some_and(|value| value.trim() == id);
        if !self.id.as_ref().is_none_or(is_id) {
            return false;
        }
        if !self.classes.is_empty() {
            let classes = attribute("class").unwrap_or_default();
            let has = |class: &String| classes.split_ascii_whitespace().any(|word| word == class);
            if !self.classes.iter().all(has) {
                return false;
            }
        }
        self.attributes.iter().all(|(name, value)| attribute(name) == Some(value.as_str()))
    }
}

/// Splits a name, class or id from the start of a text.
fn parse_identifier(text: &str) -> Option<(&str, &str)> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let starts = text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_' || letter == '-');
    (starts && end > 0 && !text[..end].starts_with("--")).then(|| text.split_at(end))
}

/// An element of a page whose tree is gone.
pub(crate) struct OutlineElement<'a> {
    /// The position of the element around it, which comes first.
    pub(crate) parent: Option<usize>,
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    pub(crate) class: &'a str,
}

impl Selector {
    /// Returns for each element whether it matches. Attributes and positions are not known of these, and match nothing.
    pub(crate) fn match_outline<'a>(&self, elements: impl Iterator<Item = OutlineElement<'a>>) -> Vec<bool> {
        // For each element, a bit per step that it completes, and a bit per step that it or one around it completes.
        let mut states: Vec<(u8, u8)> = Vec::new();
        let last = 1 << (self.steps.len() - 1);
        for element in elements {
            let (parent, above) = element.parent.map_or((0, 0), |parent| states[parent]);
            let mut ended_here = 0_u8;
            for (number, step) in self.steps.iter().enumerate() {
                let before = if step.is_child { parent } else { above };
                let is_inside = number == 0 || before & (1 << (number - 1)) != 0;
                if is_inside && step.matches_outline(&element) {
                    ended_here |= 1 << number;
                }
            }
            states.push((ended_here, above | ended_here));
        }
        states.iter().map(|(ended_here, _)| ended_here & last != 0).collect()
    }
}

/// The progress of all selectors at each open element: for each selector a bit per step that the element itself
/// completes, and a bit per step that it or an ancestor completes; for each step with a position, the number of
/// children counted so far.
#[derive(Default)]
struct MatchState {
    ended_here: Vec<u8>,
    ended_here_or_above: Vec<u8>,
    sibling_counts: Vec<u32>,
}

/// Returns the elements that each selector matches, in page order. Never matches `html`, `head` and `body`: that would
/// select everything.
pub(crate) fn find_all(page: &Document, selectors: &[&Selector]) -> Vec<Vec<NodeId>> {
    let mut found = vec![Vec::new(); selectors.len()];
    if selectors.is_empty() {
        return found;
    }
    let counters: usize = selectors.iter().flat_map(|it| &it.steps).filter(|step| step.nth_of_type.is_some()).count();
    let state = RefCell::new(MatchState {
        ended_here: vec![0; selectors.len()],
        ended_here_or_above: vec![0; selectors.len()],
        sibling_counts: vec![0; counters],
    });
    tree::walk(
        &page.root(),
        |node| {
            if !node.is_element() {
                return Walk::Skip;
            }
            let is_page_frame = tree::has_name(node, &["html", "head", "body"]);
            state.borrow_mut().enter(node, selectors, |at| {
                if !is_page_frame {
                    found[at].push(node.id);
                }
            });
            Walk::Enter
        },
        |_| state.borrow_mut().leave(selectors.len(), counters),
    );
    found
}

impl MatchState {
    fn enter(&mut self, node: &NodeRef<'_>, selectors: &[&Selector], mut on_match: impl FnMut(usize)) {
        let (first, mut counter) = (self.ended_here.len() - selectors.len(), 0);
        let counters = selectors.iter().flat_map(|it| &it.steps).filter(|step| step.nth_of_type.is_some()).count();
        let first_counter = self.sibling_counts.len() - counters;
        for (at, selector) in selectors.iter().enumerate() {
            let (parent, above) = (self.ended_here[first + at], self.ended_here_or_above[first + at]);
            let mut ended_here = 0_u8;
            for (number, step) in selector.steps.iter().enumerate() {
                let matches_position = step.nth_of_type.is_none_or(|nth_of_type| {
                    let count = &mut self.sibling_counts[first_counter + counter];
                    counter += 1;
                    let counts = step.matches_name(node);
                    *count += u32::from(counts);
                    counts && *count == nth_of_type
                });
                let before = if step.is_child { parent } else { above };
                let is_inside = number == 0 || before & (1 << (number - 1)) != 0;
                if is_inside && matches_position && step.matches_attributes(node) {
                    ended_here |= 1 << number;
                }
            }
            if ended_here & (1 << (selector.steps.len() - 1)) != 0 {
                on_match(at);
            }
            self.ended_here.push(ended_here);
            self.ended_here_or_above.push(above | ended_here);
        }
        self.sibling_counts.resize(self.sibling_counts.len() + counters, 0);
    }

    fn leave(&mut self, selectors: usize, counters: usize) {
        self.ended_here.truncate(self.ended_here.len() - selectors);
        self.ended_here_or_above.truncate(self.ended_here_or_above.len() - selectors);
        self.sibling_counts.truncate(self.sibling_counts.len() - counters);
    }
}
