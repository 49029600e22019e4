//! Hints from the class, id and role of an element, as a bit set.
//!
//! Publishers name their boxes with a few dozen words. This is only the vocabulary; the model learns which words
//! matter, and how much.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

use dom_query::NodeRef;
use foldhash::HashMap;
use foldhash::fast::FixedState;

use crate::dom::tree;

/// A set of groups of [`HINT_GROUPS`], one bit each.
pub(crate) type NameHints = u64;

/// The groups of words, in the order of their bits. A word counts if it is delimited by non-letters or by a change to a
/// capital.
const HINT_GROUPS: &[(&str, &str)] = &[
    ("comment", "comment comments commentlist disqus respond reply replies kommentar kommentare comentarios commento"),
    (
        "related",
        "related relacionadas relacionados yarpp recommended recommendation recommendations recirc readmore similar suggested suggestions verwandt empfehlungen outbrain taboola zergnet",
    ),
    ("more", "more popular trending latest recent mostread mehr weitere lire lesen read also"),
    (
        "share",
        "share sharing shares social socials sharedaddy addtoany addthis sharethis facebook twitter whatsapp pinterest teilen follow",
    ),
    (
        "nav",
        "nav navi navigation menu menus navbar breadcrumb breadcrumbs crumb crumbs pagination pager paging prev next navigate topbar toolbar tabs tab tabbed skip",
    ),
    ("footer", "footer foot bottom colophon copyright imprint impressum legal"),
    ("sidebar", "sidebar side sidebars aside rail widget widgets right left secondary col3 marginal"),
    (
        "promo",
        "promo promos promotion promoted teaser teasers cta callout banner banners donate donation membership marketing upsell offer offers",
    ),
    (
        "ad",
        "ad ads advert adverts advertisement advertising sponsor sponsored sponsors adsense adslot dfp werbung anzeige publicidad publicite gpt",
    ),
    ("cookie", "cookie cookies consent gdpr modal popup overlay lightbox dialog notice alert toast privacy onetrust"),
    (
        "newsletter",
        "newsletter newsletters subscribe subscription subscriptions signup mailing mailchimp email optin abo",
    ),
    ("author", "author authors byline bylines bio writer contributor autor autoren avatar vcard profile"),
    (
        "meta",
        "meta metadata date dates time timestamp published pubdate posted posts info infos details dateline datum readtime",
    ),
    ("tags", "tag tags category categories cat cats topics topic keywords label labels taxonomy themen schlagworte"),
    ("header", "header head masthead top branding logo hero kopf"),
    (
        "caption",
        "caption captions credit credits figcaption wpcaption thumbcaption gallerytext legend bildunterschrift",
    ),
    ("title", "title headline heading titel titre titulo headlines kicker dachzeile overline"),
    (
        "lead",
        "lead lede intro introduction summary standfirst dek deck subtitle subhead subheadline abstract excerpt description teasertext vorspann chapo sommario bajada",
    ),
    ("account", "login signin register account cart basket search suche filter sort"),
    ("hidden", "hidden sr screenreader visually visuallyhidden offscreen tooltip tooltiptext noscript noprint print"),
    ("button", "button buttons btn btns link links icon icons toggle dropdown"),
    (
        "card",
        "card cards item items list lists grid row rows tile tiles carousel slider slick slide slideshow gallery swiper box boxes",
    ),
    ("toc", "toc contents index inhaltsverzeichnis"),
    ("product", "product products price prices shop store sku variant specs specifications"),
    ("faq", "faq faqs accordion collapse question answer"),
    ("review", "review reviews testimonial testimonials rating ratings"),
    ("forum", "message messages thread forum reply postbody posttext"),
    (
        "article",
        "article articles artikel articulo articolo newsarticle articlebody articlecontent articletext storybody",
    ),
    ("content", "content inhalt contenido contenuto maincontent"),
    ("body", "body bodytext bodycopy"),
    ("entry", "entry hentry entrycontent"),
    ("post", "post posting postcontent single beitrag blogpost"),
    (
        "text",
        "text texts txt texte richtext rich prose markdown copy wysiwyg rte paragraph paragraphs absatz html editor formatted",
    ),
    ("story", "story stories"),
    ("main", "main primary page center middle"),
    ("blog", "blog news magazine detail"),
    ("section", "section block component module container wrapper wrap inner"),
    ("quote", "quote quotes blockquote pullquote zitat"),
    ("footnote", "footnote footnotes references reference sources endnotes"),
    ("paywall", "paywall premium piano plus locked metered"),
    ("feedback", "feedback helpful vote votes like likes poll survey report"),
    ("disclaimer", "disclaimer boilerplate about contact kontakt press company"),
    ("embed", "embed video player audio podcast media image images photo picture figure"),
];

