//! Resolves URLs, strips tracking parameters, compares image URLs.

use url::Url;

/// Query parameters that only track people, from the filter lists of Brave, Firefox and uBlock Origin ("URL tracking").
const TRACKING_PARAMETERS: &[&str] = &[
    "__hsfp",
    "__hssc",
    "__hstc",
    "__s",
    "_bta_c",
    "_bta_tid",
    "_branch_match_id",
    "_branch_referrer",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_ke",
    "_kx",
    "_openstat",
    "at_campaign",
    "at_campaign_type",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "at_ptr_name",
    "bsft_clkid",
    "bsft_uid",
    "cmpid",
    "ncid",
    "dclid",
    "dm_i",
    "ef_id",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_comment_id",
    "fb_ref",
    "fb_source",
    "fbclid",
    "ga_campaign",
    "ga_content",
    "ga_medium",
    "ga_source",
    "ga_term",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "hsCtaTracking",
    "igsh",
    "igshid",
    "irclickid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "mtm_campaign",
    "mtm_cid",
    "mtm_content",
    "mtm_group",
    "mtm_keyword",
    "mtm_medium",
    "mtm_placement",
    "mtm_source",
    "oly_anon_id",
    "oly_enc_id",
    "otc",
    "pk_campaign",
    "pk_cid",
    "pk_keyword",
    "pk_kwd",
    "pk_medium",
    "pk_source",
    "piwik_campaign",
    "piwik_keyword",
    "piwik_kwd",
    "rb_clickid",
    "rdid",
    "s_cid",
    "s_kwcid",
    "scid",
    "smid",
    "sms_click",
    "sms_source",
    "sms_uph",
    "spm",
    "srsltid",
    "trk_contact",
    "trk_module",
    "trk_msg",
    "trk_sid",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt_mc",
    "xtor",
    "yclid",
    "ysclid",
];

/// Returns the URL without parameters that only track people (`utm_*`, `fbclid`, `gclid` and the like), and without a
/// fragment that consists of them. Leaves everything else unchanged, byte for byte.
///
/// ```
/// let url = url::Url::parse("https://example.org/a?id=7&utm_source=x#part").unwrap();
/// assert_eq!(extract::strip_tracking(&url).as_str(), "https://example.org/a?id=7#part");
/// ```
pub fn strip_tracking(url: &Url) -> Url {
    strip_tracking_from(url.clone())
}

