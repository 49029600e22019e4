//! `docs/query.md` is made from the definitions.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;

#[test]
fn the_document_is_made_from_the_definitions() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/query.md");
    let expected = query::to_markdown();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(written, expected, "run `UPDATE=1 cargo test -p query`");
}
