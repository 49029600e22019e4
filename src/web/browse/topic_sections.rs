//! `POST /topics/sections`: World, Local and Opinion as topics. Begins and ends to sort into one of them, and moves articles that
//! are here already.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use classify::wide_sections::WideSection;
use serde::Deserialize;

use crate::app::App;
use crate::library::articles::changes::{BulkAction, TopicChange, TopicEdit};
use crate::library::operations;
use crate::library::topics::Topic;
use crate::library::topics::sections::{self, SectionTopic};
use crate::web::browse::bulk::{self, MAX_UNCONFIRMED};
use crate::web::browse::operation_words;
use crate::web::shell::confirm_page::ConfirmPage;
use crate::web::shell::{Error, Layout, Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct SectionForm {
    section: String,
    action: SectionAction,
    /// The reader has confirmed to move so many.
    confirmed: Option<String>,
}

/// A button of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SectionAction {
    Begin,
    End,
    /// Move articles that are here already.
    File,
}

pub(crate) async fn change(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Form(form): Form<SectionForm>,
) -> Result<Response> {
    let library = &reader.library;
    let section = WideSection::from_slug(&form.section).ok_or(Error::NotFound)?;
    let known = sections::list(library).await?.into_iter().find(|known| known.section == section);
    let taker = known.and_then(|known: SectionTopic| known.topic.zip(known.taken_by));
    let operation = match (form.action, taker) {
        (SectionAction::Begin, None) => {
            operations::begin_section(library, section, app.now()).await?.map(|(operation, _)| operation)
        }
        (SectionAction::End, Some((topic, slug))) => {
            let what = TopicEdit::EndSections { section: section.slug().to_owned() };
            operations::change_topic(library, &Topic { slug, ..topic }, what, app.now()).await?
        }
        (SectionAction::File, Some((topic, slug))) => {
            let articles = sections::list_articles(library, section, &topic.slug).await?;
            if articles.len() > MAX_UNCONFIRMED && form.confirmed.is_none() {
                return confirm(layout, section, &topic, articles.len());
            }
            let what = TopicEdit::FileBySection;
            let action = BulkAction::ChangeTopic(TopicChange { slug, name: topic.name, what });
            Some(operations::start(library, &action, None, &articles, app.now()).await?)
        }
        // It is like that already.
        (SectionAction::Begin, Some(_)) | (SectionAction::End | SectionAction::File, None) => None,
    };
    let Some(operation) = operation else { return Ok(Redirect::to("/topics").into_response()) };
    bulk::run(&app, library, operation).await?;
    Ok(Redirect::to(&format!("/topics?operation={operation}")).into_response())
}

/// Asks before many articles move, and says how many.
fn confirm(layout: Layout, section: WideSection, topic: &Topic, articles: usize) -> Result<Response> {
    let count = operation_words::count(i64::try_from(articles)?);
    let page = ConfirmPage {
        layout,
        heading: format!("Move {count} to “{}”?", topic.name),
        text: "Their publishers filed them there, and nothing more particular is known of them. You can undo this for 30 days."
            .to_owned(),
        action: "/topics/sections".to_owned(),
        fields: vec![
            ("section", section.slug().to_owned()),
            ("action", "file".to_owned()),
            ("confirmed", "yes".to_owned()),
        ],
        button: "Move articles".to_owned(),
        cancel_url: "/topics".to_owned(),
    };
    Ok(page.show()?.into_response())
}
