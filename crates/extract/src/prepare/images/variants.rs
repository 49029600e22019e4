//! Keeps one of several images that are the same picture: for light and dark screens, for wide and narrow ones, and a
//! blurred stand-in below the picture itself.

use dom_query::NodeRef;

use super::source_choice;
use crate::dom::tree::{self, attribute};

/// What an image is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    Light,
    Dark,
    Wide,
    Narrow,
    StandIn,
}

impl Variant {
    /// The variant that makes this one superfluous.
    const fn better(self) -> Option<Variant> {
        match self {
            Variant::Dark => Some(Variant::Light),
            Variant::Narrow => Some(Variant::Wide),
            _ => None,
        }
    }
}

/// Classes and ends of URLs that mark a variant.
const MARKS: &[(Variant, &[&str])] = &[
    (
        Variant::Dark,
        &[
            "only-dark",
            "dark-only",
            "dark-mode-only",
            "gh-dark-mode-only",
            "show-dark",
            "hide-light",
            "light-hidden",
            "dark:block",
            "dark:inline",
            "dark:inline-block",
            "dark:flex",
            "dark-image",
            "dark-img",
            "img-dark",
            "image-dark",
            "theme-dark",
            "dark-theme",
            "dark-mode",
            "d-dark",
            "is-dark",
            "block-dark",
        ],
    ),
    (
        Variant::Light,
        &[
            "only-light",
            "light-only",
            "light-mode-only",
            "gh-light-mode-only",
            "show-light",
            "hide-dark",
            "dark-hidden",
            "dark:hidden",
            "light-image",
            "light-img",
            "img-light",
            "image-light",
            "theme-light",
            "light-theme",
            "light-mode",
            "d-light",
            "is-light",
        ],
    ),
    (
        Variant::Narrow,
        &[
            "mobile-only",
            "only-mobile",
            "show-mobile",
            "mobile",
            "is-mobile",
            "img-mobile",
            "image-mobile",
            "mobile-image",
            "visible-xs",
            "visible-sm",
            "show-for-small",
            "show-for-small-only",
            "hide-for-medium",
            "sm:hidden",
            "md:hidden",
            "lg:hidden",
            "d-sm-none",
            "d-md-none",
            "d-lg-none",
            "hide-desktop",
            "desktop-hidden",
            "hidden-desktop",
            "hide-on-desktop",
        ],
    ),
    (
        Variant::Wide,
        &[
            "desktop-only",
            "only-desktop",
            "show-desktop",
            "desktop",
            "is-desktop",
            "img-desktop",
            "image-desktop",
            "desktop-image",
            "hidden-xs",
            "hidden-sm",
            "hide-for-small",
            "hide-for-small-only",
            "show-for-medium",
            "sm:block",
            "md:block",
            "lg:block",
            "d-sm-block",
            "d-md-block",
            "d-lg-block",
            "hide-mobile",
            "mobile-hidden",
            "hidden-mobile",
            "hide-on-mobile",
        ],
    ),
    (
        Variant::StandIn,
        &["lqip", "blur", "blurred", "blur-up-preview", "placeholder", "preview", "thumb", "thumbnail", "tiny", "low"],
    ),
];

/// How many images after one are compared with it.
const REACH: usize = 3;
/// The most nodes of an element in which two images are variants of each other.
const MAX_NODES: usize = 40;

/// Removes images of which the better variant is shown beside them. `images` are in page order.
pub(super) fn remove_worse(images: &[NodeRef<'_>]) {
    let variants: Vec<Option<Variant>> = images.iter().map(find_variant).collect();
    for (at, image) in images.iter().enumerate() {
        let Some(variant) = variants[at] else { continue };
        let near = at.saturating_sub(REACH)..(at + REACH + 1).min(images.len());
        let is_better = |other: usize| match (variant.better(), variants[other]) {
            (Some(better), other) => other == Some(better),
            (None, other) => variant == Variant::StandIn && other != Some(Variant::StandIn),
        };
        let found = near.filter(|other| *other != at && is_better(*other)).any(|other| {
            let other = &images[other];
            share_frame(image, other) && (variant != Variant::StandIn || is_layer_below(image, other))
        });
        if found {
            image.remove_from_parent();
        }
    }
}

fn find_variant(image: &NodeRef<'_>) -> Option<Variant> {
    let fragment = attribute(image, "src").and_then(|source| Some(source.split_once('#')?.1.to_owned()));
    let by_fragment = fragment.and_then(|fragment| find_mark(&fragment));
    let wrappers = image.ancestors_it(Some(2)).take_while(|above| {
        tree::has_name(above, &["a", "span", "div", "picture", "figure", "p"]) && tree::has_single_image(above)
    });
    let mut named = std::iter::once(*image).chain(wrappers);
    by_fragment.or_else(|| named.find_map(|node| find_mark(node.attr("class")?.as_ref())))
}

fn find_mark(classes: &str) -> Option<Variant> {
    classes.split_ascii_whitespace().find_map(|class| {
        let class = class.to_ascii_lowercase();
        let part = class.rsplit("__").next().unwrap_or(&class).rsplit("--").next().unwrap_or(&class);
        MARKS.iter().find(|(_, names)| names.contains(&class.as_str()) || names.contains(&part)).map(|(mark, _)| *mark)
    })
}

/// Returns whether two images are alone in a small element, apart from a caption.
fn share_frame(one: &NodeRef<'_>, other: &NodeRef<'_>) -> bool {
    let frames = one.ancestors_it(Some(4)).take_while(|above| above.descendants_it().nth(MAX_NODES).is_none());
    let mut frames = frames.skip_while(|frame| !other.ancestors_it(Some(4)).any(|above| above.id == frame.id));
    frames.next().is_some_and(|frame| {
        let is_caption = |text: &NodeRef<'_>| {
            text.ancestors_it(Some(4)).any(|above| tree::has_name(&above, &["figcaption", "noscript"]))
        };
        frame.descendants_it().filter(tree::is_nonblank_text).all(|text| is_caption(&text))
    })
}

/// Returns whether a marked stand-in is one: hidden from screen readers, tiny by its URL, without a URL of its own, or
/// the same file.
fn is_layer_below(stand_in: &NodeRef<'_>, picture: &NodeRef<'_>) -> bool {
    let Some(source) = attribute(stand_in, "src") else { return true };
    let file = |image: &NodeRef<'_>| {
        let names = ["data-src", "data-original", "src"];
        let source = names.iter().find_map(|name| attribute(image, name))?;
        source.split(['?', '#']).next()?.rsplit('/').next().map(str::to_owned).filter(|file| file.len() >= 5)
    };
    stand_in.attr("aria-hidden").is_some_and(|value| &*value == "true")
        || super::is_placeholder(&source)
        || source_choice::names_tiny_size(&source)
        || file(stand_in).is_some_and(|own| file(picture) == Some(own))
}
