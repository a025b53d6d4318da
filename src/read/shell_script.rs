//! The programs that a script starts, one after the other, with the variables that it has set until then.
//!
//! Only what certainly holds is filled in: a variable that a branch, a loop or another file may set is left as it is.
//! Where the environment decides, the default of `${NAME:-default}` stands there as its fallback, and a `$NAME` that
//! the script does not set itself knows its variable.

mod reference;
mod variables;

use self::reference::Reference;
use self::variables::{Variables, is_name};
use super::command_line;
use super::shell_prompt;
use super::shell_words::{self, ShellCommand, Word};
use super::wrappers::{self, Started};
use crate::text::Text;

/// Of more functions than this, which of them hand on what they are given is not asked.
const MOST_FUNCTIONS: usize = 64;

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
    let mut variables = Variables::of(text.as_str(), outer);
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
        if !variables.remember(&command, is_certain) {
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
    found.truncate(MOST_FUNCTIONS);
    found
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
