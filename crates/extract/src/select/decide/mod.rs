//! From log odds to a decision: what the trees say of each block, and where that is not the last word, since a page is more than
//! its blocks.
//!
//! Each rule was measured on pages that the trees had not seen; README.md of the crate has the figures.

mod headings;
mod labels;
mod lists;

use foldhash::HashMap;

use super::Known;
use super::readability::Readable;
use super::segmentation::{Block, Survey, Tag};

/// The log odds from which a block is kept.
const KEPT: f32 = 0.0;
/// A page of which so much is expected to come out right is clear: then each block is decided for itself.
const CLEAR: f32 = 0.8;
/// An article of fewer words is looked at again, and a page of fewer is read as a whole.
const FEW: u32 = 25;
/// So many paragraphs side by side are a text, of which so much is enough to know it by.
const SISTERS: usize = 6;
const ENOUGH: f32 = 0.3;
/// Least log odds of code in the middle of the article, and of what a reader mode would keep where the trees are at a loss.
const CODE: f32 = -2.0;
const DOUBTFUL: f32 = -3.0;
/// Prose of fewer log odds is no part of the article even where nothing else is left.
const HOPELESS: f32 = -4.0;

/// Whether each block is kept.
pub(super) fn settle(survey: &Survey, scores: &[f32], readable: &Readable, known: &Known<'_>) -> Vec<bool> {
    let mut kept = enough(survey, scores);
    at_a_loss(survey, scores, readable, &mut kept);
    copies(survey, &mut kept);
    labels::take_along(survey, known, &mut kept);
    sisters(survey, scores, &mut kept);
    posts(survey, scores, known, &mut kept);
    lists::led_in(survey, scores, &mut kept);
    headings::above_kept(survey, scores, &mut kept);
    headings::like_others(survey, scores, &mut kept);
    code(survey, scores, &mut kept);
    lists::wholes(survey, &mut kept);
    labels::introduction(survey, known, &mut kept);
    hidden(survey, &mut kept);
    notes(survey, &mut kept);
    kept
}

/// By its log odds. A page of a kind that was never seen may leave next to nothing, or headings alone; then the most likely
/// blocks, and the most likely prose, are kept, since a reader who asked for the page wants something to read.
fn enough(survey: &Survey, scores: &[f32]) -> Vec<bool> {
    if survey.elements[0].words <= FEW {
        return vec![true; scores.len()];
    }
    let words = |least: f32| -> u32 {
        survey.blocks.iter().zip(scores).filter(|(_, score)| **score >= least).map(|(block, _)| block.words).sum()
    };
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let least = if words(KEPT) >= FEW { promising(survey, scores) } else { (most - 1.0).min(KEPT) };
    let mut kept: Vec<bool> = scores.iter().map(|score| *score >= least).collect();
    let is_long = |block: &Block| block.words >= FEW && block.link_share() < 0.5;
    let says = |block: &Block| block.is_prose() || is_long(block);
    let prose = || survey.blocks.iter().zip(scores).enumerate().filter(|(_, (block, _))| says(block));
    let best = prose().map(|(_, (_, score))| *score).fold(f32::NEG_INFINITY, f32::max);
    if best > HOPELESS && !prose().any(|(at, _)| kept[at]) {
        prose().filter(|(_, (_, score))| **score >= best - 1.0).for_each(|(at, _)| kept[at] = true);
    }
    kept
}

/// The log odds from which blocks are kept. Where much is in doubt, keeping what is a little less likely than not loses less than it
/// gains: the expected F1 of all words is highest when what is kept is at least half as likely as that F1 is high. See Lipton,
/// Elkan and Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure", 2014.
fn promising(survey: &Survey, scores: &[f32]) -> f32 {
    let mut blocks: Vec<(f32, f32)> =
        survey.blocks.iter().zip(scores).map(|(block, score)| (*score, block.words as f32)).collect();
    blocks.sort_by(|one, other| other.0.total_cmp(&one.0));
    let likely = |(score, words): (f32, f32)| words / (1.0 + (-score).exp());
    let all: f32 = blocks.iter().copied().map(likely).sum();
    let (mut good, mut kept) = (0.0, 0.0);
    let (mut most, mut least) = (0.0, KEPT);
    for block in blocks {
        good += likely(block);
        kept += block.1;
        let f1 = 2.0 * good / (kept + all).max(1.0);
        if f1 > most {
            (most, least) = (f1, block.0);
        }
    }
    if most < CLEAR { least.min(KEPT) } else { KEPT }
}

