//! Visible dates: short lines of the page, weighed by their distance to the headline, their words and their classes.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::{DateContext, TRUSTED_COST};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::words;
use crate::metadata::dates::{self, DayMonthOrder, ParsedDate};
use crate::metadata::visible_lines::{Line, VisibleLines};

/// Maximum cost of a date of the article.
const MAX_COST: usize = 75;
/// A visible date.
#[derive(Clone, Copy)]
pub(super) struct VisibleDate {
    pub(super) cost: usize,
    pub(super) date: ParsedDate,
    /// Read from an attribute.
    pub(super) from_attribute: bool,
    /// Its month is a name, so that month and day cannot be confused.
    pub(super) has_month_name: bool,
}

/// The cheapest visible dates of each kind.
#[derive(Default)]
pub(super) struct VisibleDates {
    /// A publication date, or one without a label.
    pub(super) plain: Option<VisibleDate>,
    /// The same, in a `meta` element in the body, where no reader sees it.
    pub(super) hidden: Option<VisibleDate>,
    /// A date of modification.
    pub(super) modified: Option<VisibleDate>,
    /// All days near the headline.
    pub(super) days_near_headline: Vec<Date>,
}

/// Farther from the headline than this, a date counts only if no other is there.
const FAR_DISTANCE: usize = 28;

impl VisibleDates {
    /// Finds the cheapest date lines.
    pub(super) fn find(lines: &VisibleLines<'_>, context: &DateContext<'_>, order: DayMonthOrder) -> Self {
        let mut visible = Self::default();
        let mut far: Vec<Date> = Vec::new();
        for line in &lines.date_lines {
            let Some(cost) = line_cost(line, lines) else { continue };
            let best = if cost.modified {
                &mut visible.modified
            } else if line.hidden {
                &mut visible.hidden
            } else {
                &mut visible.plain
            };
            let is_far = cost.distance > FAR_DISTANCE;
            if cost.points > MAX_COST {
                continue;
            }
            if let Some(date) = dates::parse(publication_part(&line.text), context.page.now, order) {
                if is_far && !far.contains(&date.day) {
                    far.push(date.day);
                }
                if !cost.modified && !line.hidden && cost.points <= TRUSTED_COST {
                    visible.days_near_headline.push(date.day);
                }
                if best.is_none_or(|known| known.cost > cost.points) {
                    let has_month_name = has_month_name(&line.text);
                    *best = Some(VisibleDate {
                        cost: cost.points,
                        date,
                        from_attribute: line.from_attribute,
                        has_month_name,
                    });
                }
            }
        }
        // Several days far from the headline belong to a list of other articles.
        if far.len() > 1 {
            let is_near = |shown: &VisibleDate| !far.contains(&shown.date.day) || shown.cost <= FAR_DISTANCE;
            visible.plain = visible.plain.filter(is_near);
            visible.hidden = visible.hidden.filter(is_near);
            visible.modified = visible.modified.filter(is_near);
        }
        visible
    }
}

fn has_month_name(text: &str) -> bool {
    text.to_lowercase().split(|letter: char| !letter.is_alphabetic()).any(dates::is_month)
}

/// Maximum words of a line that is about its date.
const MAX_WORDS: usize = 12;

/// Returns the day in short lines anywhere on the page, if all of them have the same one.
pub(super) fn single_day_on_page(
    lines: &VisibleLines<'_>,
    context: &DateContext<'_>,
    order: DayMonthOrder,
) -> Option<ParsedDate> {
    let of_line = |line: &Line| {
        let text = line.text.to_lowercase();
        let is_line = !line.from_attribute
            && words::count(&text) <= MAX_WORDS
            && !words::ends_sentence(&text)
            && !text.contains("://");
        let may = is_line && !OTHER_DATE_WORDS.is_match(&text);
        may.then(|| dates::parse(publication_part(&line.text), context.page.now, order)).flatten()
    };
    let mut found = lines.date_lines.iter().filter_map(of_line);
    let first = found.next()?;
    found.all(|other| other.day == first.day).then_some(first)
}

