//! Names and dates on the page of a thread, whatever software made it.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::fast::FixedState;
use jiff::Timestamp;
use jiff::civil::Date;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::metadata::dates::{self, DayMonthOrder};

/// Last words of class names of a post's author.
const AUTHOR_CLASSES: &[&str] = &["username", "author", "poster", "postauthor", "nickname", "creator"];
/// Words before `name` and `user` in class names of a post's author.
const AUTHOR_PREFIXES: &[&str] = &["user", "author", "poster", "member", "display", "comment", "post"];
/// Words in class names of the time of a post.
const TIME_CLASSES: &[&str] = &[
    "date",
    "time",
    "posted",
    "postdate",
    "created",
    "timestamp",
    "age",
    "ago",
    "when",
    "relativetime",
    "datetime",
    "published",
];
/// Parts of URLs of user profiles.
const PROFILE_URL_PARTS: &[&str] = &[
    "/members/",
    "member.php?u=",
    "action=profile",
    "/user/",
    "/users/",
    "/u/",
    "/profile/",
    "mode=viewprofile",
    "/user-",
    "/member/",
    "/member-",
    "/people/",
    "profile.php?",
    "user.php?",
];
/// Attributes that hold the time of a post for machines.
const TIME_ATTRIBUTES: &[&str] =
    &["datetime", "content", "data-time", "data-timestamp", "data-datetime", "ts", "title"];
/// Ends of names of files, which are nobody's.
const FILE_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "txt", "zip", "gz", "patch", "diff", "log", "csv", "doc",
    "docx", "xls", "xlsx", "odt", "mp3", "mp4", "asc",
];
/// Most words and characters of a name.
const MAX_NAME_LENGTH: (usize, usize) = (4, 40);
/// Most words of the line with a profile link, and of one that ends in no sentence and links to the name in it.
const MAX_LINE_WORDS: usize = 8;
const MAX_DETAIL_WORDS: usize = 25;
/// Most words and bytes of a date.
const MAX_DATE_WORDS: usize = 8;
const MAX_DATE_BYTES: usize = 80;
/// Most names and dates that are collected.
const MAX_MENTIONS: usize = 4_000;

/// A name or date, and where it stands.
pub(super) struct Mention {
    pub(super) text: String,
    /// The day of a date, where the page states it.
    pub(super) day: Option<Date>,
    /// Its element.
    pub(super) node: NodeId,
    /// Its text nodes on the page.
    pub(super) text_nodes: Vec<NodeId>,
    /// The block element that holds its line.
    pub(super) line: Option<NodeId>,
    /// Its ancestors, nearest first.
    pub(super) ancestors: Vec<NodeId>,
    /// How certain it is; higher is better.
    pub(super) confidence: u8,
    /// Mentions of the same kind are equal here: the same elements with the same classes around them.
    pub(super) kind: u64,
}

/// The names and dates on a page, in its order.
#[derive(Default)]
pub(super) struct Mentions {
    pub(super) authors: Vec<Mention>,
    pub(super) dates: Vec<Mention>,
}

impl Mentions {
    /// Collects the names and dates of a page before anything is removed from it.
    pub(super) fn collect(page: &Document) -> Mentions {
        let mut found = Mentions::default();
        tree::walk(
            &tree::body(page),
            |node| {
                let is_full = found.authors.len() + found.dates.len() > MAX_MENTIONS;
                let Some(name) = tree::element_name(node) else {
                    found.dates.extend(Mention::of_date_in_text(node).filter(|_| !is_full));
                    return Walk::Skip;
                };
                if is_full
                    || matches!(&*name, "blockquote" | "nav" | "pre")
                    || tree::is_non_text(&name)
                    || &*name == "p" && !has_author_class(node) && !is_detail_line(node)
                {
                    return Walk::Skip;
                }
                if let Some((date, day)) = find_date(node, &name) {
                    found.dates.push(Mention { day, ..Mention::new(node, date, 1) });
                    return Walk::Skip;
                }
                match author_confidence(node, &name).and_then(|confidence| Some((confidence, find_name(node)?))) {
                    Some((confidence, text)) => {
                        found.authors.push(Mention::new(node, text, confidence));
                        // A date may stand in the same line.
                        if tree::has_name(node, &["a"]) { Walk::Skip } else { Walk::Enter }
                    }
                    None => Walk::Enter,
                }
            },
            |_| {},
        );
        found.drop_names_within_names();
        found
    }

    /// Iterates over names and dates.
    pub(super) fn all(&self) -> impl Iterator<Item = &Mention> {
        self.authors.iter().chain(&self.dates)
    }

