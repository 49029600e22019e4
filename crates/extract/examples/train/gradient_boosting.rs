//! Histogram-based gradient boosting for two classes: enough to learn from some hundred thousand rows in seconds
//! without another library. See Friedman, 2001, and, for leaf-wise growth and histograms, Ke et al., "LightGBM", 2017.

use extract::training::{Forest, Node};

/// Hyperparameters of a forest.
#[derive(Clone, Copy)]
pub struct GradientBoosting {
    pub trees: usize,
    /// Most leaves of a tree.
    pub leaves: usize,
    /// Factor on each tree's values.
    pub learning_rate: f32,
    /// Fractions of columns and rows that each tree is grown on.
    pub column_fraction: f32,
    pub row_fraction: f32,
    /// Least weight of rows in a leaf.
    pub min_leaf_weight: f32,
    pub seed: u64,
}

/// Most bins of a column.
const BINS: usize = 64;
/// L2 regularization of leaf values.
const L2_PENALTY: f32 = 2.0;
/// Least gain of a split.
const MIN_GAIN: f32 = 0.2;

/// Rows with labels and weights.
pub struct Table {
    width: usize,
    values: Vec<f32>,
    is_article: Vec<bool>,
    weights: Vec<f32>,
}

impl Table {
    pub fn new(width: usize) -> Table {
        Table { width, values: Vec::new(), is_article: Vec::new(), weights: Vec::new() }
    }

    pub fn add(&mut self, row: &[f32], is_article: bool, weight: f32) {
        self.values.extend(row);
        self.is_article.push(is_article);
        self.weights.push(weight);
    }
}

/// The table with each value replaced by its bin.
struct Binned {
    width: usize,
    bins: Vec<u8>,
    /// Per column, the lower bound of each bin but the first.
    edges: Vec<Vec<f32>>,
}

impl Binned {
    fn new(table: &Table) -> Binned {
        let rows = table.weights.len();
        let mut edges = Vec::with_capacity(table.width);
        for column in 0..table.width {
            let step = (rows / 20_000).max(1);
            let mut values: Vec<f32> =
                (0..rows).step_by(step).map(|row| table.values[row * table.width + column]).collect();
            values.sort_by(f32::total_cmp);
            let mut column_edges: Vec<f32> = Vec::new();
            let mut distinct = values.clone();
            distinct.dedup();
            if distinct.len() <= BINS {
                column_edges.extend(distinct.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
            } else {
                for bin in 1..BINS {
                    let edge = values[values.len() * bin / BINS];
                    if edge > values[0] && column_edges.last().is_none_or(|last| edge > *last) {
                        column_edges.push(edge);
                    }
                }
            }
            edges.push(column_edges);
        }
        let mut bins = Vec::with_capacity(table.values.len());
        for row in table.values.chunks_exact(table.width) {
            bins.extend(row.iter().zip(&edges).map(|(value, edges)| edges.partition_point(|edge| edge <= value) as u8));
        }
        Binned { width: table.width, bins, edges }
    }
}

/// Sums of gradients and of hessians, per column and bin.
type Histogram = Vec<[f32; 2]>;

/// A leaf that may still be split.
struct OpenLeaf {
    /// Index in the tree.
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    best: Option<Split>,
}

#[derive(Clone, Copy)]
struct Split {
    gain: f32,
    column: usize,
    bin: u8,
}

/// A node of a growing tree; children by index.
enum GrowingNode {
    Leaf(f32),
    Split { column: usize, bin: u8, left: usize, right: usize },
}

impl GradientBoosting {
    /// Returns the same hyperparameters with another seed.
    pub fn with_seed_offset(self, seed: u64) -> GradientBoosting {
        GradientBoosting { seed: self.seed + 2 * seed, ..self }
    }

    /// Grows a forest.
    pub fn grow(&self, table: &Table) -> Forest {
        let binned = Binned::new(table);
        let rows = table.weights.len();
        let all: f32 = table.weights.iter().sum();
        let positive: f32 =
            table.weights.iter().zip(&table.is_article).filter(|(_, is)| **is).map(|(weight, _)| weight).sum();
        let base_score = (positive / (all - positive)).ln();
        let mut scores = vec![base_score; rows];
        let mut gradients = vec![[0.0_f32; 2]; rows];
        let mut random = Random(self.seed);
        let mut forest = Forest::new(table.width, base_score);
        for _ in 0..self.trees {
            for row in 0..rows {
                let probability = 1.0 / (1.0 + (-scores[row]).exp());
                let target = f32::from(u8::from(table.is_article[row]));
                let weight = table.weights[row];
                gradients[row] =
                    [weight * (probability - target), weight * (probability * (1.0 - probability)).max(1e-4)];
            }
            let sampled_rows: Vec<u32> = (0..rows as u32).filter(|_| random.next() < self.row_fraction).collect();
            let columns: Vec<usize> = (0..table.width).filter(|_| random.next() < self.column_fraction).collect();
            let tree = self.grow_tree(&binned, &gradients, sampled_rows, &columns);
            for (row, score) in scores.iter_mut().enumerate() {
                *score += predict(&tree, &binned.bins[row * binned.width..(row + 1) * binned.width]);
            }
            let mut nodes = Vec::new();
            flatten(&tree, 0, &binned, &mut nodes);
            forest.push_tree(&nodes).expect("a tree that was grown for this width");
        }
        forest
    }

