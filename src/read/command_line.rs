//! From words to what Celery is told: wrappers taken off, sub-command and options told apart.
//!
//! It knows the options of every version together; which of them a given version has is the rules' question.

use super::shell_script;
use super::shell_words::Word;
use super::wrappers::program_at::gives_app;
pub use super::wrappers::{Started, program_name, script_file, started_by_shell, started_by_words, started_in};
use crate::knowledge::celery::{self, OptionRow};
use crate::text::Text;

/// A call of Celery's program.
#[derive(Clone, Debug)]
pub struct CeleryCommand {
    pub program: Text,
    pub environment: Vec<(Text, Word)>,
    pub runs_as: Option<(Text, Text)>,
    /// Options before the sub-command.
    pub before: Vec<OptionUse>,
    pub subcommand: Option<Text>,
    /// Options after the sub-command.
    pub options: Vec<OptionUse>,
    /// Words that belong to no option.
    pub stray: Vec<Word>,
    /// The whole command, where it stands as a single word: `["celery -A proj worker"]`.
    pub joined: Option<Text>,
    /// Whether some words are filled in only when it runs: then more options may be there than we see.
    pub open: bool,
    /// Whether a program of the project starts it and gives it the app: `manage.py celery worker`.
    pub has_own_app: bool,
    /// Whether the script that starts it goes on after it.
    pub is_followed: bool,
    /// Whether its script may go on while it runs.
    pub is_beside: bool,
    /// Whether it is the last of its script, which does not wait for it: `celery worker &`.
    pub is_left_behind: bool,
    /// Whether a shell waits for it that hands on no signals: no `exec` stands before it.
    pub is_forked: bool,
    /// What the Procfile calls it.
    pub named: Option<Text>,
    /// Whether its script starts it in the background of the same machine.
    pub is_in_background: bool,
    /// Whether it certainly runs on Windows.
    pub is_on_windows: bool,
    /// Whether another program writes into it: `yes | celery purge`.
    pub is_piped: bool,
    /// What its script has set and does not hand on: names, and the values' places.
    pub unexported: Vec<(String, Text)>,
    /// Whether a branch, a loop or a function of that script decides about it.
    pub is_conditional: bool,
    /// Whether that script removes a file of process numbers before it.
    pub removes_pidfile: bool,
    /// A server before it in that script, which does not end: `gunicorn`.
    pub behind_server: Option<Text>,
    /// The first server behind it in that script.
    pub before_server: Option<Text>,
    /// Whether it is a command of `manage.py`.
    pub of_manage: bool,
    /// The first word behind `sh -c celery`, which the shell does not give to Celery.
    pub lost: Option<Text>,
    /// What `celery multi start` starts: a worker with the options that all its nodes share.
    pub nodes: Option<Box<CeleryCommand>>,
    /// The word `multi`, where it is such a worker itself.
    pub of_multi: Option<Text>,
}

/// An option as it was used.
#[derive(Clone, Debug)]
pub struct OptionUse {
    /// `--uid`, `-l`: without the value.
    pub written: Text,
    /// What the tables know; `None` for an option that no version of this sub-command has.
    pub known: Option<&'static OptionRow>,
    pub value: Option<Word>,
}

impl CeleryCommand {
    /// Leaves open what holds a `${variable}`: the file is filled in before anything reads it.
    pub fn is_filled_in(&mut self) {
        for value in self.before.iter_mut().chain(&mut self.options).filter_map(|option| option.value.as_mut()) {
            value.expands |= value.as_str().contains("${");
        }
        self.open |= self.stray.iter().any(|word| word.as_str().contains("${"));
        self.stray.retain(|word| !word.as_str().contains("${"));
    }

