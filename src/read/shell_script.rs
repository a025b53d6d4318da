//! The programs that a script starts, one after the other, with the variables that it has set until then.
//!
//! Only what certainly holds is filled in: a variable that a branch, a loop or another file may set is left as it is.
//! Where the environment decides, the default of `${NAME:-default}` stands there as its fallback, and a `$NAME` that
//! the script does not set itself knows its variable.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::command_line;
use super::shell_prompt;
use super::shell_words::{self, ShellCommand, Word};
use super::wrappers::{self, Started};
use crate::text::{Text, TextBuilder};

/// Every program of a script sees what is exported; more than this is not followed.
const MOST_EXPORTS: usize = 64;
/// In a script that sets more variables than this, nobody asks which of them no program sees.
const MOST_UNEXPORTED: usize = 1024;

/// Wrappers that wait for what they start; `screen -dm` and `docker run -d` do not.
const WAIT: [&str; 17] = [
    "command",
    "dumb-init",
    "env",
    "exec",
    "gosu",
    "nice",
    "pipenv",
    "poetry",
    "python",
    "python3",
    "sh",
    "bash",
    "su-exec",
    "sudo",
    "time",
    "tini",
    "uv",
];

/// What a script has set so far.
#[derive(Default)]
struct Variables<'a> {
    script: &'a str,
    /// The names that stand in the script without a `$`: it may set them itself, in whatever way.
    named: OnceCell<HashSet<&'a str>>,
    /// Whether another file may have set any variable.
    is_open: bool,
    /// What [`Variables::unexported`] found last, until something is set.
    unexported: Option<Vec<(String, Text)>>,
    /// The variable that a test has just found empty: `[ -z "$POOL" ] && POOL=gevent`.
    found_empty: Option<String>,
    /// `None`: set to something that is not known.
    values: HashMap<String, Option<Word>>,
    /// What later programs see, with the place of the name.
    exported: Vec<(String, Text)>,
    exports_all: bool,
    /// Arrays of bash, and the script's own arguments as `@`.
    arrays: Vec<(String, Vec<Word>)>,
}

/// Every program that a text of shell commands starts.
///
/// `outer` is what it finds in its environment.
pub(super) fn started(text: &Text, depth: u32, outer: &[(Text, Word)]) -> Vec<Started> {
    followed(text, depth, outer).0
}

/// What a script has exported at its end, for the program that it turns into: `exec "$@"`.
pub(super) fn exported(text: &Text, outer: &[(Text, Word)]) -> Vec<(Text, Word)> {
    followed(text, 0, outer).1
}

