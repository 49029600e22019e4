//! The bookmark that brings a page here: a script that does nothing but open our form with the page's address in it.

use url::Url;

use crate::accounts::AccessPolicy;

/// The bookmark's address, leading to the Broadsheet that `host` was asked for by. It is dragged to the bookmarks and run
/// there; our own policy keeps it from running on our pages.
pub(crate) fn script(access: &AccessPolicy, host: Option<&str>) -> String {
    let origin = origin(access, host);
    format!(
        "javascript:void open('{origin}/bookmarklet?url='+encodeURIComponent(location.href)\
         +'&title='+encodeURIComponent(document.title),'_blank','noopener')"
    )
}

/// Where the reader sees us: the public address if there is one, else the name we were asked for by.
fn origin(access: &AccessPolicy, host: Option<&str>) -> String {
    let seen = host.map(|host| format!("http://{host}")).filter(|seen| access.is_same_origin(seen, host));
    // Written anew by the parser, so that no quotation mark of a strange host ends the script's string.
    let seen = seen.and_then(|seen| Url::parse(&seen).ok()).map(|seen| seen.origin().ascii_serialization());
    seen.filter(|seen| !seen.contains('\'')).unwrap_or_else(|| access.public_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads_to(base: Option<&str>, host: Option<&str>) -> String {
        let access = AccessPolicy::new("127.0.0.1:8080".parse().unwrap(), base).unwrap();
        let script = script(&access, host);
        let start = "javascript:void open('";
        script.strip_prefix(start).unwrap().split_once("/bookmarklet?url='+").unwrap().0.to_owned()
    }

    #[test]
    fn it_leads_to_where_the_reader_sees_us() {
        assert_eq!(leads_to(None, Some("nas.lan:8080")), "http://nas.lan:8080");
        assert_eq!(leads_to(Some("https://news.example.org"), Some("news.example.org")), "https://news.example.org");
        assert_eq!(leads_to(None, None), "http://127.0.0.1:8080");
        assert_eq!(leads_to(None, Some("a'+alert(1)+'b")), "http://127.0.0.1:8080");
    }
}
