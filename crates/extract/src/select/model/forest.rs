//! Learned decision trees: numbers of a block in, how likely it belongs to the article out.
//!
//! The trees were grown by gradient boosting on pages with known texts (`examples/train`); each is a few
//! questions of the form "is number 17 less than 0.4?" with a small correction at its end. The sum of all corrections is
//! the log odds. See Friedman, "Greedy function approximation: a gradient boosting machine", 2001.

use std::hint::select_unpredictable;

/// Trees and what they start from.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    /// Numbers that a row must have.
    pub width: usize,
    /// The log odds before any tree is asked.
    start: f32,
    /// The trees, some at a time.
    groves: Vec<Grove>,
}

/// A node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Whether a number of the row is at least `value`. The nodes for when it is less follow, then those for when it is not.
    Question {
        /// Which number.
        feature: u16,
        /// What it is compared with.
        value: f32,
    },
    /// What the tree adds to the log odds.
    Answer(f32),
}

/// Trees that are asked one after the other, all without stopping.
#[derive(Debug, Clone, Default)]
struct Grove {
    trees: usize,
    /// The nodes of all trees, and at the end one that leads nowhere.
    steps: Vec<Step>,
}

/// A node as a row passes it. Small, so that a grove stays near the processor while one row after the other goes through it.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// What the number is compared with. Nothing is at least `NAN`, which stands in answers, so that all who come there jump.
    value: f32,
    /// The number that is asked for.
    feature: u16,
    /// When the number is at least `value` the next step is the one that follows, else it is so many on. From an answer it leads
    /// to the next tree.
    jump: u16,
    /// What is added to the log odds.
    answer: f32,
}

/// The last step of a grove. Whoever is there stays there.
const END: Step = Step { value: f32::NAN, feature: 0, jump: 0, answer: 0.0 };

/// So many trees are asked before it is looked at whether they are sure.
const AT_ONCE: usize = 40;
/// Log odds that later trees hardly ever turn round.
const SURE: f32 = 3.0;
/// So many rows go through the trees together: while one waits for its next step, the processor goes on with the others.
const LANES: usize = 8;
/// So many steps are gone before it is looked at whether all have arrived.
const STRIDE: usize = 8;

impl Forest {
    /// A forest without trees, for rows of `width` numbers.
    pub fn new(width: usize, start: f32) -> Forest {
        Forest { width, start, groves: Vec::new() }
    }

    /// Adds a tree, whose nodes stand depth first. `None` when it is no tree, or one for longer rows.
    pub fn push(&mut self, tree: &[Node]) -> Option<()> {
        let steps = steps(tree, self.width)?;
        if self.groves.last().is_none_or(|grove| grove.trees == AT_ONCE) {
            self.groves.push(Grove { trees: 0, steps: vec![END] });
        }
        let grove = self.groves.last_mut()?;
        grove.trees += 1;
        grove.steps.pop();
        grove.steps.extend(steps);
        grove.steps.push(END);
        Some(())
    }

    /// The log odds of each row. Trees that come later correct less and less, so that a row of which the first ones are sure is
    /// not shown to the rest.
    pub fn scores(&self, rows: &[&[f32]]) -> Vec<f32> {
        let mut scores = vec![self.start; rows.len()];
        let mut open: Vec<usize> = (0..rows.len()).collect();
        for grove in &self.groves {
            for places in open.chunks(LANES) {
                let place = |lane: usize| places[lane.min(places.len() - 1)];
                let sums =
                    grove.ask(std::array::from_fn(|lane| Lane { row: rows[place(lane)], sum: scores[place(lane)] }));
                places.iter().zip(sums).for_each(|(place, sum)| scores[*place] = sum);
            }
            open.retain(|place| scores[*place].abs() <= SURE);
        }
        scores
    }

    /// Writes the trees as lines of text: `width start`, then per tree its nodes in order, `feature:value` for
    /// a question and the value alone for an answer.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}", self.width, self.start);
        for grove in &self.groves {
            let (mut root, end) = (0, grove.steps.len() - 1);
            while root < end {
                let mut open = vec![root];
                while let Some(place) = open.pop() {
                    text.push(if place == root { '\n' } else { ' ' });
                    let step = grove.steps[place];
                    if step.value.is_nan() {
                        text.push_str(&format!("{:.4}", step.answer));
                        root = if open.is_empty() { place + usize::from(step.jump) } else { root };
                    } else {
                        text.push_str(&format!("{}:{}", step.feature, step.value));
                        open.extend([place + 1, place + usize::from(step.jump)]);
                    }
                }
            }
        }
        text.push('\n');
        text
    }

    /// Reads what [`Forest::to_text`] has written; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Forest> {
        let mut lines = text.lines();
        let (width, start) = lines.next()?.split_once(' ')?;
        let mut forest = Forest::new(width.parse().ok()?, start.parse().ok()?);
        let mut tree = Vec::new();
        for line in lines {
            tree.clear();
            for node in line.split(' ') {
                tree.push(match node.split_once(':') {
                    Some((feature, value)) => {
                        Node::Question { feature: feature.parse().ok()?, value: value.parse().ok()? }
                    }
                    None => Node::Answer(node.parse().ok()?),
                });
            }
            forest.push(&tree)?;
        }
        Some(forest)
    }
}

