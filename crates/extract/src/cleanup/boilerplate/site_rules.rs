//! Exceptions for single sites, as data. A rule that helps everywhere belongs elsewhere in `cleanup`.

use url::Url;

use crate::page::Reason;

/// The rules for one site.
pub(crate) struct SiteRules {
    /// The host without `www.`; subdomains are included.
    pub(crate) host: &'static str,
    /// CSS selectors of elements that are not part of articles there.
    pub(crate) remove: &'static [(&'static str, Reason)],
}

const SITES: &[SiteRules] = &[SiteRules {
    // Its edit links, and the hidden note on a missing page, look like text.
    host: "wikipedia.org",
    remove: &[
        (".mw-editsection", Reason::Navigation),
        (".navbox", Reason::Navigation),
        (".catlinks", Reason::Navigation),
    ],
}];

/// Returns the rules for the site of a URL.
pub(crate) fn find_site(url: Option<&Url>) -> Option<&'static SiteRules> {
    let host = url?.host_str()?;
    SITES.iter().find(|site| host.strip_suffix(site.host).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}
