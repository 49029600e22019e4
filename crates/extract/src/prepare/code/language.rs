//! States the language of code in one way, whatever the highlighter: as the class `language-…` of its block.

use dom_query::NodeRef;

use crate::dom::tree::{self, attribute};

/// Beginnings of classes before a language.
const PREFIXES: &[&str] = &["language-", "lang-", "highlight-source-", "mw-highlight-lang-"];
/// The same, where other words follow as well.
const VAGUE_PREFIXES: &[&str] = &["src-", "highlight-", "brush-", "code-"];
/// Attributes with a language.
const ATTRIBUTES: &[&str] = &["data-lang", "data-language", "data-enlighter-language", "data-code-language"];
/// Words in the classes of elements whose other classes may be a language.
const CODE_WORDS: &[&str] = &[
    "highlight",
    "hljs",
    "sourcecode",
    "src",
    "prettyprint",
    "syntax",
    "brush:",
    "code",
    "codehilite",
    "syntaxhighlighter",
];
/// Names of languages, for classes that may mean something else.
const LANGUAGES: &[&str] = &[
    "ada",
    "asm",
    "awk",
    "bash",
    "c",
    "clojure",
    "cpp",
    "csharp",
    "css",
    "d",
    "dart",
    "diff",
    "docker",
    "dockerfile",
    "elixir",
    "elm",
    "erlang",
    "fish",
    "fortran",
    "fsharp",
    "go",
    "golang",
    "graphql",
    "groovy",
    "haskell",
    "hcl",
    "html",
    "ini",
    "java",
    "javascript",
    "js",
    "json",
    "jsx",
    "julia",
    "kotlin",
    "latex",
    "lisp",
    "lua",
    "make",
    "makefile",
    "markdown",
    "matlab",
    "nginx",
    "nim",
    "nix",
    "objc",
    "ocaml",
    "pascal",
    "perl",
    "php",
    "powershell",
    "prolog",
    "protobuf",
    "py",
    "python",
    "python3",
    "r",
    "racket",
    "rb",
    "ruby",
    "rust",
    "sass",
    "scala",
    "scheme",
    "scss",
    "sh",
    "shell",
    "sql",
    "svelte",
    "swift",
    "tcl",
    "toml",
    "ts",
    "tsx",
    "typescript",
    "vb",
    "verilog",
    "vhdl",
    "vim",
    "vue",
    "xml",
    "yaml",
    "yml",
    "zig",
    "zsh",
];
/// How many elements around a block may name its language.
const MAX_LEVELS: usize = 4;
/// How many blocks and paragraphs of a frame are looked at, and how many nodes before the code.
const MAX_BLOCKS: usize = 20;
const MAX_LABEL_NODES: usize = 30;

/// Gives a block the class of its language, if an element around it names that in another way.
pub(super) fn state(block: &NodeRef<'_>) {
    // Some have one for each line.
    let codes = block.children_it(false).filter(|child| tree::has_name(child, &["code"])).count();
    let code = block.children_it(false).find(NodeRef::is_element).filter(|child| tree::has_name(child, &["code"]));
    let is_stated = |node: &NodeRef<'_>| {
        let is_language = |class: &str| class.starts_with("language-") || class.starts_with("lang-");
        node.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_language))
    };
    if is_stated(block) || code.as_ref().is_some_and(is_stated) {
        return;
    }
    // A frame may hold several blocks, but no text beside them.
    let is_block = |node: &NodeRef<'_>| tree::has_name(node, &["pre"]);
    let frames: Vec<NodeRef<'_>> = block
        .ancestors_it(Some(MAX_LEVELS))
        .take_while(|above| {
            let others =
                || above.descendants_it().filter(|node| is_block(node) || tree::has_name(node, &["p", "h2", "h3"]));
            tree::has_name(above, &["div", "figure", "span", "section", "td"])
                && (others().take(2).count() == 1 || others().take(MAX_BLOCKS).all(|other| is_block(&other)))
        })
        .collect();
    let found = code.into_iter().chain([*block]).chain(frames.iter().copied()).find_map(|node| named_language(&node));
    let found = found.or_else(|| frames.iter().find_map(shown_language));
    if let Some(language) = found {
        code.filter(|_| codes == 1).unwrap_or(*block).set_attr("class", &format!("language-{language}"));
    }
}

/// Returns the language that a label in a frame shows.
fn shown_language(frame: &NodeRef<'_>) -> Option<String> {
    let mut labels = frame
        .descendants_it()
        .take(MAX_LABEL_NODES)
        .take_while(|node| !tree::has_name(node, &["pre"]))
        .filter(|node| node.attr("class").is_some_and(|classes| classes.to_ascii_lowercase().contains("lang")));
    labels.find_map(|label| {
        let text = tree::line_text(&label).to_lowercase();
        let name = match text.trim() {
            "c++" => "cpp",
            "c#" => "csharp",
            name => name,
        };
        LANGUAGES.contains(&name).then(|| name.to_owned())
    })
}

/// Returns the language that an element names.
fn named_language(node: &NodeRef<'_>) -> Option<String> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 20
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-".contains(&byte))
    };
    let is_none =
        |name: &str| matches!(name, "none" | "text" | "plain" | "plaintext" | "default" | "nohighlight" | "auto");
    let stated = ATTRIBUTES.iter().find_map(|name| attribute(node, name)).map(|name| name.to_ascii_lowercase());
    let by_class = || {
        let classes = node.attr("class")?.to_ascii_lowercase();
        let mut names = classes.split([' ', '\t', '\n', ';']).filter(|name| !name.is_empty());
        let strip = |name: &str, prefixes: &[&str]| {
            prefixes.iter().find_map(|prefix| name.strip_prefix(prefix).map(str::to_owned))
        };
        let is_known = |name: &str| LANGUAGES.contains(&name);
        let is_code = names.clone().any(|name| CODE_WORDS.contains(&name));
        names.find_map(|name| {
            strip(name, PREFIXES)
                .or_else(|| strip(name, VAGUE_PREFIXES).filter(|name| is_known(name)))
                .or_else(|| (is_code && is_known(name)).then(|| name.to_owned()))
        })
    };
    stated.or_else(by_class).filter(|name| is_name(name) && !is_none(name))
}
