//! Lines of `NAME=value`: env files, and files of variables that a shell sources.
//!
//! Quotes, escapes, comments, `export`, values that go on over lines. Programs differ in how they take quotes
//! (Docker's `--env-file` keeps them): what is written is kept beside what is meant. Nothing is put in for
//! variables.

use std::ops::Range;

use super::line_ranges::line_ranges;
use super::references::{Reference, references};
use super::troubles::Troubles;
use super::{Trouble, TroubleKind};
use crate::text::{Quoting, Text, TextBuilder};

/// A file larger than this is read to here.
const LARGEST: usize = 2 * 1024 * 1024;
/// A quoted value does not go on over more lines: the quote was forgotten.
const MOST_LINES: usize = 200;

#[derive(Clone, Debug, Default)]
pub struct EnvFile {
    /// In the order of the file; a name that is set twice stands here twice.
    pub variables: Vec<Variable>,
    /// Comment lines, with their `#`.
    pub comments: Vec<Text>,
}

#[derive(Clone, Debug)]
pub struct Variable {
    /// From the name to the end of the value, quotes included.
    pub at: Text,
    pub name: Text,
    /// Without quotes and comment. `None`: the name stands alone, and the value is taken from outside.
    pub value: Option<Text>,
    /// The value as it is written.
    pub written: Text,
    pub quote: Option<char>,
    pub exported: bool,
    /// The variables that the value names; single quotes protect from that.
    pub references: Vec<Reference>,
}

impl EnvFile {
    /// The variable of this name that counts: the last one.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|variable| variable.name.as_str() == name)
    }
}

pub fn read(text: &Text) -> (EnvFile, Vec<Trouble>) {
    let whole = text.slice(0..LARGEST);
    let lines: Vec<Range<usize>> = line_ranges(whole.as_str()).collect();
    let mut file = EnvFile::default();
    let mut troubles = Troubles::default();
    // Said first: it must not be lost among others.
    if text.len() > whole.len() {
        let what = TroubleKind::TooLarge { limit: LARGEST as u64 };
        troubles.add(lines.len(), text.slice(whole.len()..text.len()), what, false);
    }
    let mut number = 0;
    while let Some(line) = lines.get(number) {
        let trimmed = trimmed(&whole, line.clone());
        let written = whole.slice(trimmed.clone());
        if written.as_str().starts_with('#') {
            file.comments.push(written);
        } else if !written.is_empty() {
            match head(written.as_str()) {
                Some(head) => {
                    let reader = Assignment { whole: &whole, lines: &lines[number..], start: trimmed.start, head };
                    let (variable, more) = reader.read(trimmed.end);
                    if more.is_none() {
                        troubles.add(number, variable.written.clone(), TroubleKind::Unbalanced, false);
                    }
                    number += more.unwrap_or(0);
                    file.variables.push(variable);
                }
                None => troubles.add(number, written, TroubleKind::EnvLineUnreadable, false),
            }
        }
        number += 1;
    }
    (file, troubles.finish())
}