    /// Puts in what variables hold, where their fallbacks or their names stand: `value` says of each whether it is
    /// set, and to what if that is known.
    pub fn settle(&mut self, value: &dyn Fn(&str) -> Option<Option<Text>>) {
        let options = self.before.iter_mut().chain(&mut self.options).filter_map(|option| option.value.as_mut());
        for word in options.chain(self.environment.iter_mut().map(|(_, word)| word)) {
            if word.text.fallback().is_some() {
                match word.text.settled(value) {
                    // Without quotes a value may become several words.
                    Some(text) if word.quoted || !text.as_str().contains([' ', '\t', '*', '?']) => {
                        word.expands &= text.as_str().contains(['$', '`']);
                        word.text = text;
                    }
                    _ => word.expands = true,
                }
            }
        }
        if let Some(name) = self.subcommand.clone().filter(|name| name.fallback().is_some()) {
            self.subcommand = name.settled(value);
            let fallback = self.subcommand.as_ref().and_then(Text::fallback);
            self.open |= self.subcommand.is_none() || fallback.is_some();
            let subcommand = self.subcommand.as_ref().map(Text::as_str);
            for option in &mut self.options {
                option.known = known_option(subcommand, option.written.as_str());
                // What another sub-command makes of it is not known.
                let texts = [Some(&mut option.written), option.value.as_mut().map(|word| &mut word.text)];
                if let Some(fallback) = &fallback {
                    texts.into_iter().flatten().for_each(|it| *it = it.unless_set(&fallback.variable, &fallback.site));
                }
            }
        }
        if let Some(nodes) = &mut self.nodes {
            nodes.settle(value);
        }
    }

    /// The uses of an option by its long name, wherever they stand.
    pub fn uses<'a>(&'a self, long: &'a str) -> impl Iterator<Item = &'a OptionUse> {
        self.before.iter().chain(&self.options).filter(move |option| option.known.is_some_and(|row| row.means == long))
    }

    /// The program of Celery 3 that it calls, if it does not call `celery`: `celeryd`.
    pub fn old_program(&self) -> Option<&'static str> {
        let program = program_name(self.program.as_str());
        OLD_PROGRAMS.into_iter().find(|old| *old == program)
    }

    /// The program named once more where the sub-command belongs: `celery celery worker`.
    pub fn program_again(&self) -> Option<&Text> {
        self.subcommand.as_ref().filter(|name| program_name(name.as_str()) == "celery")
    }

    /// The value that holds: the last one given.
    pub fn value<'a>(&'a self, long: &'a str) -> Option<&'a Word> {
        self.uses(long).filter_map(|option| option.value.as_ref()).last()
    }

    pub fn has(&self, long: &str) -> bool {
        self.uses(long).next().is_some()
    }
}

/// Every call of Celery in a text of shell commands.
pub fn celery_commands(text: &Text) -> Vec<CeleryCommand> {
    celery_commands_in(text, &[])
}

/// What a script that finds these variables has exported when it ends.
pub fn exported_by(script: &Text, variables: &[(Text, Word)]) -> Vec<(Text, Word)> {
    shell_script::exported(script, variables)
}

/// Every call of Celery in a text of shell commands, which a shell with these variables reads.
pub fn celery_commands_in(text: &Text, variables: &[(Text, Word)]) -> Vec<CeleryCommand> {
    shell_script::started(text, 0, variables).iter().filter_map(celery).collect()
}

/// Programs of Celery 3, which 4.0 took away.
const OLD_PROGRAMS: [&str; 7] =
    ["celeryd", "celerybeat", "celeryctl", "celeryev", "celeryd-multi", "celeryd_multi", "celeryd_detach"];

pub(super) fn is_celery(program: &str) -> bool {
    let name = program_name(program);
    // A service of the system may be called like a program of Celery 3.
    name == "celery" || (OLD_PROGRAMS.contains(&name) && !program.contains("init.d"))
}

/// The program `flower` of Flower 0.9, as the call of Celery's program that it stands for.
fn stand_alone_flower(started: &Started) -> Option<Started> {
    let (flower, rest) = started.words.split_first()?;
    let is_flower = program_name(flower.as_str()) == "flower" && rest.first()?.as_str().starts_with('-');
    let mut words = vec![Word { text: Text::pointing_at(&flower.text, "celery"), ..flower.clone() }];
    let from = flower.as_str().rfind("flower")?;
    let mut own = vec![Word { text: flower.text.slice(from..from + "flower".len()), ..flower.clone() }];
    let mut rest = rest.iter().filter(|_| is_flower);
    while let Some(word) = rest.next() {
        let name = word.as_str().split('=').next().unwrap_or_default();
        match celery::option("", name) {
            Some(row) => {
                words.push(word.clone());
                if row.takes_value && name == word.as_str() {
                    words.extend(rest.next().cloned());
                }
            }
            None => own.push(word.clone()),
        }
    }
    words.append(&mut own);
    is_flower.then(|| Started { words, ..started.clone() })
}

