//! Names of elements.

/// Names of elements as far as they matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Tag {
    Paragraph,
    Heading1,
    Heading2,
    Heading,
    Item,
    List,
    Cell,
    Table,
    Quote,
    Code,
    Caption,
    Figure,
    Article,
    Main,
    Section,
    Header,
    Footer,
    Aside,
    Nav,
    Form,
    Button,
    Definition,
    Details,
    Address,
    Division,
    Other,
}

impl Tag {
    /// A list, a table, code, a heading or something around a picture: more than running text.
    pub(crate) fn is_form(self) -> bool {
        matches!(
            self,
            Tag::List
                | Tag::Item
                | Tag::Definition
                | Tag::Table
                | Tag::Cell
                | Tag::Code
                | Tag::Heading1
                | Tag::Heading2
                | Tag::Heading
                | Tag::Figure
                | Tag::Caption
        )
    }

    /// How well an element of this name suits as the one that holds an article, as reader modes see it.
    pub(crate) fn points(self) -> f32 {
        match self {
            Tag::Division => 5.0,
            Tag::Code | Tag::Quote | Tag::Cell => 3.0,
            Tag::List | Tag::Item | Tag::Form | Tag::Definition | Tag::Address => -3.0,
            Tag::Heading1 | Tag::Heading2 | Tag::Heading => -5.0,
            _ => 0.0,
        }
    }

    /// By the element's name.
    pub(super) fn of(name: &str) -> Tag {
        match name {
            "p" => Tag::Paragraph,
            "h1" => Tag::Heading1,
            "h2" => Tag::Heading2,
            "h3" | "h4" | "h5" | "h6" => Tag::Heading,
            "li" => Tag::Item,
            "ul" | "ol" | "menu" | "dl" => Tag::List,
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" => Tag::Cell,
            "table" => Tag::Table,
            "blockquote" => Tag::Quote,
            "pre" | "listing" | "xmp" => Tag::Code,
            "figcaption" | "caption" => Tag::Caption,
            "figure" => Tag::Figure,
            "article" => Tag::Article,
            "main" => Tag::Main,
            "section" => Tag::Section,
            "header" | "hgroup" => Tag::Header,
            "footer" => Tag::Footer,
            "aside" => Tag::Aside,
            "nav" => Tag::Nav,
            "form" | "fieldset" | "search" => Tag::Form,
            "button" | "select" | "option" | "legend" | "input" => Tag::Button,
            "dt" | "dd" => Tag::Definition,
            "details" | "summary" => Tag::Details,
            "address" => Tag::Address,
            "div" => Tag::Division,
            _ => Tag::Other,
        }
    }
}
