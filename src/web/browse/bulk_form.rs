//! The form that changes many articles at once: what it says, and how it is shown again if something is wrong with it.

use std::collections::HashSet;

use url::form_urlencoded;

use crate::library::articles::changes::BulkAction;
use crate::library::lanes::Lanes;
use crate::library::tags;
use crate::library::topics::Topic;
use crate::web::shell::list_url::ListUrl;

/// Articles that one form can name: more than a page has.
const MAX_SELECTED: usize = 500;

/// Which articles to change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those with a tick.
    #[default]
    Selected,
    /// Those of the page.
    Page,
    /// All of the list, on every page.
    All,
}

impl Scope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Selected => "selected",
            Self::Page => "page",
            Self::All => "all",
        }
    }
}

/// The form as it was sent.
#[derive(Debug, Default)]
pub(crate) struct BulkForm {
    /// The list, as the query of its URL.
    pub list: String,
    pub scope: Scope,
    pub selected: HashSet<i64>,
    /// The articles of the page.
    pub page: Vec<i64>,
    /// The newest article when the page was shown: what arrived later was not seen.
    pub seen_up_to: i64,
    pub action: String,
    pub tags: String,
    pub topic: String,
    /// The reader has confirmed to change this many.
    pub is_confirmed: bool,
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
}

impl BulkForm {
    /// Parses the body of a request. Unknown fields are ignored.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "list" => form.list = value.into_owned(),
                "scope" => {
                    form.scope = match &*value {
                        "page" => Scope::Page,
                        "all" => Scope::All,
                        _ => Scope::Selected,
                    };
                }
                "article" if form.selected.len() < MAX_SELECTED => form.selected.extend(value.parse::<i64>()),
                "page" => form.page = value.split(',').filter_map(|id| id.parse().ok()).take(MAX_SELECTED).collect(),
                "seen_up_to" => form.seen_up_to = value.parse().unwrap_or_default(),
                "action" => form.action = value.into_owned(),
                "tags" => form.tags = value.into_owned(),
                "topic" => form.topic = value.into_owned(),
                "confirmed" => form.is_confirmed = value == "yes",
                _ => {}
            }
        }
        form
    }

    /// Returns what to do, or what is wrong, as a sentence. Without a button, as when Enter is pressed in the field for tags,
    /// the tags are added.
    pub fn parse_action(&self, topics: &[Topic]) -> Result<BulkAction, String> {
        Ok(match self.action.as_str() {
            "read" => BulkAction::Read,
            "unread" => BulkAction::Unread,
            "star" => BulkAction::Star,
            "unstar" => BulkAction::Unstar,
            "archive" => BulkAction::Archive,
            "unarchive" => BulkAction::Unarchive,
            "delete" => BulkAction::Delete,
            "keep" => BulkAction::Keep,
            "stream" => BulkAction::Stream,
            "topic" => match topics.iter().find(|topic| topic.slug == self.topic) {
                Some(topic) => BulkAction::Topic(topic.slug.clone()),
                None => return Err("Choose the topic to move the articles to.".to_owned()),
            },
            "tag" => match tags::parse_list(&self.tags)? {
                names if names.is_empty() => return Err("Enter at least one tag to add.".to_owned()),
                names => BulkAction::Tag(names),
            },
            _ => return Err("Choose what to do with the articles.".to_owned()),
        })
    }

    /// Returns the list. A page that said nothing of lanes showed both, whatever is chosen by now.
    pub fn list_url(&self) -> ListUrl {
        let url = ListUrl::parse(&self.list);
        ListUrl { lane: url.lane.or(Some(Lanes::Both)), ..url }
    }

    /// Returns the ticked articles in the order they arrived.
    pub fn selected_ids(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.selected.iter().copied().collect();
        ids.sort_unstable();
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_choices_are_read() {
        let form = BulkForm::parse(
            b"list=topic%3Dsport&scope=page&article=3&article=1&article=x&page=3,2,1,z&seen_up_to=9&action=archive&other=1",
        );
        assert_eq!((form.list.as_str(), form.scope, form.seen_up_to), ("topic=sport", Scope::Page, 9));
        assert_eq!((form.selected_ids(), form.page.clone()), (vec![1, 3], vec![3, 2, 1]));
        assert_eq!(form.parse_action(&[]), Ok(BulkAction::Archive));
        let many: String = (0..2000).map(|id| format!("article={id}&")).collect();
        assert_eq!(BulkForm::parse(many.as_bytes()).selected.len(), MAX_SELECTED);
    }

    #[test]
    fn a_form_that_says_too_little_gets_a_sentence() {
        let sport = [Topic { slug: "sport".into(), name: "Sport".into(), is_custom: false }];
        let action = |body: &str| BulkForm::parse(body.as_bytes()).parse_action(&sport);
        assert_eq!(action("action=topic&topic=sport"), Ok(BulkAction::Topic("sport".into())));
        assert_eq!(action("action=tag&tags=Sea,+hills,"), Ok(BulkAction::Tag(vec!["Sea".into(), "hills".into()])));
        for (body, problem) in [
            ("action=topic&topic=gossip", "Choose the topic"),
            ("action=tag&tags=+,", "Enter at least one tag"),
            ("action=tag&tags=!!", "“!!” can’t be a tag"),
            ("action=purge", "Choose what to do"),
            ("", "Choose what to do"),
        ] {
            assert!(action(body).unwrap_err().starts_with(problem), "{body}");
        }
    }
}