fn trimmed(whole: &Text, range: Range<usize>) -> Range<usize> {
    let text = &whole.as_str()[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

/// The beginning of an assignment, in bytes of the trimmed line.
struct Head {
    exported: bool,
    name: Range<usize>,
    /// Behind the `=`; `None` where there is no `=`.
    value: Option<usize>,
}

fn head(line: &str) -> Option<Head> {
    let behind = line.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t']));
    let start = behind.map_or(0, |rest| line.len() - rest.trim_start().len());
    let rest = &line[start..];
    let equals = rest.find('=');
    let name = rest[..equals.unwrap_or(rest.len())].trim_end();
    let ok = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    ok.then(|| Head {
        exported: behind.is_some(),
        name: start..start + name.len(),
        value: equals.map(|at| start + at + 1),
    })
}

/// An assignment that begins at `start`, in the first of `lines`.
struct Assignment<'a> {
    whole: &'a Text,
    lines: &'a [Range<usize>],
    start: usize,
    head: Head,
}

impl Assignment<'_> {
    /// The variable, and how many further lines its value takes; `None` where a quote never ends.
    fn read(&self, end: usize) -> (Variable, Option<usize>) {
        let Some(value) = self.head.value else {
            return (self.variable(None, end..end, None), Some(0));
        };
        let raw = trimmed(self.whole, self.start + value..end);
        let text = self.whole.as_str();
        let Some(quote) = text[raw.clone()].chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            return (self.bare(raw), Some(0));
        };
        // A quoted value may go on over lines.
        let reach = self.lines.get(MOST_LINES).or(self.lines.last()).map_or(end, |last| last.end);
        let Some((value, len)) = quoted(&self.whole.slice(raw.start..reach), quote, &self.name()) else {
            let written = self.whole.slice(raw.clone());
            return (self.variable(Some(written), raw, None), None);
        };
        let close = raw.start + len;
        let more = self.lines.iter().skip(1).take_while(|next| next.start < close).count();
        let behind = text[close..self.lines.get(more).map_or(close, |last| last.end)].trim_start();
        if behind.is_empty() || behind.starts_with('#') {
            return (self.variable(Some(value), raw.start..close, Some(quote)), Some(more));
        }
        // `"a"b`: the quotes are letters of the value.
        (self.bare(raw), Some(0))
    }

    /// A value without quotes.
    fn bare(&self, raw: Range<usize>) -> Variable {
        let text = &self.whole.as_str()[raw.clone()];
        let comment = text.find(" #").into_iter().chain(text.find("\t#")).min();
        let len = if text.starts_with('#') { 0 } else { comment.unwrap_or(text.len()) };
        let written = trimmed(self.whole, raw.start..raw.start + len);
        let mut value = TextBuilder::new(&self.name()).inside(Quoting::EnvBare);
        value.push(&self.whole.slice(written.clone()));
        self.variable(Some(value.finish()), written, None)
    }

    fn variable(&self, value: Option<Text>, written: Range<usize>, quote: Option<char>) -> Variable {
        let protected = quote == Some('\'');
        Variable {
            at: self.whole.slice(self.start + self.head.name.start..written.end),
            name: self.name(),
            references: value.as_ref().filter(|_| !protected).map(references).unwrap_or_default(),
            value,
            written: self.whole.slice(written),
            quote,
            exported: self.head.exported,
        }
    }

    fn name(&self) -> Text {
        self.whole.slice(self.start + self.head.name.start..self.start + self.head.name.end)
    }
}

