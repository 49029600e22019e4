//! Files as other services write them, of any length, with one line in a hundred that cannot be imported, and one that is
//! there already.
#![allow(dead_code, reason = "no test uses all of it")]

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The formats, by the name of the service and what tells them apart.
pub const FORMATS: &[&str] = &[
    "pocket.csv",
    "pocket.zip",
    "ril_export.html",
    "instapaper.csv",
    "omnivore.zip",
    "bookmarks.html",
    "raindrop.csv",
    "readwise.csv",
    "wallabag.json",
    "pinboard.json",
    "matter.zip",
    "readeck.zip",
    "readeck.csv",
    "linkwarden.json",
    "karakeep.json",
    "freshrss.json",
    "plain.csv",
];

/// What cannot be imported.
const POISON: [&str; 5] = ["", "javascript:alert(1)", "not a link at all", "https://", "ftp://old.example/1"];

/// A link of a fixture.
pub struct Link {
    pub number: usize,
    pub url: String,
    pub title: String,
    pub tag: String,
    pub saved_at: i64,
    pub archived: bool,
    pub starred: bool,
}

/// Returns the links of a file with this many lines.
pub fn links(count: usize) -> impl Iterator<Item = Link> {
    (0..count).map(|number| Link {
        number,
        url: match number % 100 {
            17 => POISON[number / 100 % POISON.len()].to_owned(),
            51 => url(number - 1),
            _ => url(number),
        },
        title: format!("Title, {number} “quoted”"),
        tag: format!("tag {}", number % 7),
        saved_at: 1_600_000_000 + i64::try_from(number).unwrap(),
        archived: number.is_multiple_of(3),
        starred: number.is_multiple_of(5),
    })
}

fn url(number: usize) -> String {
    format!("http://site{}.example/{number}", number % 40)
}

/// Returns the numbers of lines that are rejected and repeated.
pub fn rejected_and_repeated(count: usize) -> (usize, usize) {
    let at = |place: usize| (0..count).filter(|number| number % 100 == place).count();
    (at(17), at(51))
}

/// Writes a file of this format.
pub fn write(format: &str, count: usize) -> Vec<u8> {
    match format {
        "pocket.csv" => pocket_csv(links(count)).into_bytes(),
        "pocket.zip" => pocket_zip(count),
        "ril_export.html" => ril_export(count).into_bytes(),
        "instapaper.csv" => table("URL,Title,Selection,Folder,Timestamp,Tags", count, |link| {
            let folder = if link.archived { "Archive" } else { "Unread" };
            let tags = format!("[\"{}\"]", link.tag);
            vec![link.url, link.title, String::new(), folder.into(), link.saved_at.to_string(), tags]
        }),
        "omnivore.zip" => omnivore_zip(count),
        "bookmarks.html" => bookmarks(count).into_bytes(),
        "raindrop.csv" => {
            table("id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite", count, |link| {
                let (id, date, starred) = (link.number.to_string(), iso(link.saved_at), link.starred.to_string());
                let empty = String::new;
                vec![
                    id,
                    link.title,
                    empty(),
                    "Two\nlines".into(),
                    link.url,
                    "Garden".into(),
                    link.tag,
                    date,
                    empty(),
                    empty(),
                    starred,
                ]
            })
        }
        "readwise.csv" => readwise(count),
        "wallabag.json" => wallabag(count),
        "pinboard.json" => pinboard(count),
        "matter.zip" => matter_zip(count),
        "readeck.zip" => readeck_zip(count),
        "readeck.csv" => table("url,title,created,labels,is_archived,is_marked,type", count, |link| {
            let labels = format!("[\"{}\"]", link.tag);
            let (archived, marked) = (link.archived.to_string(), link.starred.to_string());
            vec![link.url, link.title, iso(link.saved_at), labels, archived, marked, "article".into()]
        }),
        "linkwarden.json" => linkwarden(count),
        "karakeep.json" => karakeep(count),
        "freshrss.json" => freshrss(count),
        "plain.csv" => {
            table("name;link;labels;date", count, |link| vec![link.title, link.url, link.tag, iso(link.saved_at)])
        }
        other => panic!("no such format: {other}"),
    }
}

