//! What an element says of itself by class, id and role, as a set of bits.
//!
//! Publishers name their boxes in a few dozen words. Which of them matter, and how much, is not decided here but
//! learned; this is only the list of the words that are looked for.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use dom_query::NodeRef;

/// A set of groups of words, one bit each.
pub(crate) type Marks = u64;

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
    ("caption", "caption captions credit credits figcaption wpcaption legend bildunterschrift"),
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

/// The bit of the group of this name. The names are checked by a test.
pub(crate) fn bit(name: &str) -> Marks {
    GROUPS.iter().position(|(group, _)| *group == name).map_or(0, |at| 1 << at)
}

static WORDS: LazyLock<HashMap<&'static str, Marks>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (at, (_, list)) in GROUPS.iter().enumerate() {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= 1 << at;
        }
    }
    words
});

/// What is read from an element's attributes.
pub(crate) struct Said {
    pub(crate) marks: Marks,
    /// Equal for elements of the same name and class.
    pub(crate) kind: u64,
    pub(crate) hidden: bool,
    /// The hash of its id.
    pub(crate) id: Option<u64>,
}

/// Reads class, id, role, itemprop, style and `hidden` of an element in one go.
pub(crate) fn of(node: &NodeRef<'_>, name: &str) -> Said {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let mut said = Said { marks: 0, kind: 0, hidden: false, id: None };
    if let Some(element) = node.element_ref() {
        for attribute in &element.attrs {
            let value: &str = &attribute.value;
            match &*attribute.name.local {
                "class" => {
                    value.hash(&mut hasher);
                    said.marks |= words(value);
                }
                "id" => {
                    said.id = Some(hash(value));
                    said.marks |= words(value);
                }
                "itemprop" | "role" | "data-component" | "data-testid" => said.marks |= words(value),
                "hidden" => said.hidden = true,
                "aria-hidden" => said.hidden |= value.eq_ignore_ascii_case("true"),
                "style" => said.hidden |= hides(value),
                _ => {}
            }
        }
    }
    said.kind = hasher.finish();
    said
}

/// The hash of the id that a link within the page leads to.
pub(crate) fn target(link: &NodeRef<'_>) -> Option<u64> {
    let element = link.element_ref()?;
    let address = element.attrs.iter().find(|attribute| &*attribute.name.local == "href")?;
    let id = address.value.strip_prefix('#').filter(|id| !id.is_empty())?;
    Some(hash(id))
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// Whether a style says that nothing is shown.
pub(crate) fn hides(style: &str) -> bool {
    let style: String =
        style.chars().take(2_000).filter(|letter| !letter.is_whitespace()).map(|l| l.to_ascii_lowercase()).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// The groups of all words in a class or id.
fn words(value: &str) -> Marks {
    let mut marks = 0;
    let mut word = String::new();
    let mut look = |word: &mut String| {
        if word.len() > 1 {
            marks |= WORDS.get(word.as_str()).copied().unwrap_or(0);
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
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_classes_are_found_whole_and_in_camel_case() {
        assert_eq!(words("article-body entryContent"), bit("article") | bit("body") | bit("entry") | bit("content"));
        assert_eq!(words("shadow headache"), 0);
        assert_eq!(words("SOCIAL_share"), bit("share"));
    }

    #[test]
    fn every_group_has_a_bit_of_its_own() {
        assert!(COUNT <= 64);
        assert!(GROUPS.iter().enumerate().all(|(at, (name, _))| bit(name) == 1 << at));
    }
}
