//! Reads Python: a flat list of statements with the conditions under which they run, and located expressions.
//!
//! The syntax comes from ruff's parser, which goes on after an error. It stops there: what a name means is
//! the facts' work. Nesting that would overflow the parser's stack in a browser is refused before it starts.

mod convert;
mod fragment;
mod nesting;
mod strings;
mod syntax;

pub use syntax::*;

use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use super::{Trouble, TroubleKind};
use crate::text::Text;

/// Python files beyond this many bytes are not parsed: 10 MB take 195 MiB of a browser tab.
pub const LARGEST: u64 = 2 * 1024 * 1024;
/// More troubles than these say nothing new.
const MOST_TROUBLES: usize = 5;

/// Reads a Python file or a fragment of one.
pub fn read(text: &Text) -> (PythonDocument, Vec<Trouble>) {
    if text.len() as u64 > LARGEST {
        let trouble = Trouble { at: text.slice(0..0), what: TroubleKind::TooLarge { limit: LARGEST }, refused: false };
        return (PythonDocument::default(), vec![trouble]);
    }
    if let Some((at, limit)) = nesting::too_deep(text.as_str()) {
        let trouble = Trouble { at: text.slice(at..at + 1), what: TroubleKind::TooDeep { limit }, refused: false };
        return (PythonDocument::default(), vec![trouble]);
    }
    let text = &fragment::readable(text);
    let mut document = PythonDocument::default();
    let mut troubles = part(text, &mut document);
    if !troubles.is_empty() {
        // A bracket that is never closed swallows everything behind it; what begins at the margin is read by itself.
        let parts = fragment::behind_open_brackets(text);
        if parts.len() > 1 {
            document = PythonDocument::default();
            troubles = parts.iter().flat_map(|text| part(text, &mut document)).collect();
            troubles.truncate(MOST_TROUBLES);
        }
    }
    document.broken = troubles.iter().map(|trouble| trouble.at.clone()).collect();
    (document, troubles)
}

/// Adds the statements of a stretch to the document, and answers with its troubles.
fn part(text: &Text, document: &mut PythonDocument) -> Vec<Trouble> {
    let parsed = parse_unchecked(text.as_str(), ParseOptions::from(Mode::Module));
    let mut troubles: Vec<Trouble> = Vec::new();
    let mut last_line_end = 0;
    for error in parsed.errors() {
        let (start, end) = (error.location.start().to_usize(), error.location.end().to_usize());
        // A broken statement breaks what follows it too: the first error of a line is the one that tells.
        if troubles.len() >= MOST_TROUBLES || (start < last_line_end && !troubles.is_empty()) {
            continue;
        }
        last_line_end =
            text.as_str().get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| start + at + 1);
        let end = if end > start { end } else { start + 1 };
        troubles.push(Trouble {
            at: text.slice(start..end.min(last_line_end)),
            what: TroubleKind::PythonSyntax { said: error.error.to_string() },
            refused: false,
        });
    }
    if let ruff_python_ast::Mod::Module(module) = parsed.syntax() {
        convert::statements(text, &module.body, document);
    }
    troubles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn document(text: &str) -> (PythonDocument, Vec<Trouble>) {
        read(&Text::of_source(SourceId(0), text.into()))
    }

    #[test]
    fn assignments_keep_their_places_and_conditions() {
        let (python, troubles) = document("# 한글\nA = 'x'\nif DEBUG:\n    B = A\nelse:\n    B = f'{A}y'\n");
        assert!(troubles.is_empty());
        let written: Vec<String> = python.statements.iter().map(|s| s.at.as_str().to_owned()).collect();
        assert_eq!(written, ["A = 'x'", "DEBUG", "B = A", "B = f'{A}y'"]);
        assert_eq!(python.statements[2].conditions.len(), 1);
        assert!(python.statements[2].conditions[0].holds && !python.statements[3].conditions[0].holds);
        assert_eq!(python.statements[2].conditions[0].test.as_str(), "DEBUG");
    }

    #[test]
    fn a_broken_statement_does_not_lose_the_others() {
        let (python, troubles) = document("A = 1\nB = = 2\nC = 'worked'\n");
        assert_eq!(troubles.len(), 1);
        assert!(python.statements.iter().any(|s| s.at.as_str() == "C = 'worked'"));
        let (python, _) = document("A = {'x': [1,\nB = 2\nC = (\n    3\n)\nD = 4\n");
        let written: Vec<&str> = python.statements.iter().map(|s| s.at.as_str()).collect();
        assert_eq!(written[1..], ["B = 2", "C = (\n    3\n)", "D = 4"]);
    }

    #[test]
    fn strings_are_decoded_with_their_places() {
        let (python, _) = document("A = 'a\\x41' \"b\"\n");
        let StatementKind::Assign { value, .. } = &python.statements[0].kind else { panic!() };
        let Expression::String(text) = &value.is else { panic!("{value:?}") };
        assert_eq!(text.as_str(), "aAb");
        assert_eq!(text.slice(2..3).span().start, 13);
    }

    #[test]
    fn fragments_are_read_without_their_indent_and_prompts() {
        for text in ["    A = 1\n    B = 'x'\n", ">>> A = 1\n>>> B = 'x'\nout\n>>> f(\n... 1)\n"] {
            let (python, troubles) = document(text);
            assert!(troubles.is_empty(), "{troubles:?}");
            let StatementKind::Assign { value, .. } = &python.statements[1].kind else { panic!() };
            let span = value.at.span();
            assert_eq!(&text[span.start as usize..span.end as usize], "'x'");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_the_parser_sees_it() {
        for deep in
            ["(".repeat(100_000), "-".repeat(100_000), "not ".repeat(30_000), format!("x{}", ".b".repeat(100_000))]
        {
            let (_, troubles) = document(&format!("A = {deep}"));
            assert!(matches!(troubles[0].what, TroubleKind::TooDeep { .. }));
        }
        let (_, troubles) = document(&"[".repeat(3_000_000));
        assert!(matches!(troubles[0].what, TroubleKind::TooLarge { .. }));
    }
}