/// `$CELERY -A shop worker`, `"${CELERY_BIN:-celery}" multi start w1`: what the variable is, its name and its words say.
fn is_variable_for_celery(words: &[Word]) -> bool {
    let [first, second, ..] = words else { return false };
    // `$(CELERY)` is a variable of make.
    let name = first.as_str().strip_prefix('$').map(|name| name.trim_start_matches(['{', '(']));
    let name = name.map_or("", |name| name.split([':', '-', '}', ')']).next().unwrap_or_default());
    let is_told = matches!(name.to_ascii_uppercase().as_str(), "CELERY" | "CELERY_BIN" | "CELERY_CMD" | "CELERY_EXEC");
    let behind = second.as_str();
    first.expands && is_told && (gives_app(behind) || celery::subcommands().any(|known| known == behind))
}

/// The call of Celery's program, if it is one.
pub fn celery(started: &Started) -> Option<CeleryCommand> {
    if let Some(flower) = stand_alone_flower(started) {
        return celery(&flower);
    }
    let is_variable = is_variable_for_celery(&started.words);
    let first = started.words.first().filter(|word| !word.expands || is_variable || word.as_str().contains('/'))?;
    let joined = split(&first.text);
    let words: Vec<Word> = match &joined {
        Some(words) => words.iter().chain(&started.words[1..]).cloned().collect(),
        None => started.words.clone(),
    };
    // `$VENV/bin/celery` is the program too, wherever it is.
    let program = words.first().filter(|word| is_variable || is_celery(word.as_str()))?;
    // `celery` alone is a word for an entrypoint or a label of `case`; `celery 5.4.0` stands in a list of versions.
    let is_call = words.get(1).is_some_and(|word| !word.as_str().starts_with(|it: char| it.is_ascii_digit()));
    let is_old = OLD_PROGRAMS.contains(&program_name(program.as_str()));
    let lost = started.lost.clone().filter(|_| words.len() == 1);
    if !is_call && !is_old && lost.is_none() {
        return None;
    }
    let mut command = CeleryCommand {
        program: program.text.clone(),
        environment: started.environment.clone(),
        runs_as: started.runs_as.clone(),
        before: Vec::new(),
        subcommand: None,
        options: Vec::new(),
        stray: Vec::new(),
        joined: joined.is_some().then(|| first.text.clone()),
        // The variable may hold options too.
        open: started.has_own_app || is_variable || lost.is_some(),
        has_own_app: started.has_own_app,
        lost,
        is_followed: started.is_followed,
        is_beside: started.is_beside,
        is_left_behind: started.is_left_behind,
        is_in_background: started.is_in_background,
        is_piped: started.is_piped,
        is_forked: started.is_forked,
        named: None,
        is_on_windows: started.is_on_windows,
        unexported: started.unexported.clone(),
        is_conditional: started.is_conditional,
        removes_pidfile: started.removes_pidfile,
        behind_server: started.behind_server.clone(),
        before_server: started.before_server.clone(),
        of_manage: started.of_manage,
        nodes: None,
        of_multi: None,
    };
    let mut rest = words[1..].iter().peekable();
    while let Some(word) = rest.next() {
        let text = word.as_str();
        if text == "--" {
            command.stray.extend(rest.cloned());
            break;
        }
        if matches!(text, "..." | "…" | "[...]" | "[…]") {
            // What a note leaves out.
            command.open = true;
        } else if text.starts_with('-') && text.len() > 1 {
            let subcommand = command.subcommand.as_ref().map(|name| name.as_str().to_owned());
            let mut uses = options_in(word, subcommand.as_deref());
            if let Some(last) = uses.last_mut()
                && last.value.is_none()
                && last.known.is_some_and(|row| row.takes_value)
            {
                last.value = rest.next().cloned();
            }
            if command.subcommand.is_some() { &mut command.options } else { &mut command.before }.append(&mut uses);
        } else if word.expands && (command.subcommand.is_none() || text.starts_with(['$', '"', '{', '<'])) {
            command.open = true;
        } else if command.subcommand.is_none() {
            command.subcommand = Some(word.text.clone());
        } else {
            command.stray.push(word.clone());
        }
    }
    // A project may have a command of its own that is called `celery`.
    let is_known = |name: &Text| celery::subcommands().any(|known| known == name.as_str());
    if started.has_own_app && !is_old && !command.subcommand.as_ref().is_some_and(is_known) {
        return None;
    }
    if started.has_own_options {
        command = CeleryCommand { before: Vec::new(), options: Vec::new(), stray: Vec::new(), ..command };
    }
    if command.subcommand.as_ref().is_some_and(|name| name.as_str() == "multi") {
        command.nodes = nodes(&command, &words).map(Box::new);
    }
    Some(command)
}