    fn grow_tree(
        &self,
        binned: &Binned,
        gradients: &[[f32; 2]],
        rows: Vec<u32>,
        columns: &[usize],
    ) -> Vec<GrowingNode> {
        let histogram = build_histogram(binned, gradients, &rows, columns);
        let mut tree = vec![GrowingNode::Leaf(self.leaf_value(&histogram))];
        let best = self.find_best_split(&histogram, columns);
        let mut leaves = vec![OpenLeaf { node: 0, rows, histogram, best }];
        while leaves.len() < self.leaves {
            let gain = |leaf: &OpenLeaf| leaf.best.map_or(0.0, |split| split.gain);
            let Some(at) = (0..leaves.len()).max_by(|one, other| gain(&leaves[*one]).total_cmp(&gain(&leaves[*other])))
            else {
                break;
            };
            let Some(split) = leaves[at].best else { break };
            let leaf = leaves.swap_remove(at);
            let (left, right): (Vec<u32>, Vec<u32>) = leaf
                .rows
                .iter()
                .partition(|row| binned.bins[**row as usize * binned.width + split.column] <= split.bin);
            // Only the smaller half is summed; subtraction gives the other.
            let small = if left.len() < right.len() { &left } else { &right };
            let counted = build_histogram(binned, gradients, small, columns);
            let rest: Histogram =
                leaf.histogram.iter().zip(&counted).map(|(all, part)| [all[0] - part[0], all[1] - part[1]]).collect();
            let halves = if left.len() < right.len() { (counted, rest) } else { (rest, counted) };
            let children = (tree.len(), tree.len() + 1);
            tree[leaf.node] =
                GrowingNode::Split { column: split.column, bin: split.bin, left: children.0, right: children.1 };
            for (node, rows, histogram) in [(children.0, left, halves.0), (children.1, right, halves.1)] {
                tree.push(GrowingNode::Leaf(self.leaf_value(&histogram)));
                let best = self.find_best_split(&histogram, columns);
                leaves.push(OpenLeaf { node, rows, histogram, best });
            }
        }
        tree
    }

    fn leaf_value(&self, histogram: &Histogram) -> f32 {
        let (gradient, hessian) =
            histogram[..BINS].iter().fold((0.0, 0.0), |sum, bin| (sum.0 + bin[0], sum.1 + bin[1]));
        -gradient / (hessian + L2_PENALTY) * self.learning_rate
    }

    fn find_best_split(&self, histogram: &Histogram, columns: &[usize]) -> Option<Split> {
        let mut best: Option<Split> = None;
        for (at, column) in columns.iter().enumerate() {
            let bins = &histogram[at * BINS..(at + 1) * BINS];
            let all = bins.iter().fold([0.0, 0.0], |sum: [f32; 2], bin| [sum[0] + bin[0], sum[1] + bin[1]]);
            let score = |part: [f32; 2]| part[0] * part[0] / (part[1] + L2_PENALTY);
            let mut left = [0.0, 0.0];
            for (bin, sums) in bins.iter().enumerate().take(BINS - 1) {
                left = [left[0] + sums[0], left[1] + sums[1]];
                let rest = [all[0] - left[0], all[1] - left[1]];
                // A hessian is at most a quarter of the weight.
                if left[1] * 4.0 < self.min_leaf_weight || rest[1] * 4.0 < self.min_leaf_weight {
                    continue;
                }
                let gain = score(left) + score(rest) - score(all);
                if gain > best.map_or(MIN_GAIN, |best| best.gain) {
                    best = Some(Split { gain, column: *column, bin: bin as u8 });
                }
            }
        }
        best
    }
}

fn build_histogram(binned: &Binned, gradients: &[[f32; 2]], rows: &[u32], columns: &[usize]) -> Histogram {
    let mut histogram = vec![[0.0_f32; 2]; columns.len().max(1) * BINS];
    for row in rows {
        let gradient = gradients[*row as usize];
        let bins = &binned.bins[*row as usize * binned.width..(*row as usize + 1) * binned.width];
        for (at, column) in columns.iter().enumerate() {
            let sums = &mut histogram[at * BINS + usize::from(bins[*column])];
            sums[0] += gradient[0];
            sums[1] += gradient[1];
        }
    }
    histogram
}

fn predict(tree: &[GrowingNode], bins: &[u8]) -> f32 {
    let mut at = 0;
    loop {
        match tree[at] {
            GrowingNode::Leaf(value) => return value,
            GrowingNode::Split { column, bin, left, right } => at = if bins[column] <= bin { left } else { right },
        }
    }
}

/// Writes a tree depth first, as [`Forest`] stores it.
fn flatten(tree: &[GrowingNode], at: usize, binned: &Binned, into: &mut Vec<Node>) {
    match tree[at] {
        GrowingNode::Leaf(value) => into.push(Node::Leaf(value)),
        GrowingNode::Split { column, bin, left, right } => {
            let threshold = binned.edges[column][usize::from(bin)];
            into.push(Node::Split { feature: column as u16, threshold });
            flatten(tree, left, binned, into);
            flatten(tree, right, binned, into);
        }
    }
}

/// Xorshift64*: the same sequence in every run.
struct Random(u64);

impl Random {
    /// Returns a number in [0, 1).
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1_u64 << 24) as f32
    }
}