/// A row on its way through a grove, and what the trees have said of it so far.
#[derive(Clone, Copy)]
struct Lane<'r> {
    row: &'r [f32],
    sum: f32,
}

impl Grove {
    /// What the trees make of the sums. Within a stride there is nothing that a processor would have to guess.
    fn ask(&self, mut lanes: [Lane<'_>; LANES]) -> [f32; LANES] {
        let mut at = [0; LANES];
        while at.iter().any(|at| at + 1 < self.steps.len()) {
            for _ in 0..STRIDE {
                for (at, lane) in at.iter_mut().zip(&mut lanes) {
                    let step = self.steps[*at];
                    let is_at_least = lane.row[usize::from(step.feature)] >= step.value;
                    lane.sum += step.answer;
                    *at += usize::from(select_unpredictable(is_at_least, 1, step.jump));
                }
            }
        }
        lanes.map(|lane| lane.sum)
    }
}

/// The steps of a tree; `None` when it is none, or asks for numbers that a row of this width does not have.
fn steps(tree: &[Node], width: usize) -> Option<Vec<Step>> {
    let ends = ends(tree)?;
    let mut steps = Vec::with_capacity(tree.len());
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        let step = match tree[node] {
            Node::Answer(answer) => Step { answer, jump: u16::try_from(tree.len() - steps.len()).ok()?, ..END },
            Node::Question { feature, value } => {
                let (less, at_least) = (node + 1, ends[node + 1]);
                open.extend([less, at_least]);
                let jump = u16::try_from(1 + ends[node] - at_least).ok()?;
                (usize::from(feature) < width && !value.is_nan()).then_some(Step {
                    value,
                    feature,
                    jump,
                    answer: 0.0,
                })?
            }
        };
        steps.push(step);
    }
    (width > 0).then_some(steps)
}

/// Where what begins with each node ends; `None` when the nodes are not one tree.
fn ends(tree: &[Node]) -> Option<Vec<usize>> {
    let mut ends = vec![0; tree.len()];
    for at in (0..tree.len()).rev() {
        ends[at] = match tree[at] {
            Node::Answer(_) => at + 1,
            Node::Question { .. } => *ends.get(*ends.get(at + 1)?)?,
        };
    }
    (*ends.first()? == tree.len()).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forest_answers_the_same_after_it_was_written_and_read() {
        let text = "2 -0.5\n0:1.5 0.2500 1:3 -1.0000 2.0000\n1:0 0.1000 -0.1000\n";
        let forest = Forest::from_text(text).unwrap();
        assert_eq!(forest.to_text(), text);
        let rows = [[1.0, 0.0], [2.0, 4.0], [1.5, -4.0], [1.0, -1.0]];
        let answers = [0.25 - 0.1, 2.0 - 0.1, -1.0 + 0.1, 0.25 + 0.1];
        let rows = rows.each_ref().map(|row| &row[..]);
        assert_eq!(forest.scores(&rows), answers.map(|answer: f32| -0.5 + answer));
        assert_eq!(forest.scores(&rows[1..]), answers[1..].iter().map(|answer| -0.5 + answer).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_number_is_less_and_many_trees_are_asked_in_turn() {
        let text = format!("1 0\n{}", "0:0.5 0.0100 0:2 0.0200 0.0300\n".repeat(100));
        let forest = Forest::from_text(&text).unwrap();
        assert_eq!(forest.to_text(), text);
        let rows = [f32::NAN, f32::NEG_INFINITY, 1.0, f32::INFINITY, 0.0, 2.0];
        let rounded: Vec<f32> =
            forest.scores(&rows.each_ref().map(std::slice::from_ref)).iter().map(|score| score.round()).collect();
        assert_eq!(rounded, [1.0, 1.0, 2.0, 3.0, 1.0, 3.0]);
    }

    #[test]
    fn of_what_the_first_trees_are_sure_the_others_are_not_asked() {
        let trees = |each: &str| format!("{each}\n").repeat(AT_ONCE);
        let score = |first: &str| {
            let forest = Forest::from_text(&format!("1 0\n{}{}", trees(first), trees("-1.0000"))).unwrap();
            forest.scores(&[&[0.0]])[0].round()
        };
        assert_eq!([score("0.1000"), score("0.0500")], [4.0, -38.0]);
    }

    #[test]
    fn what_is_no_forest_is_none() {
        for text in [
            "",
            "2",
            "2 0\n0:1 0.5",
            "2 0\n7:1 0.5 0.5",
            "2 0\n0.5 0.5",
            "2 0\nx",
            "2 0\n0:NaN 1 1",
            "2 0\n0:1 1:1 0.5 0.5",
        ] {
            assert!(Forest::from_text(text).is_none(), "{text:?}");
        }
    }
}
