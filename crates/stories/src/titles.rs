//! Titles that are alike but for one thing, which is another event: another entity, number, ordinal, date or actor.

use crate::lists::ConceptKind;
use crate::profile::{Class, Description, Profile};
use crate::tokens::{Kind, Token};

/// Two titles are otherwise equal if they share so many words, and this share of the shorter title.
const MIN_SHARED_WORDS: usize = 3;
const MIN_SHARED_SHARE: f32 = 0.5;

/// What a word of a title is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Name,
    Number,
    Score,
    Ordinal,
    Date,
    Word,
    /// A word that makes the one after it the actor: by, von, par, por.
    By,
}

/// A word of a title.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TitleWord {
    pub(crate) key: u32,
    pub(crate) slot: Slot,
}

/// Words before the actor of a sentence in the passive.
const BY: &[&str] = &["by", "von", "vom", "durch", "par", "por", "da", "dal", "pelo", "pela", "door"];
/// Words of titles whose numbers grow while an event goes on.
const COUNTED: &[&str] = &[
    "dead",
    "death",
    "deaths",
    "toll",
    "killed",
    "dies",
    "injured",
    "hurt",
    "missing",
    "cases",
    "victims",
    "infected",
    "tote",
    "toten",
    "opfer",
    "verletzte",
    "vermisste",
    "falle",
    "morts",
    "blesses",
    "disparus",
    "cas",
    "muertos",
    "heridos",
    "desaparecidos",
    "casos",
    "evacuated",
    "arrests",
    "arrested",
    "homes",
    "ill",
    "sick",
];

/// Reads the words of a title.
pub(crate) fn read(title: &[Token], describe: impl Fn(&Token) -> Option<Description>) -> Vec<TitleWord> {
    let is_counted = title.iter().any(|token| COUNTED.contains(&token.folded.as_str()));
    let read = |token: &Token| {
        if BY.contains(&token.folded.as_str()) {
            return Some(TitleWord { key: 0, slot: Slot::By });
        }
        let description = describe(token)?;
        let slot = match (token.kind, description.class) {
            (Kind::Score, _) => Slot::Score,
            // How many died is no other event when it changes.
            (Kind::Number, _) if is_counted => Slot::Word,
            (Kind::Number, _) => Slot::Number,
            (Kind::Word, Class::Name) => Slot::Name,
            _ => match description.concept.map(|concept| concept.kind) {
                Some(ConceptKind::Date) => Slot::Date,
                Some(ConceptKind::Ordinal) => Slot::Ordinal,
                _ => Slot::Word,
            },
        };
        Some(TitleWord { key: description.key, slot })
    };
    title.iter().filter_map(read).collect()
}

/// Returns whether two articles cannot tell of one event, by their titles: these are otherwise equal, but name another
/// entity, ordinal, date, number or result, or the actor and the one acted upon have changed places.
pub(crate) fn are_of_different_events(a: &Profile, b: &Profile) -> bool {
    if a.language != b.language {
        return false;
    }
    if has_other_result(a, b) || has_flipped_actors(&a.title, &b.title) {
        return true;
    }
    let (only_a, only_b) = (words_of_one(&a.title, &b.title), words_of_one(&b.title, &a.title));
    let shared = count(&a.title) - only_a.len().min(count(&a.title));
    let shorter = count(&a.title).min(count(&b.title));
    let is_alike = shared >= MIN_SHARED_WORDS.min(shorter.saturating_sub(1))
        && shared >= 2
        && ratio(shared, shorter) >= MIN_SHARED_SHARE;
    is_alike && has_other_slot(&only_a, &only_b, (a, b))
}

