//! Splits shell text into commands and words, each word knowing its bytes through all quoting.
//!
//! It reads what POSIX shells read in a command line: quotes, escapes, continuations, comments, `&&`, `||`, `;`,
//! `|`, `&`, redirections, here-documents are skipped. Nothing is expanded: a `$NAME` stays as written and the
//! word knows that it holds one. On a line of Windows a backslash is a letter; `^` and a backtick continue a line.

use super::shell_prompt;
use crate::text::{Quoting, Text, TextBuilder};

/// One command of a script: words up to an operator.
#[derive(Clone, Debug, Default)]
pub struct ShellCommand {
    /// `NAME=value` before the first word.
    pub assignments: Vec<(Text, Word)>,
    pub words: Vec<Word>,
    /// The array that the words are put into, and whether behind what is there: `args=(…)`, `args+=(…)`.
    pub array: Option<(Text, bool)>,
    /// What joins it to the next command: `&&`, `||`, `;`, `|`, `&` or a line end (empty).
    pub followed_by: &'static str,
}

/// A word after quotes were taken away.
#[derive(Clone, Debug)]
pub struct Word {
    pub text: Text,
    /// Whether the shell would still change it: `$NAME`, `$(…)`, a backtick, a glob outside quotes.
    pub expands: bool,
    /// Whether any of it stands in quotes.
    pub quoted: bool,
}

impl Word {
    pub fn plain(text: Text) -> Word {
        Word { text, expands: false, quoted: false }
    }

    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Whether something that is not shown may make another word of it.
    pub fn is_open(&self) -> bool {
        self.expands || self.text.fallback().is_some()
    }

    /// Its parts between blanks, as a shell splits what was not quoted. Each is changed only by what it holds itself.
    pub fn split(&self) -> Vec<Word> {
        let text = self.as_str();
        let parts = text.split_whitespace().map(|part| {
            let at = part.as_ptr() as usize - text.as_ptr() as usize;
            let expands = self.expands && part.contains(['$', '{', '`']);
            Word { text: self.text.slice(at..at + part.len()), expands, quoted: self.quoted }
        });
        parts.collect()
    }
}

/// Whether `set -a`, `set -eax`, `set +o allexport` lets every variable be exported from here on.
pub fn exports_all(words: &[Word]) -> Option<bool> {
    let (_, options) = words.split_first().filter(|(set, _)| set.as_str() == "set")?;
    // Behind `--` stand arguments.
    let end = options.iter().position(|word| word.as_str() == "--").unwrap_or(options.len());
    let options = &options[..end];
    let said = |word: &Word| match word.as_str() {
        "-o" | "+o" => None,
        word if word.starts_with('-') && !word.starts_with("--") && word.contains('a') => Some(true),
        word if word.starts_with('+') && word.contains('a') => Some(false),
        _ => None,
    };
    let all = options.iter().position(|word| word.as_str() == "allexport");
    let named = all.and_then(|at| Some(options.get(at.checked_sub(1)?)?.as_str() == "-o"));
    options.iter().find_map(said).or(named)
}

/// The commands of a script or of one line. Prompts (`$ `, `user@host:~$ `) are taken away first.
pub fn read(text: &Text) -> Vec<ShellCommand> {
    let mut reader = Reader::new(text);
    reader.script();
    reader.commands
}

struct Reader<'a> {
    text: &'a Text,
    source: &'a str,
    at: usize,
    commands: Vec<ShellCommand>,
    current: ShellCommand,
    word: Option<WordSoFar>,
    /// Here-documents that begin at the next line end.
    here_documents: Vec<(String, bool)>,
    /// Whether the next word is where something is written to or read from.
    names_a_file: bool,
    /// Whether the line is one of Windows.
    windows: bool,
    /// How many `$(…)` it stands in.
    depth: u32,
}

/// `$(…)` in `$(…)` beyond this depth is not read.
const DEEPEST: u32 = 4;

