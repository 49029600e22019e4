//! Chooses the topic of a new article: the reader's rule, else what publisher, vocabulary and the library's examples say.

use classify::learned::{self, Features};
use classify::word_scores::{self, TopicScores};
use classify::{ClassifierInput, Topic, TopicChoice, TopicReason};
use extract::Article;
use url::Url;

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::identity;
pub(super) use crate::library::topics::filing::section_of;
use crate::library::topics::filing::{self, TopicRule};
use crate::library::topics::learning;
use crate::library::{Library, sources};
use crate::urls;

/// What page and text say of the topic, before the library is asked.
pub(super) struct Evidence {
    choice: TopicChoice,
    scores: TopicScores,
    features: Features,
}

impl Evidence {
    /// Reads an article. A long text takes a tenth of a second.
    pub fn read(page: &SnapshotPage, extracted: &Article) -> Self {
        let (title, text) = (extracted.title.as_str(), extracted.text.as_str());
        let input = ClassifierInput {
            sections: &extracted.sections,
            tags: &extracted.tags,
            url: page.url.as_ref(),
            subdomain: page.url.as_ref().and_then(Url::domain).and_then(urls::subdomain),
            title,
            text,
            language: extracted.language.as_deref(),
        };
        let scores = word_scores::score_topics(title, text, input.language);
        Self { choice: classify::choose_topic_by(&input, &scores), features: Features::of(title, text), scores }
    }

    /// Chooses the topic for the library as it is now: as the reader's rule says, if there is one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn choose(self, library: &Library, rule: Option<TopicRule>) -> sqlx::Result<TopicChoice> {
        if let Some(rule) = rule {
            return Ok(choice_by_rule(rule));
        }
        let knowledge = learning::find_knowledge(library, &self.features).await?;
        Ok(learned::reconsider(self.choice, &self.scores, &self.features, &knowledge))
    }
}

/// Returns the domain and URL by which a page belongs to a source.
pub(super) fn filing_of(page: &SnapshotPage) -> Option<(String, Url)> {
    identity::filing(page).map(|(domain, url)| (domain, url.clone()))
}

/// Finds the reader's rule for a URL. Rules of a source outlive its merge into another.
///
/// # Errors
/// The database fails.
pub(super) async fn find_rule(library: &Library, domain: &str, url: &Url) -> sqlx::Result<Option<TopicRule>> {
    let Some((first, current)) = sources::find_first_and_current(library, domain, url).await? else {
        return Ok(None);
    };
    let section = section_of(url);
    match filing::find(library, current, section.as_deref()).await? {
        None if first != current => filing::find(library, first, section.as_deref()).await,
        found => Ok(found),
    }
}

fn choice_by_rule(rule: TopicRule) -> TopicChoice {
    let topic = Topic::from_slug(&rule.topic);
    let own = topic.is_none().then_some(rule.topic);
    let section = Some(rule.section).filter(|section| !section.is_empty());
    let reason = TopicReason::Rule { source: rule.source_name, section, own };
    TopicChoice { topic, reason, suggestions: Vec::new() }
}
