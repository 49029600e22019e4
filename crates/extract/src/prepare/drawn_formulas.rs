//! Finds formulas that a script draws: MathJax and KaTeX put them beside their drawing as MathML, or keep them in scripts
//! as TeX. One form of each remains: MathML, else TeX, else the words of the drawing.

use dom_query::NodeRef;

use crate::dom::tree::{self, attribute};

/// Attributes in which a drawing may hold its formula as TeX.
const TEX_ATTRIBUTES: &[&str] = &["data-latex", "data-tex", "alttext"];

/// Returns whether a script holds a formula.
pub(super) fn is_formula_script(script: &NodeRef<'_>) -> bool {
    script.attr("type").is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("math/"))
}

/// Returns whether an element is a formula as a script has drawn it.
pub(super) fn is_drawing(node: &NodeRef<'_>) -> bool {
    const CLASSES: &[&str] = &["katex", "MathJax", "MathJax_SVG", "MathJax_CHTML", "MathJax_Preview", "mjx-chtml"];
    node.element_ref().is_some_and(|element| {
        let has_class = |classes: &str| classes.split_ascii_whitespace().any(|class| CLASSES.contains(&class));
        &*element.name.local == "mjx-container" || element.class().is_some_and(|classes| has_class(&classes))
    })
}

/// Shows each formula of a drawing or a script once.
pub(super) fn show(scripts: &[NodeRef<'_>], drawings: &[NodeRef<'_>]) {
    for script in scripts {
        let kind = script.attr("type").unwrap_or_default().to_ascii_lowercase();
        let drawn = drawing_before(script);
        let is_drawn = drawn.iter().any(has_mathml);
        drawn.iter().filter(|node| !has_mathml(node)).for_each(NodeRef::remove_from_parent);
        if !is_drawn {
            let text = script.text();
            let text = text.trim().trim_start_matches("% <![CDATA[").trim_end_matches("%]]>").trim();
            if kind.starts_with("math/mml") {
                let holder = script.tree.new_element("span");
                holder.set_html(text);
                script.insert_before(&holder);
            } else {
                insert_tex(script, text, kind.contains("mode=display"));
            }
        }
        script.remove_from_parent();
    }
    for drawing in drawings.iter().filter(|drawing| drawing.parent().is_some()) {
        replace_drawing(drawing);
    }
}

/// Returns the drawings of the script's formula, which stand before it.
fn drawing_before<'a>(script: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut drawn = Vec::new();
    let mut before = script.prev_sibling();
    // A preview and a drawing.
    for _ in 0..4 {
        let Some(node) = before else { break };
        before = node.prev_sibling();
        if tree::is_blank_text(&node) {
            continue;
        }
        let classes = attribute(&node, "class").unwrap_or_default();
        let is_drawn = is_drawing(&node) || classes.starts_with("MathJax");
        if !is_drawn {
            break;
        }
        drawn.push(node);
    }
    drawn
}

fn has_mathml(node: &NodeRef<'_>) -> bool {
    find_mathml(node).is_some()
}

fn find_mathml<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    node.descendants_it().find(|inner| tree::has_name(inner, &["math"]))
}

/// Replaces a drawing by its MathML, else by TeX or words that describe it. Without any, it stays.
fn replace_drawing(drawing: &NodeRef<'_>) {
    if let Some(formula) = find_mathml(drawing) {
        let place =
            if stands_alone(drawing) { drawing.tree.new_element("div") } else { drawing.tree.new_element("span") };
        // The formula itself says nothing of its place: MathJax calls every one a block.
        formula.remove_attr("display");
        drawing.insert_before(&place);
        place.append_child(&formula);
        // The drawing was a box of its own; in a page that was saved in lines, words follow directly.
        let is_in_lines = drawing.last_child().is_some_and(|last| tree::is_blank_text(&last));
        let next = drawing.next_sibling();
        let is_glued =
            |next: &NodeRef<'_>| tree::read_text(next, |text| text.starts_with(char::is_alphanumeric)).unwrap_or(false);
        if is_in_lines && next.as_ref().is_some_and(is_glued) {
            drawing.insert_before(&drawing.tree.new_text(" "));
        }
        drawing.remove_from_parent();
        return;
    }
    let tex = TEX_ATTRIBUTES.iter().find_map(|name| attribute(drawing, name)).filter(|tex| !tex.trim().is_empty());
    if let Some(tex) = tex {
        insert_tex(drawing, tex.trim(), stands_alone(drawing));
        drawing.remove_from_parent();
        return;
    }
    let title =
        drawing.descendants_it().find(|inner| tree::has_name(inner, &["title"])).map(|title| title.text().to_string());
    let words = title.or_else(|| attribute(drawing, "aria-label")).filter(|words| !words.trim().is_empty());
    if let Some(words) = words {
        drawing.insert_before(&drawing.tree.new_text(words.trim()));
        drawing.remove_from_parent();
    }
}