/// Returns the part of a line about publication, if it is also about a modification.
fn publication_part(text: &str) -> &str {
    let lower = text.to_lowercase();
    if lower.len() != text.len() || !MODIFIED.is_match(&lower) {
        return text;
    }
    let find = |words: &[&str]| words.iter().filter_map(|word| lower.find(word)).min();
    match (find(PUBLISHED_WORDS), find(MODIFIED_WORDS)) {
        (Some(published), Some(changed)) if published < changed => text.get(published..changed).unwrap_or(text),
        (Some(published), Some(_)) => text.get(published..).unwrap_or(text),
        // A date before "updated" is not that of the update.
        (None, Some(changed)) => {
            let before = text.get(..changed).unwrap_or_default();
            if before.bytes().filter(u8::is_ascii_digit).count() >= 5 { before } else { text }
        }
        _ => text,
    }
}

/// Words for modification.
const MODIFIED_WORDS: &[&str] = &[
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
/// Words for publication.
const PUBLISHED_WORDS: &[&str] = &[
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
static MODIFIED: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(MODIFIED_WORDS));
static PUBLISHED: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(PUBLISHED_WORDS));

/// Classes and properties of modification dates. Many themes use "updated" for every date.
static MODIFIED_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| {
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
/// Classes and properties of dates.
static DATE_CLASSES: LazyLock<MultiPattern> = LazyLock::new(|| {
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

/// Words for dates other than that of publication.
static OTHER_DATE_WORDS: LazyLock<MultiPattern> = LazyLock::new(|| {
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

/// Classes of a clock that shows the current day.
static CLOCK_CLASSES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["todays-date", "todays_date", "todaysdate", "current-date", "current_date"]));

/// The cost of taking a line as the date; lower is better.
struct Cost {
    points: usize,
    /// Lines to the headline.
    distance: usize,
    /// It is a date of modification.
    modified: bool,
}

/// Computes the cost of a line from its distance to the headline and its classes. Returns `None` if it is no date of
/// the article.
fn line_cost(line: &Line, lines: &VisibleLines<'_>) -> Option<Cost> {
    let text = line.text.to_lowercase();
    if OTHER_DATE_WORDS.is_match(&text)
        || CLOCK_CLASSES.is_match(&line.marks)
        || (line.from_attribute && OTHER_DATE_WORDS.is_match(&line.marks))
    {
        return None;
    }
    // The last word before a date labels it.
    let last = |all: &[&str]| all.iter().filter_map(|one| line.label.rfind(one)).max();
    let labelled = (MODIFIED.is_match(&line.label) && last(MODIFIED_WORDS) > last(PUBLISHED_WORDS))
        || line.marks.contains("datemodified");
    let says = !labelled && (PUBLISHED.is_match(&text) || PUBLISHED.is_match(&line.marks));
    let marked = DATE_CLASSES.is_match(&line.marks);
    let modified = labelled
        || (MODIFIED.is_match(publication_part(&text)) && !PUBLISHED.is_match(&text))
        || (MODIFIED_CLASSES.is_match(&line.marks) && !says);
    let base = match (line.from_attribute, says, marked) {
        (true, true, _) => 0,
        (true, ..) => 6,
        (false, true, _) => 8,
        (false, _, true) => 10,
        _ => 16,
    };
    let distance = lines.distance(line.index).unwrap_or(line.index * 2);
    let words = words::count(publication_part(&text));
    let (reach, longest) = match (line.from_attribute, says || modified, marked) {
        (true, ..) => (usize::MAX, 20),
        (_, true, _) => (usize::MAX, 16),
        (_, _, true) => (50, 16),
        _ if lines.headline_index.is_none() => (24, 4),
        _ => (10, 12),
    };
    // Labelled dates far away cost no more: "Published on" often comes at the end of an article.
    let distance = if says || modified { distance.min(45) } else { distance };
    (distance <= reach && words <= longest).then_some(Cost { points: base + distance, distance, modified })
}
