//! Labels the blocks of a page by the benchmark's truth.
//!
//! WCXB and Mozilla's pages state the full text: a block belongs to the article if its words appear there in the same
//! order. The trafilatura set only lists snippets that must and must not appear, so only blocks that contain one are
//! labelled.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// The label of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    pub is_article: bool,
    /// Weight in training; 0 if the label is unknown.
    pub weight: f32,
}

const UNLABELLED: Label = Label { is_article: false, weight: 0.0 };

/// Total weight of the blocks of a page with a full text; longer blocks weigh more.
const WEIGHT_PER_PAGE: f32 = 20.0;
/// Weight of a snippet that must or must not appear.
const WEIGHT_PER_SNIPPET: f32 = 1.5;

/// Labels the blocks of a page.
pub fn label_blocks(set: &str, truth: &Value, blocks: &[&str]) -> Vec<Label> {
    match set {
        "trafilatura" => label_by_snippets(truth, blocks),
        "mozilla" => {
            label_by_text(&strip_tags(truth["body_html"].as_str().unwrap_or_default()), blocks, RARE_SET_FACTOR)
        }
        _ => label_by_text(truth["body"].as_str().unwrap_or_default(), blocks, 1.0),
    }
}

/// Weight factor of pages from the smallest set.
const RARE_SET_FACTOR: f32 = 2.0;

fn label_by_snippets(truth: &Value, blocks: &[&str]) -> Vec<Label> {
    let snippets = |name: &str| -> Vec<String> {
        let list = truth[name].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(Value::as_str)
            .map(|snippet| snippet.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    let (with, without) = (snippets("with"), snippets("without"));
    let count =
        |block: &str, snippets: &[String]| snippets.iter().filter(|snippet| block.contains(snippet.as_str())).count();
    blocks
        .iter()
        .map(|block| match (count(block, &with), count(block, &without)) {
            (0, 0) => UNLABELLED,
            (yes, 0) => Label { is_article: true, weight: WEIGHT_PER_SNIPPET * yes as f32 },
            (0, no) => Label { is_article: false, weight: WEIGHT_PER_SNIPPET * no as f32 },
            _ => UNLABELLED,
        })
        .collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty()).collect()
}

fn label_by_text(truth: &str, blocks: &[&str], factor: f32) -> Vec<Label> {
    let wanted = words(truth);
    if wanted.is_empty() {
        return vec![UNLABELLED; blocks.len()];
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
                let windows = (to.saturating_sub(4)..=from).filter(|start| start + 4 <= stream.len());
                lines.contains_key(&block.join(" "))
                    || windows.into_iter().any(|start| shingles.contains_key(&stream[start..start + 4]))
            }
            _ => {
                let there = block.windows(4).filter(|shingle| shingles.contains_key(shingle)).count();
                there * 2 >= block.len() - 3
            }
        });
    }
    drop_surplus_repeats(&tokens, &shingles, &lines, &mut is_article);
    let total = wanted.len() as f32 + 100.0;
    tokens
        .iter()
        .zip(is_article)
        .map(|(block, is_article)| {
            let weight = if block.is_empty() { 0.05 } else { (block.len() as f32 + 3.0) / total * WEIGHT_PER_PAGE };
            Label { is_article, weight: weight.min(3.0) * factor }
        })
        .collect()
}

/// Of blocks with the same words, keeps as many labels as the truth has copies, those in the densest surroundings
/// first.
fn drop_surplus_repeats(
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
    let mut surplus: HashSet<usize> = HashSet::new();
    for (words, mut blocks) in groups.into_iter().filter(|(_, blocks)| blocks.len() > 1) {
        let wanted = match words.len() {
            0..4 => lines.get(&words.join(" ")).copied().unwrap_or(1),
            _ => words.windows(4).filter_map(|shingle| shingles.get(shingle)).copied().max().unwrap_or(1),
        };
        let support = |at: usize| -> usize {
            let near = at.saturating_sub(4)..(at + 5).min(tokens.len());
            near.filter(|other| *other != at && before[*other]).map(|other| tokens[other].len()).sum()
        };
        blocks.sort_by_key(|at| (std::cmp::Reverse(support(*at)), *at));
        surplus.extend(blocks.into_iter().skip(wanted));
    }
    surplus.into_iter().for_each(|at| is_article[at] = false);
}

/// Returns the text of well-formed HTML: enough for the truth, not for pages.
fn strip_tags(html: &str) -> String {
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
