//! What is counted on a page to classify it.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use foldhash::fast::FixedState;
use html5ever::LocalName;

use super::item_lists::{Item, ItemLists};
use super::kind_markers::{
    ANY_CLASS, BUY_LABELS, CAPTCHA_CLASSES, CONSENT_CLASSES, FORUM_BODY_CLASSES, FORUM_CLASSES, FORUM_POST_CLASSES,
    FORUM_SOFTWARE, MANUAL_BODY_CLASSES, MANUAL_CLASSES, MANUAL_SOFTWARE, PAYWALL_CLASSES, POST_CLASSES,
    is_numbered_post, is_price,
};
use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::metadata::Metadata;
use crate::metadata::stated_kind::StatedKind;
use crate::report::interstitial::Interstitial;
use crate::script_text::ShownText;

/// The signals of a page.
#[derive(Debug, Default)]
pub(crate) struct PageSignals {
    pub(crate) stated: StatedKind,
    /// The result of [`crate::PageScan`].
    pub(crate) interstitial: Option<Interstitial>,
    /// Visible words.
    pub(super) words: usize,
    /// Words in paragraphs and items that are not mostly links.
    pub(super) prose: usize,
    /// Words of the longest of these.
    pub(super) longest_prose: usize,
    /// Headings that are links.
    pub(super) linked_headings: usize,
    /// The largest number of links in the same position: in elements of the same names and classes.
    pub(super) similar_links: usize,
    /// Visible words outside of navigation, headers, footers and asides.
    pub(super) main_words: usize,
    /// List items, and their words.
    pub(super) items: usize,
    pub(super) item_words: usize,
    /// Words of prose outside of lists.
    pub(super) prose_outside_lists: usize,
    /// Words of the longest paid part.
    pub(super) paid_words: usize,
    /// A class or id names a paywall.
    pub(super) has_paywall: bool,
    /// Posts and answers.
    pub(super) posts: usize,
    /// Buttons that add to a cart.
    pub(super) buy_buttons: usize,
    /// Texts that are prices and nothing else.
    pub(super) prices: usize,
    pub(super) has_price: bool,
    pub(super) has_password: bool,
    pub(super) has_captcha: bool,
    pub(super) asks_consent: bool,
    pub(super) has_player: bool,
    pub(super) has_forum_software: bool,
    /// Posts have class names that only one forum software uses.
    pub(crate) has_forum_posts: bool,
    /// Elements whose id is that of a post and a number.
    pub(super) numbered_posts: usize,
    /// Dates stated for machines: elements for times, and short texts with a day as their title.
    pub(super) dates: usize,
    pub(super) has_manual_software: bool,
    /// No publication date is known.
    pub(super) is_undated: bool,
}

impl PageSignals {
    /// Collects the signals of a page before anything is removed from it.
    pub(crate) fn collect(page: &Document, metadata: &Metadata) -> Self {
        let signals =
            Self { stated: metadata.stated_kind.clone(), is_undated: metadata.published.is_none(), ..Self::default() };
        let collector = RefCell::new(SignalCollector { signals, ..SignalCollector::default() });
        tree::walk(&page.root(), |node| collector.borrow_mut().enter(node), |node| collector.borrow_mut().leave(node));
        let mut collector = collector.into_inner();
        collector.match_class_names();
        collector.signals.words = collector.words;
        (collector.signals.items, collector.signals.item_words) = (collector.lists.items, collector.lists.words);
        collector.signals.prose_outside_lists = collector.signals.prose.saturating_sub(collector.lists.prose);
        collector.signals.similar_links = collector.links_by_position.values().copied().max().unwrap_or(0);
        collector.signals
    }

    /// Returns whether the page is short enough for an interstitial. Scanning a longer one is pointless.
    pub(crate) fn may_be_interstitial(&self) -> bool {
        const MOST: usize = 1_000;
        self.words <= MOST
    }

    /// Returns whether the page has no paragraph of prose.
    pub(crate) fn shows_no_prose(&self) -> bool {
        self.prose == 0
    }

