//! What visitors are told who are refused because there is no account yet, see [`AccessPolicy::check_anonymous`].

use crate::accounts::AccessPolicy;
use crate::accounts::access::{ProxySign, Refusal};
use crate::web::shell::error::{Error, ErrorMessage};
use crate::web::shell::return_path::ReturnPath;

const NOT_ALLOWED: &str = "Not allowed";

/// For whoever runs the server.
const WHAT_TO_SET: &str = "To open Broadsheet through a proxy, set BROADSHEET_BASE_URL to the address that browsers show, \
    such as https://news.example.org, and restart it: the log then has the link to create the account. Without the link, \
    create one with: broadsheet password NAME";

/// Returns the page that says why and what to do. `navigates_to`: the page that the reader is on the way to, if it is
/// one.
pub(crate) fn error(access: &AccessPolicy, refusal: &Refusal, navigates_to: Option<&ReturnPath>) -> Error {
    let because = match refusal {
        Refusal::NeedsSetup => {
            let text =
                "Broadsheet isn’t set up yet. Open the set-up link in the server’s log; each start prints a new one.";
            return Error::Forbidden(text.into());
        }
        Refusal::OtherSite => match navigates_to {
            Some(path) => return ask_first(path),
            None => "This request came from another site’s page.",
        },
        Refusal::OtherComputer => "This request came from another computer.",
        Refusal::OtherName => "This request asked for another address.",
        Refusal::Proxy(_) => "This request came through another program, such as a proxy.",
        Refusal::OtherUser => "This request came from a program of another user, such as a proxy.",
    };
    let text = format!(
        "Broadsheet has no account yet, so it opens only in a browser on the computer it runs on, at {}. {because} To open \
         it from elsewhere, set its public URL and create an account.",
        access.public_url()
    );
    let details = match refusal {
        Refusal::Proxy(sign) => format!("The request {}. {WHAT_TO_SET}", describe(sign)),
        _ => WHAT_TO_SET.to_owned(),
    };
    Error::Refused(Box::new(ErrorMessage { details: Some(details), ..ErrorMessage::new(NOT_ALLOWED, text) }))
}

/// A link or a bookmarklet on another site's page led here. The reader goes on from our own page, which no other site
/// can do for them.
fn ask_first(path: &ReturnPath) -> Error {
    let text = "Another site opened this page. Broadsheet has no account yet, so it asks you first.";
    let link = Some((path.clone(), "Continue"));
    Error::Refused(Box::new(ErrorMessage { link, ..ErrorMessage::new("Continue to Broadsheet?", text) }))
}

fn describe(sign: &ProxySign) -> String {
    match sign {
        ProxySign::OldVersion => "used HTTP/1.0, which no browser does".to_owned(),
        ProxySign::Connection => "had a Connection header that no browser sends".to_owned(),
        ProxySign::Header(name) => format!("had the header {name}, which proxies add"),
    }
}
