//! What can be seen on a page that tells its kind.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::{Document, NodeRef};
use foldhash::HashMap;
use foldhash::fast::FixedState;
use html5ever::LocalName;

use super::item_lists::{Entry, Shelves};
use super::name_lists::{
    ANY_MARK, BUY, CAPTCHAS, CONSENT, FORUM_BODIES, FORUM_MARKS, FORUM_POSTS, FORUMS, MANUAL_BODIES, MANUAL_MARKS,
    MANUALS, PAYWALLS, POSTS,
};
use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::metadata::Metadata;
use crate::metadata::stated_kind::StatedKind;
use crate::report::interstitial::Interstitial;

/// What was seen on a page.
#[derive(Debug, Default)]
pub(crate) struct Signs {
    pub(crate) stated: StatedKind,
    /// What its source told at a glance.
    pub(crate) wall: Option<Interstitial>,
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
    /// Words that can be seen outside of menus, heads, feet, sides and forms.
    pub(super) main: usize,
    /// Entries of lists, and their words.
    pub(super) entries: usize,
    pub(super) entry_words: usize,
    /// Words of prose that are in none of these.
    pub(super) lone_prose: usize,
    /// The most words of one of the parts that are paid for.
    pub(super) paid_words: usize,
    /// Something on the page is called a paywall.
    pub(super) has_paywall: bool,
    /// Posts and answers.
    pub(super) posts: usize,
    /// Buttons to buy with.
    pub(super) buys: usize,
    /// Prices that stand for themselves.
    pub(super) prices: usize,
    pub(super) has_price: bool,
    pub(super) has_password: bool,
    pub(super) has_captcha: bool,
    pub(super) asks_consent: bool,
    pub(super) has_player: bool,
    pub(super) has_forum_software: bool,
    /// Posts and answers have names that one program for forums alone gives them.
    pub(super) has_forum_posts: bool,
    pub(super) has_manual_software: bool,
    /// No date of publication is known.
    pub(super) is_undated: bool,
}

impl Signs {
    /// Reads a page, before anything is taken out of it.
    pub(crate) fn of(page: &Document, metadata: &Metadata) -> Self {
        let signs =
            Self { stated: metadata.stated_kind.clone(), is_undated: metadata.published.is_none(), ..Self::default() };
        let looker = RefCell::new(Looker { signs, ..Looker::default() });
        tree::walk(&page.root(), |node| looker.borrow_mut().enter(node), |node| looker.borrow_mut().leave(node));
        let mut looker = looker.into_inner();
        looker.look_at_names();
        looker.signs.words = looker.words;
        (looker.signs.entries, looker.signs.entry_words) = (looker.shelves.entries, looker.shelves.words);
        looker.signs.lone_prose = looker.signs.prose.saturating_sub(looker.shelves.prose);
        looker.signs.cards = looker.links.values().copied().max().unwrap_or(0);
        looker.signs
    }