    /// Returns what the page shows without its scripts.
    pub(crate) fn shown_text(&self) -> ShownText {
        ShownText { prose: self.prose, linked_headings: self.linked_headings }
    }

    /// Returns whether the page, which does not call itself something else, has enough posts or dates to be a thread.
    pub(crate) fn may_be_thread(&self) -> bool {
        const MIN_DATES: usize = 3;
        let stated = &self.stated;
        let is_other = stated.is_article || stated.is_news || stated.is_product || stated.is_collection;
        !is_other && (self.posts >= 2 || self.numbered_posts >= 2 || self.dates >= MIN_DATES)
    }

    /// Returns whether the page shows the beginnings of several articles, so that its pager belongs to the list.
    pub(crate) fn shows_several_articles(&self) -> bool {
        !self.stated.is_article && self.linked_headings >= 5
    }
}

#[derive(Default)]
struct SignalCollector {
    signals: PageSignals,
    words: usize,
    link_words: usize,
    /// Nesting depth in links, and the number of headings so far.
    in_link: usize,
    headings: usize,
    in_page_frame: usize,
    /// Nesting depth in side elements of the page, and in sections that may have headers of their own.
    in_side: usize,
    in_section: usize,
    /// Links with a title or an image so far.
    meaningful_links: usize,
    images: usize,
    open: Vec<Counts>,
    lists: ItemLists,
    links_by_position: HashMap<u64, usize>,
    /// Classes and ids of the whole page, of grouping elements, and of all others.
    page_classes: String,
    group_classes: String,
    other_classes: String,
}

/// Counts at the start tag of an element, compared at its end.
struct Counts {
    words: usize,
    link_words: usize,
    prose: usize,
    headings: usize,
    meaningful_links: usize,
    images: usize,
    is_paid: bool,
}

