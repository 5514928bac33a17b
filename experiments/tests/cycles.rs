//! No two source files of a crate import each other, directly or around a cycle.
//!
//! A file's child modules are parts of it: that it uses them is no import, but that they use it is.
//! Modules within a file are passed over: unit tests use their crate and may import what they like.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// A module's path within its crate, or a path as it is written.
type Names = Vec<String>;

/// A source file's child modules and paths.
#[derive(Default)]
struct Source {
    file: String,
    children: Names,
    /// The paths in its code, those of a `use` with the name that it brings into the module.
    paths: Vec<(Names, Option<String>)>,
}

impl Source {
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let text = |i: usize| tokens.get(i).map(ToString::to_string).unwrap_or_default();
        let mut i = 0;
        while i < tokens.len() {
            match (&tokens[i], text(i).as_str()) {
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
                    self.paths.extend((path.len() > 1).then_some((path, None)));
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
            let mut path: Names = prefix.iter().cloned().chain(words.map(ToString::to_string)).collect();
            if let Some(TokenTree::Group(group)) = part.last() {
                self.import(&group.stream().into_iter().collect::<Vec<_>>(), &path);
                continue;
            }
            let name = path.last().cloned();
            path.truncate(path.iter().position(|word| word == "as").unwrap_or(path.len()));
            self.paths.push((path, name));
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
            self.read(&file, &[module, std::slice::from_ref(child)].concat(), text);
        }
        self.0.insert(module.to_vec(), source);
    }

    /// The file that has what a path within `module` leads to, behind all re-exports; `None` if another crate has it.
    fn target(&self, module: &[String], path: &[String]) -> Option<Names> {
        let mut at = match path[0].as_str() {
            "crate" => vec![],
            "self" => module.to_vec(),
            "super" => module[..module.len() - 1].to_vec(),
            _ => Some([module, &path[..1]].concat()).filter(|child| self.0.contains_key(child))?,
        };
        for (i, name) in path.iter().enumerate().skip(1) {
            if name == "super" {
                at.pop();
            } else if self.0.contains_key(&[&at, &path[i..=i]].concat()) {
                at.push(name.clone());
            } else if let Some((import, _)) =
                self.0[&at].paths.iter().find(|(_, known)| known.as_ref() == Some(name))
            {
                return self.target(&at, &[import, &path[i + 1..]].concat());
            } else {
                break;
            }
        }
        Some(at)
    }

    /// The files from which that of `module` imports.
    fn imported(&self, module: &[String]) -> BTreeSet<Names> {
        let targets = self.0[module].paths.iter().filter_map(|(path, _)| self.target(module, path));
        targets.filter(|target| !target.starts_with(module)).collect()
    }

    /// The files on cycles: those left when again and again all go that import none of the others or that none of them imports.
    fn on_cycles(&self) -> Vec<String> {
        let mut imported: BTreeMap<&Names, _> = self.0.keys().map(|one| (one, self.imported(one))).collect();
        loop {
            let before = imported.len();
            let targets: BTreeSet<Names> = imported.values().flatten().cloned().collect();
            imported.retain(|module, _| targets.contains(*module));
            let left: BTreeSet<&Names> = imported.keys().copied().collect();
            imported.retain(|_, targets| targets.iter().any(|target| left.contains(target)));
            if imported.len() == before {
                return imported.keys().map(|module| self.0[*module].file.clone()).collect();
            }
        }
    }
}

/// The files on cycles of the crate with this root.
fn on_cycles(root: &str, text: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut files = Files::default();
    files.read(root, &[], text);
    files.on_cycles()
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
    let found: Vec<String> = roots.iter().flat_map(|root| on_cycles(root, &text)).collect();
    assert!(found.is_empty(), "expected no cycle, found those of\n{}", found.join("\n"));
}

/// The files on cycles of a crate of these three, beside a root that declares and re-exports `a` and `b`.
fn planted(a: &str, b: &str, c: &str) -> Vec<String> {
    let root = "mod a; pub mod b; pub use a::A; pub use b::B;";
    on_cycles("src/lib.rs", &|file: &str| {
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
        assert_eq!(found, ["src/a.rs", "src/b.rs"], "{other}");
    }
    let around = planted("use crate::b::c::C;", "mod c; pub struct B;", "use super::B; use crate::a::A;");
    assert_eq!(around, ["src/a.rs", "src/b/c.rs"]);
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
        assert_eq!(found, Vec::<String>::new(), "{other}");
    }
}