/// Number of groups.
pub(crate) const GROUP_COUNT: usize = HINT_GROUPS.len();

/// Returns the bits of the groups of these names. An unknown name fails the build.
pub(crate) const fn hint_bits(names: &[&str]) -> NameHints {
    let mut hints = 0;
    let mut at = 0;
    while at < names.len() {
        hints |= 1 << group_index(names[at].as_bytes());
        at += 1;
    }
    hints
}

const fn group_index(name: &[u8]) -> usize {
    let mut group = 0;
    while group < HINT_GROUPS.len() {
        let other = HINT_GROUPS[group].0.as_bytes();
        let mut same = other.len() == name.len();
        let mut at = 0;
        while same && at < name.len() {
            same = other[at] == name[at];
            at += 1;
        }
        if same {
            return group;
        }
        group += 1;
    }
    panic!("no group of this name")
}

static GROUPS_BY_WORD: LazyLock<HashMap<&'static str, NameHints>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for (at, (_, list)) in HINT_GROUPS.iter().enumerate() {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= 1 << at;
        }
    }
    words
});

/// What the attributes of an element say.
pub(crate) struct Attributes {
    pub(crate) hints: NameHints,
    /// Hash of the element's name and class.
    pub(crate) signature: u64,
    pub(crate) hidden: bool,
    /// Marked by `prepare`.
    pub(crate) is_part_of_text: bool,
    /// Hash of its id.
    pub(crate) id: Option<u64>,
}

/// Reads class, id, role, itemprop, style and `hidden` of an element in one pass.
pub(crate) fn read_attributes(node: &NodeRef<'_>, name: &str) -> Attributes {
    let mut hasher = FixedState::default().build_hasher();
    name.hash(&mut hasher);
    let mut attributes = Attributes { hints: 0, signature: 0, hidden: false, is_part_of_text: false, id: None };
    if let Some(element) = node.element_ref() {
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" => {
                    value.hash(&mut hasher);
                    attributes.hints |= find_hints(value);
                }
                "id" => {
                    attributes.id = Some(hash_id(value));
                    attributes.hints |= find_hints(value);
                }
                "itemprop" | "role" | "data-component" | "data-testid" => attributes.hints |= find_hints(value),
                "hidden" => attributes.hidden = true,
                tree::PART_OF_TEXT => attributes.is_part_of_text = true,
                "aria-hidden" => attributes.hidden |= value.eq_ignore_ascii_case("true"),
                "style" => attributes.hidden |= tree::style_hides(value),
                _ => {}
            }
        }
    }
    attributes.signature = hasher.finish();
    attributes
}

/// Returns the hash of the fragment in a link's URL. The rest of the URL is ignored, since a saved page may link to
/// itself by its full URL: the id is on this page or it means nothing.
pub(crate) fn fragment_hash(link: &NodeRef<'_>) -> Option<u64> {
    let element = link.element_ref()?;
    let href = element.attrs.iter().find(|attribute| &*attribute.name.local == "href")?;
    let (_, id) = href.value.split_once('#').filter(|(_, id)| !id.is_empty())?;
    Some(hash_id(id))
}

fn hash_id(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

/// Collects the groups of all words in a class or id.
pub(super) fn find_hints(value: &str) -> NameHints {
    let mut hints = 0;
    let mut word = String::new();
    let mut add_hints = |word: &mut String| {
        if word.len() > 1 {
            hints |= GROUPS_BY_WORD.get(word.as_str()).copied().unwrap_or(0);
        }
        word.clear();
    };
    let mut was_lowercase = false;
    for letter in value.chars().take(600) {
        if !letter.is_ascii_alphanumeric() || (was_lowercase && letter.is_ascii_uppercase()) {
            add_hints(&mut word);
        }
        if letter.is_ascii_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        }
        was_lowercase = letter.is_ascii_lowercase();
    }
    add_hints(&mut word);
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_camel_case_words_of_classes_give_hints() {
        assert_eq!(find_hints("article-body entryContent"), hint_bits(&["article", "body", "entry", "content"]));
        assert_eq!(find_hints("shadow headache"), 0);
        assert_eq!(find_hints("SOCIAL_share"), hint_bits(&["share"]));
    }

    #[test]
    fn every_group_has_its_own_bit() {
        const { assert!(GROUP_COUNT <= 64) };
        assert!(HINT_GROUPS.iter().enumerate().all(|(at, (name, _))| hint_bits(&[name]) == 1 << at));
    }
}