/// Returns whether both lack what stands in the other's place: both have an ordinal, say, but another one.
fn has_other_slot(only_a: &[TitleWord], only_b: &[TitleWord], (a, b): (&Profile, &Profile)) -> bool {
    let of = |words: &[TitleWord], slot| {
        words.iter().filter(move |word| word.slot == slot).map(|word| word.key).collect::<Vec<_>>()
    };
    let both = |slot| !of(only_a, slot).is_empty() && !of(only_b, slot).is_empty();
    if both(Slot::Ordinal) || both(Slot::Number) || both(Slot::Date) {
        return true;
    }
    // Second quake, and the quake before it, which nobody called the first.
    let has = |words: &[TitleWord], slot| !of(words, slot).is_empty();
    if has(only_a, Slot::Ordinal) != has(only_b, Slot::Ordinal) && only_a.len() + only_b.len() <= 2 {
        return true;
    }
    both(Slot::Name) && is_unknown(&of(only_a, Slot::Name), b) && is_unknown(&of(only_b, Slot::Name), a)
}

/// Returns whether each title names what the other article does not know at all, or they differ in one word, which it does not know.
/// If their texts are the same otherwise, they are made from a template, about two things.
pub(crate) fn have_other_subjects(a: &Profile, b: &Profile) -> bool {
    let (only_a, only_b) = (words_of_one(&a.title, &b.title), words_of_one(&b.title, &a.title));
    let differences = a.title.iter().zip(&b.title).filter(|(one, other)| one.key != other.key).count();
    let differs_in_one = a.title.len() == b.title.len() && differences == 1;
    let subjects = |words: &[TitleWord]| -> Vec<u32> {
        words.iter().filter(|word| differs_in_one || word.slot == Slot::Name).map(|word| word.key).collect()
    };
    let (of_a, of_b) = (subjects(&only_a), subjects(&only_b));
    !of_a.is_empty() && !of_b.is_empty() && is_unknown(&of_a, b) && is_unknown(&of_b, a)
}

fn is_unknown(names: &[u32], other: &Profile) -> bool {
    names.iter().all(|name| other.terms.binary_search_by_key(name, |term| term.key).is_err())
}

/// Returns whether both give a result, and not the same.
fn has_other_result(a: &Profile, b: &Profile) -> bool {
    let scores = |profile: &Profile| {
        profile.title.iter().filter(|word| word.slot == Slot::Score).map(|word| word.key).collect::<Vec<_>>()
    };
    let (a, b) = (scores(a), scores(b));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|score| b.contains(score))
}

/// Returns whether two titles have the same words, but two names in the other order, and none of them in the passive.
fn has_flipped_actors(a: &[TitleWord], b: &[TitleWord]) -> bool {
    let is_passive = |title: &[TitleWord]| title.iter().any(|word| word.slot == Slot::By);
    let names = |title: &[TitleWord], other: &[TitleWord]| -> Vec<u32> {
        let is_shared = |word: &&TitleWord| word.slot == Slot::Name && other.iter().any(|other| other.key == word.key);
        title.iter().filter(is_shared).map(|word| word.key).collect()
    };
    let (names_a, names_b) = (names(a, b), names(b, a));
    let shares_verb = a.iter().any(|word| word.slot == Slot::Word && b.iter().any(|other| other.key == word.key));
    let (Some(first_a), Some(first_b)) = (names_a.first(), names_b.first()) else { return false };
    let is_flipped = first_a != first_b && names_a.last() == Some(first_b) && names_b.last() == Some(first_a);
    is_flipped && shares_verb && is_passive(a) == is_passive(b) && !starts_with_result(a, b)
}

/// Returns whether the order of names tells a home match and not an actor: both titles have the same result.
fn starts_with_result(a: &[TitleWord], b: &[TitleWord]) -> bool {
    let score = |title: &[TitleWord]| title.iter().find(|word| word.slot == Slot::Score).map(|word| word.key);
    score(a).is_some() && score(a) == score(b)
}

fn words_of_one(title: &[TitleWord], other: &[TitleWord]) -> Vec<TitleWord> {
    let is_missing = |word: &&TitleWord| word.slot != Slot::By && !other.iter().any(|other| other.key == word.key);
    title.iter().filter(is_missing).copied().collect()
}

fn count(title: &[TitleWord]) -> usize {
    title.iter().filter(|word| word.slot != Slot::By).count()
}

#[expect(clippy::cast_precision_loss, reason = "at most 30 words")]
fn ratio(part: usize, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}
