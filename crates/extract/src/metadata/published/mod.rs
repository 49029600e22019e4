//! Finds the publication date: in metadata, near the headline, in the URL, and last in scripts.
//!
//! A wrong date is worse than none, so visible dates are weighed by their classes and their distance to the headline;
//! copyright years, comments, quotations and other articles do not count. In a conflict, the date plainly beside the
//! headline wins, since people have read it; metadata often holds the day of a migration, or the day in another zone.

mod file_list;
mod machine_dates;
mod visible_dates;

use dom_query::NodeRef;
use jiff::civil::Date;
use memchr::memmem;
use url::Url;

use crate::dom::urls;
use crate::metadata::dates::{self, DayMonthOrder, ParsedDate};
use crate::metadata::json_ld::JsonLdFacts;
use crate::metadata::meta_elements::MetaElements;
use crate::metadata::visible_lines::VisibleLines;
use crate::page::Page;
use machine_dates::MachineDate;
use visible_dates::{VisibleDates, single_day_on_page};

/// Names of publication dates.
const TRUSTED_NAMES: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "published_time",
    "published-date",
    "published_at",
    "published",
    "og:pubdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dc.issued",
    "citation_online_date",
    "citation_publication_date",
    "citation_date",
    "article.published",
    "article:published",
    "article:publicationdate",
    "article:post_time",
    "bt:pubdate",
    "displaydate",
    "shareaholic:article_published_time",
    "article_date_original",
    "originalpublicationdate",
    "ptime",
    "eomportal-firstpub",
    "iso-8601-publish-date",
    "ob:date",
    "pdate",
    "article-publish-date",
    "doc_date",
    "sort_date",
];
/// Names of dates that may be those of publication, of a change, or of the page.
const VAGUE_NAMES: &[&str] = &[
    "dcterms.created",
    "dc.date.created",
    "dc.created",
    "datecreated",
    "created",
    "dc.date",
    "dcterms.date",
    "date",
    "last-modified_created",
];
/// Microdata properties, used where each occurs once.
const PROPERTY_NAMES: &[&str] = &["itemprop:datepublished", "itemprop:datecreated"];
/// Maximum cost of a visible date that is believed over metadata.
const TRUSTED_COST: usize = 24;

/// The page and its declared languages.
pub(super) struct DateContext<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) languages: &'a [String],
}

/// Where to look for dates.
pub(super) struct DateSources<'s, 'a> {
    pub(super) metas: &'s MetaElements,
    pub(super) facts: &'s JsonLdFacts,
    pub(super) lines: &'s VisibleLines<'a>,
    pub(super) scripts: &'s [&'s str],
    pub(super) body: &'s NodeRef<'a>,
}

