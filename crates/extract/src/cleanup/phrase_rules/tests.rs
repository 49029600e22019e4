use super::*;

fn paragraph(text: &str) -> TextBlock {
    TextBlock::new(text.into(), BlockKind::Paragraph, 0.0)
}

fn find_reasons(title: &str, texts: &[&str]) -> Vec<Option<Reason>> {
    find_removal_reasons(title, "", &texts.iter().map(|text| paragraph(text)).collect::<Vec<_>>())
}

#[test]
fn removes_advertisement_labels_but_not_sentences_about_advertisements() {
    assert_eq!(
        find_reasons(
            "",
            &["ADVERTISEMENT", "Werbung", "广告", "The advertisement was seen by millions, the company said."]
        ),
        [Some(Reason::Advertisement), Some(Reason::Advertisement), Some(Reason::Advertisement), None]
    );
}

#[test]
fn removes_links_to_other_articles_but_not_similar_sentences() {
    for text in [
        "Read also: Ten storms that changed the valley",
        "Lea también: Diez tormentas",
        "Читайте также: десять бурь",
        "READ MORE: The river in pictures",
    ] {
        assert_eq!(find_reasons("", &[text]), [Some(Reason::RelatedLinks)], "{text}");
    }
    for text in [
        "Read the letter aloud, she told him, and he did.",
        "Related species live in the same forest.",
        "More people came than ever before: a thousand.",
        "Watch the river long enough and it teaches you patience.",
    ] {
        assert_eq!(find_reasons("", &[text]), [None], "{text}");
    }
}

#[test]
fn keeps_the_body_sentence_over_its_teaser_and_caption() {
    let reasons = find_reasons(
        "Bridge closed",
        &[
            "The old bridge has carried the trains of the valley for more than a century.",
            "The old bridge has carried the trains of the valley for more than a century, and the repairs of its piers",
            "The town closed its railway bridge on Monday after divers found cracks.",
            "The old bridge has carried the trains of the valley for more than a century, and the repair of its piers.",
        ],
    );
    assert_eq!(reasons[2], None);
    assert_eq!(reasons[3], None);
    assert!(reasons[0].is_some() && reasons[1].is_some());
}

const FERRY: &str = "The ferry has crossed the river every morning since the bridge was closed.";

fn heading(text: &str) -> TextBlock {
    TextBlock::new(text.into(), BlockKind::Heading, 0.0)
}

#[test]
fn a_list_repeats_as_a_whole_or_not_at_all() {
    let item = |text: &str| TextBlock::new(text.into(), BlockKind::Item, 0.0);
    let list = [
        "Two cups of flour and a spoon of fine salt",
        "Four ripe apples from the old garden behind the house",
        "A good pound of cold butter",
        "Salt",
    ];
    let between = paragraph(FERRY);
    let all: Vec<TextBlock> = list.iter().map(|text| item(text)).collect();
    let page = |second: &[TextBlock]| [all.as_slice(), std::slice::from_ref(&between), second].concat();
    assert_eq!(find_removal_reasons("", "", &page(&all)).iter().flatten().count(), 4);
    let other = [item(list[0]), item("Six plums that are not yet soft"), item(list[2]), item(list[3])];
    assert_eq!(find_removal_reasons("", "", &page(&other)).iter().flatten().count(), 0);
}

#[test]
fn labels_repeated_in_each_section_stay() {
    let label = || paragraph("Where the ferry may be seen: harbour");
    let (one, other) =
        (paragraph(FERRY), paragraph("The bridge was built by the town and is older than most of its houses."));
    let sections = [heading("Ferry"), one.clone(), label(), heading("Bridge"), other.clone(), label()];
    assert_eq!(find_removal_reasons("", "", &sections), [None; 6]);
    let together = [one, label(), other, label()];
    assert_eq!(find_removal_reasons("", "", &together)[3], Some(Reason::RepeatedCaption));
}

#[test]
fn a_repeated_heading_over_its_own_prose_stays() {
    let built = paragraph("It was built by the town and is older than most of its houses.");
    let page = |again: &str| {
        let second = if again.is_empty() { vec![] } else { vec![paragraph(again)] };
        let name = heading("What it looks like in the rain");
        let all = [vec![paragraph(FERRY), name.clone(), built.clone(), name], second].concat();
        find_removal_reasons("Looks like rain", "", &all)[3]
    };
    assert_eq!(page("Its planks are grey, and the water stands on them until noon."), None);
    assert_eq!(page(""), Some(Reason::RepeatedCaption));
    let reply = heading("Re: What a ferry bridge is for");
    let (first, second) = (
        paragraph("It is there for those who would rather walk than wait for the boat."),
        paragraph("No, the ferry was there before it, as everybody here knows."),
    );
    let thread = [paragraph(FERRY), first, built.clone(), reply.clone(), built, reply, second];
    assert_eq!(find_removal_reasons("What a ferry bridge is for", "", &thread)[5], Some(Reason::RepeatedCaption));
}

#[test]
fn lines_between_trailing_appeals_go_too() {
    let reasons = find_reasons(
        "Bridge closed",
        &[
            "The town closed its railway bridge on Monday after divers found cracks in two of the four piers below the water.",
            "Better News For You!",
            "Win prizes worth up to 50 when you join our free reader group. Your answers help us to improve.",
            "Tell me more",
            "Recommended articles",
            "Council to vote on the new school",
            "Council to vote on the new school",
        ],
    );
    assert_eq!(reasons[0], None);
    assert!(reasons[2..].iter().all(Option::is_some), "{reasons:?}");
}

