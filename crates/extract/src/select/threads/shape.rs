//! Tells threads from other pages with names, dates and texts: articles with comments, lists of articles, live blogs.

use std::sync::LazyLock;

use dom_query::{Document, NodeRef};
use foldhash::HashSet;

use super::Expected;
use super::posts::{Post, SurveyedPage};
use super::survey::{Span, Survey};
use crate::cleanup::boilerplate::is_named_after_comments;
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::{tree, words};

/// Words of prose above the first post from which there is an article there.
const MAX_PROSE_ABOVE: usize = 30;
/// Least posts and names where nothing else tells that a page is a thread.
const MIN_POSTS: usize = 3;
const MIN_NAMES: usize = 2;
/// Least words of a post on average; numbers of rows have fewer.
const MIN_POST_WORDS: usize = 3;
/// How far around a post its headings are looked for.
const MAX_STEPS: usize = 3;
/// Most elements above the first answer that are asked for votes.
const MAX_ASKED: usize = 3_000;
/// Parts of class names of votes.
static VOTE_CLASSES: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["vote", "voting", "score", "points", "karma", "upvot"]));

/// Returns whether the posts are what the page is about.
pub(super) fn is_thread(surveyed: &SurveyedPage<'_>, posts: &[Post], expected: Expected, title: &str) -> bool {
    let SurveyedPage { page, survey, mentions } = *surveyed;
    let (Some(first), Some(last)) = (posts.first(), posts.last()) else { return false };
    // What is around a short post holds its details as well.
    let touches_post = |prose: &Span| {
        let at = posts.partition_point(|post| post.text.end <= prose.start);
        posts.get(at).is_some_and(|post| post.text.start < prose.end)
    };
    let outside = || survey.prose.iter().filter(|prose| !touches_post(prose));
    let above: usize = outside().filter(|prose| prose.start < first.text.start).map(|prose| prose.plain).sum();
    let between = outside().filter(|prose| (first.text.start..last.text.end).contains(&prose.start));
    let between: usize = between.map(|prose| prose.plain).sum();
    let in_posts: usize = posts.iter().map(|post| post.text.plain).sum();
    let with_links: usize = posts.iter().map(|post| post.text.words).sum();
    let is_text = in_posts >= posts.len() * MIN_POST_WORDS && in_posts * 2 >= with_links;
    if above >= MAX_PROSE_ABOVE || between * 5 > in_posts || in_posts * 4 < survey.plain || !is_text {
        return false;
    }
    if expected == Expected::Thread {
        return true;
    }
    let elsewhere: usize = outside().map(|prose| prose.plain).sum();
    let names: HashSet<&str> = posts.iter().map(|post| mentions.authors[post.author].text.as_str()).collect();
    let dated = posts.iter().filter(|post| post.date.is_some()).count();
    posts.len() >= MIN_POSTS
        && names.len() >= MIN_NAMES
        && elsewhere * 2 <= in_posts
        && dated * 10 >= posts.len() * 7
        && !lists_articles(page, posts, survey, title)
        && (!is_below_article(page, posts) || has_votes(page, posts))
}

/// Whether most posts have a linked heading of their own: they are the beginnings of articles.
fn lists_articles(page: &Document, posts: &[Post], survey: &Survey, title: &str) -> bool {
    let title = words::match_key(title);
    let holds_others = |above: &NodeRef<'_>| {
        let span = survey.spans.get(&above.id);
        span.is_none_or(|span| {
            posts.iter().filter(|post| (span.start..span.end).contains(&post.text.start)).count() > 1
        })
    };
    let has_heading = |post: &&Post| {
        let text = NodeRef::new(post.text.node, &page.tree);
        let around = text.ancestors_it(Some(MAX_STEPS)).take_while(|above| !holds_others(above));
        let around: Vec<NodeRef<'_>> = std::iter::once(text).chain(around).collect();
        around.iter().any(|around| {
            around.children_it(false).any(|child| {
                let is_heading = tree::has_name(&child, &["h1", "h2", "h3", "h4", "header"]);
                let link = is_heading.then(|| child.descendants_it().find(|inside| tree::has_name(inside, &["a"])));
                link.flatten().is_some_and(|link| {
                    let key = words::match_key(&tree::line_text(&link));
                    words::count(&key) >= 3 && !key.ends_with(&title)
                })
            })
        })
    };
    posts.iter().filter(has_heading).count() * 2 > posts.len()
}

/// Whether the answers are in a box named after comments.
fn is_below_article(page: &Document, posts: &[Post]) -> bool {
    let answer = posts.get(1).map(|post| NodeRef::new(post.text.node, &page.tree));
    answer.is_some_and(|answer| {
        answer.ancestors_it(None).any(|above| {
            !tree::has_name(&above, &["body", "html"]) && is_named_after_comments(&tree::class_and_id(&above))
        })
    })
}

/// Whether readers vote on the opening post.
fn has_votes(page: &Document, posts: &[Post]) -> bool {
    let Some(answer) = posts.get(1) else { return false };
    let body = tree::body(page);
    let above = body.descendants_it().take(MAX_ASKED).take_while(|node| node.id != answer.text.node);
    let mut votes = above.filter(|node| node.is_element() && VOTE_CLASSES.is_match(&tree::class_and_id(node)));
    votes.next().is_some()
}
