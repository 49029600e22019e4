//! What can be seen on a page that tells its kind.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use foldhash::fast::FixedState;
use html5ever::LocalName;
use memchr::memmem;
use serde_json::Value;

use super::names::{BUY, CAPTCHAS, CONSENT, FORUM_BODIES, FORUMS, MANUAL_BODIES, MANUAL_MARKS, MANUALS, POSTS};
use crate::metadata::Metadata;
use crate::tree::{self, Walk};
use crate::words;

/// What a page says about itself.
#[derive(Debug, Default, Clone)]
pub(crate) struct Stated {
    /// `og:type` in lower case.
    pub(crate) kind: String,
    pub(crate) is_article: bool,
    /// An article that a newsroom or a blog has published.
    pub(crate) is_news: bool,
    pub(crate) is_video: bool,
    pub(crate) is_thread: bool,
    pub(crate) is_product: bool,
    pub(crate) is_collection: bool,
    /// Not for free, or a part of it is not.
    pub(crate) is_paid: bool,
}

impl Stated {
    /// By the outer objects of its JSON-LD.
    pub(crate) fn of(objects: &[&Value]) -> Self {
        let mut stated = Self::default();
        for object in objects {
            let kinds = match object.get("@type") {
                Some(Value::String(kind)) => vec![kind.as_str()],
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            for kind in kinds {
                stated.add(kind.rsplit(['/', ':', '#']).next().unwrap_or(kind));
            }
            let parts = match object.get("hasPart") {
                Some(Value::Array(parts)) => parts.iter().collect(),
                Some(part) => vec![part],
                None => Vec::new(),
            };
            stated.is_paid |= std::iter::once(*object).chain(parts).any(is_paid);
        }
        stated
    }

    /// A kind of schema.org.
    fn add(&mut self, kind: &str) {
        let news = kind.ends_with("NewsArticle") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report");
        self.is_news |= news;
        self.is_article |= news || kind.ends_with("Article") || matches!(kind, "Recipe" | "Review" | "CriticReview");
        self.is_video |= matches!(kind, "VideoObject" | "Clip" | "Movie" | "TVEpisode");
        self.is_thread |= matches!(kind, "DiscussionForumPosting" | "QAPage");
        self.is_product |= matches!(kind, "Product" | "ProductGroup" | "ProductModel" | "IndividualProduct");
        self.is_collection |= matches!(kind, "CollectionPage" | "SearchResultsPage" | "ItemList" | "OfferCatalog");
    }
}

fn is_paid(object: &Value) -> bool {
    match object.get("isAccessibleForFree") {
        Some(Value::Bool(free)) => !free,
        Some(Value::String(free)) => free.trim().to_ascii_lowercase().ends_with("false"),
        _ => false,
    }
}

/// What was seen on a page.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    pub(crate) stated: Stated,
    /// Words that can be seen on the page.
    pub(super) words: usize,
    /// Words in paragraphs and items that are not mostly links.
    pub(super) prose: usize,
    /// Words of the longest of these.
    pub(super) longest: usize,
    /// Headings that are links.
    pub(super) headed_links: usize,
    /// The most links that stand in the same way: in elements of the same names and classes.
    pub(super) cards: usize,
    /// Posts and answers.
    pub(super) posts: usize,
    /// Buttons to buy with.
    pub(super) buys: usize,
    pub(super) has_price: bool,
    pub(super) has_password: bool,
    pub(super) has_captcha: bool,
    pub(super) asks_consent: bool,
    pub(super) has_player: bool,
    pub(super) has_forum_software: bool,
    pub(super) has_manual_software: bool,
    /// No date of publication is known.
    pub(super) is_undated: bool,
}

impl Signs {
    /// Reads a page, before anything is taken out of it.
    pub(crate) fn of(page: &Document, metadata: &Metadata) -> Self {
        let signs = Self { stated: metadata.kind.clone(), is_undated: metadata.published.is_none(), ..Self::default() };
        let looker = RefCell::new(Looker { signs, ..Looker::default() });
        tree::walk(&page.root(), |node| looker.borrow_mut().enter(node), |node| looker.borrow_mut().leave(node));
        let mut looker = looker.into_inner();
        looker.look_at_names();
        looker.signs.words = looker.words;
        looker.signs.cards = looker.links.values().copied().max().unwrap_or(0);
        looker.signs
    }

