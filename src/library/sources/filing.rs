//! Finds the source of an article.

use std::collections::HashMap;

use sqlx::SqliteConnection;
use url::Url;

use crate::library::Library;
use crate::library::sources::store::{self, Source};
use crate::library::sources::{NewSource, names};
use crate::urls::{display_domain, registrable_domain, strip_www};

/// Finds or adds the source of an article, counts the name it gives itself, and returns the source that it belongs to.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_or_add(
    tx: &mut SqliteConnection,
    new: &NewSource,
    url: Option<&str>,
) -> sqlx::Result<i64> {
    let hosts = filing_hosts(&new.domain, url);
    let host = hosts.first().unwrap_or(&new.domain);
    let given = Some(new.name.as_str()).filter(|name| *name != new.domain && *name != display_domain(&new.domain));
    let id = match store::find_leaf(tx, &hosts).await? {
        Some((id, domain)) => match given {
            Some(name) if domain == new.domain && *host != domain => {
                let known = names::list(tx, id).await?;
                if names::is_other_publication(host, name, &domain, &known) { store::add(tx, host).await? } else { id }
            }
            _ => id,
        },
        None => store::add(tx, &new.domain).await?,
    };
    if let Some(name) = given {
        names::count(tx, id, host, name).await?;
    }
    store::take_best_name(tx, id).await?;
    store::find_root(tx, id).await
}

/// Finds the source that an article from this URL would have.
///
/// # Errors
/// The database fails.
pub async fn find_for_url(library: &Library, domain: &str, url: Option<&Url>) -> sqlx::Result<Option<Source>> {
    let hosts = filing_hosts(domain, url.map(Url::as_str));
    let mut reader = library.readers().acquire().await?;
    let Some((id, _)) = store::find_leaf(&mut reader, &hosts).await? else { return Ok(None) };
    let root = store::find_root(&mut reader, id).await?;
    store::find_by_id(&mut reader, root).await
}

/// Returns the source that articles from this URL were filed under at first, and the one that this is merged into by now.
///
/// # Errors
/// The database fails.
pub async fn find_first_and_current(library: &Library, domain: &str, url: &Url) -> sqlx::Result<Option<(i64, i64)>> {
    let mut reader = library.readers().acquire().await?;
    let Some((id, _)) = store::find_leaf(&mut reader, &filing_hosts(domain, Some(url.as_str()))).await? else {
        return Ok(None);
    };
    Ok(Some((id, store::find_root(&mut reader, id).await?)))
}

/// Finds the source that an article from this URL has, of those in the library.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_by_url(tx: &mut SqliteConnection, url: &str) -> sqlx::Result<Option<i64>> {
    match store::find_leaf(tx, &hosts_of(url)).await? {
        Some((id, _)) => store::find_root(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// Returns those of these articles, given with their URLs, whose URL leads to a source.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn retain_filed(
    tx: &mut SqliteConnection,
    articles: Vec<(i64, String)>,
    source: i64,
) -> sqlx::Result<Vec<i64>> {
    let mut by_hosts = HashMap::new();
    let mut retained = Vec::new();
    for (article, url) in articles {
        let hosts = hosts_of(&url);
        let found = match by_hosts.get(&hosts) {
            Some(found) => *found,
            None => {
                let found = find_by_url(tx, &url).await?;
                by_hosts.insert(hosts, found);
                found
            }
        };
        if found == Some(source) {
            retained.push(article);
        }
    }
    Ok(retained)
}

/// Makes a host a source of its own, apart from the one it is filed under. Returns its id, and the source it was merged into
/// before, if that has changed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn split_off(
    tx: &mut SqliteConnection,
    from: i64,
    host: &str,
) -> sqlx::Result<(i64, Option<i64>)> {
    if let Some((id, _)) = store::find_leaf(tx, &[host.to_owned()]).await? {
        let before = store::find_merged(tx, id).await?;
        store::set_merged(tx, id, before, None).await?;
        return Ok((id, before));
    }
    let id = store::add(tx, host).await?;
    names::move_to(tx, (from, host), id).await?;
    store::take_best_name(tx, id).await?;
    Ok((id, Some(from)))
}

/// Returns the domains of the sources that may have what is at a URL, most specific first.
fn hosts_of(url: &str) -> Vec<String> {
    let Ok(parsed) = Url::parse(url) else { return Vec::new() };
    match registrable_domain(&parsed).or_else(|| parsed.host_str().map(str::to_owned)) {
        Some(domain) if domain.contains('.') => filing_hosts(&domain, Some(url)),
        // One that is called like a source without a website is filed with a dot.
        Some(name) => vec![format!("{name}."), name],
        None => Vec::new(),
    }
}

/// Returns the domains of the sources that may have an article, most specific first: its host, what is above it, down to
/// its domain.
fn filing_hosts(domain: &str, url: Option<&str>) -> Vec<String> {
    let url = url.and_then(|url| Url::parse(url).ok());
    let host = url.as_ref().and_then(Url::host_str).map(|host| strip_www(host.trim_end_matches('.')));
    let mut hosts = Vec::new();
    let mut rest = host.unwrap_or(domain);
    while rest.len() > domain.len() && rest.strip_suffix(domain).is_some_and(|start| start.ends_with('.')) {
        hosts.push(rest.to_owned());
        rest = rest.split_once('.').map_or("", |(_, rest)| rest);
    }
    hosts.push(domain.to_owned());
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_the_sources_of_its_host() {
        for (url, expected) in [
            ("https://www.post.example/1", &["post.example"][..]),
            ("https://a.blog.post.example/1", &["a.blog.post.example", "blog.post.example", "post.example"]),
            ("http://pasted/1", &["pasted.", "pasted"]),
            ("http://192.168.0.7/1", &["192.168.0.7"]),
            ("data:,1", &[]),
        ] {
            assert_eq!(hosts_of(url), expected, "{url}");
        }
    }

    #[test]
    fn an_article_is_filed_under_its_host_or_what_is_above_it() {
        for (domain, url, expected) in [
            ("post.example", Some("https://www.post.example/1"), &["post.example"][..]),
            (
                "post.example",
                Some("https://a.blog.post.example/1"),
                &["a.blog.post.example", "blog.post.example", "post.example"],
            ),
            ("uploaded", None, &["uploaded"]),
            ("pasted.", Some("http://pasted/1"), &["pasted."]),
            ("post.example", Some("https://compost.example/1"), &["post.example"]),
        ] {
            assert_eq!(filing_hosts(domain, url), expected, "{url:?}");
        }
    }
}
