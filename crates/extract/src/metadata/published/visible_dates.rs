//! The dates a reader sees: short lines of the page, judged by their distance to the headline and by the words in them and
//! in the marks around them.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::{Asked, SURE};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::words;
use crate::metadata::dates::{self, Dated, Order};
use crate::metadata::visible_lines::{Line, Reading};

/// A visible line that is dearer than this is no date of the article.
const DEAREST: usize = 75;
/// A date a reader sees.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) cost: usize,
    pub(super) date: Dated,
    /// Read from an attribute.
    pub(super) exact: bool,
    /// Its month has a name, so that no two numbers can be in the other order.
    pub(super) is_worded: bool,
}

/// What a reader sees.
#[derive(Default)]
pub(super) struct Seen {
    /// A date of publication, or one that says nothing of what it is.
    pub(super) plain: Option<Shown>,
    /// The same, told to machines in the midst of the page, where no reader sees it.
    pub(super) told: Option<Shown>,
    /// A date of a change.
    pub(super) changed: Option<Shown>,
    /// All days beside the headline.
    pub(super) beside: Vec<Date>,
}

/// Farther from the headline than this, a date is the article's only if no other is there.
const FAR: usize = 28;

/// The cheapest lines that are dates.
pub(super) fn seen(reading: &Reading<'_>, asked: &Asked<'_>, order: Order) -> Seen {
    let mut seen = Seen::default();
    let mut far: Vec<Date> = Vec::new();
    for line in &reading.dated {
        let Some(cost) = cost(line, reading) else { continue };
        let best = if cost.changed {
            &mut seen.changed
        } else if line.hidden {
            &mut seen.told
        } else {
            &mut seen.plain
        };
        let is_far = cost.away > FAR;
        if cost.points > DEAREST {
            continue;
        }
        if let Some(date) = dates::parse(said(&line.text), asked.page.now, order) {
            if is_far && !far.contains(&date.day) {
                far.push(date.day);
            }
            if !cost.changed && !line.hidden && cost.points <= SURE {
                seen.beside.push(date.day);
            }
            if best.is_none_or(|known| known.cost > cost.points) {
                let is_worded = has_name_of_month(&line.text);
                *best = Some(Shown { cost: cost.points, date, exact: line.exact, is_worded });
            }
        }
    }
    // Several days far from the headline are those of a list of other articles.
    if far.len() > 1 {
        let is_near = |shown: &Shown| !far.contains(&shown.date.day) || shown.cost <= FAR;
        seen.plain = seen.plain.filter(is_near);
        seen.told = seen.told.filter(is_near);
        seen.changed = seen.changed.filter(is_near);
    }
    seen
}

fn has_name_of_month(text: &str) -> bool {
    text.to_lowercase().split(|letter: char| !letter.is_alphabetic()).any(dates::is_month)
}

/// A line of more words is about something else than its date.
const FEW: usize = 12;

/// The one day that short lines anywhere on the page give, where all that give any give the same.
pub(super) fn only(reading: &Reading<'_>, asked: &Asked<'_>, order: Order) -> Option<Dated> {
    let of_line = |line: &Line| {
        let text = line.text.to_lowercase();
        let is_line =
            !line.exact && words::count(&text) <= FEW && !words::ends_sentence(&text) && !text.contains("://");
        let may = is_line && !OTHER.is_match(&text);
        may.then(|| dates::parse(said(&line.text), asked.page.now, order)).flatten()
    };
    let mut found = reading.dated.iter().filter_map(of_line);
    let first = found.next()?;
    found.all(|other| other.day == first.day).then_some(first)
}

/// The part of a line that speaks of publication, where the line also speaks of a change.
fn said(text: &str) -> &str {
    let lower = text.to_lowercase();
    if lower.len() != text.len() || !SAYS_CHANGED.is_match(&lower) {
        return text;
    }
    let find = |words: &[&str]| words.iter().filter_map(|word| lower.find(word)).min();
    match (find(PUBLISHED), find(CHANGED)) {
        (Some(published), Some(changed)) if published < changed => text.get(published..changed).unwrap_or(text),
        (Some(published), Some(_)) => text.get(published..).unwrap_or(text),
        // A date before "updated" is another than the one after it.
        (None, Some(changed)) => {
            let before = text.get(..changed).unwrap_or_default();
            if before.bytes().filter(u8::is_ascii_digit).count() >= 5 { before } else { text }
        }
        _ => text,
    }
}

