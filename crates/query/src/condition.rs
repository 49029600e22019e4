//! What a query means: a condition, and whether an article fulfils it.

/// A condition on articles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// All hold.
    All(Vec<Self>),
    /// One at least holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// Words occur.
    Words(Words),
    /// Of one of these sources, by id.
    Sources(Vec<i64>),
    /// In one of these topics, by slug.
    Topics(Vec<String>),
    /// With one of these tags, by id.
    Tags(Vec<i64>),
    /// Brought by one of these feeds, by id.
    Feeds(Vec<i64>),
    /// Brought by a feed of one of these folders, by id.
    Folders(Vec<i64>),
    /// In a language, by its BCP 47 primary subtag.
    Language(String),
    /// In a place.
    In(Place),
    /// With a mark.
    Is(Mark),
    /// Dated from the first time to before the second, in Unix seconds.
    Dated(i64, i64),
    /// Read in this many minutes: the least and the most.
    Minutes(i64, i64),
}

/// Where an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Added or kept by the reader.
    Kept,
    /// Brought by a feed and not kept.
    Stream,
    /// Archived.
    Archive,
    /// Deleted, but not yet for good.
    Trash,
}

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Neither read nor archived nor deleted.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Changed by its publisher since it was read.
    Changed,
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// In title or text.
    Anywhere,
    /// In the title.
    Title,
    /// In the byline.
    Author,
}

/// Words that must follow each other, in the form of the index (see [`words::index_form`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words {
    /// Where.
    pub field: Field,
    /// At least one.
    pub words: Vec<String>,
    /// The last may be the beginning of a word.
    pub is_beginning: bool,
}

/// What is known of an article besides its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its source, by id.
    pub source: i64,
    /// Its topic, by slug.
    pub topic: String,
    /// Its tags, by id.
    pub tags: Vec<i64>,
    /// The feeds that brought it, by id.
    pub feeds: Vec<i64>,
    /// The folders of these feeds and those around them, by id.
    pub folders: Vec<i64>,
    /// BCP 47 primary subtag.
    pub language: Option<String>,
    /// As printed.
    pub byline: String,
    /// Date of publication, else of arrival, in Unix seconds.
    pub date: i64,
    /// Minutes to read.
    pub minutes: i64,
    /// Brought by a feed and not kept.
    pub is_in_stream: bool,
    /// In the archive.
    pub is_archived: bool,
    /// In the trash.
    pub is_deleted: bool,
    /// Read.
    pub is_read: bool,
    /// Starred.
    pub is_starred: bool,
    /// Changed by its publisher since it was read.
    pub is_changed: bool,
}

impl Condition {
    /// Returns whether an article fulfils the condition. `has_words` says whether words occur in its title or text.
    pub fn is_met(&self, facts: &Facts, has_words: &impl Fn(&Words) -> bool) -> bool {
        let has_one = |wanted: &[i64], own: &[i64]| wanted.iter().any(|id| own.contains(id));
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.is_met(facts, has_words)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.is_met(facts, has_words)),
            Self::Not(condition) => !condition.is_met(facts, has_words),
            Self::Words(words) if words.field == Field::Author => occurs(words, &words::index_form(&facts.byline)),
            Self::Words(words) => has_words(words),
            Self::Sources(ids) => ids.contains(&facts.source),
            Self::Topics(slugs) => slugs.contains(&facts.topic),
            Self::Tags(ids) => has_one(ids, &facts.tags),
            Self::Feeds(ids) => has_one(ids, &facts.feeds),
            Self::Folders(ids) => has_one(ids, &facts.folders),
            Self::Language(code) => facts.language.as_ref() == Some(code),
            Self::In(place) => facts.are_in(*place),
            Self::Is(mark) => facts.have(*mark),
            Self::Dated(from, until) => (*from..*until).contains(&facts.date),
            Self::Minutes(least, most) => (*least..=*most).contains(&facts.minutes),
        }
    }

    /// Returns whether the condition asks for something anywhere in it.
    pub fn asks(&self, is_wanted: &impl Fn(&Self) -> bool) -> bool {
        is_wanted(self)
            || match self {
                Self::All(conditions) | Self::Any(conditions) => {
                    conditions.iter().any(|condition| condition.asks(is_wanted))
                }
                Self::Not(condition) => condition.asks(is_wanted),
                _ => false,
            }
    }
}

impl Facts {
    const fn are_in(&self, place: Place) -> bool {
        match place {
            Place::Kept => !self.is_in_stream,
            Place::Stream => self.is_in_stream,
            Place::Archive => self.is_archived,
            Place::Trash => self.is_deleted,
        }
    }

    const fn have(&self, mark: Mark) -> bool {
        match mark {
            Mark::Unread => !self.is_read && !self.is_archived && !self.is_deleted,
            Mark::Read => self.is_read,
            Mark::Starred => self.is_starred,
            Mark::Changed => self.is_changed,
        }
    }
}

/// Returns whether words occur, one after the other, in a text in the form of the index.
#[must_use]
pub fn occurs(wanted: &Words, indexed_text: &str) -> bool {
    let text: Vec<&str> = indexed_text.split_whitespace().collect();
    let Some((last, before)) = wanted.words.split_last() else { return false };
    let is_last = |word: &str| if wanted.is_beginning { word.starts_with(last.as_str()) } else { word == last };
    text.windows(wanted.words.len()).any(|run| {
        run.split_last()
            .is_some_and(|(end, start)| is_last(end) && start.iter().zip(before).all(|(one, other)| one == other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_occur_one_after_the_other() {
        let words = |text: &str, is_beginning| Words {
            field: Field::Anywhere,
            words: text.split(' ').map(str::to_owned).collect(),
            is_beginning,
        };
        let text = words::index_form("The Late Ferry to Göteborg");
        for (wanted, is_beginning, expected) in [
            ("ferry", false, true),
            ("late ferry", false, true),
            ("ferry late", false, false),
            ("late fer", false, false),
            ("late fer", true, true),
            ("goteborg", false, true),
            ("the late ferry to goteborg harbour", false, false),
        ] {
            assert_eq!(occurs(&words(wanted, is_beginning), &text), expected, "{wanted}");
        }
    }

    #[test]
    fn an_archived_article_is_not_unread_and_places_do_not_exclude_each_other() {
        let facts = Facts { is_archived: true, is_in_stream: true, ..Facts::default() };
        let is_met = |condition: &Condition| condition.is_met(&facts, &|_| false);
        assert!(!is_met(&Condition::Is(Mark::Unread)));
        assert!(!is_met(&Condition::Is(Mark::Read)));
        assert!(is_met(&Condition::All(vec![Condition::In(Place::Archive), Condition::In(Place::Stream)])));
        assert!(is_met(&Condition::Not(Box::new(Condition::Any(vec![Condition::In(Place::Trash)])))));
    }
}
