//! Groups links that look alike: their elements and those around them have the same names and classes.
//!
//! Entries of one list may differ in classes that not all of them have. Such groups become one if each of those elements
//! holds one link, so that they are entries rather than columns of a page.

use foldhash::{HashMap, HashMapExt as _};
use url::Url;

use crate::dom::selector::Selector;
use crate::links::outline::Outline;
use crate::links::stable_names::is_stable;
use crate::stop;

/// The most groups of a page.
const MAX_GROUPS: usize = 300;

/// The most groups of links with the same names of elements that are compared.
const MAX_COMPARED: usize = 8;

/// Links of a group that are looked at to compare it.
const MAX_SAMPLE: usize = 50;

/// Elements around a link that are compared.
const MAX_DEPTH: usize = 24;

/// Elements of a selector.
const MAX_STEPS: usize = 8;

/// Classes of an element that count.
const MAX_CLASSES: usize = 2;

/// The links of a page, in groups.
pub(super) struct Shapes<'o> {
    outline: &'o Outline,
    /// The largest first.
    pub(super) groups: Vec<Group>,
}

/// Links that look alike.
pub(super) struct Group {
    /// Positions, in the order of the page.
    pub(super) links: Vec<usize>,
    /// The name and classes of the links' elements and those around them, from inside to outside.
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Step {
    name: String,
    classes: Vec<String>,
}

impl<'o> Shapes<'o> {
    pub(super) fn of(outline: &'o Outline) -> Self {
        let mut by_shape: HashMap<usize, Vec<usize>> = HashMap::new();
        let (shapes, steps) = find_shapes(outline);
        for (position, link) in outline.links.iter().enumerate() {
            by_shape.entry(shapes[link.element]).or_default().push(position);
        }
        let path = |link: usize| outline.path(outline.links[link].element).map(|element| steps[element].clone());
        let mut groups: Vec<Group> = by_shape
            .into_values()
            .map(|links| Group { steps: path(links[0]).take(MAX_DEPTH).collect(), links })
            .collect();
        let sort = |groups: &mut Vec<Group>| {
            groups.sort_by_key(|group| (std::cmp::Reverse(group.links.len()), group.links[0]))
        };
        sort(&mut groups);
        groups.truncate(MAX_GROUPS);
        let mut groups = merge(outline, groups);
        sort(&mut groups);
        Shapes { outline, groups }
    }

    /// Returns what selects the group of each link.
    pub(super) fn selectors(&self) -> HashMap<usize, Selector> {
        let mut selectors = HashMap::new();
        for group in &self.groups {
            if let Some(selector) = self.selector(group) {
                selectors.extend(group.links.iter().map(|link| (*link, selector.clone())));
            }
        }
        selectors
    }

    /// Returns what selects the links of a group: no more elements around them than it takes to leave others out.
    pub(super) fn selector(&self, group: &Group) -> Option<Selector> {
        stop::check();
        let container = self.container(group);
        let ids: Vec<Option<&str>> = (0..MAX_STEPS).map(|depth| self.shared_id(group, depth)).collect();
        let longest = MAX_STEPS.min(group.steps.len());
        let mut best = None;
        for count in (container + 1).min(longest)..=longest {
            let Some(selector) = build(&group.steps[..count], &ids) else { break };
            best = Some(selector);
            let is_exact = ids[..count].iter().any(Option::is_some)
                || !self.groups.iter().any(|other| !std::ptr::eq(other, group) && other.has(&group.steps[..count]));
            if is_exact {
                break;
            }
        }
        best
    }

    /// Returns how many elements away from its links the element is that holds several of them.
    fn container(&self, group: &Group) -> usize {
        let (mut first_url, mut depth): (HashMap<usize, &Url>, _) = (HashMap::new(), usize::MAX);
        for link in &group.links {
            let link = &self.outline.links[*link];
            for (at, element) in self.outline.path(link.element).take(MAX_STEPS.min(depth)).enumerate() {
                if *first_url.entry(element).or_insert(&link.url) != &link.url {
                    depth = at;
                    break;
                }
            }
        }
        depth.min(MAX_STEPS)
    }