    /// Whether it shows the beginnings of several articles, so that a pager is that of the list.
    pub(crate) fn shows_several(&self) -> bool {
        !self.stated.is_article && self.headed_links >= 5
    }
}

#[derive(Default)]
struct Looker {
    signs: Signs,
    words: usize,
    link_words: usize,
    /// Inside how many links, and around how many headings they stood.
    in_link: usize,
    headings: usize,
    around: usize,
    open: Vec<Open>,
    links: HashMap<u64, usize>,
    /// Classes and ids: those of the whole page, those of groups, and all others.
    outer: String,
    groups: String,
    others: String,
}

/// Counts at the start tag of an element that is looked at once more at its end.
struct Open {
    words: usize,
    link_words: usize,
    prose: usize,
    headings: usize,
}

impl Looker {
    fn enter(&mut self, node: &NodeRef<'_>) -> Walk {
        let Some(name) = tree::local(node) else {
            let count = tree::read_text(node, words::count).unwrap_or(0);
            self.words += count;
            if self.in_link > 0 {
                self.link_words += count;
            }
            return Walk::Past;
        };
        self.look(node, &name);
        // Scripts and styles hold no words; the head holds signs.
        if matches!(&*name, "script" | "style" | "template" | "noscript" | "svg" | "title") {
            return Walk::Past;
        }
        match &*name {
            "a" => self.in_link += 1,
            "nav" | "footer" | "header" | "aside" | "form" => self.around += 1,
            _ => {}
        }
        self.open.push(Open {
            words: self.words,
            link_words: self.link_words,
            prose: self.signs.prose,
            headings: self.headings,
        });
        Walk::Into
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(open) = self.open.pop() else { return };
        let (words, link_words) = (self.words - open.words, self.link_words - open.link_words);
        match &*tree::name(node) {
            "a" => self.leave_link(node, words, self.headings > open.headings),
            "nav" | "footer" | "header" | "aside" | "form" => self.around = self.around.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" => {
                self.headings += 1;
                if self.around == 0 && words >= 3 && link_words * 5 >= words * 4 && self.in_link == 0 {
                    self.signs.headed_links += 1;
                }
            }
            "p" | "li" | "dd" | "blockquote" | "td"
                if self.around == 0 && words >= 15 && link_words * 3 < words && self.signs.prose == open.prose =>
            {
                self.signs.prose += words;
                self.signs.longest = self.signs.longest.max(words);
            }
            _ => {}
        }
    }

    fn leave_link(&mut self, node: &NodeRef<'_>, words: usize, around_heading: bool) {
        self.in_link = self.in_link.saturating_sub(1);
        if self.around > 0 || words < 2 {
            return;
        }
        self.signs.headed_links += usize::from(around_heading);
        let mut place = FixedState::default().build_hasher();
        for element in std::iter::once(*node).chain(node.ancestors_it(Some(4))).filter_map(|above| above.element_ref())
        {
            element.name.local.hash(&mut place);
            element.class().as_deref().hash(&mut place);
        }
        *self.links.entry(place.finish()).or_default() += 1;
    }

    /// What an element is by itself.
    fn look(&mut self, node: &NodeRef<'_>, name: &LocalName) {
        match &**name {
            "meta" => self.look_at_meta(node),
            "input" => {
                self.signs.has_password |= is(node, "type", &["password"]);
                self.look_at_button(node);
            }
            "button" => self.look_at_button(node),
            "video" => self.signs.has_player = true,
            "iframe" => self.look_at_frame(node),
            _ => {}
        }
        let Some(element) = node.element_ref() else { return };
        let mut is_post = false;
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" | "id" => is_post |= self.look_at_marks(value, name),
                "itemtype" => self.look_at_kind(value.rsplit('/').next().unwrap_or_default()),
                "itemprop" => {
                    self.signs.has_price |= ["price", "lowprice"].iter().any(|price| value.eq_ignore_ascii_case(price))
                }
                _ => {}
            }
        }
        self.signs.posts += usize::from(is_post);
    }

    fn look_at_meta(&mut self, node: &NodeRef<'_>) {
        let (Some(key), Some(content)) = (node.attr("property").or_else(|| node.attr("name")), node.attr("content"))
        else {
            return;
        };
        let content = content.trim().to_ascii_lowercase();
        match key.trim().to_ascii_lowercase().as_str() {
            "og:type" => {
                let kind = content.as_str();
                self.signs.stated.is_article |= matches!(kind, "article" | "news" | "blog" | "story" | "news.article");
                self.signs.stated.kind = content;
            }
            "product:price:amount" | "og:price:amount" => self.signs.has_price = true,
            "article:content_tier" => self.signs.stated.is_paid |= content == "locked",
            "generator" | "application-name" => self.look_at_software(&content),
            _ => {}
        }
    }

    fn look_at_software(&mut self, name: &str) {
        self.signs.has_forum_software |= FORUMS.iter().any(|forum| name.starts_with(forum));
        self.signs.has_manual_software |= MANUALS.iter().any(|manual| name.contains(manual));
    }

    /// Microdata.
    fn look_at_kind(&mut self, kind: &str) {
        match kind {
            "QAPage" | "DiscussionForumPosting" => {
                self.signs.stated.is_thread = true;
                self.signs.posts += 1;
            }
            "Answer" | "Comment" => self.signs.posts += 1,
            "Product" => self.signs.stated.is_product = true,
            _ => {}
        }
    }

    fn look_at_frame(&mut self, node: &NodeRef<'_>) {
        let address = node.attr("src").unwrap_or_default().to_ascii_lowercase();
        self.signs.has_captcha |=
            ["recaptcha", "hcaptcha", "challenges.cloudflare"].iter().any(|mark| address.contains(mark));
        self.signs.has_player |=
            ["youtube", "vimeo", "player", "dailymotion"].iter().any(|mark| address.contains(mark));
    }

    fn look_at_button(&mut self, node: &NodeRef<'_>) {
        let value = node.attr("value").unwrap_or_default();
        let text = if value.is_empty() { tree::line(node) } else { value.to_string() };
        if text.len() <= 60 {
            let key = words::key(&text);
            self.signs.buys += usize::from(BUY.contains(&key.as_str()));
        }
    }

    /// Class and id, where programs and services leave their names. Answers whether they are those of a post.
    fn look_at_marks(&mut self, value: &str, name: &LocalName) -> bool {
        let mut is_post = false;
        let into = match &**name {
            "html" | "body" => &mut self.outer,
            "article" | "div" | "li" | "tr" | "section" | "table" => {
                is_post = value.split(' ').any(|mark| POSTS.iter().any(|post| mark.eq_ignore_ascii_case(post)));
                &mut self.groups
            }
            _ => &mut self.others,
        };
        into.push(' ');
        into.push_str(value);
        is_post
    }

    /// The classes and ids of all elements, looked through at once.
    fn look_at_names(&mut self) {
        let [outer, groups, others] = [&mut self.outer, &mut self.groups, &mut self.others].map(|names| {
            names.make_ascii_lowercase();
            &*names
        });
        let has = |names: &str, words: &[&str]| {
            words.iter().any(|word| memmem::find(names.as_bytes(), word.as_bytes()).is_some())
        };
        self.signs.has_forum_software |= has(outer, FORUMS) || has(outer, FORUM_BODIES);
        self.signs.has_manual_software |= has(outer, MANUAL_BODIES) || has(groups, MANUAL_MARKS);
        for names in [outer, groups, others] {
            self.signs.has_captcha |= has(names, CAPTCHAS);
            self.signs.asks_consent |= has(names, CONSENT);
        }
    }
}

fn is(node: &NodeRef<'_>, attribute: &str, values: &[&str]) -> bool {
    node.attr(attribute).is_some_and(|found| values.iter().any(|value| found.eq_ignore_ascii_case(value)))
}
