//! `POST /settings/stories`: whether marking an article read marks all of its story read.

use axum::Form;
use axum::response::Redirect;
use serde::Deserialize;

use crate::library::stories::{self, ReadingChoice};
use crate::web::shell::{Reader, Result};

#[derive(Debug, Deserialize)]
pub(crate) struct ChoiceForm {
    reads: Reads,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reads {
    Article,
    Story,
}

pub(crate) async fn save(reader: Reader, Form(form): Form<ChoiceForm>) -> Result<Redirect> {
    let choice = match form.reads {
        Reads::Article => ReadingChoice::Article,
        Reads::Story => ReadingChoice::Story,
    };
    stories::set_choice(&reader.library, choice).await?;
    Ok(Redirect::to("/settings#stories"))
}
