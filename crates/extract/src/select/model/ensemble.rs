//! Several forests that were grown alike but from other random numbers, asked together.
//!
//! Each forest is wrong in its own way about rows that are like nothing it has seen; their mean is wrong less often, and the same
//! pages give nearly the same answers whatever the numbers were. See Breiman, "Bagging predictors", 1996.

use super::forest::Forest;

/// Mean log odds beyond which those that were asked are hardly ever contradicted by the others.
const CONFIDENT_MEAN: f32 = 1.5;

/// Forests for rows of one width.
#[derive(Debug, Clone, Default)]
pub struct Ensemble {
    /// At least one, of those that answer anything.
    pub forests: Vec<Forest>,
}

impl Ensemble {
    /// Numbers that a row must have.
    pub fn width(&self) -> usize {
        self.forests.first().map_or(0, |forest| forest.width)
    }

    /// The log odds of each row; `rows` holds them one after the other. The mean of the forests; but the next one is asked only where
    /// those before are in doubt: that is much less work, and the figures move by no more than another seed moves them.
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

    /// Writes the forests with an empty line between them.
    pub fn to_text(&self) -> String {
        self.forests.iter().map(Forest::to_text).collect::<Vec<_>>().join("\n")
    }

    /// Reads what [`Ensemble::to_text`] has written; `None` for anything else, and for forests of different width.
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
