//! No two source files of a crate import each other, directly or around a cycle.
//!
//! A file's child modules are parts of it: that it uses them is no import, but that they use it is.
//! Unit tests are users of their crate and may import what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// Cycles that are still to be cut.
const KNOWN: [&str; 1] =
    ["crates/cli/src/report/top_nine.rs crates/cli/src/report/unit_file.rs crates/cli/src/report/units.rs"];

/// A module's path within its crate, or a path as it is written.
type Names = Vec<String>;

/// What a source file says of others.
#[derive(Default)]
struct Source {
    file: String,
    /// Modules within it.
    inline: BTreeSet<Names>,
    imports: Vec<Import>,
    /// Paths in the code, each with the module in which it stands.
    mentions: Vec<(Names, Names)>,
}

/// One name that a `use` brings into a module.
struct Import {
    module: Names,
    path: Names,
    name: String,
}

fn joined(path: &[String], name: &str) -> Names {
    [path, &[name.to_string()]].concat()
}

impl Source {
    /// Reads the tokens of a module; returns the names of the modules that are files of their own.
    fn scan(&mut self, tokens: TokenStream, module: &[String]) -> Names {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |i: usize| tokens.get(i).map(ToString::to_string).unwrap_or_default();
        let mut children = vec![];
        let mut i = 0;
        while i < tokens.len() {
            match (&tokens[i], text(i).as_str()) {
                // Behind it may stand a scope in parentheses.
                (_, "pub") => i += usize::from(text(i + 1).starts_with('(')),
                // Not the `use<'a>` of a type.
                (_, "use") if text(i + 1) != "<" => {
                    let end = (i..tokens.len()).find(|&i| text(i) == ";").expect("the end of a use");
                    self.import(&tokens[i + 1..end], &[], module);
                    i = end;
                }
                (_, "mod") => {
                    match &tokens[i + 2] {
                        TokenTree::Group(_) if text(i + 1) == "tests" => {}
                        TokenTree::Group(body) => {
                            self.inline.insert(joined(module, &text(i + 1)));
                            self.scan(body.stream(), &joined(module, &text(i + 1)));
                        }
                        _ => children.push(text(i + 1)),
                    }
                    i += 2;
                }
                (TokenTree::Group(group), _) => children.extend(self.scan(group.stream(), module)),
                (TokenTree::Ident(_), name) => {
                    let mut path = vec![name.to_string()];
                    while text(i + 1) == ":" && text(i + 2) == ":" {
                        path.push(text(i + 3));
                        i += 3;
                    }
                    self.mentions.push((module.to_vec(), path));
                }
                _ => {}
            }
            i += 1;
        }
        children
    }

    /// The names of a `use`, or of a group within one, behind `prefix`.
    fn import(&mut self, tree: &[TokenTree], prefix: &[String], module: &[String]) {
        for part in tree.split(|token| token.to_string() == ",").filter(|part| !part.is_empty()) {
            let words = part.iter().filter(|token| matches!(token, TokenTree::Ident(_)));
            let mut path = [prefix, &words.map(ToString::to_string).collect::<Vec<_>>()].concat();
            if let Some(TokenTree::Group(group)) = part.last() {
                self.import(&group.stream().into_iter().collect::<Vec<_>>(), &path, module);
                continue;
            }
            let name = path.last().expect("a name").clone();
            if let Some(place) = path.iter().position(|word| word == "as") {
                path.truncate(place);
            }
            self.imports.push(Import { module: module.to_vec(), path, name });
        }
    }
}

/// The source files of a crate, by module.
#[derive(Default)]
struct Files {
    sources: BTreeMap<Names, Source>,
    /// Modules within files.
    inline: BTreeSet<Names>,
}

