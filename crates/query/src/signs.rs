//! The signs of the language, in all forms that keyboards and word processors make of them.

/// Returns whether a character opens or closes a phrase. French quotation marks do not: they stand apart from their words.
pub const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '‟' | '＂')
}

/// Returns whether a character stands between an operator and its value.
pub const fn is_colon(character: char) -> bool {
    matches!(character, ':' | '：')
}

/// Returns whether a character excludes what follows.
pub const fn is_minus(character: char) -> bool {
    matches!(character, '-' | '－' | '−')
}

/// Returns whether a character is for words that begin so.
pub const fn is_star(character: char) -> bool {
    matches!(character, '*' | '＊')
}

/// Returns whether a character opens a bracket.
pub const fn is_opening(character: char) -> bool {
    matches!(character, '(' | '（')
}

/// Returns whether a character closes a bracket.
pub const fn is_closing(character: char) -> bool {
    matches!(character, ')' | '）')
}

/// Returns whether a word ends before a character.
pub fn ends_word(character: char) -> bool {
    character.is_whitespace() || is_quote(character) || is_opening(character) || is_closing(character)
}

/// Returns whether what begins with this is excluded by a hyphen before it; else it stands in brackets.
pub fn can_be_excluded(first: char) -> bool {
    first.is_alphabetic() || is_quote(first)
}
