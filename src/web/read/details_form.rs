//! The form for an article's title, byline, date, source and language.

use jiff::civil::Date;
use serde::Deserialize;

use crate::library::articles::Article;
use crate::library::articles::edits::{DateValue, Detail, Edit, Edits};
use crate::library::sources::Source;
use crate::library::tags::truncate_for_display;
use crate::web::read::languages;
use crate::web::shell::dates::{self, LocalClock};

/// Longest title and byline, in characters.
const MAX_CHARS: usize = 500;

/// The form with the article's values or those typed. A field that was not sent keeps the value.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct DetailsForm {
    pub title: Option<String>,
    pub byline: Option<String>,
    /// `2026-03-04`
    pub date: Option<String>,
    /// Name or domain.
    pub source: Option<String>,
    /// Name or code.
    pub language: Option<String>,
    /// The values when the form was shown, so that only what was changed is saved; `None`: those that the article has now.
    pub title_before: Option<String>,
    pub byline_before: Option<String>,
    pub date_before: Option<String>,
    pub source_before: Option<String>,
    pub language_before: Option<String>,
    /// The list that the reader came from.
    pub list: Option<String>,
    #[serde(skip)]
    pub problems: DetailProblems,
}

/// What is wrong with each field.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct DetailProblems {
    pub title: Option<String>,
    pub byline: Option<String>,
    pub date: Option<String>,
    pub source: Option<String>,
    pub language: Option<String>,
}

/// A field of the form, for the template.
pub(crate) struct DetailField<'f> {
    pub label: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub value: &'f str,
    /// The value when the form was first shown.
    pub before: Option<&'f str>,
    pub hint: &'static str,
    pub problem: Option<&'f str>,
}

/// The publisher's value of an edited detail, in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Original {
    /// `Original title`
    pub label: &'static str,
    pub value: String,
    /// Value of the button that goes back to it.
    pub detail: &'static str,
}

impl DetailsForm {
    pub fn new(article: &Article, clock: &LocalClock) -> Self {
        let title = Some(article.title.clone());
        let byline = Some(article.byline.clone().unwrap_or_default());
        let date = Some(shown_day(article, clock).map(|day| day.to_string()).unwrap_or_default());
        let source = Some(article.source_name.clone());
        let language = Some(article.language.as_deref().map(languages::name).unwrap_or_default().to_owned());
        Self {
            title_before: title.clone(),
            byline_before: byline.clone(),
            date_before: date.clone(),
            source_before: source.clone(),
            language_before: language.clone(),
            title,
            byline,
            date,
            source,
            language,
            list: None,
            problems: DetailProblems::default(),
        }
    }

    pub fn has_problems(&self) -> bool {
        self.problems != DetailProblems::default()
    }

    /// Returns the fields in their order.
    pub fn fields(&self) -> [DetailField<'_>; 5] {
        let problems = &self.problems;
        let title = ("text", &self.title, &self.title_before);
        let byline = ("text", &self.byline, &self.byline_before);
        let date = ("date", &self.date, &self.date_before);
        let source = ("text", &self.source, &self.source_before);
        let language = ("text", &self.language, &self.language_before);
        [
            DetailField::new("Title", "title", title, "", &problems.title),
            DetailField::new("Byline", "byline", byline, "", &problems.byline),
            DetailField::new("Date", "date", date, "The day it was published.", &problems.date),
            DetailField::new("Source", "source", source, SOURCE_HINT, &problems.source),
            DetailField::new("Language", "language", language, LANGUAGE_HINT, &problems.language),
        ]
    }

    /// Returns what the reader has changed: what differs from the form as it was shown, and from the article as it is now.
    /// Notes what is wrong with the fields. `named` is the source that was typed, or what is wrong with it.
    pub fn parse(&mut self, article: &Article, named: Result<Source, String>, clock: &LocalClock) -> Edits {
        let now = Self::new(article, clock);
        let is_changed = |typed: &Option<String>, before: &Option<String>, now: &Option<String>| {
            let differs = |other: &Option<String>| typed.as_deref().map(str::trim) != other.as_deref().map(str::trim);
            typed.is_some() && differs(now) && (before.is_none() || differs(before))
        };
        let mut edits = Edits::default();
        let problems = &mut self.problems;
        if is_changed(&self.title, &self.title_before, &now.title) {
            note(parse_title(&self.title), &mut edits.title, &mut problems.title);
        }
        if is_changed(&self.byline, &self.byline_before, &now.byline) {
            note(parse_byline(&self.byline), &mut edits.byline, &mut problems.byline);
        }
        if is_changed(&self.date, &self.date_before, &now.date) {
            note(parse_date(&self.date, article, clock), &mut edits.date, &mut problems.date);
        }
        if is_changed(&self.source, &self.source_before, &now.source) {
            note(named.map(|source| source.domain), &mut edits.source, &mut problems.source);
        }
        if is_changed(&self.language, &self.language_before, &now.language) {
            note(parse_language(&self.language), &mut edits.language, &mut problems.language);
        }
        edits
    }
}