    /// Drops names that are part of the name before them.
    fn drop_names_within_names(&mut self) {
        let mut last: Option<NodeId> = None;
        self.authors.retain(|mention| {
            let is_within = last.is_some_and(|last| mention.ancestors.contains(&last));
            if !is_within {
                last = Some(mention.node);
            }
            !is_within
        });
    }
}

impl Mention {
    fn new(node: &NodeRef<'_>, text: String, confidence: u8) -> Mention {
        let text_nodes = node.descendants_it().filter(|inside| inside.is_text()).map(|inside| inside.id).collect();
        Mention {
            text,
            day: None,
            node: node.id,
            text_nodes,
            line: tree::enclosing_block(node).map(|block| block.id),
            ancestors: node.ancestors_it(None).map(|above| above.id).collect(),
            confidence,
            kind: kind_of(node),
        }
    }
}

impl Mention {
    /// Returns the date that a short text in a short line is.
    fn of_date_in_text(node: &NodeRef<'_>) -> Option<Mention> {
        let text = tree::read_text(node, |text| {
            let text = text.trim();
            (text.len() <= MAX_DATE_BYTES && words::count(text) <= MAX_DATE_WORDS).then(|| text.to_owned())
        })??;
        let day = written_day(&text)?;
        let block = tree::enclosing_block(node)?;
        if tree::has_more_words_than(&block, MAX_DETAIL_WORDS) {
            return None;
        }
        let text = text.trim_matches(|letter: char| !letter.is_alphanumeric());
        let text = if words::count(text) <= 6 { text.to_owned() } else { day.to_string() };
        Some(Mention { day: Some(day), text_nodes: vec![node.id], ..Mention::new(node, text, 0) })
    }
}

/// Returns a number that elements of the same name and class within elements of the same name and class share.
fn kind_of(node: &NodeRef<'_>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    for element in std::iter::once(*node).chain(node.ancestors_it(Some(2))) {
        tree::name(&element).hash(&mut hasher);
        let classes = element.attr("class").unwrap_or_default();
        let first = classes.split_ascii_whitespace().next().unwrap_or_default();
        first.trim_end_matches(|letter: char| letter.is_ascii_digit()).hash(&mut hasher);
    }
    hasher.finish()
}

/// Returns how certain it is that an element is an author's name, by schema.org property, class and link target; `None`
/// if it is not.
fn author_confidence(node: &NodeRef<'_>, name: &str) -> Option<u8> {
    let is = |node: &NodeRef<'_>, wanted: &str| node.attr("itemprop").is_some_and(|property| &*property == wanted);
    let is_in_author = || node.ancestors_it(Some(3)).any(|above| is(&above, "author"));
    if is(node, "author") || is(node, "name") && is_in_author() {
        return Some(4);
    }
    if name != "p" && has_author_class(node) {
        return Some(if is_in_author() { 3 } else { 2 });
    }
    if name != "a" || is_tag(node) {
        return None;
    }
    // A name within a sentence is somebody else's. A long block is not read for each of its links.
    let block = tree::enclosing_block(node);
    if block.is_some_and(|block| tree::has_more_words_than(&block, MAX_LINE_WORDS.max(MAX_DETAIL_WORDS))) {
        return None;
    }
    let line = block.map(|block| tree::line_text(&block)).unwrap_or_default();
    let count = words::count(&line);
    if count <= MAX_LINE_WORDS && links_to_profile(node) {
        return Some(if is_in_author() { 3 } else { 1 });
    }
    (count <= MAX_DETAIL_WORDS && !words::ends_sentence(&line) && links_to_its_name(node)).then_some(0)
}

fn has_author_class(node: &NodeRef<'_>) -> bool {
    tree::class_and_id(node).split(' ').any(is_author_class)
}

/// Whether a class names an author: `author`, `post_author`, `author-name`, but not `author-box`.
fn is_author_class(class: &str) -> bool {
    let mut parts = class.rsplit(['_', '-']);
    match parts.next() {
        Some("name" | "user") => parts.any(|part| AUTHOR_PREFIXES.contains(&part)),
        Some(last) => AUTHOR_CLASSES.contains(&last),
        None => false,
    }
}

/// Whether a link is a keyword, or mentions somebody in a post.
fn is_tag(link: &NodeRef<'_>) -> bool {
    let classes = tree::class_and_id(link);
    link.attr("rel").is_some_and(|rel| rel.contains("tag"))
        || classes.split([' ', '-', '_']).any(|word| matches!(word, "tag" | "hashtag" | "mention" | "label"))
}

fn links_to_profile(link: &NodeRef<'_>) -> bool {
    link.attr("href").is_some_and(|to| PROFILE_URL_PARTS.iter().any(|part| to.contains(part)))
}

