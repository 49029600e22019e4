//! What is wrong with the form for imports, field by field. Pure.

use crate::ingest::intake::{PasteError, RejectedInput};

/// What is wrong with each field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Problems {
    pub url: Option<String>,
    pub text: Option<String>,
    pub original_url: Option<String>,
    pub files: Option<String>,
}

impl From<PasteError> for Problems {
    fn from(error: PasteError) -> Self {
        match error {
            PasteError::Page(problem) => Self { text: Some(problem), ..Self::default() },
            PasteError::Url(problem) => Self { original_url: Some(problem), ..Self::default() },
        }
    }
}

impl Problems {
    pub fn url(problem: String) -> Self {
        Self { url: Some(problem), ..Self::default() }
    }

    /// The only input was rejected: a file, or pasted text.
    pub fn rejected(input: &RejectedInput, pasted: &str) -> Self {
        if !pasted.is_empty() {
            return Self { text: Some(input.problem.clone()), ..Self::default() };
        }
        Self { files: Some(format!("{}: {}", input.name, input.problem)), ..Self::default() }
    }

    pub fn too_large() -> Self {
        let problem = "That’s over 32 MB, so nothing was uploaded. Choose fewer or smaller files.";
        Self { files: Some(problem.to_owned()), ..Self::default() }
    }

    pub fn too_many() -> Self {
        let problem = "That’s over 2,000 files, so nothing was uploaded. Choose fewer at a time.";
        Self { files: Some(problem.to_owned()), ..Self::default() }
    }

    pub fn interrupted() -> Self {
        let problem = "The upload was interrupted. Try again.";
        Self { files: Some(problem.to_owned()), ..Self::default() }
    }

    pub fn empty(has_original_url: bool) -> Self {
        if has_original_url {
            let problem = "Paste the text, or put the link at the top to fetch it.";
            return Self { text: Some(problem.to_owned()), ..Self::default() };
        }
        Self::url("Enter a link, paste text or choose a file.".to_owned())
    }

    /// Gives each filled field its own message.
    pub fn several(url: bool, text: bool, files: bool) -> Self {
        let if_filled = |is_filled: bool, problem: &str| is_filled.then(|| problem.to_owned());
        let only_files = "To upload files, clear this field.";
        let only_one = "Use the link or the text, not both. Enter the link of a pasted text below it.";
        Self {
            url: if_filled(url, if text { only_one } else { only_files }),
            text: if_filled(text, if url { "Use the link or the text, not both." } else { only_files }),
            original_url: None,
            files: if_filled(files, "Upload files on their own. Please choose them again."),
        }
    }
}
