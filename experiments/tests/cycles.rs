//! No two source files of a crate import each other, directly or around a cycle.
//!
//! A file's child modules are parts of it: that it uses them is no import, but that they use it is.
//! Modules within a file are passed over: unit tests use their crate and may import what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// Cycles that are still to be cut.
const KNOWN: [&str; 0] = [];

/// A module's path within its crate, or a path as it is written.
type Names = Vec<String>;

fn joined(path: &[String], names: &[String]) -> Names {
    [path, names].concat()
}

/// A source file's child modules and paths.
#[derive(Default)]
struct Source {
    file: String,
    children: Names,
    /// Each `use`: the path and the name that it brings into the module.
    imports: Vec<(Names, String)>,
    /// Other paths in the code.
    mentions: Vec<Names>,
}

impl Source {
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |i: usize| tokens.get(i).map(ToString::to_string).unwrap_or_default();
        let mut i = 0;
        while i < tokens.len() {
            match (&tokens[i], text(i).as_str()) {
                // Behind it may stand a scope in parentheses.
                (_, "pub") => i += usize::from(text(i + 1).starts_with('(')),
                // Not the `use<'a>` of a type.
                (_, "use") if text(i + 1) != "<" => {
                    let start = i + 1;
                    i = (start..tokens.len()).find(|&i| text(i) == ";").expect("the end of a use");
                    self.import(&tokens[start..i], &[]);
                }
                (_, "mod") => {
                    self.children.extend((text(i + 2) == ";").then(|| text(i + 1)));
                    i += 2;
                }
                (TokenTree::Group(group), _) => self.scan(group.stream()),
                (TokenTree::Ident(_), name) => {
                    let mut path = vec![name.to_string()];
                    while text(i + 1) == ":" && text(i + 2) == ":" {
                        path.push(text(i + 3));
                        i += 3;
                    }
                    self.mentions.extend((path.len() > 1).then_some(path));
                }
                _ => {}
            }
            i += 1;
        }
    }

    /// The names of a `use`, or of a group within one, behind `prefix`.
    fn import(&mut self, tree: &[TokenTree], prefix: &[String]) {
        for part in tree.split(|token| token.to_string() == ",").filter(|part| !part.is_empty()) {
            let words = part.iter().filter(|token| matches!(token, TokenTree::Ident(_)));
            let mut path = joined(prefix, &words.map(ToString::to_string).collect::<Names>());
            if let Some(TokenTree::Group(group)) = part.last() {
                self.import(&group.stream().into_iter().collect::<Vec<_>>(), &path);
                continue;
            }
            let name = path.last().expect("a name").clone();
            path.truncate(path.iter().position(|word| word == "as").unwrap_or(path.len()));
            self.imports.push((path, name));
        }
    }
}

/// The source files of a crate, by module.
#[derive(Default)]
struct Files(BTreeMap<Names, Source>);

impl Files {
    /// The file of this module and those that it declares; `text` reads a file where there is one.
    fn read(&mut self, file: &str, module: &[String], text: &dyn Fn(&str) -> Option<String>) {
        let content = text(file).unwrap_or_else(|| panic!("expected the file {file}, found none"));
        let mut source = Source { file: file.into(), ..Source::default() };
        source.scan(TokenStream::from_str(&content).unwrap_or_else(|error| panic!("{file}: {error}")));
        let (folder, name) = file.rsplit_once('/').expect("a file in a folder");
        let is_root = ["lib.rs", "main.rs", "mod.rs"].contains(&name);
        let folder = if is_root { folder } else { file.trim_end_matches(".rs") };
        for child in &source.children {
            let [flat, deep] = [format!("{folder}/{child}.rs"), format!("{folder}/{child}/mod.rs")];
            let file = if text(&flat).is_some() { flat } else { deep };
            self.read(&file, &joined(module, &[child.clone()]), text);
        }
        self.0.insert(module.to_vec(), source);
    }

