//! Notices on pages that are not complete articles, and `POST /article/{id}/dismiss-notice`.

use axum::Form;
use axum::response::Redirect;
use extract::Verdict;

use crate::library::articles::{Article, versions};
use crate::library::imports::ImportState;
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::article_id::ArticleId;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Reader, Result};

/// A notice above an article. Only helpful actions are offered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PageNotice {
    pub text: String,
    /// Offers to paste the full text.
    pub offers_paste: bool,
    /// Offers to add another link.
    pub offers_link: bool,
    /// URL of the original, and the label of its link.
    pub original: Option<(String, &'static str)>,
}

/// A short notice in the list of imports, with the next step as URL and label.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ImportNotice {
    pub text: &'static str,
    pub next_step: Option<(String, &'static str)>,
}

/// The notices for a kind of page.
struct KindNotice {
    import_text: &'static str,
    text: &'static str,
    offers_paste: bool,
    offers_link: bool,
    /// Label of the link to the original.
    original_label: &'static str,
}

/// Returns the notice for an article, unless it is complete or the notice was dismissed.
pub(crate) fn page_notice(article: &Article) -> Option<PageNotice> {
    if article.state.deleted || article.is_notice_dismissed {
        return None;
    }
    let Some(KindNotice { text, offers_paste, offers_link, original_label, .. }) = kind_notice(article.verdict) else {
        return missing_pages_notice(article);
    };
    let is_http = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let original = article.url.clone().filter(|url| is_http(url)).map(|url| (url, original_label));
    Some(PageNotice { text: text.to_owned(), offers_paste, offers_link, original })
}

/// Returns whether the article is complete as far as known, or its notice was dismissed.
pub(crate) fn is_complete(article: &Article) -> bool {
    article.is_notice_dismissed || kind_notice(article.verdict).is_none() && article.next_page.is_none()
}

/// Returns the notice for a finished import.
pub(crate) fn import_notice(state: &ImportState) -> Option<ImportNotice> {
    let ImportState::Done { article_id: Some(article), verdict, .. } = state else { return None };
    let kind = kind_notice(*verdict)?;
    let next_step = match kind {
        KindNotice { offers_paste: true, .. } => Some((format!("/import?article={article}#text"), "Paste full text")),
        KindNotice { offers_link: true, .. } => Some(("/import".to_owned(), "Add a link")),
        _ => None,
    };
    Some(ImportNotice { text: kind.import_text, next_step })
}

fn kind_notice(verdict: Verdict) -> Option<KindNotice> {
    let (import_text, text, [offers_paste, offers_link], original_label) = match verdict {
        Verdict::Paywalled => (
            "Only the start of the article was saved.",
            "Only the start of this article is available without a subscription or login. If you have one, open the \
             original, copy the whole page and paste it here.",
            [true, false],
            "Open original",
        ),
        Verdict::Interstitial => (
            "The site showed a cookie, login or bot check instead of the article.",
            "The site seems to have shown a cookie, login or bot check instead of the article. Open the original, copy the \
             whole page and paste it here.",
            [true, false],
            "Open original",
        ),
        Verdict::Listing => (
            "This is a list, not a single article.",
            "This is a list, not a single article. Add the link of the article you want.",
            [false, true],
            "Open original",
        ),
        Verdict::Video => (
            "Mainly a video; only the text was saved.",
            "This page is mainly a video. Only its text was saved.",
            [false, false],
            "Watch on the site",
        ),
        Verdict::Thread => (
            "A discussion; replies may be missing.",
            "This is a discussion. The replies on this page were saved; others may be missing. To add them, open the \
             discussion, copy the whole page and paste it here.",
            [true, false],
            "Open discussion",
        ),
        Verdict::Product => (
            "A product page, not an article.",
            "This is a product page. See the shop for current prices and options.",
            [false, false],
            "Open product page",
        ),
        Verdict::Document => (
            "One page of a longer document.",
            "This is one page of a longer document. Add the links of the other pages you need.",
            [false, true],
            "Open original",
        ),
        _ => return None,
    };
    Some(KindNotice { import_text, text, offers_paste, offers_link, original_label })
}

/// Returns the notice for an article with pages that could not be fetched.
fn missing_pages_notice(article: &Article) -> Option<PageNotice> {
    let rest = article.next_page.as_ref()?;
    let why = rest.error_message.as_deref().map(|problem| format!(" {problem}")).unwrap_or_default();
    Some(PageNotice {
        text: format!("This article continues on another page, which couldn’t be fetched.{why}"),
        // Pasted text replaces the whole article, and the missing page alone is less than what is there.
        offers_paste: false,
        offers_link: false,
        original: Some((rest.url.clone(), "Continue on the site")),
    })
}

pub(crate) async fn dismiss(reader: Reader, ArticleId(id): ArticleId, Form(origin): Form<Origin>) -> Result<Redirect> {
    if !versions::dismiss_notice(&reader.library, id).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&origin.notice_url(id, ActionResult::NoticeDismissed)))
}
