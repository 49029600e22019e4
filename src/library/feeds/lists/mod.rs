//! Lists of feeds (OPML): taken in, and handed out.

mod store;

pub use store::{export, follow_all};

use feeds::opml::{self, ListedFeed, Pause, Settings, WholeText};
use jiff::Timestamp;

use crate::library::feeds::Keep;
use crate::library::feeds::{Feed, FeedSettings, NamedBy, NewFeed, TextFrom};

/// How many feeds of a list were new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FollowedList {
    /// Followed from now on.
    pub new: usize,
    /// Followed already; they are put into the folders of the list, too.
    pub known: usize,
}

/// Returns the feed of a list as one to follow.
fn to_new_feed(listed: &ListedFeed) -> NewFeed {
    let Settings { pause, newest, never_unread, whole_text, keep, links } = &listed.settings;
    NewFeed {
        url: listed.url.clone(),
        title: listed.name.clone(),
        site_url: listed.site_link.clone(),
        named_by: NamedBy::File,
        settings: FeedSettings {
            name: None,
            paused_until: pause.map(end_of_pause),
            newest: *newest,
            never_unread: *never_unread,
            text_from: whole_text.map(|text| match text {
                WholeText::Feed => TextFrom::Feed,
                WholeText::Page => TextFrom::Page,
            }),
            keep: keep.and_then(take_keep),
            // One that cannot be read is none: it says what is not on the page.
            links: links.as_ref().and_then(|links| links.parse().ok()),
        },
    }
}

/// Returns how long articles stay, as a list says: no list may remove any.
const fn take_keep(keep: opml::Keep) -> Option<Keep> {
    match keep {
        opml::Keep::Forever => Some(Keep::Forever),
        opml::Keep::Newest(_) | opml::Keep::Days(_) => None,
    }
}

const fn to_listed_keep(keep: Keep) -> opml::Keep {
    match keep {
        Keep::Forever => opml::Keep::Forever,
        Keep::Newest(articles) => opml::Keep::Newest(articles),
        Keep::Days(days) => opml::Keep::Days(days),
    }
}

fn end_of_pause(pause: Pause) -> Timestamp {
    match pause {
        Pause::Open => Timestamp::MAX,
        Pause::Until(time) => time,
    }
}

/// Returns a feed as a list has it.
fn to_listed(feed: &Feed) -> ListedFeed {
    let settings = &feed.settings;
    ListedFeed {
        url: feed.url.clone(),
        name: feed.display_name().to_owned(),
        site_link: feed.site_url.clone(),
        settings: Settings {
            pause: settings.paused_until.map(to_pause),
            newest: settings.newest,
            never_unread: settings.never_unread,
            whole_text: settings.text_from.map(|text| match text {
                TextFrom::Feed => WholeText::Feed,
                TextFrom::Page => WholeText::Page,
            }),
            keep: settings.keep.map(to_listed_keep),
            links: settings.links.as_ref().map(extract::Selector::to_string),
        },
    }
}

fn to_pause(until: Timestamp) -> Pause {
    // The database has full seconds.
    if until.as_second() >= Timestamp::MAX.as_second() { Pause::Open } else { Pause::Until(until) }
}

#[cfg(test)]
mod tests {
    use feeds::opml;

    use super::*;
    use crate::library::articles::tests::{library_with, noon};
    use crate::library::feeds::{self as followed, folders};

    const LIST: &str = r#"<opml xmlns:bs="urn:broadsheet:opml"><body>
        <outline text="Papers"><outline text="Coast">
            <outline text="The Pier" type="rss" xmlUrl="https://pier.example/feed" bs:newest="5" bs:paused="2030-02-01"/>
        </outline><outline text="The Post" xmlUrl="https://post.example/feed" bs:wholeText="page" bs:neverUnread="true"/>
        <outline text="The Lock" xmlUrl="https://lock.example/news" bs:links="ul.news &gt; li &gt; a"/></outline>
        <outline text="The Pier" xmlUrl="https://pier.example/feed"/>
        <outline text="Empty"/>
        <outline text="Still" xmlUrl="https://still.example/feed" bs:paused="true"/>
    </body></opml>"#;

    #[tokio::test]
    async fn a_list_comes_out_as_it_went_in() {
        let (library, _folder) = library_with(&[]).await;
        let list = opml::read(LIST.as_bytes(), &|_| true).unwrap().list;
        let first = follow_all(&library, &list, noon()).await.unwrap();
        assert_eq!(first, FollowedList { new: 4, known: 0 });
        assert_eq!(folders::list(&library).await.unwrap().len(), 3);
        let written = opml::write(&export(&library).await.unwrap());
        let again = opml::read(written.as_bytes(), &|_| true).unwrap().list;
        let sorted = |list: &opml::List| {
            let mut feeds: Vec<String> = list.feeds.iter().map(|feed| format!("{feed:?}")).collect();
            feeds.sort();
            feeds
        };
        assert_eq!(sorted(&again), sorted(&list));
        let second = follow_all(&library, &again, noon()).await.unwrap();
        assert_eq!(second, FollowedList { new: 0, known: 4 });
        assert_eq!(opml::write(&export(&library).await.unwrap()), written);
    }

    #[tokio::test]
    async fn what_the_reader_has_set_is_kept_when_a_list_has_the_feed_too() {
        let (library, _folder) = library_with(&[]).await;
        let list = opml::read(LIST.as_bytes(), &|_| true).unwrap().list;
        follow_all(&library, &list, noon()).await.unwrap();
        let feed = followed::list(&library).await.unwrap().remove(0);
        let own = FeedSettings { name: Some("My pier".into()), ..FeedSettings::default() };
        followed::change_settings(&library, feed.id, &own).await.unwrap();
        follow_all(&library, &list, noon()).await.unwrap();
        assert_eq!(followed::find(&library, feed.id).await.unwrap().unwrap().settings, own);
    }
}
