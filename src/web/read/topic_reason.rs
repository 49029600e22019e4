//! Why an article has its topic: a sentence, the articles filed for the same reason, and after a correction what was
//! learned and which rule could follow.

use axum::Form;
use axum::response::Redirect;
use classify::TopicReason;
use classify::learned::{Features, telling_words};
use serde::Deserialize;

use crate::ingest;
use crate::library::articles::changes::BulkAction;
use crate::library::articles::{self, Article};
use crate::library::operations;
use crate::library::topics::{self, UNSORTED, filing, learning};
use crate::library::{Library, sources};
use crate::web::browse::topic_filing;
use crate::web::read::topic_suggestions::{self, TopicNames};
use crate::web::shell::action_notice::{ActionResult, Notice, UndoForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::{Error, Reader, Result};

/// Words that a notice names.
const MAX_WORDS: usize = 3;

/// The reason, for the template.
pub(crate) struct ReasonView {
    pub sentence: String,
    /// The list of articles with the topic for the same reason.
    pub same_url: Option<String>,
    /// Where the topic's examples and rules are.
    pub filing_url: Option<String>,
    /// Rules that the reader may want after a correction: value of the section, and label.
    pub offers: Vec<(String, String)>,
    /// The reader has just corrected it, so it is shown at once.
    pub is_open: bool,
}

impl ReasonView {
    /// Creates it with topics as the reader calls them.
    pub fn new(article: &Article, names: TopicNames) -> Self {
        let reason = &article.topic_choice.reason;
        let has_topic = article.topic != UNSORTED;
        let list = ListUrl { topic: Some(article.topic.clone()), reason: Some(reason.key()), ..ListUrl::default() };
        Self {
            sentence: topic_suggestions::say_reason(reason, names),
            same_url: has_topic.then(|| list.to_string()),
            filing_url: has_topic.then(|| format!("/topic/{}/filing", article.topic)),
            is_open: false,
            offers: if *reason == TopicReason::Reader && has_topic { offers(article) } else { Vec::new() },
        }
    }
}

fn offers(article: &Article) -> Vec<(String, String)> {
    let (source, topic) = (&article.source_name, &article.topic_name);
    if article.state.deleted || article.url.is_none() || !ingest::is_website(&article.source_domain) {
        return Vec::new();
    }
    let mut offers = vec![(String::new(), format!("Always file articles of {source} under {topic}"))];
    if let Some(section) = section_of(article) {
        let label = format!("Only those under {section}");
        offers.push((section, label));
    }
    offers
}

fn section_of(article: &Article) -> Option<String> {
    filing::section_of(&url::Url::parse(article.url.as_deref()?).ok()?)
}

/// Returns the URL of the article after its topic was changed by an operation.
pub(crate) fn corrected_url(origin: &Origin, article: i64, operation: i64) -> String {
    let url = origin.notice_url(article, ActionResult::TopicAndTagsSaved);
    add_parameters(&url, &[("change", &operation.to_string())])
}

/// Returns the notice after a correction, if the article still is as that left it: what was learned, and a way back.
pub(crate) async fn find_notice(
    library: &Library,
    article: &Article,
    operation: i64,
    origin: &Origin,
) -> sqlx::Result<Option<Notice>> {
    let Some(operation) = operations::find(library, operation).await? else { return Ok(None) };
    let is_there = operation.can_undo()
        && article.topic_choice.reason == TopicReason::Reader
        && matches!(&operation.action, Some(BulkAction::Topic(slug)) if *slug == article.topic);
    if !is_there {
        return Ok(None);
    }
    let learned = describe_learned(library, article).await?;
    let undo = UndoForm {
        url: format!("/recent-changes/{}/undo", operation.id),
        field: ("article", article.id.to_string()),
        label: "Undo",
        list: origin.value(),
    };
    let link = ("How articles get there".to_owned(), format!("/topic/{}/filing", article.topic));
    let link = (article.topic != UNSORTED).then_some(link);
    Ok(Some(Notice { text: format!("Moved to {}. {learned}", article.topic_name), undo: Some(undo), link }))
}

/// Says what was learned from an article that the reader has moved.
async fn describe_learned(library: &Library, article: &Article) -> sqlx::Result<String> {
    if article.topic == UNSORTED {
        return Ok("What it had taught its former topic is forgotten.".to_owned());
    }
    let examples = learning::count_examples(library, &article.topic).await?;
    if let Some(topic) = topics::find(library, &article.topic).await?
        && let Some(needs) = topic_filing::describe_needs(&topic, examples)
    {
        return Ok(needs);
    }
    let text = articles::find_text(library, article.id).await?.unwrap_or_default();
    let features = Features::of(&article.title, &text);
    let knowledge = learning::find_knowledge(library, &features).await?;
    let words = telling_words(&features, &knowledge, &article.topic, MAX_WORDS);
    Ok(match words.as_slice() {
        [] => "Learned from it: similar articles are more likely to be filed there.".to_owned(),
        words => format!(
            "Learned from it: articles with words such as “{}” are more likely to be filed there.",
            words.join("”, “")
        ),
    })
}

/// The rule to add: for a section, or for all articles of the source.
#[derive(Debug, Deserialize)]
pub(crate) struct RuleForm {
    #[serde(default)]
    section: String,
    /// The list that the reader came from.
    list: Option<String>,
}

/// `POST /article/{id}/topic-rule`: files all new articles of the article's source, or of its section, under its topic.
pub(crate) async fn save_rule(
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<RuleForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let article = articles::find(library, id).await?.ok_or(Error::NotFound)?;
    let source = sources::find(library, &article.source_domain).await?.ok_or(Error::NotFound)?;
    let is_offered = offers(&article).iter().any(|(section, _)| *section == form.section);
    if !is_offered || article.topic == UNSORTED {
        return Err(Error::NotFound);
    }
    filing::save(library, source.id, &form.section, &article.topic).await?;
    Ok(Redirect::to(&Origin::parse(form.list.as_deref()).notice_url(id, ActionResult::TopicRuleSaved)))
}
