//! Calls in Python that start Celery: `app.worker_main([…])`, `app.start([…])`, `subprocess.run(["celery", …])`.
//!
//! Only lists and lines that are written out are read; what a name holds is not followed.

use crate::facts::tasks::walk::{expressions, walk};
use crate::read::command_line::{self, CeleryCommand, Started};
use crate::read::python::{Argument, Expression, Node, PythonDocument};
use crate::read::shell_words::Word;
use crate::text::Text;

/// Functions of `subprocess` that start a program.
const STARTING: [&str; 5] = ["run", "Popen", "call", "check_call", "check_output"];

/// Every call of Celery in a pasted file that `text` is.
pub(super) fn read(text: &Text, document: &PythonDocument) -> Vec<CeleryCommand> {
    let mut found = Vec::new();
    // Few files start programs, and there are many files.
    if !["worker_main", "subprocess", "os.system", "shlex", ".start("].iter().any(|it| text.as_str().contains(it)) {
        return found;
    }
    for expression in document.statements.iter().flat_map(expressions) {
        walk(expression, false, &mut |node, _| {
            if let Expression::Call { function, arguments } = &node.is {
                found.extend(started(function, arguments));
            }
        });
    }
    found
}

fn started(function: &Node, arguments: &[Argument]) -> Vec<CeleryCommand> {
    let name = match &function.is {
        Expression::Attribute { name, .. } => name.as_str(),
        Expression::Name(name) => name,
        _ => return Vec::new(),
    };
    let given =
        arguments.iter().find(|it| it.name.as_ref().is_none_or(|name| ["argv", "args"].contains(&name.as_str())));
    let Some(given) = given.filter(|it| !it.unpacked) else { return Vec::new() };
    match (name, &given.value.is) {
        // The app of the code is the one that starts (celery/app/base.py, worker_main and start, 5.0 to 5.7.0).
        ("worker_main" | "start", Expression::List(items)) if matches!(&function.is, Expression::Attribute { .. }) => {
            let program = Word::plain(Text::pointing_at(&function.at, "celery"));
            let words = std::iter::once(program).chain(words(items)).collect();
            calls(Started { words, has_own_app: true, ..Started::default() })
        }
        (name, Expression::List(items) | Expression::Tuple(items)) if STARTING.contains(&name) => {
            calls(Started { words: words(items), ..Started::default() })
        }
        (name, Expression::String(line)) if line.as_str().contains("celery") => {
            let asks_shell = |it: &Argument| {
                it.name.as_ref().is_some_and(|name| name.as_str() == "shell")
                    && matches!(it.value.is, Expression::Boolean(true))
            };
            let is_split = function.dotted().is_some_and(|name| name == "shlex.split");
            let in_shell = matches!(name, "system" | "popen" | "create_subprocess_shell")
                || STARTING.contains(&name) && arguments.iter().any(asks_shell);
            if is_split || in_shell { command_line::celery_commands(line) } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

fn calls(started: Started) -> Vec<CeleryCommand> {
    command_line::started_in(started).iter().filter_map(command_line::celery).collect()
}

fn words(items: &[Node]) -> Vec<Word> {
    let word = |item: &Node| match &item.is {
        Expression::String(text) => Word { text: text.clone(), expands: false, quoted: true },
        _ => Word { text: Text::pointing_at(&item.at, "$"), expands: true, quoted: true },
    };
    items.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::python;
    use crate::text::SourceId;

    #[test]
    fn celery_is_started_from_code() {
        for (code, expected) in [
            ("app.worker_main(['worker', '-l', 'info'])", " worker info"),
            (
                "if __name__ == '__main__':\n    app.worker_main(argv=['worker', f'-c{n}', '-linfo', *more])",
                " worker info",
            ),
            ("def main():\n    celery.start(argv=[\"worker\", '--loglevel=info'])", " worker info"),
            ("p = subprocess.Popen(['celery', '-A', 'shop', 'worker', '-l', 'info'], shell=False)", "shop worker info"),
            ("subprocess.run([sys.executable, '-m', 'celery', '-A', name, 'worker', '-l', 'info'])", "$ worker info"),
            ("subprocess.call(shlex.split('celery -A shop worker -l info'))", "shop worker info"),
            ("os.system('cd src && celery -A shop worker -l info &')", "shop worker info"),
        ] {
            let text = Text::of_source(SourceId(0), code.into());
            let found = read(&text, &python::read(&text).0);
            let shown = |it: &CeleryCommand| {
                let value = |name| it.value(name).map_or("", Word::as_str).to_owned();
                format!(
                    "{} {} {}",
                    value("--app"),
                    it.subcommand.as_ref().map_or("", Text::as_str),
                    value("--loglevel")
                )
            };
            assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), [expected], "{code}");
        }
        for code in [
            "thread.start()",
            "x.run('celery worker')",
            "app.worker_main()",
            "log.call('celery is up')",
            "x.start([1])",
        ] {
            let text = Text::of_source(SourceId(0), format!("import subprocess\n{code}").into());
            assert!(read(&text, &python::read(&text).0).is_empty(), "{code}");
        }
    }
}
