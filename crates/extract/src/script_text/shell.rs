//! Recognizes pages that show nothing until their scripts run.

use dom_query::{Document, NodeRef};

use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// The maximum number of unlinked words on such a page: its slogan, "Loading", "Please enable JavaScript".
const MAX_WORDS: usize = 30;
/// The maximum number of words of a link in a menu.
const MAX_MENU_WORDS: usize = 4;
/// The maximum number of pictures: a logo, a turning wheel.
const MAX_IMAGES: usize = 2;
/// Ids and classes of the elements that scripts fill.
const MOUNT_NAMES: &[&str] = &[
    "root",
    "app",
    "__next",
    "__nuxt",
    "___gatsby",
    "app-root",
    "react-root",
    "reactroot",
    "react-app",
    "vue-app",
    "svelte",
    "q-app",
    "main-app",
    "mount",
    "mount-point",
    "application",
    "ember-app",
    "page-root",
    "spa",
    "app-container",
    "app-mount",
    "root-container",
    "container-root",
];
/// Elements that are content by themselves.
const MEDIA: &[&str] = &["video", "audio", "iframe", "table", "pre", "figure", "object", "embed", "canvas", "math"];
/// What a page shows while it loads, at the start of its text and in lower case.
const LOADING_WORDS: &[&str] = &[
    "loading",
    "please wait",
    "wird geladen",
    "lädt",
    "laden",
    "bitte warten",
    "chargement",
    "veuillez patienter",
    "cargando",
    "espere",
    "carregando",
    "aguarde",
    "caricamento",
    "attendere",
    "ładowanie",
    "proszę czekać",
    "načítá",
    "načítava",
    "загрузка",
    "завантаження",
    "загружается",
    "laddar",
    "laster",
    "indlæser",
    "ladataan",
    "yükleniyor",
    "betöltés",
    "se încarcă",
    "φόρτωση",
    "зареждане",
    "učitavanje",
    "nalaganje",
    "laadimine",
    "ielāde",
    "įkeliama",
    "読み込み中",
    "加载中",
    "載入中",
    "正在加载",
    "로딩",
    "불러오는",
    "जारी",
    "लोड",
    "กำลังโหลด",
    "đang tải",
    "memuat",
    "جار التحميل",
    "جاري التحميل",
    "در حال بارگذاری",
    "טוען",
];

/// Returns whether a page has no text of its own, but signs that scripts would bring it.
pub(crate) fn needs_scripts(page: &Document) -> bool {
    let mut found = Found::default();
    let root = page.root();
    tree::walk(&root, |node| found.enter(node), |_| {});
    let says_so = found.asks_for_scripts || starts_with_loading(&found.text);
    found.words <= MAX_WORDS && found.images <= MAX_IMAGES && !found.has_media && (says_so || found.has_mount)
}

#[derive(Default)]
struct Found {
    /// Words outside of links, headings and the frame of the page.
    words: usize,
    text: String,
    images: usize,
    has_media: bool,
    /// There is an empty element for scripts to fill.
    has_mount: bool,
    asks_for_scripts: bool,
}

impl Found {
    fn enter(&mut self, node: &NodeRef<'_>) -> Walk {
        if let Some(count) = tree::read_text(node, words::count) {
            if count > 0 && self.words <= MAX_WORDS {
                self.words += count;
                tree::read_text(node, |text| self.text.push_str(text));
                self.asks_for_scripts |= tree::read_text(node, mentions_scripts) == Some(true);
            }
            return Walk::Skip;
        }
        let name = tree::name(node);
        match &*name {
            "noscript" => {
                for text in node.descendants_it() {
                    let is_note = tree::read_text(&text, mentions_scripts).unwrap_or(true);
                    self.asks_for_scripts |= is_note && text.is_text();
                    self.words += if is_note { 0 } else { tree::read_text(&text, words::count).unwrap_or(0) };
                }
                return Walk::Skip;
            }
            "img" => self.images += 1,
            "script" | "style" | "template" | "svg" | "head" | "nav" | "header" | "footer" | "aside" | "h1"
            | "form" | "button" | "dialog" => return Walk::Skip,
            "a" => {
                // A longer link is the title of an article in a list.
                let words = words::count(&tree::line_text(node));
                self.words += if words > MAX_MENU_WORDS { words } else { 0 };
                return Walk::Skip;
            }
            name if MEDIA.contains(&name) => self.has_media = true,
            _ => {}
        }
        self.has_mount |= is_mount(node, &name) && !tree::has_any_text(node) && !tree::has_image(node);
        Walk::Enter
    }
}

/// All languages call it by its name.
fn mentions_scripts(text: &str) -> bool {
    const MAX_BYTES: usize = 600;
    let start = &text[..text.floor_char_boundary(MAX_BYTES)];
    start.to_ascii_lowercase().replace('-', "").contains("javascript")
}

fn starts_with_loading(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    LOADING_WORDS.iter().any(|word| text.starts_with(word))
}

/// Returns whether scripts fill an element, by its name.
fn is_mount(node: &NodeRef<'_>, name: &str) -> bool {
    let is_named = |attribute: &str| {
        node.attr(attribute).is_some_and(|value| {
            value.split_ascii_whitespace().any(|word| MOUNT_NAMES.iter().any(|mount| mount.eq_ignore_ascii_case(word)))
        })
    };
    let is_custom = || name.contains('-') && !name.starts_with("font-");
    matches!(name, "div" | "main" | "section" | "article") && (is_named("id") || is_named("class")) || is_custom()
}
