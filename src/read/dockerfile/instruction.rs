//! One instruction: its keyword, its flags, and what it says.

use super::logical::Heredoc;
use super::word::{Word, split};
use crate::text::{Quoting, Text, TextBuilder};

#[derive(Clone, Debug)]
pub struct Instruction {
    /// From the keyword to the end, continuations and here-documents included.
    pub at: Text,
    /// The keyword as written.
    pub keyword: Text,
    pub name: Name,
    /// `--platform=…`, `--from=…`, `--interval=…`.
    pub flags: Vec<Flag>,
    pub arguments: Arguments,
    pub heredocs: Vec<Heredoc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    Unknown,
}

/// `--name=value` or `--name`.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Without the two dashes.
    pub name: Text,
    pub value: Option<Text>,
}

#[derive(Clone, Debug)]
pub enum Arguments {
    From {
        image: Word,
        name: Option<Text>,
    },
    /// `RUN`, `CMD`, `ENTRYPOINT`, `SHELL`, and the command of `HEALTHCHECK`.
    Command(Command),
    /// `HEALTHCHECK NONE`.
    None,
    /// `ENV`, `ARG`, `LABEL`.
    Pairs(Vec<Pair>),
    /// Everything else, word by word.
    Words(Vec<Word>),
    Onbuild(Box<Instruction>),
    /// What an unknown instruction says.
    Other(Text),
}

#[derive(Clone, Debug)]
pub enum Command {
    /// `["celery", "worker"]`: no shell has a part in it.
    Exec(Vec<Text>),
    /// The rest of the line, continuations joined: a shell's to read. What only looks like a JSON array is this.
    Shell(Text),
}

#[derive(Clone, Debug)]
pub struct Pair {
    pub name: Text,
    /// `ARG NAME` has none.
    pub value: Option<Word>,
}

impl Instruction {
    pub(super) fn read(at: Text, content: &Text, heredocs: Vec<Heredoc>, escape: char) -> Instruction {
        Self::read_inner(at, content, heredocs, escape, true)
    }

    fn read_inner(at: Text, content: &Text, heredocs: Vec<Heredoc>, escape: char, outermost: bool) -> Instruction {
        let written = content.as_str();
        let end = written.find(char::is_whitespace).unwrap_or(written.len());
        let keyword = content.slice(0..end);
        let name = Name::of(keyword.as_str());
        let mut rest = content.slice(end..content.len()).trim();
        let flags = if name.takes_flags() { take_flags(&mut rest) } else { Vec::new() };
        let arguments = match name {
            Name::From => from(&rest, escape),
            Name::Run | Name::Cmd | Name::Entrypoint | Name::Shell => Arguments::Command(Command::read(&rest)),
            Name::Healthcheck => healthcheck(&rest),
            Name::Env | Name::Label => Arguments::Pairs(pairs(&rest, escape, true)),
            Name::Arg => Arguments::Pairs(pairs(&rest, escape, false)),
            // `ONBUILD ONBUILD` is not allowed, and would be no end.
            Name::Onbuild if outermost => {
                let inner = Self::read_inner(rest.clone(), &rest, Vec::new(), escape, false);
                Arguments::Onbuild(Box::new(inner))
            }
            Name::Unknown | Name::Onbuild => Arguments::Other(rest),
            Name::Copy | Name::Add | Name::Volume => Arguments::Words(match json_array(&rest) {
                Some(words) => words.into_iter().map(|text| Word { text, references: Vec::new() }).collect(),
                None => words(&rest, escape),
            }),
            _ => Arguments::Words(words(&rest, escape)),
        };
        Instruction { at, keyword, name, flags, arguments, heredocs }
    }

    /// The words of `USER`, `WORKDIR`, `COPY` and the like.
    pub fn words(&self) -> &[Word] {
        match &self.arguments {
            Arguments::Words(words) => words,
            _ => &[],
        }
    }

    /// The pairs of `ENV`, `ARG` and `LABEL`.
    pub fn pairs(&self) -> &[Pair] {
        match &self.arguments {
            Arguments::Pairs(pairs) => pairs,
            _ => &[],
        }
    }

    pub fn command(&self) -> Option<&Command> {
        match &self.arguments {
            Arguments::Command(command) => Some(command),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name.as_str() == name)
    }
}

impl Name {
    const ALL: [(&'static str, Name); 18] = [
        ("ADD", Name::Add),
        ("ARG", Name::Arg),
        ("CMD", Name::Cmd),
        ("COPY", Name::Copy),
        ("ENTRYPOINT", Name::Entrypoint),
        ("ENV", Name::Env),
        ("EXPOSE", Name::Expose),
        ("FROM", Name::From),
        ("HEALTHCHECK", Name::Healthcheck),
        ("LABEL", Name::Label),
        ("MAINTAINER", Name::Maintainer),
        ("ONBUILD", Name::Onbuild),
        ("RUN", Name::Run),
        ("SHELL", Name::Shell),
        ("STOPSIGNAL", Name::Stopsignal),
        ("USER", Name::User),
        ("VOLUME", Name::Volume),
        ("WORKDIR", Name::Workdir),
    ];

    fn of(keyword: &str) -> Name {
        let known = Name::ALL.iter().find(|(word, _)| word.eq_ignore_ascii_case(keyword));
        known.map_or(Name::Unknown, |&(_, name)| name)
    }

    /// The keywords, for "did you mean".
    pub fn keywords() -> impl Iterator<Item = &'static str> {
        Name::ALL.iter().map(|&(word, _)| word)
    }

