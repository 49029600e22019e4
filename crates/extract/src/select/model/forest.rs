//! Decision trees that turn the features of a block into log-odds of being part of the article.
//!
//! The trees were grown by gradient boosting on pages with known texts (`examples/train`). Each compares a few features
//! with thresholds and adds the value of a leaf; the sum over all trees is the score. See Friedman, "Greedy function
//! approximation: a gradient boosting machine", 2001.

use std::hint::select_unpredictable;

/// Gradient-boosted trees.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    /// Number of features in a row.
    pub width: usize,
    /// The score before any tree is evaluated.
    base_score: f32,
    /// The trees, in groups of [`TREES_PER_GROUP`].
    groups: Vec<TreeGroup>,
}

/// A node of a tree, in depth-first order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Compares a feature with a threshold. The subtree for smaller values follows, then the one for the others.
    Split {
        /// Index of the feature.
        feature: u16,
        /// The threshold.
        threshold: f32,
    },
    /// The value that the tree adds to the score.
    Leaf(f32),
}

/// Trees that are evaluated one after the other without a check in between.
#[derive(Debug, Clone, Default)]
struct TreeGroup {
    trees: usize,
    /// The nodes of all trees, followed by [`END_NODE`].
    nodes: Vec<FlatNode>,
}

/// A node in the layout for evaluation. Small, so that a group stays in the cache while row after row passes it.
#[derive(Debug, Clone, Copy)]
struct FlatNode {
    /// The threshold; `NAN` in leaves, so that every row jumps.
    threshold: f32,
    /// Index of the feature.
    feature: u16,
    /// Offset of the next node for a feature below the threshold; otherwise the next node follows directly. In a leaf,
    /// offset of the next tree.
    jump: u16,
    /// The value added to the score; 0 in a split.
    output: f32,
}

/// The last node of a group, at which rows stay.
const END_NODE: FlatNode = FlatNode { threshold: f32::NAN, feature: 0, jump: 0, output: 0.0 };

/// Trees evaluated before the next check for an early exit.
const TREES_PER_GROUP: usize = 40;
/// Score that later trees hardly ever reverse.
const EARLY_EXIT_SCORE: f32 = 3.0;
/// Rows evaluated in parallel: while one waits for its next node, the processor continues with the others.
const LANES: usize = 8;
/// Steps between two checks whether all rows have reached the end.
const STEPS_PER_CHECK: usize = 8;

impl Forest {
    /// Creates a forest without trees, for rows of `width` features.
    pub fn new(width: usize, base_score: f32) -> Forest {
        Forest { width, base_score, groups: Vec::new() }
    }

    /// Adds a tree, given depth first. Returns `None` if the nodes are not a tree, or refer to features beyond the
    /// width.
    pub fn push_tree(&mut self, tree: &[Node]) -> Option<()> {
        let nodes = flatten(tree, self.width)?;
        if self.groups.last().is_none_or(|group| group.trees == TREES_PER_GROUP) {
            self.groups.push(TreeGroup { trees: 0, nodes: vec![END_NODE] });
        }
        let group = self.groups.last_mut()?;
        group.trees += 1;
        group.nodes.pop();
        group.nodes.extend(nodes);
        group.nodes.push(END_NODE);
        Some(())
    }

    /// Scores each row. Later trees correct less and less, so rows with a clear score skip the remaining groups.
    pub fn score_rows(&self, rows: &[&[f32]]) -> Vec<f32> {
        let mut scores = vec![self.base_score; rows.len()];
        let mut undecided: Vec<usize> = (0..rows.len()).collect();
        for group in &self.groups {
            for batch in undecided.chunks(LANES) {
                let row_of = |lane: usize| batch[lane.min(batch.len() - 1)];
                let sums = group
                    .score(std::array::from_fn(|lane| Lane { row: rows[row_of(lane)], sum: scores[row_of(lane)] }));
                batch.iter().zip(sums).for_each(|(row, sum)| scores[*row] = sum);
            }
            undecided.retain(|row| scores[*row].abs() <= EARLY_EXIT_SCORE);
        }
        scores
    }

    /// Serializes the trees: a line `width base_score`, then one line per tree with its nodes depth first,
    /// `feature:threshold` for a split and the bare value for a leaf.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}", self.width, self.base_score);
        for group in &self.groups {
            let (mut root, end) = (0, group.nodes.len() - 1);
            while root < end {
                let mut open = vec![root];
                while let Some(index) = open.pop() {
                    text.push(if index == root { '\n' } else { ' ' });
                    let node = group.nodes[index];
                    if node.threshold.is_nan() {
                        text.push_str(&format!("{:.4}", node.output));
                        root = if open.is_empty() { index + usize::from(node.jump) } else { root };
                    } else {
                        text.push_str(&format!("{}:{}", node.feature, node.threshold));
                        open.extend([index + 1, index + usize::from(node.jump)]);
                    }
                }
            }
        }
        text.push('\n');
        text
    }

    /// Parses the format of [`Forest::to_text`]; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Forest> {
        let mut lines = text.lines();
        let (width, base_score) = lines.next()?.split_once(' ')?;
        let mut forest = Forest::new(width.parse().ok()?, base_score.parse().ok()?);
        let mut tree = Vec::new();
        for line in lines {
            tree.clear();
            for node in line.split(' ') {
                tree.push(match node.split_once(':') {
                    Some((feature, threshold)) => {
                        Node::Split { feature: feature.parse().ok()?, threshold: threshold.parse().ok()? }
                    }
                    None => Node::Leaf(node.parse().ok()?),
                });
            }
            forest.push_tree(&tree)?;
        }
        Some(forest)
    }
}

