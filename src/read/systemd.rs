//! Units of systemd: sections, continued lines, comments, and command lines as systemd itself splits them.
//!
//! A variable is put in where it is known; a specifier (`%i`) stands for what only systemd knows, and is left open.

use super::sections::{Entry, Section, Sections, header};
use super::shell_words::Word;
use crate::text::{Quoting, Text, TextBuilder};

/// A file larger than this is read to here; a unit has a few hundred bytes.
const LARGEST: usize = 256 * 1024;

/// The value of a variable, where it is known.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<Text>;

/// The sections of a unit.
pub fn read(text: &Text) -> Sections {
    let whole = text.slice(0..LARGEST);
    let mut sections = Sections::default();
    let mut lines = whole.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() || is_comment(&line) {
            continue;
        }
        if let Some(name) = header(&line) {
            sections.list.push(Section { name, entries: Vec::new() });
            continue;
        }
        let Some(equals) = line.as_str().find('=') else { continue };
        let key = line.slice(0..equals).trim();
        let mut value = TextBuilder::new(&key);
        let mut part = line.slice(equals + 1..line.len());
        let mut is_first = true;
        loop {
            let continues = part.as_str().ends_with('\\');
            let kept = part.slice(0..part.len() - usize::from(continues));
            // systemd takes blanks away at both ends of the value, not of its lines.
            value.push(&if is_first {
                kept.slice(kept.len() - kept.as_str().trim_start().len()..kept.len())
            } else {
                kept
            });
            is_first = false;
            if !continues {
                break;
            }
            let end = part.slice(part.len() - 1..part.len());
            // Comments between continued lines are passed over (systemd.syntax).
            let Some(next) = lines.by_ref().find(|line| !is_comment(&line.trim())) else { break };
            // The backslash and the line end stand for a blank.
            value.push_decoded(" ", &end);
            part = next.slice(0..next.as_str().trim_end().len());
        }
        // A stretch of a unit that was pasted without its header is most often of the service.
        if sections.list.is_empty() {
            let name = Text::pointing_at(&key, "Service");
            sections.list.push(Section { name, entries: Vec::new() });
        }
        if let Some(section) = sections.list.last_mut() {
            section.entries.push(Entry { key, value: value.finish() });
        }
    }
    sections
}

fn is_comment(line: &Text) -> bool {
    line.as_str().starts_with(['#', ';'])
}

/// The command lines of an `Exec…=` value: without the prefix `-@:+!|`, split as systemd does. ` ; ` divides.
pub fn command_lines(value: &Text, known: Lookup<'_>) -> Vec<CommandLine> {
    let mut found = Vec::new();
    let mut line = CommandLine::default();
    for word in words(value, known) {
        if word.as_str() == ";" && !word.quoted {
            found.push(std::mem::take(&mut line));
        } else {
            line.words.push(word);
        }
    }
    found.push(line);
    found.retain(|line| !line.words.is_empty());
    for line in &mut found {
        let Some(first) = line.words.first_mut() else { continue };
        let prefix = first.as_str().len() - first.as_str().trim_start_matches(['-', '@', ':', '+', '!', '|']).len();
        let signs = first.as_str()[..prefix].to_owned();
        line.is_privileged = signs.contains(['+', '!']);
        first.text = first.text.slice(prefix..first.text.len());
        // `@`: the second word is the name that the program is given, not an argument.
        if signs.contains('@') && line.words.len() > 1 {
            line.words.remove(1);
        }
    }
    found
}

/// One command of an `Exec…=` value.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    pub words: Vec<Word>,
    /// `+` or `!`: `User=` does not hold for it.
    pub is_privileged: bool,
}

/// The words of `Environment=`, where `$` means nothing.
pub fn assignments(value: &Text) -> Vec<Word> {
    split(value, None)
}

fn words(value: &Text, known: Lookup<'_>) -> Vec<Word> {
    split(value, Some(known))
}

fn split(value: &Text, known: Option<Lookup<'_>>) -> Vec<Word> {
    let source = value.as_str();
    let mut words = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let blank = source[at..].len() - source[at..].trim_start().len();
        at += blank;
        if at >= source.len() {
            break;
        }
        at = word(value, at, known, &mut words);
    }
    words
}