#[test]
fn a_heading_and_its_entry_in_the_table_of_contents_both_stay() {
    let entry = |kind: BlockKind| TextBlock { kind, link_share: 1.0, ..paragraph("What to do when the river rises") };
    let heading = TextBlock { kind: BlockKind::Heading, ..paragraph("What to do when the river rises") };
    let text = "Take what you need to the upper floor, switch off the power, and wait for the boats that come by day.";
    for kind in [BlockKind::Item, BlockKind::Paragraph] {
        let all = [paragraph(text), entry(kind), heading.clone(), paragraph("The town sends boats to every house.")];
        assert_eq!(find_removal_reasons("", "", &all), [None; 4], "{kind:?}");
    }
}

#[test]
fn leading_links_go_unless_the_first_sentence_is_in_their_list() {
    let item = |text: &str, link_share: f64| TextBlock { kind: BlockKind::Item, link_share, ..paragraph(text) };
    let sentence = "We have just rebuilt the ferry, which crosses the river in half the time it took before.";
    let links = [item("The year of the ferry", 1.0), item("The year of the bridge", 1.0)];
    let reasons = |last: TextBlock| find_removal_reasons("", "", &[links[0].clone(), links[1].clone(), last]);
    assert_eq!(reasons(item(sentence, 0.1)), [None; 3]);
    assert_eq!(reasons(paragraph(sentence)), [Some(Reason::Navigation), Some(Reason::Navigation), None]);
}

#[test]
fn certain_blocks_may_repeat_the_title_or_look_like_menus() {
    let text = "The town closed its railway bridge on Monday after divers found cracks in two of the four piers below the water.";
    let heading =
        |is_certain: bool| TextBlock { kind: BlockKind::Heading, is_certain, ..paragraph("The bridge of Saltby") };
    let menu = |is_certain: bool| TextBlock { link_share: 1.0, is_certain, ..paragraph("All bridges of the valley") };
    for (is_certain, goes) in [(true, None), (false, Some(Reason::RepeatedTitle))] {
        let days = (1..7).map(|day| paragraph(&format!("{text} That was on day {day}.")));
        let all: Vec<TextBlock> =
            days.chain([heading(is_certain), paragraph("The bridge opens on Friday, the council said.")]).collect();
        assert_eq!(find_removal_reasons("The bridge of Saltby", "", &all)[6], goes);
        assert_eq!(find_removal_reasons("", "", &[menu(is_certain), paragraph(text)])[0].is_none(), is_certain);
    }
}

#[test]
fn a_short_last_line_stays() {
    let reasons = find_reasons(
        "Bridge closed",
        &[
            "The town closed its railway bridge on Monday after divers found cracks in two of the four piers below the water.",
            "Nobody was hurt.",
        ],
    );
    assert_eq!(reasons, [None, None]);
}

#[test]
fn sentences_with_different_numbers_or_names_are_not_copies() {
    let reports = [
        "In district 1 the board counted the late ferries of the year and found fewer than it had feared in spring.",
        "In district 2 the board counted the late ferries of the year and found fewer than it had feared in spring.",
        "In district Saltby the board counted the late ferries of the year and found fewer than it had feared in spring.",
        "In district Orme the board counted the late ferries of the year and found fewer than it had feared in spring.",
    ];
    assert_eq!(find_reasons("", &reports), [None; 4]);
    let copies = [
        "The board counted the late ferries of the year and found lingering disagreements about the causes.",
        "The board counted the late ferries of the year and found lingering disagreement about the causes.",
    ];
    assert_eq!(find_reasons("", &copies).iter().filter(|reason| reason.is_none()).count(), 1);
}

#[test]
fn removes_pull_quotes() {
    let source = "On Friday he told us: “We had no idea how high the river would rise by the end of the week,” the ferryman said, and laughed.";
    let quote = "We had no idea how high the river would rise by the end of the week";
    let of_kind = |kind: BlockKind, is_quoted: bool, text: &str| TextBlock { kind, is_quoted, ..paragraph(text) };
    let reasons = |block: TextBlock| {
        let others = (1..6)
            .map(|day| paragraph(&format!("On day {day} of the flood he rowed over to the {day} houses of the bank.")));
        let all: Vec<TextBlock> = [block, paragraph(source)].into_iter().chain(others).collect();
        find_removal_reasons("", "", &all)[0]
    };
    assert_eq!(reasons(of_kind(BlockKind::Other, true, quote)), Some(Reason::RepeatedText));
    assert_eq!(reasons(paragraph(quote)), Some(Reason::RepeatedText));
    // In a thread people quote what they answer, and a heading may repeat words of its section.
    assert_eq!(reasons(of_kind(BlockKind::Other, false, quote)), None);
    assert_eq!(reasons(of_kind(BlockKind::Heading, false, quote)), None);
    assert_eq!(reasons(of_kind(BlockKind::Item, false, quote)), None);
    // With few paragraphs, one may repeat part of another on purpose.
    assert_eq!(find_reasons("", &[quote, source]), [None, None]);
}