/// The words of a command that was written as one word, such as `["celery -A proj worker"]`.
fn split(word: &Text) -> Option<Vec<Word>> {
    let words = Word { text: word.clone(), expands: true, quoted: true }.split();
    (words.len() > 1 && is_celery(words[0].as_str())).then_some(words)
}

/// What `multi` keeps for itself (celery/bin/multi.py and celery/apps/multi.py, 5.7.0).
const OF_MULTI: [&str; 9] = [
    "--nosplash",
    "--verbose",
    "--cmd",
    "--append",
    "--suffix",
    "--prefix",
    "--range-prefix",
    "--executable",
    "--quiet",
];

/// The worker that `multi start` and `multi restart` start, read as `multi` reads its words
/// (celery/apps/multi.py, NamespacedOptionParser): `-c:2 8` is of one node, and `--name value` are two words.
fn nodes(command: &CeleryCommand, words: &[Word]) -> Option<CeleryCommand> {
    let subcommand = command.subcommand.as_ref()?;
    let at = words.iter().position(|word| word.text.span() == subcommand.span() && word.as_str() == "multi")?;
    // It joins its words and splits them again (celery/apps/multi.py, Node.prepare_argv, 4.4.7 to 5.7.0).
    // A blank inside of quotes is left alone.
    let stays = |word: &Word| word.expands || word.as_str().is_empty() || word.as_str().contains(['"', '\'']);
    let rest = words[at + 1..].iter().flat_map(|word| if stays(word) { vec![word.clone()] } else { word.split() });
    let rest: Vec<Word> = rest.collect();
    let verb = rest.iter().position(|word| !word.as_str().starts_with('-'))?;
    if !matches!(rest[verb].as_str(), "start" | "restart") {
        return None;
    }
    let mut worker = CeleryCommand {
        subcommand: Some(Text::pointing_at(subcommand, "worker")),
        options: Vec::new(),
        stray: Vec::new(),
        open: command.open,
        nodes: None,
        of_multi: Some(subcommand.clone()),
        ..command.clone()
    };
    let mut words = rest.iter().enumerate().filter(|(at, _)| *at != verb).map(|(_, word)| word).peekable();
    while let Some(word) = words.next() {
        let text = word.as_str();
        if text == "--" {
            worker.open = true;
            break;
        }
        let is_long = text.starts_with("--");
        if !text.starts_with('-') {
            worker.open |= word.expands && text.starts_with(['$', '{']);
            continue;
        }
        let value = if is_long { None } else { words.next_if(|next| !next.as_str().starts_with('-')) };
        let name = text.split('=').next().unwrap_or(text);
        if name.contains(':') || OF_MULTI.contains(&name) {
            continue;
        }
        let mut uses = options_in(word, Some("worker"));
        if let Some(last) = uses.last_mut()
            && last.value.is_none()
            && last.known.is_some_and(|row| row.takes_value)
        {
            last.value = value.cloned();
        }
        // `multi` itself puts the options of the program before the sub-command.
        let is_global = uses.iter().any(|it| it.known.is_some_and(|row| celery::option("", row.means).is_some()));
        if is_global { &mut worker.before } else { &mut worker.options }.append(&mut uses);
    }
    Some(worker)
}

/// The options that one word holds: `--uid=x`, `-lINFO`, `-EB`.
fn options_in(word: &Word, subcommand: Option<&str>) -> Vec<OptionUse> {
    let text = word.as_str();
    let with_value = |written: Text, known: Option<&'static OptionRow>, value: Text| OptionUse {
        written,
        known,
        value: Some(Word { text: value, ..word.clone() }),
    };
    if text.starts_with("--") {
        return match text.find('=') {
            Some(equals) => {
                let written = word.text.slice(0..equals);
                let known = known_option(subcommand, written.as_str());
                vec![with_value(written, known, word.text.slice(equals + 1..text.len()))]
            }
            None => vec![OptionUse { written: word.text.clone(), known: known_option(subcommand, text), value: None }],
        };
    }
    let mut uses = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().skip(1).collect();
    for (index, &(at, letter)) in letters.iter().enumerate() {
        let known = known_option(subcommand, &format!("-{letter}"));
        let written = if index == 0 {
            word.text.slice(0..at + letter.len_utf8())
        } else {
            word.text.slice(at..at + letter.len_utf8())
        };
        let rest = at + letter.len_utf8();
        match known {
            Some(row) if row.takes_value && rest < text.len() => {
                let value = if text[rest..].starts_with('=') { rest + 1 } else { rest };
                uses.push(with_value(written, known, word.text.slice(value..text.len())));
                break;
            }
            // An unknown letter makes the rest unreadable.
            None => {
                uses.push(OptionUse { written: word.text.clone(), known: None, value: None });
                break;
            }
            Some(_) => uses.push(OptionUse { written, known, value: None }),
        }
    }
    uses
}