    /// Whether it says little enough to be a question before another page; a glance at a longer one tells nothing.
    pub(crate) fn may_be_wall(&self) -> bool {
        const MOST: usize = 1_000;
        self.words <= MOST
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
    /// Inside how many sides of the page, and of parts that have heads of their own.
    sides: usize,
    pieces: usize,
    /// Links with a title or a picture: they lead somewhere.
    leads: usize,
    pictures: usize,
    open: Vec<Open>,
    shelves: Shelves,
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
    leads: usize,
    pictures: usize,
    is_paid: bool,
}

impl Looker {
    fn enter(&mut self, node: &NodeRef<'_>) -> Walk {
        let Some(name) = tree::element_name(node) else {
            let (count, is_price) =
                tree::read_text(node, |text| (words::count(text), is_price(text))).unwrap_or_default();
            self.words += count;
            self.signs.prices += usize::from(is_price);
            if self.sides == 0 {
                self.signs.main += count;
            }
            if self.in_link > 0 {
                self.link_words += count;
            }
            return Walk::Skip;
        };
        let is_paid = self.look(node, &name);
        // Scripts and styles hold no words; the head holds signs.
        if matches!(&*name, "script" | "style" | "template" | "noscript" | "svg" | "title") {
            return Walk::Skip;
        }
        match &*name {
            "nav" | "footer" | "aside" => self.sides += 1,
            "header" if self.pieces == 0 => self.sides += 1,
            "article" | "section" | "main" | "li" => self.pieces += 1,
            _ => {}
        }
        match &*name {
            "a" => self.in_link += 1,
            "img" | "picture" => self.pictures += usize::from(self.in_link > 0),
            "nav" | "footer" | "header" | "aside" | "form" => self.around += 1,
            _ => {}
        }
        self.open.push(Open {
            words: self.words,
            link_words: self.link_words,
            prose: self.signs.prose,
            headings: self.headings,
            leads: self.leads,
            pictures: self.pictures,
            is_paid,
        });
        self.shelves.enter();
        Walk::Enter
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(open) = self.open.pop() else { return };
        let (words, link_words) = (self.words - open.words, self.link_words - open.link_words);
        if open.is_paid {
            self.signs.paid_words = self.signs.paid_words.max(words);
        }
        let name = tree::name(node);
        if &*name == "a" && (words >= 3 || self.pictures > open.pictures) {
            self.leads += 1;
        }
        let is_entry = self.sides == 0 && self.leads > open.leads && !matches!(&*name, "p" | "span" | "b" | "i" | "em");
        match &*name {
            "nav" | "footer" | "aside" => self.sides = self.sides.saturating_sub(1),
            "header" if self.pieces == 0 => self.sides = self.sides.saturating_sub(1),
            "article" | "section" | "main" | "li" => self.pieces = self.pieces.saturating_sub(1),
            _ => {}
        }
        match &*name {
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
        let entry = is_entry.then(|| Entry { words, prose: self.signs.prose - open.prose });
        self.shelves.leave(node, entry);
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

    /// What an element is by itself. Answers whether it is a part that is paid for.
    fn look(&mut self, node: &NodeRef<'_>, name: &LocalName) -> bool {
        match &**name {
            "meta" => self.look_at_meta(node),
            "input" => {
                self.signs.has_password |= is(node, "type", &["password"]) && !is_hidden(node);
                self.look_at_button(node);
            }
            "button" => self.look_at_button(node),
            "video" => self.signs.has_player = true,
            "iframe" => self.look_at_frame(node),
            _ => {}
        }
        let Some(element) = node.element_ref() else { return false };
        let mut is_paid = false;
        // Forums whose posts are elements of their own making.
        let mut is_post = name.contains('-') && self.look_at_marks(name, name);
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" | "id" => {
                    is_post |= self.look_at_marks(value, name);
                    let parts = &self.signs.stated.paid_parts;
                    is_paid |= !parts.is_empty() && value.split(' ').any(|mark| parts.iter().any(|part| part == mark));
                }
                "itemtype" => self.look_at_kind(value.rsplit('/').next().unwrap_or_default()),
                "component" => is_post |= value == "post",
                "itemprop" => {
                    self.signs.has_price |= ["price", "lowprice"].iter().any(|price| value.eq_ignore_ascii_case(price))
                }
                _ => {}
            }
        }
        self.signs.posts += usize::from(is_post);
        is_paid
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
                self.signs.stated.og_type = content;
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
        let text = if value.is_empty() { tree::line_text(node) } else { value.to_string() };
        if text.len() <= 60 {
            let key = words::match_key(&text);
            self.signs.buys += usize::from(BUY.contains(&key.as_str()));
        }
    }

    /// Class and id, where programs and services leave their names. Answers whether they are those of a post.
    fn look_at_marks(&mut self, value: &str, name: &LocalName) -> bool {
        let mut is_post = false;
        let into = match &**name {
            "html" | "body" => &mut self.outer,
            group if matches!(group, "article" | "div" | "li" | "tr" | "section" | "table") || group.contains('-') => {
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
        self.signs.has_forum_software |= FORUM_BODIES.is_match(outer);
        self.signs.has_manual_software |= MANUAL_BODIES.is_match(outer);
        for names in [outer, groups, others].into_iter().filter(|names| ANY_MARK.is_match(names)) {
            self.signs.has_manual_software |= std::ptr::eq(names, groups) && MANUAL_MARKS.is_match(names);
            self.signs.has_captcha |= CAPTCHAS.is_match(names);
            self.signs.asks_consent |= CONSENT.is_match(names);
            self.signs.has_paywall |= PAYWALLS.is_match(names);
            self.signs.has_forum_software |= FORUM_MARKS.is_match(names);
            self.signs.has_forum_posts |= FORUM_POSTS.is_match(names);
        }
    }
}

/// A price and nothing else: "$ 12.50", "ab 3,99 €".
fn is_price(text: &str) -> bool {
    const LONGEST: usize = 24;
    const SIGNS: &[&str] = &["$", "€", "£", "¥", "₹", "₽", "zł", "kč", " kr", "chf", "usd", "eur"];
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let text = text.to_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Programs keep forms about that nobody sees.
fn is_hidden(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(Some(4)).any(|around| tree::is_hidden(&around))
}

fn is(node: &NodeRef<'_>, attribute: &str, values: &[&str]) -> bool {
    node.attr(attribute).is_some_and(|found| values.iter().any(|value| found.eq_ignore_ascii_case(value)))
}
