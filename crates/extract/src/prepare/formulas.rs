//! Writes MathML as text. MathML has parsing rules of its own and does not pass the allow-list, so formulas become a
//! line of text: `a² + b²` with superscripts and subscripts, `(x + 1)/2`, `√(x)`.

use dom_query::{NodeId, NodeRef};
use foldhash::HashMap;

use crate::dom::tree::{self, escape};

/// Marks a formula that was written as text.
const FORMULA_CLASS: &str = "formula-as-text";
/// The maximum number of elements in a formula, far above any real one.
const MAX_ELEMENTS: usize = 2_000;
/// The maximum nesting of a formula.
const MAX_DEPTH: usize = 40;

/// Replaces each formula by text. A hidden formula stays hidden, since the page also shows it in another form.
pub(super) fn replace_with_text(formulas: &[NodeRef<'_>]) {
    for formula in formulas {
        let mut writer = FormulaWriter { html: String::new(), elements_left: MAX_ELEMENTS };
        writer.write_element(formula, 0);
        if !writer.html.trim().is_empty() {
            let line = formula.tree.new_element("span");
            line.set_html(writer.html.trim());
            line.set_attr("class", FORMULA_CLASS);
            insertion_point(formula).insert_before(&line);
        }
        formula.remove_from_parent();
    }
}

/// Returns the texts of formulas on a line of their own. They are shown but are not running text: without superscripts
/// they would mean something else.
pub(crate) fn find_display_formulas(root: &NodeRef<'_>) -> Vec<NodeId> {
    let formulas = tree::elements(root, |node| tree::has_name(node, &["span"]) && node.has_class(FORMULA_CLASS));
    // Each block is read once, however many formulas it contains.
    let mut lines = HashMap::default();
    let mut stands_alone = |formula: &&NodeRef<'_>| {
        tree::enclosing_block(formula).is_some_and(|block| {
            let line = lines.entry(block.id).or_insert_with(|| tree::line_text(&block));
            *line == tree::line_text(formula)
        })
    };
    let texts = formulas
        .iter()
        .filter(|formula| stands_alone(formula))
        .flat_map(NodeRef::descendants_it)
        .filter(NodeRef::is_text);
    texts.map(|text| text.id).collect()
}

/// Returns the element to insert the text before: outside MathJax wrappers, which are not part of the line, unless they
/// form a line of their own.
fn insertion_point<'a>(formula: &NodeRef<'a>) -> NodeRef<'a> {
    let has_line = |above: &NodeRef<'_>| above.attr("display").is_some_and(|display| &*display != "inline");
    let is_mathjax_wrapper = |above: &NodeRef<'_>| tree::name(above).starts_with("mjx-") && !has_line(above);
    formula.ancestors_it(Some(4)).take_while(is_mathjax_wrapper).last().unwrap_or(*formula)
}

struct FormulaWriter {
    html: String,
    elements_left: usize,
}