/// A row that passes a group, and its score so far.
#[derive(Clone, Copy)]
struct Lane<'r> {
    row: &'r [f32],
    sum: f32,
}

impl TreeGroup {
    /// Adds the trees' values to the scores. The inner loop has no branches to mispredict.
    fn score(&self, mut lanes: [Lane<'_>; LANES]) -> [f32; LANES] {
        let mut at = [0; LANES];
        while at.iter().any(|at| at + 1 < self.nodes.len()) {
            for _ in 0..STEPS_PER_CHECK {
                for (at, lane) in at.iter_mut().zip(&mut lanes) {
                    let node = self.nodes[*at];
                    let is_at_least = lane.row[usize::from(node.feature)] >= node.threshold;
                    lane.sum += node.output;
                    *at += usize::from(select_unpredictable(is_at_least, 1, node.jump));
                }
            }
        }
        lanes.map(|lane| lane.sum)
    }
}

/// Lays a tree out for evaluation; `None` if it is none, or refers to features beyond the width.
fn flatten(tree: &[Node], width: usize) -> Option<Vec<FlatNode>> {
    let ends = subtree_ends(tree)?;
    let mut nodes = Vec::with_capacity(tree.len());
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        let node = match tree[node] {
            Node::Leaf(output) => FlatNode { output, jump: u16::try_from(tree.len() - nodes.len()).ok()?, ..END_NODE },
            Node::Split { feature, threshold } => {
                let (below, at_least) = (node + 1, ends[node + 1]);
                open.extend([below, at_least]);
                let jump = u16::try_from(1 + ends[node] - at_least).ok()?;
                (usize::from(feature) < width && !threshold.is_nan()).then_some(FlatNode {
                    threshold,
                    feature,
                    jump,
                    output: 0.0,
                })?
            }
        };
        nodes.push(node);
    }
    (width > 0).then_some(nodes)
}

/// Returns for each node the index after its subtree; `None` if the nodes are not one tree.
fn subtree_ends(tree: &[Node]) -> Option<Vec<usize>> {
    let mut ends = vec![0; tree.len()];
    for at in (0..tree.len()).rev() {
        ends[at] = match tree[at] {
            Node::Leaf(_) => at + 1,
            Node::Split { .. } => *ends.get(*ends.get(at + 1)?)?,
        };
    }
    (*ends.first()? == tree.len()).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forest_survives_writing_and_reading() {
        let text = "2 -0.5\n0:1.5 0.2500 1:3 -1.0000 2.0000\n1:0 0.1000 -0.1000\n";
        let forest = Forest::from_text(text).unwrap();
        assert_eq!(forest.to_text(), text);
        let rows = [[1.0, 0.0], [2.0, 4.0], [1.5, -4.0], [1.0, -1.0]];
        let outputs = [0.25 - 0.1, 2.0 - 0.1, -1.0 + 0.1, 0.25 + 0.1];
        let rows = rows.each_ref().map(|row| &row[..]);
        assert_eq!(forest.score_rows(&rows), outputs.map(|output: f32| -0.5 + output));
        assert_eq!(forest.score_rows(&rows[1..]), outputs[1..].iter().map(|output| -0.5 + output).collect::<Vec<_>>());
    }

    #[test]
    fn nan_goes_below_every_threshold_and_all_groups_count() {
        let text = format!("1 0\n{}", "0:0.5 0.0100 0:2 0.0200 0.0300\n".repeat(100));
        let forest = Forest::from_text(&text).unwrap();
        assert_eq!(forest.to_text(), text);
        let rows = [f32::NAN, f32::NEG_INFINITY, 1.0, f32::INFINITY, 0.0, 2.0];
        let rounded: Vec<f32> =
            forest.score_rows(&rows.each_ref().map(std::slice::from_ref)).iter().map(|score| score.round()).collect();
        assert_eq!(rounded, [1.0, 1.0, 2.0, 3.0, 1.0, 3.0]);
    }

    #[test]
    fn confident_rows_skip_later_groups() {
        let trees = |each: &str| format!("{each}\n").repeat(TREES_PER_GROUP);
        let score = |first: &str| {
            let forest = Forest::from_text(&format!("1 0\n{}{}", trees(first), trees("-1.0000"))).unwrap();
            forest.score_rows(&[&[0.0]])[0].round()
        };
        assert_eq!([score("0.1000"), score("0.0500")], [4.0, -38.0]);
    }

    #[test]
    fn invalid_text_is_refused() {
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
