//! The last step to an article: its words are read, and the library is asked for its topic.

use std::collections::HashMap;

use extract::{Article, Rule};
use tokio::task::spawn_blocking;
use url::Url;

use crate::ingest::extraction::SnapshotPage;
use crate::ingest::topic_choice::{self, Evidence};
use crate::ingest::{build_article, rules_for_page};
use crate::library::Library;
use crate::library::articles::{Channel, NewArticle};
use crate::library::clock::Clock;
use crate::library::topics::filing::TopicRule;

/// An article for which the library has not been asked yet.
pub(super) struct Unfiled {
    evidence: Evidence,
    /// By which the page belongs to a source.
    site: Option<(String, Url)>,
    new: NewArticle,
}

impl Unfiled {
    /// Reads the words of an article. A long text takes a tenth of a second.
    pub fn read(
        page: &SnapshotPage,
        extracted: Article,
        (file_name, channel): (Option<&str>, Channel),
        clock: Clock,
    ) -> Self {
        let received_at = clock.received_at(extracted.published);
        let evidence = Evidence::read(page, &extracted);
        let new = NewArticle { channel, ..build_article(page, file_name, extracted, received_at) };
        Self { evidence, site: topic_choice::filing_of(page), new }
    }

    /// Asks the library for the topic.
    ///
    /// # Errors
    /// The database fails.
    pub async fn file(self, library: &Library, sites: &mut Sites) -> sqlx::Result<NewArticle> {
        let rule = match &self.site {
            Some((domain, url)) => sites.find_topic_rule(library, domain, url).await?,
            None => None,
        };
        Ok(NewArticle { topic_choice: self.evidence.choose(library, rule).await?, ..self.new })
    }
}

/// Builds an article, with its topic.
///
/// # Errors
/// The database fails.
pub(super) async fn build_filed_article(
    library: &Library,
    (page, extracted): (SnapshotPage, Article),
    (file_name, channel): (Option<&str>, Channel),
    clock: Clock,
) -> anyhow::Result<NewArticle> {
    let file_name = file_name.map(str::to_owned);
    // Requests would wait for a long text.
    let read = move || Unfiled::read(&page, extracted, (file_name.as_deref(), channel), clock);
    Ok(spawn_blocking(read).await?.file(library, &mut Sites::default()).await?)
}

/// What the library says of sites. For a batch of articles, it is asked once for each site.
#[derive(Default)]
pub(super) struct Sites {
    rules: HashMap<Option<Site>, Vec<Rule>>,
    topic_rules: HashMap<(Site, Option<String>), Option<TopicRule>>,
}

/// A domain, and the host of a URL: together they tell the source.
type Site = (String, Option<String>);

fn site_of(domain: &str, url: &Url) -> Site {
    (domain.to_owned(), url.host_str().map(str::to_owned))
}

impl Sites {
    /// Returns the reader's rules for the source of a page.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find_rules(&mut self, library: &Library, page: &SnapshotPage) -> sqlx::Result<Vec<Rule>> {
        let site = topic_choice::filing_of(page).map(|(domain, url)| site_of(&domain, &url));
        if let Some(rules) = self.rules.get(&site) {
            return Ok(rules.clone());
        }
        let rules = rules_for_page(library, page).await?;
        self.rules.insert(site, rules.clone());
        Ok(rules)
    }

    async fn find_topic_rule(&mut self, library: &Library, domain: &str, url: &Url) -> sqlx::Result<Option<TopicRule>> {
        let key = (site_of(domain, url), topic_choice::section_of(url));
        if let Some(rule) = self.topic_rules.get(&key) {
            return Ok(rule.clone());
        }
        let rule = topic_choice::find_rule(library, domain, url).await?;
        self.topic_rules.insert(key, rule.clone());
        Ok(rule)
    }
}
