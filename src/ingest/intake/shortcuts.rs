//! Reads files that are one link: `.webloc` of macOS, `.url` of Windows, `.desktop` of Linux. Recognised by their content.
//! Pure.

use std::io::Cursor;

use url::Url;

use crate::ingest::fetch;
use crate::ingest::intake::{ImportRequest, RejectedInput, parse_url};

/// Larger files are none of these.
const MAX_BYTES: usize = 64 * 1024;

/// Returns the link of a file that is only a link; `None` for any other file.
pub(super) fn read_shortcut(name: &str, bytes: &[u8]) -> Option<Result<ImportRequest, RejectedInput>> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let link = if bytes.starts_with(b"bplist00") || is_xml_plist(bytes) {
        // A property list without a URL is something else, but nothing that has an article.
        Some(read_plist(bytes))
    } else {
        let text = fetch::decode(bytes, None).into_source();
        has_section(&text).then(|| read_ini(&text))
    }?;
    let reject = |problem: String| Err(RejectedInput { name: name.to_owned(), problem });
    let Some(link) = link else { return Some(reject("There’s no link in this file.".to_owned())) };
    Some(parse_url(&link).map_or_else(|error| reject(error.user_message()), |url| Ok(request(url, name))))
}

fn request(url: Url, name: &str) -> ImportRequest {
    ImportRequest { url: Some(url), page: None, file_name: Some(name.to_owned()), replaces: None }
}

fn is_xml_plist(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(1024)];
    bytes.trim_ascii_start().strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
        && memchr::memmem::find(start, b"<plist").is_some()
}

fn read_plist(bytes: &[u8]) -> Option<String> {
    let value = plist::Value::from_reader(Cursor::new(bytes)).ok()?;
    value.as_dictionary()?.get("URL")?.as_string().map(str::to_owned)
}

/// Returns whether the first lines have the name of the section.
fn has_section(text: &str) -> bool {
    text.lines().take(20).any(|line| {
        let line = line.trim().trim_start_matches('\u{feff}');
        line.eq_ignore_ascii_case("[InternetShortcut]") || line.eq_ignore_ascii_case("[Desktop Entry]")
    })
}

fn read_ini(text: &str) -> Option<String> {
    let fields = text.lines().filter_map(|line| line.split_once('='));
    let mut links = fields.filter(|(key, _)| key.trim().eq_ignore_ascii_case("URL")).map(|(_, link)| link.trim());
    links.find(|link| !link.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        read_shortcut("Ferry.webloc", bytes).map(|read| match read {
            Ok(request) => request.display_name(),
            Err(rejected) => rejected.problem,
        })
    }

    fn webloc(key: &str) -> plist::Value {
        let mut dictionary = plist::Dictionary::new();
        dictionary.insert(key.to_owned(), plist::Value::from("https://a.example/ferry?a=1&b=2"));
        plist::Value::Dictionary(dictionary)
    }

    #[test]
    fn the_link_of_a_shortcut_is_read() {
        let (mut xml, mut binary, mut other) = (Vec::new(), Vec::new(), Vec::new());
        webloc("URL").to_writer_xml(&mut xml).unwrap();
        webloc("URL").to_writer_binary(&mut binary).unwrap();
        webloc("Other").to_writer_xml(&mut other).unwrap();
        let link = "https://a.example/ferry?a=1&b=2";
        for file in [
            xml.as_slice(),
            &binary,
            b"[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,11\r\n[InternetShortcut]\r\nIDList=\r\nURL=https://a.example/ferry?a=1&b=2\r\n",
            b"\xEF\xBB\xBF[internetshortcut]\nurl = https://a.example/ferry?a=1&b=2",
            b"[Desktop Entry]\nType=Link\nName=A ferry\nURL=https://a.example/ferry?a=1&b=2\n",
        ] {
            assert_eq!(read(file).as_deref(), Some(link), "{}", String::from_utf8_lossy(file));
        }
        assert_eq!(read(&other).as_deref(), Some("There’s no link in this file."));
        assert_eq!(read(b"bplist00broken").as_deref(), Some("There’s no link in this file."));
        assert!(read(b"[InternetShortcut]\nURL=file:///etc/passwd").unwrap().contains("“file:”"));
        assert_eq!(read(b"A text about URL=https://a.example/"), None);
    }
}
