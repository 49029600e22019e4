//! The form in which texts are indexed and searched for. Pure.

/// Returns the text as it is indexed: letters and digits only, lower case. Scripts without spaces become pairs of
/// characters, since the tokenizer would take a sentence for one word.
#[must_use]
pub(super) fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_unspaced_script(character) {
            out.push(' ');
            out.push(character);
            if let Some(next) = characters.peek().filter(|next| is_unspaced_script(**next)) {
                out.push(*next);
            }
            out.push(' ');
        } else if character.is_alphanumeric() {
            out.extend(character.to_lowercase());
        } else if !character.is_ascii() && !character.is_whitespace() && !is_punctuation(character) {
            out.push(character);
        } else {
            out.push(' ');
        }
    }
    out
}

/// Returns whether a character belongs to a script without spaces between words.
pub(super) const fn is_unspaced_script(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' | '\u{0e00}'..='\u{0e7f}')
}

const fn is_punctuation(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}')
}