    /// The file that has what a path within `module` leads to, behind all re-exports; `None` if another crate has it.
    fn target(&self, module: &[String], path: &[String]) -> Option<Names> {
        let mut at = match path[0].as_str() {
            "crate" => vec![],
            "self" => module.to_vec(),
            "super" => module[..module.len() - 1].to_vec(),
            _ => Some(joined(module, &path[..1])).filter(|child| self.0.contains_key(child))?,
        };
        for (i, name) in path.iter().enumerate().skip(1) {
            if name == "super" {
                at.pop();
            } else if self.0.contains_key(&joined(&at, &path[i..=i])) {
                at.push(name.clone());
            } else if let Some((import, _)) = self.0[&at].imports.iter().find(|(_, known)| known == name) {
                return self.target(&at, &joined(import, &path[i + 1..]));
            } else {
                break;
            }
        }
        Some(at)
    }

    /// The files from which that of `module` imports.
    fn imported(&self, module: &[String]) -> BTreeSet<Names> {
        let source = &self.0[module];
        let paths = source.imports.iter().map(|(path, _)| path).chain(&source.mentions);
        let targets = paths.filter_map(|path| self.target(module, path));
        targets.filter(|target| !target.starts_with(module)).collect()
    }

    /// The files of each cycle; cycles with a file in common are one.
    fn cycles(&self) -> BTreeSet<String> {
        let imported: BTreeMap<&Names, _> = self.0.keys().map(|one| (one, self.imported(one))).collect();
        let reached = |from: &Names| {
            let (mut reached, mut open) = (BTreeSet::new(), Vec::from_iter(&imported[from]));
            while let Some(module) = open.pop() {
                open.extend(reached.insert(module).then(|| &imported[module]).into_iter().flatten());
            }
            reached
        };
        let reached: BTreeMap<&Names, _> = self.0.keys().map(|one| (one, reached(one))).collect();
        let cycle = |one: &Names| {
            let both = |other: &&&Names| reached[one].contains(*other) && reached[*other].contains(one);
            let files: Vec<&str> = reached.keys().filter(both).map(|m| self.0[*m].file.as_str()).collect();
            files.join(" ")
        };
        self.0.keys().map(cycle).filter(|files| !files.is_empty()).collect()
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
    let found = roots.iter().flat_map(|root| cycles(root, &text));
    let found: Vec<String> = found.filter(|cycle| !KNOWN.contains(&cycle.as_str())).collect();
    assert!(found.is_empty(), "expected no cycle, found those of\n{}", found.join("\n"));
}

/// The cycles of a crate of these three files, beside a root that declares and re-exports `a` and `b`.
fn planted(a: &str, b: &str, c: &str) -> BTreeSet<String> {
    let root = "mod a; pub mod b; pub use a::A; pub use b::B;";
    cycles("src/lib.rs", &|file: &str| {
        let files = [("src/lib.rs", root), ("src/a.rs", a), ("src/b.rs", b), ("src/b/c.rs", c)];
        files.iter().find(|(known, _)| *known == file).map(|(_, text)| (*text).to_string())
    })
}

#[test]
fn a_planted_cycle_is_found_however_it_is_written() {
    for other in [
        "use crate::a::A; pub struct B(A);",
        "use super::{x::Y, a::{A as Z}};",
        "use crate::A; pub struct B(Box<A>);",
        "pub struct B; fn f() { g(vec![crate::a::f()]) }",
        "pub struct B; fn f() -> impl Sized + use<'_> { crate::a::A }",
        "mod c; use crate::A; pub struct B(A, c::C);",
    ] {
        let found = planted("use crate::b::B; pub struct A(B);", other, "");
        assert_eq!(found, BTreeSet::from(["src/a.rs src/b.rs".into()]), "{other}");
    }
    let around = planted("use crate::b::c::C;", "mod c; pub struct B;", "use super::B; use crate::a::A;");
    assert_eq!(around, BTreeSet::from(["src/a.rs src/b/c.rs".into()]));
}

#[test]
fn a_parent_imports_none_of_its_children_and_a_unit_test_nothing() {
    for other in [
        "pub struct B; // crate::a::A",
        "pub mod c; pub use c::C; pub struct B;",
        "pub(crate) mod c; use other::a::A; /// [`A`](crate::a::A)\npub struct B;",
        "pub struct B; const A: &str = \"crate::a::A\"; mod tests { use super::*; use crate::a::A; }",
    ] {
        let found = planted("use crate::B; pub struct A(B);", other, "use super::B;");
        assert_eq!(found, BTreeSet::new(), "{other}");
    }
}
