//! Elements that stand side by side, are made alike, and lead somewhere each: the cards, rows and entries of lists.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::NodeRef;
use foldhash::fast::FixedState;

/// Fewer side by side are no list.
const MIN_ITEMS: usize = 4;
/// Words of an entry: more are a text of its own.
const MAX_ITEM_WORDS: usize = 150;
/// Kinds of elements that are told apart in one place.
const MAX_GROUPS: usize = 8;

/// What was found in a walk through a page. Of lists inside each other, the one with more words counts.
#[derive(Debug, Default)]
pub(super) struct ItemLists {
    /// Entries of all lists.
    pub(super) items: usize,
    /// And their words, of which some are prose.
    pub(super) words: usize,
    pub(super) prose: usize,
    open: Vec<OpenElement>,
}

/// An element that is walked through, and what was known when it began.
#[derive(Debug, Default)]
struct OpenElement {
    items: usize,
    words: usize,
    prose: usize,
    groups: Vec<ItemGroup>,
}

/// Elements of one name and class in one place.
#[derive(Debug)]
struct ItemGroup {
    key: u64,
    items: usize,
    words: usize,
    prose: usize,
}

/// An element that leads somewhere: how many words stand in it, and how many of them are prose.
pub(super) struct Item {
    pub(super) words: usize,
    pub(super) prose: usize,
}

impl ItemLists {
    /// An element begins.
    pub(super) fn enter(&mut self) {
        self.open.push(OpenElement { items: self.items, words: self.words, prose: self.prose, groups: Vec::new() });
    }

    /// It ends, and is an entry if it leads somewhere.
    pub(super) fn leave(&mut self, node: &NodeRef<'_>, item: Option<Item>) {
        let Some(element) = self.open.pop() else { return };
        let lists = element.groups.iter().filter(|group| group.items >= MIN_ITEMS);
        // A page of a few sections with lists in them has lists, not sections.
        if let Some(list) = lists.max_by_key(|group| group.words)
            && list.words * 5 >= (self.words - element.words) * 6
        {
            self.items = element.items + list.items;
            self.words = element.words + list.words;
            self.prose = element.prose + list.prose;
        }
        if let Some(item) = item.filter(|item| (1..=MAX_ITEM_WORDS).contains(&item.words))
            && let Some(parent) = self.open.last_mut()
        {
            parent.add(group_key(node), &item);
        }
    }
}

impl OpenElement {
    fn add(&mut self, key: u64, item: &Item) {
        if let Some(group) = self.groups.iter_mut().find(|group| group.key == key) {
            group.items += 1;
            group.words += item.words;
            group.prose += item.prose;
        } else if self.groups.len() < MAX_GROUPS {
            self.groups.push(ItemGroup { key, items: 1, words: item.words, prose: item.prose });
        }
    }
}

/// Name and first class, without the numbers by which programs count.
fn group_key(node: &NodeRef<'_>) -> u64 {
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
