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
        Self {
            title: Some(article.title.clone()),
            byline: Some(article.byline.clone().unwrap_or_default()),
            date: Some(shown_day(article, clock).map(|day| day.to_string()).unwrap_or_default()),
            source: Some(article.source_name.clone()),
            language: Some(article.language.as_deref().map(languages::name).unwrap_or_default().to_owned()),
            problems: DetailProblems::default(),
        }
    }

    pub fn has_problems(&self) -> bool {
        self.problems != DetailProblems::default()
    }

    /// Returns the fields in their order.
    pub fn fields(&self) -> [DetailField<'_>; 5] {
        let problems = &self.problems;
        [
            DetailField::new("Title", "title", ("text", &self.title), "", &problems.title),
            DetailField::new("Byline", "byline", ("text", &self.byline), "", &problems.byline),
            DetailField::new("Date", "date", ("date", &self.date), "The day it was published.", &problems.date),
            DetailField::new("Source", "source", ("text", &self.source), SOURCE_HINT, &problems.source),
            DetailField::new("Language", "language", ("text", &self.language), LANGUAGE_HINT, &problems.language),
        ]
    }

    /// Returns what the reader has changed. Notes what is wrong with the fields. `named` is the source that was typed, or
    /// what is wrong with it.
    pub fn parse(&mut self, article: &Article, named: Result<Source, String>, clock: &LocalClock) -> Edits {
        let before = Self::new(article, clock);
        let is_changed = |new: &Option<String>, old: &Option<String>| {
            new.as_deref().is_some_and(|new| Some(new.trim()) != old.as_deref().map(str::trim))
        };
        let mut edits = Edits::default();
        let Self { title, byline, date, source, language, problems } = self;
        if is_changed(title, &before.title) {
            note(parse_title(title), &mut edits.title, &mut problems.title);
        }
        if is_changed(byline, &before.byline) {
            note(parse_byline(byline), &mut edits.byline, &mut problems.byline);
        }
        if is_changed(date, &before.date) {
            note(parse_date(date, article, clock), &mut edits.date, &mut problems.date);
        }
        if is_changed(source, &before.source) {
            note(named.map(|source| source.domain), &mut edits.source, &mut problems.source);
        }
        if is_changed(language, &before.language) {
            note(parse_language(language), &mut edits.language, &mut problems.language);
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
        (kind, value): (&'static str, &'f Option<String>),
        hint: &'static str,
        problem: &'f Option<String>,
    ) -> Self {
        Self { label, name, kind, value: value.as_deref().unwrap_or_default(), hint, problem: problem.as_deref() }
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
