//! `/topics`: what each topic holds, and how much arrived this week and last. With `arrange`, the buttons that order them.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::library::topics::sections::{self, SectionTopic};
use crate::library::topics::{self, TopicSummary, UNSORTED, weeks};
use crate::library::{Library, operations};
use crate::web::browse::index_pages::{DateText, format_newest, format_nonzero};
use crate::web::browse::list_done;
use crate::web::browse::topic_arrangement::NUMBERED;
use crate::web::browse::week_chart::{WeekChart, week_starts};
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::list_url::ListUrl;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "topics.html")]
struct TopicsPage {
    layout: Layout,
    notice: Option<Notice>,
    groups: Vec<Group>,
    hidden: Vec<TopicRow>,
    sections: Vec<SectionTopic>,
    /// The library has no article.
    is_empty: bool,
}

/// A table of topics.
struct Group {
    /// What the fold says; `None`: it is open.
    summary: Option<String>,
    rows: Vec<TopicRow>,
}

struct TopicRow {
    slug: String,
    name: String,
    is_pinned: bool,
    unread: Option<String>,
    articles: String,
    newest: Option<DateText>,
    chart: WeekChart,
}

#[derive(Template)]
#[template(path = "arrange_topics.html")]
struct ArrangePage {
    layout: Layout,
    rows: Vec<ArrangedRow>,
}

/// A topic with its buttons.
struct ArrangedRow {
    slug: String,
    name: String,
    is_pinned: bool,
    /// The key that leads there, after `g`.
    number: Option<usize>,
    can_move_up: bool,
    can_move_down: bool,
    can_pin: bool,
    /// Its button that has the focus.
    focus: &'static str,
}

/// What to show.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TopicsQuery {
    arrange: Option<String>,
    /// The topic whose button was pressed, and which one.
    moved: Option<String>,
    by: Option<String>,
    /// What was just done.
    operation: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Query(query): Query<TopicsQuery>,
) -> Result<Response> {
    let library = &reader.library;
    let topics = topics::list_with_counts(library).await?;
    if query.arrange.is_some() {
        return crate::web::shell::fresh_page(&ArrangePage { layout, rows: arranged_rows(topics, &query) });
    }
    let clock = crate::web::shell::local_clock(&app);
    let is_empty = topics.iter().all(|topic| topic.articles == 0);
    let (hidden, shown): (Vec<_>, Vec<_>) =
        load_rows(library, topics, &clock).await?.into_iter().partition(|(is_hidden, _)| *is_hidden);
    crate::web::shell::fresh_page(&TopicsPage {
        layout,
        notice: find_notice(library, query.operation).await?,
        sections: sections::list(library).await?,
        groups: fold_quiet(shown.into_iter().map(|(_, row)| row).collect()),
        hidden: hidden.into_iter().map(|(_, row)| row).collect(),
        is_empty,
    })
}

/// Returns a row for each topic, and whether it is hidden.
async fn load_rows(
    library: &Library,
    topics: Vec<TopicSummary>,
    clock: &LocalClock,
) -> sqlx::Result<Vec<(bool, TopicRow)>> {
    let weeks = weeks::count_weeks(library, None, week_starts(clock)).await?;
    let most = weeks.iter().map(|weeks| weeks.this_week.max(weeks.last_week)).max().unwrap_or_default();
    let row = |topic: TopicSummary| {
        let weeks = weeks.iter().find(|weeks| weeks.slug == topic.slug);
        let (this_week, last_week) = weeks.map_or((0, 0), |weeks| (weeks.this_week, weeks.last_week));
        let row = TopicRow {
            chart: WeekChart::new(this_week, last_week, most),
            slug: topic.slug,
            name: topic.name,
            is_pinned: topic.is_pinned,
            unread: format_nonzero(topic.unread),
            articles: dates::format_number(topic.articles),
            newest: format_newest(topic.newest_at, clock),
        };
        (topic.is_hidden, row)
    };
    Ok(topics.into_iter().map(row).collect())
}

/// Folds the topics in which nothing arrived for two weeks, unless they are pinned, or all are like that.
fn fold_quiet(rows: Vec<TopicRow>) -> Vec<Group> {
    let (active, quiet): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_pinned || !row.chart.is_empty());
    let summary = match (active.len(), quiet.len()) {
        (0, _) => None,
        (_, 1) => Some("1 quiet topic: nothing new for two weeks".to_owned()),
        (_, count) => Some(format!("{count} quiet topics: nothing new for two weeks")),
    };
    let groups = [Group { summary: None, rows: active }, Group { summary, rows: quiet }];
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

