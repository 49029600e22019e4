use super::*;

fn code(window: &str, headline: &str, text: &str) -> Option<&'static str> {
    find_notice(window, headline, text, text.split_whitespace().count()).map(|notice| notice.code)
}

#[test]
fn notices_are_known_by_their_titles_or_their_words() {
    for (window, headline, text, expected) in [
        ("Page not found - The Harbour Post", "Sorry!", "Try our search instead.", "soft-404"),
        ("The Harbour Post", "404", "Nothing to see. Popular today: ferries, bakeries.", "soft-404"),
        ("Seite nicht gefunden | Hafenblatt", "Hoppla", "Hier ist nichts.", "soft-404"),
        ("News", "Oh dear", "The story you are looking for has sailed away. Go to our front page.", "soft-404"),
        ("Harbour Post", "Down for maintenance", "Come back later, please.", "maintenance"),
        ("Harbour Post", "Hello", "We’re experiencing technical difficulties at the moment.", "maintenance"),
        ("Harbour Post", "Moment", "Unsere Seite ist wegen Wartungsarbeiten nicht zu erreichen.", "maintenance"),
        ("Too Many Requests", "", "Slow down.", "rate-limit"),
        ("Harbour Post", "Sorry", "This content isn’t available in your country.", "region-block"),
        ("Harbour Post", "Hello reader", "Please disable your ad blocker and reload.", "ad-blocker"),
        ("Harbour App", "", "You need to enable JavaScript to run this app.", "needs-javascript"),
    ] {
        assert_eq!(code(window, headline, text), Some(expected), "{window} {headline} {text}");
    }
}

#[test]
fn short_articles_are_no_notices() {
    for (window, headline, text) in [
        ("Ferry lost and found - The Harbour Post", "Ferry lost and found", "The Osprey was back at noon."),
        (
            "Bridge closed for repairs",
            "Bridge closed for repairs",
            "The bridge is closed until Friday, the council said.",
        ),
        ("Rain tomorrow", "Rain tomorrow", "Rain is expected in the whole region."),
        ("Not found wanting: the new pier", "Not found wanting: the new pier at Quarrel Sound", "It holds."),
    ] {
        assert_eq!(code(window, headline, text), None, "{headline}");
    }
    let report = "The council said the page you are looking for is the one on maintenance. ".repeat(8);
    assert_eq!(code("Council", "Council meets", &report), None, "it is too long");
}
