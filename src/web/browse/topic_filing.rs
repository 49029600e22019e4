//! `/topic/{slug}/filing`: how articles get to a topic: the examples that it learns from, and the reader's rules.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{Html, Redirect};
use classify::learned::MIN_OWN_EXAMPLES;
use serde::Deserialize;

use crate::library::Library;
use crate::library::topics::filing::{self, TopicRule};
use crate::library::topics::learning::{self, Examples};
use crate::library::topics::{self, Topic, UNSORTED};
use crate::web::browse::filters::ActiveFilters;
use crate::web::browse::operation_words::count;
use crate::web::browse::topic_view::topic_url;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Template)]
#[template(path = "topic_filing.html")]
struct TopicFilingPage {
    layout: Layout,
    topic: Topic,
    /// What the topic learns from, as sentences.
    examples: String,
    /// What it still needs.
    needs: Option<String>,
    rules: Vec<TopicRule>,
    /// An article that the reader moves here offers a rule.
    offers_rules: bool,
}

pub(crate) async fn show(reader: Reader, layout: Layout, Path(slug): Path<String>) -> Result<Html<String>> {
    let library = &reader.library;
    let topic = find_topic(library, &slug).await?;
    let examples = learning::count_examples(library, &topic.slug).await?;
    let rules = filing::list_for_topic(library, &topic.slug).await?;
    let needs = describe_needs(&topic, examples);
    let examples = match topic.slug.as_str() {
        UNSORTED => "Articles for which no other topic is clear come here. It learns from none.".to_owned(),
        _ => describe_examples(examples),
    };
    let offers_rules = topic.slug != UNSORTED;
    crate::web::shell::page(&TopicFilingPage { layout, topic, examples, needs, rules, offers_rules })
}

/// The rule to delete.
#[derive(Deserialize)]
pub(crate) struct RuleForm {
    source: i64,
    #[serde(default)]
    section: String,
}

pub(crate) async fn delete_rule(
    reader: Reader,
    Path(slug): Path<String>,
    Form(form): Form<RuleForm>,
) -> Result<Redirect> {
    let topic = find_topic(&reader.library, &slug).await?;
    filing::delete(&reader.library, form.source, &form.section).await?;
    Ok(Redirect::to(&format!("{}/filing#rules", topic_url(&topic.slug))))
}

async fn find_topic(library: &Library, slug: &str) -> Result<Topic> {
    topics::find(library, slug).await?.ok_or(Error::NotFound)
}

/// Returns what the topic of a list needs, if it is the reader's own and has too few examples.
pub(crate) async fn find_hint(library: &Library, filters: &ActiveFilters) -> sqlx::Result<Option<String>> {
    let Some(slug) = &filters.filter.topic else { return Ok(None) };
    let Some(topic) = topics::find(library, slug).await?.filter(|topic| topic.is_custom) else { return Ok(None) };
    Ok(describe_needs(&topic, learning::count_examples(library, slug).await?))
}

fn describe_examples(examples: Examples) -> String {
    match (examples.corrections, examples.labels) {
        (0, 0) => {
            "There are no examples yet: no article that you moved here, or that its publisher filed here.".to_owned()
        }
        (moved, 0) => format!("It learns from {} that you moved here.", count(moved)),
        (0, filed) => format!("It learns from {} that publishers filed here.", count(filed)),
        (moved, filed) => format!(
            "It learns from {} that you moved here, and from {} that publishers filed here.",
            count(moved),
            count(filed)
        ),
    }
}

/// Says what a topic of the reader's own still needs, to get articles by itself.
pub(crate) fn describe_needs(topic: &Topic, examples: Examples) -> Option<String> {
    let missing = i64::from(MIN_OWN_EXAMPLES) - examples.corrections;
    (topic.is_custom && !examples.takes_section && missing > 0).then(|| {
        let has = match examples.corrections {
            0 => "no examples".to_owned(),
            1 => "1 example".to_owned(),
            number => format!("{number} examples"),
        };
        format!("It has {has}. Move {} more here, and similar ones will come by themselves.", count(missing))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_says_what_it_learns_from_and_needs() {
        let own = Topic { slug: "boats".into(), name: "Boats".into(), is_custom: true };
        let built_in = Topic { is_custom: false, ..own.clone() };
        let examples = |corrections, labels| Examples { labels, corrections, takes_section: false };
        assert_eq!(
            describe_examples(examples(1, 1200)),
            "It learns from 1 article that you moved here, and from 1,200 articles that publishers filed here."
        );
        assert_eq!(
            describe_needs(&own, examples(4, 0)).as_deref(),
            Some("It has 4 examples. Move 1 article more here, and similar ones will come by themselves.")
        );
        assert_eq!(describe_needs(&own, examples(5, 0)), None);
        assert_eq!(describe_needs(&built_in, examples(0, 0)), None);
        let world = Examples { takes_section: true, ..examples(0, 0) };
        assert_eq!(describe_needs(&own, world), None, "publishers file articles there");
    }
}