/// Says what was done to a topic, which can be undone; that leads back to this page.
async fn find_notice(library: &Library, operation: Option<i64>) -> sqlx::Result<Option<Notice>> {
    let found = match operation {
        Some(id) => operations::find(library, id).await?,
        None => None,
    };
    let Some(operation) = found else { return Ok(None) };
    let notice = list_done::operation_notice(&operation, &ListUrl::default(), &topics::list_all(library).await?);
    let undo = notice.undo.map(|undo| UndoForm { field: ("page", "/topics".to_owned()), ..undo });
    Ok(Some(Notice { undo, ..notice }))
}

/// Returns the topics that are shown, with the buttons that each can have.
fn arranged_rows(topics: Vec<TopicSummary>, query: &TopicsQuery) -> Vec<ArrangedRow> {
    let shown: Vec<TopicSummary> = topics.into_iter().filter(|topic| !topic.is_hidden).collect();
    let movable = |at: Option<usize>| at.and_then(|at| shown.get(at)).filter(|topic| topic.slug != UNSORTED);
    let row = |at: usize, topic: &TopicSummary| {
        let can_pin = topic.slug != UNSORTED;
        let can_swap =
            |other: Option<&TopicSummary>| can_pin && other.is_some_and(|it| it.is_pinned == topic.is_pinned);
        let (can_move_up, can_move_down) = (can_swap(movable(at.checked_sub(1))), can_swap(movable(Some(at + 1))));
        let focus = match query.by.as_deref().filter(|_| query.moved.as_ref() == Some(&topic.slug)) {
            Some("up") if can_move_up => "up",
            Some("up" | "down") if can_move_down => "down",
            Some("down") if can_move_up => "up",
            Some(_) => "pin",
            None => "",
        };
        ArrangedRow {
            slug: topic.slug.clone(),
            name: topic.name.clone(),
            is_pinned: topic.is_pinned,
            number: (at < NUMBERED).then_some(at + 1),
            can_move_up,
            can_move_down,
            can_pin,
            focus,
        }
    };
    shown.iter().enumerate().map(|(at, topic)| row(at, topic)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(slug: &str, is_pinned: bool) -> TopicSummary {
        let name = slug.to_uppercase();
        TopicSummary { slug: slug.into(), name, is_pinned, is_hidden: false, articles: 0, unread: 0, newest_at: None }
    }

    #[test]
    fn topics_move_among_those_that_are_pinned_like_them_and_unsorted_stays() {
        let topics = vec![topic("a", true), topic("b", false), topic("c", false), topic(UNSORTED, false)];
        let query = TopicsQuery { moved: Some("c".into()), by: Some("down".into()), ..TopicsQuery::default() };
        let rows = arranged_rows(topics, &query);
        let buttons: Vec<_> = rows.iter().map(|row| (row.can_move_up, row.can_move_down, row.can_pin)).collect();
        assert_eq!(buttons, [(false, false, true), (false, true, true), (true, false, true), (false, false, false)]);
        let focus: Vec<_> = rows.iter().map(|row| row.focus).collect();
        assert_eq!(focus, ["", "", "up", ""], "the way down has ended");
    }

    #[test]
    fn quiet_topics_are_folded_unless_all_are_quiet() {
        let row = |name: &str, is_pinned, this_week| TopicRow {
            slug: name.into(),
            name: name.into(),
            is_pinned,
            unread: None,
            articles: "0".into(),
            newest: None,
            chart: WeekChart::new(this_week, 0, 9),
        };
        let fold = |rows: Vec<TopicRow>| -> Vec<(bool, usize)> {
            fold_quiet(rows).iter().map(|group| (group.summary.is_some(), group.rows.len())).collect()
        };
        assert_eq!(fold(vec![row("a", false, 1), row("b", false, 0), row("c", true, 0)]), [(false, 2), (true, 1)]);
        assert_eq!(fold(vec![row("a", false, 0), row("b", false, 0)]), [(false, 2)]);
        assert_eq!(fold(Vec::new()), []);
    }
}
