//! The front page: the edition of today, with what was just added and kept articles beside it.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::{SignedDuration, ToSpan as _};

use crate::app::App;
use crate::library::articles::editions::material::{self, Beside, Cards, Wanted};
use crate::library::articles::editions::{self, Composition, Day, closed};
use crate::library::articles::lists::Card;
use crate::library::lanes::{self, Lane, Lanes};
use crate::web::browse::article_card::ArticleCard;
use crate::web::browse::index_pages::format_nonzero;
use crate::web::browse::lane_switch::LaneSwitch;
use crate::web::browse::outage;
use crate::web::edition::read_edition;
use crate::web::edition::view::EditionView;
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Layout, Reader, Result};

/// Articles under "Just added".
const ADDED_SIZE: usize = 6;

/// How long an article counts as just added.
const RECENT: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Articles under "Kept", so that the stream never hides them.
const KEPT_SIZE: usize = 6;

/// Kept articles to choose from, as many may be in the edition already.
const KEPT_CANDIDATES: i64 = 30;

#[derive(Template)]
#[template(path = "front_page.html")]
struct FrontPage {
    layout: Layout,
    today: String,
    date: String,
    unread: String,
    /// What was just done.
    notice: Option<Notice>,
    /// The switch between the lanes, if there are two.
    switch: Option<LaneSwitch>,
    /// Number of unread articles that are kept, if there are any.
    unread_kept: Option<String>,
    added: Vec<ArticleCard>,
    /// Kept articles that are not in the edition, if those of the stream are shown, too.
    kept: Vec<ArticleCard>,
    edition: EditionView,
    /// How many more arrived, and their list.
    more: Option<(String, String)>,
    /// The last edition before.
    previous: Option<(String, String)>,
    /// That nothing could be fetched for a while.
    outage: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let library = &reader.library;
    let setting = lanes::find(library).await?;
    let lanes = setting.shown();
    let clock = crate::web::shell::local_clock(&app);
    let wanted = Wanted {
        lanes,
        added_since: app.now() - RECENT,
        // What was added is kept.
        added: if lanes.includes(Lane::Kept) { i64::try_from(ADDED_SIZE)? } else { 0 },
        kept: if setting.has_stream && lanes == Lanes::Both { KEPT_CANDIDATES } else { 0 },
    };
    let day = Day::current(clock.today(), clock.zone());
    let (composition, beside) = match &day {
        Some(day) => {
            let (material, beside) = material::find(library, day, wanted).await?;
            (editions::compose(&material, day), beside)
        }
        None => Default::default(),
    };
    let kept = choose_kept(&beside, &composition);
    let edition = composition.items.iter().map(|item| item.article);
    let ids: Vec<i64> = edition.chain(beside.added.iter().copied()).chain(kept.iter().copied()).collect();
    let cards = material::find_cards(library, &ids).await?;
    let (previous, _) = closed::find_neighbors(library, clock.today()).await?;
    crate::web::shell::fresh_page(&FrontPage {
        layout,
        today: clock.format_today(),
        date: clock.today().to_string(),
        unread: dates::format_number(beside.unread),
        notice: read_edition::find_notice(library, query.as_deref(), "/").await?,
        switch: setting.has_stream.then(|| LaneSwitch::new(lanes)),
        unread_kept: format_nonzero(beside.unread_kept),
        added: pick(&cards, &beside.added, &clock),
        kept: pick(&cards, &kept, &clock),
        more: describe_more(&composition, &clock),
        edition: EditionView::of_today(&composition, cards, &clock),
        previous: previous.map(|day| (format!("/edition/{day}"), dates::format_weekday(day))),
        outage: outage::find(library, &clock).await?,
    })
}

/// Returns the kept articles that have a part of their own: those that neither the edition nor "Just added" has.
fn choose_kept(beside: &Beside, composition: &Composition) -> Vec<i64> {
    let in_edition = composition.items.iter().map(|item| item.article);
    let shown: HashSet<i64> = in_edition.chain(beside.added.iter().copied()).collect();
    beside.kept.iter().copied().filter(|id| !shown.contains(id)).take(KEPT_SIZE).collect()
}

fn pick(cards: &Cards, ids: &[i64], clock: &LocalClock) -> Vec<ArticleCard> {
    let known: HashMap<i64, &Card> = cards.cards.iter().map(|card| (card.id, card)).collect();
    ids.iter().filter_map(|id| known.get(id)).map(|card| ArticleCard::new((*card).clone(), clock)).collect()
}

/// Says how many more arrived, with the list of all. The edition of today has articles of yesterday, too.
fn describe_more(composition: &Composition, clock: &LocalClock) -> Option<(String, String)> {
    let left_out = i64::try_from(composition.left_out).ok().filter(|left_out| *left_out > 0)?;
    let yesterday = clock.today().checked_sub(1.day()).ok()?;
    Some((dates::count(left_out, "more story", "more stories"), format!("/articles?since={yesterday}")))
}