/// Reads the word that begins at `at`, and says where it ends.
fn word(value: &Text, mut at: usize, known: Option<Lookup<'_>>, words: &mut Vec<Word>) -> usize {
    let source = value.as_str();
    let mut builder = TextBuilder::new(&value.slice(at..at)).inside(Quoting::UnitWord);
    let (mut expands, mut quoted) = (false, false);
    // `$NAME` as a word of its own becomes as many words as the value has.
    let bare = source[at..].split_whitespace().next().unwrap_or("");
    if let Some(name) = bare.strip_prefix('$').filter(|name| is_name(name))
        && let Some(known) = known
    {
        let site = value.slice(at..at + bare.len());
        match known(name) {
            Some(found) => words.extend(found.as_str().split_whitespace().map(|part| {
                let start = part.as_ptr() as usize - found.as_str().as_ptr() as usize;
                let mut one = TextBuilder::new(&site);
                one.push_substituted(&found.slice(start..start + part.len()), &site);
                Word { text: one.finish(), expands: false, quoted: true }
            })),
            None => words.push(Word { text: site, expands: true, quoted: false }),
        }
        return at + bare.len();
    }
    let mut quote: Option<char> = None;
    while let Some(character) = source[at..].chars().next() {
        let rest = &source[at..];
        let mut len = character.len_utf8();
        match character {
            _ if quote.is_none() && character.is_whitespace() => break,
            '\'' | '"' if quote == Some(character) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(character);
                quoted = true;
            }
            '\\' => {
                let next = rest[1..].chars().next();
                len += next.map_or(0, char::len_utf8);
                let escape = value.slice(at..at + len);
                match next {
                    Some('n') => builder.push_decoded("\n", &escape),
                    Some('t') => builder.push_decoded("\t", &escape),
                    Some('s') => builder.push_decoded(" ", &escape),
                    Some(next @ ('\\' | '"' | '\'' | ' ')) => {
                        builder.push_decoded(next.encode_utf8(&mut [0; 4]), &escape);
                    }
                    // What systemd does not know as an escape stays as it is.
                    _ => builder.push(&escape),
                }
            }
            '%' | '$' if rest[1..].starts_with(character) && (character == '%' || known.is_some()) => {
                len = 2;
                builder.push_decoded(character.encode_utf8(&mut [0; 4]), &value.slice(at..at + 2));
            }
            '%' if rest[1..].starts_with(|next: char| next.is_ascii_alphabetic()) => {
                len = 2;
                expands = true;
                // Written as a shell would, so that a script in the word leaves it open too.
                builder.push_decoded(&format!("${{{}}}", &rest[1..2]), &value.slice(at..at + 2));
            }
            '$' if rest[1..].starts_with('{') && known.is_some() => {
                let name = rest[2..].find('}').map(|end| &rest[2..2 + end]).filter(|name| is_name(name));
                let site = value.slice(at..at + name.map_or(1, |name| name.len() + 3));
                len = site.len();
                match name.zip(known).and_then(|(name, known)| known(name)) {
                    Some(found) => builder.push_substituted(&found, &site),
                    None => {
                        expands = true;
                        builder.push(&site);
                    }
                }
            }
            _ => builder.push(&value.slice(at..at + len)),
        }
        at += len;
    }
    words.push(Word { text: builder.finish(), expands, quoted });
    at
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn source(text: &str) -> Text {
        Text::of_source(SourceId(0), text.into())
    }

    fn split(value: &str) -> Vec<(String, bool)> {
        let known = |name: &str| (name == "OPTS").then(|| source("-c 4"));
        words(&source(value), &known).iter().map(|word| (word.as_str().to_owned(), word.expands)).collect()
    }

    #[test]
    fn lines_are_continued_and_comments_passed_over() {
        let text =
            "# a\n[Service]\nExecStart=/bin/a \\\n; in between\n  -l info \\\n  -c 1\n;b\nUser = app \nNonsense\n";
        let unit = read(&source(text));
        let service = unit.of("Service").next().expect("it is there");
        assert_eq!(service.last("ExecStart").expect("it is there").as_str(), "/bin/a    -l info    -c 1");
        let user = service.last("User").expect("it is there");
        assert_eq!(user.as_str(), "app");
        assert_eq!(&text[user.span().start as usize..user.span().end as usize], "app");
        assert_eq!(service.entries.len(), 2);
        assert_eq!(read(&source("ExecStart=/bin/a\n")).of("Service").count(), 1);
    }

    #[test]
    fn words_are_split_and_filled_in_as_systemd_does() {
        let plain = |word: &str| (word.to_owned(), false);
        let open = |word: &str| (word.to_owned(), true);
        assert_eq!(split("a 'b c' \"d\\\"e\" f'g'"), ["a", "b c", "d\"e", "fg"].map(plain));
        assert_eq!(split("100%% $$HOME a$OPTS"), ["100%", "$HOME", "a$OPTS"].map(plain));
        // One word of its own is split; in braces it is one.
        assert_eq!(split("$OPTS ${OPTS} x${OPTS}"), ["-c", "4", "-c 4", "x-c 4"].map(plain));
        assert_eq!(split("$OTHER n-%i ${OTHER}x"), ["$OTHER", "n-${i}", "${OTHER}x"].map(open));
    }

    #[test]
    fn prefixes_are_no_part_of_the_program() {
        let none = |_: &str| None;
        let lines = command_lines(&source("-@/bin/celery name worker ; +/bin/b"), &none);
        let words: Vec<Vec<&str>> = lines.iter().map(|line| line.words.iter().map(Word::as_str).collect()).collect();
        assert_eq!(words, [vec!["/bin/celery", "worker"], vec!["/bin/b"]]);
        assert_eq!([lines[0].is_privileged, lines[1].is_privileged], [false, true]);
    }

    #[test]
    fn nothing_panics() {
        let text = "[글\nA=\\\n#\n한='글 \"%글 ${한 $$%% \\글\\";
        for (at, _) in text.char_indices() {
            for part in [&text[..at], &text[at..]] {
                for entry in read(&source(part)).list.iter().flat_map(|section| &section.entries) {
                    let _ = command_lines(&entry.value, &|_| None);
                }
            }
        }
    }
}
