//! `/import`: adds articles from links, pasted text or files. `/bookmarklet`, also the share target of phones, shows
//! the same form filled in. Showing the form writes nothing.

use std::mem;

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use crate::app::App;
use crate::ingest::extraction::SnapshotPage;
use crate::ingest::feeds::discover;
use crate::ingest::intake::exports::{Export, take_exports};
use crate::ingest::intake::{self, ImportRequest, PasteFormat, RejectedInput, UploadedFile};
use crate::library::Library;
use crate::library::articles;
use crate::library::imports::{self, Accepted, Import, PartlyAccepted};
use crate::web::add::import_problems::Problems;
use crate::web::add::replace_text::{PasteResult, PastedText};
use crate::web::add::{bookmarklet, export_page, import_result};
use crate::web::feeds::follow;
use crate::web::shell::auth::Client;
use crate::web::shell::origin::Origin;
use crate::web::shell::upload;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "import_form.html")]
struct ImportPage {
    layout: Layout,
    form: ImportForm,
    problems: Problems,
    bookmarklet: String,
}

/// The form as filled in. Browsers do not send files back, so they have to be chosen again.
#[derive(Debug, Default)]
pub(crate) struct ImportForm {
    url: String,
    text: String,
    format: PasteFormat,
    original_url: String,
    /// The page itself is meant, also if it has a feed.
    saves_page: bool,
    /// The failed import to replace.
    pub(crate) replaces: Option<i64>,
    /// The article whose text to replace.
    pub(crate) article: Option<i64>,
    /// The list that this article was opened from.
    pub(crate) origin: Origin,
    files: Vec<UploadedFile>,
    /// The files that other services hand out.
    exports: Vec<Export>,
}

#[derive(Deserialize)]
pub(crate) struct ImportQuery {
    #[serde(default)]
    url: String,
    replaces: Option<i64>,
    article: Option<i64>,
    /// The list that the article was opened from.
    list: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    client: Client,
    reader: Reader,
    layout: Layout,
    Query(query): Query<ImportQuery>,
) -> Result<Html<String>> {
    let origin = Origin::parse(query.list.as_deref());
    let mut form = ImportForm { url: query.url, origin, ..ImportForm::default() };
    if let Some(id) = query.replaces
        && let Some(import) = imports::find(&reader.library, id).await?
    {
        form.replaces = Some(id);
        form.fill_from_import(&reader.library, import).await?;
    }
    if let Some(id) = query.article
        && let Some(article) = articles::find(&reader.library, id).await?
    {
        form.original_url = article.url.unwrap_or_default();
        form.article = Some(id);
    }
    crate::web::shell::page(&ImportPage::new(layout, form, &app, &client))
}

