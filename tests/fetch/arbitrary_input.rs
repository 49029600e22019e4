//! No input from people or sites makes parsing or decoding panic.

use broadsheet::ingest::fetch::{decode, parse_url};
use proptest::prelude::{any, prop, proptest};

proptest! {
    #[test]
    fn any_text_parses_or_gives_a_message(text in ".{0,200}") {
        match parse_url(&text) {
            Ok(address) => assert!(parse_url(address.as_str()).is_ok()),
            Err(error) => assert!(error.user_message().ends_with('.')),
        }
    }

    #[test]
    fn any_bytes_decode_under_any_header(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        header in prop::option::of(".{0,60}"),
    ) {
        decode(&bytes, header.as_deref());
    }

    #[test]
    fn any_markup_fragments_decode(
        shards in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "<meta ", "charset=", "\"", "'", "utf-8", "content=", "http-equiv", "<!--", "-->", "</",
                "<script>", "</script", "<title", "=", "é", " ", "/", "<?xml encoding=", "?>", "<!", "&amp;", "koi8-r",
            ]),
            0..60,
        ),
    ) {
        decode(shards.concat().as_bytes(), Some("text/html"));
    }
}
