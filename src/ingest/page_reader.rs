//! Reads the pages of an import. Reading a page may end the program, if the page takes more memory than there is, so
//! this is done with care.

use crate::ingest::extraction::ArticlePages;
use crate::ingest::extractor::{Company, Extractor, TooSlow};
use crate::ingest::failures;
use crate::ingest::memory_budget::Reservation;
use crate::ingest::trial::TrialResult;
use crate::library::Library;
use crate::library::imports::{self, Failure, Import};

/// Pages from this size on are noted before they are read, in case that ends the program.
const NOTED_PAGE_BYTES: usize = 1024 * 1024;

/// Reads the pages of one import.
pub(super) struct PageReader<'a> {
    pub(super) library: &'a Library,
    pub(super) extractor: &'a Extractor,
    pub(super) import: &'a Import,
}

impl PageReader<'_> {
    /// Reads pages, for which `reservation` holds the memory if they were fetched.
    ///
    /// A large page, and one whose import was interrupted before, is noted first. If the note is still there at the next
    /// start, the page is tried in a process of its own, and then read alone.
    ///
    /// # Errors
    /// The database fails, or `work` panics.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        pages: ArticlePages,
        reservation: Option<Reservation>,
        work: impl FnOnce(ArticlePages) -> T + Send + 'static,
    ) -> anyhow::Result<Result<T, Failure>> {
        let Self { library, extractor, import } = self;
        let bytes = pages.source_bytes();
        let is_suspect = import.unfinished_reads > 0;
        let company = if is_suspect { Company::Nobody } else { Company::Others };
        let _reservation = match reservation.filter(|_| !is_suspect) {
            Some(reservation) => reservation,
            None => extractor.reserve(bytes, company).await,
        };
        let _slots = extractor.acquire_slots(company).await?;
        if is_suspect && self.try_pages(&pages).await? == TrialResult::Ended {
            return Ok(Err(failures::ends_program()));
        }
        let is_noted = import.attempts > 1 || bytes > NOTED_PAGE_BYTES;
        if is_noted {
            imports::note_reading(library, import.id).await?;
        }
        let read = extractor.run(move || work(pages)).await;
        if is_noted {
            imports::note_read(library, import.id).await?;
        }
        match read {
            Err(error) if error.is::<TooSlow>() => Ok(Err(failures::too_slow())),
            read => read.map(Ok),
        }
    }

    /// Reads each page in a process of its own.
    async fn try_pages(&self, pages: &ArticlePages) -> anyhow::Result<TrialResult> {
        let Some(trial) = &self.extractor.trial else { return Ok(TrialResult::Survived) };
        for page in pages.sources() {
            if trial.read(page).await? == TrialResult::Ended {
                return Ok(TrialResult::Ended);
            }
        }
        Ok(TrialResult::Survived)
    }
}