/// What the tables know of an option. Before the sub-command, Celery 4 took the sub-command's options too.
fn known_option(subcommand: Option<&str>, written: &str) -> Option<&'static OptionRow> {
    match subcommand {
        Some(subcommand) => celery::option(subcommand, written)
            // A sub-command that does not exist was meant to be one that does: most often the worker.
            .or_else(|| celery::options(subcommand).is_empty().then(|| celery::option("worker", written)).flatten())
            .or_else(|| celery::option("", written)),
        None => celery::option("", written).or_else(|| celery::option("worker", written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn commands(text: &str) -> Vec<CeleryCommand> {
        celery_commands(&Text::of_source(SourceId(0), text.into()))
    }

    #[test]
    fn wrappers_are_taken_off() {
        for line in [
            "celery -A proj worker -l info",
            "exec celery -A proj worker -l info",
            "python -u -m celery -A proj worker -l info",
            "poetry run celery -A proj worker -l info",
            "uv run --no-dev celery -A proj worker -l info",
            "dumb-init -- celery -A proj worker -l info",
            "/usr/bin/tini -g -- gosu app /venv/bin/celery -A proj worker -l info",
            "sh -c 'cd /app && exec celery -A proj worker -l info'",
            "A=1 env B=2 celery -A proj worker -linfo",
            "./wait-for-it.sh rabbit:5672 -- celery -A proj worker -l info",
            "watchmedo auto-restart -d . -p '*.py' -- celery -A proj worker --loglevel=info",
            "docker compose exec worker celery -A proj worker -l info",
            "kubectl exec -it pod -- celery -A proj worker -l info",
            "sudo -u celery -E celery -A proj worker -l info",
            "su - app -c \"celery -A proj worker -l info\"",
            "timeout -k 5 30 celery -A proj worker -l info",
            "python3 -W ignore -m celery -A proj worker -l info",
            "python -m debugpy --listen 0.0.0.0:5678 -m celery -A proj worker -l info",
            "python /venv/bin/celery -A proj worker -l info",
            "uvx --from 'celery[redis]' celery -A proj worker -l info",
            "pipenv run celery -A proj worker -l info",
            "hatch run prod:celery -A proj worker -l info || hatch -e prod run celery -A proj worker -l info",
            "dumb-init celery -A proj worker -l info",
            "su-exec app:app celery -A proj worker -l info",
            "su -s /bin/sh -c 'celery -A proj worker -l info' app",
            "runuser -u app -- celery -A proj worker -l info",
            "sudo -Hu app DEBUG=1 celery -A proj worker -l info",
            "bash -lc 'source env && celery -A proj worker -l info'",
            "nohup celery -A proj worker -l info &> worker.log &",
            "nice -n 10 celery -A proj worker -l info 2>&1 | tee log",
            "watchmedo auto-restart --directory=./ --recursive celery -A proj worker -l info",
            "watchfiles --filter python 'celery -A proj worker -l info' src",
            "watchfiles --filter python celery.__main__.main --args '-A proj worker -l info'",
            "watchgod celery.__main__.main --args -A proj worker -l info",
            "docker run -d --name celery -e A=b -v /x:/y image celery -A proj worker -l info",
            "docker run --rm --entrypoint celery image -A proj worker -l info",
            "docker exec -it celery bash -c 'celery -A proj worker -l info'",
            "docker-compose -f a.yml run --rm -e A=b celery celery -A proj worker -l info",
            "kubectl -n prod exec -it pod -c app celery -A proj worker -l info",
            "heroku run -a shop 'celery -A proj worker -l info'",
            "C:\\proj\\venv\\Scripts\\celery.exe -A proj worker ^\r\n  -l info",
            "PS C:\\proj> .\\venv\\Scripts\\celery.exe -A proj `\n  worker -l info",
            "cmd /c \"celery -A proj worker -l info\"",
            "if [ x = y ]; then celery -A proj worker -l info; fi",
            "case \"$1\" in worker) exec celery -A proj worker -l info ;; esac",
            "until false; do celery -A proj worker -l info; done",
            "APP=proj; celery -A $APP worker -l info",
            "$VENV/bin/celery -A proj worker -l info",
            "\"${VENV}/bin/celery\" -A proj worker -l info",
            "{{ venv }}/bin/celery -A proj worker -l info",
            "\t@celery -A proj worker -l info",
            "watchmedo auto-restart -d . --recursive -- shop-server celery -A proj worker -l info",
            "python -u manage.py celery -A proj worker -l info",
            "$PYTHON -u manage.py celery -A proj worker -l info",
            "\"${CELERY_BIN:-celery}\" -A proj worker -l info",
            "$(CELERY) -A proj worker -l info",
            "CELERY := celery -A proj\nrun:\n\t-@$(CELERY) worker -l info",
            "run:\n\t@-celery -A proj worker -l info",
            "envdir /etc/proj nice -n 5 celery -A proj worker -l info",
            "systemd-run --unit=w --uid=app /venv/bin/celery -A proj worker -l info",
            "opentelemetry-instrument --service_name celery celery -A proj worker -l info",
            "chroot --userspec=app:app /srv celery -A proj worker -l info",
            "start-stop-daemon --start -c app -x /usr/bin/celery -- -A proj worker -l info",
            "python -m watchfiles 'celery -A proj worker -l info' src",
            "python -m coverage run -m celery -A proj worker -l info",
            "pm2 start 'celery -A proj worker -l info' --name w",
            "sops exec-env prod.env 'celery -A proj worker -l info'",
            "nix-shell --run 'celery -A proj worker -l info'",
            "PID=$(celery -A proj worker -l info)",
            "trap 'celery -A proj worker -l info' EXIT",
            "pm2 start celery --name w -- -A proj worker -l info",
            "docker service create --name w image celery -A proj worker -l info",
            "docker create -e A=b image celery -A proj worker -l info",
            "run() { exec \"$@\"; }\nrun celery worker -A proj -l info",
            "log() {\n  echo \"$@\"\n}\nlog celery worker -l info\ncelery -A proj worker -l info",
            "@reboot celery -A proj worker -l info",
        ] {
            let commands = commands(line);
            assert_eq!(commands.len(), 1, "{line}");
            assert_eq!(commands[0].subcommand.as_ref().map(Text::as_str), Some("worker"), "{line}");
            assert_eq!(commands[0].value("--loglevel").map(Word::as_str), Some("info"), "{line}");
            assert_eq!(commands[0].value("--app").map(Word::as_str), Some("proj"), "{line}");
        }
        let flower = &commands("flower -A proj --broker redis://h --port=5555")[0];
        assert_eq!(flower.subcommand.as_ref().map(Text::as_str), Some("flower"));
        assert_eq!((flower.before.len(), flower.options.len()), (2, 1));
        let none = "pip install celery\necho celery worked\napt-get install celery\n\
            echo run celery -A proj worker\nps | xargs celery -A proj call\nkill $(pgrep -f 'celery -A proj worker')\n\
            $CELERY_APP worker\n$PYTHON -m pip install celery\nservice $CELERY restart\nuv add celery flower\n\
            REM celery -A proj worker\n:: celery -A proj worker\nStart-Process celery -ArgumentList \"-A proj\"\n\
            CELERY = celery -A proj worker";
        assert!(commands(none).is_empty());
        assert!(commands("python -m pytest -m celery -v --tb=short").is_empty());
        let flower = commands("/srv/venv/bin/flower -A proj --port=5555").remove(0);
        assert_eq!(flower.subcommand.as_ref().map(Text::as_str), Some("flower"));
    }

    #[test]
    fn options_are_told_from_values() {
        let commands = commands("celery -A p worker -EBc4 -Ofair --uid=nobody --gid nogroup -Q 'a,b' $EXTRA stray");
        let worker = &commands[0];
        assert!(worker.has("--task-events") && worker.has("--beat") && worker.open);
        assert_eq!(worker.value("--concurrency").map(Word::as_str), Some("4"));
        assert_eq!(worker.value("--optimization").map(Word::as_str), Some("fair"));
        assert_eq!(worker.value("--gid").map(Word::as_str), Some("nogroup"));
        assert_eq!(worker.stray.iter().map(Word::as_str).collect::<Vec<_>>(), ["stray"]);
    }

    #[test]
    fn a_user_of_a_wrapper_is_known() {
        let commands = commands("gosu app celery -A p worker");
        assert_eq!(commands[0].runs_as.as_ref().map(|(user, _)| user.as_str()), Some("app"));
    }
}