struct WordSoFar {
    builder: TextBuilder,
    expands: bool,
    quoted: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a Text) -> Self {
        Reader {
            text,
            source: text.as_str(),
            at: 0,
            commands: Vec::new(),
            current: ShellCommand::default(),
            word: None,
            here_documents: Vec::new(),
            names_a_file: false,
            windows: false,
            depth: 0,
        }
    }

    fn script(&mut self) {
        self.skip_prompt();
        while let Some(character) = self.source[self.at..].chars().next() {
            match character {
                '`' | '^' if self.continues_the_line(character) => self.skip_line_end(),
                '\\' if self.windows => self.take(1, Quoting::ShellBare, false),
                '\\' => self.backslash(),
                '\'' => self.single_quotes(),
                '"' => self.double_quotes(),
                '(' if self.opens_array() => {
                    self.word = None;
                    self.at += 1;
                }
                ')' if self.current.array.is_some() => {
                    self.end_command(";");
                    self.at += 1;
                }
                '\n' | '\r' if self.current.array.is_some() => {
                    self.end_word();
                    self.at += 1;
                }
                '\n' | '\r' => {
                    self.end_command("");
                    self.at += 1;
                    if character == '\r' && self.source[self.at..].starts_with('\n') {
                        self.at += 1;
                    }
                    self.skip_here_documents();
                    self.skip_prompt();
                }
                ' ' | '\t' => {
                    self.end_word();
                    self.at += 1;
                }
                '#' if self.word.is_none() => self.skip_to_line_end(),
                '&' if self.source[self.at + 1..].starts_with('>') => {
                    self.at += 1;
                    self.redirection();
                }
                ';' | '&' | '|' => self.operator(),
                '<' if self.blank_len() > 0 => self.take(self.blank_len(), Quoting::ShellBare, true),
                '<' | '>' => self.redirection(),
                // A subshell, the pattern of a `case`, the head of a function.
                '(' | ')' => {
                    self.end_command(";");
                    self.at += 1;
                }
                '$' => self.dollar(Quoting::ShellBare),
                '{' if self.template_len() > 0 => self.take(self.template_len(), Quoting::ShellBare, true),
                '`' => self.command_substitution('`', Quoting::ShellBare),
                '*' | '?' | '[' => self.take(character.len_utf8(), Quoting::ShellBare, true),
                _ => self.take(self.plain_len(character), Quoting::ShellBare, false),
            }
        }
        self.end_command("");
    }

    /// The bytes from here on that are nothing but letters of a word; this character is one.
    fn plain_len(&self, character: char) -> usize {
        let means_something = |byte: &u8| b"`^\\'\"()\n\r \t&;|<>${*?[".contains(byte);
        let bytes = &self.source.as_bytes()[self.at + character.len_utf8()..];
        character.len_utf8() + bytes.iter().position(means_something).unwrap_or(bytes.len())
    }

    /// Whether this bracket stands behind `NAME=` or `NAME+=`. An array that is not soon closed is none.
    fn opens_array(&mut self) -> bool {
        const LONGEST: usize = 2000;
        let Some(word) = self.word.as_ref().filter(|word| !word.quoted) else { return false };
        let written = word.builder.as_str();
        let Some(name) = written.strip_suffix('=') else { return false };
        let plain = name.strip_suffix('+').unwrap_or(name);
        let is_declared = ["declare", "local", "typeset", "readonly"];
        let stands_first = self.current.words.first().is_none_or(|first| is_declared.contains(&first.as_str()));
        let is_closed = self.source.as_bytes()[self.at..].iter().take(LONGEST).any(|byte| *byte == b')');
        if !is_name(plain) || !stands_first || !is_closed || self.current.array.is_some() {
            return false;
        }
        let start = self.at - written.len();
        self.current = ShellCommand {
            array: Some((self.text.slice(start..start + plain.len()), plain.len() < name.len())),
            ..ShellCommand::default()
        };
        true
    }

    fn skip_prompt(&mut self) {
        let line = self.source[self.at..].split(['\n', '\r']).next().unwrap_or_default();
        let prompt = shell_prompt::of(line);
        self.at += prompt.len;
        self.windows = prompt.windows;
    }

    /// `^` at the end of a line of cmd.exe, a backtick at the end of a line of PowerShell.
    fn continues_the_line(&self, character: char) -> bool {
        let rest = &self.source[self.at + character.len_utf8()..];
        let after_blank = self.source[..self.at].ends_with([' ', '\t']);
        after_blank && rest.starts_with(['\n', '\r'])
    }

    /// The bytes of `{{ … }}`, which Helm, Jinja and others fill in before any shell reads the line; 0 if none is here.
    fn template_len(&self) -> usize {
        // Nobody writes longer ones, and looking further at every brace would take long on garbage.
        const LONGEST: usize = 200;
        let rest = &self.source[self.at..];
        if !rest.starts_with("{{") {
            return 0;
        }
        let end = rest.bytes().take(LONGEST).zip(rest.bytes().skip(1)).position(|pair| pair == (b'}', b'}'));
        end.filter(|end| !rest[..*end].contains(['\n', '\r'])).map_or(0, |end| end + 2)
    }

    /// The bytes of `<worker name>`, which a reader of documents fills in; 0 where something is read from a file.
    fn blank_len(&self) -> usize {
        const LONGEST: usize = 60;
        let rest = &self.source.as_bytes()[self.at + 1..];
        let is_inner = |it: &&u8| it.is_ascii_alphanumeric() || b" _-.:".contains(it);
        let len = rest.iter().take(LONGEST).take_while(is_inner).count();
        let mut inner = rest[..len].split(|it| *it == b' ');
        // `<in 2>err`, `<in >out`
        let is_name = inner.next_back().is_some_and(|last| last.iter().any(u8::is_ascii_alphabetic));
        let is_blank = is_name && rest[0].is_ascii_alphabetic() && rest.get(len) == Some(&b'>');
        if is_blank { len + 2 } else { 0 }
    }

    fn skip_line_end(&mut self) {
        self.end_word();
        self.at += 1;
        self.at += if self.source[self.at..].starts_with("\r\n") { 2 } else { 1 };
    }

    fn skip_to_line_end(&mut self) {
        self.at += self.source[self.at..].find(['\n', '\r']).unwrap_or(self.source.len() - self.at);
    }

    fn word(&mut self) -> &mut WordSoFar {
        let (text, at) = (self.text, self.at);
        self.word.get_or_insert_with(|| WordSoFar {
            builder: TextBuilder::new(&text.slice(at..at)).inside(Quoting::ShellBare),
            expands: false,
            quoted: false,
        })
    }

    /// The next `len` bytes belong to the word.
    fn take(&mut self, len: usize, quoting: Quoting, expands: bool) {
        let part = self.text.slice(self.at..self.at + len);
        let word = self.word();
        word.expands |= expands;
        if quoting != Quoting::ShellBare {
            word.quoted = true;
        }
        word.builder.quoting_is(quoting);
        word.builder.push(&part);
        self.at += len;
    }

    fn backslash(&mut self) {
        let rest = &self.source[self.at + 1..];
        if rest.starts_with("\r\n") {
            self.at += 3;
        } else if rest.starts_with(['\n', '\r']) {
            self.at += 2;
        } else if let Some(next) = rest.chars().next() {
            let escape = self.text.slice(self.at..self.at + 1 + next.len_utf8());
            let word = self.word();
            word.quoted = true;
            word.builder.push_decoded(next.encode_utf8(&mut [0; 4]), &escape);
            self.at += 1 + next.len_utf8();
        } else {
            self.at += 1;
        }
    }

    fn single_quotes(&mut self) {
        self.word().quoted = true;
        self.at += 1;
        let end = self.source[self.at..].find('\'').unwrap_or(self.source.len() - self.at);
        if end > 0 {
            let is_template = self.source[self.at..self.at + end].contains("{{");
            self.take(end, Quoting::ShellSingle, is_template);
        }
        self.at = (self.at + 1).min(self.source.len());
    }

    fn double_quotes(&mut self) {
        self.word().quoted = true;
        self.at += 1;
        while let Some(character) = self.source[self.at..].chars().next() {
            match character {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' => {
                    let next = self.source[self.at + 1..].chars().next();
                    match next {
                        Some('\n') => self.at += 2,
                        Some(next @ ('"' | '\\' | '$' | '`')) => {
                            let escape = self.text.slice(self.at..self.at + 2);
                            self.word().builder.push_decoded(next.encode_utf8(&mut [0; 4]), &escape);
                            self.at += 2;
                        }
                        _ => self.take(1, Quoting::ShellDouble, false),
                    }
                }
                '$' => self.dollar(Quoting::ShellDouble),
                '`' => self.command_substitution('`', Quoting::ShellDouble),
                _ => {
                    let run = self.source[self.at..].find(['"', '\\', '$', '`']).unwrap_or(self.source.len() - self.at);
                    let is_template = self.source[self.at..self.at + run].contains("{{");
                    self.take(run, Quoting::ShellDouble, is_template);
                }
            }
        }
    }

    /// `$NAME`, `${NAME:-default}`, `$(command)`, `$((1 + 1))`; a lone `$` is itself.
    fn dollar(&mut self, quoting: Quoting) {
        let rest = &self.source[self.at + 1..];
        let len = match rest.chars().next() {
            Some('{') => balanced(rest, '{', '}'),
            Some('(') => {
                let len = balanced(rest, '(', ')');
                self.substituted(self.at + 2, self.at + len);
                len
            }
            Some(first) if first.is_ascii_alphabetic() || first == '_' => {
                rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
            }
            Some('@' | '*' | '#' | '?' | '$' | '!' | '0'..='9') => 1,
            _ => 0,
        };
        self.take(1 + len, quoting, len > 0);
    }

    fn command_substitution(&mut self, end: char, quoting: Quoting) {
        let rest = &self.source[self.at + 1..];
        let len = rest.find(end).map_or(rest.len(), |at| at + 1);
        self.substituted(self.at + 1, self.at + len);
        self.take(1 + len, quoting, true);
    }

    /// What the shell runs to put its output here stands before the command that is given it.
    fn substituted(&mut self, from: usize, to: usize) {
        let inner = self.source.get(from..to).filter(|inner| inner.contains("celery"));
        if inner.is_some() && self.depth < DEEPEST {
            let inner = self.text.slice(from..to);
            let mut reader = Reader { depth: self.depth + 1, ..Reader::new(&inner) };
            reader.script();
            // Whether it is reached at all is as sure as before.
            self.commands.extend(reader.commands.into_iter().map(|it| ShellCommand { followed_by: "&&", ..it }));
        }
    }

    fn operator(&mut self) {
        let rest = &self.source[self.at..];
        let operator = ["&&", "||", ";;", ";", "|", "&"].into_iter().find(|operator| rest.starts_with(operator));
        let Some(operator) = operator else { return };
        self.end_command(operator);
        self.at += operator.len();
    }

    /// `> file`, `2>&1`, `<<EOF`: neither the sign nor its target is a word of the command.
    fn redirection(&mut self) {
        // The digits before the sign were read as a word.
        if self.word.as_ref().is_some_and(|word| word.builder.as_str().bytes().all(|byte| byte.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        let rest = &self.source[self.at..];
        let sign = rest.bytes().take_while(|byte| matches!(byte, b'<' | b'>' | b'&' | b'-')).count();
        let written = &rest[..sign];
        self.at += sign;
        while self.source[self.at..].starts_with([' ', '\t']) {
            self.at += 1;
        }
        if written.starts_with("<<") && !written.starts_with("<<<") {
            let target = self.source[self.at..].split([' ', '\t', '\n', '\r', ';', '|', '&']).next();
            let target = target.unwrap_or_default();
            let name = target.trim_matches(['\'', '"', '\\']).to_owned();
            self.here_documents.push((name, written.ends_with('-')));
            self.at += target.len();
        } else {
            self.names_a_file = true;
        }
    }

    fn skip_here_documents(&mut self) {
        for (name, indented) in std::mem::take(&mut self.here_documents) {
            while self.at < self.source.len() {
                let line = self.source[self.at..].split_inclusive('\n').next().unwrap_or_default();
                self.at += line.len();
                let line = line.trim_end_matches(['\n', '\r']);
                if line == name || (indented && line.trim_start_matches('\t') == name) {
                    break;
                }
            }
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        if std::mem::take(&mut self.names_a_file) {
            return;
        }
        let expands = word.expands || has_windows_variable(word.builder.as_str());
        let word = Word { text: word.builder.finish(), expands, quoted: word.quoted };
        if self.current.words.iter().all(|word| is_keyword(word.as_str()))
            && self.current.array.is_none()
            && let Some(equals) = word.as_str().find('=')
            && is_name(&word.as_str()[..equals])
        {
            let name = word.text.slice(0..equals);
            let value = word.text.slice(equals + 1..word.text.len());
            self.current.assignments.push((name, Word { text: value, ..word }));
            return;
        }
        self.current.words.push(word);
    }

    fn end_command(&mut self, operator: &'static str) {
        self.end_word();
        self.names_a_file = false;
        let command = std::mem::take(&mut self.current);
        if !command.words.is_empty() || command.array.is_some() || !command.assignments.is_empty() {
            self.commands.push(ShellCommand { followed_by: operator, ..command });
        }
    }
}

/// `%NAME%` of cmd.exe; `%h%i` is made of two signs of Celery's.
fn has_windows_variable(word: &str) -> bool {
    word.split('%').skip(1).step_by(2).any(|name| name.len() > 1 && is_name(name) && word.matches('%').count() > 1)
}

/// Whether a command may begin behind a word of the shell's own language.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "if" | "elif" | "then" | "else" | "while" | "until" | "do" | "!" | "{")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The length of a bracketed stretch that begins at the start of `rest`; the rest of the line if it does not soon end.
fn balanced(rest: &str, open: char, close: char) -> usize {
    const LONGEST: usize = 1000;
    let mut depth = 0_u32;
    let mut line = None;
    for (at, character) in rest.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        } else if character == '\n' {
            // Only what brackets hold goes over several lines.
            line = line.or(Some(at));
            if open != '(' || at > LONGEST {
                break;
            }
        }
    }
    line.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
