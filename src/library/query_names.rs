//! What the names of a query stand for in a library.

use query::{Condition, Kind, Meaning, Named, Names, Setting, Typed};

use crate::library::feeds::folders;
use crate::library::{Library, feeds, sources, tags, topics};

/// Looks up the names of a query, and returns what it means in this library.
///
/// # Errors
/// The database fails.
pub async fn understand(library: &Library, typed: &Typed, setting: &Setting) -> sqlx::Result<Meaning> {
    let mut names = Names::default();
    for named in typed.names() {
        if let Some(condition) = find(library, &named).await? {
            names.insert(named, condition);
        }
    }
    Ok(typed.resolve(&names, setting))
}

async fn find(library: &Library, named: &Named) -> sqlx::Result<Option<Condition>> {
    let name = named.name.trim();
    Ok(match named.kind {
        Kind::Topic => find_topic(library, name).await?.map(|slug| Condition::Topics(vec![slug])),
        Kind::Tag => tags::find(library, &tags::slugify(name)).await?.map(|tag| Condition::Tags(vec![tag.id])),
        Kind::Source => some(find_sources(library, name).await?).map(Condition::Sources),
        Kind::Site => some(sources::list_below(library, &domain(name)).await?).map(Condition::Sources),
        Kind::Feed => some(find_feeds(library, name).await?).map(Condition::Feeds),
        Kind::Folder => some(find_folders(library, name).await?).map(Condition::Folders),
        _ => None,
    })
}

fn some(ids: Vec<i64>) -> Option<Vec<i64>> {
    (!ids.is_empty()).then_some(ids)
}

fn domain(name: &str) -> String {
    let name = name.to_lowercase();
    name.strip_prefix("www.").map_or(name.clone(), str::to_owned)
}

async fn find_topic(library: &Library, name: &str) -> sqlx::Result<Option<String>> {
    let all = topics::list_all(library).await?;
    let slug = name.to_lowercase();
    let by_slug = all.iter().find(|topic| topic.slug == slug);
    let Some(topic) = by_slug.or_else(|| topics::find_by_name(&all, name)) else { return Ok(None) };
    // One that was merged has no articles.
    Ok(topics::find(library, &topic.slug).await?.map(|topic| topic.slug))
}

async fn find_sources(library: &Library, name: &str) -> sqlx::Result<Vec<i64>> {
    if let Some(source) = sources::find(library, &domain(name)).await? {
        return Ok(vec![source.id]);
    }
    Ok(sources::find_by_name(library, name).await?.into_iter().map(|source| source.id).collect())
}

async fn find_feeds(library: &Library, name: &str) -> sqlx::Result<Vec<i64>> {
    let wanted = words::fold(name);
    let fits = |feed: &feeds::Feed| words::fold(feed.display_name()) == wanted || feed.id.to_string() == wanted;
    Ok(feeds::list(library).await?.iter().filter(|feed| fits(feed)).map(|feed| feed.id).collect())
}

async fn find_folders(library: &Library, name: &str) -> sqlx::Result<Vec<i64>> {
    let wanted = words::fold(name);
    let fits = |folder: &folders::Folder| words::fold(&folder.name) == wanted || folder.id.to_string() == wanted;
    Ok(folders::list(library).await?.iter().filter(|folder| fits(folder)).map(|folder| folder.id).collect())
}
