//! Formulas. MathML parses by rules of its own and is not let through, so a formula is written as one writes it in a line of
//! text: `a² + b²` with raised and lowered letters, `(x + 1)/2`, `√(x)`.

use dom_query::{NodeId, NodeRef};

use crate::dom::tree::{self, escape};

/// The class of a formula that has been written.
const MADE: &str = "formula-as-text";
/// Elements of a formula; far more than any has.
const MOST: usize = 2_000;
/// Levels of a formula.
const DEEPEST: usize = 40;

/// Writes each formula as text. What the page hides stays hidden, since it shows the formula in another way as well.
pub(super) fn resolve(formulas: &[NodeRef<'_>]) {
    for formula in formulas {
        let mut written = Line { html: String::new(), left: MOST };
        written.element(formula, 0);
        if !written.html.trim().is_empty() {
            let line = formula.tree.new_element("span");
            line.set_html(written.html.trim());
            line.set_attr("class", MADE);
            place(formula).insert_before(&line);
        }
        formula.remove_from_parent();
    }
}

/// The texts of formulas that have a line to themselves. They are shown, but are no running text: without raised letters they would
/// say something else.
pub(crate) fn alone(root: &NodeRef<'_>) -> Vec<NodeId> {
    let made = tree::elements(root, |node| tree::is_any(node, &["span"]) && node.has_class(MADE));
    let stands_alone =
        |formula: &&NodeRef<'_>| tree::block_of(formula).is_some_and(|block| tree::line(&block) == tree::line(formula));
    let texts = made.iter().filter(stands_alone).flat_map(NodeRef::descendants_it).filter(NodeRef::is_text);
    texts.map(|text| text.id).collect()
}

/// Before what a formula stands: a script's own elements around it, which are no part of the line, unless it has a line to itself.
fn place<'a>(formula: &NodeRef<'a>) -> NodeRef<'a> {
    let has_line = |above: &NodeRef<'_>| above.attr("display").is_some_and(|display| &*display != "inline");
    let drawn = |above: &NodeRef<'_>| tree::name(above).starts_with("mjx-") && !has_line(above);
    formula.ancestors_it(Some(4)).take_while(drawn).last().unwrap_or(*formula)
}

struct Line {
    html: String,
    left: usize,
}

impl Line {
    fn element(&mut self, node: &NodeRef<'_>, depth: usize) {
        if depth > DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        let parts: Vec<NodeRef<'_>> = node.children_it(false).filter(NodeRef::is_element).collect();
        let name = tree::name(node).to_ascii_lowercase();
        match (&*name, parts.as_slice()) {
            // The same once more, for programs.
            ("annotation" | "annotation-xml" | "mphantom" | "none" | "mprescripts", _) => {}
            ("msup" | "mover", [base, above]) => self.scripts(base, [None, Some(above)], depth),
            ("msub" | "munder", [base, below]) => self.scripts(base, [Some(below), None], depth),
            ("msubsup" | "munderover", [base, below, above]) => self.scripts(base, [Some(below), Some(above)], depth),
            // Without the line between them they are no fraction: a binomial, say.
            ("mfrac", [above, below]) if node.attr("linethickness").is_some_and(|line| line.starts_with('0')) => {
                self.element(above, depth + 1);
                self.html.push_str("; ");
                self.element(below, depth + 1);
            }
            ("mfrac", [above, below]) => {
                self.group(above, depth);
                self.html.push('/');
                self.group(below, depth);
            }
            ("msqrt", _) => {
                self.html.push_str("√(");
                parts.iter().for_each(|part| self.element(part, depth + 1));
                self.html.push(')');
            }
            ("mroot", [base, order]) => {
                self.tagged("sup", order, depth);
                self.html.push_str("√(");
                self.element(base, depth + 1);
                self.html.push(')');
            }
            ("mo", []) => self.operator(node.text().trim()),
            ("mspace", _) => self.html.push(' '),
            ("mtr" | "mlabeledtr", _) => {
                for part in &parts {
                    self.element(part, depth + 1);
                    self.html.push(' ');
                }
                self.html.push_str("; ");
            }
            (_, []) => self.html.push_str(&escape(node.text().trim())),
            _ => parts.iter().for_each(|part| self.element(part, depth + 1)),
        }
    }

