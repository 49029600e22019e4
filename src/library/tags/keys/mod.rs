//! Makes the keys of names again after an update that folds letters or stems words otherwise.

mod store;

pub use store::make_next_keys;

use crate::library::tags::key;

/// Articles whose languages tell in which ones a library's names are.
const MAX_ARTICLES: i64 = 500;

/// Returns the key of a name of which only the former key is known, not the language: as it was, if it is one in a language of
/// the library, else that in its commonest.
fn renew(name: &str, before: String, languages: &[String]) -> String {
    let keys: Vec<String> = languages.iter().map(|language| key(name, Some(language))).collect();
    if keys.contains(&before) {
        return before;
    }
    keys.into_iter().next().unwrap_or_else(|| key(name, None))
}
