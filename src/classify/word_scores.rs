//! What an article is about by its words.
//!
//! Each word of a list speaks for its topics as strongly as its weight, more in the title than in
//! the first lines, more there than in the rest, and less with each time it is said again. A
//! long text says more words of every kind by chance, so it must say more to be believed.

use std::collections::HashMap;

use crate::classify::word_lists::{Pair, Table, Votes};
use crate::classify::{Topic, normalize};

/// How often one mention counts, by its place.
const IN_TITLE: f32 = 4.0;
const IN_LEAD: f32 = 2.0;
const IN_REST: f32 = 1.0;

/// The lead: about the first two paragraphs, where a news text says what it is about.
const LEAD: usize = 80;

/// Words that are read; an article has said what it is about by then, and time stays bounded.
const READ: usize = 2_500;

/// Up to this many words a text is short; beyond it, evidence is divided by the square root of
/// how many times longer it is.
const SHORT: f32 = 150.0;

/// The least evidence for an answer: one telling word in the title, or some in the text.
const ENOUGH: f32 = 5.0;

/// How many times stronger the best topic must be than the next.
const MARGIN: f32 = 1.25;

/// How many telling words are named.
const NAMED: usize = 4;

/// How much the words of an article speak for each topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// Topics that any word speaks for, with how strongly (> 0; 5 is just enough to believe), best first.
    pub ranking: Vec<(Topic, f32)>,
    /// The most telling words for the best topic as the article writes them, best first.
    pub words: Vec<String>,
}

/// Weighs the words of an article. `language` is a tag such as `en`; without one it is detected.
pub fn weigh(title: &str, text: &str, language: Option<&str>) -> Weighed {
    let language = language.filter(|tag| !tag.is_empty()).map(str::to_lowercase);
    let language = language.unwrap_or_else(|| detected(title, text).to_owned());
    let mut counter = Counter::new(Table::of(&language));
    counter.count(title, |_| IN_TITLE);
    let length = counter.count(text, |at| if at < LEAD { IN_LEAD } else { IN_REST });
    counter.weighed((length / SHORT).max(1.0).sqrt())
}

impl Weighed {
    /// The best topic, if the words are clear about it.
    pub fn clear(&self) -> Option<Topic> {
        let &(topic, best) = self.ranking.first()?;
        let next = self.ranking.get(1).map_or(0.0, |(_, strength)| *strength);
        (best >= ENOUGH && best >= next * MARGIN).then_some(topic)
    }

    /// How sure the answer is, from 0 to 1, for ordering answers: by the lead over the next topic
    /// and by how much was said at all.
    pub fn confidence(&self) -> f32 {
        let strength = |at: usize| self.ranking.get(at).map_or(0.0, |(_, strength)| *strength);
        let (best, next) = (strength(0), strength(1));
        if best > 0.0 { (best - next) / (best + ENOUGH) } else { 0.0 }
    }

    /// The two best topics but for one.
    pub(super) fn best(&self, without: Option<Topic>) -> Vec<Topic> {
        let topics = self.ranking.iter().map(|(topic, _)| *topic);
        topics.filter(|topic| Some(*topic) != without).take(2).collect()
    }
}

/// The three-letter code of the language, by the beginning of the text; empty when unclear.
fn detected(title: &str, text: &str) -> &'static str {
    let beginning: String = title.chars().chain([' ']).chain(text.chars()).take(600).collect();
    whatlang::detect_lang(&beginning).map_or("", |language| language.code())
}

/// What is known of a word after its first mention.
struct Known {
    votes: Option<&'static Votes>,
    pairs: &'static [Pair],
}

/// How often the words of one entry were said, and how the article first wrote them.
struct Said<'a> {
    votes: &'static Votes,
    written: &'a str,
    times: f32,
}

struct Counter<'a> {
    table: &'static Table,
    known: HashMap<&'a str, Known>,
    /// By the address of the entry's votes, in the order of the first mention.
    places: HashMap<*const Votes, usize>,
    said: Vec<Said<'a>>,
}

impl<'a> Counter<'a> {
    fn new(table: &'static Table) -> Self {
        Self { table, known: HashMap::new(), places: HashMap::new(), said: Vec::new() }
    }

    /// Counts the words of `text`, each as often as `times` says for its place, and returns how
    /// many words were read.
    fn count(&mut self, text: &'a str, times: impl Fn(usize) -> f32) -> f32 {
        let mut words = normalize::spans(text).take(READ).enumerate().peekable();
        let mut length = 0.0;
        while let Some((at, (start, word))) = words.next() {
            length += 1.0;
            let known = self.known(word);
            let (votes, pairs) = (known.votes, known.pairs);
            let next = words.peek().map(|(_, (start, next))| (*start, *next));
            let pair = next.filter(|_| !pairs.is_empty()).and_then(|(next_start, next)| {
                let folded = normalize::folded(next);
                let pair = pairs.iter().find(|pair| pair.continues(&folded))?;
                Some((&pair.votes, &text[start..next_start + next.len()]))
            });
            if let Some((votes, written)) = pair {
                self.say(votes, written, times(at));
            } else if let Some(votes) = votes {
                self.say(votes, word, times(at));
            }
        }
        length
    }

    fn known(&mut self, word: &'a str) -> &Known {
        let table = self.table;
        self.known.entry(word).or_insert_with(|| {
            let folded = normalize::folded(word);
            Known { votes: table.votes(&folded), pairs: table.pairs(&folded) }
        })
    }

    fn say(&mut self, votes: &'static Votes, written: &'a str, times: f32) {
        let place = *self.places.entry(votes).or_insert(self.said.len());
        if place == self.said.len() {
            self.said.push(Said { votes, written, times: 0.0 });
        }
        self.said[place].times += times;
    }

    fn weighed(&self, length: f32) -> Weighed {
        let mut strengths = [0.0; Topic::ALL.len()];
        for said in &self.said {
            for (topic, weight) in said.votes {
                strengths[topic.index()] += weight * said.times.sqrt() / length;
            }
        }
        let mut ranking: Vec<(Topic, f32)> = Topic::ALL.into_iter().zip(strengths).collect();
        ranking.retain(|(_, strength)| *strength > 0.0);
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1));
        let words = ranking.first().map_or(vec![], |(topic, _)| self.telling(*topic));
        Weighed { ranking, words }
    }

    fn telling(&self, topic: Topic) -> Vec<String> {
        let strength = |said: &Said| {
            let weight = said.votes.iter().find(|(other, _)| *other == topic)?.1;
            Some(weight * said.times.sqrt())
        };
        let telling = self.said.iter().filter_map(|said| Some((strength(said)?, said.written)));
        let mut telling: Vec<(f32, &str)> = telling.collect();
        telling.sort_by(|a, b| b.0.total_cmp(&a.0));
        telling.iter().take(NAMED).map(|(_, word)| on_one_line(word)).collect()
    }
}

/// Two words of a pair may stand on two lines, with anything but letters between them.
fn on_one_line(written: &str) -> String {
    normalize::spans(written).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}
