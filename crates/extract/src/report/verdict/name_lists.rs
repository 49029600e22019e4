//! Names and words by which pages of other kinds than articles give themselves away, in small letters.

use std::sync::LazyLock;

use crate::dom::multi_pattern::MultiPattern;

/// Names by which programs for forums give themselves away.
pub(super) const FORUMS: &[&str] = &[
    "discourse",
    "phpbb",
    "vbulletin",
    "xenforo",
    "invision",
    "simple machines",
    "mybb",
    "flarum",
    "nodebb",
    "vanilla",
    "bbpress",
    "smf",
];

/// And programs for manuals.
pub(super) const MANUALS: &[&str] = &[
    "sphinx",
    "mkdocs",
    "docusaurus",
    "gitbook",
    "vitepress",
    "vuepress",
    "mdbook",
    "antora",
    "starlight",
    "nextra",
    "dokuwiki",
    "javadoc",
    "doxygen",
    "rustdoc",
    "docfx",
    "asciidoctor",
    "mintlify",
];

/// Names and beginnings of classes that programs for forums give to the whole page.
pub(super) static FORUM_BODIES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&[FORUMS, &[" xf", " nojs-xf"]].concat()));

/// All that is looked for below: hardly a page has any of it, and that takes one pass to know.
pub(super) static ANY_MARK: LazyLock<MultiPattern> = LazyLock::new(|| {
    let all =
        [FORUM_MARK_NAMES, FORUM_POST_NAMES, MANUAL_MARK_NAMES, CAPTCHA_NAMES, CONSENT_NAMES, PAYWALL_NAMES].concat();
    MultiPattern::new(&all)
});

/// Beginnings of classes and ids that programs for forums give to parts of any page.
const FORUM_MARK_NAMES: &[&str] = &[
    " flarum-",
    " shreddit-",
    " hnmain",
    " nestedlisting",
    " comments_subtree",
    " details comment-node",
    " lia-message",
    " wpforo-",
    " bbpress-forums",
    " bbp-topic",
    " qa-q-view",
    " topic-owner-post",
    " itemdiscussion",
    " wbbpost",
];
pub(super) static FORUM_MARKS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(FORUM_MARK_NAMES));

/// And to what one person wrote.
const FORUM_POST_NAMES: &[&str] = &[
    " crawler-post",
    " topic-post ",
    " comtr ",
    " comments_subtree",
    " nestedlisting",
    " details comment-node",
    " spacing_log_answer_content",
    " answercell",
    " qa-a-list-item",
    " bbp-reply-content",
    " wpf-post ",
    " lia-message-body-content",
    " postbit",
    " forumposts",
    " b-post__content",
    " message--post",
    " ipscomment_content",
    " wbbpost",
    " postmessage_",
    " bz_comment ",
    " topic-owner-post",
];
pub(super) static FORUM_POSTS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(FORUM_POST_NAMES));

/// Parts of classes that programs for manuals give to the whole page.
pub(super) static MANUAL_BODIES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["docs-wrapper", "docusaurus", "mkdocs", "wy-body", "rustdoc"]));

/// Beginnings of classes that programs for manuals give to parts of a page.
const MANUAL_MARK_NAMES: &[&str] = &[
    " theme-doc",
    " md-content__",
    " sidebar-scrollbox",
    " mdbook-",
    " sphinxsidebar",
    " rst-content",
    " vpdoc",
    " gitbook",
    " markdown-section",
];
pub(super) static MANUAL_MARKS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(MANUAL_MARK_NAMES));

/// Parts of the classes and ids of puzzles that tell people from machines.
const CAPTCHA_NAMES: &[&str] = &["g-recaptcha", "h-captcha", "cf-turnstile", "captcha-form", "px-captcha"];
pub(super) static CAPTCHAS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CAPTCHA_NAMES));

/// And of notices that ask for consent.
const CONSENT_NAMES: &[&str] = &[
    "onetrust",
    "sp_message_container",
    "qc-cmp2",
    "didomi",
    "cmpbox",
    "usercentrics",
    "consent-page",
    "consent_form",
    "consentform",
];
pub(super) static CONSENT: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CONSENT_NAMES));

/// Beginnings of classes and ids of what stands where an article is cut.
const PAYWALL_NAMES: &[&str] = &[
    " paywall",
    " pay-wall",
    " article-paywall",
    " article__paywall",
    " js-paywall",
    " regwall",
    " reg-wall",
    " subscription-wall",
    " subscriber-wall",
    " subscribe-wall",
    " premium-wall",
    " leaky_paywall",
    " leaky-paywall",
    " piano-",
    " tp-container",
    " poool-",
    " meteredcontent",
    " gateway-content",
    " truncated-content",
    " offer-piano",
];
pub(super) static PAYWALLS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(PAYWALL_NAMES));

/// Classes of what one person wrote on a page of many.
pub(super) const POSTS: &[&str] = &[
    "post",
    "message",
    "answer",
    "reply",
    "comment",
    "topic-post",
    "message--post",
    "postcontainer",
    "post_wrapper",
    "ipscomment",
    "posthold",
    "postbit",
    "item--comment",
    "commentpost",
    "postitem",
    "timeline-comment",
    "poststream-item",
    "shreddit-post",
    "shreddit-comment",
];

/// What stands on a button that buys.
pub(super) const BUY: &[&str] = &[
    "add to cart",
    "add to bag",
    "add to basket",
    "add to trolley",
    "buy now",
    "buy it now",
    "pre order",
    "preorder",
    "in den warenkorb",
    "jetzt kaufen",
    "in den einkaufswagen",
    "ajouter au panier",
    "acheter",
    "añadir al carrito",
    "añadir a la cesta",
    "agregar al carrito",
    "comprar",
    "comprar ahora",
    "aggiungi al carrello",
    "acquista",
    "adicionar ao carrinho",
    "in winkelwagen",
    "in winkelmand",
    "dodaj do koszyka",
    "lägg i varukorgen",
    "lägg i kundvagn",
    "læg i kurv",
    "legg i handlekurv",
    "lisää ostoskoriin",
    "в корзину",
    "добавить в корзину",
    "купить",
    "sepete ekle",
    "加入购物车",
    "カートに入れる",
    "장바구니 담기",
    "أضف إلى السلة",
    "הוספה לסל",
];
