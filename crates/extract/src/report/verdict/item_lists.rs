//! Elements that stand side by side, are made alike, and lead somewhere each: the cards, rows and entries of lists.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::NodeRef;
use foldhash::fast::FixedState;

/// Fewer side by side are no list.
const FEWEST: usize = 4;
/// Words of an entry: more are a text of its own.
const LONGEST: usize = 150;
/// Kinds of elements that are told apart in one place.
const MOST_KINDS: usize = 8;

/// What was found in a walk through a page. Of lists inside each other, the one with more words counts.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    /// Entries of all lists.
    pub(super) entries: usize,
    /// And their words, of which some are prose.
    pub(super) words: usize,
    pub(super) prose: usize,
    open: Vec<Shelf>,
}

/// An element that is walked through, and what was known when it began.
#[derive(Debug, Default)]
struct Shelf {
    entries: usize,
    words: usize,
    prose: usize,
    kinds: Vec<Kind>,
}

/// Elements of one name and class in one place.
#[derive(Debug)]
struct Kind {
    key: u64,
    entries: usize,
    words: usize,
    prose: usize,
}

/// An element that leads somewhere: how many words stand in it, and how many of them are prose.
pub(super) struct Entry {
    pub(super) words: usize,
    pub(super) prose: usize,
}

impl Shelves {
    /// An element begins.
    pub(super) fn enter(&mut self) {
        self.open.push(Shelf { entries: self.entries, words: self.words, prose: self.prose, kinds: Vec::new() });
    }

    /// It ends, and is an entry if it leads somewhere.
    pub(super) fn leave(&mut self, node: &NodeRef<'_>, entry: Option<Entry>) {
        let Some(shelf) = self.open.pop() else { return };
        let lists = shelf.kinds.iter().filter(|kind| kind.entries >= FEWEST);
        // A page of a few sections with lists in them has lists, not sections.
        if let Some(list) = lists.max_by_key(|kind| kind.words)
            && list.words * 5 >= (self.words - shelf.words) * 6
        {
            self.entries = shelf.entries + list.entries;
            self.words = shelf.words + list.words;
            self.prose = shelf.prose + list.prose;
        }
        if let Some(entry) = entry.filter(|entry| (1..=LONGEST).contains(&entry.words))
            && let Some(around) = self.open.last_mut()
        {
            around.put(key(node), &entry);
        }
    }
}

impl Shelf {
    fn put(&mut self, key: u64, entry: &Entry) {
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.key == key) {
            kind.entries += 1;
            kind.words += entry.words;
            kind.prose += entry.prose;
        } else if self.kinds.len() < MOST_KINDS {
            self.kinds.push(Kind { key, entries: 1, words: entry.words, prose: entry.prose });
        }
    }
}

/// Name and first class, without the numbers by which programs count.
fn key(node: &NodeRef<'_>) -> u64 {
    let mut key = FixedState::default().build_hasher();
    if let Some(element) = node.element_ref() {
        element.name.local.hash(&mut key);
        let class = element.class();
        let first = class.as_deref().and_then(|class| class.split_ascii_whitespace().next()).unwrap_or_default();
        for byte in first.bytes().filter(|byte| !byte.is_ascii_digit()) {
            byte.hash(&mut key);
        }
    }
    key.finish()
}