/// Returns the publication date.
pub(super) fn find(sources: &DateSources<'_, '_>, context: &DateContext<'_>) -> Option<ParsedDate> {
    let order = day_month_order(context);
    let first = |names: &[&'static str]| dates::parse_first(sources.metas.contents(names), context.page.now, order);
    let DateSources { facts, metas, .. } = sources;
    let in_json_ld = dates::parse_first(facts.published.iter().map(String::as_str), context.page.now, order);
    let in_head = first(TRUSTED_NAMES);
    let in_properties = || dates::parse_first(metas.unique(PROPERTY_NAMES), context.page.now, order);
    let lists_files = in_json_ld.is_none() && in_head.is_none() && file_list::is_on_page(sources.body);
    let visible = if lists_files { VisibleDates::default() } else { VisibleDates::find(sources.lines, context, order) };
    let url_date = context.page.url.and_then(|url| date_in_url(url, context));
    if let Some(machine) = MachineDate::choose([in_json_ld, in_head], in_properties, &visible) {
        return machine.reconcile(&visible, url_date);
    }
    let cheapest = [visible.plain, visible.hidden].into_iter().flatten().min_by_key(|seen| seen.cost);
    cheapest
        .map(|seen| reconcile_with_url(seen.date, url_date))
        .or_else(|| first(VAGUE_NAMES).map(|found| reconcile_with_url(found, url_date)))
        .or(url_date)
        .or_else(|| date_in_scripts(sources.scripts, context).filter(|_| !lists_files))
        .or(visible.modified.map(|seen| seen.date))
        .or_else(|| single_day_on_page(sources.lines, context, order).filter(|_| !lists_files))
}

/// Returns the date in the URL if it is more than a month older.
fn prefer_much_older_url(found: ParsedDate, url_date: Option<ParsedDate>) -> ParsedDate {
    url_date.filter(|older| found.timestamp.duration_since(older.timestamp).as_hours() > 24 * 30).unwrap_or(found)
}

/// Corrects a date with that in the URL, which is set once. A later date is an update. An adjacent day is the same date
/// in another zone if the hour allows it: a day earlier in the west, a day later in the east.
fn reconcile_with_url(found: ParsedDate, url_date: Option<ParsedDate>) -> ParsedDate {
    let Some(url_date) = url_date else { return found };
    let hours = found.timestamp.duration_since(url_date.timestamp).as_hours();
    let is_other_zone =
        is_adjacent_day(found.day, url_date.day) && ((-14..0).contains(&hours) || (24..37).contains(&hours));
    match is_other_zone {
        true => ParsedDate { day: url_date.day, ..found },
        false if hours > 48 => url_date,
        false => found,
    }
}

fn is_adjacent_day(one: Date, other: Date) -> bool {
    one.duration_until(other).as_hours().abs() <= 24
}

/// Finds `/2024/05/06/`, `/2024/5/6/`, `/2024/may/06/`, `/20240506…`, `/2024-05-06-…` or `06-05-2024` in a URL.
fn date_in_url(url: &Url, context: &DateContext<'_>) -> Option<ParsedDate> {
    let path = url.path();
    let numbers: Vec<&str> = path.split(|letter: char| !letter.is_ascii_digit()).collect();
    let parsed = |text: String| dates::parse(&text, context.page.now, DayMonthOrder::Unknown);
    let read = |year: &str, month: &str, day: &str| {
        let shaped = year.len() == 4 && year.starts_with("20") && (1..=2).contains(&month.len());
        (shaped && (1..=2).contains(&day.len())).then(|| parsed(format!("{year}-{month:0>2}-{day:0>2}"))).flatten()
    };
    let apart = numbers.windows(3).find_map(|three| read(three[0], three[1], three[2]));
    let turned = || {
        numbers
            .windows(3)
            .find_map(|three| read(three[2], three[1], three[0]).filter(|_| path.contains(&three.join("-"))))
    };
    let joined = || {
        let eight = numbers.iter().filter(|number| number.len() == 8);
        eight.clone().find_map(|number| read(&number[..4], &number[4..6], &number[6..]))
    };
    let named = || {
        let parts: Vec<&str> = path.split('/').collect();
        parts.windows(3).find_map(|three| {
            let shaped = three[0].len() == 4 && dates::is_month(three[1]) && (1..=2).contains(&three[2].len());
            shaped.then(|| parsed(format!("{} {} {}", three[2], three[1], three[0]))).flatten()
        })
    };
    apart.or_else(joined).or_else(named).or_else(turned)
}

/// Returns the order of day and month customary for the page's language and domain.
fn day_month_order(context: &DateContext<'_>) -> DayMonthOrder {
    let language = context.languages.first().map(|language| language.to_ascii_lowercase()).unwrap_or_default();
    let host = context.page.url.map(urls::host_without_www).unwrap_or_default();
    let land = host.rsplit('.').next().unwrap_or_default();
    match language.as_str() {
        "en-us" | "en_us" => DayMonthOrder::MonthFirst,
        _ if ["uk", "au", "ie", "nz", "in", "za"].contains(&land) => DayMonthOrder::DayFirst,
        "" => DayMonthOrder::Unknown,
        other if other.starts_with("en") && other.len() <= 2 => DayMonthOrder::Unknown,
        _ => DayMonthOrder::DayFirst,
    }
}

/// Keys of the publication date in scripts.
const SCRIPT_KEYS: &[&str] = &[
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "publish_date",
    "publicationDate",
    "date_published",
    "pubDate",
    "datePublication",
    "firstPublished",
];

/// Returns the first publication date in the page's scripts.
fn date_in_scripts(scripts: &[&str], context: &DateContext<'_>) -> Option<ParsedDate> {
    scripts.iter().find_map(|text| {
        SCRIPT_KEYS.iter().find_map(|name| {
            let at = memmem::find(text.as_bytes(), name.as_bytes())?;
            let after = text[at + name.len()..].trim_start_matches(['"', '\\', '\'', ' ', ':', '\n']);
            let value: String =
                after.chars().take(40).take_while(|letter| !matches!(letter, '"' | '\\' | '\'' | ',' | '}')).collect();
            dates::parse(&value, context.page.now, DayMonthOrder::Unknown).filter(|_| value.len() >= 8)
        })
    })
}

#[cfg(test)]
mod tests;
