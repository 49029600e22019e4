//! Gradient boosting of small trees on histograms, for two classes: enough to learn from some hundred thousand rows in
//! seconds without another library. See Friedman 2001, and Ke et al., "LightGBM", 2017, for trees that grow at their best
//! leaf and for histograms.

use extract::training::{Forest, Node};

/// How a forest grows.
#[derive(Clone, Copy)]
pub struct Boosting {
    pub trees: usize,
    /// Most answers of one tree.
    pub leaves: usize,
    /// How much of each correction is believed.
    pub rate: f32,
    /// The parts of columns and rows that each tree sees.
    pub columns: f32,
    pub rows: f32,
    /// Least weight of rows in an answer.
    pub least: f32,
    pub seed: u64,
}

/// Most different values of a column that are told apart.
const BINS: usize = 64;
/// How strongly answers are drawn to zero.
const CALM: f32 = 2.0;
/// What a question must gain.
const GAIN: f32 = 0.2;

/// Rows with what is known of them.
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

/// The table with each value replaced by the number of its bin.
struct Binned {
    width: usize,
    bins: Vec<u8>,
    /// Per column, the least value of each bin but the first.
    edges: Vec<Vec<f32>>,
}

impl Binned {
    fn of(table: &Table) -> Binned {
        let rows = table.weights.len();
        let mut edges = Vec::with_capacity(table.width);
        for column in 0..table.width {
            let step = (rows / 20_000).max(1);
            let mut values: Vec<f32> =
                (0..rows).step_by(step).map(|row| table.values[row * table.width + column]).collect();
            values.sort_by(f32::total_cmp);
            let mut found: Vec<f32> = Vec::new();
            let mut different = values.clone();
            different.dedup();
            if different.len() <= BINS {
                found.extend(different.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0));
            } else {
                for bin in 1..BINS {
                    let edge = values[values.len() * bin / BINS];
                    if edge > values[0] && found.last().is_none_or(|last| edge > *last) {
                        found.push(edge);
                    }
                }
            }
            edges.push(found);
        }
        let mut bins = Vec::with_capacity(table.values.len());
        for row in table.values.chunks_exact(table.width) {
            bins.extend(row.iter().zip(&edges).map(|(value, edges)| edges.partition_point(|edge| edge <= value) as u8));
        }
        Binned { width: table.width, bins, edges }
    }
}

/// Sums of slopes and of curvatures, per column and bin.
type Histogram = Vec<[f32; 2]>;

/// A leaf that may still be split.
struct Leaf {
    /// Where it stands in the tree.
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

/// A tree while it grows; children by place.
enum Growing {
    Answer(f32),
    Question { column: usize, bin: u8, less: usize, at_least: usize },
}

impl Boosting {
    /// The same from another seed.
    pub fn from(self, seed: u64) -> Boosting {
        Boosting { seed: self.seed + 2 * seed, ..self }
    }

    /// Grows a forest.
    pub fn grow(&self, table: &Table) -> Forest {
        let binned = Binned::of(table);
        let rows = table.weights.len();
        let all: f32 = table.weights.iter().sum();
        let good: f32 =
            table.weights.iter().zip(&table.is_article).filter(|(_, is)| **is).map(|(weight, _)| weight).sum();
        let start = (good / (all - good)).ln();
        let mut scores = vec![start; rows];
        let mut slopes = vec![[0.0_f32; 2]; rows];
        let mut random = Random(self.seed);
        let mut forest = Forest::new(table.width, start);
        for _ in 0..self.trees {
            for row in 0..rows {
                let likely = 1.0 / (1.0 + (-scores[row]).exp());
                let wanted = f32::from(u8::from(table.is_article[row]));
                let weight = table.weights[row];
                slopes[row] = [weight * (likely - wanted), weight * (likely * (1.0 - likely)).max(1e-4)];
            }
            let seen: Vec<u32> = (0..rows as u32).filter(|_| random.next() < self.rows).collect();
            let columns: Vec<usize> = (0..table.width).filter(|_| random.next() < self.columns).collect();
            let tree = self.tree(&binned, &slopes, seen, &columns);
            for (row, score) in scores.iter_mut().enumerate() {
                *score += answer(&tree, &binned.bins[row * binned.width..(row + 1) * binned.width]);
            }
            let mut nodes = Vec::new();
            write(&tree, 0, &binned, &mut nodes);
            forest.push(&nodes).expect("a tree that was grown for this width");
        }
        forest
    }

