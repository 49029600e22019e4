//! `broadsheet extract`: prints the article extracted from a page. Needs no data folder.

mod batch;
mod formats;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::ingest::fetch::{self, Document, Fetcher, Resolver};
use broadsheet::ops::config::Settings;
use encoding_rs::Encoding;
use extract::{Article, Source};
use url::Url;

use formats::Form;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub struct Asked {
    /// Saved page (.html, .html.gz), text file (.txt), - for standard input, or the URL of a page.
    #[arg(required_unless_present = "batch", conflicts_with = "batch", value_name = "FILE|-|URL")]
    input: Option<String>,
    /// URL that the saved page came from; links are resolved against it. With --batch, for pages without a URL.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The article, its metadata and the removed parts, as JSON.
    #[arg(long, group = "form")]
    json: bool,
    /// The article as HTML.
    #[arg(long, group = "form")]
    html: bool,
    /// The article as Markdown.
    #[arg(long, group = "form")]
    markdown: bool,
    /// Plain text (default).
    #[arg(long, group = "form")]
    text: bool,
    /// Charset of the page, such as utf-8, overriding what the page declares.
    #[arg(long, value_parser = charset, value_name = "NAME")]
    charset: Option<&'static Encoding>,
    /// Extract every page listed in a file, one JSON object per line (set, id, url, path); print one JSON line for each.
    ///
    /// Without a path, the page is pages/SET/ID.html or .html.gz, relative to that file. In the output, micros is the CPU
    /// time of the extraction alone, without reading the file.
    #[arg(long, conflicts_with = "form", value_name = "MANIFEST.jsonl")]
    batch: Option<PathBuf>,
}

pub async fn run(settings: &Settings, asked: &Asked) -> anyhow::Result<ExitCode> {
    let address = asked.url.as_deref().map(address).transpose()?;
    let reading = Reading { address, charset: asked.charset };
    if let Some(manifest) = &asked.batch {
        return batch::run(manifest, &reading);
    }
    let input = asked.input.as_deref().unwrap_or("-");
    let page = if input == "-" || is_file(input) { reading.file(input)? } else { reading.web(settings, input).await? };
    let article = page.article();
    if article.text.is_empty() {
        anyhow::bail!("{input}: No text found on this page.");
    }
    write(&formats::written(&article, page.address.as_ref(), asked.form()))
}

impl Asked {
    fn form(&self) -> Form {
        match (self.json, self.html, self.markdown) {
            (true, ..) => Form::Json,
            (_, true, _) => Form::Html,
            (_, _, true) => Form::Markdown,
            _ => Form::Text,
        }
    }
}

/// How bytes become pages.
struct Reading {
    address: Option<Url>,
    charset: Option<&'static Encoding>,
}

/// A page that can be extracted.
struct Page {
    document: Document,
    address: Option<Url>,
}

impl Reading {
    /// A file, unpacked if its name says that it is packed; `-` is standard input.
    fn file(&self, name: &str) -> anyhow::Result<Page> {
        let bytes = bytes(name).with_context(|| format!("can't read {name}"))?;
        admit(name, &bytes)?;
        Ok(self.page(&bytes, content_type(name), self.address.clone()))
    }

    /// A page from the web, by the one client and its rules.
    async fn web(&self, settings: &Settings, input: &str) -> anyhow::Result<Page> {
        anyhow::ensure!(self.address.is_none(), "--url is for saved pages only, and {input} is itself a URL.");
        let url = address(input)?;
        let fetcher = Fetcher::new(super::open::policy(settings)?, Resolver::system())?;
        let page =
            fetcher.fetch_page(&url).await.map_err(|error| anyhow::anyhow!("{input}: {}", error.user_message()))?;
        if self.charset.is_none() {
            return Ok(Page { document: page.document, address: Some(page.url) });
        }
        Ok(self.page(&page.bytes, page.content_type.as_deref(), Some(page.url)))
    }

    fn page(&self, bytes: &[u8], content_type: Option<&str>, address: Option<Url>) -> Page {
        let kind = content_type.and_then(|kind| kind.split(';').next());
        let told = self.charset.map(|charset| format!("{}; charset={}", kind.unwrap_or_default(), charset.name()));
        Page { document: fetch::decode(bytes, told.as_deref().or(content_type)), address }
    }
}

impl Page {
    fn article(&self) -> Article {
        let source = match &self.document {
            Document::Html(html) => Source::Html(html),
            Document::Text(text) => Source::Text(text),
        };
        extract::article(&extract::Page { source, url: self.address.as_ref(), now: jiff::Timestamp::now(), rules: &[] })
    }
}

/// A word that names a page of ours rather than one on the web.
fn is_file(input: &str) -> bool {
    let endings = [".html", ".htm", ".txt", ".gz"];
    Path::new(input).exists()
        || !input.contains("://") && endings.iter().any(|ending| input.to_lowercase().ends_with(ending))
}

/// Lets through what the fetcher would: pages and text. What is empty has a sentence of its own, as pages without text have.
fn admit(name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    const HEAD: usize = 4096;
    let head = &bytes[..bytes.len().min(HEAD)];
    match fetch::check_is_page(head, content_type(name)) {
        Err(fetch::Error::NotAPage { kind }) if !bytes.trim_ascii().is_empty() => {
            anyhow::bail!("{name} is {kind}, not a page.")
        }
        _ => Ok(()),
    }
}

fn bytes(name: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match name {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes)?,
        packed if packed.ends_with(".gz") => {
            flate2::read::MultiGzDecoder::new(std::fs::File::open(packed)?).read_to_end(&mut bytes)?
        }
        name => std::fs::File::open(name)?.read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

/// What a server would say of such a file.
fn content_type(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    if name.ends_with(".html") || name.ends_with(".htm") {
        return Some("text/html");
    }
    name.ends_with(".txt").then_some("text/plain")
}

fn address(text: &str) -> anyhow::Result<Url> {
    fetch::parse_url(text).map_err(|error| anyhow::anyhow!(error.user_message()))
}

fn charset(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(name.as_bytes())
        .ok_or_else(|| "Unknown charset. Use a name such as utf-8, windows-1252 or shift_jis.".to_owned())
}

/// Prints the output. Ignores a closed pipe (`| head`).
fn write(answer: &str) -> anyhow::Result<ExitCode> {
    match std::io::stdout().write_all(answer.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("writing the output"),
        _ => Ok(ExitCode::SUCCESS),
    }
}