impl SignalCollector {
    fn enter(&mut self, node: &NodeRef<'_>) -> Walk {
        let Some(name) = tree::element_name(node) else {
            let (count, is_price) =
                tree::read_text(node, |text| (words::count(text), is_price(text))).unwrap_or_default();
            self.words += count;
            self.signals.prices += usize::from(is_price);
            if self.in_side == 0 {
                self.signals.main_words += count;
            }
            if self.in_link > 0 {
                self.link_words += count;
            }
            return Walk::Skip;
        };
        let is_paid = self.read_element(node, &name);
        // Scripts and styles hold no words. The head holds signals.
        if matches!(&*name, "script" | "style" | "template" | "noscript" | "svg" | "title") {
            return Walk::Skip;
        }
        match &*name {
            "nav" | "footer" | "aside" => self.in_side += 1,
            "header" if self.in_section == 0 => self.in_side += 1,
            "article" | "section" | "main" | "li" => self.in_section += 1,
            _ => {}
        }
        match &*name {
            "a" => self.in_link += 1,
            "img" | "picture" => self.images += usize::from(self.in_link > 0),
            "nav" | "footer" | "header" | "aside" | "form" => self.in_page_frame += 1,
            _ => {}
        }
        self.open.push(Counts {
            words: self.words,
            link_words: self.link_words,
            prose: self.signals.prose,
            headings: self.headings,
            meaningful_links: self.meaningful_links,
            images: self.images,
            is_paid,
        });
        self.lists.enter();
        Walk::Enter
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(open) = self.open.pop() else { return };
        let (words, link_words) = (self.words - open.words, self.link_words - open.link_words);
        if open.is_paid {
            self.signals.paid_words = self.signals.paid_words.max(words);
        }
        let name = tree::name(node);
        if &*name == "a" && (words >= 3 || self.images > open.images) {
            self.meaningful_links += 1;
        }
        let is_entry = self.in_side == 0
            && self.meaningful_links > open.meaningful_links
            && !matches!(&*name, "p" | "span" | "b" | "i" | "em");
        match &*name {
            "nav" | "footer" | "aside" => self.in_side = self.in_side.saturating_sub(1),
            "header" if self.in_section == 0 => self.in_side = self.in_side.saturating_sub(1),
            "article" | "section" | "main" | "li" => self.in_section = self.in_section.saturating_sub(1),
            _ => {}
        }
        match &*name {
            "a" => self.leave_link(node, words, self.headings > open.headings),
            "nav" | "footer" | "header" | "aside" | "form" => self.in_page_frame = self.in_page_frame.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" => {
                self.headings += 1;
                if self.in_page_frame == 0 && words >= 3 && link_words * 5 >= words * 4 && self.in_link == 0 {
                    self.signals.linked_headings += 1;
                }
            }
            "p" | "li" | "dd" | "blockquote" | "td"
                if self.in_page_frame == 0
                    && words >= 15
                    && link_words * 3 < words
                    && self.signals.prose == open.prose =>
            {
                self.signals.prose += words;
                self.signals.longest_prose = self.signals.longest_prose.max(words);
            }
            _ => {}
        }
        let item = is_entry.then(|| Item { words, prose: self.signals.prose - open.prose });
        self.lists.leave(node, item);
    }

    fn leave_link(&mut self, node: &NodeRef<'_>, words: usize, holds_heading: bool) {
        self.in_link = self.in_link.saturating_sub(1);
        if self.in_page_frame > 0 || words < 2 {
            return;
        }
        self.signals.linked_headings += usize::from(holds_heading);
        let mut position = FixedState::default().build_hasher();
        for element in std::iter::once(*node).chain(node.ancestors_it(Some(4))).filter_map(|above| above.element_ref())
        {
            element.name.local.hash(&mut position);
            element.class().as_deref().hash(&mut position);
        }
        *self.links_by_position.entry(position.finish()).or_default() += 1;
    }

    /// Reads an element by itself. Returns whether it is a paid part.
    fn read_element(&mut self, node: &NodeRef<'_>, name: &LocalName) -> bool {
        match &**name {
            "meta" => self.read_meta(node),
            "input" => {
                self.signals.has_password |= has_attribute_value(node, "type", &["password"]) && !is_hidden(node);
                self.read_button(node);
            }
            "button" => self.read_button(node),
            "video" => self.signals.has_player = true,
            "iframe" => self.read_frame(node),
            _ => {}
        }
        let Some(element) = node.element_ref() else { return false };
        let mut is_paid = false;
        // Some forums use custom elements for posts.
        let mut is_post = name.contains('-') && self.read_classes(name, name);
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                key @ ("class" | "id") => {
                    self.signals.numbered_posts += usize::from(key == "id" && is_numbered_post(value));
                    is_post |= self.read_classes(value, name);
                    let parts = &self.signals.stated.paid_parts;
                    is_paid |= !parts.is_empty() && value.split(' ').any(|mark| parts.iter().any(|part| part == mark));
                }
                "itemtype" => self.read_item_type(value.rsplit('/').next().unwrap_or_default()),
                "component" => is_post |= value == "post",
                "datetime" => self.signals.dates += 1,
                "title" => self.signals.dates += usize::from(value.starts_with("20") && value.get(4..5) == Some("-")),
                "itemprop" => {
                    self.signals.has_price |=
                        ["price", "lowprice"].iter().any(|price| value.eq_ignore_ascii_case(price))
                }
                _ => {}
            }
        }
        self.signals.posts += usize::from(is_post);
        is_paid
    }

    fn read_meta(&mut self, node: &NodeRef<'_>) {
        let (Some(key), Some(content)) = (node.attr("property").or_else(|| node.attr("name")), node.attr("content"))
        else {
            return;
        };
        let content = content.trim().to_ascii_lowercase();
        match key.trim().to_ascii_lowercase().as_str() {
            "og:type" => {
                let kind = content.as_str();
                self.signals.stated.is_article |=
                    matches!(kind, "article" | "news" | "blog" | "story" | "news.article");
                self.signals.stated.og_type = content;
            }
            "product:price:amount" | "og:price:amount" => self.signals.has_price = true,
            "article:content_tier" => self.signals.stated.is_paid |= content == "locked",
            "generator" | "application-name" => self.read_software(&content),
            _ => {}
        }
    }

    fn read_software(&mut self, name: &str) {
        self.signals.has_forum_software |= FORUM_SOFTWARE.iter().any(|forum| name.starts_with(forum));
        self.signals.has_manual_software |= MANUAL_SOFTWARE.iter().any(|manual| name.contains(manual));
    }

    /// Reads a microdata item type.
    fn read_item_type(&mut self, kind: &str) {
        match kind {
            "QAPage" | "DiscussionForumPosting" => {
                self.signals.stated.is_thread = true;
                self.signals.posts += 1;
            }
            "Answer" | "Comment" => self.signals.posts += 1,
            "Product" => self.signals.stated.is_product = true,
            _ => {}
        }
    }

    fn read_frame(&mut self, node: &NodeRef<'_>) {
        let url = node.attr("src").unwrap_or_default().to_ascii_lowercase();
        self.signals.has_captcha |=
            ["recaptcha", "hcaptcha", "challenges.cloudflare"].iter().any(|mark| url.contains(mark));
        self.signals.has_player |= ["youtube", "vimeo", "player", "dailymotion"].iter().any(|mark| url.contains(mark));
    }

    fn read_button(&mut self, node: &NodeRef<'_>) {
        let value = node.attr("value").unwrap_or_default();
        let text = if value.is_empty() { tree::line_text(node) } else { value.to_string() };
        if text.len() <= 60 {
            let key = words::match_key(&text);
            self.signals.buy_buttons += usize::from(BUY_LABELS.contains(&key.as_str()));
        }
    }

    /// Collects class and id, where software leaves its names. Returns whether they name a post.
    fn read_classes(&mut self, value: &str, name: &LocalName) -> bool {
        let mut is_post = false;
        let into = match &**name {
            "html" | "body" => &mut self.page_classes,
            group if matches!(group, "article" | "div" | "li" | "tr" | "section" | "table") || group.contains('-') => {
                is_post = value.split(' ').any(|mark| POST_CLASSES.iter().any(|post| mark.eq_ignore_ascii_case(post)));
                &mut self.group_classes
            }
            _ => &mut self.other_classes,
        };
        into.push(' ');
        into.push_str(value);
        is_post
    }

    /// Matches the classes and ids of all elements at once.
    fn match_class_names(&mut self) {
        let [outer, groups, others] =
            [&mut self.page_classes, &mut self.group_classes, &mut self.other_classes].map(|names| {
                names.make_ascii_lowercase();
                &*names
            });
        self.signals.has_forum_software |= FORUM_BODY_CLASSES.is_match(outer);
        self.signals.has_manual_software |= MANUAL_BODY_CLASSES.is_match(outer);
        for names in [outer, groups, others].into_iter().filter(|names| ANY_CLASS.is_match(names)) {
            self.signals.has_manual_software |= std::ptr::eq(names, groups) && MANUAL_CLASSES.is_match(names);
            self.signals.has_captcha |= CAPTCHA_CLASSES.is_match(names);
            self.signals.asks_consent |= CONSENT_CLASSES.is_match(names);
            self.signals.has_paywall |= PAYWALL_CLASSES.is_match(names);
            self.signals.has_forum_software |= FORUM_CLASSES.is_match(names);
            self.signals.has_forum_posts |= FORUM_POST_CLASSES.is_match(names);
        }
    }
}

/// Returns whether a form is hidden. Sites keep login forms that nobody sees.
fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(Some(4)).any(|around| tree::is_hidden(&around))
}

fn has_attribute_value(node: &NodeRef<'_>, attribute: &str, values: &[&str]) -> bool {
    node.attr(attribute).is_some_and(|found| values.iter().any(|value| found.eq_ignore_ascii_case(value)))
}
