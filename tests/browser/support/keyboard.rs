//! Pressing keys.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};

use super::Browser;

pub const ENTER: char = '\u{e007}';
pub const TAB: char = '\u{e004}';
pub const ESCAPE: char = '\u{e00c}';

impl Browser {
    /// Presses keys one after the other, wherever the focus is. Waits for the first paint, before which Chromium drops
    /// keys.
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        self.wait_until("performance.getEntriesByType('paint').length > 0").await;
        let start = KeyActions::new("keyboard".to_owned());
        let actions = keys
            .into_iter()
            .fold(start, |actions, value| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value }));
        self.client().perform_actions(actions).await.unwrap();
    }

    /// Returns the text or name of the focused element.
    pub async fn focused_text(&self) -> String {
        let words =
            self.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()").await;
        words.as_str().unwrap().to_owned()
    }
}
