//! The reader's order of topics: `POST /topic/{slug}/arrange` pins and moves, and `/topics/3` leads to the third topic, for the
//! keys `g 3`.

use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use serde::Deserialize;

use crate::library::topics;
use crate::library::topics::arrangement::{self, Direction};
use crate::web::browse::topic_view::topic_url;
use crate::web::shell::{Error, Reader, Result};

/// Topics that a key leads to: `g 1` to `g 9`.
pub(crate) const NUMBERED: usize = 9;

#[derive(Debug, Deserialize)]
pub(crate) struct ArrangeForm {
    action: Arrangement,
}

/// A button of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Arrangement {
    Pin,
    Unpin,
    Up,
    Down,
}

impl Arrangement {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Pins or moves a topic. The page that is shown then has the focus where it was.
pub(crate) async fn arrange(
    reader: Reader,
    Path(slug): Path<String>,
    Form(form): Form<ArrangeForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let topic = topics::find_editable(library, &slug).await?.ok_or(Error::NotFound)?;
    match form.action {
        Arrangement::Pin => arrangement::set_pinned(library, &topic.slug, true).await?,
        Arrangement::Unpin => arrangement::set_pinned(library, &topic.slug, false).await?,
        Arrangement::Up => drop(arrangement::move_one(library, &topic.slug, Direction::Up).await?),
        Arrangement::Down => drop(arrangement::move_one(library, &topic.slug, Direction::Down).await?),
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("arrange", "1")
        .append_pair("moved", &topic.slug)
        .append_pair("by", form.action.as_str())
        .finish();
    Ok(Redirect::to(&format!("/topics?{query}")))
}

/// Leads to the topic with this number in the reader's order, else to all topics.
pub(crate) async fn go_to(reader: Reader, Path(number): Path<String>) -> Result<Redirect> {
    let number =
        number.parse::<usize>().ok().filter(|number| (1..=NUMBERED).contains(number)).ok_or(Error::NotFound)?;
    let topics = topics::list_shown(&reader.library).await?;
    Ok(Redirect::to(&topics.get(number - 1).map_or_else(|| "/topics".to_owned(), |topic| topic_url(&topic.slug))))
}