/// On very long texts of an unknown kind the trees find each block a little unlikely. Where a reader mode would keep much more
/// than they do, and they do not call that impossible but expect a tenth of it, it is believed.
fn at_a_loss(survey: &Survey, scores: &[f32], readable: &Readable, kept: &mut [bool]) {
    let (mut ours, mut theirs, mut likely) = (0.0, 1.0, 0.0);
    for (at, block) in survey.blocks.iter().enumerate().filter(|(_, block)| readable.keeps(block.element)) {
        let words = block.words as f32;
        theirs += words;
        likely += words / (1.0 + (-scores[at]).exp());
        ours += if kept[at] { words } else { 0.0 };
    }
    if theirs > 200.0 && ours < 0.7 * theirs && likely > 0.1 * theirs {
        for (at, block) in survey.blocks.iter().enumerate() {
            kept[at] |= readable.keeps(block.element) && scores[at] > DOUBTFUL;
        }
    }
}

/// A paragraph that says again what a kept one beside it says, which is made in the same way, is said twice on purpose.
fn copies(survey: &Survey, kept: &mut [bool]) {
    for same in said_twice(survey).into_values() {
        if same.iter().any(|at| kept[*at]) {
            same.iter().for_each(|at| kept[*at] = true);
        }
    }
}

/// Blocks of prose that say the same in elements of one kind under one parent, two or more of each.
pub(super) fn said_twice(survey: &Survey) -> HashMap<(&str, usize, u64), Vec<usize>> {
    let mut said: HashMap<(&str, usize, u64), Vec<usize>> = HashMap::default();
    for (at, block) in survey.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &survey.elements[block.element];
        said.entry((&block.text, element.parent, element.kind)).or_default().push(at);
    }
    said.retain(|_, places| places.len() > 1);
    said
}

/// Prose between kept paragraphs that stand beside it and are made like it is part of the text, where a good part of them is kept.
fn sisters(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    let mut groups: HashMap<(usize, u64), Vec<usize>> = HashMap::default();
    for (at, block) in survey.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &survey.elements[block.element];
        groups.entry((element.parent, element.kind)).or_default().push(at);
    }
    for group in groups.into_values().filter(|group| group.len() >= SISTERS) {
        let words = |at: &&usize| survey.blocks[**at].words;
        let all: u32 = group.iter().map(|at| words(&at)).sum();
        let good: u32 = group.iter().filter(|at| kept[**at]).map(|at| words(&at)).sum();
        let (first, last) = (group.iter().find(|at| kept[**at]), group.iter().rfind(|at| kept[**at]));
        let Some((first, last)) = first.zip(last).filter(|_| good as f32 >= ENOUGH * all as f32) else { continue };
        for at in group.iter().copied().filter(|at| (first..last).contains(&at)) {
            kept[at] |= scores[at] > DOUBTFUL;
        }
    }
}

/// In a thread, prose in elements made like those of most that is kept is another post.
fn posts(survey: &Survey, scores: &[f32], known: &Known<'_>, kept: &mut [bool]) {
    if !known.is_thread {
        return;
    }
    let mut groups: HashMap<(u64, u64), Vec<usize>> = HashMap::default();
    for (at, block) in survey.blocks.iter().enumerate().filter(|(_, block)| block.is_prose()) {
        let element = &survey.elements[block.element];
        groups.entry((element.kind, survey.elements[element.parent].kind)).or_default().push(at);
    }
    for group in groups.into_values() {
        let good = group.iter().filter(|at| kept[**at]).count();
        if good * 2 > group.len() {
            group.iter().for_each(|at| kept[*at] |= scores[*at] > HOPELESS);
        }
    }
}

