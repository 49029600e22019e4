//! Names and words that identify kinds of pages other than articles, in lower case.

use std::sync::LazyLock;

use crate::dom::multi_pattern::MultiPattern;

/// Forum software, as named in `<meta name=generator>`.
pub(super) const FORUM_SOFTWARE: &[&str] = &[
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

/// Documentation software, as named in `<meta name=generator>`.
pub(super) const MANUAL_SOFTWARE: &[&str] = &[
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

/// Class names that forum software sets on the whole page.
pub(super) static FORUM_BODY_CLASSES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&[FORUM_SOFTWARE, &[" xf", " nojs-xf"]].concat()));

/// All class names below in one matcher. Few pages contain any, and one pass tells.
pub(super) static ANY_CLASS: LazyLock<MultiPattern> = LazyLock::new(|| {
    let all = [
        FORUM_CLASS_NAMES,
        FORUM_POST_CLASS_NAMES,
        MANUAL_CLASS_NAMES,
        CAPTCHA_CLASS_NAMES,
        CONSENT_CLASS_NAMES,
        PAYWALL_CLASS_NAMES,
    ]
    .concat();
    MultiPattern::new(&all)
});

/// Prefixes of classes and ids that forum software sets on parts of any page.
const FORUM_CLASS_NAMES: &[&str] = &[
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
pub(super) static FORUM_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(FORUM_CLASS_NAMES));

/// Prefixes of classes and ids that forum software sets on single posts.
const FORUM_POST_CLASS_NAMES: &[&str] = &[
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
pub(super) static FORUM_POST_CLASSES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(FORUM_POST_CLASS_NAMES));

/// Parts of classes that documentation software sets on the whole page.
pub(super) static MANUAL_BODY_CLASSES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["docs-wrapper", "docusaurus", "mkdocs", "wy-body", "rustdoc"]));

/// Prefixes of classes that documentation software sets on parts of a page.
const MANUAL_CLASS_NAMES: &[&str] = &[
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
pub(super) static MANUAL_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(MANUAL_CLASS_NAMES));

/// Parts of the classes and ids of captchas.
const CAPTCHA_CLASS_NAMES: &[&str] = &["g-recaptcha", "h-captcha", "cf-turnstile", "captcha-form", "px-captcha"];
pub(super) static CAPTCHA_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CAPTCHA_CLASS_NAMES));

/// Parts of the classes and ids of consent notices.
const CONSENT_CLASS_NAMES: &[&str] = &[
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
pub(super) static CONSENT_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CONSENT_CLASS_NAMES));

/// Prefixes of the classes and ids of paywalls.
const PAYWALL_CLASS_NAMES: &[&str] = &[
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
pub(super) static PAYWALL_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(PAYWALL_CLASS_NAMES));

/// Classes of a single post among many.
pub(super) const POST_CLASSES: &[&str] = &[
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

/// Labels of buttons that add to a cart.
pub(super) const BUY_LABELS: &[&str] = &[
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

/// Returns whether a text is a price and nothing else: "$ 12.50", "ab 3,99 €".
pub(super) fn is_price(text: &str) -> bool {
    const MAX_BYTES: usize = 24;
    const CURRENCIES: &[&str] = &["$", "€", "£", "¥", "₹", "₽", "zł", "kč", " kr", "chf", "usd", "eur"];
    if text.len() > MAX_BYTES || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let text = text.to_lowercase();
    CURRENCIES.iter().any(|sign| text.contains(sign))
}

/// Returns whether an id is that of a post: `post12`, `post_message_12`, `comment-7`.
pub(super) fn is_numbered_post(id: &str) -> bool {
    const NAMES: &[&str] = &["post", "comment", "message", "msg", "answer", "reply", "post_message", "td_post"];
    let name = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
    name.len() < id.len() && NAMES.contains(&name.trim_end_matches(['-', '_']))
}
