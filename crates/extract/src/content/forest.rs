//! Learned decision trees: numbers of a block in, how likely it belongs to the article out.
//!
//! The trees were grown by gradient boosting on pages with known texts (`examples/learn`); each is a few
//! questions of the form "is number 17 less than 0.4?" with a small correction at its end. The sum of all corrections is
//! the log odds. See Friedman, "Greedy function approximation: a gradient boosting machine", 2001.

/// Trees and what they start from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest {
    /// Numbers that a row must have.
    pub width: usize,
    /// The log odds before any tree is asked.
    pub start: f32,
    /// All nodes; the trees one after the other.
    pub nodes: Vec<Node>,
    /// Where in `nodes` each tree begins.
    pub roots: Vec<u32>,
}

/// A question, or an answer. Small, so that the trees stay near the processor while one row after the other is shown to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// What the number is compared with, or the answer.
    pub value: f32,
    /// The number that is asked for.
    pub feature: u16,
    /// So many nodes on stands the next one when the number is at least `value`; when it is less, the next is the one that
    /// follows. 0 in an answer, after which there is none.
    pub at_least: u16,
}

/// So many trees are asked before it is looked at whether they are sure.
const AT_ONCE: usize = 40;
/// Log odds that later trees hardly ever turn round.
const SURE: f32 = 3.0;
/// So many trees are asked in step.
const LANES: usize = 4;

impl Forest {
    /// The log odds of a row. Trees that come later correct less and less, so that a row of which the first ones are sure is not
    /// shown to the rest.
    pub fn score(&self, row: &[f32]) -> f32 {
        let mut sum = self.start;
        for trees in self.roots.chunks(AT_ONCE) {
            for trees in trees.chunks(LANES) {
                let answers = self.answers(trees, row);
                sum = answers[..trees.len()].iter().fold(sum, |sum, answer| sum + answer);
            }
            if sum.abs() > SURE {
                break;
            }
        }
        sum
    }

    /// What some trees answer, which are asked in step: while one waits for its next node, the processor goes on with the others.
    fn answers(&self, roots: &[u32], row: &[f32]) -> [f32; LANES] {
        let mut at = [roots[0] as usize; LANES];
        at.iter_mut().zip(roots).for_each(|(at, root)| *at = *root as usize);
        let mut is_asking = true;
        while is_asking {
            is_asking = false;
            for at in &mut at {
                let node = self.nodes[*at];
                // An answer leads nowhere, so that a tree that is done waits at it.
                let is_question = node.at_least != 0;
                let steps = [u16::from(is_question), node.at_least];
                *at += usize::from(steps[usize::from(row[usize::from(node.feature)] >= node.value)]);
                is_asking |= is_question;
            }
        }
        at.map(|at| self.nodes[at].value)
    }

    /// Writes the trees as lines of text: `width start`, then per tree its nodes in order, `feature:value` for
    /// a question and the value alone for an answer.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}\n", self.width, self.start);
        let ends = self.roots.iter().skip(1).map(|root| *root as usize).chain([self.nodes.len()]);
        for (root, end) in self.roots.iter().map(|root| *root as usize).zip(ends) {
            let nodes: Vec<String> = self.nodes[root..end]
                .iter()
                .map(|node| match node.at_least {
                    0 => format!("{:.4}", node.value),
                    _ => format!("{}:{}", node.feature, node.value),
                })
                .collect();
            text.push_str(&nodes.join(" "));
            text.push('\n');
        }
        text
    }

    /// Reads what [`Forest::to_text`] has written; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Forest> {
        let mut lines = text.lines();
        let (width, start) = lines.next()?.split_once(' ')?;
        let mut forest =
            Forest { width: width.parse().ok()?, start: start.parse().ok()?, nodes: Vec::new(), roots: Vec::new() };
        for line in lines {
            forest.roots.push(forest.nodes.len() as u32);
            let nodes: Vec<&str> = line.split(' ').collect();
            let end = forest.read(&nodes, 0)?;
            if end != nodes.len() {
                return None;
            }
        }
        Some(forest)
    }

    /// Reads one node and everything below it; answers what stands after.
    fn read(&mut self, nodes: &[&str], at: usize) -> Option<usize> {
        let node = nodes.get(at)?;
        let place = self.nodes.len();
        let Some((feature, value)) = node.split_once(':') else {
            self.nodes.push(Node { feature: 0, at_least: 0, value: node.parse().ok()? });
            return Some(at + 1);
        };
        let feature: u16 = feature.parse().ok().filter(|feature| usize::from(*feature) < self.width)?;
        self.nodes.push(Node { feature, at_least: 0, value: value.parse().ok()? });
        let next = self.read(nodes, at + 1)?;
        self.nodes[place].at_least = u16::try_from(self.nodes.len() - place).ok()?;
        self.read(nodes, next)
    }
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
        assert_eq!(rows.map(|row| forest.score(&row)), answers.map(|answer: f32| -0.5 + answer));
    }

    #[test]
    fn what_is_no_forest_is_none() {
        for text in ["", "2", "2 0\n0:1 0.5", "2 0\n7:1 0.5 0.5", "2 0\n0.5 0.5", "2 0\nx"] {
            assert_eq!(Forest::from_text(text), None, "{text:?}");
        }
    }
}
