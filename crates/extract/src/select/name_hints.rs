//! What an element says of itself by class, id and role, as a set of bits.
//!
//! Publishers name their boxes in a few dozen words. Which of them matter, and how much, is not decided here but
//! learned; this is only the list of the words that are looked for.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

use dom_query::NodeRef;
use foldhash::HashMap;
use foldhash::fast::FixedState;

use crate::dom::tree;

/// A set of groups of words, one bit each.
pub(crate) type Hints = u64;

/// The groups, in the order of their bits. A word of a class or id counts when it stands whole, between anything that is
/// no letter or a change to a capital.
const GROUPS: &[(&str, &str)] = &[
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

/// How many groups there are.
pub(crate) const COUNT: usize = GROUPS.len();

/// The bits of the groups of these names, worked out when the program is built, which ends with an error for a name that is none.
pub(crate) const fn bits(names: &[&str]) -> Hints {
    let mut hints = 0;
    let mut at = 0;
    while at < names.len() {
        hints |= 1 << place(names[at].as_bytes());
        at += 1;
    }
    hints
}

const fn place(name: &[u8]) -> usize {
    let mut group = 0;
    while group < GROUPS.len() {
        let other = GROUPS[group].0.as_bytes();
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

static WORDS: LazyLock<HashMap<&'static str, Hints>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for (at, (_, list)) in GROUPS.iter().enumerate() {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= 1 << at;
        }
    }
    words
});

/// What is read from an element's attributes.
pub(crate) struct Said {
    pub(crate) hints: Hints,
    /// Equal for elements of the same name and class.
    pub(crate) kind: u64,
    pub(crate) hidden: bool,
    /// The hash of its id.
    pub(crate) id: Option<u64>,
}

/// Reads class, id, role, itemprop, style and `hidden` of an element in one go.
pub(crate) fn of(node: &NodeRef<'_>, name: &str) -> Said {
    let mut hasher = FixedState::default().build_hasher();
    name.hash(&mut hasher);
    let mut said = Said { hints: 0, kind: 0, hidden: false, id: None };
    if let Some(element) = node.element_ref() {
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" => {
                    value.hash(&mut hasher);
                    said.hints |= words(value);
                }
                "id" => {
                    said.id = Some(hash(value));
                    said.hints |= words(value);
                }
                "itemprop" | "role" | "data-component" | "data-testid" => said.hints |= words(value),
                "hidden" => said.hidden = true,
                "aria-hidden" => said.hidden |= value.eq_ignore_ascii_case("true"),
                "style" => said.hidden |= tree::style_hides(value),
                _ => {}
            }
        }
    }
    said.kind = hasher.finish();
    said
}

/// The hash of the id that a link leads to. A saved page may name itself with its whole address, so what stands before the
/// fragment is not looked at: the id is on this page or it means nothing.
pub(crate) fn target(link: &NodeRef<'_>) -> Option<u64> {
    let element = link.element_ref()?;
    let address = element.attrs.iter().find(|attribute| &*attribute.name.local == "href")?;
    let (_, id) = address.value.split_once('#').filter(|(_, id)| !id.is_empty())?;
    Some(hash(id))
}

fn hash(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

/// The groups of all words in a class or id.
fn words(value: &str) -> Hints {
    let mut hints = 0;
    let mut word = String::new();
    let mut look = |word: &mut String| {
        if word.len() > 1 {
            hints |= WORDS.get(word.as_str()).copied().unwrap_or(0);
        }
        word.clear();
    };
    let mut was_small = false;
    for letter in value.chars().take(600) {
        if !letter.is_ascii_alphanumeric() || (was_small && letter.is_ascii_uppercase()) {
            look(&mut word);
        }
        if letter.is_ascii_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        }
        was_small = letter.is_ascii_lowercase();
    }
    look(&mut word);
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_classes_are_found_whole_and_in_camel_case() {
        assert_eq!(words("article-body entryContent"), bits(&["article", "body", "entry", "content"]));
        assert_eq!(words("shadow headache"), 0);
        assert_eq!(words("SOCIAL_share"), bits(&["share"]));
    }

    #[test]
    fn every_group_has_a_bit_of_its_own() {
        const { assert!(COUNT <= 64) };
        assert!(GROUPS.iter().enumerate().all(|(at, (name, _))| bits(&[name]) == 1 << at));
    }
}
