use super::*;

fn code(window: &str, headline: &str, text: &str) -> Option<&'static str> {
    find(window, headline, text, false)
}

fn find(window: &str, headline: &str, text: &str, states_article: bool) -> Option<&'static str> {
    let scan = PageScan::new(&format!("<title>{window}</title>"));
    let shown = ShortPage::new(&scan, (headline, text), text.split_whitespace().count());
    ShortPage { states_article, ..shown }.find_notice().map(|notice| notice.code)
}

#[test]
fn notices_are_known_by_their_titles_or_their_words() {
    for (window, headline, text, expected) in [
        ("Page not found - The Harbour Post", "Sorry!", "Try our search instead.", "soft-404"),
        ("The Harbour Post", "404", "Nothing to see. Popular today: ferries, bakeries.", "soft-404"),
        ("Seite nicht gefunden | Hafenblatt", "Hoppla", "Hier ist nichts.", "soft-404"),
        ("News", "Oh dear", "The story you are looking for has sailed away. Go to our front page.", "soft-404"),
        ("Harbour Post", "Down for maintenance", "Come back later, please.", "maintenance"),
        ("Harbour Post", "Hello", "We’re experiencing technical difficulties on our site.", "maintenance"),
        ("Harbour Post", "Moment", "Unsere Seite ist wegen Wartungsarbeiten nicht zu erreichen.", "maintenance"),
        ("Too Many Requests", "", "Slow down.", "rate-limit"),
        ("Harbour Post", "Sorry", "This content isn’t available in your country.", "region-block"),
        ("Harbour Post", "Hello reader", "Please disable your ad blocker and reload.", "ad-blocker"),
        ("404: Not Found", "404 – Page not found", "Nothing.", "soft-404"),
        ("Hafenblatt", "Hoppla", "Die Seite gibt es nicht. Bitte prüfen Sie die Adresse.", "soft-404"),
        ("El Puerto", "Vaya", "Esta página no existe o se ha movido.", "soft-404"),
        ("Harbour Post", "Sorry", "The server is overloaded. Please try again later.", "maintenance"),
        ("Le Port", "Un instant", "Notre site est en cours de maintenance.", "maintenance"),
        ("Harbour Post", "Hello", "This website is not available to readers in the European Union.", "region-block"),
        ("Home - Page not found - The Harbour Post", "Hm", "We could not find the page. Look around?", "soft-404"),
        ("The Harbour Post", "Hm", "The page may have been moved. Go to our front page.", "soft-404"),
        ("Harbour App", "", "JavaScript is disabled in your browser.", "needs-javascript"),
        ("Harbour App", "", "You need to enable JavaScript to run this app.", "needs-javascript"),
    ] {
        assert_eq!(code(window, headline, text), Some(expected), "{window} {headline} {text}");
    }
}

