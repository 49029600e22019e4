//! Lists of similar sibling elements with links: cards, rows, teasers.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::NodeRef;
use foldhash::fast::FixedState;

/// Minimum number of items in a list.
const MIN_ITEMS: usize = 4;
/// Maximum words of an item; longer ones are texts of their own.
const MAX_ITEM_WORDS: usize = 150;
/// Maximum groups of similar elements per parent.
const MAX_GROUPS: usize = 8;

/// The lists found in a walk through the page. Of nested lists, the one with more words counts.
#[derive(Debug, Default)]
pub(super) struct ItemLists {
    /// Items in all lists.
    pub(super) items: usize,
    /// Words in all items, and how many of them are prose.
    pub(super) words: usize,
    pub(super) prose: usize,
    open: Vec<OpenElement>,
}

/// An open element, with the counts at its start.
#[derive(Debug, Default)]
struct OpenElement {
    items: usize,
    words: usize,
    prose: usize,
    groups: Vec<ItemGroup>,
}

/// Sibling elements of the same name and class.
#[derive(Debug)]
struct ItemGroup {
    key: u64,
    items: usize,
    words: usize,
    prose: usize,
}

/// An element with a link: its words, and how many of them are prose.
pub(super) struct Item {
    pub(super) words: usize,
    pub(super) prose: usize,
}

impl ItemLists {
    /// Enters an element.
    pub(super) fn enter(&mut self) {
        self.open.push(OpenElement { items: self.items, words: self.words, prose: self.prose, groups: Vec::new() });
    }

    /// Leaves an element, which is an item if it holds a link.
    pub(super) fn leave(&mut self, node: &NodeRef<'_>, item: Option<Item>) {
        let Some(element) = self.open.pop() else { return };
        let lists = element.groups.iter().filter(|group| group.items >= MIN_ITEMS);
        // A page with a few sections that hold lists has those lists, not a list of sections.
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

/// Hashes the name and the first class, without digits, which often number the items.
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
