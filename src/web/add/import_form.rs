//! `/import`: hands in an address, a pasted page or text, or files. `/bookmarklet`, which is also where a telephone shares
//! to, shows the same form filled in. Showing it writes nothing; only sending it does.

use std::mem;

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use crate::app::App;
use crate::ingest::extraction::SnapshotPage;
use crate::ingest::intake::{self, ImportRequest, PasteError, PasteFormat, RejectedInput, UploadedFile};
use crate::library::Library;
use crate::library::articles;
use crate::library::imports::{self, Accepted, Import};
use crate::web::add::replace_text::{self, Taken};
use crate::web::add::{bookmarklet, import_status, upload};
use crate::web::shell::auth::Caller;
use crate::web::shell::{Layout, Reader, Result};

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    layout: Layout,
    form: ImportForm,
    problems: Problems,
    bookmarklet: String,
}

/// The form as it was filled in. A browser does not send files back, so they are chosen anew.
#[derive(Debug, Default)]
pub(crate) struct ImportForm {
    address: String,
    page: String,
    kind: PasteFormat,
    pasted_address: String,
    /// The failed import that this replaces.
    pub(crate) from: Option<i64>,
    /// The article whose text this is.
    pub(crate) article: Option<i64>,
    files: Vec<UploadedFile>,
}

/// What is wrong, by field.
#[derive(Debug, Default, PartialEq, Eq)]
struct Problems {
    address: Option<String>,
    page: Option<String>,
    pasted_address: Option<String>,
    files: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Prefilled {
    #[serde(default)]
    address: String,
    from: Option<i64>,
    article: Option<i64>,
}

pub(crate) async fn show(
    State(app): State<App>,
    caller: Caller,
    reader: Reader,
    layout: Layout,
    Query(given): Query<Prefilled>,
) -> Result<Html<String>> {
    let mut form = ImportForm { address: given.address, ..ImportForm::default() };
    if let Some(id) = given.from
        && let Some(import) = imports::find(&reader.library, id).await?
    {
        form.from = Some(id);
        form.take_up(&reader.library, import).await?;
    }
    if let Some(id) = given.article
        && let Some(article) = articles::find(&reader.library, id).await?
    {
        form.pasted_address = article.url.unwrap_or_default();
        form.article = Some(id);
    }
    crate::web::shell::page(&ImportPage::new(layout, form, &app, &caller))
}

/// What a bookmark or a sharing telephone sends.
#[derive(Deserialize)]
pub(crate) struct Shared {
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

pub(crate) async fn shared(
    State(app): State<App>,
    caller: Caller,
    mut layout: Layout,
    Query(shared): Query<Shared>,
) -> Result<Html<String>> {
    let form = ImportForm::from(shared);
    if !form.address.is_empty() {
        // The same page as the menu leads to, filled in.
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("address", &form.address).finish();
        layout.here = format!("/import?{query}");
    }
    crate::web::shell::page(&ImportPage::new(layout, form, &app, &caller))
}

pub(crate) async fn hand_in(
    State(app): State<App>,
    caller: Caller,
    reader: Reader,
    layout: Layout,
    request: Request,
) -> Result<Response> {
    let upload = upload::read(request).await;
    let (too_large, broken_off) = (upload.too_large, upload.broken_off);
    let mut form = ImportForm::from(upload);
    let problems = match (too_large, broken_off) {
        (true, _) => Err(Problems::too_large()),
        (false, true) => Err(Problems::broken_off()),
        (false, false) => form.read().await,
    };
    let again = |form, problems| {
        let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
        let page = ImportPage { problems, ..ImportPage::new(layout.clone(), form, &app, &caller) };
        Ok((status, crate::web::shell::page(&page)?).into_response())
    };
    let read = match problems {
        Ok(read) => read,
        Err(problems) => return again(form, problems),
    };
    let (ready, refused) = part(read);
    if let ([], [refused]) = (ready.as_slice(), refused.as_slice()) {
        return again(form, Problems::of_file(refused));
    }
    if let [one] = ready.as_slice()
        && let Some(paste) = replace_text::Paste::of(&reader.library, one, form.article, form.from).await?
    {
        return match paste.take(&app, &reader.library).await? {
            Taken::Done(redirect) => Ok(redirect.into_response()),
            Taken::Asks(known) => Ok(crate::web::shell::page(&known.page(layout))?.into_response()),
            Taken::NothingToRead(problem) => {
                again(form, Problems { page: Some(problem.to_owned()), ..Problems::default() })
            }
        };
    }
    let accepted = accept(&app, &reader.library, ready, form.from).await?;
    answer(&reader.library, layout, &accepted, refused).await
}

/// Puts into the queue what can be imported; the first is what begins a failed import anew.
async fn accept(
    app: &App,
    library: &Library,
    mut ready: Vec<ImportRequest>,
    replaces: Option<i64>,
) -> Result<Vec<Accepted>> {
    if let Some(first) = ready.first_mut() {
        first.replaces = replaces;
    }
    let accepted = intake::enqueue(library, &ready, app.now()).await?;
    app.wakeups.imports.notify_one();
    // The same address waits already, and takes the pasted page along.
    if let (Some(id), Some(Accepted::AlreadyQueued(_))) = (replaces, accepted.first()) {
        imports::delete(library, id).await?;
    }
    Ok(accepted)
}

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage {
    layout: Layout,
    summary: String,
    /// Something else was accepted.
    others: bool,
    refused: Vec<RejectedInput>,
}

async fn answer(
    library: &Library,
    layout: Layout,
    accepted: &[Accepted],
    refused: Vec<RejectedInput>,
) -> Result<Response> {
    let already = accepted.iter().filter(|accepted| matches!(accepted, Accepted::ArticleExists { .. })).count();
    let new = accepted.len() - already;
    if !refused.is_empty() {
        let summary = summary(new, already, refused.len());
        return Ok(crate::web::shell::page(&RefusedPage { layout, summary, others: new > 0, refused })?.into_response());
    }
    Ok(match accepted {
        [one] => import_status::follow(library, *one).await?.into_response(),
        _ => Redirect::to(&format!("/imports?accepted={new}&already={already}")).into_response(),
    })
}

/// `12 queued, 1 already saved, 2 rejected.`
pub(crate) fn summary(accepted: usize, already: usize, refused: usize) -> String {
    let counts = [(accepted, "queued"), (already, "already saved"), (refused, "rejected")];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = some.map(|(count, what)| format!("{count} {what}")).collect();
    if words.is_empty() { "Nothing to add.".to_owned() } else { format!("{}.", words.join(", ")) }
}

fn part(read: Vec<std::result::Result<ImportRequest, RejectedInput>>) -> (Vec<ImportRequest>, Vec<RejectedInput>) {
    let (mut ready, mut refused) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(one) => ready.push(one),
            Err(one) => refused.push(one),
        }
    }
    (ready, refused)
}