/// Title of the window, headline and text of short news, some about what notices say.
const SHORT_ARTICLES: &[(&str, &str, &str)] = &[
    ("Ferry lost and found - The Harbour Post", "Ferry lost and found", "The Osprey was back at noon."),
    ("Bridge closed for repairs", "Bridge closed for repairs", "The bridge is closed until Friday, the council said."),
    ("Rain tomorrow", "Rain tomorrow", "Rain is expected in the whole region."),
    (
        "Unemployment falls again",
        "Unemployment falls again",
        "Unemployment in the European Union fell to 5.9% in October, the statistics office said on Monday. It was lowest in \
             Malta and highest in Spain, and fell for the young as well.",
    ),
    (
        "Wartungsarbeiten: Brücke bis Freitag gesperrt - Hafenblatt",
        "Wartungsarbeiten: Brücke bis Freitag gesperrt",
        "Wegen Wartungsarbeiten ist die Alte Brücke bis Freitag gesperrt. Eine Umleitung führt über den Hafen.",
    ),
    (
        "Oops: minister reads the wrong speech | The Harbour Post",
        "Oops: minister reads the wrong speech",
        "The minister noticed after two pages, and laughed.",
    ),
    (
        "404: how a number became a joke",
        "404: how a number became a joke",
        "A museum in Geneva shows the number's story from Sunday.",
    ),
    (
        "Reactor down for maintenance",
        "Reactor down for maintenance",
        "The reactor at Quarrel Sound is down for scheduled maintenance until May, its owner said.",
    ),
    (
        "Airline's flights late",
        "Airline's flights late",
        "Flights were late on Monday. “We are experiencing technical problems, please try again later,” the airline said.",
    ),
    (
        "La gare fermée",
        "La gare fermée",
        "En raison de difficultés techniques, la gare de Brest est momentanément indisponible, a annoncé la SNCF lundi.",
    ),
    (
        "El metro para dos horas",
        "El metro para dos horas",
        "La línea 4 paró dos horas por problemas técnicos; el ascensor sigue temporalmente fuera de servicio.",
    ),
    (
        "Ponte in manutenzione",
        "Ponte in manutenzione fino a venerdì",
        "Il ponte è in manutenzione fino a venerdì, dice il comune.",
    ),
    (
        "Brug dicht",
        "Brug dicht wegens onderhoud",
        "De brug is wegens onderhoud tot vrijdag tijdelijk niet beschikbaar voor auto's.",
    ),
    (
        "Мост закрыт",
        "Мост закрыт до пятницы",
        "На мосту ведутся технические работы, проезд временно недоступен до пятницы.",
    ),
    (
        "Senator's post removed",
        "Senator's post removed",
        "The senator's post has been removed after an hour; a page about it does not exist any more.",
    ),
    (
        "Regulator limits calls",
        "Regulator limits calls",
        "The regulator set a rate limit for robocalls after too many requests for help from customers outside the United States.",
    ),
    (
        "Launch called off",
        "Launch called off",
        "The launch was called off because of technical problems. The company will try again on Friday and apologised for \
             the inconvenience. Please leave the beach road free. Check back for updates.",
    ),
    (
        "Frauen am Steuer",
        "Frauen am Steuer",
        "In ihrem Land nicht zu fahren, sei für viele Frauen Alltag gewesen, sagte die Autorin am Montag.",
    ),
    (
        "Quay wall - Maintenance - The Harbour Post",
        "Quay wall gets new stones",
        "Divers set the first of forty stones on Monday.",
    ),
    (
        "What we did this week",
        "What we did this week",
        "We are experiencing the wettest May in forty years, and we’re experiencing it under canvas. More on Sunday.",
    ),
    (
        "Listen to the harbour in your browser",
        "Listen to the harbour in your browser",
        "The old radio is temporarily offline, but a copy of it plays in your browser. It is under maintenance until May.",
    ),
    ("Not found wanting: the new pier", "Not found wanting: the new pier at Quarrel Sound", "It holds."),
];

#[test]
fn short_articles_are_no_notices() {
    for &(window, headline, text) in SHORT_ARTICLES {
        assert_eq!(code(window, headline, text), None, "{headline}");
    }
    let report = "The council said the page you are looking for is the one on maintenance. ".repeat(8);
    assert_eq!(code("Council", "Council meets", &report), None, "it is too long");
}

#[test]
fn a_page_that_says_it_is_an_article_is_none_unless_a_wall_stands_in_it() {
    let closed = ("Wartung", "Wartung", "Unsere Seite der Brücke wird gewartet, vorübergehend nicht verfügbar.");
    assert_eq!(code(closed.0, closed.1, closed.2), Some("maintenance"));
    assert_eq!(find(closed.0, closed.1, closed.2, true), None);
    let wall = "Please disable your ad blocker to read on.";
    assert_eq!(find("The ferry", "The ferry", wall, true), Some("ad-blocker"));
    let brief = format!(
        "{wall} So say three of four papers, a study of the harbour school has found. {}",
        "It is long. ".repeat(7)
    );
    assert_eq!(find("The ferry", "The ferry", &brief, true), None);
}

#[test]
fn a_short_article_with_its_writer_and_day_is_no_notice_unless_it_says_so_in_full() {
    let scan = PageScan::new("<title>Maintenance</title>");
    let find = |headline: &str, text: &str| {
        let shown = ShortPage::new(&scan, (headline, text), text.split_whitespace().count());
        ShortPage { is_signed: true, ..shown }.find_notice().map(|notice| notice.code)
    };
    let hints = "We are sorry to say that the lighthouse is under maintenance until Friday.";
    assert_eq!(find("The lighthouse", hints), None);
    assert_eq!(code("Maintenance", "The lighthouse", hints), Some("maintenance"));
    assert_eq!(find("Maintenance", "The lamp is out, and the keeper is on the mainland."), None);
    assert_eq!(find("The lighthouse", "Please disable your ad blocker to read on."), Some("ad-blocker"));
}
