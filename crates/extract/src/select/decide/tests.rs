use super::*;

const PROSE: &str = "The ferry has crossed the river every morning since the bridge was closed in the spring.";

/// Returns the texts kept of a page if the trees give its blocks these scores, in order.
fn decide(page: &str, scores: &[f32]) -> Vec<String> {
    decide_with(page, &PageMetadata::default(), scores)
}

fn decide_with(page: &str, metadata: &PageMetadata<'_>, scores: &[f32]) -> Vec<String> {
    let parsed = crate::parse::parse_page(page).tree;
    let segmentation = Segmentation::new(&parsed);
    assert_eq!(segmentation.blocks.len(), scores.len(), "{:#?}", segmentation.blocks);
    let decisions = decide_blocks(&segmentation, scores, &Readability::new(&segmentation), metadata);
    segmentation.blocks.iter().zip(decisions).filter(|(_, kept)| *kept).map(|(block, _)| block.text.clone()).collect()
}

#[test]
fn a_tiny_page_is_kept_entirely() {
    assert_eq!(decide("<p>abc<p>def", &[-3.0, -3.0]), ["abc", "def"]);
}

#[test]
fn the_best_blocks_stay_when_none_reach_the_threshold() {
    let page = format!("<p>{PROSE}</p><p>Home, news, sport and all the other things that stand above.</p>");
    assert_eq!(decide(&page, &[-1.0, -4.0]), [PROSE]);
}

#[test]
fn the_threshold_drops_when_the_expected_f1_is_low() {
    let twice = format!("{PROSE} {PROSE}");
    let page = format!("<p>{twice}</p><p>{twice} Twice.</p><p>{twice} On Sundays it has not.</p>");
    assert_eq!(decide(&page, &[0.5, -0.6, -3.0]).len(), 2);
    assert_eq!(decide(&page, &[4.0, -0.6, -3.0]).len(), 1);
}

#[test]
fn headings_without_prose_are_not_enough() {
    let heads = "<h2>About this item, which is made of iron</h2>".repeat(5);
    let page = format!("{heads}<p>{PROSE}</p><p>{PROSE} Twice.</p>");
    let scores = |prose: f32| [[1.0; 5].as_slice(), &[prose, prose - 2.0]].concat();
    assert_eq!(decide(&page, &scores(-2.0)).last().unwrap(), PROSE);
    assert_eq!(decide(&page, &scores(-5.0)).len(), 5);
}

#[test]
fn a_heading_among_kept_siblings_stays() {
    let links = "<p><a href=/x>Another</a></p>".repeat(8);
    let page = format!("<div><p>{PROSE}</p>{links}<h2>Wet</h2><p>{PROSE} Twice.</p></div>");
    let scores = |heading: f32| [&[3.0], [-3.0; 8].as_slice(), &[heading, 3.0]].concat();
    assert_eq!(decide(&page, &scores(-2.0))[1], "Wet");
    assert_eq!(decide(&page, &scores(-3.0)).len(), 2);
    let elsewhere = page.replace("<h2>", "</div><h2>");
    assert_eq!(decide(&elsewhere, &scores(-2.0)).len(), 2);
    let own = format!("<div><h1>Rain</h1><p>{PROSE}</p><p>{PROSE} Twice.</p></div>");
    assert_eq!(decide(&own, &[-2.0, 3.0, 3.0])[0], "Rain");
}

#[test]
fn paragraphs_between_kept_siblings_stay() {
    let days: String = (1..=12).map(|day| format!("<p>{PROSE} That was on day {day}.</p>")).collect();
    let count = |third: f32, class: &str| {
        let page = format!("<div>{days}</div>")
            .replacen("<p>", "<p class=0>", 2)
            .replacen("<p>", class, 1)
            .replace("<p class=0>", "<p>");
        let scores = [&[3.0, 3.0, third], [3.0; 8].as_slice(), &[-2.5]].concat();
        decide(&page, &scores).len()
    };
    assert_eq!([count(-2.5, "<p>"), count(-3.5, "<p>"), count(-2.5, "<p class=box>")], [11, 10, 10]);
    // Too short for Readability to have a say.
    let short: String = (1..=8).map(|day| format!("<p>{PROSE} That was on day {day}.</p>")).collect();
    let with = |kept_words: &[usize]| {
        let scores: Vec<f32> = (1..=8).map(|day| if kept_words.contains(&day) { 3.0 } else { -2.5 }).collect();
        decide(&format!("<div>{short}</div>"), &scores).len()
    };
    assert_eq!([with(&[1, 5, 8]), with(&[1, 8])], [8, 2], "a third is enough, a quarter is not");
}