impl ImportPage {
    fn new(layout: Layout, form: ImportForm, app: &App, caller: &Caller) -> Self {
        Self {
            layout,
            form,
            problems: Problems::default(),
            bookmarklet: bookmarklet::script(&app.access, caller.host()),
        }
    }
}

impl ImportForm {
    /// What was handed in and gave no article is there to be corrected. A page that was fetched is not: it had no text.
    async fn take_up(&mut self, library: &Library, import: Import) -> Result<()> {
        self.pasted_address = import.url.unwrap_or_default();
        if let Some(snapshot) = import.snapshot_id
            && imports::is_pasted(library, import.id).await?
            && let Some(page) = SnapshotPage::load(library, snapshot).await?
        {
            self.kind = PasteFormat::from(page.form());
            self.page = page.into_source();
        }
        Ok(())
    }

    /// It is the text that is asked for, so the page begins there.
    const fn wants_text(&self) -> bool {
        self.from.is_some() || self.article.is_some() || !self.page.is_empty()
    }

    /// Whatever was filled in, read; or what is wrong with it.
    async fn read(&mut self) -> std::result::Result<Vec<std::result::Result<ImportRequest, RejectedInput>>, Problems> {
        let one = |ready| vec![Ok(ready)];
        match (!self.address.trim().is_empty(), !self.page.trim().is_empty(), !self.files.is_empty()) {
            (true, false, false) => intake::read_urls(&self.address).map_err(Problems::address),
            (false, true, false) => {
                intake::read_paste(&self.page, self.kind, &self.pasted_address).map(one).map_err(Problems::from)
            }
            (false, false, true) => {
                let files = mem::take(&mut self.files);
                // Detecting the charsets of 32 MiB takes a while.
                let read = tokio::task::spawn_blocking(move || intake::read_files(files)).await;
                read.map_err(|_| Problems {
                    files: Some("These files couldn’t be read. Try again.".into()),
                    ..Problems::default()
                })
            }
            (false, false, false) => Err(Problems::nothing(!self.pasted_address.trim().is_empty())),
            (address, page, files) => Err(Problems::several(address, page, files)),
        }
    }
}