    fn takes_flags(self) -> bool {
        matches!(self, Name::From | Name::Run | Name::Copy | Name::Add | Name::Healthcheck)
    }
}

impl Command {
    fn read(rest: &Text) -> Command {
        json_array(rest).map_or_else(|| Command::Shell(rest.clone()), Command::Exec)
    }
}

fn take_flags(rest: &mut Text) -> Vec<Flag> {
    let mut flags = Vec::new();
    while rest.as_str().starts_with("--") {
        let end = rest.as_str().find(char::is_whitespace).unwrap_or(rest.len());
        let flag = rest.slice(2..end);
        *rest = rest.slice(end..rest.len()).trim();
        if flag.is_empty() {
            break;
        }
        let equals = flag.as_str().find('=');
        flags.push(Flag {
            name: flag.slice(0..equals.unwrap_or(flag.len())),
            value: equals.map(|at| flag.slice(at + 1..flag.len())),
        });
    }
    flags
}

fn from(rest: &Text, escape: char) -> Arguments {
    let words = words(rest, escape);
    let name = match words.as_slice() {
        [_, keyword, name, ..] if keyword.text.as_str().eq_ignore_ascii_case("AS") => Some(name.text.clone()),
        _ => None,
    };
    let image = words.into_iter().next().unwrap_or_else(|| Word::read(rest, escape));
    Arguments::From { image, name }
}

fn healthcheck(rest: &Text) -> Arguments {
    let end = rest.as_str().find(char::is_whitespace).unwrap_or(rest.len());
    let kind = &rest.as_str()[..end];
    if kind.eq_ignore_ascii_case("NONE") {
        Arguments::None
    } else if kind.eq_ignore_ascii_case("CMD") {
        Arguments::Command(Command::read(&rest.slice(end..rest.len()).trim()))
    } else {
        Arguments::Other(rest.clone())
    }
}

fn words(rest: &Text, escape: char) -> Vec<Word> {
    split(rest.as_str(), escape).into_iter().map(|word| Word::read(&rest.slice(word), escape)).collect()
}

/// `A=b C="d e"`, or with `old_style` also `A b c`.
fn pairs(rest: &Text, escape: char, old_style: bool) -> Vec<Pair> {
    let found = split(rest.as_str(), escape);
    let Some(first) = found.first() else {
        return Vec::new();
    };
    if old_style && !rest.as_str()[first.clone()].contains('=') {
        let value = rest.slice(first.end..rest.len()).trim();
        let value = (!value.is_empty()).then(|| Word::read(&value, escape));
        return vec![Pair { name: rest.slice(first.clone()), value }];
    }
    found
        .into_iter()
        .map(|range| {
            let word = rest.slice(range);
            match word.as_str().find('=') {
                Some(at) => {
                    let name = Word::read(&word.slice(0..at), escape).text;
                    Pair { name, value: Some(Word::read(&word.slice(at + 1..word.len()), escape)) }
                }
                None => Pair { name: word, value: None },
            }
        })
        .collect()
}

/// The strings of a JSON array; `None` if it is none, as for BuildKit.
fn json_array(text: &Text) -> Option<Vec<Text>> {
    let written = text.as_str();
    let mut at = written.starts_with('[').then_some(1)?;
    let mut words = Vec::new();
    let blanks = |at: usize| at + (written[at..].len() - written[at..].trim_start().len());
    at = blanks(at);
    if written[at..].starts_with(']') {
        return written[at + 1..].trim().is_empty().then_some(words);
    }
    loop {
        let (word, end) = json_string(text, at)?;
        words.push(word);
        at = blanks(end);
        let next = written[at..].chars().next()?;
        at = blanks(at + next.len_utf8());
        match next {
            ',' => {}
            ']' => return written[at..].trim().is_empty().then_some(words),
            _ => return None,
        }
    }
}

/// The string that begins at `at`, and where it ends.
fn json_string(text: &Text, at: usize) -> Option<(Text, usize)> {
    let written = text.as_str();
    let mut run = written[at..].starts_with('"').then_some(at + 1)?;
    let mut builder = TextBuilder::new(&text.slice(at..at + 1)).inside(Quoting::Json);
    let mut characters = written[run..].char_indices();
    let base = run;
    while let Some((offset, character)) = characters.next() {
        let here = base + offset;
        match character {
            '"' => {
                builder.push(&text.slice(run..here));
                return Some((builder.finish(), here + 1));
            }
            '\\' => {
                builder.push(&text.slice(run..here));
                let (_, escaped) = characters.next()?;
                let mut len = 1 + escaped.len_utf8();
                let meant = match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\x08',
                    'f' => '\x0C',
                    '"' | '\\' | '/' => escaped,
                    'u' => {
                        let digits = written.get(here + 2..here + 6)?;
                        characters.nth(3)?;
                        len = 6;
                        char::from_u32(u32::from_str_radix(digits, 16).ok()?).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => return None,
                };
                builder.push_decoded(meant.encode_utf8(&mut [0; 4]), &text.slice(here..here + len));
                run = here + len;
            }
            _ if character < ' ' => return None,
            _ => {}
        }
    }
    None
}
