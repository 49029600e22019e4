//! The form for the settings of a feed. Pure.

use jiff::Timestamp;
use jiff::civil::Date;
use url::form_urlencoded;

use crate::library::feeds::{Feed, FeedSettings, TextFrom};
use crate::web::feeds::folder_paths::parse_path;
use crate::web::feeds::keep_form::KeepForm;
use crate::web::shell::dates::LocalClock;

/// Characters of a name.
const MAX_NAME_CHARS: usize = 200;

/// The largest number of newest items that may be chosen.
const MAX_NEWEST: u32 = 10_000;

/// Whether a feed is paused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Pause {
    #[default]
    No,
    /// Until the reader resumes it.
    Open,
    /// Until a date.
    Until,
}

impl Pause {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Open => "open",
            Self::Until => "until",
        }
    }
}

/// The form as filled in.
#[derive(Debug, Default)]
pub(super) struct SettingsForm {
    pub name: String,
    pub pause: Pause,
    pub until: String,
    pub newest: String,
    pub never_unread: bool,
    pub text: Option<TextFrom>,
    pub folders: Vec<i64>,
    pub new_folder: String,
    pub keep: KeepForm,
    /// The reader knows how many articles go.
    pub is_confirmed: bool,
}

/// What is wrong with each field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    pub name: Option<String>,
    pub until: Option<String>,
    pub newest: Option<String>,
    pub folder: Option<String>,
    pub keep: Option<String>,
}

