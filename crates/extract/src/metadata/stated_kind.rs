//! The kind of page, as stated in its metadata.

use serde_json::Value;

/// The kind of page, as stated in its metadata.
#[derive(Debug, Default, Clone)]
pub(crate) struct StatedKind {
    /// `og:type` in lower case.
    pub(crate) og_type: String,
    pub(crate) is_article: bool,
    /// Published by a newsroom or a blog.
    pub(crate) is_news: bool,
    pub(crate) is_video: bool,
    pub(crate) is_thread: bool,
    pub(crate) is_product: bool,
    pub(crate) is_collection: bool,
    /// At least a part is not free.
    pub(crate) is_paid: bool,
    /// Classes and ids of the paid parts.
    pub(crate) paid_parts: Vec<String>,
}

impl StatedKind {
    /// Reads the outer JSON-LD objects.
    pub(crate) fn from_json_ld(objects: &[&Value]) -> Self {
        let mut stated = Self::default();
        for object in objects {
            let kinds = match object.get("@type") {
                Some(Value::String(kind)) => vec![kind.as_str()],
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for kind in kinds {
                stated.add_schema_type(kind.rsplit(['/', ':', '#']).next().unwrap_or(kind));
            }
            let parts = match object.get("hasPart") {
                Some(Value::Array(parts)) => parts.iter().collect(),
                Some(part) => vec![part],
                None => Vec::new(),
            };
            let selectors =
                parts.iter().filter(|part| is_paid(part)).filter_map(|part| part.get("cssSelector")?.as_str());
            stated.paid_parts.extend(selectors.filter_map(last_class_or_id).take(MAX_PAID_PARTS));
            stated.paid_parts.truncate(MAX_PAID_PARTS);
            stated.is_paid |= std::iter::once(*object).chain(parts).any(is_paid);
        }
        stated
    }

    /// Adds a schema.org type.
    fn add_schema_type(&mut self, kind: &str) {
        let news = kind.ends_with("NewsArticle") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report");
        self.is_news |= news;
        self.is_article |= news || kind.ends_with("Article") || matches!(kind, "Recipe" | "Review" | "CriticReview");
        self.is_video |= matches!(kind, "VideoObject" | "Clip" | "Movie" | "TVEpisode");
        self.is_thread |= matches!(kind, "DiscussionForumPosting" | "QAPage");
        self.is_product |= matches!(kind, "Product" | "ProductGroup" | "ProductModel" | "IndividualProduct");
        self.is_collection |= matches!(kind, "CollectionPage" | "SearchResultsPage" | "ItemList" | "OfferCatalog");
    }
}

/// Maximum number of paid parts; each is matched against every element.
const MAX_PAID_PARTS: usize = 20;

/// Returns the last class or id of a selector.
fn last_class_or_id(selector: &str) -> Option<String> {
    let name = selector.rsplit(['.', '#', ' ', '>']).next()?.trim();
    (!name.is_empty() && selector.contains(['.', '#'])).then(|| name.to_owned())
}

fn is_paid(object: &Value) -> bool {
    match object.get("isAccessibleForFree") {
        Some(Value::Bool(free)) => !free,
        Some(Value::String(free)) => free.trim().to_ascii_lowercase().ends_with("false"),
        _ => false,
    }
}