/// What the bookmarklet or a phone's share menu sends.
#[derive(Deserialize)]
pub(crate) struct ShareQuery {
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

pub(crate) async fn show_shared(
    State(app): State<App>,
    client: Client,
    mut layout: Layout,
    Query(shared): Query<ShareQuery>,
) -> Result<Html<String>> {
    let form = ImportForm::from(shared);
    if !form.url.is_empty() {
        // The theme switch returns here, so this is the URL of the filled-in form.
        let query_string = form_urlencoded::Serializer::new(String::new()).append_pair("url", &form.url).finish();
        layout.current_url = format!("/import?{query_string}");
    }
    crate::web::shell::page(&ImportPage::new(layout, form, &app, &client))
}

pub(crate) async fn submit(
    State(app): State<App>,
    client: Client,
    reader: Reader,
    layout: Layout,
    request: Request,
) -> Result<Response> {
    let upload = upload::read(request).await;
    let (too_large, too_many, interrupted) = (upload.too_large, upload.too_many, upload.interrupted);
    let mut form = ImportForm::from(upload);
    let parsed = match (too_large, too_many, interrupted) {
        (true, ..) => Err(Problems::too_large()),
        (false, true, _) => Err(Problems::too_many()),
        (false, false, true) => Err(Problems::interrupted()),
        (false, false, false) => form.parse().await,
    };
    let files = export_page::receive(&app, &reader.library, mem::take(&mut form.exports)).await?;
    let show_problems = |form, problems| {
        let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
        let page = ImportPage { problems, ..ImportPage::new(layout.clone(), form, &app, &client) };
        Ok((status, crate::web::shell::page(&page)?).into_response())
    };
    let inputs = match parsed {
        Ok(inputs) if inputs.is_empty() => {
            return Ok(Redirect::to(export_page::page_of(&files)).into_response());
        }
        Ok(inputs) => inputs,
        Err(problems) => return show_problems(form, problems),
    };
    let (inputs, repeated) = intake::drop_repeated(inputs);
    let (requests, rejected) = partition(intake::reject_large_pages(inputs, app.max_page_bytes()));
    if let ([], [rejected], []) = (requests.as_slice(), rejected.as_slice(), files.as_slice()) {
        let problems = Problems::rejected(rejected, &form.text);
        return show_problems(form, problems);
    }
    if let [input] = requests.as_slice()
        && rejected.is_empty()
        && form.may_mean_site(input)
        && let Some(url) = &input.url
        && let Some(page) = follow::ask_which(&app, &reader.library, layout.clone(), url).await?
    {
        return Ok(page);
    }
    if let [input] = requests.as_slice()
        && let Some(paste) =
            PastedText::for_existing_article(&reader.library, input, (form.article, &form.origin), form.replaces)
                .await?
    {
        return match paste.apply(&app, &reader.library).await? {
            PasteResult::Done(redirect) => Ok(redirect.into_response()),
            PasteResult::Conflict(conflict) => Ok(crate::web::shell::page(&conflict.page(layout))?.into_response()),
            PasteResult::NoText(problem) => {
                show_problems(form, Problems { text: Some(problem.to_owned()), ..Problems::default() })
            }
        };
    }
    match enqueue(&app, &reader.library, requests, form.replaces).await {
        Ok(accepted) => import_result::respond(&reader.library, layout, &accepted, (rejected, repeated), files).await,
        Err(error) => import_result::respond_partly(layout, error.downcast::<PartlyAccepted>()?, files),
    }
}

/// Queues the requests. The first one replaces the failed import.
async fn enqueue(
    app: &App,
    library: &Library,
    mut requests: Vec<ImportRequest>,
    replaces: Option<i64>,
) -> anyhow::Result<Vec<Accepted>> {
    if let Some(first) = requests.first_mut() {
        first.replaces = replaces;
    }
    let accepted = intake::enqueue(library, &requests, app.now()).await;
    app.wakeups.imports.notify_one();
    let accepted = accepted?;
    // The same URL is queued already, and its import takes over the pasted text.
    if let (Some(id), Some(Accepted::AlreadyQueued(_))) = (replaces, accepted.first()) {
        imports::delete(library, id).await?;
    }
    Ok(accepted)
}

fn partition(
    inputs: Vec<std::result::Result<ImportRequest, RejectedInput>>,
) -> (Vec<ImportRequest>, Vec<RejectedInput>) {
    let (mut requests, mut rejected) = (Vec::new(), Vec::new());
    for input in inputs {
        match input {
            Ok(input) => requests.push(input),
            Err(input) => rejected.push(input),
        }
    }
    (requests, rejected)
}

impl ImportPage {
    fn new(layout: Layout, form: ImportForm, app: &App, client: &Client) -> Self {
        Self {
            layout,
            form,
            problems: Problems::default(),
            bookmarklet: bookmarklet::javascript_url(&app.access, client.host()),
        }
    }
}

impl ImportForm {
    /// Fills in pasted text that gave no article, to be edited. A fetched page is left out, since it had no text.
    async fn fill_from_import(&mut self, library: &Library, import: Import) -> Result<()> {
        self.original_url = import.url.unwrap_or_default();
        if let Some(snapshot) = import.snapshot_id
            && imports::is_pasted(library, import.id).await?
            && let Some(page) = SnapshotPage::load(library, snapshot).await?
        {
            self.format = PasteFormat::from(page.form());
            self.text = page.into_source();
        }
        Ok(())
    }

    /// Returns whether a link may be that of a site to follow, rather than of an article.
    fn may_mean_site(&self, input: &ImportRequest) -> bool {
        let is_fetched = input.page.is_none() && self.replaces.is_none() && self.article.is_none();
        is_fetched && !self.saves_page && input.url.as_ref().is_some_and(discover::may_be_site)
    }

    /// Returns whether the text field gets the focus.
    const fn focuses_text(&self) -> bool {
        self.replaces.is_some() || self.article.is_some() || !self.text.is_empty()
    }