    fn scripts(&mut self, base: &NodeRef<'_>, [below, above]: [Option<&NodeRef<'_>>; 2], depth: usize) {
        self.element(base, depth + 1);
        if let Some(below) = below {
            self.tagged("sub", below, depth);
        }
        if let Some(above) = above {
            self.tagged("sup", above, depth);
        }
    }

    fn tagged(&mut self, tag: &str, part: &NodeRef<'_>, depth: usize) {
        self.html.push_str(&format!("<{tag}>"));
        self.element(part, depth + 1);
        self.html.push_str(&format!("</{tag}>"));
    }

    /// What is one sign needs no brackets.
    fn group(&mut self, part: &NodeRef<'_>, depth: usize) {
        let is_one = part.text().chars().filter(|sign| !sign.is_whitespace()).count() <= 1;
        let is_number = part.text().chars().all(|sign| sign.is_ascii_digit() || sign == '.');
        if is_one || is_number {
            return self.element(part, depth + 1);
        }
        self.html.push('(');
        self.element(part, depth + 1);
        self.html.push(')');
    }

    fn operator(&mut self, sign: &str) {
        match sign {
            // Signs that are not written: of a product, of a function, between indices.
            "\u{2061}" | "\u{2062}" | "\u{2063}" | "\u{2064}" => {}
            "=" | "+" | "-" | "−" | "±" | "<" | ">" | "≤" | "≥" | "≠" | "≈" | "×" | "⋅" | "·" | "→" | "∈" | "⇒"
            | "∝" | "≡" => {
                self.html.push_str(&format!(" {} ", escape(sign)));
            }
            "," | ";" => self.html.push_str(&format!("{sign} ")),
            other => self.html.push_str(&escape(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn a_formula_is_written_as_in_a_line_of_text() {
        for (formula, wanted) in [
            (
                "<msup><mi>a</mi><mn>2</mn></msup><mo>+</mo><msub><mi>b</mi><mi>i</mi></msub>",
                "a<sup>2</sup> + b<sub>i</sub>",
            ),
            ("<mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>", "(x + 1)/2"),
            ("<mo>(</mo><mfrac linethickness=0><mi>n</mi><mi>k</mi></mfrac><mo>)</mo>", "(n; k)"),
            ("<msqrt><mi>x</mi></msqrt><mo>&lt;</mo><mn>10</mn>", "√(x) &lt; 10"),
            ("<semantics><mi>E</mi><annotation encoding='application/x-tex'>E</annotation></semantics>", "E"),
        ] {
            let page = format!("<p>So <math><mrow>{formula}</mrow></math> holds.</p>");
            assert_eq!(sanitize_html(&page, None).as_str(), format!("<p>So {wanted} holds.</p>"));
        }
    }

    #[test]
    fn a_formula_with_a_line_to_itself_is_shown_and_is_no_text() {
        let math = "<math><mi>a</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>";
        let said = "The square grows with the side, and nobody in the valley has ever doubted it, for";
        let html = format!("<article><p>{said} {math}.</p><div>{math}</div><p>{said} all sides.</p></article>");
        let source = crate::page::Source::Html(&html);
        let article =
            crate::article(&crate::page::Page { source, url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] });
        assert_eq!(article.body.as_str().matches("a = x<sup>2</sup>").count(), 2, "{}", article.body.as_str());
        assert_eq!(article.text.matches("a = x2").count(), 1, "{}", article.text);
    }

    #[test]
    fn a_formula_that_a_script_has_drawn_stays_in_its_line() {
        let page = "<p>When <mjx-container><mjx-math></mjx-math><mjx-assistive-mml display=inline><math><mi>k</mi></math>\
                    </mjx-assistive-mml></mjx-container> grows</p>";
        assert_eq!(sanitize_html(page, None).as_str(), "<p>When k grows</p>");
    }

    #[test]
    fn a_formula_may_not_bring_along_what_is_no_formula() {
        let page =
            "<p>A <math><mtext><img src=x onerror=y()></mtext><mi>&lt;script&gt;z()&lt;/script&gt;</mi></math> b.</p>";
        let cleaned = sanitize_html(page, None);
        assert!(!cleaned.as_str().contains("<script") && !cleaned.as_str().contains("onerror"), "{}", cleaned.as_str());
    }
}
