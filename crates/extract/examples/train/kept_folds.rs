//! The forests of the folds, kept in files.

use std::io;
use std::path::{Path, PathBuf};

use extract::training::{Ensemble, Models};

use crate::dataset::FOLDS;

/// Writes the models of all folds into the folder that belongs to a file of results.
pub fn write(models: &[Models], results: &str) -> io::Result<()> {
    std::fs::create_dir_all(folder(results))?;
    for (fold, models) in models.iter().enumerate() {
        let (blocks, context) = files(results, fold);
        std::fs::write(blocks, models.block_forests.to_text())?;
        std::fs::write(context, models.context_forests.to_text())?;
    }
    Ok(())
}

/// Reads the models of all folds, as written by [`write`].
pub fn read(results: &str) -> io::Result<Vec<Models>> {
    let read_forests = |from: &Path| -> io::Result<Ensemble> {
        Ensemble::from_text(&std::fs::read_to_string(from)?)
            .ok_or_else(|| io::Error::other(format!("{} holds no forests", from.display())))
    };
    (0..FOLDS)
        .map(|fold| {
            let (blocks, context) = files(results, fold);
            Ok(Models { block_forests: read_forests(&blocks)?, context_forests: read_forests(&context)? })
        })
        .collect()
}

fn folder(results: &str) -> PathBuf {
    PathBuf::from(format!("{results}.forests"))
}

fn files(results: &str, fold: usize) -> (PathBuf, PathBuf) {
    (folder(results).join(format!("{fold}-blocks.txt")), folder(results).join(format!("{fold}-context.txt")))
}
