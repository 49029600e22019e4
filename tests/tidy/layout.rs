//! The layout of the code: dependencies between folders, and file length.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::source::{Source, program_and_crates, root, sources};

const MAX_FILE_LINES: usize = 400;
const MAX_MAIN_LINES: usize = 60;

/// The path of a module from the root of its crate.
type Module = Vec<String>;

/// The modules of a crate, and the dependencies between them.
struct Crate {
    modules: BTreeSet<Module>,
    /// The re-exports of each module: module and name, and the module that defines it.
    reexports: BTreeMap<(Module, String), Module>,
    uses: BTreeSet<(Module, Module)>,
}

impl Crate {
    /// Reads all modules below `folder` except the binary's `main` and `commands`, which may use all others.
    fn read(folder: &str) -> Self {
        let binary = |module: &Module| module.first().is_some_and(|first| first == "main" || first == "commands");
        let files: Vec<(Module, Source)> = sources(folder)
            .into_iter()
            .map(|source| (module_path(folder, &source.path), source))
            .filter(|(module, _)| !binary(module))
            .collect();
        let modules = files.iter().map(|(module, _)| module.clone()).collect();
        let mut this = Self { modules, reexports: BTreeMap::new(), uses: BTreeSet::new() };
        for (module, source) in &files {
            for path in source.reexported_paths() {
                let Some(name) = path.last().cloned() else { continue };
                let target = this.deepest_module(&this.absolute(module, &path));
                this.reexports.insert((module.clone(), name), target);
            }
        }
        for (module, source) in &files {
            for path in source.used_paths() {
                let target = this.resolve(&this.absolute(module, &path));
                this.uses.insert((module.clone(), target));
            }
        }
        this
    }

    /// Returns the path from the root of the crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Module {
        let mut base = match path.first().map(String::as_str) {
            Some("crate") => Module::new(),
            Some("super" | "self") => module.clone(),
            // A child of this module.
            _ => return module.iter().chain(path).cloned().collect(),
        };
        for step in path.iter().take_while(|step| ["crate", "self", "super"].contains(&step.as_str())) {
            if step == "super" {
                base.pop();
            }
        }
        let rest = path.iter().skip_while(|step| ["crate", "self", "super"].contains(&step.as_str()));
        base.into_iter().chain(rest.cloned()).collect()
    }

    /// Returns the deepest module on a path.
    fn deepest_module(&self, path: &[String]) -> Module {
        (0..=path.len())
            .rev()
            .map(|end| path[..end].to_vec())
            .find(|start| self.modules.contains(start))
            .unwrap_or_default()
    }

    /// Returns the module that defines the item at a path, following re-exports.
    fn resolve(&self, path: &[String]) -> Module {
        let mut module = self.deepest_module(path);
        if let Some(name) = path.get(module.len()) {
            while let Some(target) = self.reexports.get(&(module.clone(), name.clone())) {
                if *target == module {
                    break;
                }
                module.clone_from(target);
            }
        }
        module
    }

    /// Returns for each folder which of its entries uses which other. A parent and its children may use each other.
    fn uses_among_siblings(&self) -> BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> {
        let mut folders: BTreeMap<Module, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (from, to) in &self.uses {
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            if let (Some(user), Some(used)) = (from.get(shared), to.get(shared)) {
                let folder = folders.entry(from[..shared].to_vec()).or_default();
                folder.entry(user.clone()).or_default().insert(used.clone());
            }
        }
        folders
    }
}

fn module_path(folder: &str, path: &str) -> Module {
    let below = path.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
    let below = below.strip_suffix("/mod").unwrap_or(below);
    if below == "lib" { Module::new() } else { below.split('/').map(str::to_owned).collect() }
}

/// Finds a cycle: each name uses the next, the last uses the first.
fn find_cycle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn visit(
        name: &str,
        uses: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|step| step == name) {
            return Some(path[start..].to_vec());
        }
        if !done.contains(name) {
            path.push(name.to_owned());
            for next in uses.get(name).into_iter().flatten() {
                if let Some(found) = visit(next, uses, path, done) {
                    return Some(found);
                }
            }
            path.pop();
            done.insert(name.to_owned());
        }
        None
    }
    let mut done = BTreeSet::new();
    uses.keys().find_map(|name| visit(name, uses, &mut Vec::new(), &mut done))
}

#[test]
fn folders_have_no_cycles() {
    for folder in
        ["src", "crates/classify/src", "crates/extract/src", "crates/feeds/src", "crates/query/src", "crates/words/src"]
    {
        let cycles: Vec<String> = Crate::read(folder)
            .uses_among_siblings()
            .iter()
            .filter_map(|(place, uses)| Some((place.join("/"), find_cycle(uses)?)))
            .map(|(place, cycle)| format!("{folder}/{place}: {} → {}", cycle.join(" → "), cycle[0]))
            .collect();
        assert!(cycles.is_empty(), "{cycles:#?}");
    }
}

#[test]
fn folders_use_only_folders_below_them_in_lib_rs() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let listed = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let rank: BTreeMap<&str, usize> = listed.enumerate().map(|(rank, name)| (name, rank)).collect();
    assert!(rank.len() > 5, "{rank:?}");
    for (from, all) in &Crate::read("src").uses_among_siblings()[&Module::new()] {
        for to in all {
            assert!(rank[from.as_str()] < rank[to.as_str()], "{from} uses {to}, which src/lib.rs lists above it");
        }
    }
}

#[test]
fn cycles_are_found() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        find_cycle(&uses)
    };
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("a", "c")]), None);
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("c", "b")]), Some(vec!["b".to_owned(), "c".to_owned()]));
    // The dependencies are read at all.
    for folder in ["src", "crates/extract/src"] {
        let uses = Crate::read(folder).uses;
        assert!(uses.len() > 100, "{folder}: {uses:?}");
    }
}

#[test]
fn files_are_short() {
    let long: Vec<String> = program_and_crates()
        .map(|source| (source.text.lines().count(), source.path))
        .filter(|(lines, path)| *lines > if path == "src/main.rs" { MAX_MAIN_LINES } else { MAX_FILE_LINES })
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
