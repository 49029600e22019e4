//! The bookmarklet: a bookmark that opens the import form with the current page's URL filled in.

use url::Url;

use crate::accounts::AccessPolicy;

/// Returns the `javascript:` URL of the bookmarklet. It opens this server by the name the request used for it, `host`.
/// It runs on other sites; the Content-Security-Policy keeps it from running on Broadsheet's own pages.
pub(crate) fn javascript_url(access: &AccessPolicy, host: Option<&str>) -> String {
    let origin = visible_origin(access, host);
    format!(
        "javascript:void open('{origin}/bookmarklet?url='+encodeURIComponent(location.href)\
         +'&title='+encodeURIComponent(document.title),'_blank','noopener')"
    )
}

/// Returns the origin the reader sees: the public URL if there is one, else the name the request used.
fn visible_origin(access: &AccessPolicy, host: Option<&str>) -> String {
    let origin = host.map(|host| format!("http://{host}")).filter(|origin| access.is_same_origin(origin, host));
    // Serialized by the URL parser, so that no quotation mark in a strange host ends the script's string.
    let origin = origin.and_then(|origin| Url::parse(&origin).ok()).map(|url| url.origin().ascii_serialization());
    origin.filter(|origin| !origin.contains('\'')).unwrap_or_else(|| access.public_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_in_script(base: Option<&str>, host: Option<&str>) -> String {
        let access = AccessPolicy::new("127.0.0.1:8080".parse().unwrap(), base).unwrap();
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
