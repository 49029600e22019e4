//! Words around names in bylines, and words that are no names.

/// Short words before a name.
pub(super) const BYLINE_PREFIXES: &[&str] = &[
    "by",
    "written by",
    "posted by",
    "post author",
    "author",
    "authors",
    "von",
    "par",
    "por",
    "di",
    "door",
    "av",
    "af",
    "autor",
    "autorin",
    "text",
    "words by",
    "story by",
    "published by",
    "автор",
    "tekst",
    "od",
    "yazan",
    "作者",
    "文",
    "記者",
];

/// Bylines that name nobody.
pub(super) const PLACEHOLDER_NAMES: &[&str] = &[
    "admin",
    "administrator",
    "write a review",
    "editor",
    "unknown",
    "author",
    "guest",
    "anonymous",
    "root",
    "webmaster",
    "null",
    "undefined",
    "none",
    "no author",
    "default",
    "superuser",
    "paid content",
    "sponsored",
    "sponsored content",
    "gesponserte inhalte",
    "anzeige",
    "advertorial",
    "user",
];

/// Labels of a date or name, without either.
pub(super) const STANDALONE_LABELS: &[&str] = &[
    "posted on",
    "posted",
    "posted in",
    "published on",
    "published",
    "publiziert am",
    "veröffentlicht am",
    "written by",
    "by",
    "von",
    "the author",
    "updated",
    "updated on",
    "last updated",
    "publié le",
    "publicado el",
    "about the author",
    "share",
];

/// Longer phrases before a name.
pub(super) const LONG_BYLINE_PREFIXES: &[&str] = &[
    "veröffentlicht von",
    "geschrieben von",
    "zeige alle beiträge von",
    "alle beiträge von",
    "view all posts by",
    "more by",
    "post by",
    "guide by",
    "authored by",
    "reviewed by",
    "this post was written by",
    "medically reviewed by",
    "publicado por",
    "escrito por",
    "publié par",
    "écrit par",
    "ein beitrag von",
    "ein artikel von",
    "beitrag von",
    "autor:in",
    "autor*in",
    "text von",
    "text:",
    "interview:",
    "texte:",
    "auteur",
    "autore",
    "erstellt von",
    "gespeichert von",
    "eingestellt von",
    "verfasst von",
    "publiziert von",
    "blog beitrag von",
    "ein interview von",
    "ein kommentar von",
    "ein gastbeitrag von",
    "gastbeitrag von",
    "contributed by",
    "reported by",
    "guest post by",
    "scritto da",
    "pubblicato da",
    "geschreven door",
    "skrevet av",
    "skrevet af",
    "skriven av",
    "autoren",
    "text und interview",
    "text und fotos",
    "text und foto",
    "text & fotos",
    "text & foto",
    "by the",
    "article by",
    "redaktion:",
];

/// Words between a name and a date.
pub(super) const DATE_CONNECTORS: &[&str] = &[
    "am",
    "on",
    "at",
    "um",
    "le",
    "el",
    "den",
    "der",
    "vom",
    "vor",
    "updated",
    "published",
    "posted",
    "aktualisiert",
    "veröffentlicht",
    "publiziert",
    "last",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "hace",
    "alle",
    "artikel",
    "uhr",
];

/// Bylines that name a desk instead of a person.
pub(super) const DESK_NAMES: &[&str] = &[
    "redaktion",
    "die redaktion",
    "editor",
    "editors",
    "editorial team",
    "staff",
    "team",
    "agencies",
    "newsroom",
    "news desk",
    "newsdesk",
    "redacción",
    "redaccion",
    "redazione",
    "la rédaction",
    "rédaction",
    "redactie",
    "redakcja",
    "редакция",
    "webdesk",
    "web desk",
    "online redaktion",
    "staff writer",
    "staff report",
    "admin",
    "pressestelle",
];

/// Prefixes with other meanings: a single word after them is rarely a name.
pub(super) const AMBIGUOUS_PREFIXES: &[&str] =
    &["by", "by the", "von", "par", "por", "di", "door", "av", "af", "od", "text", "de"];

/// First words of all prefixes.
pub(super) const FIRST_WORDS: &[&str] = &[
    "by",
    "written",
    "posted",
    "author",
    "authors",
    "von",
    "par",
    "por",
    "di",
    "door",
    "av",
    "af",
    "autor",
    "autorin",
    "autoren",
    "text",
    "words",
    "story",
    "published",
    "автор",
    "tekst",
    "od",
    "yazan",
    "作者",
    "文",
    "記者",
    "veröffentlicht",
    "geschrieben",
    "gespeichert",
    "erstellt",
    "publicado",
    "escrito",
    "publié",
    "écrit",
    "ein",
    "beitrag",
    "blog",
    "auteur",
    "autore",
    "texte",
    "texto",
    "guest",
    "reported",
    "quelle",
    "verfasst",
    "verfasser",
    "eingestellt",
    "scritto",
    "pubblicato",
    "geschreven",
    "skrevet",
    "skriven",
    "foto",
    "contributed",
    "article",
    "redaktion",
];

/// Particles within a name.
pub(super) fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "von"
            | "van"
            | "de"
            | "der"
            | "den"
            | "di"
            | "da"
            | "del"
            | "della"
            | "la"
            | "le"
            | "el"
            | "al"
            | "zu"
            | "dos"
            | "do"
            | "du"
            | "ten"
            | "ter"
            | "vom"
            | "bin"
            | "ibn"
            | "v."
            | "d’"
            | "zur"
            | "af"
            | "av"
    )
}

/// Conjunctions between two names.
pub(super) fn is_conjunction(word: &str) -> bool {
    matches!(
        word,
        "and" | "und" | "et" | "y" | "e" | "i" | "og" | "och" | "en" | "&" | "ve" | "и" | "a" | "with" | "mit"
    )
}

/// Last words of group names, in lower case as well.
pub(super) fn ends_group_name(word: &str) -> bool {
    matches!(word, "team" | "editors" | "staff" | "desk" | "redaktion")
}

/// Words that end a name, such as the start of a role.
pub(super) fn ends_name(word: &str) -> bool {
    matches!(
        word,
        "is" | "ist" | "für" | "for" | "from" | "aus" | "in" | "hat" | "has" | "illustration" | "fotos" | "photos"
    )
}

/// Labels, buttons and counters found in author elements.
const LABELS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "autoren",
    "autorin",
    "about",
    "more",
    "follow",
    "share",
    "read",
    "reading",
    "comment",
    "comments",
    "posts",
    "articles",
    "kommentar",
    "kommentare",
    "beiträge",
    "subscribe",
    "contact",
    "kontakt",
    "profil",
    "profile",
    "newsletter",
    "login",
    "view",
    "bio",
    "minutes",
    "mehr",
    "artikel",
    "über",
    "updated",
    "published",
    "posted",
    "min",
    "reviewed",
    "edited",
    "editor",
    "fact",
    "checked",
    "image",
    "foto",
    "photo",
    "email",
    "mail",
    "website",
    "search",
    "menu",
    "contributor",
    "veröffentlicht",
    "stand",
    "publié",
    "publicado",
    "written",
    "searching",
    "views",
    "medically",
    "datum",
    "date",
    "quelle",
    "source",
    "publiziert",
];

pub(super) fn is_label_word(word: &str) -> bool {
    LABELS.contains(&word)
}