    /// Parses what was filled in.
    async fn parse(&mut self) -> std::result::Result<Vec<std::result::Result<ImportRequest, RejectedInput>>, Problems> {
        let single = |requests| vec![Ok(requests)];
        match (!self.url.trim().is_empty(), !self.text.trim().is_empty(), !self.files.is_empty()) {
            (true, false, false) => {
                let url = self.url.clone();
                in_background(move || intake::read_urls(&url)).await?.map_err(Problems::url)
            }
            (false, true, false) => {
                let (text, format, original_url) = (self.text.clone(), self.format, self.original_url.clone());
                // A list is one only if nothing says that the text is an article.
                let may_be_list = self.replaces.is_none() && self.article.is_none() && format == PasteFormat::Auto;
                if may_be_list && original_url.trim().is_empty() {
                    let own = text.clone();
                    if let Some(list) = in_background(move || intake::read_pasted_list(&own)).await? {
                        return Ok(list);
                    }
                }
                let read = in_background(move || intake::read_paste(&text, format, &original_url)).await?;
                read.map(single).map_err(Problems::from)
            }
            (false, false, true) => {
                let files = mem::take(&mut self.files);
                let read = move || {
                    let (exports, rest, rejected) = take_exports(files);
                    (exports, rejected.into_iter().map(Err).chain(intake::read_files(rest)).collect())
                };
                let (exports, inputs) = in_background(read).await?;
                self.exports = exports;
                Ok(inputs)
            }
            (false, false, false) => Err(Problems::empty(!self.original_url.trim().is_empty())),
            (url, text, files) => Err(Problems::several(url, text, files)),
        }
    }
}

/// Reads input on a thread for blocking work: 32 MiB of links, or of files whose charset must be detected, take a while.
async fn in_background<T: Send + 'static>(
    read: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, Problems> {
    let problem = || Some("This couldn’t be read. Try again.".to_owned());
    tokio::task::spawn_blocking(read).await.map_err(|_| Problems { files: problem(), ..Problems::default() })
}

impl From<upload::Upload> for ImportForm {
    fn from(upload: upload::Upload) -> Self {
        let mut form = Self { files: upload.files, ..Self::default() };
        for (name, value) in upload.fields {
            match name.as_str() {
                "url" => form.url = value,
                "text" => form.text = value,
                "save" => form.saves_page = value == "page",
                "original_url" => form.original_url = value,
                "replaces" => form.replaces = value.parse().ok(),
                "article" => form.article = value.parse().ok(),
                "list" => form.origin = Origin::parse(Some(&value)),
                "format" => form.format = PasteFormat::parse(&value),
                _ => {}
            }
        }
        form
    }
}

impl From<ShareQuery> for ImportForm {
    /// Phones put the URL in any of the fields, mostly after a title in `text`.
    fn from(shared: ShareQuery) -> Self {
        let url =
            [&shared.url, &shared.text, &shared.title].into_iter().find_map(|text| intake::find_shared_urls(text));
        let url = url.or_else(|| Some(shared.url.trim().to_owned()).filter(|url| !url.is_empty()));
        match url {
            Some(url) => Self { url, ..Self::default() },
            None => Self { text: format!("{}\n\n{}", shared.title, shared.text).trim().to_owned(), ..Self::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefill(url: &str, title: &str, text: &str) -> (String, String) {
        let form = ImportForm::from(ShareQuery { url: url.into(), title: title.into(), text: text.into() });
        (form.url, form.text)
    }

    #[test]
    fn shared_links_and_text_fill_the_right_field() {
        let only_url = |url: &str| (url.to_owned(), String::new());
        assert_eq!(prefill("https://a.example/1", "Title", ""), only_url("https://a.example/1"));
        assert_eq!(prefill("", "Title", "Read this: https://a.example/1"), only_url("https://a.example/1"));
        assert_eq!(prefill("", "https://a.example/1", ""), only_url("https://a.example/1"));
        assert_eq!(prefill("", "", "看看（https://a.example/1）。"), only_url("https://a.example/1"));
        assert_eq!(prefill("a.example/1", "Title", "Words"), only_url("a.example/1"));
        assert_eq!(prefill("", "Title", "Some words."), (String::new(), "Title\n\nSome words.".to_owned()));
        assert_eq!(prefill("", "", ""), (String::new(), String::new()));
    }
}
