//! Supervisor's configuration: sections, indented continuations, comments, and command lines as it splits them.
//!
//! The file is read as Python's `RawConfigParser` reads it (supervisor/options.py, UnhosedConfigParser).

use super::sections::{Entry, Section, Sections, header};
use super::shell_words::Word;
use crate::text::{Quoting, Text, TextBuilder};

/// A file larger than this is read to here.
const LARGEST: usize = 256 * 1024;

/// The sections of a configuration. Keys are in lower case to Supervisor; here they stay as they are written.
pub fn read(text: &Text) -> Sections {
    let whole = text.slice(0..LARGEST);
    let mut sections = Sections::default();
    let mut open: Option<(Text, TextBuilder, usize)> = None;
    for line in whole.lines() {
        let written = without_comment(&line);
        let trimmed = written.trim();
        if trimmed.is_empty() {
            continue;
        }
        let indent = line.as_str().len() - line.as_str().trim_start().len();
        if let Some((_, value, of_key)) = &mut open
            && indent > *of_key
        {
            value.push_decoded("\n", &line.slice(0..indent));
            value.push(&trimmed);
            continue;
        }
        close(&mut sections, open.take());
        if let Some(name) = header(&trimmed) {
            sections.list.push(Section { name, entries: Vec::new() });
        } else if let Some(sign) = trimmed.as_str().find(['=', ':']) {
            let key = trimmed.slice(0..sign).trim();
            let mut value = TextBuilder::new(&key);
            value.push(&trimmed.slice(sign + 1..trimmed.len()).trim());
            open = Some((key, value, indent));
        }
    }
    close(&mut sections, open);
    sections
}

fn close(sections: &mut Sections, open: Option<(Text, TextBuilder, usize)>) {
    if let (Some((key, value, _)), Some(section)) = (open, sections.list.last_mut()) {
        section.entries.push(Entry { key, value: value.finish() });
    }
}

/// The line up to its comment: a `;` or `#` at its beginning or behind a blank.
fn without_comment(line: &Text) -> Text {
    let text = line.as_str();
    let comment = text.char_indices().find(|&(at, character)| {
        matches!(character, ';' | '#') && (at == 0 || text[..at].ends_with(char::is_whitespace))
    });
    line.slice(0..comment.map_or(text.len(), |(at, _)| at))
}

/// The words of `command=`. No shell runs it: they are split as Python's `shlex.split` does.
pub fn command_words(value: &Text, program: &Text) -> Vec<Word> {
    let source = value.as_str();
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut builder = TextBuilder::new(value);
    let mut quote: Option<char> = None;
    let mut at = 0;
    while let Some(character) = source[at..].chars().next() {
        let rest = &source[at..];
        if quote.is_none() && character.is_whitespace() {
            if let Some(word) = word.take() {
                words.push(Word { text: std::mem::replace(&mut builder, TextBuilder::new(value)).finish(), ..word });
            }
            at += character.len_utf8();
            continue;
        }
        if word.is_none() {
            builder = TextBuilder::new(&value.slice(at..at)).inside(Quoting::UnitWord);
        }
        let this = word.get_or_insert_with(|| Word::plain(value.slice(at..at)));
        let mut len = character.len_utf8();
        match character {
            '\'' | '"' if quote == Some(character) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(character);
                this.quoted = true;
            }
            '\\' if quote != Some('\'') => {
                let next = rest[1..].chars().next();
                len += next.map_or(0, char::len_utf8);
                let escape = value.slice(at..at + len);
                match next {
                    Some(next) if quote.is_none() || matches!(next, '"' | '\\') => {
                        builder.push_decoded(next.encode_utf8(&mut [0; 4]), &escape);
                    }
                    _ => builder.push(&escape),
                }
            }
            '%' => {
                let (found, taken) = expanded(rest, program.as_str());
                len = taken;
                let site = value.slice(at..at + len);
                match found {
                    Some(Expanded::Known(text)) => builder.push_decoded(&text, &site),
                    Some(Expanded::Open(name)) => {
                        this.expands = true;
                        // Written as a shell would, so that a script in the word leaves it open too.
                        builder.push_decoded(&format!("${{{name}}}"), &site);
                    }
                    None => builder.push(&site),
                }
            }
            _ => builder.push(&value.slice(at..at + len)),
        }
        at += len;
    }
    if let Some(word) = word {
        words.push(Word { text: builder.finish(), ..word });
    }
    words
}

enum Expanded {
    Known(String),
    Open(String),
}

/// What `%%`, `%(ENV_X)s` and their like stand for, and how long they are.
fn expanded(rest: &str, program: &str) -> (Option<Expanded>, usize) {
    if rest.starts_with("%%") {
        return (Some(Expanded::Known("%".to_owned())), 2);
    }
    let name = rest.strip_prefix("%(").and_then(|inner| inner.find(')').map(|end| &inner[..end]));
    let Some(name) = name else { return (None, 1) };
    // Behind the bracket: digits and the letter of the conversion, `%(process_num)02d`.
    let behind = &rest[name.len() + 3..];
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let letter = usize::from(behind[digits..].starts_with(['s', 'd', 'i']));
    let found = match name {
        "program_name" => Expanded::Known(program.to_owned()),
        _ => Expanded::Open(name.trim_start_matches("ENV_").to_owned()),
    };
    (Some(found), name.len() + 3 + digits + letter)
}

