//! What the variables of a script hold at each of its commands.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::reference::Reference;
use crate::read::shell_words::{self, ShellCommand, Word};
use crate::read::wrappers;
use crate::text::{Text, TextBuilder};

/// Every program of a script sees what is exported; more than this is not followed.
const MOST_EXPORTS: usize = 64;
/// In a script that sets more variables than this, nobody asks which of them no program sees.
const MOST_UNEXPORTED: usize = 1024;

/// What a script has set so far.
#[derive(Default)]
pub(super) struct Variables<'a> {
    script: &'a str,
    /// The names that stand in the script without a `$`: it may set them itself, in whatever way.
    named: OnceCell<HashSet<&'a str>>,
    /// Whether another file may have set any variable.
    is_open: bool,
    /// What [`Variables::unexported`] found last, until something is set.
    unexported: Option<Vec<(String, Text)>>,
    /// The variable that a test has just found empty: `[ -z "$POOL" ] && POOL=gevent`.
    pub(super) found_empty: Option<String>,
    /// `None`: set to something that is not known.
    values: HashMap<String, Option<Word>>,
    /// What later programs see, with the place of the name.
    exported: Vec<(String, Text)>,
    exports_all: bool,
    /// Arrays of bash, and the script's own arguments as `@`.
    arrays: Vec<(String, Vec<Word>)>,
}

impl<'a> Variables<'a> {
    /// What a script finds in its environment, before its first command.
    pub(super) fn of(script: &'a str, outer: &[(Text, Word)]) -> Variables<'a> {
        let mut variables = Variables { script, ..Variables::default() };
        for (name, value) in outer {
            variables.set(name, Some(value), true, false);
        }
        variables
    }

    /// `: "${NAME:=default}"` sets what nothing has set.
    pub(super) fn take_defaults(&mut self, command: &ShellCommand, is_certain: bool) {
        for word in command.words.iter().filter(|word| word.expands && word.as_str().contains('=')) {
            let mut at = 0;
            while let Some(found) = word.as_str()[at..].find("${") {
                at += found + 2;
                let Some(reference) = Reference::at(word.as_str(), at - 2) else { continue };
                if reference.operator.ends_with('=') && !self.values.contains_key(reference.name) {
                    let word = Word { text: word.text.slice(at - 2..reference.end), ..word.clone() };
                    let value = self.whole(&word).filter(|_| is_certain);
                    self.values.insert(reference.name.to_owned(), value);
                }
            }
        }
        // The variable of a loop has another value each time.
        if let [first, name, ..] = &command.words[..]
            && first.as_str() == "for"
        {
            self.values.insert(name.as_str().to_owned(), None);
            self.unexported = None;
        }
    }

    /// Whether only the environment gives a variable its value.
    fn is_of_environment(&self, name: &str) -> bool {
        let named = self.named.get_or_init(|| {
            let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let words = self.script.split(|it| !is_part(it)).filter(|word| !word.is_empty());
            let is_used = |word: &&str| {
                let before = &self.script[..word.as_ptr() as usize - self.script.as_ptr() as usize];
                before.strip_suffix('{').unwrap_or(before).ends_with('$')
            };
            words.filter(|word| !is_used(word)).collect()
        });
        !self.is_open && !named.contains(name)
    }

    /// Takes in what a command sets; false if it is a program.
    pub(super) fn remember(&mut self, command: &ShellCommand, is_certain: bool) -> bool {
        let sets = self.take_in(command, is_certain);
        if sets {
            self.unexported = None;
        }
        sets
    }

    fn take_in(&mut self, command: &ShellCommand, is_certain: bool) -> bool {
        if let Some((name, appends)) = &command.array {
            self.set_array(name.as_str(), name, &command.words, *appends, is_certain);
            return true;
        }
        let Some(program) = command.words.first() else {
            for (name, value) in &command.assignments {
                self.set(name, Some(value), is_certain, self.exports_all);
            }
            return true;
        };
        match program.as_str() {
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                let exports = program.as_str() == "export" || command.words.iter().any(|word| word.as_str() == "-x");
                for word in command.words[1..].iter().filter(|word| !word.as_str().starts_with('-')) {
                    match wrappers::assignment(word) {
                        Some((name, value)) => self.set(&name, Some(&value), is_certain, exports),
                        None if exports => self.export(word.as_str(), &word.text),
                        None => {}
                    }
                }
            }
            "unset" => {
                for word in &command.words[1..] {
                    self.values.remove(word.as_str());
                    self.exported.retain(|(known, _)| known != word.as_str());
                    self.arrays.retain(|(name, _)| name != word.as_str());
                }
            }
            "read" => {
                for word in command.words[1..].iter().filter(|word| !word.as_str().starts_with('-')) {
                    self.set(&word.text, None, false, self.exports_all);
                }
            }
            "set" => {
                let words = || command.words[1..].iter().map(Word::as_str);
                self.exports_all = shell_words::exports_all(&command.words).unwrap_or(self.exports_all);
                // `set NAME=value` of cmd.exe.
                if let [_, word] = &command.words[..]
                    && let Some((name, value)) = wrappers::assignment(word).filter(|(name, _)| is_name(name.as_str()))
                {
                    // cmd.exe keeps the quotes of `set NAME="value"`, but not those of `set "NAME=value"`.
                    let is_quoted = name.span().end + 2 == value.text.span().start;
                    let value = if is_quoted { in_quotes(&value) } else { value };
                    self.set(&name, Some(&value), is_certain, true);
                }
                if let Some(at) = words().position(|word| word == "--") {
                    self.set_array("@", &program.text, &command.words[at + 2..], false, is_certain);
                    // A branch gives the script another command.
                    return is_certain;
                }
            }
            "shift" => self.arrays.retain(|(name, _)| name != "@"),
            // Another file may set anything; a virtual environment's sets a path.
            "source" | "." if command.words.last().is_some_and(|file| file.as_str().ends_with("/activate")) => {}
            "source" | "." => {
                self.is_open = true;
                self.values.values_mut().for_each(|value| *value = None);
                self.arrays.clear();
            }
            // `$env:NAME = "value"` of PowerShell.
            name if name.starts_with("$env:") && command.words.get(1).is_some_and(|word| word.as_str() == "=") => {
                let name = program.text.slice("$env:".len()..name.len());
                self.set(&name, command.words.get(2).filter(|_| command.words.len() == 3), is_certain, true);
            }
            // `CELERY = celery -A shop` of a Makefile, which a recipe calls `$(CELERY)`.
            name if is_name(name)
                && command.words.get(1).is_some_and(|it| ["=", ":=", "?="].contains(&it.as_str())) =>
            {
                let mut builder = TextBuilder::new(&program.text);
                for (number, word) in command.words[2..].iter().enumerate() {
                    builder.push_decoded(if number > 0 { " " } else { "" }, &word.text.slice(0..0));
                    builder.push(&word.text);
                }
                // It is split again where it is used.
                let mut text = builder.finish();
                if command.words[1].as_str() == "?=" {
                    text = text.unless_set(name, &program.text);
                }
                let value = Word { text, expands: true, quoted: false };
                for key in [name.to_owned(), format!("({name})")] {
                    self.values.insert(key, is_certain.then(|| value.clone()));
                }
            }
            _ => return false,
        }
        true
    }