impl From<upload::Upload> for ImportForm {
    fn from(upload: upload::Upload) -> Self {
        let mut form = Self { files: upload.files, ..Self::default() };
        for (name, value) in upload.fields {
            match name.as_str() {
                "address" => form.address = value,
                "page" => form.page = value,
                "pasted_address" => form.pasted_address = value,
                "from" => form.from = value.parse().ok(),
                "article" => form.article = value.parse().ok(),
                "kind" => form.kind = PasteFormat::parse(&value),
                _ => {}
            }
        }
        form
    }
}

impl From<Shared> for ImportForm {
    /// Telephones put the address where they like, mostly behind a title in `text`.
    fn from(shared: Shared) -> Self {
        let is_address =
            |word: &&str| word.starts_with("http") && word.contains("://") && intake::read_url(word).is_ok();
        let within = |text: &str| text.split_whitespace().find(is_address).map(str::to_owned);
        let address = match shared.url.trim() {
            "" => within(&shared.text).or_else(|| within(&shared.title)),
            url => Some(url.to_owned()),
        };
        match address {
            Some(address) => Self { address, ..Self::default() },
            None => Self { page: format!("{}\n\n{}", shared.title, shared.text).trim().to_owned(), ..Self::default() },
        }
    }
}

impl From<PasteError> for Problems {
    fn from(bad: PasteError) -> Self {
        match bad {
            PasteError::Page(problem) => Self { page: Some(problem), ..Self::default() },
            PasteError::Url(problem) => Self { pasted_address: Some(problem), ..Self::default() },
        }
    }
}

impl Problems {
    fn address(problem: String) -> Self {
        Self { address: Some(problem), ..Self::default() }
    }

    fn of_file(refused: &RejectedInput) -> Self {
        Self { files: Some(format!("{}: {}", refused.name, refused.problem)), ..Self::default() }
    }

    fn too_large() -> Self {
        let problem = "That’s over 32 MB, so nothing was uploaded. Choose fewer or smaller files.";
        Self { files: Some(problem.to_owned()), ..Self::default() }
    }

    fn broken_off() -> Self {
        let problem = "The upload was interrupted. Try again.";
        Self { files: Some(problem.to_owned()), ..Self::default() }
    }

    fn nothing(has_address_of_page: bool) -> Self {
        if has_address_of_page {
            let problem = "Paste the text, or put the link at the top to fetch it.";
            return Self { page: Some(problem.to_owned()), ..Self::default() };
        }
        Self::address("Enter a link, paste text or choose a file.".to_owned())
    }

    /// Each field that is filled gets its reason.
    fn several(address: bool, page: bool, files: bool) -> Self {
        let says = |is_filled: bool, what: &str| is_filled.then(|| what.to_owned());
        let clear = "To upload files, clear this field.";
        let link = "Use the link or the text, not both. Enter the link of a pasted text below it.";
        Self {
            address: says(address, if page { link } else { clear }),
            page: says(page, if address { "Use the link or the text, not both." } else { clear }),
            pasted_address: None,
            files: says(files, "Upload files on their own. Please choose them again."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(url: &str, title: &str, text: &str) -> (String, String) {
        let form = ImportForm::from(Shared { url: url.into(), title: title.into(), text: text.into() });
        (form.address, form.page)
    }

    #[test]
    fn what_a_telephone_shares_is_put_where_it_belongs() {
        let address = |address: &str| (address.to_owned(), String::new());
        assert_eq!(filled("https://a.example/1", "Title", ""), address("https://a.example/1"));
        assert_eq!(filled("", "Title", "Read this: https://a.example/1"), address("https://a.example/1"));
        assert_eq!(filled("", "https://a.example/1", ""), address("https://a.example/1"));
        assert_eq!(filled("", "Title", "Some words."), (String::new(), "Title\n\nSome words.".to_owned()));
        assert_eq!(filled("", "", ""), (String::new(), String::new()));
    }

    #[test]
    fn a_summary_names_only_what_there_is() {
        assert_eq!(summary(12, 1, 2), "12 queued, 1 already saved, 2 rejected.");
        assert_eq!(summary(0, 3, 0), "3 already saved.");
        assert_eq!(summary(0, 0, 0), "Nothing to add.");
    }
}
