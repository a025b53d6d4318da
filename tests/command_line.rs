//! Command lines are read as the programs themselves read them: Python's `shlex`, and Celery's own parsers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use celery_checkup::catalogue::version::Version;
use celery_checkup::read::command_line;
use celery_checkup::read::shell_words::{self, Word};
use celery_checkup::text::{SourceId, Text};
use serde_json::{Value, json};

/// A small generator, so that every run tests the same lines.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What a Python program answers to JSON; `None` if there is no such Python.
fn python(program: &Path, code: &str, input: &Value) -> Option<Value> {
    let mut child = Command::new(program)
        .args(["-W", "ignore", "-c", code])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(input.to_string().as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

fn text(line: &str) -> Text {
    Text::of_source(SourceId(0), line.into())
}

#[test]
fn words_are_those_of_pythons_shlex() {
    // Nothing that `shlex` leaves alone and a shell does not: operators, `$`, globs, comments, escapes of `"$`.
    const PARTS: [&str; 22] = [
        "celery",
        "-A",
        "shop",
        "워커",
        "--loglevel=",
        "INFO",
        "w1@%h",
        "a,b",
        " ",
        "  ",
        "\t",
        "'",
        "'x y'",
        "'\\'",
        "\"",
        "\"x y\"",
        "\"\\\"\"",
        "\"'\"",
        "\\ ",
        "\\'",
        "\\\\",
        "''",
    ];
    let mut dice = Dice(20);
    let lines: Vec<String> =
        (0..2_000).map(|_| (0..=dice.below(12)).map(|_| dice.one(&PARTS)).collect::<String>()).collect();
    let code = "import json, shlex, sys\n\
        def split(line):\n    try: return shlex.split(line)\n    except ValueError: return None\n\
        print(json.dumps([split(line) for line in json.load(sys.stdin)]))";
    let Some(expected) = python(Path::new("python3"), code, &json!(lines)) else {
        println!("skipped: there is no python3 here");
        return;
    };
    let expected = expected.as_array().expect("a list of answers");
    assert_eq!(expected.len(), lines.len());
    let mut compared = 0;
    for (line, expected) in lines.iter().zip(expected).filter(|(_, expected)| !expected.is_null()) {
        let commands = shell_words::read(&text(line));
        // A word `NAME=value` in front would be an assignment; the parts make none.
        let words: Vec<&str> = commands.iter().flat_map(|command| &command.words).map(Word::as_str).collect();
        assert_eq!(json!(words), *expected, "{line:?}");
        compared += 1;
    }
    assert!(compared > 500, "only {compared} lines had balanced quotes");
}

/// What Celery's own parser makes of arguments: the names of each option that is used with its value, and the rest.
const CLICK: &str = r#"
import json, sys, click
from celery.bin.celery import celery
def read(argv):
    name = argv[0]
    command = celery.commands[name]
    try:
        options, rest, _ = command.make_parser(click.Context(command)).parse_args(argv[1:])
    except click.UsageError:
        return None
    used = []
    for parameter in command.params:
        value = options.get(parameter.name)
        if isinstance(value, str) or value is True:
            used.append([sorted(parameter.opts), value])
    return [sorted(used, key=str), rest]
print(json.dumps([read(argv) for argv in json.load(sys.stdin)]))
"#;

const ARGPARSE: &str = r#"
import json, sys, os
from celery import Celery
from celery.bin import worker, beat
commands = {'worker': worker.worker, 'beat': beat.beat}
def read(argv):
    parser = commands[argv[0]](app=Celery()).create_parser('celery', argv[0])
    try:
        sys.stderr = open(os.devnull, 'w')
        found, rest = parser.parse_known_args(argv[1:])
    except SystemExit:
        return None
    if rest:
        return None
    used = []
    for action in parser._actions:
        value = getattr(found, action.dest, None)
        if action.option_strings and value not in (None, False, action.default):
            used.append([sorted(action.option_strings), True if value is True else str(value)])
    return [sorted(used, key=str), found.args if hasattr(found, 'args') else []]
print(json.dumps([read(argv) for argv in json.load(sys.stdin)]))
"#;

#[test]
#[ignore = "needs Celery: CELERY_CHECKUP_CELERY_447, _536 and _570 name its program"]
fn arguments_are_those_of_celerys_own_parsers() {
    let versions = [("447", "4.4.7", ARGPARSE), ("536", "5.3.6", CLICK), ("570", "5.7.0", CLICK)];
    for (suffix, version, code) in versions {
        let Some(program) = std::env::var_os(format!("CELERY_CHECKUP_CELERY_{suffix}")) else {
            println!("skipped: CELERY_CHECKUP_CELERY_{suffix} names no program");
            continue;
        };
        let interpreter = PathBuf::from(program).with_file_name("python");
        let lines = argument_lists();
        let answers = python(&interpreter, code, &json!(lines)).expect("the parsers answer");
        let version = Version::parse(version).expect("a version");
        let mut accepted = 0;
        for (line, answer) in lines.iter().zip(answers.as_array().expect("a list of answers")) {
            let ours = reading(line, version);
            match (&ours, answer.as_array()) {
                (None, None) => {}
                (Some(ours), Some(theirs)) => {
                    assert_eq!(json!(ours.rest), theirs[1], "{version} {line:?}");
                    compare(&ours.used, &theirs[0], &format!("{version} {line:?}"));
                    accepted += 1;
                }
                _ => panic!("{version} {line:?}: one of us refuses it: {answer}"),
            }
        }
        assert!(accepted > 50, "{version} takes only {accepted} of the lines");
    }
}

struct Reading {
    used: Vec<(String, Option<String>)>,
    rest: Vec<String>,
}

fn compare(ours: &[(String, Option<String>)], theirs: &Value, line: &str) {
    let theirs = theirs.as_array().expect("a list of options");
    assert_eq!(ours.len(), theirs.len(), "{line}: {ours:?} {theirs:?}");
    for (means, value) in ours {
        let found = theirs.iter().find(|option| {
            option[0].as_array().is_some_and(|names| names.iter().any(|name| name.as_str() == Some(means)))
        });
        let found = found.unwrap_or_else(|| panic!("{line}: {means} is not in {theirs:?}"));
        match value {
            // argparse has made numbers of them already: 5 is 5.0.
            Some(value) => {
                let number = |text: &str| text.parse::<f64>().ok();
                let theirs = found[1].as_str().unwrap_or_default();
                assert!(
                    value == theirs || (number(value).is_some() && number(value) == number(theirs)),
                    "{line}: {theirs}"
                );
            }
            None => assert_eq!(found[1].as_bool(), Some(true), "{line}"),
        }
    }
}

/// What we make of the arguments; `None` where the version has no such option or lacks a value.
fn reading(arguments: &[String], version: Version) -> Option<Reading> {
    let words: Vec<Word> =
        std::iter::once("celery").chain(arguments.iter().map(String::as_str)).map(|it| Word::plain(text(it))).collect();
    let command = command_line::celery(command_line::started_by_words(&words).first()?)?;
    let mut used: Vec<(String, Option<String>)> = Vec::new();
    for option in &command.options {
        let row = option.known.filter(|row| row.command == arguments[0] && row.exists_in(version))?;
        let value = match (&option.value, row.takes_value) {
            (Some(value), true) => Some(value.as_str().to_owned()),
            (None, false) => None,
            _ => return None,
        };
        let names = row.option.to_owned();
        let means = row.means;
        used.retain(|(earlier, _)| {
            celery_checkup::knowledge::celery::option(&arguments[0], earlier).is_none_or(|row| row.means != means)
        });
        used.push((names, value));
    }
    Some(Reading { used, rest: command.stray.iter().map(|word| word.as_str().to_owned()).collect() })
}

/// Command lines made from the options that some version has, and from some that none has.
fn argument_lists() -> Vec<Vec<String>> {
    const WORKER: [&str; 24] = [
        "-E",
        "-B",
        "-D",
        "-EB",
        "-c 4",
        "-c4",
        "--concurrency=4",
        "--concurrency 4",
        "-Q a,b",
        "-Qa",
        "--queues=a",
        "-n w1@h",
        "-O fair",
        "-Ofair",
        "-P solo",
        "--pool=solo",
        "-S db",
        "--statedb=db",
        "--purge",
        "--discard",
        "--without-gossip",
        "--time-limit=5.5",
        "--autoscale=4,2",
        "--tenant",
    ];
    const BEAT: [&str; 7] =
        ["-s db", "-S django", "--scheduler=x:Y", "--max-interval 5", "--detach", "-D", "--pidfile=p"];
    let mut dice = Dice(7);
    (0..300)
        .map(|number| {
            let (command, options) = if number % 4 == 0 { ("beat", &BEAT[..]) } else { ("worker", &WORKER[..]) };
            let chosen =
                (0..dice.below(4)).flat_map(|_| dice.one(options).split(' ').map(str::to_owned)).collect::<Vec<_>>();
            std::iter::once(command.to_owned()).chain(chosen).collect()
        })
        .collect()
}