    fn set_array(&mut self, key: &str, at: &Text, words: &[Word], appends: bool, is_certain: bool) {
        let index = self.arrays.iter().position(|(known, _)| known == key);
        let mut array = index.map(|index| self.arrays.swap_remove(index).1).unwrap_or_default();
        if !appends {
            array.clear();
        }
        match is_certain {
            true => array.extend_from_slice(words),
            // What else is in it, and whether, is not known.
            false => array.push(Word { text: Text::pointing_at(at, "$@"), expands: true, quoted: true }),
        }
        self.arrays.push((key.to_owned(), array));
    }

    fn set(&mut self, name: &Text, value: Option<&Word>, is_certain: bool, exports: bool) {
        // A value with parts that are not known is of use where it is the whole of a command.
        let is_of_use = |value: &&Word| {
            let written = value.as_str();
            !value.expands || written.contains(['$', '{']) && !written.contains(['`', '(', '*', '?', '['])
        };
        let key = name.as_str().to_owned();
        let is_default = self.found_empty.as_ref() == Some(&key) && !self.values.contains_key(&key);
        let mut value = value.filter(|_| is_certain || is_default).filter(is_of_use).cloned();
        if let Some(value) = value.as_mut().filter(|_| !is_certain) {
            value.text = value.text.unless_set(&key, name);
        }
        if exports {
            self.export(&key, name);
        }
        self.values.insert(key, value);
    }

    /// Variables with a certain value that no program sees, in the order of their names.
    pub(super) fn unexported(&mut self) -> impl Iterator<Item = &(String, Text)> {
        let Variables { values, exported, unexported, .. } = self;
        let found = unexported.get_or_insert_with(|| {
            let is_exported = |name: &str| exported.binary_search_by(|(known, _)| known.as_str().cmp(name)).is_ok();
            let few = Some(values).filter(|values| values.len() <= MOST_UNEXPORTED).into_iter().flatten();
            let plain = few.filter_map(|(name, value)| Some((name, value.as_ref()?)));
            let mut found: Vec<(String, Text)> = plain
                .filter(|(name, value)| !value.expands && !value.text.is_empty() && is_name(name) && !is_exported(name))
                // What the environment had before, it still has.
                .filter(|(_, value)| value.text.fallback().is_none())
                .map(|(name, value)| (name.clone(), value.text.clone()))
                .collect();
            crate::text::order::sort_by_key(&mut found, |(name, _)| name.clone());
            found.truncate(MOST_EXPORTS);
            found
        });
        found.iter()
    }

    fn export(&mut self, key: &str, name: &Text) {
        if self.exported.len() >= MOST_EXPORTS {
            return;
        }
        match self.exported.binary_search_by(|(known, _)| known.as_str().cmp(key)) {
            Ok(at) => self.exported[at].1 = name.clone(),
            Err(at) => self.exported.insert(at, (key.to_owned(), name.clone())),
        }
    }

