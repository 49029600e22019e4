//! Where blocks stand: on the page, among their neighbours, in their section, and among what is made like them.

use foldhash::HashMap;

use super::{Facts, flag};
use crate::select::segmentation::{Block, Survey, Tag};

impl Facts<'_> {
    /// Where on the page it stands.
    pub(super) fn place(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = self.survey.blocks.len();
        let words = self.words_before[blocks].max(1) as f32;
        let prose = self.prose_before[blocks].max(1) as f32;
        let title = self.title_at.map_or(-100.0, |title| at as f32 - title as f32).clamp(-100.0, 200.0);
        let title_words =
            self.title_at.map_or(-1.0, |title| self.words_before[at] as f32 - self.words_before[title] as f32);
        out.extend([
            at as f32 / blocks as f32,
            self.words_before[at] as f32 / words,
            self.prose_before[at] as f32 / prose,
            self.prose_before[at].min(30) as f32,
            (self.prose_before[blocks] - self.prose_before[at]).min(30) as f32,
            (blocks - at).min(300) as f32,
            title,
            title_words.signum() * title_words.abs().ln_1p(),
        ]);
    }

    /// What stands before and after it.
    pub(super) fn neighbours(&self, at: usize, out: &mut Vec<f32>) {
        let blocks = &self.survey.blocks;
        let own = &blocks[at];
        for step in [-2_isize, -1, 1, 2] {
            let other = at.checked_add_signed(step).and_then(|other| blocks.get(other).map(|block| (other, block)));
            let Some((other, block)) = other else {
                out.extend([-1.0; 7]);
                continue;
            };
            out.extend([
                self.lengths[other],
                block.link_share(),
                flag(block.ends),
                f32::from(self.survey.elements[block.element].tag as u8),
                self.distance(own, block),
                self.own[other].phrase,
                flag(self.survey.elements[block.element].kind == self.survey.elements[own.element].kind),
            ]);
        }
        for reach in [3, 8] {
            let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(blocks.len()));
            let bytes: usize = blocks[from..to].iter().map(|block| block.text.len()).sum();
            let linked: u32 = blocks[from..to].iter().map(|block| block.linked).sum();
            out.extend([
                ((self.words_before[to] - self.words_before[from]) as f32).ln_1p(),
                linked as f32 / bytes.max(1) as f32,
                (self.prose_before[to] - self.prose_before[from]) as f32 / (to - from) as f32,
            ]);
        }
    }

    /// How far it is from the title, and what the heading above it is like.
    pub(super) fn section(&self, at: usize, out: &mut Vec<f32>) {
        let block = &self.survey.blocks[at];
        match self.title_at {
            Some(title) => {
                let title = &self.survey.blocks[title];
                out.push(self.distance(block, title));
                out.push(self.distance(title, block));
                let shared = self.survey.shared(block.element, title.element);
                out.extend(&self.fillings[shared][..4]);
            }
            None => out.extend([-1.0; 6]),
        }
        match self.headings[at] {
            Some(place) => {
                let heading = &self.survey.blocks[place];
                let after = place + 1;
                out.extend([
                    f32::from(self.survey.elements[heading.element].tag as u8),
                    heading.link_share(),
                    (heading.words as f32).min(30.0),
                    (at - place).min(60) as f32,
                    (self.words_before[at] - self.words_before[after.min(at)]) as f32,
                    (self.prose_before[at] - self.prose_before[after.min(at)]) as f32,
                    self.own[place].phrase,
                    self.own[place].title,
                    self.distance(block, heading),
                    self.distance(heading, block),
                ]);
            }
            None => out.extend([-1.0; 10]),
        }
        let next = (at + 1..self.headings.len())
            .take(40)
            .find(|next| self.headings[*next] != self.headings[at] && self.headings[*next] == Some(next - 1));
        match next.map(|next| next - 1) {
            Some(place) => {
                let heading = &self.survey.blocks[place];
                out.extend([
                    f32::from(self.survey.elements[heading.element].tag as u8),
                    heading.link_share(),
                    (place - at) as f32,
                    self.own[place].phrase,
                    self.distance(block, heading),
                ]);
            }
            None => out.extend([-1.0; 5]),
        }
    }

    /// What else on the page is made like it.
    pub(super) fn alike(&self, at: usize, out: &mut Vec<f32>) {
        let all = self.words_before[self.survey.blocks.len()].max(1) as f32;
        for kind in self.survey.kinds(&self.survey.blocks[at]).map(|key| self.kinds.get(&key)) {
            match kind {
                Some(kind) => out.extend([
                    (kind.blocks as f32).ln_1p(),
                    kind.words as f32 / all,
                    kind.prose as f32 / kind.blocks.max(1) as f32,
                    kind.linked as f32 / kind.bytes.max(1) as f32,
                    (at as f32 - kind.first as f32).min(200.0),
                ]),
                None => out.extend([-1.0; 5]),
            }
        }
    }

    /// Steps up to the element that holds both blocks, as seen from the first.
    fn distance(&self, one: &Block, other: &Block) -> f32 {
        let elements = &self.survey.elements;
        let shared = self.survey.shared(one.element, other.element);
        f32::from(elements[one.element].depth - elements[shared].depth).min(20.0)
    }
}

/// What the blocks in elements of one kind have together.
#[derive(Default)]
pub(super) struct Kind {
    blocks: u32,
    words: u32,
    prose: u32,
    bytes: u32,
    linked: u32,
    first: usize,
}

pub(super) fn kinds(survey: &Survey) -> HashMap<(u64, bool), Kind> {
    let mut kinds: HashMap<(u64, bool), Kind> = HashMap::default();
    for (at, block) in survey.blocks.iter().enumerate() {
        for key in survey.kinds(block) {
            let kind = kinds.entry(key).or_insert_with(|| Kind { first: at, ..Kind::default() });
            kind.blocks += 1;
            kind.words += block.words;
            kind.prose += u32::from(block.is_prose());
            kind.bytes += block.text.len() as u32;
            kind.linked += block.linked;
        }
    }
    kinds
}

/// Per block, the nearest heading before it.
pub(super) fn headings(survey: &Survey) -> Vec<Option<usize>> {
    let mut last = None;
    (0..survey.blocks.len())
        .map(|at| {
            let before = last;
            let tag = survey.elements[survey.blocks[at].element].tag;
            if matches!(tag, Tag::Heading1 | Tag::Heading2 | Tag::Heading) {
                last = Some(at);
            }
            before
        })
        .collect()
}