/// The value between the quotes, and how long it is with them.
fn quoted(stretch: &Text, quote: char, owner: &Text) -> Option<(Text, usize)> {
    let text = stretch.as_str();
    let quoting = if quote == '\'' { Quoting::ShellSingle } else { Quoting::ShellDouble };
    let mut value = TextBuilder::new(owner).inside(quoting);
    let (mut at, mut run) = (1, 1);
    while let Some(found) = text[at..].find([quote, '\\']) {
        let here = at + found;
        if text[here..].starts_with(quote) {
            value.push(&stretch.slice(run..here));
            return Some((value.finish(), here + 1));
        }
        let escaped = text[here + 1..].chars().next()?;
        // `\r\n` is one line end.
        let crlf = usize::from(text[here + 1..].starts_with("\r\n"));
        let next = here + 1 + escaped.len_utf8() + crlf;
        at = next;
        if quote == '\'' {
            // A shell has no escapes here; dotenv knows `\'`, and a quote before a letter is meant so.
            at = here + 1;
            continue;
        }
        let meant = match escaped {
            '"' | '\\' | '$' | '`' => Some(escaped.to_string()),
            'n' => Some("\n".to_owned()),
            't' => Some("\t".to_owned()),
            'r' => Some("\r".to_owned()),
            '\n' | '\r' => Some(String::new()),
            _ => None,
        };
        if let Some(meant) = meant {
            value.push(&stretch.slice(run..here));
            value.push_decoded(&meant, &stretch.slice(here..next));
            run = next;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn source(text: &str) -> Text {
        Text::of_source(SourceId(0), text.into())
    }

    fn stretch(text: &str, part: &Text) -> String {
        let span = part.span();
        text[span.start as usize..span.end as usize].to_owned()
    }

    fn said(text: &str) -> Vec<(String, Option<String>)> {
        let (file, troubles) = read(&source(text));
        assert!(troubles.is_empty(), "{troubles:?}");
        let value = |v: &Variable| v.value.as_ref().map(|value| value.as_str().to_owned());
        file.variables.iter().map(|v| (v.name.as_str().to_owned(), value(v))).collect()
    }

    #[test]
    fn assignments_in_every_dress() {
        let pair = |n: &str, v: &str| (n.to_owned(), Some(v.to_owned()));
        assert_eq!(
            said(
                "# c\r\nA=1\r\nexport B = two words # c\r\n\r\nC='it is' # c\nD=\"a\\\"b\\n$X\"\nE=\nF\nG=a#b\nH=\"x\"y\nI=#c\n한글=값\nJ=a=b\n"
            ),
            [
                pair("A", "1"),
                pair("B", "two words"),
                pair("C", "it is"),
                pair("D", "a\"b\n$X"),
                pair("E", ""),
                ("F".to_owned(), None),
                pair("G", "a#b"),
                pair("H", "\"x\"y"),
                pair("I", ""),
                pair("한글", "값"),
                pair("J", "a=b"),
            ]
        );
    }

    #[test]
    fn values_keep_their_places_and_quotes() {
        let text = "A=amqp://h\nB=\"amqp://h\"\nC='amqp://$h'\nD=\n";
        let (file, _) = read(&source(text));
        for variable in &file.variables[..3] {
            let scheme = variable.value.as_ref().unwrap().slice(0..4);
            assert_eq!(stretch(text, &scheme), "amqp");
            assert_eq!(scheme.replacement("rpc").unwrap().1, "rpc");
        }
        assert_eq!(stretch(text, &file.variables[1].at), "B=\"amqp://h\"");
        assert_eq!(file.variables[1].written.as_str(), "\"amqp://h\"");
        assert!(file.variables[2].references.is_empty());
        // An empty value points at its name.
        assert_eq!(stretch(text, file.variables[3].value.as_ref().unwrap()), "D");
    }

    #[test]
    fn a_value_may_go_on_over_lines() {
        let text = "KEY=\"-----BEGIN\nabc\n-----END\"\nOPTS=\"-c 1 \\\n  -l info\"\nNEXT=1\n";
        let values = said(text);
        assert_eq!(values[0].1.as_deref(), Some("-----BEGIN\nabc\n-----END"));
        assert_eq!(values[1].1.as_deref(), Some("-c 1   -l info"));
        assert_eq!(values[2].0, "NEXT");
    }

    #[test]
    fn the_last_setting_of_a_name_counts_and_references_are_known() {
        let (file, _) = read(&source("A=1\nA=${B:-x}/$C\n"));
        let variable = file.get("A").unwrap();
        let names: Vec<_> = variable.references.iter().map(|r| r.name.as_str().to_owned()).collect();
        assert_eq!(names, ["B", "C"]);
    }

    #[test]
    fn lines_that_are_no_assignments_are_told() {
        let (file, troubles) = read(&source("A=1\nsome words\n=x\nB=\"open\nC=2\n"));
        assert_eq!(troubles.len(), 3);
        assert_eq!(troubles[0].what, TroubleKind::EnvLineUnreadable);
        assert_eq!(troubles[2].what, TroubleKind::Unbalanced);
        assert_eq!(file.variables.len(), 3);
        assert_eq!(file.get("B").unwrap().value.as_ref().unwrap().as_str(), "\"open");
    }

    #[test]
    fn nothing_panics_and_time_is_linear() {
        let start = std::time::Instant::now();
        for text in [
            "A=\"\n".repeat(30_000),
            "A='\\\n".repeat(20_000),
            "=".repeat(200_000),
            "A=${".repeat(50_000),
            "export ".repeat(30_000),
            "A=\"\\".repeat(20_000),
            "\r".repeat(200_000),
        ] {
            let _ = read(&source(&text));
        }
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
        let text = "export 한='글\\'\r\nB=\"\\글$한${B:-'}\" # c\nC = 글 # c\n\"";
        for (at, _) in text.char_indices() {
            let _ = read(&source(&text[..at]));
            let _ = read(&source(&text[at..]));
        }
    }
}
