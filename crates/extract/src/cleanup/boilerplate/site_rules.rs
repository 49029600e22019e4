//! Exceptions for single sites, as data. A rule that helps everywhere belongs elsewhere in `cleanup`.

use url::Url;

use crate::page::Reason;

/// What is known about one site.
pub(crate) struct SiteRules {
    /// Its host without `www.`; subdomains are meant too.
    pub(crate) host: &'static str,
    /// CSS selectors of what is not the article there.
    pub(crate) remove: &'static [(&'static str, Reason)],
}

const SITES: &[SiteRules] = &[SiteRules {
    // Its edit links and the hidden note on a missing page look like text.
    host: "wikipedia.org",
    remove: &[
        (".mw-editsection", Reason::Navigation),
        (".navbox", Reason::Navigation),
        (".catlinks", Reason::Navigation),
    ],
}];

/// The rules for the site an address belongs to.
pub(crate) fn find_site(url: Option<&Url>) -> Option<&'static SiteRules> {
    let host = url?.host_str()?;
    SITES.iter().find(|site| host.strip_suffix(site.host).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}