    /// Returns the id of the element around all links of a group, so many elements away from them.
    fn shared_id(&self, group: &Group, depth: usize) -> Option<&'o str> {
        let at = |link: &usize| self.outline.path(self.outline.links[*link].element).nth(depth);
        let element = at(group.links.first()?)?;
        let id = self.outline.elements[element].id.as_str();
        let is_shared =
            group.links.len() > 1 && is_stable(id) && group.links.iter().all(|link| at(link) == Some(element));
        is_shared.then_some(id)
    }
}

impl Group {
    /// Returns whether its links look like this, too.
    fn has(&self, steps: &[Step]) -> bool {
        self.steps.len() >= steps.len()
            && self.steps.iter().zip(steps).all(|(own, step)| {
                own.name == step.name && step.classes.iter().all(|class| own.classes.contains(class))
            })
    }
}

/// Returns a number for each element that is the same for those that look alike, as do all around them; and its name and
/// classes.
fn find_shapes(outline: &Outline) -> (Vec<usize>, Vec<Step>) {
    let mut numbers: HashMap<(Option<usize>, Step), usize> = HashMap::new();
    let (mut shapes, mut steps): (Vec<usize>, Vec<Step>) = (Vec::new(), Vec::new());
    for element in &outline.elements {
        let classes = element.class.split_ascii_whitespace().filter(|class| is_stable(class));
        let classes = classes.take(MAX_CLASSES).map(str::to_owned).collect();
        let step = Step { name: element.name.to_string(), classes };
        let next = numbers.len();
        let parent = element.parent.map(|parent| shapes[parent]);
        shapes.push(*numbers.entry((parent, step.clone())).or_insert(next));
        steps.push(step);
    }
    (shapes, steps)
}

/// Makes one group of those whose entries differ only in classes that some of them have.
fn merge(outline: &Outline, groups: Vec<Group>) -> Vec<Group> {
    let mut merged: Vec<Group> = Vec::new();
    let mut by_names: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for group in groups {
        let names: Vec<String> = group.steps.iter().map(|step| step.name.clone()).collect();
        let alike = by_names.entry(names).or_default();
        let found = alike.iter().take(MAX_COMPARED).find(|other| can_merge(outline, &merged[**other], &group));
        match found {
            Some(other) => merged[*other].add(group),
            None => {
                alike.push(merged.len());
                merged.push(group);
            }
        }
    }
    merged
}

impl Group {
    fn add(&mut self, other: Group) {
        self.links.extend(other.links);
        self.links.sort_unstable();
        for (step, other) in self.steps.iter_mut().zip(other.steps) {
            step.classes.retain(|class| other.classes.contains(class));
        }
    }
}

fn can_merge<'g>(outline: &Outline, one: &'g Group, other: &'g Group) -> bool {
    stop::check();
    let sample = |group: &'g Group| group.links.iter().take(MAX_SAMPLE);
    let depths = 0..one.steps.len().min(other.steps.len());
    depths.filter(|depth| one.steps[*depth].classes != other.steps[*depth].classes).all(|depth| {
        let share_class = one.steps[depth].classes.iter().any(|class| other.steps[depth].classes.contains(class));
        let is_open = one.steps[depth].classes.is_empty() || other.steps[depth].classes.is_empty();
        if !share_class && (depth == 0 || !is_open) {
            return false;
        }
        let mut holders: HashMap<usize, &Url> = HashMap::new();
        let mut parents: Vec<Option<usize>> = Vec::new();
        for link in sample(one).chain(sample(other)) {
            let link = &outline.links[*link];
            let Some(element) = outline.path(link.element).nth(depth) else { return false };
            // An element that holds several is no entry.
            if *holders.entry(element).or_insert(&link.url) != &link.url {
                return false;
            }
            parents.push(outline.elements[element].parent);
        }
        parents.dedup();
        share_class || parents.len() == 1
    })
}

/// Writes steps as a selector; `None` if there is none that is short enough.
fn build(steps: &[Step], ids: &[Option<&str>]) -> Option<Selector> {
    let write = |max_classes: usize| {
        let parts: Vec<String> = steps
            .iter()
            .zip(ids)
            .rev()
            .map(|(step, id)| {
                let id = id.map(|id| format!("#{id}")).unwrap_or_default();
                let classes: String = step.classes.iter().take(max_classes).map(|class| format!(".{class}")).collect();
                format!("{}{id}{classes}", step.name)
            })
            .collect();
        parts.join(" > ").parse::<Selector>().ok()
    };
    (0..=MAX_CLASSES).rev().find_map(write)
}