fn followed(text: &Text, depth: u32, outer: &[(Text, Word)]) -> (Vec<Started>, Vec<(Text, Word)>) {
    let mut variables = Variables { script: text.as_str(), ..Variables::default() };
    for (name, value) in outer {
        variables.set(name, Some(value), true, false);
    }
    let mut programs = Vec::new();
    let mut removes_pidfile = false;
    let mut server: Option<Text> = None;
    let mut nesting = 0_usize;
    let mut is_conditional = false;
    let mut pipes = false;
    // `( … ) &`: what stands in the brackets is not told from what does not.
    let has_group = [")", "}", "done"].iter().any(|end| text.as_str().contains(&format!("{end} &")));
    // A note may show the lines of both worlds one after the other.
    let is_for_windows = text.as_str().contains('\\')
        && !text.as_str().contains("bin/activate")
        && text.as_str().lines().any(|line| shell_prompt::of(line).windows);
    let has_trap = text.as_str().contains("trap ");
    let commands = shell_words::read(text);
    let hand_on = if text.as_str().contains("$@") { functions_that_hand_on(&commands, depth) } else { Vec::new() };
    let mut commands = commands.into_iter().peekable();
    while let Some(command) = commands.next() {
        let first = command.words.first().map_or("", Word::as_str);
        match first {
            "if" | "while" | "until" | "for" | "case" | "select" | "{" | "function" => nesting += 1,
            "fi" | "done" | "esac" | "}" => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        let is_certain = nesting == 0 && !is_conditional;
        let sets = command.words.iter().any(|word| word.as_str() == "export");
        if command.words.len() > 1 && !sets || ["fi", "else"].contains(&first) {
            let is_outermost = nesting == usize::from(first == "if");
            variables.found_empty = found_empty(&command).filter(|_| is_outermost);
        }
        is_conditional = match command.followed_by {
            "||" => true,
            // What follows a test may not happen; what follows `cd /app` happens, or nothing does.
            "&&" => is_conditional || ["[", "[[", "test"].contains(&first),
            _ => false,
        };
        let is_left_behind = command.followed_by == "&" && commands.peek().is_none();
        let is_beside = has_group || matches!(command.followed_by, "&" | "|");
        // `wsl`, `docker exec` and their kin run it elsewhere.
        let is_here = ["celery", "celery.exe", "python", "py", "poetry", "uv", "pipenv", "start"]
            .contains(&command_line::program_name(first));
        let is_in_background = command.followed_by == "&" && is_here && nesting == 0 && !has_group;
        let is_plain = WAIT.contains(&command_line::program_name(first));
        let first = first.to_owned();
        let is_piped = std::mem::replace(&mut pipes, command.followed_by == "|");
        let mut command = command;
        let keywords = command.words.iter().take_while(|word| shell_words::is_keyword(word.as_str())).count();
        command.words.drain(..keywords);
        if command.words.len() > 1 && hand_on.iter().any(|name| name == command.words[0].as_str()) {
            command.words.remove(0);
        }
        variables.take_defaults(&command, is_certain);
        let command = variables.filled_in(command, is_certain);
        if variables.remember(&command, is_certain) {
            variables.unexported = None;
        } else {
            let mut found = wrappers::started(&command, depth);
            for program in &mut found {
                // Nobody asks what other programs see, and scripts of thousands of lines have many.
                if program.words.first().is_some_and(|word| command_line::is_celery(word.as_str())) {
                    let mut environment = variables.environment();
                    environment.append(&mut program.environment);
                    program.environment = environment;
                    let is_given = |name: &String| outer.iter().any(|(known, _)| known.as_str() == name);
                    program.unexported.extend(variables.unexported().filter(|(name, _)| !is_given(name)).cloned());
                }
                program.is_followed |= commands.peek().is_some();
                program.is_beside |=
                    is_beside || !(is_plain || program.words.first().is_some_and(|it| it.as_str() == first));
                program.is_left_behind |= is_left_behind;
                program.is_in_background |= is_in_background;
                program.is_piped |= is_piped;
                // bash takes the place of its last command in `bash -c`, dash does not.
                program.is_forked |= depth == 0 && first != "exec" && !has_trap;
                program.is_on_windows |= is_for_windows && is_here;
                program.is_conditional |= !is_certain;
                program.removes_pidfile |= removes_pidfile;
                program.behind_server = server.clone();
                if is_certain && server.is_none() && !program.is_beside {
                    server = stays_as_server(&program.words).cloned();
                }
                let words = || program.words.iter().map(Word::as_str);
                removes_pidfile |= words().next() == Some("rm") && words().any(|word| word.contains(".pid"));
            }
            let is_first = server.is_some() && found.iter().any(|it| it.behind_server.is_none());
            if is_first {
                programs.iter_mut().for_each(|earlier: &mut Started| earlier.before_server = server.clone());
            }
            programs.append(&mut found);
        }
    }
    (programs, variables.environment())
}

/// The word for a program that serves until it is stopped, in the foreground. A file of options may say otherwise.
fn stays_as_server(words: &[Word]) -> Option<&Text> {
    const MAY_END: [&str; 9] =
        ["-D", "--daemon", "--daemonize", "-c", "--config", "--check-config", "--help", "-h", "--version"];
    let may_end = |word: &Word| {
        MAY_END.contains(&word.as_str().split('=').next().unwrap_or_default()) || word.as_str().ends_with(".conf")
    };
    let is_wrapper = |word: &&Word| {
        command_line::program_name(word.as_str()).starts_with("python") || word.as_str().starts_with('-')
    };
    let mut own = words.iter().skip_while(is_wrapper);
    let (first, second) = (own.next()?, own.next());
    let serves = match (command_line::program_name(first.as_str()), second.map(Word::as_str)) {
        ("gunicorn" | "uvicorn" | "hypercorn" | "daphne" | "redis-server", _) => first,
        ("manage.py" | "django-admin", Some("runserver" | "runserver_plus")) => second?,
        ("flask" | "fastapi", Some("run")) => first,
        _ => return None,
    };
    (!words.iter().any(may_end)).then_some(&serves.text)
}

/// The variable that `[ -z "$NAME" ]` asks for.
fn found_empty(command: &ShellCommand) -> Option<String> {
    let at = command.words.iter().position(|word| word.as_str() == "-z")?;
    let asks = at > 0 && ["[", "[[", "test"].contains(&command.words[at - 1].as_str());
    let written = command.words.get(at + 1).filter(|_| asks)?.as_str();
    let reference = Reference::at(written, written.find('$')?)?;
    (reference.end == written.len()).then(|| reference.name.to_owned())
}

/// The functions that run what they are given: `run() { exec "$@"; }`.
fn functions_that_hand_on(commands: &[ShellCommand], depth: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut function = None;
    for pair in commands.windows(2) {
        match (&pair[0].words[..], pair[1].words.first().map(Word::as_str)) {
            ([name], Some("{")) if is_name(name.as_str()) => function = Some(name),
            ([end], _) if end.as_str() == "}" => function = None,
            _ => {}
        }
        let Some(name) = function else { continue };
        // Only what starts the words is one: `echo "$@"` is none.
        let started = wrappers::started(&pair[1], depth);
        if started.iter().any(|it| it.words.first().is_some_and(|word| matches!(word.as_str(), "$@" | "${@}"))) {
            found.push(name.as_str().to_owned());
        }
    }
    found.truncate(MOST_EXPORTS);
    found
}

impl Variables<'_> {
    /// `: "${NAME:=default}"` sets what nothing has set.
    fn take_defaults(&mut self, command: &ShellCommand, is_certain: bool) {
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
    fn remember(&mut self, command: &ShellCommand, is_certain: bool) -> bool {
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
    fn unexported(&mut self) -> impl Iterator<Item = &(String, Text)> {
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
    fn environment(&self) -> Vec<(Text, Word)> {
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
    fn filled_in(&self, mut command: ShellCommand, is_certain: bool) -> ShellCommand {
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

/// `$NAME`, `${NAME:-word}`.
struct Reference<'a> {
    name: &'a str,
    /// `:-`, `-` and their kin; nothing where there is none.
    operator: &'a str,
    /// Where the word behind the operator begins and ends.
    word: (usize, usize),
    end: usize,
}

impl Reference<'_> {
    /// The reference whose `$` stands at a place; `None` where it does more, or names an argument.
    fn at(written: &str, dollar: usize) -> Option<Reference<'_>> {
        let is_letter = |it: char| it.is_ascii_alphabetic() || it == '_';
        let rest = &written[dollar + 1..];
        // In a Makefile `$$` is the shell's `$`.
        let of_make = rest.strip_prefix('$').filter(|rest| rest.starts_with(|it| it == '{' || is_letter(it)));
        let rest = of_make.unwrap_or(rest);
        let inner = rest.strip_prefix('{').unwrap_or(rest);
        let start = written.len() - inner.len();
        let len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = inner.get(..len).filter(|name| name.starts_with(is_letter))?;
        if rest.len() == inner.len() {
            return Some(Reference { name, operator: "", word: (0, 0), end: start + len });
        }
        let mut depth = 0_u32;
        let closes = |it: char| {
            depth += u32::from(it == '{');
            let is_end = it == '}' && depth == 0;
            depth -= u32::from(it == '}' && depth > 0);
            is_end
        };
        let end = start + inner.find(closes)?;
        let sign = &written[start + len..end];
        let operator = [":-", ":=", ":?", ":+", "-", "=", "?", "+"].into_iter().find(|it| sign.starts_with(it));
        let operator = &sign[..operator.map_or(0, str::len)];
        let is_more = operator.is_empty() && !sign.is_empty();
        (!is_more).then(|| Reference { name, operator, word: (start + len + operator.len(), end), end: end + 1 })
    }
}

fn in_quotes(value: &Word) -> Word {
    let mut builder = TextBuilder::new(&value.text);
    builder.push_decoded("\"", &value.text.slice(0..0));
    builder.push(&value.text);
    builder.push_decoded("\"", &value.text.slice(value.text.len()..value.text.len()));
    Word { text: builder.finish(), ..value.clone() }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    /// Its words, and the variables it sees: whether the value of each is known.
    type Program = (Vec<String>, Vec<(String, bool)>);

    fn programs(script: &str) -> Vec<Program> {
        started(&Text::of_source(SourceId(0), script.into()), 0, &[])
            .iter()
            .map(|it| {
                let words = it.words.iter().map(|word| word.as_str().to_owned()).collect();
                let known = |value: &Word| !value.expands;
                let variables =
                    it.environment.iter().map(|(name, value)| (name.as_str().to_owned(), known(value))).collect();
                (words, variables)
            })
            .collect()
    }

    #[test]
    fn what_a_script_sets_is_filled_in() {
        let script =
            "APP=shop\nOPTS=\"-l info -c 4\"\nexport C_FORCE_ROOT=1\nexec celery -A ${APP}.app worker $OPTS \"$1\"";
        let (words, variables) = programs(script).remove(0);
        assert_eq!(words, ["celery", "-A", "shop.app", "worker", "-l", "info", "-c", "4", "$1"]);
        assert_eq!(variables, [("C_FORCE_ROOT".to_owned(), true)]);
    }

    #[test]
    fn what_a_branch_may_set_is_not_known() {
        let script = "N=4\nif [ -n \"$X\" ]; then\n  N=8\n  export MODE=a\nfi\n[ -n \"$Y\" ] && export Y=1\n[ -z \"$Z\" ] && export Z=1\ncelery -A shop worker -c $N";
        let (words, variables) = programs(script).pop().unwrap();
        assert_eq!(words.last().map(String::as_str), Some("$N"));
        // What stands behind a test for nothing is a default.
        assert_eq!(variables, [("MODE".to_owned(), false), ("Y".to_owned(), false), ("Z".to_owned(), true)]);
        let found = started(&Text::of_source(SourceId(0), script.into()), 0, &[]);
        assert!(found.last().unwrap().environment[2].1.text.fallback().is_some());
    }

    #[test]
    fn commands_in_variables_and_arrays_are_put_together() {
        let words = |script: &str| {
            let mut found = programs(script);
            found.retain(|(words, _)| !["fi", "}"].contains(&words[0].as_str()));
            found.pop().expect("a program").0.join(" ")
        };
        assert_eq!(
            words("C=celery\nA=\"-A shop worker -Q ${queues} -c 2\"\nif x; then\n$C $A\nfi"),
            "celery -A shop worker -Q ${queues} -c 2"
        );
        let script = "args=(celery -A shop\n  worker)\nargs+=(-n 'w 1')\n[ -n \"$Q\" ] && args+=(-Q \"$Q\")\nexec \"${args[@]}\"";
        assert_eq!(words(script), "celery -A shop worker -n w 1 $@");
        assert_eq!(
            words("f() {\n  local a=(-c 2)\n  celery -A shop worker \"${a[@]}\"\n}"),
            "celery -A shop worker $@"
        );
        assert_eq!(words("set -- celery -A shop beat\nexec \"$@\""), "celery -A shop beat");
        assert_eq!(words("set -- sh celery -A shop beat\nshift\nexec \"$@\""), "$@");
        assert_eq!(words("if x; then set -- celery -A shop beat; fi\nexec \"$@\""), "$@");
    }
}