/// Whether the last step or the query of a link's URL is its text, as in `/~ann`, `/@ann` and `user?id=ann`.
fn links_to_its_name(link: &NodeRef<'_>) -> bool {
    let Some(to) = link.attr("href").filter(|to| to.len() <= 200) else { return false };
    let path = to.split('#').next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit(['/', '=']).next().unwrap_or_default().trim_start_matches(['~', '@']);
    let text = tree::line_text(link);
    let is_file =
        text.rsplit_once('.').is_some_and(|(_, end)| FILE_ENDINGS.contains(&end.to_ascii_lowercase().as_str()));
    !is_file
        && !last.is_empty()
        && path.len() > last.len()
        && text.trim_start_matches(['~', '@']).eq_ignore_ascii_case(last)
}

/// Returns the name in an element: the first part marked as a name that is as short as one, else all its text if that
/// is.
fn find_name(node: &NodeRef<'_>) -> Option<String> {
    let has_handle = tree::line_text(node).contains('@');
    let is_part = |inside: &NodeRef<'_>| {
        links_to_profile(inside)
            || inside.has_attr("itemprop")
            || has_handle && tree::has_name(inside, &["bdi", "strong", "b"])
    };
    let inside = tree::elements(node, is_part);
    let texts = inside.iter().map(tree::line_text).chain([tree::line_text(node)]);
    let texts =
        texts.map(|text| text.strip_prefix("by ").unwrap_or(&text).trim_end_matches([':', ',']).trim().to_owned());
    let fits = |text: &String| {
        text.chars().any(char::is_alphabetic)
            && words::count(text) <= MAX_NAME_LENGTH.0
            && (2..=MAX_NAME_LENGTH.1).contains(&text.chars().count())
    };
    texts.filter(|text| !text.is_empty()).find(fits)
}

/// Whether a paragraph holds the details of a post and no text: "submitted 3 days ago by Ann".
fn is_detail_line(paragraph: &NodeRef<'_>) -> bool {
    if tree::has_more_words_than(paragraph, MAX_DETAIL_WORDS) {
        return false;
    }
    let has_part =
        paragraph.descendants_it().any(|inside| tree::has_name(&inside, &["time"]) || has_author_class(&inside));
    has_part && !words::ends_sentence(&tree::line_text(paragraph))
}

/// Returns the date in an element: as shown or, where that is relative ("two years ago"), as stated for machines.
fn find_date(node: &NodeRef<'_>, name: &str) -> Option<(String, Option<Date>)> {
    let is_property =
        node.attr("itemprop").is_some_and(|property| matches!(&*property, "datePublished" | "dateCreated"));
    let is_named = is_property || name == "time" || name.ends_with("-time") || name.ends_with("timeago");
    let is_classed = || tree::is_inline(name) && has_time_class(node);
    let names = if is_named || is_classed() { TIME_ATTRIBUTES } else { &TIME_ATTRIBUTES[TIME_ATTRIBUTES.len() - 1..] };
    let stated = names.iter().filter_map(|name| node.attr(name)).find_map(|value| stated_day(&value));
    if stated.is_none() && !is_named && !is_classed() || tree::has_more_words_than(node, MAX_DATE_WORDS) {
        return None;
    }
    let text = tree::line_text(node);
    let Some(day) = stated.or_else(|| written_day(&text)) else {
        // Some write no year: "Mar 4 at 8:00".
        let has_month = text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(dates::is_month);
        return (has_month && text.contains(|letter: char| letter.is_ascii_digit())).then_some((text, None));
    };
    let after = text.split_once(&day.year().to_string()).map(|(_, after)| after.to_owned());
    let is_full = after.is_some_and(|after| !after.starts_with(char::is_numeric)) && words::count(&text) <= 6;
    Some((if is_full { text } else { day.to_string() }, Some(day)))
}

fn has_time_class(node: &NodeRef<'_>) -> bool {
    let classes = tree::class_and_id(node);
    classes.split([' ', '-', '_']).any(|word| TIME_CLASSES.contains(&word))
}

/// Returns the day in the value of an attribute.
fn stated_day(value: &str) -> Option<Date> {
    let value = value.trim();
    let iso = value.get(..10).and_then(|day| day.parse::<Date>().ok());
    iso.or_else(|| if value.len() <= 60 { written_day(value) } else { None })
}

/// Returns the day that a short text names with its year.
fn written_day(text: &str) -> Option<Date> {
    /// Digits of a year and a day.
    const MIN_DIGITS: usize = 5;
    let may_be = text.len() <= MAX_DATE_BYTES && dates::count_digits(text) >= MIN_DIGITS;
    may_be.then(|| dates::parse(text, Timestamp::MAX, DayMonthOrder::Unknown).map(|date| date.day)).flatten()
}