impl SettingsForm {
    pub fn of(feed: &Feed, folders: Vec<i64>, clock: &LocalClock) -> Self {
        let settings = &feed.settings;
        let paused = settings.paused_until.filter(|until| *until > clock.now());
        // A pause without an end has the last time there is, as far as the database can say it.
        let until = paused.filter(|until| until.as_second() < Timestamp::MAX.as_second());
        Self {
            name: settings.name.clone().unwrap_or_default(),
            pause: match (paused, until) {
                (None, _) => Pause::No,
                (Some(_), None) => Pause::Open,
                (Some(_), Some(_)) => Pause::Until,
            },
            until: until.map(|until| clock.date(until.as_second()).to_string()).unwrap_or_default(),
            newest: settings.newest.map(|newest| newest.to_string()).unwrap_or_default(),
            never_unread: settings.never_unread,
            text: settings.text_from,
            folders,
            new_folder: String::new(),
            keep: KeepForm::of(settings.keep),
            is_confirmed: false,
        }
    }

    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "name" => form.name = value.into_owned(),
                "pause" => {
                    form.pause = match &*value {
                        "open" => Pause::Open,
                        "until" => Pause::Until,
                        _ => Pause::No,
                    }
                }
                "until" => form.until = value.into_owned(),
                "newest" => form.newest = value.into_owned(),
                "never_unread" => form.never_unread = true,
                "text" => form.text = TextFrom::parse(&value),
                "folder" => form.folders.extend(value.parse::<i64>()),
                "new_folder" => form.new_folder = value.into_owned(),
                "confirmed" => form.is_confirmed = true,
                name => form.keep.set(name, &value),
            }
        }
        form
    }

    /// Returns the settings, and the path of the new folder, if there is one. The list of links is chosen elsewhere.
    pub fn check(&self, clock: &LocalClock) -> Result<(FeedSettings, Vec<String>), Problems> {
        let (name, paused, newest) = (self.check_name(), self.check_pause(clock), self.check_newest());
        let folder = if self.new_folder.trim().is_empty() { Ok(Vec::new()) } else { parse_path(&self.new_folder) };
        match (name, paused, newest, folder, self.keep.check()) {
            (Ok(name), Ok(paused_until), Ok(newest), Ok(folder), Ok(keep)) => {
                let (never_unread, text_from) = (self.never_unread, self.text);
                Ok((FeedSettings { name, paused_until, newest, never_unread, text_from, keep, links: None }, folder))
            }
            (name, until, newest, folder, keep) => Err(Problems {
                name: name.err(),
                until: until.err(),
                newest: newest.err(),
                folder: folder.err(),
                keep: keep.err(),
            }),
        }
    }

    /// Returns the form as hidden fields of the question that comes before saving.
    pub fn to_fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("name", self.name.clone()),
            ("pause", self.pause.as_str().to_owned()),
            ("until", self.until.clone()),
            ("newest", self.newest.clone()),
            ("text", self.text.map(TextFrom::as_str).unwrap_or_default().to_owned()),
            ("new_folder", self.new_folder.clone()),
            ("confirmed", "yes".to_owned()),
        ];
        fields.extend(self.never_unread.then(|| ("never_unread", "1".to_owned())));
        fields.extend(self.folders.iter().map(|folder| ("folder", folder.to_string())));
        fields.extend(self.keep.to_fields());
        fields
    }

    fn check_name(&self) -> Result<Option<String>, String> {
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Ok(None),
            1..=MAX_NAME_CHARS => Ok(Some(name)),
            _ => Err(format!("A name can have up to {MAX_NAME_CHARS} characters.")),
        }
    }

    fn check_pause(&self, clock: &LocalClock) -> Result<Option<Timestamp>, String> {
        match self.pause {
            Pause::No => Ok(None),
            Pause::Open => Ok(Some(Timestamp::MAX)),
            Pause::Until => {
                let typed = self.until.trim();
                let day = Date::strptime("%Y-%m-%d", typed).ok();
                let until = day.and_then(|day| clock.start_of_day(day));
                match until {
                    Some(until) if until > clock.now() => Ok(Some(until)),
                    Some(_) => Err("Choose a day after today.".to_owned()),
                    None if typed.is_empty() => Err("Choose the day on which it goes on.".to_owned()),
                    None => Err(format!("“{typed}” isn’t a date. Use the form 2026-11-23.")),
                }
            }
        }
    }

    fn check_newest(&self) -> Result<Option<u32>, String> {
        let typed = self.newest.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let newest = typed.parse().ok().filter(|newest| (1..=MAX_NEWEST).contains(newest));
        newest.map(Some).ok_or_else(|| format!("Enter a number from 1 to {MAX_NEWEST}, or nothing for all."))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::library::feeds::Keep;

    fn check(body: &str) -> Result<(FeedSettings, Vec<String>), Problems> {
        let clock = LocalClock::new("2026-11-23T12:00:00Z".parse().unwrap(), TimeZone::UTC);
        SettingsForm::parse(body.as_bytes()).check(&clock)
    }

    #[test]
    fn what_is_filled_in_becomes_settings() {
        let (settings, folder) = check(
            "name=+The++Pier&pause=until&until=2026-12-01&newest=20&never_unread=1&text=page&new_folder=News/Sea&keep=days&keep_days=+30&keep_newest=x",
        )
        .unwrap();
        let expected = FeedSettings {
            name: Some("The Pier".into()),
            paused_until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
            newest: Some(20),
            never_unread: true,
            text_from: Some(TextFrom::Page),
            keep: Some(Keep::Days(30)),
            links: None,
        };
        assert_eq!((settings, folder), (expected, vec!["News".to_owned(), "Sea".to_owned()]));
        assert_eq!(check("").unwrap(), (FeedSettings::default(), Vec::new()));
        assert_eq!(check("pause=open").unwrap().0.paused_until, Some(Timestamp::MAX));
    }

    #[test]
    fn the_question_before_saving_carries_the_whole_form() {
        let sent = "name=Pier&pause=until&until=2026-12-01&newest=20&never_unread=1&text=page&folder=3&folder=4&new_folder=A/B&keep=newest&keep_newest=7";
        let fields = SettingsForm::parse(sent.as_bytes()).to_fields();
        let again = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        assert_eq!(check(&again), check(sent));
        let again = SettingsForm::parse(again.as_bytes());
        assert_eq!((again.folders, again.is_confirmed), (vec![3, 4], true));
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        for (body, field) in [
            ("newest=0", "newest"),
            ("newest=-3", "newest"),
            ("newest=99999", "newest"),
            ("newest=many", "newest"),
            ("pause=until", "until"),
            ("pause=until&until=2026-11-23", "until"),
            ("pause=until&until=tomorrow", "until"),
            ("new_folder=/", "folder"),
            ("keep=newest", "keep"),
            ("keep=days&keep_days=-1", "keep"),
        ] {
            let problems = check(body).unwrap_err();
            let wrong = [
                ("newest", problems.newest),
                ("until", problems.until),
                ("folder", problems.folder),
                ("keep", problems.keep),
            ];
            let wrong: Vec<_> = wrong.iter().filter(|(_, problem)| problem.is_some()).map(|(name, _)| *name).collect();
            assert_eq!(wrong, [field], "{body}");
        }
        assert!(check(&format!("name={}", "a".repeat(201))).unwrap_err().name.is_some());
    }
}
