//! An edition as it is shown: stories with their cards in their places.

use std::collections::{HashMap, HashSet};

use crate::library::articles::editions::material::{Cards, Member};
use crate::library::articles::editions::{Composition, Item, Place};
use crate::library::articles::lists::Card;
use crate::library::topics::UNSORTED;
use crate::web::edition::story_card::StoryCard;
use crate::web::shell::dates::{self, LocalClock};

/// Articles that the form of an edition names, at most.
const MAX_NAMED: usize = 1000;

/// The stories of an edition, for `templates/parts/edition.html`.
#[derive(Debug, Default)]
pub(crate) struct EditionView {
    pub lead: Option<StoryCard>,
    pub tops: Vec<StoryCard>,
    pub sections: Vec<Section>,
    pub briefs: Vec<StoryCard>,
    /// How it ends.
    pub end: End,
}

/// Stories of one topic.
#[derive(Debug)]
pub(crate) struct Section {
    pub slug: String,
    pub name: String,
    pub stories: Vec<StoryCard>,
}

/// The end of an edition.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// Such as `24 stories from 12 sources, about 50 minutes to read`.
    pub summary: String,
    /// How many stories are unread, if any: `3 stories are unread`.
    pub unread: Option<String>,
    /// Its articles and those of its stories, as the form names them.
    pub articles: String,
}

impl Section {
    /// Returns the number of stories, by which the section is laid out.
    pub fn size(&self) -> usize {
        self.stories.len()
    }

    /// Returns whether its first story has an image.
    pub fn has_image(&self) -> bool {
        self.stories.first().is_some_and(StoryCard::has_image)
    }
}

/// Names a section. What is in no topic has a name that a newspaper would print.
pub(crate) fn name_section(slug: &str, topic_name: &str) -> String {
    if slug == UNSORTED { "Other news".to_owned() } else { topic_name.to_owned() }
}

impl EditionView {
    /// Creates the view of the edition of today.
    pub fn of_today(edition: &Composition, cards: Cards, clock: &LocalClock) -> Self {
        let items = edition.items.iter().map(|item| (item, None));
        Self::new(items, cards, clock)
    }

    /// `items`: with the names of their sections, if these are known. Sections that are not are named as the topic is now.
    /// An item without a card is left out.
    pub fn new<'a>(items: impl Iterator<Item = (&'a Item, Option<&'a str>)>, cards: Cards, clock: &LocalClock) -> Self {
        let Cards { cards, members } = cards;
        let mut known: HashMap<i64, Card> = cards.into_iter().map(|card| (card.id, card)).collect();
        let mut view = Self::default();
        for (item, section_name) in items {
            let Some(card) = known.remove(&item.article) else { continue };
            let topic_name = card.topic_name.clone();
            view.place(&item.place, section_name.unwrap_or(&topic_name), StoryCard::new(card, &members, clock));
        }
        if view.lead.is_none() {
            // The article that led is gone.
            view.lead = view.take_first();
        }
        view.end = End::new(&view, &members);
        view
    }

    fn place(&mut self, place: &Place, section_name: &str, story: StoryCard) {
        match place {
            Place::Lead => self.lead = Some(story),
            Place::Top => self.tops.push(story),
            Place::Brief => self.briefs.push(story),
            Place::Section(slug) => match self.sections.iter_mut().find(|section| section.slug == *slug) {
                Some(section) => section.stories.push(story),
                None => {
                    let (slug, name) = (slug.clone(), name_section(slug, section_name));
                    self.sections.push(Section { slug, name, stories: vec![story] });
                }
            },
        }
    }

    fn take_first(&mut self) -> Option<StoryCard> {
        let in_section = |sections: &mut Vec<Section>| {
            let story = sections.first_mut()?.stories.drain(..1).next();
            sections.retain(|section| !section.stories.is_empty());
            story
        };
        let first = |stories: &mut Vec<StoryCard>| (!stories.is_empty()).then(|| stories.remove(0));
        first(&mut self.tops).or_else(|| in_section(&mut self.sections)).or_else(|| first(&mut self.briefs))
    }

    /// Returns all stories, in their order.
    pub fn stories(&self) -> impl Iterator<Item = &StoryCard> {
        let in_sections = self.sections.iter().flat_map(|section| &section.stories);
        self.lead.iter().chain(&self.tops).chain(in_sections).chain(&self.briefs)
    }

    pub const fn is_empty(&self) -> bool {
        self.lead.is_none()
    }
}

impl End {
    fn new(view: &EditionView, members: &[Member]) -> Self {
        let stories = i64::try_from(view.stories().count()).unwrap_or(i64::MAX);
        let unread = view.stories().filter(|story| !story.is_read()).count();
        let unread = i64::try_from(unread).unwrap_or(i64::MAX);
        let domains = view.stories().map(|story| story.card.article.source_domain.as_str()).collect::<HashSet<_>>();
        let sources = i64::try_from(domains.len()).unwrap_or(i64::MAX);
        let words = view.stories().map(|story| story.card.article.word_count).sum();
        let shown = view.stories().map(|story| story.card.article.id);
        let mut named = HashSet::new();
        let articles = shown.chain(members.iter().map(|member| member.article));
        let articles = articles.filter(|id| named.insert(*id)).take(MAX_NAMED).map(|id| id.to_string());
        Self {
            summary: format!(
                "{} from {}, about {} to read",
                dates::count(stories, "story", "stories"),
                dates::count(sources, "source", "sources"),
                dates::reading_time(words, None)
            ),
            unread: (unread > 0).then(|| match unread {
                1 => "1 story is unread".to_owned(),
                many => format!("{} stories are unread", dates::format_number(many)),
            }),
            articles: articles.collect::<Vec<_>>().join(","),
        }
    }
}
