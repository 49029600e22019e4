//! `broadsheet extract`: extracts an article and prints it. Needs no data folder.

mod batch;
mod output;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use broadsheet::ingest::failures;
use broadsheet::ingest::fetch::{self, Document, Fetcher, Resolver};
use broadsheet::ops::config::Settings;
use encoding_rs::Encoding;
use extract::{Article, InlineImage, Markup};
use url::Url;

use output::Format;

/// The options of the command.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Saved page (.html, .html.gz), text file (.txt, .md), - for standard input, or the URL of a page.
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
    #[arg(long, value_parser = parse_charset, value_name = "NAME")]
    charset: Option<&'static Encoding>,
    /// Extract every page listed in a file, one JSON object per line (set, id, url, path); print one JSON line for
    /// each.
    ///
    /// Without a path, the page is pages/SET/ID.html or .html.gz, relative to that file. In the output, micros is the
    /// CPU time of the extraction alone, without reading the file.
    #[arg(long, conflicts_with = "form", value_name = "MANIFEST.jsonl")]
    batch: Option<PathBuf>,
}

pub async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let url = options.url.as_deref().map(parse_url).transpose()?;
    let reader = PageReader { url, charset: options.charset };
    if let Some(manifest) = &options.batch {
        return batch::run(manifest, &reader);
    }
    let input = options.input.as_deref().unwrap_or("-");
    let page = if input == "-" || is_file_name(input) {
        reader.read_file(input)?
    } else {
        reader.fetch(settings, input).await?
    };
    let article = page.extract();
    anyhow::ensure!(!article.is_cut_off, "{input}: {}", failures::too_long_message());
    if article.text.is_empty() {
        let reason = if article.needs_javascript { " It needs JavaScript." } else { "" };
        anyhow::bail!("{input}: No text found on this page.{reason}");
    }
    let inline_images = page.inline_images(&article);
    print(&output::format_article(&article, page.url.as_ref(), inline_images, options.format()))
}

impl Options {
    fn format(&self) -> Format {
        match (self.json, self.html, self.markdown) {
            (true, ..) => Format::Json,
            (_, true, _) => Format::Html,
            (_, _, true) => Format::Markdown,
            _ => Format::Text,
        }
    }
}

/// Reads pages, with the options that apply to all of them.
struct PageReader {
    url: Option<Url>,
    charset: Option<&'static Encoding>,
}

/// A page to extract.
struct Page {
    document: Document,
    url: Option<Url>,
}

impl PageReader {
    /// Reads a file, decompressing `.gz`; `-` is standard input.
    fn read_file(&self, name: &str) -> anyhow::Result<Page> {
        let bytes = read_bytes(name).with_context(|| format!("can't read {name}"))?;
        check_is_page(name, &bytes)?;
        Ok(self.decode(&bytes, content_type_from_name(name), self.url.clone()))
    }

    /// Fetches a page.
    async fn fetch(&self, settings: &Settings, input: &str) -> anyhow::Result<Page> {
        anyhow::ensure!(self.url.is_none(), "--url is for saved pages only, and {input} is itself a URL.");
        let url = parse_url(input)?;
        let fetcher = Fetcher::new(super::open_app::fetch_policy(settings)?, Resolver::system())?;
        let page =
            fetcher.fetch_page(&url).await.map_err(|error| anyhow::anyhow!("{input}: {}", error.user_message()))?;
        if self.charset.is_none() {
            return Ok(Page { document: page.document, url: Some(page.url) });
        }
        Ok(self.decode(&page.bytes, page.content_type.as_deref(), Some(page.url)))
    }

    fn decode(&self, bytes: &[u8], content_type: Option<&str>, url: Option<Url>) -> Page {
        let document = match self.charset {
            Some(charset) => fetch::decode_as(bytes, content_type, charset),
            None => fetch::decode(bytes, content_type),
        };
        Page { document, url }
    }
}

impl Page {
    fn extract(&self) -> Article {
        extract::article(&self.as_extract_page())
    }

    /// Returns the images that the page contains itself, if the article shows any.
    fn inline_images(&self, article: &Article) -> Vec<InlineImage> {
        let is_inline = |image: &extract::Image| extract::is_inline_image(image.url.as_str());
        if article.images.iter().any(is_inline) { extract::inline_images(&self.as_extract_page()) } else { Vec::new() }
    }

    fn as_extract_page(&self) -> extract::Page<'_> {
        let now = jiff::Timestamp::now();
        extract::Page { source: self.document.as_source(), url: self.url.as_ref(), now, rules: &[] }
    }
}

/// Returns whether the input is a file rather than a URL.
fn is_file_name(input: &str) -> bool {
    let endings = [".html", ".htm", ".xhtml", ".xht", ".txt", ".md", ".gz"];
    Path::new(input).exists()
        || !input.contains("://") && endings.iter().any(|ending| input.to_lowercase().ends_with(ending))
}

/// Accepts the same content types as the fetcher. Empty files pass: they get the error for pages without text.
fn check_is_page(name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    const HEAD: usize = 4096;
    let head = &bytes[..bytes.len().min(HEAD)];
    match fetch::check_is_page(head, content_type_from_name(name)) {
        Err(fetch::Error::NotAPage { kind }) if !bytes.trim_ascii().is_empty() => {
            anyhow::bail!("{name} is {kind}, not a page.")
        }
        _ => Ok(()),
    }
}

fn read_bytes(name: &str) -> std::io::Result<Vec<u8>> {
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

/// Returns the content type that a server would send.
fn content_type_from_name(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    if name.ends_with(".html") || name.ends_with(".htm") {
        return Some("text/html");
    }
    if name.ends_with(".xhtml") || name.ends_with(".xht") {
        return Some("application/xhtml+xml");
    }
    if name.ends_with(".txt") {
        return Some("text/plain");
    }
    Markup::from_file_name(name).map(Markup::media_type)
}

fn parse_url(text: &str) -> anyhow::Result<Url> {
    fetch::parse_url(text).map_err(|error| anyhow::anyhow!(error.user_message()))
}

fn parse_charset(name: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label_no_replacement(name.as_bytes())
        .ok_or_else(|| "Unknown charset. Use a name such as utf-8, windows-1252 or shift_jis.".to_owned())
}

/// Prints the output. Ignores a closed pipe (`| head`).
fn print(text: &str) -> anyhow::Result<ExitCode> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("writing the output"),
        _ => Ok(ExitCode::SUCCESS),
    }
}
