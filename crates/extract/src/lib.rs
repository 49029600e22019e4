//! temp
#![allow(missing_docs, clippy::all)]
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
pub fn article(_page: &Page<'_>) -> Article {
    unimplemented!()
}
pub struct Page<'a> {
    pub source: Source<'a>,
    pub url: Option<&'a Url>,
    pub now: Timestamp,
}
pub enum Source<'a> {
    Html(&'a str),
    Text(&'a str),
}
#[derive(Debug, Clone)]
pub struct Article {
    pub title: String,
    pub byline: Option<String>,
    pub published: Option<Timestamp>,
    pub site_name: Option<String>,
    pub canonical: Option<Url>,
    pub sections: Vec<String>,
    pub tags: Vec<String>,
    pub language: Option<String>,
    pub direction: Direction,
    pub excerpt: Option<String>,
    pub lead_image: Option<Picture>,
    pub body: CleanHtml,
    pub text: String,
    pub word_count: usize,
    pub pictures: Vec<Picture>,
    pub removed: Vec<Removed>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ltr,
    Rtl,
}
#[derive(Debug, Clone)]
pub struct Picture {
    pub url: Url,
    pub description: String,
}
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Removed {
    pub reason: Reason,
    pub text: String,
}
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Reason {
    Promotion,
}
impl Reason {
    pub fn words(&self) -> &'static str {
        ""
    }
}
#[derive(Debug, Clone)]
pub struct CleanHtml(String);
impl CleanHtml {
    pub fn stored(s: String) -> Self {
        Self(s)
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
pub enum Shown {
    Here { address: String, width: Option<u32>, height: Option<u32> },
    Waiting,
    Missing,
}
