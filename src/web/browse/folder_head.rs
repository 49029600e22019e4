//! What stands above the articles of a folder: how many there are, and the folders and feeds in it.

use crate::library::Library;
use crate::library::feeds::folders::{self, Folder};
use crate::library::feeds::limits::Limits;
use crate::library::feeds::{self, Feed, Keep};
use crate::web::browse::list_words::ListKind;
use crate::web::browse::{limit_words, operation_words};
use crate::web::shell::action_notice::Notice;
use crate::web::shell::dates::format_number;

/// What stands above the articles of a folder.
pub(crate) struct FolderHead {
    pub articles: String,
    pub unread: String,
    /// How long the articles of its feeds stay, if that is not for ever.
    pub keep: Option<String>,
    /// The folders around it, the outermost first: names and links.
    pub around: Vec<(String, String)>,
    /// The folders and feeds in it: names, links and unread articles.
    pub inside: Vec<(String, String, Option<String>)>,
    /// Its settings were just saved.
    is_saved: bool,
}

impl FolderHead {
    /// Finds what stands above a list, if it is that of a folder. The query says what was just done.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find(library: &Library, kind: ListKind<'_>, query: &str) -> sqlx::Result<Option<Self>> {
        let ListKind::Folder(id) = kind else { return Ok(None) };
        let (all, feeds) = (folders::list(library).await?, feeds::list(library).await?);
        let Some(folder) = all.iter().find(|folder| folder.id == id) else { return Ok(None) };
        let is_saved = url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "saved");
        Ok(Some(Self { is_saved, ..Self::new(folder, &all, &feeds) }))
    }

    fn new(folder: &Folder, all: &[Folder], feeds: &[Feed]) -> Self {
        let keep = Limits::of(feeds, all).of_folder(folder.id);
        let unread = |count: i64| (count > 0).then(|| format_number(count));
        let mut around = Vec::new();
        let mut next = folder.parent_id;
        while let Some(parent) = all.iter().find(|folder| Some(folder.id) == next).filter(|_| around.len() < all.len())
        {
            around.push((parent.name.clone(), format!("/folder/{}", parent.id)));
            next = parent.parent_id;
        }
        around.reverse();
        let inner = all.iter().filter(|inner| inner.parent_id == Some(folder.id));
        let inner = inner.map(|inner| (inner.name.clone(), format!("/folder/{}", inner.id), unread(inner.unread)));
        let own = feeds.iter().filter(|feed| folder.feeds.contains(&feed.id));
        let own = own.map(|feed| (feed.display_name().to_owned(), format!("/feed/{}", feed.id), unread(feed.unread)));
        Self {
            articles: operation_words::count(folder.articles),
            unread: unread(folder.unread).unwrap_or_else(|| "none".to_owned()),
            keep: (keep != Keep::Forever).then(|| match keep {
                Keep::Newest(_) => format!("keeps {} of each feed", limit_words::describe_keep(keep)),
                _ => format!("keeps articles {}", limit_words::describe_keep(keep)),
            }),
            around,
            inside: inner.chain(own).collect(),
            is_saved: false,
        }
    }

    /// Returns what to say of what was just done.
    pub fn notice(&self) -> Option<Notice> {
        let text = "Settings saved. No article is over the limit today.".to_owned();
        self.is_saved.then_some(Notice { text, undo: None, link: None })
    }
}