impl FormulaWriter {
    fn write_element(&mut self, node: &NodeRef<'_>, depth: usize) {
        if depth > MAX_DEPTH || self.elements_left == 0 {
            return;
        }
        self.elements_left -= 1;
        let children: Vec<NodeRef<'_>> = node.children_it(false).filter(NodeRef::is_element).collect();
        let name = tree::name(node).to_ascii_lowercase();
        match (&*name, children.as_slice()) {
            // The same formula for programs, and what is not shown.
            ("annotation" | "annotation-xml" | "mphantom" | "none" | "mprescripts", _) => {}
            ("mover", [base, accent]) if combining_accent(accent).is_some() => {
                self.write_element(base, depth + 1);
                let is_single = base.text().trim().chars().count() == 1;
                match combining_accent(accent).filter(|_| is_single) {
                    Some(mark) => self.html.push(mark),
                    None => self.write_tagged("sup", accent, depth),
                }
            }
            ("msup" | "mover", [base, above]) => self.write_scripts(base, [None, Some(above)], depth),
            ("msub" | "munder", [base, below]) => self.write_scripts(base, [Some(below), None], depth),
            ("msubsup" | "munderover", [base, below, above]) => {
                self.write_scripts(base, [Some(below), Some(above)], depth)
            }
            // Without a line it is not a fraction: a binomial, for example.
            ("mfrac", [above, below]) if node.attr("linethickness").is_some_and(|line| line.starts_with('0')) => {
                self.write_element(above, depth + 1);
                self.html.push_str("; ");
                self.write_element(below, depth + 1);
            }
            ("mfrac", [above, below]) => {
                self.write_group(above, depth);
                self.html.push('/');
                self.write_group(below, depth);
            }
            ("msqrt", _) => {
                self.html.push_str("√(");
                children.iter().for_each(|child| self.write_element(child, depth + 1));
                self.html.push(')');
            }
            ("mroot", [base, order]) => {
                self.write_tagged("sup", order, depth);
                self.html.push_str("√(");
                self.write_element(base, depth + 1);
                self.html.push(')');
            }
            ("mo", []) => self.write_operator(node.text().trim()),
            ("mspace", _) => self.html.push(' '),
            ("mtable", rows) => self.write_separated(rows, "; ", depth),
            ("mtr", cells) => self.write_separated(cells, ", ", depth),
            ("mlabeledtr", [_label, cells @ ..]) => self.write_separated(cells, ", ", depth),
            ("mtext" | "ms", []) => self.html.push_str(&escape(&with_edge_spaces(&node.text()))),
            (_, []) => self.html.push_str(&escape(node.text().trim())),
            _ => children.iter().for_each(|child| self.write_element(child, depth + 1)),
        }
    }

    fn write_separated(&mut self, parts: &[NodeRef<'_>], separator: &str, depth: usize) {
        // Cells that only align the others are empty.
        for (at, part) in parts.iter().filter(|part| !part.text().trim().is_empty()).enumerate() {
            let continues =
                part.text().trim_start().starts_with(['=', '<', '>', '≤', '≥', '≈', '≠', '→', '∼', '∈', '⇒']);
            if at > 0 {
                self.html.truncate(self.html.trim_end().len());
                self.html.push_str(if continues { " " } else { separator });
            }
            self.write_element(part, depth + 1);
        }
        self.html.truncate(self.html.trim_end().len());
    }

    fn write_scripts(&mut self, base: &NodeRef<'_>, [below, above]: [Option<&NodeRef<'_>>; 2], depth: usize) {
        self.write_element(base, depth + 1);
        if let Some(below) = below {
            self.write_tagged("sub", below, depth);
        }
        if let Some(above) = above {
            self.write_tagged("sup", above, depth);
        }
    }

    fn write_tagged(&mut self, tag: &str, child: &NodeRef<'_>, depth: usize) {
        self.html.push_str(&format!("<{tag}>"));
        self.write_element(child, depth + 1);
        self.html.push_str(&format!("</{tag}>"));
    }

    /// Writes a part in parentheses, unless it is a single character or a number.
    fn write_group(&mut self, child: &NodeRef<'_>, depth: usize) {
        let is_single_character = child.text().chars().filter(|symbol| !symbol.is_whitespace()).count() <= 1;
        let is_number = child.text().chars().all(|symbol| symbol.is_ascii_digit() || symbol == '.');
        if is_single_character || is_number {
            return self.write_element(child, depth + 1);
        }
        self.html.push('(');
        self.write_element(child, depth + 1);
        self.html.push(')');
    }

    fn write_operator(&mut self, symbol: &str) {
        match symbol {
            // Invisible operators: function application, times, separator, plus.
            "\u{2061}" | "\u{2062}" | "\u{2063}" | "\u{2064}" => {}
            "=" | "+" | "-" | "−" | "±" | "<" | ">" | "≤" | "≥" | "≠" | "≈" | "×" | "⋅" | "·" | "→" | "∈" | "⇒"
            | "∝" | "≡" => {
                self.html.push_str(&format!(" {} ", escape(symbol)));
            }
            "," | ";" => self.html.push_str(&format!("{symbol} ")),
            other => self.html.push_str(&escape(other)),
        }
    }
}

/// Returns a text on one line. The spaces at its ends count: words stand beside symbols.
fn with_edge_spaces(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = &text[..text.len() - text.trim_start().len()];
    let end = &text[text.trim_end().len()..];
    // Line breaks are those of the source.
    let space = |edge: &str| if edge.is_empty() || edge.contains('\n') || words.is_empty() { "" } else { " " };
    format!("{}{words}{}", space(start), space(end))
}