#[test]
fn posts_with_the_signature_of_kept_posts_stay() {
    let post = |day: usize| format!("<div class=post><div class=text><p>{PROSE} Day {day}.</p></div></div>");
    let page: String = (1..=3).map(post).collect();
    let thread = PageMetadata { is_thread: true, ..PageMetadata::default() };
    assert_eq!(decide_with(&page, &thread, &[3.0, 3.0, -2.5]).len(), 3);
    assert_eq!(decide_with(&page, &thread, &[3.0, -2.5, -2.5]).len(), 1);
    assert_eq!(decide(&page, &[3.0, 3.0, -2.5]).len(), 2);
}

#[test]
fn a_mostly_kept_list_is_completed() {
    let page = format!("<p>{PROSE}</p><ul><li>{PROSE}</li><li>{PROSE} Twice.</li><li>At noon</li></ul>");
    assert_eq!(decide(&page, &[3.0, 3.0, 3.0, -2.0]).len(), 4);
    assert_eq!(decide(&page, &[3.0, -3.0, -3.0, -2.0]).len(), 1);
}

#[test]
fn a_list_after_a_kept_line_with_a_colon_stays() {
    let page =
        format!("<p>{PROSE} {PROSE} It carries:</p><ul><li>Letters for the islands</li><li>Bread and milk</li></ul>");
    assert_eq!(decide(&page, &[3.0, -2.0, -2.0]).len(), 3);
    assert_eq!(decide(&page, &[3.0, -3.0, -3.0]).len(), 1);
    assert_eq!(decide(&page.replace("carries:", "carries."), &[3.0, -2.0, -2.0]).len(), 1);
    let links = page.replace("<li>", "<li><a href=/x>");
    assert_eq!(decide(&links, &[3.0, -2.0, -2.0]).len(), 1);
}

#[test]
fn headings_with_the_signature_of_kept_headings_stay() {
    let section = |day: &str| format!("<div><h3 class=day>{day}</h3></div><div><p>{PROSE} On {day}.</p></div>");
    let page: String = ["Monday", "Tuesday", "Friday"].map(section).concat();
    assert_eq!(decide(&page, &[3.0, 3.0, 3.0, 3.0, -1.0, 3.0]).len(), 6);
    assert_eq!(decide(&page, &[3.0, 3.0, 3.0, 3.0, -2.0, 3.0]).len(), 5);
    assert_eq!(decide(&page, &[3.0, 3.0, -1.0, 3.0, -1.0, 3.0]).len(), 4);
}

#[test]
fn labelled_blocks_are_dropped_with_their_label() {
    let page = |label: &str| {
        format!("<p>{PROSE}</p><div><h2>{label}</h2><p><a href=/x>Snow in the valley</a></p><p>{PROSE} Ann</p></div>")
    };
    let scores = [3.0, -3.0, 1.0, 1.0];
    assert_eq!(decide(&page("Read also"), &scores), [PROSE, &format!("{PROSE} Ann")]);
    assert_eq!(decide(&page("Comments"), &scores), [PROSE]);
    assert_eq!(decide(&page("Timetable"), &scores).len(), 3);
    let thread = PageMetadata { is_thread: true, ..PageMetadata::default() };
    assert_eq!(decide_with(&page("Comments"), &thread, &scores).len(), 3);
}

#[test]
fn the_meta_description_above_the_text_stays() {
    let page = format!("<h1>Rain</h1><p>The ferry stays in the harbour today.</p><p>{PROSE} {PROSE}</p>");
    let describing = |words| PageMetadata { description: Some(words), ..PageMetadata::default() };
    let scores = [-3.0, -5.0, 3.0];
    assert_eq!(decide_with(&page, &describing("The ferry stays in the harbour today."), &scores).len(), 2);
    assert_eq!(decide_with(&page, &describing("The ferry stays in the harbour today, and so"), &scores).len(), 2);
    assert_eq!(decide_with(&page, &describing("The ferry."), &scores).len(), 1);
    assert_eq!(decide_with(&page, &PageMetadata::default(), &scores).len(), 1);
}

