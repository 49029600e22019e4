//! The part of a form that says how long articles stay, for `templates/parts/keep_fields.html`. Pure.

use crate::library::feeds::Keep;

/// The largest number of articles or days that may be chosen.
const MAX_COUNT: u32 = 100_000;

/// That part as filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeepForm {
    choice: Choice,
    /// So many articles.
    pub newest: String,
    /// So many days.
    pub days: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Choice {
    /// As the folders say.
    #[default]
    Inherited,
    Forever,
    Newest,
    Days,
}

impl Choice {
    const ALL: [Self; 4] = [Self::Inherited, Self::Forever, Self::Newest, Self::Days];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Inherited => "",
            Self::Forever => "forever",
            Self::Newest => "newest",
            Self::Days => "days",
        }
    }
}

impl KeepForm {
    pub fn of(keep: Option<Keep>) -> Self {
        let form = |choice| Self { choice, ..Self::default() };
        match keep {
            None => form(Choice::Inherited),
            Some(Keep::Forever) => form(Choice::Forever),
            Some(Keep::Newest(articles)) => Self { newest: articles.to_string(), ..form(Choice::Newest) },
            Some(Keep::Days(days)) => Self { days: days.to_string(), ..form(Choice::Days) },
        }
    }

    /// Takes a field of a form, if it is of this part.
    pub fn set(&mut self, name: &str, value: &str) {
        match name {
            "keep" => {
                let chosen = Choice::ALL.into_iter().find(|choice| choice.as_str() == value);
                self.choice = chosen.unwrap_or_default();
            }
            "keep_newest" => value.clone_into(&mut self.newest),
            "keep_days" => value.clone_into(&mut self.days),
            _ => {}
        }
    }

    pub fn to_fields(&self) -> [(&'static str, String); 3] {
        let choice = self.choice.as_str().to_owned();
        [("keep", choice), ("keep_newest", self.newest.clone()), ("keep_days", self.days.clone())]
    }

    pub fn check(&self) -> Result<Option<Keep>, String> {
        match self.choice {
            Choice::Inherited => Ok(None),
            Choice::Forever => Ok(Some(Keep::Forever)),
            Choice::Newest => check_count(&self.newest, "articles").map(|articles| Some(Keep::Newest(articles))),
            Choice::Days => check_count(&self.days, "days").map(|days| Some(Keep::Days(days))),
        }
    }
}

fn check_count(typed: &str, unit: &str) -> Result<u32, String> {
    let count = typed.trim().parse().ok().filter(|count| (1..=MAX_COUNT).contains(count));
    count.ok_or_else(|| format!("Enter how many {unit}: a number from 1 to 100,000."))
}

/// What the template places.
pub(super) struct KeepFields {
    pub form: KeepForm,
    /// What follows without a choice, in words; `None`: that is no choice, and so means for ever.
    pub inherited: Option<String>,
    /// Whose articles these are.
    pub legend: &'static str,
    pub problem: Option<String>,
}

/// For the template.
impl KeepFields {
    /// Words, labels, and whether each is chosen.
    pub fn options(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = match (self.form.choice, &self.inherited) {
            (Choice::Inherited, None) => Choice::Forever,
            (choice, _) => choice,
        };
        let label = |choice| match choice {
            Choice::Inherited => self.inherited.clone(),
            Choice::Forever => Some("For ever".to_owned()),
            Choice::Newest => Some("Only the newest".to_owned()),
            Choice::Days => Some("For some days".to_owned()),
        };
        Choice::ALL.into_iter().filter_map(|choice| Some((choice.as_str(), label(choice)?, choice == chosen))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_within_reason() {
        let check = |choice: &str, newest: &str, days: &str| {
            let mut form = KeepForm::default();
            for (name, value) in [("keep", choice), ("keep_newest", newest), ("keep_days", days), ("name", "x")] {
                form.set(name, value);
            }
            form.check()
        };
        assert_eq!(check("", "7", "x"), Ok(None));
        assert_eq!(check("forever", "", ""), Ok(Some(Keep::Forever)));
        assert_eq!(check("newest", " 200 ", ""), Ok(Some(Keep::Newest(200))));
        assert_eq!(check("days", "0", "30"), Ok(Some(Keep::Days(30))));
        for wrong in ["", "0", "-1", "1.5", "100001", "99999999999999999999"] {
            assert!(check("newest", wrong, "3").unwrap_err().starts_with("Enter how many articles"), "{wrong}");
        }
        assert!(check("days", "3", "many").unwrap_err().starts_with("Enter how many days"));
        for keep in [None, Some(Keep::Forever), Some(Keep::Newest(5)), Some(Keep::Days(6))] {
            assert_eq!(KeepForm::of(keep).check(), Ok(keep));
        }
    }

    #[test]
    fn without_a_folder_around_it_nothing_set_is_for_ever() {
        let fields = |inherited: Option<&str>| {
            let inherited = inherited.map(str::to_owned);
            let fields = KeepFields { form: KeepForm::default(), inherited, legend: "", problem: None };
            fields.options().into_iter().filter(|(.., is_chosen)| *is_chosen).map(|(word, ..)| word).collect::<Vec<_>>()
        };
        assert_eq!((fields(None), fields(Some("As the folder says"))), (vec!["forever"], vec![""]));
    }
}