/// Returns the combining character of an accent above a letter.
fn combining_accent(accent: &NodeRef<'_>) -> Option<char> {
    Some(match accent.text().trim() {
        "¯" | "‾" | "―" | "\u{304}" => '\u{304}',
        "^" | "ˆ" | "\u{302}" => '\u{302}',
        "~" | "˜" | "∼" | "\u{303}" => '\u{303}',
        "˙" | "." | "\u{307}" => '\u{307}',
        "¨" | "\u{308}" => '\u{308}',
        "→" | "⃗" => '\u{20d7}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn formulas_become_lines_of_text() {
        for (formula, wanted) in [
            (
                "<msup><mi>a</mi><mn>2</mn></msup><mo>+</mo><msub><mi>b</mi><mi>i</mi></msub>",
                "a<sup>2</sup> + b<sub>i</sub>",
            ),
            ("<mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>", "(x + 1)/2"),
            ("<mo>(</mo><mfrac linethickness=0><mi>n</mi><mi>k</mi></mfrac><mo>)</mo>", "(n; k)"),
            (
                "<mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd>\
                 <mtd><mn>4</mn></mtd></mtr></mtable><mo>)</mo>",
                "(1, 2; 3, 4)",
            ),
            (
                "<mo>{</mo><mtable><mtr><mtd><mn>0</mn></mtd><mtd><mtext>if </mtext><mi>x</mi><mo>&lt;</mo><mn>0</mn></mtd></mtr>\
                 <mtr><mtd><mn>1</mn></mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>",
                "{0, if x &lt; 0; 1, otherwise",
            ),
            ("<mtable><mtr><mtd></mtd><mtd><mi>a</mi></mtd><mtd><mo>=</mo><mi>b</mi></mtd></mtr></mtable>", "a = b"),
            ("<mover><mi>x</mi><mo>¯</mo></mover><mover accent=true><mi>v</mi><mo>→</mo></mover>", "x\u{304}v\u{20d7}"),
            ("<msqrt><mi>x</mi></msqrt><mo>&lt;</mo><mn>10</mn>", "√(x) &lt; 10"),
            ("<semantics><mi>E</mi><annotation encoding='application/x-tex'>E</annotation></semantics>", "E"),
        ] {
            let page = format!("<p>So <math><mrow>{formula}</mrow></math> holds.</p>");
            assert_eq!(sanitize_html(&page, None).as_str(), format!("<p>So {wanted} holds.</p>"));
        }
    }

    #[test]
    fn display_formulas_are_shown_but_not_part_of_the_text() {
        let math = "<math><mi>a</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>";
        let sentence = "The square grows with the side, and nobody in the valley has ever doubted it, for";
        let html = format!("<article><p>{sentence} {math}.</p><div>{math}</div><p>{sentence} all sides.</p></article>");
        let source = crate::page::Source::Html(&html);
        let article =
            crate::article(&crate::page::Page { source, url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] });
        assert_eq!(article.body.as_str().matches("a = x<sup>2</sup>").count(), 2, "{}", article.body.as_str());
        assert_eq!(article.text.matches("a = x2").count(), 1, "{}", article.text);
    }

    #[test]
    fn mathjax_formulas_stay_inline() {
        let page = "<p>When <mjx-container><mjx-math></mjx-math><mjx-assistive-mml display=inline><math><mi>k</mi></math>\
                    </mjx-assistive-mml></mjx-container> grows</p>";
        assert_eq!(sanitize_html(page, None).as_str(), "<p>When k grows</p>");
    }

    #[test]
    fn formulas_cannot_smuggle_markup() {
        let page =
            "<p>A <math><mtext><img src=x onerror=y()></mtext><mi>&lt;script&gt;z()&lt;/script&gt;</mi></math> b.</p>";
        let cleaned = sanitize_html(page, None);
        assert!(!cleaned.as_str().contains("<script") && !cleaned.as_str().contains("onerror"), "{}", cleaned.as_str());
    }
}
