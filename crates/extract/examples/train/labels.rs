//! Which blocks of a page are the article, by the truth that comes with it.
//!
//! WCXB and Mozilla's pages have the whole text: a block is the article's when its words stand there in the
//! same order. The trafilatura set has only pieces that must and must not be there, so only the blocks that hold one teach.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// What a block teaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    pub is_article: bool,
    /// How much it counts; 0 when nothing is known of it.
    pub weight: f32,
}

const UNKNOWN: Label = Label { is_article: false, weight: 0.0 };

/// Blocks of one page with a whole text count about as much together, long ones more than short ones.
const PER_PAGE: f32 = 20.0;
/// A piece that must or must not be there.
const PER_PIECE: f32 = 1.5;

/// Labels the blocks of a page.
pub fn of(set: &str, truth: &Value, blocks: &[&str]) -> Vec<Label> {
    match set {
        "trafilatura" => by_pieces(truth, blocks),
        "mozilla" => by_text(&text_of_html(truth["body_html"].as_str().unwrap_or_default()), blocks, RARE),
        _ => by_text(truth["body"].as_str().unwrap_or_default(), blocks, 1.0),
    }
}

/// How much more a page counts of which there are few of its kind.
const RARE: f32 = 2.0;

fn by_pieces(truth: &Value, blocks: &[&str]) -> Vec<Label> {
    let pieces = |name: &str| -> Vec<String> {
        let list = truth[name].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(Value::as_str)
            .map(|piece| piece.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    let (with, without) = (pieces("with"), pieces("without"));
    let count = |block: &str, pieces: &[String]| pieces.iter().filter(|piece| block.contains(piece.as_str())).count();
    blocks
        .iter()
        .map(|block| match (count(block, &with), count(block, &without)) {
            (0, 0) => UNKNOWN,
            (yes, 0) => Label { is_article: true, weight: PER_PIECE * yes as f32 },
            (0, no) => Label { is_article: false, weight: PER_PIECE * no as f32 },
            _ => UNKNOWN,
        })
        .collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty()).collect()
}

fn by_text(truth: &str, blocks: &[&str], counts: f32) -> Vec<Label> {
    let wanted = words(truth);
    if wanted.is_empty() {
        return vec![UNKNOWN; blocks.len()];
    }
    let mut shingles: HashMap<&[&str], usize> = HashMap::new();
    for shingle in wanted.windows(4) {
        *shingles.entry(shingle).or_default() += 1;
    }
    let mut lines: HashMap<String, usize> = HashMap::new();
    for line in truth.lines() {
        *lines.entry(words(line).join(" ")).or_default() += 1;
    }
    let tokens: Vec<Vec<&str>> = blocks.iter().map(|block| words(block)).collect();
    let stream: Vec<&str> = tokens.concat();
    let mut at = 0;
    let mut is_article: Vec<bool> = Vec::new();
    for block in &tokens {
        let (from, to) = (at, at + block.len());
        at = to;
        is_article.push(match block.len() {
            0 => false,
            1..4 => {
                let around = (to.saturating_sub(4)..=from).filter(|start| start + 4 <= stream.len());
                lines.contains_key(&block.join(" "))
                    || around.into_iter().any(|start| shingles.contains_key(&stream[start..start + 4]))
            }
            _ => {
                let there = block.windows(4).filter(|shingle| shingles.contains_key(shingle)).count();
                there * 2 >= block.len() - 3
            }
        });
    }
    copies(&tokens, &shingles, &lines, &mut is_article);
    let total = wanted.len() as f32 + 100.0;
    tokens
        .iter()
        .zip(is_article)
        .map(|(block, is_article)| {
            let weight = if block.is_empty() { 0.05 } else { (block.len() as f32 + 3.0) / total * PER_PAGE };
            Label { is_article, weight: weight.min(3.0) * counts }
        })
        .collect()
}

/// Of blocks that say the same, only as many are the article's as the truth has, those with more of it around them first.
fn copies(
    tokens: &[Vec<&str>],
    shingles: &HashMap<&[&str], usize>,
    lines: &HashMap<String, usize>,
    is_article: &mut [bool],
) {
    let mut groups: HashMap<&[&str], Vec<usize>> = HashMap::new();
    for (at, block) in tokens.iter().enumerate().filter(|(at, block)| is_article[*at] && !block.is_empty()) {
        groups.entry(block).or_default().push(at);
    }
    let before = is_article.to_vec();
    let mut gone: HashSet<usize> = HashSet::new();
    for (block, mut places) in groups.into_iter().filter(|(_, places)| places.len() > 1) {
        let wanted = match block.len() {
            0..4 => lines.get(&block.join(" ")).copied().unwrap_or(1),
            _ => block.windows(4).filter_map(|shingle| shingles.get(shingle)).copied().max().unwrap_or(1),
        };
        let support = |at: usize| -> usize {
            let near = at.saturating_sub(4)..(at + 5).min(tokens.len());
            near.filter(|other| *other != at && before[*other]).map(|other| tokens[other].len()).sum()
        };
        places.sort_by_key(|at| (std::cmp::Reverse(support(*at)), *at));
        gone.extend(places.into_iter().skip(wanted));
    }
    gone.into_iter().for_each(|at| is_article[at] = false);
}

/// The words of well-formed HTML: enough for a truth, not for a page.
fn text_of_html(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => {
                inside = true;
                text.push('\n');
            }
            '>' => inside = false,
            _ if inside => {}
            other => text.push(other),
        }
    }
    text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