/// The variables of `environment=`: `A="1",B=2`. A value is `None` where an expansion decides.
pub fn variables(value: &Text) -> Vec<(Text, Option<Text>)> {
    let source = value.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(equals) = source[at..].find('=').map(|equals| at + equals) {
        let name = value.slice(at..equals).trim();
        let start =
            equals + 1 + (source[equals + 1..].len() - source[equals + 1..].trim_start_matches([' ', '\t']).len());
        let quote = source[start..].chars().next().filter(|character| matches!(character, '\'' | '"'));
        let (inner, end) = match quote {
            Some(quote) => {
                let len = source[start + 1..].find(quote).unwrap_or(source.len() - start - 1);
                (start + 1..start + 1 + len, (start + len + 2).min(source.len()))
            }
            None => {
                let len = source[start..].find([',', '\n']).unwrap_or(source.len() - start);
                (start..start + len, start + len)
            }
        };
        let written = value.slice(inner);
        let mut builder = TextBuilder::new(&name).inside(Quoting::UnitWord);
        let text = if quote.is_some() { written } else { written.trim() };
        let is_known = decoded(&text, &mut builder);
        found.push((name, is_known.then(|| builder.finish())));
        at = end + source[end..].find([',', '\n']).map_or(source.len() - end, |comma| comma + 1);
    }
    found.retain(|(name, _)| !name.is_empty());
    found
}

/// Adds a value with `%%` decoded; false if another expansion stands in it.
fn decoded(text: &Text, builder: &mut TextBuilder) -> bool {
    let source = text.as_str();
    let mut at = 0;
    while let Some(percent) = source[at..].find('%').map(|found| at + found) {
        builder.push(&text.slice(at..percent));
        if !source[percent..].starts_with("%%") {
            return false;
        }
        builder.push_decoded("%", &text.slice(percent..percent + 2));
        at = percent + 2;
    }
    builder.push(&text.slice(at..source.len()));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn source(text: &str) -> Text {
        Text::of_source(SourceId(0), text.into())
    }

    #[test]
    fn a_configuration_is_read_as_supervisor_reads_it() {
        let text = "; a\n[program:worker]\ncommand=celery -A shop worker ; why\n  -l info\nuser : app#1 # b\n\n  ; c\n[group:x]\nprograms=worker\n";
        let file = read(&source(text));
        let program = file.of("program:worker").next().expect("it is there");
        let command = program.last("command").expect("it is there");
        assert_eq!(command.as_str(), "celery -A shop worker\n-l info");
        let user = program.last("user").expect("it is there");
        assert_eq!(user.as_str(), "app#1");
        assert_eq!(&text[user.span().start as usize..user.span().end as usize], "app#1");
        assert_eq!(file.list.len(), 2);
    }

    #[test]
    fn commands_are_split_and_expanded() {
        let program = source("shop");
        let value = source("celery -n 'w %(program_name)s@%%h' \"a\\\"b\" -c %(ENV_N)s -x%(process_num)02d ; $HOME");
        let words = command_words(&value, &program);
        let read: Vec<(&str, bool)> = words.iter().map(|word| (word.as_str(), word.expands)).collect();
        assert_eq!(
            read,
            [
                ("celery", false),
                ("-n", false),
                ("w shop@%h", false),
                ("a\"b", false),
                ("-c", false),
                ("${N}", true),
                ("-x${process_num}", true),
                (";", false),
                ("$HOME", false),
            ]
        );
    }

    #[test]
    fn variables_are_told_apart() {
        let value = source("A=\"1,2\", B='x' ,C=d\nE=\"%(ENV_E)s\",F=100%%");
        let found: Vec<(String, Option<String>)> = variables(&value)
            .into_iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.map(|value| value.as_str().to_owned())))
            .collect();
        let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        assert_eq!(
            found,
            [
                pair("A", Some("1,2")),
                pair("B", Some("x")),
                pair("C", Some("d")),
                pair("E", None),
                pair("F", Some("100%")),
            ]
        );
    }

    #[test]
    fn nothing_panics() {
        let text = "[글\n한=글\n  '%(한)글\"\\글 %% %(글 ,한='글,=\"\n ;글";
        for (at, _) in text.char_indices() {
            for part in [&text[..at], &text[at..]] {
                let whole = source(part);
                let _ = (command_words(&whole, &whole), variables(&whole));
                for entry in read(&whole).list.iter().flat_map(|section| &section.entries) {
                    let _ = (command_words(&entry.value, &entry.key), variables(&entry.value));
                }
            }
        }
    }
}
