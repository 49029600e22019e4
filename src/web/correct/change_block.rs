//! `POST /article/{id}/blocks`: removes or restores a part of one article at once. The notice that follows has an undo
//! button, and a link to do the same for the whole source, which is previewed first.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use extract::Action;
use serde::Deserialize;

use crate::app::App;
use crate::ingest::article_rules::{self, Confirmation, SaveOutcome};
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::rules;
use crate::web::correct::blocks;
use crate::web::correct::edit_rules;
use crate::web::correct::rule_draft::{RuleDraft, Scope};
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::{Origin, add_parameters};
use crate::web::shell::{Error, Reader, Result};

/// What to remove or restore.
#[derive(Debug, Deserialize)]
pub(crate) struct ChangeForm {
    /// Index of the removed text to restore, in the list below the article.
    removed: Option<usize>,
    #[serde(default)]
    selector: String,
    #[serde(default)]
    action: String,
    /// The list that the reader came from.
    list: Option<String>,
}

pub(crate) async fn change(
    State(app): State<App>,
    reader: Reader,
    ArticleId(id): ArticleId,
    Form(form): Form<ChangeForm>,
) -> Result<Redirect> {
    let (library, origin) = (&reader.library, Origin::parse(form.list.as_deref()));
    let article = articles::find(library, id).await?.filter(edit_rules::can_edit_blocks).ok_or(Error::NotFound)?;
    let draft = match form.removed {
        None => RuleDraft { article: Some(id), selector: form.selector, action: form.action, ..RuleDraft::default() },
        Some(index) => {
            let pages = edit_rules::load_blocks(library, id, app.now()).await?;
            let Some(block) = blocks::find_removed_block(&article, &pages, index) else {
                return Ok(Redirect::to(&add_parameters(&origin.page_url(id, "blocks"), &[("not-found", "")])));
            };
            RuleDraft::for_block(id, block)
        }
    };
    let draft = RuleDraft { scope: Scope::Article, ..draft }.with_list(&origin);
    let Ok(new) = draft.parse(Some(&(id, article.title))) else {
        return Ok(Redirect::to(&draft.preview_url(&article.source_domain)));
    };
    let domain = &article.source_domain;
    if !rules::is_limit_reached(library, domain, &new).await? {
        let saved = article_rules::save(library, domain, (id, &new), Confirmation::Unconfirmed, app.now()).await?;
        if let SaveOutcome::Saved(rule) = saved {
            app.wakeups.images.notify_one();
            return Ok(Redirect::to(&origin.rule_saved_url(id, rule)));
        }
    }
    // The preview says why not.
    Ok(Redirect::to(&draft.preview_url(domain)))
}

/// Returns the notice above an article after a rule was saved there, while the rule exists.
pub(crate) async fn saved_rule_notice(
    library: &Library,
    article: &Article,
    rule: i64,
    origin: &Origin,
) -> sqlx::Result<Option<Notice>> {
    let Some(stored) = rules::find(library, &article.source_domain, rule).await? else { return Ok(None) };
    let verb = match stored.rule.action {
        Action::Keep => "Restored",
        Action::Remove(_) => "Removed",
    };
    let scope = match stored.article_id {
        Some(_) => "in this article".to_owned(),
        None => format!("here and in other articles from {}", article.source_name),
    };
    let same_for_all = || {
        (
            format!("Do this for all of {}", article.source_name),
            origin.add_to(&format!("/article/{}/blocks?for-all={rule}", article.id)),
        )
    };
    Ok(Some(Notice {
        text: format!("{verb} {scope}."),
        undo: Some(UndoForm {
            url: format!("/source/{}/rules/{rule}/delete", stored.domain),
            field: ("article", article.id.to_string()),
            label: "Undo",
            list: origin.value(),
        }),
        link: stored.article_id.map(|_| same_for_all()),
    }))
}