    fn tree(&self, binned: &Binned, slopes: &[[f32; 2]], rows: Vec<u32>, columns: &[usize]) -> Vec<Growing> {
        let histogram = histogram_of(binned, slopes, &rows, columns);
        let mut tree = vec![Growing::Answer(self.correction(&histogram))];
        let best = self.best(&histogram, columns);
        let mut leaves = vec![Leaf { node: 0, rows, histogram, best }];
        while leaves.len() < self.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |split| split.gain);
            let Some(at) = (0..leaves.len()).max_by(|one, other| gain(&leaves[*one]).total_cmp(&gain(&leaves[*other])))
            else {
                break;
            };
            let Some(split) = leaves[at].best else { break };
            let leaf = leaves.swap_remove(at);
            let (less, at_least): (Vec<u32>, Vec<u32>) = leaf
                .rows
                .iter()
                .partition(|row| binned.bins[**row as usize * binned.width + split.column] <= split.bin);
            // Only the smaller half is counted; the other is what is left.
            let small = if less.len() < at_least.len() { &less } else { &at_least };
            let counted = histogram_of(binned, slopes, small, columns);
            let rest: Histogram =
                leaf.histogram.iter().zip(&counted).map(|(all, part)| [all[0] - part[0], all[1] - part[1]]).collect();
            let halves = if less.len() < at_least.len() { (counted, rest) } else { (rest, counted) };
            let places = (tree.len(), tree.len() + 1);
            tree[leaf.node] =
                Growing::Question { column: split.column, bin: split.bin, less: places.0, at_least: places.1 };
            for (node, rows, histogram) in [(places.0, less, halves.0), (places.1, at_least, halves.1)] {
                tree.push(Growing::Answer(self.correction(&histogram)));
                let best = self.best(&histogram, columns);
                leaves.push(Leaf { node, rows, histogram, best });
            }
        }
        tree
    }

    fn correction(&self, histogram: &Histogram) -> f32 {
        let (slope, curve) = histogram[..BINS].iter().fold((0.0, 0.0), |sum, bin| (sum.0 + bin[0], sum.1 + bin[1]));
        -slope / (curve + CALM) * self.rate
    }

    fn best(&self, histogram: &Histogram, columns: &[usize]) -> Option<Split> {
        let mut best: Option<Split> = None;
        for (at, column) in columns.iter().enumerate() {
            let bins = &histogram[at * BINS..(at + 1) * BINS];
            let all = bins.iter().fold([0.0, 0.0], |sum: [f32; 2], bin| [sum[0] + bin[0], sum[1] + bin[1]]);
            let worth = |part: [f32; 2]| part[0] * part[0] / (part[1] + CALM);
            let mut less = [0.0, 0.0];
            for (bin, sums) in bins.iter().enumerate().take(BINS - 1) {
                less = [less[0] + sums[0], less[1] + sums[1]];
                let rest = [all[0] - less[0], all[1] - less[1]];
                // A curvature is at most a quarter of the weight.
                if less[1] * 4.0 < self.least || rest[1] * 4.0 < self.least {
                    continue;
                }
                let gain = worth(less) + worth(rest) - worth(all);
                if gain > best.map_or(GAIN, |best| best.gain) {
                    best = Some(Split { gain, column: *column, bin: bin as u8 });
                }
            }
        }
        best
    }
}

fn histogram_of(binned: &Binned, slopes: &[[f32; 2]], rows: &[u32], columns: &[usize]) -> Histogram {
    let mut histogram = vec![[0.0_f32; 2]; columns.len().max(1) * BINS];
    for row in rows {
        let slope = slopes[*row as usize];
        let bins = &binned.bins[*row as usize * binned.width..(*row as usize + 1) * binned.width];
        for (at, column) in columns.iter().enumerate() {
            let sums = &mut histogram[at * BINS + usize::from(bins[*column])];
            sums[0] += slope[0];
            sums[1] += slope[1];
        }
    }
    histogram
}

fn answer(tree: &[Growing], bins: &[u8]) -> f32 {
    let mut at = 0;
    loop {
        match tree[at] {
            Growing::Answer(value) => return value,
            Growing::Question { column, bin, less, at_least } => at = if bins[column] <= bin { less } else { at_least },
        }
    }
}

/// Writes a tree depth first, as the forest keeps it.
fn write(tree: &[Growing], at: usize, binned: &Binned, into: &mut Vec<Node>) {
    match tree[at] {
        Growing::Answer(value) => into.push(Node::Answer(value)),
        Growing::Question { column, bin, less, at_least } => {
            let value = binned.edges[column][usize::from(bin)];
            into.push(Node::Question { feature: column as u16, value });
            write(tree, less, binned, into);
            write(tree, at_least, binned, into);
        }
    }
}

/// Xorshift64*: the same numbers in every run.
struct Random(u64);

impl Random {
    /// From 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40) as f32 / (1_u64 << 24) as f32
    }
}
