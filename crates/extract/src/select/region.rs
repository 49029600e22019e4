//! Where the article stands on the page, and which pictures stand in it.

use super::container_candidates;
use super::name_hints::{self, Hints};
use super::readability::Readable;
use super::segmentation::{Element, Survey, Tag, Thing};

/// A picture's words are few; a longer text beside it is something else.
const CAPTION: u32 = 60;

/// What the words under a picture are called.
const CALLED: Hints = name_hints::bits(&["caption"]);

/// Where the article stands.
pub(super) struct Region<'s> {
    survey: &'s Survey,
    pub(super) kept: &'s [bool],
    pub(super) readable: &'s Readable,
    /// The smallest group that holds all kept blocks; lists and tables are not cut open.
    pub(super) root: usize,
    /// The first and the last kept block.
    first: usize,
    last: usize,
}

impl<'s> Region<'s> {
    pub(super) fn of(survey: &'s Survey, kept: &'s [bool], readable: &'s Readable) -> Region<'s> {
        let mut places = (0..kept.len()).filter(|at| kept[*at]);
        let first = places.next().unwrap_or(0);
        let last = kept.iter().rposition(|kept| *kept).unwrap_or(0);
        let mut root = survey.blocks.get(first).map_or(0, |block| block.element);
        for place in places {
            root = survey.shared(root, survey.blocks[place].element);
        }
        let group = |at: &usize| {
            matches!(
                survey.elements[*at].tag,
                Tag::Division | Tag::Article | Tag::Main | Tag::Section | Tag::Header | Tag::Other | Tag::Aside
            )
        };
        let root = survey.around(root).map(|(at, _)| at).find(group).unwrap_or(0);
        Region { survey, kept, readable, root, first, last }
    }

    /// Whether a picture or card belongs to the article: a reader mode would keep it; or it stands between kept blocks (or
    /// just before the first), and what else is in the elements around it is kept as well or its caption.
    pub(super) fn keeps(&self, thing: &Thing) -> bool {
        if self.readable.keeps(thing.element) {
            return true;
        }
        if !self.survey.around(thing.element).any(|(at, _)| at == self.root) {
            return false;
        }
        let inside = self.survey.around(thing.element).map(|(at, _)| at).take_while(|at| *at != self.root);
        for element in inside.map(|at| &self.survey.elements[at]) {
            if element.words > 0 && element.tag != Tag::Figure && !self.may_be_caption(element) {
                let kept = element.blocks.clone().filter(|at| self.kept[*at]);
                return kept.map(|at| self.survey.blocks[at].words).sum::<u32>() * 2 >= element.words;
            }
        }
        (self.first.saturating_sub(3)..=self.last + 2).contains(&thing.after)
    }

    /// The blocks that are words to this picture: those in the figure around it, or in a small frame around it alone; else the
    /// caption that follows it outside of both.
    pub(super) fn caption(&self, thing: &Thing) -> std::ops::Range<usize> {
        let follows = self.survey.blocks.get(thing.after).is_some_and(|block| {
            block.words <= CAPTION
                && self.survey.around(block.element).take(2).any(|(_, around)| around.tag == Tag::Caption)
        });
        let near = || self.survey.around(thing.element).map(|(_, element)| element);
        let figure = near().take(4).find(|element| element.tag == Tag::Figure).filter(|figure| figure.words <= 120);
        let frame = || near().take(3).filter(|frame| frame.things == 1 && self.may_be_caption(frame)).last();
        let around = figure.or_else(frame).map_or(0..0, |around| around.blocks.clone());
        if around.is_empty() && follows { thing.after..thing.after + 1 } else { around }
    }

    /// Few words, mostly no links, in nothing that is named as something else; or whose words are all called a caption.
    fn may_be_caption(&self, element: &Element) -> bool {
        let is_called = |at: usize| {
            let around = self.survey.around(self.survey.blocks[at].element).take(2);
            around.into_iter().any(|(_, around)| around.hints & CALLED != 0 && around.things == 0)
        };
        let is_plain_token =
            || element.linked * 2 < element.bytes && element.hints & container_candidates::UNWANTED == 0;
        (1..=CAPTION).contains(&element.words)
            && (is_plain_token() || element.things > 0 && element.blocks.clone().all(is_called))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "The ferry has crossed the river every morning since the bridge was closed in the spring.";

    /// How many pictures between two paragraphs stay, and the words that stay with them.
    fn between(html: &str) -> (usize, Vec<String>) {
        // A reader mode would take the longer text, and so has no say.
        let other = format!("<p>{PROSE} {PROSE}, and {PROSE}, too.</p>").repeat(9);
        let page = format!("<main>{other}</main><div><p>{PROSE}</p>{html}<p>{PROSE}</p></div>");
        let survey = Survey::of(&crate::parse::parse_page(&page).tree);
        let kept: Vec<bool> = survey.blocks.iter().map(|block| block.text == PROSE).collect();
        let readable = Readable::of(&survey);
        let region = Region::of(&survey, &kept, &readable);
        let shown: Vec<&Thing> = survey.things.iter().filter(|thing| region.keeps(thing)).collect();
        let words = shown.iter().flat_map(|thing| region.caption(thing)).filter(|at| !kept[*at]);
        (shown.len(), words.map(|at| survey.blocks[at].text.clone()).collect())
    }

    #[test]
    fn a_picture_stays_with_its_words() {
        let picture = "<img src=/boat.jpg>";
        for (html, pictures, words) in [
            (format!("<p>{picture}</p>"), 1, vec![]),
            (format!("<div>{picture}<div>The old boat</div></div>"), 1, vec!["The old boat"]),
            (format!("<div class=widget>{picture}<div>The old boat</div></div>"), 0, vec![]),
            (
                format!("<div class=widget>{picture}<div class=photo-caption>The old boat</div></div>"),
                1,
                vec!["The old boat"],
            ),
            (
                format!("<div class=right>{picture}<div class=thumbcaption><a href=/x>The old boat</a></div></div>"),
                1,
                vec!["The old boat"],
            ),
            (format!("<div class=widget>{picture}<div>{PROSE} Twice.</div></div>"), 0, vec![]),
            (
                format!(
                    "<div class=widget><div>{picture}<p class=caption>Old</p></div><div>{picture}<p class=caption>New</p></div></div>"
                ),
                2,
                vec!["Old", "New"],
            ),
        ] {
            assert_eq!(between(&html), (pictures, words.into_iter().map(String::from).collect()), "{html}");
        }
    }
}
