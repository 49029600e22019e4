//! How long articles of feeds stay, in words for readers.

use crate::library::feeds::Keep;
use crate::library::feeds::limits::Limit;
use crate::web::shell::dates::format_number;

/// Says what holds for a feed, as a fact beside others: `keeps the newest 200`.
pub(crate) fn describe(limit: Limit) -> String {
    match (limit.newest, limit.days) {
        (None, None) => "keeps articles for ever".to_owned(),
        (Some(newest), None) => format!("keeps {}", describe_keep(Keep::Newest(newest))),
        (None, Some(days)) => format!("keeps articles {}", describe_keep(Keep::Days(days))),
        (Some(newest), Some(days)) => {
            format!("keeps {}, and others {}", describe_keep(Keep::Newest(newest)), describe_keep(Keep::Days(days)))
        }
    }
}

/// Says how long articles stay: `the newest 200`, `for 30 days`, `for ever`.
pub(crate) fn describe_keep(keep: Keep) -> String {
    match keep {
        Keep::Forever => "for ever".to_owned(),
        Keep::Newest(1) => "the newest one".to_owned(),
        Keep::Newest(articles) => format!("the newest {}", format_number(i64::from(articles))),
        Keep::Days(1) => "for a day".to_owned(),
        Keep::Days(days) => format!("for {} days", format_number(i64::from(days))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_said_in_words() {
        for (newest, days, words) in [
            (Some(2000), None, "keeps the newest 2,000"),
            (None, Some(30), "keeps articles for 30 days"),
            (None, Some(1), "keeps articles for a day"),
            (Some(1), Some(7), "keeps the newest one, and others for 7 days"),
        ] {
            assert_eq!(describe(Limit { newest, days }), words);
        }
    }
}