fn strip_tracking_from(mut url: Url) -> Url {
    if let Some(query) = url.query().filter(|query| query.split('&').any(is_tracking_parameter)) {
        let kept: Vec<&str> = query.split('&').filter(|part| !is_tracking_parameter(part)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    if url.fragment().is_some_and(|fragment| fragment.split('&').all(is_tracking_parameter)) {
        url.set_fragment(None);
    }
    url
}

fn is_tracking_parameter(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let is_utm = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    is_utm || TRACKING_PARAMETERS.iter().any(|tracking| tracking.eq_ignore_ascii_case(name))
}

/// Resolves an http(s) URL against `base`, without tracking parameters and user name. Returns `None` for other schemes,
/// invalid URLs, and relative URLs without a base.
pub(crate) fn resolve_http(text: &str, base: Option<&Url>) -> Option<Url> {
    let url = resolve(text, base)?;
    matches!(url.scheme(), "http" | "https").then(|| strip_tracking_from(url))
}

/// Resolves a link target: as [`resolve_http`], but allows `mailto:`.
pub(crate) fn resolve_link(text: &str, base: Option<&Url>) -> Option<Url> {
    let url = resolve(text, base)?;
    match url.scheme() {
        "http" | "https" => Some(strip_tracking_from(url)),
        "mailto" => Some(url),
        _ => None,
    }
}

/// The start of the URL of a picture that the page itself contains; the SHA-256 of its bytes follows. No server has such
/// a name (RFC 2606, section 2), so it passes for a URL everywhere and leads nowhere.
pub(crate) const INLINE_IMAGE_PREFIX: &str = "https://inline-image.invalid/sha256/";

/// Returns whether this is the URL of a picture that the page itself contains; see
/// [`inline_images`](crate::inline_images).
pub fn is_inline_image(url: &str) -> bool {
    url.starts_with(INLINE_IMAGE_PREFIX)
}

/// The length of a URL that servers accept.
const MAX_URL_BYTES: usize = 8_000;

fn resolve(text: &str, base: Option<&Url>) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_URL_BYTES {
        return None;
    }
    let parsed = match base {
        Some(base) => base.join(text),
        None if text.starts_with("//") => Url::parse(&format!("https:{text}")),
        None => Url::parse(text),
    };
    let mut url = parsed.ok().filter(|url| url.as_str().len() <= MAX_URL_BYTES)?;
    if matches!(url.scheme(), "http" | "https") && (!url.username().is_empty() || url.password().is_some()) {
        // User names only disguise the host. Both calls can only fail without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    Some(url)
}

/// Returns the host for display, without `www.`.
pub(crate) fn host_without_www(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// Returns whether two URLs show the same image, perhaps in two sizes.
pub(crate) fn is_same_image(first: &Url, second: &Url) -> bool {
    if first == second {
        return true;
    }
    let (first, second) = (file_stem(first), file_stem(second));
    const GENERIC: &[&str] = &["image", "photo", "index", "default", "large", "thumb", "original", "picture", "medium"];
    first == second && first.len() >= 5 && !GENERIC.contains(&first.as_str())
}

/// Returns the file name without size, extension and query.
fn file_stem(url: &Url) -> String {
    let decoded = url.as_str().replace("%2F", "/").replace("%2f", "/");
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    let file =
        path.rsplit('/').find(|part| part.contains('.') || part.len() > 12).unwrap_or_default().to_ascii_lowercase();
    let stem = file.split('.').next().unwrap_or_default();
    let mut stem = stem.to_owned();
    if let Some(at) = stem.rfind(['-', '_']) {
        let size = &stem[at + 1..];
        let is_size = size == "scaled"
            || (size.contains('x')
                && size.split('x').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())));
        if is_size {
            stem.truncate(at);
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_only_tracking_parameters() {
        for (given, wanted) in [
            ("https://a.example/x?utm_source=a&utm_medium=b", "https://a.example/x"),
            ("https://a.example/x?b=%20+&fbclid=1&a=2", "https://a.example/x?b=%20+&a=2"),
            ("https://a.example/x?q=utm_source", "https://a.example/x?q=utm_source"),
            ("https://a.example/x?#xtor=RSS-1", "https://a.example/x?"),
            ("https://a.example/x#part-2", "https://a.example/x#part-2"),
            ("mailto:a@b.example?subject=x", "mailto:a@b.example?subject=x"),
        ] {
            let url = Url::parse(given).unwrap();
            let once = strip_tracking(&url);
            assert_eq!(once.as_str(), wanted);
            assert_eq!(strip_tracking(&once), once);
        }
    }

    #[test]
    fn resolves_only_web_urls() {
        let base = Url::parse("https://a.example/news/today.html").unwrap();
        assert_eq!(resolve_http("../p.jpg", Some(&base)).unwrap().as_str(), "https://a.example/p.jpg");
        assert_eq!(resolve_http("//c.example/p", None).unwrap().as_str(), "https://c.example/p");
        assert_eq!(resolve_http("https://bank.example@evil.example/", None).unwrap().as_str(), "https://evil.example/");
        for bad in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "", "p.jpg"] {
            assert_eq!(resolve_http(bad, None), None, "{bad}");
        }
        assert!(resolve_link("mailto:a@b.example", Some(&base)).is_some());
        assert!(resolve_link("java\tscript:alert(1)", Some(&base)).is_none());
    }
}