#[test]
fn hidden_blocks_are_dropped_unless_they_are_most_of_the_article() {
    let page = format!("<p>{PROSE}</p><div style='display: none'><p>{PROSE} But not on Sundays.</p></div>");
    assert_eq!(decide(&page, &[3.0, 3.0]), [PROSE]);
    assert_eq!(decide(&page, &[-3.0, 3.0]).len(), 1);
}

#[test]
fn a_footnote_stays_with_its_reference() {
    let page =
        format!("<p>{PROSE}<a href='#n1'>1</a></p><p>{PROSE} Share it.</p><ol><li id=n1>By the timetable.</li></ol>");
    assert_eq!(decide(&page, &[3.0, -3.0, -3.0]).last().unwrap(), "By the timetable.");
    assert_eq!(decide(&page, &[-3.0, 3.0, -3.0]).len(), 1);
    let headed = page.replace("<ol>", "<h2>Notes</h2><ol>");
    assert_eq!(decide(&headed, &[3.0, -3.0, -3.0, -3.0])[1..], ["Notes", "By the timetable."]);
    assert_eq!(decide(&headed, &[-3.0, 3.0, -3.0, -3.0]).len(), 1);
}

#[test]
fn a_paragraph_repeated_among_its_siblings_stays_twice() {
    let page = format!("<div><p>{PROSE}</p><p>{PROSE}</p></div><div><p class=teaser>{PROSE}</p></div>");
    assert_eq!(decide(&page, &[3.0, -3.0, -3.0]).len(), 2);
}

/// A text of four paragraphs in one container, and a page around it.
fn page_with_text(around: &str) -> String {
    format!("<div id=text>{}</div>{around}", format!("<p>{PROSE}</p>").repeat(4))
}

#[test]
fn headlines_of_others_are_dropped_with_their_summaries() {
    let teaser = |number: u8| {
        format!(
            "<div class=item><h3><a href=/{number}>Rain number {number} of May</a></h3><p>{PROSE} {number}.</p></div>"
        )
    };
    let page = page_with_text(&format!("<div>{}{}{}</div>", teaser(1), teaser(2), teaser(3)));
    let scores = |teaser: f32| [[3.0; 4].as_slice(), &[teaser; 6]].concat();
    assert_eq!(decide(&page, &scores(0.5)), [PROSE; 4]);
    assert_eq!(decide(&page, &scores(1.2)).len(), 10, "the trees are sure");
    let two = page_with_text(&format!("<div>{}{}</div>", teaser(1), teaser(2)));
    assert_eq!(decide(&two, &scores(0.5)[..8]).len(), 8, "two may belong to the text");
}

#[test]
fn a_ticker_beside_the_text_is_dropped() {
    let line = |number: u8| {
        format!("<dt>1{number}:00 <a href=/{number}>Rain again in the hills</a><dd>It fell {number} times.")
    };
    let page = page_with_text(&format!(
        "<dl>{}{}{}</dl>",
        line(1),
        line(2).replace("again", "once"),
        line(3).replace("again", "twice")
    ));
    assert_eq!(decide(&page, &[[3.0; 4].as_slice(), &[0.4; 6]].concat()), [PROSE; 4]);
}

#[test]
fn linked_headings_over_certain_texts_stay() {
    let item = |number: u8| {
        format!("<section><h3><a href=/{number}>Boat number {number} of May</a></h3><p>{PROSE} {number}.</p></section>")
    };
    let page = format!("<p>{PROSE}</p>{}{}{}", item(1), item(2), item(3));
    assert_eq!(decide(&page, &[3.0, 0.5, 3.0, 0.5, 3.0, 0.5, 3.0]).len(), 7);
}

#[test]
fn links_within_the_page_and_in_a_thread_are_no_teasers() {
    let links = |to: &str| {
        (1..4).map(|number| format!("<li><a href={to}{number}>Rain number {number} of May</a>")).collect::<String>()
    };
    let scores = [[3.0; 4].as_slice(), &[0.5; 3]].concat();
    assert_eq!(decide(&page_with_text(&format!("<ul>{}</ul>", links("/"))), &scores).len(), 4);
    assert_eq!(decide(&page_with_text(&format!("<ul>{}</ul>", links("#"))), &scores).len(), 7);
    let thread = PageMetadata { is_thread: true, ..PageMetadata::default() };
    assert_eq!(decide_with(&page_with_text(&format!("<ul>{}</ul>", links("/"))), &thread, &scores).len(), 7);
}