/// Code within the article is part of it.
fn code(survey: &Survey, scores: &[f32], kept: &mut [bool]) {
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
    for at in first..last {
        let is_code = || survey.around(survey.blocks[at].element).take(3).any(|(_, around)| around.tag == Tag::Code);
        kept[at] = kept[at] || (scores[at] > CODE && is_code());
    }
}

/// What the page hides goes, unless that is most of the article: then a script would show it.
fn hidden(survey: &Survey, kept: &mut [bool]) {
    let mut hides: Vec<bool> = Vec::with_capacity(survey.elements.len());
    for element in &survey.elements {
        hides.push(element.hidden || hides.get(element.parent).copied().unwrap_or(false));
    }
    let (mut all, mut shown) = (0, 0);
    for (block, _) in survey.blocks.iter().zip(kept.iter()).filter(|(_, kept)| **kept) {
        all += block.words;
        shown += if hides[block.element] { 0 } else { block.words };
    }
    if shown * 3 >= all {
        kept.iter_mut().zip(&survey.blocks).for_each(|(kept, block)| *kept &= !hides[block.element]);
    }
}

/// A note that a kept block refers to stays with it, and so does the heading right above the notes.
fn notes(survey: &Survey, kept: &mut [bool]) {
    let before = kept.to_vec();
    for (block, id) in &survey.notes {
        let Some(place) = survey.ids.get(id).filter(|_| before.get(*block).is_some_and(|kept| *kept)) else { continue };
        let element = &survey.elements[*place];
        let after = element.blocks.start > *block;
        if after
            && matches!(element.tag, Tag::Item | Tag::Paragraph | Tag::Definition | Tag::Cell | Tag::Division)
            && element.words <= 300
        {
            kept[element.blocks.clone()].fill(true);
        }
    }
    for at in 0..kept.len().saturating_sub(1) {
        kept[at] |= kept[at + 1] && !before[at + 1] && headings::is_one(survey, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "The ferry has crossed the river every morning since the bridge was closed in the spring.";

    /// The texts that are kept of a page when the trees say these log odds of its blocks, one after the other.
    fn kept(page: &str, scores: &[f32]) -> Vec<String> {
        kept_of(page, &Known::default(), scores)
    }

    fn kept_of(page: &str, known: &Known<'_>, scores: &[f32]) -> Vec<String> {
        let parsed = crate::parse::parse_page(page).tree;
        let survey = Survey::of(&parsed);
        assert_eq!(survey.blocks.len(), scores.len(), "{:#?}", survey.blocks);
        let settled = settle(&survey, scores, &Readable::of(&survey), known);
        survey.blocks.iter().zip(settled).filter(|(_, kept)| *kept).map(|(block, _)| block.text.clone()).collect()
    }

    #[test]
    fn a_page_of_a_few_words_is_read_as_a_whole() {
        assert_eq!(kept("<p>abc<p>def", &[-3.0, -3.0]), ["abc", "def"]);
    }

    #[test]
    fn a_page_of_an_unknown_kind_still_gives_its_likeliest_blocks() {
        let page = format!("<p>{PROSE}</p><p>Home, news, sport and all the other things that stand above.</p>");
        assert_eq!(kept(&page, &[-1.0, -4.0]), [PROSE]);
    }

    #[test]
    fn where_much_is_in_doubt_what_is_nearly_likely_stays() {
        let twice = format!("{PROSE} {PROSE}");
        let page = format!("<p>{twice}</p><p>{twice} Twice.</p><p>{twice} On Sundays it has not.</p>");
        assert_eq!(kept(&page, &[0.5, -0.6, -3.0]).len(), 2);
        assert_eq!(kept(&page, &[4.0, -0.6, -3.0]).len(), 1);
    }

    #[test]
    fn headings_alone_are_no_article() {
        let heads = "<h2>About this item, which is made of iron</h2>".repeat(5);
        let page = format!("{heads}<p>{PROSE}</p><p>{PROSE} Twice.</p>");
        let scores = |prose: f32| [[1.0; 5].as_slice(), &[prose, prose - 2.0]].concat();
        assert_eq!(kept(&page, &scores(-2.0)).last().unwrap(), PROSE);
        assert_eq!(kept(&page, &scores(-5.0)).len(), 5);
    }

    #[test]
    fn a_heading_stays_with_the_prose_it_stands_among() {
        let links = "<p><a href=/x>Another</a></p>".repeat(8);
        let page = format!("<div><p>{PROSE}</p>{links}<h2>Wet</h2><p>{PROSE} Twice.</p></div>");
        let scores = |heading: f32| [&[3.0], [-3.0; 8].as_slice(), &[heading, 3.0]].concat();
        assert_eq!(kept(&page, &scores(-2.0))[1], "Wet");
        assert_eq!(kept(&page, &scores(-3.0)).len(), 2);
        let elsewhere = page.replace("<h2>", "</div><h2>");
        assert_eq!(kept(&elsewhere, &scores(-2.0)).len(), 2);
        let own = format!("<div><h1>Rain</h1><p>{PROSE}</p><p>{PROSE} Twice.</p></div>");
        assert_eq!(kept(&own, &[-2.0, 3.0, 3.0])[0], "Rain");
    }

    #[test]
    fn prose_among_many_paragraphs_like_it_stays_with_them() {
        let days: String = (1..=12).map(|day| format!("<p>{PROSE} That was on day {day}.</p>")).collect();
        let count = |third: f32, class: &str| {
            let page = format!("<div>{days}</div>")
                .replacen("<p>", "<p class=0>", 2)
                .replacen("<p>", class, 1)
                .replace("<p class=0>", "<p>");
            let scores = [&[3.0, 3.0, third], [3.0; 8].as_slice(), &[-2.5]].concat();
            kept(&page, &scores).len()
        };
        assert_eq!([count(-2.5, "<p>"), count(-3.5, "<p>"), count(-2.5, "<p class=box>")], [11, 10, 10]);
        // Too short for a reader mode to have a say.
        let short: String = (1..=8).map(|day| format!("<p>{PROSE} That was on day {day}.</p>")).collect();
        let with = |good: &[usize]| {
            let scores: Vec<f32> = (1..=8).map(|day| if good.contains(&day) { 3.0 } else { -2.5 }).collect();
            kept(&format!("<div>{short}</div>"), &scores).len()
        };
        assert_eq!([with(&[1, 5, 8]), with(&[1, 8])], [8, 2], "a third is enough, a quarter is not");
    }

    #[test]
    fn posts_made_like_most_that_stay_are_posts() {
        let post = |day: usize| format!("<div class=post><div class=text><p>{PROSE} Day {day}.</p></div></div>");
        let page: String = (1..=3).map(post).collect();
        let thread = Known { is_thread: true, ..Known::default() };
        assert_eq!(kept_of(&page, &thread, &[3.0, 3.0, -2.5]).len(), 3);
        assert_eq!(kept_of(&page, &thread, &[3.0, -2.5, -2.5]).len(), 1);
        assert_eq!(kept(&page, &[3.0, 3.0, -2.5]).len(), 2);
    }

    #[test]
    fn a_list_of_which_most_is_kept_is_kept_whole() {
        let page = format!("<p>{PROSE}</p><ul><li>{PROSE}</li><li>{PROSE} Twice.</li><li>At noon</li></ul>");
        assert_eq!(kept(&page, &[3.0, 3.0, 3.0, -2.0]).len(), 4);
        assert_eq!(kept(&page, &[3.0, -3.0, -3.0, -2.0]).len(), 1);
    }

    #[test]
    fn a_list_stays_with_the_line_that_leads_up_to_it() {
        let page = format!(
            "<p>{PROSE} {PROSE} It carries:</p><ul><li>Letters for the islands</li><li>Bread and milk</li></ul>"
        );
        assert_eq!(kept(&page, &[3.0, -2.0, -2.0]).len(), 3);
        assert_eq!(kept(&page, &[3.0, -3.0, -3.0]).len(), 1);
        assert_eq!(kept(&page.replace("carries:", "carries."), &[3.0, -2.0, -2.0]).len(), 1);
        let links = page.replace("<li>", "<li><a href=/x>");
        assert_eq!(kept(&links, &[3.0, -2.0, -2.0]).len(), 1);
    }

    #[test]
    fn headings_stay_where_most_that_are_made_like_them_do() {
        let section = |day: &str| format!("<div><h3 class=day>{day}</h3></div><div><p>{PROSE} On {day}.</p></div>");
        let page: String = ["Monday", "Tuesday", "Friday"].map(section).concat();
        assert_eq!(kept(&page, &[3.0, 3.0, 3.0, 3.0, -1.0, 3.0]).len(), 6);
        assert_eq!(kept(&page, &[3.0, 3.0, 3.0, 3.0, -2.0, 3.0]).len(), 5);
        assert_eq!(kept(&page, &[3.0, 3.0, -1.0, 3.0, -1.0, 3.0]).len(), 4);
    }

    #[test]
    fn what_a_label_announces_goes_with_the_label() {
        let page = |label: &str| {
            format!(
                "<p>{PROSE}</p><div><h2>{label}</h2><p><a href=/x>Snow in the valley</a></p><p>{PROSE} Ann</p></div>"
            )
        };
        let scores = [3.0, -3.0, 1.0, 1.0];
        assert_eq!(kept(&page("Read also"), &scores), [PROSE, &format!("{PROSE} Ann")]);
        assert_eq!(kept(&page("Comments"), &scores), [PROSE]);
        assert_eq!(kept(&page("Timetable"), &scores).len(), 3);
        let thread = Known { is_thread: true, ..Known::default() };
        assert_eq!(kept_of(&page("Comments"), &thread, &scores).len(), 3);
    }

    #[test]
    fn the_introduction_that_machines_are_told_is_part_of_the_article() {
        let page = format!("<h1>Rain</h1><p>The ferry stays in the harbour today.</p><p>{PROSE} {PROSE}</p>");
        let told = |words| Known { description: Some(words), ..Known::default() };
        let scores = [-3.0, -5.0, 3.0];
        assert_eq!(kept_of(&page, &told("The ferry stays in the harbour today."), &scores).len(), 2);
        assert_eq!(kept_of(&page, &told("The ferry stays in the harbour today, and so"), &scores).len(), 2);
        assert_eq!(kept_of(&page, &told("The ferry."), &scores).len(), 1);
        assert_eq!(kept_of(&page, &Known::default(), &scores).len(), 1);
    }

    #[test]
    fn what_is_hidden_goes_unless_it_is_the_article() {
        let page = format!("<p>{PROSE}</p><div style='display: none'><p>{PROSE} But not on Sundays.</p></div>");
        assert_eq!(kept(&page, &[3.0, 3.0]), [PROSE]);
        assert_eq!(kept(&page, &[-3.0, 3.0]).len(), 1);
    }

    #[test]
    fn a_note_stays_with_the_text_that_refers_to_it() {
        let page = format!(
            "<p>{PROSE}<a href='#n1'>1</a></p><p>{PROSE} Share it.</p><ol><li id=n1>By the timetable.</li></ol>"
        );
        assert_eq!(kept(&page, &[3.0, -3.0, -3.0]).last().unwrap(), "By the timetable.");
        assert_eq!(kept(&page, &[-3.0, 3.0, -3.0]).len(), 1);
        let headed = page.replace("<ol>", "<h2>Notes</h2><ol>");
        assert_eq!(kept(&headed, &[3.0, -3.0, -3.0, -3.0])[1..], ["Notes", "By the timetable."]);
        assert_eq!(kept(&headed, &[-3.0, 3.0, -3.0, -3.0]).len(), 1);
    }

    #[test]
    fn a_paragraph_that_stands_twice_among_its_equals_stays_twice() {
        let page = format!("<div><p>{PROSE}</p><p>{PROSE}</p></div><div><p class=teaser>{PROSE}</p></div>");
        assert_eq!(kept(&page, &[3.0, -3.0, -3.0]).len(), 2);
    }
}
