//! What must agree inside a library, in sentences.

use crate::library::topics::learning;
use crate::library::{Library, consistency};
use crate::ops::doctor::{Doctor, count, databases};

const IS: [&str; 2] = ["is", "are"];
const BELONG: [&str; 2] = ["belongs", "belong"];

/// Files of one kind named at most.
const MAX_NAMED: usize = 3;

impl Doctor<'_> {
    pub(super) async fn check_contents(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        self.checkup.articles += consistency::count_articles(library).await?;
        self.check_articles(library, place).await?;
        (self.progress)(&format!("{place}: images"));
        self.check_images(library, place).await?;
        // After the images, whose repair changes rows.
        self.check_copies(library, place).await?;
        (self.progress)(&format!("{place}: original pages"));
        self.check_snapshots(library, place).await?;
        (self.progress)(&format!("{place}: search index"));
        self.check_search_index(library, place).await
    }

    async fn check_articles(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        let without_text = consistency::count_articles_without_text(library).await?;
        if without_text > 0 {
            let problem = format!("{} without text.", count(without_text, "article", IS));
            self.manual(place, problem, databases::RESTORE);
        }
        Ok(())
    }

    async fn check_copies(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        let wrong = consistency::count_wrong_copies(library).await?;
        if wrong > 0 {
            let problem = format!("{} wrong (dates of tags, lead images).", count(wrong, "copied value", IS));
            let repair = async { Ok(consistency::repair_copies(library).await?) };
            self.repairable(place, problem, "They are taken from the articles again.", repair).await?;
        }
        let wrong = consistency::count_wrong_counts(library).await?;
        if wrong > 0 {
            let problem = format!("{} wrong.", count(wrong, "count", IS));
            let repair = async { Ok(consistency::recompute_counts(library).await?) };
            self.repairable(place, problem, "All articles are counted again.", repair).await?;
        }
        let wrong = consistency::count_wrong_lessons(library).await?;
        if wrong > 0 {
            let problem = format!("{} other counts than what was learned.", count(wrong, "topic", ["has", "have"]));
            let repair = async { Ok(learning::learn_again(library).await?) };
            self.repairable(place, problem, "The server learns from all articles again.", repair).await?;
        }
        Ok(())
    }

    async fn check_images(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        let problems = consistency::check_images(library, self.files_before).await?;
        self.checkup.images += problems.files;
        let mut sentences = Vec::new();
        if !problems.missing.is_empty() {
            let named = name_some(problems.missing.iter().map(|hash| hash.as_str()));
            let sentence = format!("{} missing: {named}.", count(problems.missing.len(), "image file", IS));
            sentences.push((sentence, "The images are fetched again."));
        }
        if !problems.damaged.is_empty() {
            let named = name_some(problems.damaged.iter().map(|hash| hash.as_str()));
            let sentence = format!("{} damaged: {named}.", count(problems.damaged.len(), "image file", IS));
            sentences.push((sentence, "The files are deleted and the images fetched again."));
        }
        if problems.broken_rows > 0 {
            let sentence = format!("{} no stored image.", count(problems.broken_rows, "image row", ["names", "name"]));
            sentences.push((sentence, "The images are fetched again."));
        }
        if !problems.unused.is_empty() {
            let named = name_some(problems.unused.iter().map(|file| file.to_str().unwrap_or("?")));
            let sentence = format!("{} to no article: {named}.", count(problems.unused.len(), "image file", BELONG));
            sentences.push((sentence, "The files are deleted."));
        }
        for (sentence, remedy) in sentences {
            self.repairable(place, sentence, remedy, consistency::repair_images(library, &problems, self.now)).await?;
        }
        Ok(())
    }

    async fn check_snapshots(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        let problems = consistency::check_snapshots(library, self.files_before).await?;
        self.checkup.snapshots += problems.pages;
        let stays = "The articles stay, but can't be extracted again.";
        for (number, (verb, what), remedy) in [
            (problems.missing.len(), (IS, "missing"), stays.to_owned()),
            (problems.damaged.len(), (IS, "damaged"), format!("They are deleted. {stays}")),
            (problems.unused.len(), (BELONG, "to no article"), "They are deleted.".to_owned()),
        ] {
            if number > 0 {
                let sentence = format!("{} {what}.", count(number, "original page", verb));
                let repair = consistency::repair_snapshots(library, &problems);
                self.repairable(place, sentence, &remedy, repair).await?;
            }
        }
        Ok(())
    }

    async fn check_search_index(&mut self, library: &Library, place: &str) -> anyhow::Result<()> {
        let differing = consistency::check_search_index(library).await?;
        if differing > 0 {
            let problem = format!(
                "{} other words in the search index than in the text.",
                count(differing, "article", ["has", "have"])
            );
            let repair = consistency::rebuild_search_index(library);
            self.repairable(place, problem, "The search index is built again.", repair).await?;
        }
        Ok(())
    }
}

/// Names the first few of many files.
fn name_some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MAX_NAMED);
    let named: Vec<&str> = names.take(MAX_NAMED).collect();
    let named = named.join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}
