//! The bookmark that brings a page here: a script that does nothing but open our form with the page's address in it.

use url::Url;

use crate::accounts::Access;

/// The bookmark's address, leading to the Broadsheet that `host` was asked for by. It is dragged to the bookmarks and run
/// there; our own policy keeps it from running on our pages.
pub(crate) fn javascript_url(access: &Access, host: Option<&str>) -> String {
    let origin = visible_origin(access, host);
    format!(
        "javascript:void open('{origin}/bookmarklet?url='+encodeURIComponent(location.href)\
         +'&title='+encodeURIComponent(document.title),'_blank','noopener')"
    )
}

/// Where the reader sees us: the public address if there is one, else the name we were asked for by.
fn visible_origin(access: &Access, host: Option<&str>) -> String {
    let origin = host.map(|host| format!("http://{host}")).filter(|origin| access.is_our_origin(origin, host));
    // Written anew by the parser, so that no quotation mark of a strange host ends the script's string.
    let origin = origin.and_then(|origin| Url::parse(&origin).ok()).map(|url| url.origin().ascii_serialization());
    origin.filter(|origin| !origin.contains('\'')).unwrap_or_else(|| access.address())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_in_script(base: Option<&str>, host: Option<&str>) -> String {
        let access = Access::new("127.0.0.1:8080".parse().unwrap(), base).unwrap();
        let url = javascript_url(&access, host);
        let start = "javascript:void open('";
        url.strip_prefix(start).unwrap().split_once("/bookmarklet?url='+").unwrap().0.to_owned()
    }

    #[test]
    fn it_opens_the_origin_the_reader_sees() {
        assert_eq!(origin_in_script(None, Some("nas.lan:8080")), "http://nas.lan:8080");
        assert_eq!(
            origin_in_script(Some("https://news.example.org"), Some("news.example.org")),
            "https://news.example.org"
        );
        assert_eq!(origin_in_script(None, None), "http://127.0.0.1:8080");
        assert_eq!(origin_in_script(None, Some("a'+alert(1)+'b")), "http://127.0.0.1:8080");
    }
}
