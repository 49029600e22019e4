//! Names of elements, as far as they matter for selection.

/// The name of an element; similar ones share a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Tag {
    Paragraph,
    Heading1,
    Heading2,
    MinorHeading,
    ListItem,
    List,
    TableCell,
    Table,
    Blockquote,
    Preformatted,
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
    Div,
    Other,
}

impl Tag {
    /// Whether it is more than running text: a list, table, code, heading or figure.
    pub(crate) fn is_structured(self) -> bool {
        matches!(
            self,
            Tag::List
                | Tag::ListItem
                | Tag::Definition
                | Tag::Table
                | Tag::TableCell
                | Tag::Preformatted
                | Tag::Heading1
                | Tag::Heading2
                | Tag::MinorHeading
                | Tag::Figure
                | Tag::Caption
        )
    }

    /// Returns the initial content score of such an element in Readability.
    pub(crate) fn initial_score(self) -> f32 {
        match self {
            Tag::Div => 5.0,
            Tag::Preformatted | Tag::Blockquote | Tag::TableCell => 3.0,
            Tag::List | Tag::ListItem | Tag::Form | Tag::Definition | Tag::Address => -3.0,
            Tag::Heading1 | Tag::Heading2 | Tag::MinorHeading => -5.0,
            _ => 0.0,
        }
    }

    /// Maps an element's name.
    pub(super) fn from_name(name: &str) -> Tag {
        match name {
            "p" => Tag::Paragraph,
            "h1" => Tag::Heading1,
            "h2" => Tag::Heading2,
            "h3" | "h4" | "h5" | "h6" => Tag::MinorHeading,
            "li" => Tag::ListItem,
            "ul" | "ol" | "menu" | "dl" => Tag::List,
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" => Tag::TableCell,
            "table" => Tag::Table,
            "blockquote" => Tag::Blockquote,
            "pre" | "listing" | "xmp" => Tag::Preformatted,
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
            "div" => Tag::Div,
            _ => Tag::Other,
        }
    }
}