/// Words of a change rather than of publication.
const CHANGED: &[&str] = &[
    "modif",
    "updat",
    "aktualis",
    "geändert",
    "änderung",
    "mise à jour",
    "mis à jour",
    "actualiz",
    "atualiz",
    "aggiorn",
    "last edit",
    "zuletzt",
    "last review",
    "обновл",
    "bijgewerkt",
    "opdater",
    "更新",
];
/// Words of publication.
const PUBLISHED: &[&str] = &[
    "publi",
    "posted",
    "erschienen",
    "veröffentlicht",
    "mis en ligne",
    "mise en ligne",
    "опублик",
    "gepubliceerd",
    "eingestellt",
    "written",
    "gepost",
    "geschrieben am",
    "geschrieben von",
    "erstellt",
    "verfasst",
    "gepubl",
    "dateline",
    "发布",
    "公開",
];
static SAYS_CHANGED: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(CHANGED));
static SAYS_PUBLISHED: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(PUBLISHED));

/// Class and property words of a date of change. Many themes call every date "updated".
static CHANGED_MARKS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "modif",
        "lastupdate",
        "last-update",
        "last_update",
        "name-changed",
        "aktualis",
        "actualiz",
        "aggiorn",
        "updated-date",
    ])
});
/// Class and property words of a date.
static DATE_MARKS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "date",
        "datum",
        "fecha",
        "data-",
        "time",
        "publi",
        "posted",
        "submitted",
        "created",
        "byline",
        "meta",
        "stamp",
        "-info",
        "info-",
    ])
});

/// Words of other days than that of publication.
static OTHER: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "©",
        "copyright",
        "termin",
        "geboren",
        "born",
        "registriert",
        "joined",
        "member since",
        "mitglied seit",
        "deadline",
        "gültig bis",
        "valid until",
        "expire",
        "uploaddate",
        "event",
        "veranstaltung",
        "z.b.",
        "z. b.",
        "zum beispiel",
        "e.g.",
        "for example",
    ])
});

/// Marks of a clock that shows the present day.
static TODAY: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["todays-date", "todays_date", "todaysdate", "current-date", "current_date"]));

/// What a line costs as the date.
struct Cost {
    points: usize,
    /// Lines between it and the headline.
    away: usize,
    /// It tells of a change.
    changed: bool,
}

/// What a line costs: its distance from the headline and the lack of marks. `None`: it is no date of the article.
fn cost(line: &Line, reading: &Reading<'_>) -> Option<Cost> {
    let text = line.text.to_lowercase();
    if OTHER.is_match(&text) || TODAY.is_match(&line.marks) || (line.exact && OTHER.is_match(&line.marks)) {
        return None;
    }
    // What stands last before a date is said of it.
    let last = |all: &[&str]| all.iter().filter_map(|one| line.label.rfind(one)).max();
    let labelled =
        (SAYS_CHANGED.is_match(&line.label) && last(CHANGED) > last(PUBLISHED)) || line.marks.contains("datemodified");
    let says = !labelled && (SAYS_PUBLISHED.is_match(&text) || SAYS_PUBLISHED.is_match(&line.marks));
    let marked = DATE_MARKS.is_match(&line.marks);
    let changed = labelled
        || (SAYS_CHANGED.is_match(said(&text)) && !SAYS_PUBLISHED.is_match(&text))
        || (CHANGED_MARKS.is_match(&line.marks) && !says);
    let base = match (line.exact, says, marked) {
        (true, true, _) => 0,
        (true, ..) => 6,
        (false, true, _) => 8,
        (false, _, true) => 10,
        _ => 16,
    };
    let away = reading.distance(line.at).unwrap_or(line.at * 2);
    let words = words::count(said(&text));
    let (reach, longest) = match (line.exact, says || changed, marked) {
        (true, ..) => (usize::MAX, 20),
        (_, true, _) => (usize::MAX, 16),
        (_, _, true) => (50, 16),
        _ if reading.headline.is_none() => (24, 4),
        _ => (10, 12),
    };
    // What stands far away costs no more than its marks allow: the end of an article is a fair place for "Published on".
    let distance = if says || changed { away.min(45) } else { away };
    (away <= reach && words <= longest).then_some(Cost { points: base + distance, away, changed })
}