fn iso(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

fn table(header: &str, count: usize, row: impl Fn(Link) -> Vec<String>) -> Vec<u8> {
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(header.split(char::from(delimiter))).unwrap();
    links(count).for_each(|link| writer.write_record(row(link)).unwrap());
    writer.into_inner().unwrap()
}

fn pocket_csv(links: impl Iterator<Item = Link>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["title", "url", "time_added", "tags", "status"]).unwrap();
    for link in links {
        let status = if link.archived { "archive" } else { "unread" };
        let row = [link.title, link.url, link.saved_at.to_string(), format!("{}|pocket", link.tag), status.into()];
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Writes an archive.
pub fn zip(entries: impl IntoIterator<Item = (String, String)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn pocket_zip(count: usize) -> Vec<u8> {
    let half = count / 2;
    let parts = [pocket_csv(links(count).take(half)), pocket_csv(links(count).skip(half))];
    let notes =
        json!([{"url": url(2), "title": "", "highlights": [{"quote": "The ferry", "created_at": 1_600_000_000}]}]);
    let parts = parts.into_iter().enumerate().map(|(index, part)| (format!("part_{index:06}.csv"), part));
    zip(parts.chain([("annotations/part_000000.json".to_owned(), notes.to_string())]))
}

fn ril_export(count: usize) -> String {
    let items = |archived: bool| {
        let of_list = links(count).filter(move |link| link.archived == archived);
        let item = |link: Link| {
            format!(
                "<li><a href=\"{}\" time_added=\"{}\" tags=\"{}\">{}</a></li>\n",
                link.url, link.saved_at, link.tag, link.title
            )
        };
        of_list.map(item).collect::<String>()
    };
    format!(
        "<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><h1>Unread</h1><ul>{}</ul><h1>Read Archive</h1><ul>{}</ul></body></html>",
        items(false),
        items(true)
    )
}

fn bookmarks(count: usize) -> String {
    let item = |link: Link| {
        format!(
            "<DT><A HREF=\"{}\" ADD_DATE=\"{}\" TAGS=\"{}\">{}</A>\n",
            link.url, link.saved_at, link.tag, link.title
        )
    };
    let items: String = links(count).map(item).collect();
    format!(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n<DT><H3>Boats</H3>\n<DL><p>\n<DT><H3>Ferries</H3>\n<DL><p>\n{items}</DL><p>\n</DL><p>\n</DL><p>\n"
    )
}

fn omnivore_zip(count: usize) -> Vec<u8> {
    let all: Vec<Link> = links(count).collect();
    let parts = all.chunks(20).enumerate().map(|(part, links)| {
        let items: Vec<Value> = links
            .iter()
            .map(|link| {
                json!({"id": link.number.to_string(), "slug": format!("slug-{}", link.number), "title": link.title, "author": null,
                       "url": link.url, "state": if link.archived { "Archived" } else { "Active" }, "readingProgress": 0,
                       "labels": [link.tag], "savedAt": iso(link.saved_at), "publishedAt": null})
            })
            .collect();
        (format!("metadata_{}_to_{}.json", part * 20, part * 20 + links.len()), Value::from(items).to_string())
    });
    let pages = all
        .iter()
        .filter(|link| link.number % 50 == 3)
        .map(|link| (format!("content/slug-{}.html", link.number), stored_page(&link.title)));
    zip(parts.chain(pages))
}

/// Returns the text of an article as services keep it.
pub fn stored_page(subject: &str) -> String {
    let paragraphs: String = (1..=5)
        .map(|n| format!("<p>In part {n} of the report on {subject}, the harbour board explains at length why the ferry was late and what its crew did about it.</p>"))
        .collect();
    format!("<DIV id=\"readability-page-1\">{paragraphs}</DIV>")
}

fn array(count: usize, item: impl Fn(Link) -> Value) -> Vec<u8> {
    Value::from(links(count).map(item).collect::<Vec<_>>()).to_string().into_bytes()
}

fn readwise(count: usize) -> Vec<u8> {
    table("Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen", count, |link| {
        let location = if link.archived { "archive" } else { "new" };
        let (tags, date) = (format!("['{}']", link.tag), iso(link.saved_at).replace('T', " "));
        vec![link.title, link.url, link.number.to_string(), tags, date, "0.4".into(), location.into(), "True".into()]
    })
}

fn wallabag(count: usize) -> Vec<u8> {
    array(count, |link| {
        json!({"is_archived": i32::from(link.archived), "is_starred": i32::from(link.starred), "tags": [link.tag],
               "title": link.title, "url": link.url, "created_at": iso(link.saved_at), "content": ""})
    })
}

fn pinboard(count: usize) -> Vec<u8> {
    array(count, |link| {
        json!({"href": link.url, "description": link.title, "extended": "", "time": iso(link.saved_at),
               "toread": if link.archived { "no" } else { "yes" }, "tags": link.tag.replace(' ', "-")})
    })
}

fn matter_zip(count: usize) -> Vec<u8> {
    let header = "Title,Author,Publisher,URL,Tags,Word Count,In Queue,Favorited,Read,Highlight_Count,Last Interaction Date,File Id";
    let rows = table(header, count, |link| {
        let flag = |value: bool| if value { "True".to_owned() } else { "False".to_owned() };
        let (empty, date) = (String::new, iso(link.saved_at).replace('T', " ").replace('Z', ""));
        let file = format!("content_{}.html", link.number);
        vec![
            link.title,
            "Ann".into(),
            empty(),
            link.url,
            link.tag,
            "9".into(),
            flag(!link.archived),
            flag(link.starred),
            flag(false),
            "0".into(),
            date,
            file,
        ]
    });
    zip([
        ("_matter_history.csv".to_owned(), String::from_utf8(rows).unwrap()),
        ("content_3.html".to_owned(), stored_page("number 3")),
    ])
}

fn readeck_zip(count: usize) -> Vec<u8> {
    let infos = links(count).map(|link| {
        let info = json!({"UID": link.number.to_string(), "Created": iso(link.saved_at), "URL": link.url, "Title": link.title, "Labels": [link.tag],
                          "IsArchived": link.archived, "IsMarked": link.starred, "Files": null, "Annotations": null});
        (format!("bookmarks/{:06}/info.json", link.number), info.to_string())
    });
    zip([("data.json".to_owned(), "{\"Info\":{\"ReadeckVersion\":\"0.22\"}}".to_owned())].into_iter().chain(infos))
}

fn linkwarden(count: usize) -> Vec<u8> {
    let items: Vec<Value> = links(count)
        .map(|link| {
            json!({"id": link.number, "name": link.title, "type": "url", "url": link.url, "description": "", "tags": [{"name": link.tag}],
                   "createdAt": iso(link.saved_at)})
        })
        .collect();
    let boats = json!({"id": 1, "name": "Boats", "parentId": null, "links": []});
    let ferries = json!({"id": 2, "name": "Ferries", "parentId": 1, "links": items});
    json!({"username": "ann", "collections": [ferries, boats], "pinnedLinks": [{"id": 0}]}).to_string().into_bytes()
}

fn karakeep(count: usize) -> Vec<u8> {
    let items: Vec<Value> = links(count)
        .map(|link| {
            json!({"createdAt": link.saved_at, "title": link.title, "tags": [link.tag], "lists": ["l2"],
                   "content": {"type": "link", "url": link.url}, "note": null, "archived": link.archived})
        })
        .collect();
    let lists =
        json!([{"id": "l1", "name": "House", "parentId": null}, {"id": "l2", "name": "Water", "parentId": "l1"}]);
    json!({"bookmarks": items, "lists": lists}).to_string().into_bytes()
}

fn freshrss(count: usize) -> Vec<u8> {
    let items: Vec<Value> = links(count)
        .map(|link| {
            json!({"id": link.number.to_string(), "timestampUsec": (link.saved_at * 1_000_000).to_string(), "title": link.title,
                   "canonical": [{"href": link.url}], "origin": {"streamId": "feed/1"},
                   "categories": ["user/-/state/com.google/starred", format!("user/-/label/{}", link.tag)]})
        })
        .collect();
    json!({"id": "user/ann/state/org.freshrss/starred", "items": items}).to_string().into_bytes()
}
