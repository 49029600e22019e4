//! Addresses: made absolute, freed of tracking, compared.

use url::Url;

/// Query parameters that only follow people around. From the lists that browsers' own
/// tracking-parameter filters use (Brave, Firefox, uBlock Origin "URL tracking").
const TRACKING: &[&str] = &[
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

/// The address without the parameters that only follow people around (`utm_*`, `fbclid`, `gclid` and
/// their like). Everything else stays as it was, byte for byte, also in a fragment that is one of
/// these.
///
/// ```
/// let url = url::Url::parse("https://example.org/a?id=7&utm_source=x#part").unwrap();
/// assert_eq!(extract::strip_tracking(&url).as_str(), "https://example.org/a?id=7#part");
/// ```
pub fn strip_tracking(url: &Url) -> Url {
    freed(url.clone())
}

fn freed(mut url: Url) -> Url {
    if let Some(query) = url.query().filter(|query| query.split('&').any(is_tracking)) {
        let kept: Vec<&str> = query.split('&').filter(|part| !is_tracking(part)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    if url.fragment().is_some_and(|fragment| fragment.split('&').all(is_tracking)) {
        url.set_fragment(None);
    }
    url
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let is_utm = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    is_utm || TRACKING.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// An http(s) address made absolute, without tracking and without a user name; `None` for any other
/// scheme, for what is no address, and for a relative one without a base.
pub(crate) fn web(address: &str, base: Option<&Url>) -> Option<Url> {
    let url = absolute(address, base)?;
    matches!(url.scheme(), "http" | "https").then(|| freed(url))
}

/// As [`web`], but `mailto:` may pass too: what a link may lead to.
pub(crate) fn link(address: &str, base: Option<&Url>) -> Option<Url> {
    let url = absolute(address, base)?;
    match url.scheme() {
        "http" | "https" => Some(freed(url)),
        "mailto" => Some(url),
        _ => None,
    }
}

fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim();
    if address.is_empty() || address.len() > 8_000 {
        return None;
    }
    let parsed = match base {
        Some(base) => base.join(address),
        None if address.starts_with("//") => Url::parse(&format!("https:{address}")),
        None => Url::parse(address),
    };
    let mut url = parsed.ok()?;
    if matches!(url.scheme(), "http" | "https") && (!url.username().is_empty() || url.password().is_some()) {
        // Only a trick to look like another host, and both calls can only fail without a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    Some(url)
}

/// The host without `www.`, for people.
pub(crate) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether two addresses are one picture, perhaps in two sizes.
pub(crate) fn is_same_picture(one: &Url, other: &Url) -> bool {
    if one == other {
        return true;
    }
    let (one, other) = (file_stem(one), file_stem(other));
    const GENERIC: &[&str] = &["image", "photo", "index", "default", "large", "thumb", "original", "picture", "medium"];
    one == other && one.len() >= 5 && !GENERIC.contains(&one.as_str())
}

/// The file's name without size, extension and query.
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
    fn only_tracking_is_taken_from_an_address() {
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
    fn only_addresses_of_the_web_are_followed() {
        let base = Url::parse("https://a.example/news/today.html").unwrap();
        assert_eq!(web("../p.jpg", Some(&base)).unwrap().as_str(), "https://a.example/p.jpg");
        assert_eq!(web("//c.example/p", None).unwrap().as_str(), "https://c.example/p");
        assert_eq!(web("https://bank.example@evil.example/", None).unwrap().as_str(), "https://evil.example/");
        for bad in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "", "p.jpg"] {
            assert_eq!(web(bad, None), None, "{bad}");
        }
        assert!(link("mailto:a@b.example", Some(&base)).is_some());
        assert!(link("java\tscript:alert(1)", Some(&base)).is_none());
    }
}