const SOURCE_HINT: &str = "Name or domain of a source that is in your library.";
const LANGUAGE_HINT: &str = "Such as German, or de.";

impl<'f> DetailField<'f> {
    fn new(
        label: &'static str,
        name: &'static str,
        (kind, value, before): (&'static str, &'f Option<String>, &'f Option<String>),
        hint: &'static str,
        problem: &'f Option<String>,
    ) -> Self {
        let (value, before) = (value.as_deref().unwrap_or_default(), before.as_deref());
        Self { label, name, kind, value, before, hint, problem: problem.as_deref() }
    }

    /// Returns the ids of what describes the field.
    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("detail-{}-hint", self.name));
        let problem = self.problem.map(|_| format!("detail-{}-problem", self.name));
        [hint, problem].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Returns the publisher's values of what was edited, in words.
pub(crate) fn originals(edits: &[Edit], clock: &LocalClock) -> Vec<Original> {
    let original = |edit: &Edit| {
        let value = edit.original.as_deref();
        let (label, value) = match edit.detail {
            Detail::Title => ("Original title", value.map(str::to_owned)),
            Detail::Byline => ("Original byline", value.map(str::to_owned)),
            Detail::Date => ("Original date", value.and_then(DateValue::parse).map(|date| format_day(date, clock))),
            Detail::Source => ("Original source", value.map(str::to_owned)),
            Detail::Language => ("Original language", value.map(|code| languages::name(code).to_owned())),
        };
        Original { label, value: value.unwrap_or_else(|| "none".to_owned()), detail: edit.detail.as_str() }
    };
    edits.iter().map(original).collect()
}

fn format_day(date: DateValue, clock: &LocalClock) -> String {
    dates::format_date(date.day.unwrap_or_else(|| clock.date(date.at)))
}

/// Returns the day that the article's page shows.
fn shown_day(article: &Article, clock: &LocalClock) -> Option<Date> {
    article
        .published_date
        .filter(|_| article.published_at.is_some())
        .or_else(|| article.published_at.map(|at| clock.date(at.as_second())))
}

fn note<T>(parsed: Result<T, String>, value: &mut Option<T>, problem: &mut Option<String>) {
    match parsed {
        Ok(parsed) => *value = Some(parsed),
        Err(reason) => *problem = Some(reason),
    }
}

/// Returns a line of text with single spaces; `None` if it is empty.
fn parse_line(text: &Option<String>, name: &str) -> Result<Option<String>, String> {
    let line = text.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
    match line.chars().count() {
        0 => Ok(None),
        1..=MAX_CHARS => Ok(Some(line)),
        length => Err(format!("This {name} has {length} characters. Shorten it to {MAX_CHARS}.")),
    }
}

fn parse_title(title: &Option<String>) -> Result<String, String> {
    parse_line(title, "title")?.ok_or_else(|| "An article needs a title.".to_owned())
}

fn parse_byline(byline: &Option<String>) -> Result<Option<String>, String> {
    parse_line(byline, "byline")
}

fn parse_date(date: &Option<String>, article: &Article, clock: &LocalClock) -> Result<Option<Date>, String> {
    let text = date.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    let shown = truncate_for_display(text);
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    let day = day.ok_or_else(|| format!("“{shown}” isn’t a date. Write it as year-month-day, such as 2026-03-04."))?;
    let received = clock.date(article.received_at.as_second());
    if day > received {
        return Err(format!(
            "{} is after the day on which the article was saved, {}. Choose an earlier day.",
            dates::format_date(day),
            dates::format_date(received)
        ));
    }
    if day.year() < 1000 {
        return Err(format!("“{shown}” is too long ago. Give a year from 1000 on."));
    }
    Ok(Some(day))
}

fn parse_language(language: &Option<String>) -> Result<Option<String>, String> {
    let text = language.as_deref().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    languages::parse(text).map(Some).ok_or_else(|| {
        let shown = truncate_for_display(text);
        format!(
            "No language called “{shown}” is known. Write its English name, such as German, or its code, such as de."
        )
    })
}
