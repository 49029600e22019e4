//! Ensembles of forests that were trained alike from different seeds.
//!
//! Each forest errs in its own way on rows unlike any it has seen. Their mean errs less often and depends less on the
//! seed. See Breiman, "Bagging predictors", 1996.

use super::forest::Forest;

/// Mean score beyond which further forests hardly ever change the decision.
const CONFIDENT_MEAN: f32 = 1.5;

/// Forests for rows of the same width.
#[derive(Debug, Clone, Default)]
pub struct Ensemble {
    /// The forests; none in an ensemble that scores nothing.
    pub forests: Vec<Forest>,
}

impl Ensemble {
    /// Number of features in a row.
    pub fn width(&self) -> usize {
        self.forests.first().map_or(0, |forest| forest.width)
    }

    /// Scores rows, given one after the other, as the mean log-odds of the forests.
    ///
    /// A further forest is consulted only for rows on which those before it are undecided. This saves most of the work,
    /// and changes results no more than another seed would.
    pub fn score_rows(&self, rows: &[f32]) -> Vec<f32> {
        let rows: Vec<&[f32]> = rows.chunks_exact(self.width().max(1)).collect();
        let mut sums = vec![0.0_f32; rows.len()];
        let mut votes = vec![0.0_f32; rows.len()];
        for forest in &self.forests {
            let undecided: Vec<usize> =
                (0..rows.len()).filter(|at| sums[*at].abs() <= CONFIDENT_MEAN * votes[*at]).collect();
            let undecided_rows: Vec<&[f32]> = undecided.iter().map(|at| rows[*at]).collect();
            for (at, score) in undecided.iter().zip(forest.score_rows(&undecided_rows)) {
                (sums[*at], votes[*at]) = (sums[*at] + score, votes[*at] + 1.0);
            }
        }
        sums.iter().zip(&votes).map(|(sum, votes)| sum / votes.max(1.0)).collect()
    }

    /// Serializes the forests, separated by an empty line.
    pub fn to_text(&self) -> String {
        self.forests.iter().map(Forest::to_text).collect::<Vec<_>>().join("\n")
    }

    /// Parses the format of [`Ensemble::to_text`]; `None` for anything else, and for forests of different width.
    pub fn from_text(text: &str) -> Option<Ensemble> {
        let forests: Vec<Forest> = text.split("\n\n").map(Forest::from_text).collect::<Option<_>>()?;
        let same_width = forests.windows(2).all(|pair| pair[0].width == pair[1].width);
        same_width.then_some(Ensemble { forests })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "1 0\n0:1 1.0000 1.5000\n\n1 0\n0:1 -0.5000 2.0000\n";

    #[test]
    fn undecided_forests_give_their_mean() {
        let both = Ensemble::from_text(TWO).unwrap();
        assert_eq!(both.to_text(), TWO);
        assert_eq!(both.score_rows(&[0.0, 1.0]), [0.25, 1.75]);
    }

    #[test]
    fn a_confident_forest_decides_alone() {
        let sure = Ensemble::from_text(&TWO.replace("1.5", "4.0")).unwrap();
        assert_eq!(sure.score_rows(&[1.0]), [4.0]);
    }

    #[test]
    fn invalid_text_is_refused() {
        for text in ["", "1 0\n\n2 0\n", "1 0\n\n\n1 0\n"] {
            assert!(Ensemble::from_text(text).is_none(), "{text:?}");
        }
    }
}
