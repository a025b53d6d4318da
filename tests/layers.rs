//! Imports point down only. Every `crate::` and `super::` path of every file is resolved and looked up here;
//! a module that the table does not know is an error too.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first. Modules of one floor may use those before them in the row, and their own.
const FLOORS: &[&[&str]] = &[
    &["words", "text", "catalogue", "finding"],
    &["knowledge", "intake"],
    &["read"],
    &["facts"],
    &["rules"],
    &["checkup"],
    &["present"],
    &["app", "bin"],
];

/// What may be used although it stands above: the table of releases is knowledge of versions that cards name.
const ALLOWED: &[(&str, &str)] = &[];

fn rank(module: &str) -> Option<(usize, usize)> {
    FLOORS.iter().enumerate().find_map(|(floor, row)| Some((floor, row.iter().position(|it| *it == module)?)))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The module path of a file below `src`: `facts/python/mod.rs` is `facts::python`.
fn module_of(relative: &Path) -> Vec<String> {
    let mut parts: Vec<String> =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib" || last == "main") {
        parts.pop();
    }
    parts
}

/// The first module names of every path that a file uses: `facts` of `crate::facts::Facts`.
fn uses(code: &str, module: &[String]) -> Vec<String> {
    // Comments and strings may name modules without using them.
    let code: String =
        code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        found.extend(heads(&code[at + "crate::".len()..]));
    }
    for (at, _) in code.match_indices("celery_checkup::") {
        found.extend(heads(&code[at + "celery_checkup::".len()..]));
    }
    for (at, _) in code.match_indices("super::") {
        // Only the first `super` of a chain; the chain tells how far up it goes.
        if code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &code[at..];
        let mut up = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            rest = after;
            up += 1;
        }
        // An inner `mod tests` adds a level that the file's path does not have: staying low is harmless.
        if module.len() > up {
            found.push(module[0].clone());
        } else if module.len() == up {
            found.extend(heads(rest));
        }
    }
    found
}

/// `a::b`, `{a::b, c}` and `a` begin with these names.
fn heads(rest: &str) -> Vec<String> {
    let name =
        |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    match rest.strip_prefix('{') {
        Some(list) => {
            let mut depth = 0;
            let mut heads = vec![name(list)];
            for (at, character) in list.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => heads.push(name(&list[at + 1..])),
                    _ => {}
                }
            }
            heads.retain(|head| !head.is_empty());
            heads
        }
        None => vec![name(rest)],
    }
}

/// The imports of a file that point up, or at a module that the table does not know.
fn problems(module: &[String], code: &str) -> Vec<String> {
    let Some(own) = module.first() else { return Vec::new() };
    let Some(own_rank) = rank(own) else { return vec![format!("`{own}` is on no floor")] };
    let mut problems = Vec::new();
    for used in uses(code, module) {
        // A type or macro at the crate's root is no module.
        if !used.starts_with(|c: char| c.is_lowercase()) || used == "self" {
            continue;
        }
        let allowed = ALLOWED.contains(&(own.as_str(), used.as_str()));
        match rank(&used) {
            None => problems.push(format!("`{used}` is on no floor")),
            Some(rank) if rank > own_rank && !allowed => {
                problems.push(format!("{own} uses {used}, which stands above it"))
            }
            Some(_) => {}
        }
    }
    problems.sort();
    problems.dedup();
    problems
}

#[test]
fn imports_point_down() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut found = Vec::new();
    for file in &files {
        let relative = file.strip_prefix(&source).unwrap();
        // The build script and the stand-ins are programs of their own.
        if relative.starts_with("slim")
            || relative.starts_with("catalogue/build")
            || relative.ends_with("catalogue/build.rs")
        {
            continue;
        }
        let module = module_of(relative);
        let mut code = fs::read_to_string(file).unwrap();
        // The page knows views and words, and nothing else of the engine.
        if module.first().is_some_and(|first| first == "app") {
            for used in uses(&code, &module) {
                if ["text", "catalogue", "finding", "knowledge", "intake", "read", "facts", "rules", "checkup"]
                    .contains(&used.as_str())
                {
                    found.push(format!("{}: the page uses {used}", relative.display()));
                }
            }
        }
        if let Some(tests) = code.find("#[cfg(test)]\nmod tests {") {
            code.truncate(tests);
        }
        found.extend(problems(&module, &code).into_iter().map(|problem| format!("{}: {problem}", relative.display())));
    }
    assert!(files.len() > 50, "only {} files were looked at", files.len());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_upward_import_is_seen() {
    let module = |path: &str| module_of(Path::new(path));
    let seen = |path: &str, code: &str| !problems(&module(path), code).is_empty();
    assert!(seen("text/lines.rs", "use crate::facts::Facts;"));
    assert!(seen("read/mod.rs", "use crate::{text::Text, rules::Rule};"));
    assert!(seen("finding.rs", "use super::checkup::Report;"));
    assert!(seen("facts/python/flow.rs", "let x = super::super::super::present::answer;"));
    assert!(seen("text/lines.rs", "use crate::nowhere::Thing;"));
    assert!(!seen("rules/results/mod.rs", "use super::Rule; use crate::facts::Facts; // crate::present"));
}
