//! The little CSS that a rule may speak, and finding what it points at.
//!
//! A selector comes from outside and meets pages that come from outside too, so it is kept small: names, classes, ids,
//! attributes with a value, a place among siblings of one name, and two ways to say "inside". Finding takes one walk through the
//! page for all selectors together, with a few bits per open element, so its time is linear whatever both sides do.

use std::cell::RefCell;
use std::fmt;
use std::str::FromStr;

use dom_query::{Document, NodeId, NodeRef};

use crate::dom::tree::{self, Walk};

/// Characters of a selector.
const LONGEST: usize = 300;
/// Elements inside each other that a selector may name. Each is a bit while searching.
const MOST_STEPS: usize = 8;

/// Points at elements of a page: the part of CSS that has names, `.classes`, `#ids`, `[attribute=value]`,
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

/// One element of a selector; the last is the one that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Step {
    /// Directly inside the step before, not somewhere inside.
    is_child: bool,
    /// In lower case.
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    attributes: Vec<(String, String)>,
    /// Which of its siblings of the same name it is, from 1.
    place: Option<u32>,
}

/// Why a text is no selector, as a sentence for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectorError {
    /// There is nothing in it.
    Empty,
    /// It has more than 300 characters.
    TooLong,
    /// It names more than eight elements inside each other.
    TooDeep,
    /// From here on it is no selector that is understood.
    Unsupported(String),
}

impl fmt::Display for SelectorError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(formatter, "Nothing was selected."),
            Self::TooLong => write!(formatter, "The selector is too long; use at most {LONGEST} characters."),
            Self::TooDeep => {
                write!(formatter, "The selector is too deep; use at most {MOST_STEPS} nested elements.")
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
        self.place.map_or(Ok(()), |place| write!(formatter, ":nth-of-type({place})"))
    }
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SelectorError::Empty);
        }
        if text.chars().count() > LONGEST {
            return Err(SelectorError::TooLong);
        }
        let (mut rest, mut steps, mut is_child) = (text, Vec::new(), false);
        loop {
            let (step, after) = Step::parse(rest).ok_or_else(|| SelectorError::Unsupported(rest.to_owned()))?;
            steps.push(Step { is_child, ..step });
            if steps.len() > MOST_STEPS {
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
    /// One element from the beginning of a text, and what stands after it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let mut step = Self::default();
        let mut rest = text;
        if let Some((name, after)) = word(text) {
            (step.name, rest) = (Some(name.to_ascii_lowercase()), after);
        }
        while let Some(mark) = rest.chars().next().filter(|mark| ".#[:".contains(*mark)) {
            let after = &rest[1..];
            rest = match mark {
                '.' => word(after).map(|(class, rest)| {
                    step.classes.push(class.to_owned());
                    rest
                }),
                '#' if step.id.is_none() => word(after).map(|(id, rest)| {
                    step.id = Some(id.to_owned());
                    rest
                }),
                '[' => step.attribute(after),
                ':' if step.place.is_none() && step.name.is_some() => step.place(after),
                _ => None,
            }?;
        }
        (rest.len() < text.len()).then_some((step, rest))
    }

    /// `name="value"]`
    fn attribute<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (name, after) = word(text)?;
        let after = after.strip_prefix('=')?;
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => after[1..].split_once(quote)?,
            None => word(after)?,
        };
        let plain = !value.contains(['"', '\\', ']']) && !value.chars().any(char::is_control);
        self.attributes.push((name.to_ascii_lowercase(), value.to_owned()));
        rest.strip_prefix(']').filter(|_| plain)
    }

    /// `nth-of-type(3)`
    fn place<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (number, rest) = text.strip_prefix("nth-of-type(")?.split_once(')')?;
        self.place = Some(number.parse().ok().filter(|place| *place > 0)?);
        Some(rest)
    }

    fn is_named(&self, node: &NodeRef<'_>) -> bool {
        let wanted = self.name.as_deref().unwrap_or_default();
        node.qual_name_ref().is_some_and(|name| str::eq_ignore_ascii_case(&name.local, wanted))
    }

    /// Whether an element is what the step says, its place apart.
    fn fits(&self, node: &NodeRef<'_>) -> bool {
        if self.name.is_some() && !self.is_named(node) {
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

/// A name, class or id from the beginning of a text, and what stands after it.
fn word(text: &str) -> Option<(&str, &str)> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let starts = text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_' || letter == '-');
    (starts && end > 0 && !text[..end].starts_with("--")).then(|| text.split_at(end))
}

/// How far selectors have come when an element is open: for each selector, which of its steps the element itself ends, and
/// which are ended by it or something around it. And for each step with a place, how many children it counted.
#[derive(Default)]
struct Found {
    itself: Vec<u8>,
    around: Vec<u8>,
    counted: Vec<u32>,
}

/// The elements that each of some selectors points at, in page order. The page's frame (`html`, `head`, `body`) is never
/// pointed at: there would be nothing left to say.
pub(crate) fn find(page: &Document, selectors: &[&Selector]) -> Vec<Vec<NodeId>> {
    let mut found = vec![Vec::new(); selectors.len()];
    if selectors.is_empty() {
        return found;
    }
    let counters: usize = selectors.iter().flat_map(|it| &it.steps).filter(|step| step.place.is_some()).count();
    let open = RefCell::new(Found {
        itself: vec![0; selectors.len()],
        around: vec![0; selectors.len()],
        counted: vec![0; counters],
    });
    tree::walk(
        &page.root(),
        |node| {
            if !node.is_element() {
                return Walk::Past;
            }
            let is_frame = tree::is_any(node, &["html", "head", "body"]);
            open.borrow_mut().enter(node, selectors, |at| {
                if !is_frame {
                    found[at].push(node.id);
                }
            });
            Walk::Into
        },
        |_| open.borrow_mut().leave(selectors.len(), counters),
    );
    found
}

impl Found {
    fn enter(&mut self, node: &NodeRef<'_>, selectors: &[&Selector], mut meant: impl FnMut(usize)) {
        let (above, mut counter) = (self.itself.len() - selectors.len(), 0);
        let counters = selectors.iter().flat_map(|it| &it.steps).filter(|step| step.place.is_some()).count();
        let counters_above = self.counted.len() - counters;
        for (at, selector) in selectors.iter().enumerate() {
            let (parent, around) = (self.itself[above + at], self.around[above + at]);
            let mut itself = 0_u8;
            for (number, step) in selector.steps.iter().enumerate() {
                let fits_place = step.place.is_none_or(|place| {
                    let count = &mut self.counted[counters_above + counter];
                    counter += 1;
                    let counts = step.is_named(node);
                    *count += u32::from(counts);
                    counts && *count == place
                });
                let before = if step.is_child { parent } else { around };
                let is_inside = number == 0 || before & (1 << (number - 1)) != 0;
                if is_inside && fits_place && step.fits(node) {
                    itself |= 1 << number;
                }
            }
            if itself & (1 << (selector.steps.len() - 1)) != 0 {
                meant(at);
            }
            self.itself.push(itself);
            self.around.push(around | itself);
        }
        self.counted.resize(self.counted.len() + counters, 0);
    }

    fn leave(&mut self, selectors: usize, counters: usize) {
        self.itself.truncate(self.itself.len() - selectors);
        self.around.truncate(self.around.len() - selectors);
        self.counted.truncate(self.counted.len() - counters);
    }
}