    /// The variables that a program started now would see, in the order of their names.
    pub(super) fn environment(&self) -> Vec<(Text, Word)> {
        let exported = self.exported.iter();
        exported
            .map(|(key, name)| {
                let known = self.values.get(key).and_then(Option::as_ref).cloned();
                let unknown = || Word { text: name.clone(), expands: true, quoted: true };
                (name.clone(), known.unwrap_or_else(unknown))
            })
            .collect()
    }

    /// The command with the variables that are known put in. What is not quoted is split at blanks.
    pub(super) fn filled_in(&self, mut command: ShellCommand, is_certain: bool) -> ShellCommand {
        let expands = |word: &Word| word.expands;
        if !command.words.iter().any(expands) && !command.assignments.iter().any(|(_, value)| value.expands) {
            return command;
        }
        command.words = command.words.into_iter().flat_map(|word| self.filled_word(word, is_certain)).collect();
        for (_, value) in &mut command.assignments {
            if value.expands
                && let Some(known) = self.whole(value)
            {
                *value = known;
            }
        }
        command
    }

    fn filled_word(&self, word: Word, is_certain: bool) -> Vec<Word> {
        if !word.expands {
            return vec![word];
        }
        // `@$(CELERY)`: the sign before is for make.
        let behind = word.as_str().trim_start_matches(['@', '-', '+']);
        let called = if behind.starts_with("$(") { behind } else { word.as_str() };
        let written = called.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
        let array = written.strip_suffix("[@]").or_else(|| written.strip_suffix("[*]"));
        let array = array.or_else(|| (is_certain && matches!(word.as_str(), "$@" | "${@}")).then_some("@"));
        if let Some(array) = array
            && let Some((_, words)) = self.arrays.iter().find(|(name, _)| name == array)
        {
            return words.clone();
        }
        if !word.quoted
            && let Some(Some(value)) = self.values.get(written).filter(|_| called.starts_with('$'))
            && value.expands
        {
            return value.split();
        }
        let Some(known) = self.whole(&word) else { return vec![word] };
        if word.quoted || !known.as_str().contains([' ', '\t', '\n']) {
            return vec![known];
        }
        known.split()
    }

    /// The word with every `$NAME` and `${NAME:-default}` put in, if nothing else would be changed.
    fn whole(&self, word: &Word) -> Option<Word> {
        let written = word.as_str();
        // A single quote or a backslash took its meaning from some `$`: which one is not kept.
        let mut builder = TextBuilder::new(&word.text);
        let mut at = 0;
        let mut expands = false;
        while let Some(dollar) = written[at..].find('$').map(|found| at + found) {
            builder.push(&word.text.slice(at..dollar));
            let reference = Reference::at(written, dollar)?;
            let Reference { name, operator, .. } = reference;
            let site = word.text.slice(dollar..reference.end);
            // Compose has put something else here.
            if site.fallback().is_some_and(|it| it.variable.is_empty()) {
                return None;
            }
            let default = || {
                let text = word.text.slice(reference.word.0..reference.word.1);
                let inner = text.as_str().strip_prefix('"').and_then(|it| it.strip_suffix('"')).map(str::len);
                let text = inner.map_or(text.clone(), |len| text.slice(1..1 + len));
                if text.as_str().contains(['"', '\'', '\\', '`', '*', '?', '[']) {
                    return None;
                }
                let is_plain = !text.as_str().contains('$');
                let word = Word { text, expands: true, quoted: word.quoted };
                if is_plain {
                    Some(word.text)
                } else {
                    self.whole(&word).filter(|word| !word.expands).map(|it| it.text)
                }
            };
            match (self.values.get(name), operator.trim_start_matches(':')) {
                (Some(None), _) => return None,
                (Some(Some(value)), _) if value.expands => return None,
                (Some(Some(value)), of) => {
                    let is_unset = operator.starts_with(':') && value.text.is_empty();
                    match of {
                        "-" | "=" if is_unset => builder.push(&default()?),
                        "+" if is_unset => {}
                        "+" => builder.push(&default()?),
                        _ => builder.push_substituted(&value.text, &site),
                    }
                }
                (None, "-" | "=") if reference.word.0 < reference.word.1 => {
                    builder.push_fallback(&default()?, name, &site);
                }
                // Whoever knows the environment puts it in.
                (None, of) if of != "+" && self.is_of_environment(name) => {
                    builder.push_fallback(&site, name, &site);
                    expands = true;
                }
                _ => return None,
            }
            at = reference.end;
        }
        if at == 0 || written[at..].contains(['`', '*', '?', '[']) {
            return None;
        }
        builder.push(&word.text.slice(at..written.len()));
        Some(Word { text: builder.finish(), expands, quoted: word.quoted })
    }
}

fn in_quotes(value: &Word) -> Word {
    let mut builder = TextBuilder::new(&value.text);
    builder.push_decoded("\"", &value.text.slice(0..0));
    builder.push(&value.text);
    builder.push_decoded("\"", &value.text.slice(value.text.len()..value.text.len()));
    Word { text: builder.finish(), ..value.clone() }
}

/// Whether a shell takes a text for the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