impl Files {
    /// The file of this module and those that it declares; `text` reads a file where there is one.
    fn read(&mut self, file: &str, module: &[String], text: &dyn Fn(&str) -> Option<String>) {
        let content = text(file).unwrap_or_else(|| panic!("expected the file {file}, found none"));
        let tokens = TokenStream::from_str(&content).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut source = Source { file: file.into(), ..Source::default() };
        let children = source.scan(tokens, module);
        self.inline.append(&mut source.inline);
        self.sources.insert(module.to_vec(), source);
        let (folder, name) = file.rsplit_once('/').expect("a file in a folder");
        let folder = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder,
            _ => file.trim_end_matches(".rs"),
        };
        for child in children {
            let [flat, deep] = [format!("{folder}/{child}.rs"), format!("{folder}/{child}/mod.rs")];
            let file = if text(&flat).is_some() { flat } else { deep };
            self.read(&file, &joined(module, &child), text);
        }
    }

    fn is_module(&self, module: &Names) -> bool {
        self.sources.contains_key(module) || self.inline.contains(module)
    }

    /// The module of the file in which a module stands.
    fn home(&self, module: &[String]) -> Names {
        let outward = (0..=module.len()).rev().map(|end| module[..end].to_vec());
        outward.into_iter().find(|outer| self.sources.contains_key(outer)).expect("the root")
    }

    /// The file that holds what a path within `module` means, behind all re-exports; none where that is another crate's.
    fn target(&self, module: &[String], path: &[String]) -> Option<Names> {
        let mut at = match path[0].as_str() {
            "crate" => vec![],
            "self" => module.to_vec(),
            "super" => module[..module.len() - 1].to_vec(),
            name => Some(joined(module, name)).filter(|child| self.is_module(child))?,
        };
        for (i, name) in path.iter().enumerate().skip(1) {
            if name == "super" {
                at.pop();
                continue;
            }
            if self.is_module(&joined(&at, name)) {
                at.push(name.clone());
                continue;
            }
            let imports = &self.sources[&self.home(&at)].imports;
            let import = imports.iter().find(|import| import.module == at && import.name == *name);
            return match import {
                Some(import) => self.target(&at, &[&import.path[..], &path[i + 1..]].concat()),
                None => Some(self.home(&at)),
            };
        }
        Some(self.home(&at))
    }

    /// The files from which that of `module` imports.
    fn imported(&self, module: &Names) -> BTreeSet<Names> {
        let source = &self.sources[module];
        let imports = source.imports.iter().map(|import| (&import.module, &import.path));
        let mentions = source.mentions.iter().filter(|(_, path)| path.len() > 1).map(|(at, path)| (at, path));
        let targets = imports.chain(mentions).filter_map(|(at, path)| self.target(at, path));
        targets.filter(|target| !target.starts_with(module)).collect()
    }

    /// The files of each cycle; cycles with a file in common are one.
    fn cycles(&self) -> BTreeSet<String> {
        let imported: BTreeMap<&Names, BTreeSet<Names>> =
            self.sources.keys().map(|module| (module, self.imported(module))).collect();
        let reached = |from: &Names| {
            let mut reached = BTreeSet::new();
            let mut open: Vec<&Names> = imported[from].iter().collect();
            while let Some(module) = open.pop() {
                if reached.insert(module) {
                    open.extend(&imported[module]);
                }
            }
            reached
        };
        let reached: BTreeMap<&Names, _> =
            self.sources.keys().map(|module| (module, reached(module))).collect();
        let cycle = |one: &&Names| {
            let both = |other: &&&Names| reached[*one].contains(*other) && reached[*other].contains(*one);
            let files: Vec<&str> =
                reached.keys().filter(both).map(|m| self.sources[*m].file.as_str()).collect();
            files.join(" ")
        };
        reached.keys().map(cycle).filter(|files| !files.is_empty()).collect()
    }
}

/// The cycles of the crate with this root.
fn cycles(root: &str, text: &dyn Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let mut files = Files::default();
    files.read(root, &[], text);
    files.cycles()
}

#[test]
fn no_two_source_files_import_each_other() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = |file: &str| fs::read_to_string(workspace.join(file)).ok();
    let mut roots = vec!["experiments/lib.rs".to_string()];
    for folder in [".", "crates", "checks"] {
        for entry in fs::read_dir(workspace.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            roots.extend(["lib", "main"].map(|root| format!("{folder}/{name}/src/{root}.rs")));
        }
    }
    roots.retain(|root| text(root).is_some());
    assert!(roots.len() > 20, "{roots:?}");
    let mut found: BTreeSet<String> = roots.iter().flat_map(|root| cycles(root, &text)).collect();
    found.retain(|cycle| !KNOWN.contains(&cycle.as_str()));
    assert!(
        found.is_empty(),
        "expected no cycle, found those of\n{}",
        found.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// The cycles of a crate of these files, beside a root that declares and re-exports `a` and `b`.
fn planted(a: &str, b: &str, c: &str) -> BTreeSet<String> {
    let root = "mod a; pub mod b; pub use a::A; pub use b::B;";
    cycles("src/lib.rs", &|file: &str| {
        let files = [("src/lib.rs", root), ("src/a.rs", a), ("src/b.rs", b), ("src/b/c.rs", c)];
        files.iter().find(|(known, _)| *known == file).map(|(_, text)| (*text).to_string())
    })
}

#[test]
fn a_planted_cycle_is_found_however_it_is_written() {
    let one = "use crate::b::B; pub struct A(B);";
    for other in [
        "use crate::a::A; pub struct B(A);",
        "use super::{x::Y, a::{A as Z}};",
        "use crate::A; pub struct B(Box<A>);",
        "pub struct B; fn f() { g(vec![crate::a::f()]) }",
        "pub struct B; mod inner { use super::super::a::f; }",
        "pub struct B; fn f() -> impl Sized + use<'_> { crate::a::A }",
        "mod c; use crate::A; pub struct B(A, c::C);",
    ] {
        assert_eq!(planted(one, other, ""), BTreeSet::from(["src/a.rs src/b.rs".into()]), "{other}");
    }
    let around = planted("use crate::b::c::C;", "mod c; pub struct B;", "use super::B; use crate::a::A;");
    assert_eq!(around, BTreeSet::from(["src/a.rs src/b/c.rs".into()]));
}

#[test]
fn a_parent_imports_none_of_its_children_and_a_unit_test_nothing() {
    let one = "use crate::B; pub struct A(B);";
    for other in [
        "pub struct B; // crate::a::A",
        "pub mod c; pub use c::C; pub struct B;",
        "pub(crate) mod c; use other::a::A; /// [`A`](crate::a::A)\npub struct B;",
        "pub struct B; const A: &str = \"crate::a::A\"; mod tests { use super::*; use crate::a::A; }",
    ] {
        assert_eq!(planted(one, other, "use super::B;"), BTreeSet::new(), "{other}");
    }
}