/// Returns whether a drawing stands on a line of its own.
fn stands_alone(drawing: &NodeRef<'_>) -> bool {
    let is_display = |node: &NodeRef<'_>| {
        tree::has_any_class(node, &["katex-display", "MathJax_Display", "MathJax_SVG_Display", "MJXc-display"])
            || tree::has_name(node, &["mjx-container"]) && node.attr("display").is_some_and(|value| &*value == "true")
    };
    is_display(drawing) || drawing.parent().is_some_and(|parent| is_display(&parent))
}

fn insert_tex(place: &NodeRef<'_>, tex: &str, is_block: bool) {
    if tex.is_empty() {
        return;
    }
    let code = place.tree.new_element("code");
    code.append_child(&place.tree.new_text(tex));
    if is_block {
        let block = place.tree.new_element("div");
        block.append_child(&code);
        place.insert_before(&block);
    } else {
        place.insert_before(&code);
    }
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    const MATHML: &str = "<math display=block><mi>k</mi><mo>=</mo><mn>2</mn></math>";

    fn cleaned(html: &str) -> String {
        sanitize_html(html, None).as_str().to_owned()
    }

    #[test]
    fn drawn_formulas_are_shown_once_in_their_sentence() {
        let katex = format!(
            "<span class=katex><span class=katex-mathml>{MATHML}</span><span class=katex-html aria-hidden=true>k=2</span></span>"
        );
        let mathjax_2 = format!(
            "<span class=MathJax_Preview style='display:none'>k=2</span><span class=MathJax><nobr aria-hidden=true>k=2</nobr>\
             <span class=MJX_Assistive_MathML>{MATHML}</span></span><script type='math/tex'>k=2</script>"
        );
        let mathjax_3 = format!(
            "<mjx-container class=MathJax jax=SVG display=false><svg><path d='M1 2'></svg>\
             <mjx-assistive-mml display=block>{MATHML}</mjx-assistive-mml></mjx-container>"
        );
        let script = format!("<script type='math/mml'>{MATHML}</script>");
        for drawing in [katex, mathjax_2, mathjax_3, script] {
            assert_eq!(cleaned(&format!("<p>As {drawing} holds.</p>")), "<p>As k = 2 holds.</p>", "{drawing}");
        }
    }

    #[test]
    fn displayed_formulas_are_lines_of_their_own() {
        for drawing in [
            format!(
                "<span class=katex-display><span class=katex><span class=katex-mathml>{MATHML}</span></span></span>"
            ),
            format!("<div class=MathJax_Display><span class=MathJax><nobr>k=2</nobr>{MATHML}</span></div>"),
            format!("<mjx-container display=true><mjx-math></mjx-math>{MATHML}</mjx-container>"),
        ] {
            let html = cleaned(&format!("<div><p>As</p>{drawing}<p>holds.</p></div>"));
            assert_eq!(html, "<p>As</p><p>k = 2</p><p>holds.</p>", "{drawing}");
        }
    }

    #[test]
    fn formulas_without_mathml_are_shown_as_tex_or_in_words() {
        for (drawing, shown) in [
            ("<script type='math/tex'>k_1 < 2</script>", "<code>k_1 &lt; 2</code>"),
            (
                "<span class=MathJax><nobr>k1</nobr></span><script type='math/tex; mode=x'>k_1</script>",
                "<code>k_1</code>",
            ),
            ("<mjx-container data-latex='k'><mjx-math></mjx-math></mjx-container>", "<code>k</code>"),
            ("<mjx-container><svg role=img><title>k squared</title><path/></svg></mjx-container>", "k squared"),
        ] {
            assert_eq!(cleaned(&format!("<p>As {drawing} holds.</p>")), format!("<p>As {shown} holds.</p>"));
        }
        let display = "<p>As</p><script type='math/tex; mode=display'>\\frac{1}{2}</script><p>holds.</p>";
        assert_eq!(cleaned(display), "<p>As</p><p><code>\\frac{1}{2}</code></p><p>holds.</p>");
        assert_eq!(cleaned("<p>As<script type='math/tex'></script> is.<script>k</script></p>"), "<p>As is.</p>");
    }
}
