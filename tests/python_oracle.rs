//! Python itself is the oracle: what CPython computes for a settings file is what we say, or we say that it is unknown.
//!
//! The files are made up by a generator with a seed, so that a failure can be repeated.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

use celery_checkup::facts::environment::Environment;
use celery_checkup::facts::python::{Alternative, names};
use celery_checkup::facts::value::{Known, Template, Value};
use celery_checkup::read::python::read;
use celery_checkup::text::{SourceId, Text};

const FILES: u64 = 240;

/// The variables that the settings files may ask for; others are not set.
const VARIABLES: [(&str, &str); 5] =
    [("CONCURRENCY", "4"), ("DEBUG", "False"), ("HOSTS", "a,b,c"), ("EMPTY", ""), ("NAME", "Shop One")];

/// Runs each file of a JSON list in a namespace of its own and prints what the names are.
const RUNNER: &str = r#"
import json, sys
import datetime
def plain(value):
    if isinstance(value, datetime.timedelta): return {"seconds": value.total_seconds()}
    if isinstance(value, bool) or value is None or isinstance(value, (int, float, str)): return {"is": value, "type": type(value).__name__}
    if isinstance(value, (list, tuple)): return {"list": [plain(item) for item in value]}
    if isinstance(value, dict): return {"dict": [[plain(key), plain(item)] for key, item in value.items()]}
    return {"other": type(value).__name__}
answers = []
for text in json.load(sys.stdin):
    names = {}
    try:
        exec(compile(text, "settings.py", "exec"), names)
        answers.append({name: plain(value) for name, value in names.items() if name.isupper()})
    except Exception as error:
        answers.append({"error": repr(error)})
print(json.dumps(answers))
"#;

/// A small linear congruential generator: the same files on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len() as u64) as usize]
    }
}

/// Writes a settings file. Names carry their kind: N_ numbers, S_ strings, B_ booleans, L_ lists, D_ dictionaries.
struct Writer {
    dice: Dice,
    names: HashMap<char, Vec<String>>,
    text: String,
    /// Whether a star import may bring names that nobody sees.
    is_open: bool,
}

impl Writer {
    fn name(&mut self, kind: char) -> Option<String> {
        let known = self.names.get(&kind)?.clone();
        let number = self.dice.roll(known.len() as u64) as usize;
        Some(known[number].clone())
    }

    fn number(&mut self, depth: u32) -> String {
        match self.dice.roll(if depth > 3 { 4 } else { 13 }) {
            0 | 1 => self.dice.pick(&["0", "1", "2", "7", "60", "-3", "1_000", "86400"]).to_owned(),
            2 => self.dice.pick(&["0.5", "2.0", "-1.25", "1e3"]).to_owned(),
            3 => self.name('N').unwrap_or_else(|| "5".to_owned()),
            4..=6 => {
                let operator = self.dice.pick(&["+", "-", "*", "//", "%", "/", "**"]);
                let right = match operator {
                    "**" => self.dice.pick(&["2", "3", "0"]).to_owned(),
                    "//" | "%" | "/" => self.dice.pick(&["2", "3", "-4", "0.5", "7"]).to_owned(),
                    _ => self.number(depth + 1),
                };
                format!("({} {operator} {right})", self.number(depth + 1))
            }
            7 => "int(os.getenv('CONCURRENCY', '8'))".to_owned(),
            8 => "int(os.environ.get('UNSET_NUMBER', '12'))".to_owned(),
            9 => format!("len({})", self.list(depth + 1)),
            10 => format!("int({})", self.dice.pick(&["'42'", "' 7 '", "3.9", "-2.5", "True", "'1_0'"])),
            11 => format!("max({}, 3)", self.dice.pick(&["1", "9", "N", "-1"]).replace('N', "4")),
            _ => {
                let test = self.boolean(depth + 1);
                format!("({} if {test} else {})", self.number(depth + 1), self.number(depth + 1))
            }
        }
    }

    fn string(&mut self, depth: u32) -> String {
        match self.dice.roll(if depth > 3 { 4 } else { 20 }) {
            0 | 1 => {
                self.dice.pick(&["'redis'", "\"a b\"", "'x,y,,z'", "''", "r'\\n'", "'\\x41\\n'", "'한글'"]).to_owned()
            }
            2 | 3 => self.name('S').unwrap_or_else(|| "'amqp://'".to_owned()),
            4 | 5 => format!("{} + {}", self.string(depth + 1), self.string(depth + 1)),
            6 => format!("f\"{{{}}}/{{{}}}\"", self.plain_name('S'), self.plain_name('N')),
            7 => {
                format!("'{{}}:{{port}}'.format({}, port={})", self.string(depth + 1), self.dice.pick(&["5672", "'x'"]))
            }
            8 => format!("'%s-%d' % ({}, {})", self.string(depth + 1), self.dice.pick(&["1", "22"])),
            9 => format!("os.getenv({})", self.dice.pick(&["'NAME', 'x'", "'UNSET', 'fallback'", "'EMPTY', 'e'"])),
            10 => "os.environ['NAME']".to_owned(),
            11 => "(os.environ.get('EMPTY') or 'default')".to_owned(),
            12 => {
                let method = self.dice.pick(&[
                    "strip()",
                    "lower()",
                    "upper()",
                    "replace('a', 'bb')",
                    "strip('a')",
                    "rstrip('/')",
                ]);
                format!("({}).{method}", self.string(depth + 1))
            }
            13 => format!("'-'.join({})", self.strings(depth + 1)),
            14 => format!(
                "({} + 'abc')[{}]",
                self.string(depth + 1),
                self.dice.pick(&["0", "-1", "1:", ":2", "-2:", "1:-1"])
            ),
            15 => format!("str({})", self.dice.pick(&["5", "'s'", "-4"])),
            16 => format!("quote_plus({})", self.string(depth + 1)),
            17 => format!("{}['k']", self.dice.pick(&["{'k': 'v'}", "{'k': 'a', **{'k': 'b'}}", "dict(k='w')"])),
            18 => format!("({} * 2)", self.string(depth + 1)),
            _ => {
                let test = self.boolean(depth + 1);
                format!("({} if {test} else {})", self.string(depth + 1), self.string(depth + 1))
            }
        }
    }

    fn plain_name(&mut self, kind: char) -> String {
        self.name(kind).unwrap_or_else(|| if kind == 'N' { "7".to_owned() } else { "'s'".to_owned() })
    }

    fn boolean(&mut self, depth: u32) -> String {
        match self.dice.roll(if depth > 3 { 2 } else { 11 }) {
            0 => self.dice.pick(&["True", "False"]).to_owned(),
            1 => self.name('B').unwrap_or_else(|| "True".to_owned()),
            2 => format!("os.getenv('DEBUG') == {}", self.dice.pick(&["'False'", "'True'"])),
            3 => format!("os.getenv('UNSET', {}).lower() in ('1', 'true')", self.dice.pick(&["'true'", "'no'"])),
            4 => format!("(not {})", self.boolean(depth + 1)),
            5 => format!("({} and {})", self.boolean(depth + 1), self.boolean(depth + 1)),
            6 => format!("({} or {})", self.boolean(depth + 1), self.boolean(depth + 1)),
            7 => {
                let operator = self.dice.pick(&["<", "<=", "==", "!=", ">", ">="]);
                format!("({} {operator} {})", self.number(depth + 1), self.number(depth + 1))
            }
            8 => format!("bool({})", self.string(depth + 1)),
            9 => format!("'a' in {}", self.strings(depth + 1)),
            _ => format!("({}).startswith('r')", self.string(depth + 1)),
        }
    }

    fn strings(&mut self, depth: u32) -> String {
        match self.dice.roll(4) {
            0 => "os.getenv('HOSTS', '').split(',')".to_owned(),
            1 => format!("({}).split({})", self.string(depth + 1), self.dice.pick(&["','", "", "'/'"])),
            _ => format!("[{}, {}]", self.string(depth + 1), self.string(depth + 1)),
        }
    }

    fn list(&mut self, depth: u32) -> String {
        match self.dice.roll(if depth > 3 { 1 } else { 6 }) {
            0 => self.dice.pick(&["[]", "[1, 2]", "['a', 'b', 'c']"]).to_owned(),
            1 => self.name('L').unwrap_or_else(|| "['x']".to_owned()),
            2 => format!("[{}, {}]", self.number(depth + 1), self.string(depth + 1)),
            3 => format!("[*{}, 1]", self.list(depth + 1)),
            4 => format!("list({})[{}]", self.list(depth + 1), self.dice.pick(&["1:", ":1", "-1:", ":"])),
            _ => format!("{} + {}", self.list(depth + 1), self.list(depth + 1)),
        }
    }

    fn dictionary(&mut self, depth: u32) -> String {
        match self.dice.roll(if depth > 3 { 1 } else { 5 }) {
            0 => self.dice.pick(&["{}", "{'a': 1}", "dict(a=1, b='x')"]).to_owned(),
            1 => self.name('D').map_or_else(|| "{'d': 4}".to_owned(), |name| format!("{{**{name}, 'k': 2}}")),
            2 => format!("{{'n': {}, 's': {}}}", self.number(depth + 1), self.string(depth + 1)),
            3 => format!("dict({}, z={})", self.dictionary(depth + 1), self.number(depth + 1)),
            _ => format!("{{'inner': {}}}", self.dictionary(depth + 1)),
        }
    }

    fn value(&mut self, kind: char) -> String {
        match kind {
            'N' => self.number(0),
            'S' => self.string(0),
            'B' => self.boolean(0),
            'L' => self.list(0),
            _ => self.dictionary(0),
        }
    }

    fn statement(&mut self, indent: &str) {
        let kind = ['N', 'S', 'B', 'L', 'D'][self.dice.roll(5) as usize];
        let fresh = self.dice.roll(3) > 0;
        let name = match self.name(kind).filter(|_| !fresh) {
            Some(name) => name,
            None => {
                let number = self.names.values().map(Vec::len).sum::<usize>();
                format!("{kind}_{}", (b'A' + (number % 26) as u8) as char).to_owned() + &"X".repeat(number / 26)
            }
        };
        let value = self.value(kind);
        let change = self.names.get(&kind).is_some_and(|known| known.contains(&name)) && self.dice.roll(2) == 0;
        let line = match (kind, change) {
            ('N', true) => format!("{name} {} {value}", self.dice.pick(&["+=", "-=", "*="])),
            ('S', true) => format!("{name} += {value}"),
            ('L', true) => match self.dice.roll(4) {
                0 => format!("{name}.append({})", self.string(1)),
                1 => format!("{name}.extend({value})"),
                2 => format!("{name}.reverse()"),
                _ => format!("{name} += {value}"),
            },
            ('D', true) => match self.dice.roll(5) {
                3 => format!("{name}['l'] = []\n{indent}{name}['l'].append(1)"),
                0 => format!("{name}['k'] = {}", self.number(1)),
                1 => format!("{name}.update({value})"),
                2 => format!("{name}.update(q={})", self.number(1)),
                _ => format!("{name}.setdefault('x', {{}})['y'] = 1"),
            },
            _ => format!("{name} = {value}"),
        };
        self.text.push_str(&format!("{indent}{line}\n"));
        // In a branch that is not taken a name would not exist.
        if indent.is_empty() && !self.names.get(&kind).is_some_and(|known| known.contains(&name)) {
            self.names.entry(kind).or_default().push(name);
        }
    }

    fn block(&mut self) {
        match self.dice.roll(14) {
            0 => {
                let test = self.boolean(0);
                self.text.push_str(&format!("if {test}:\n"));
                self.statement("    ");
                self.text.push_str("else:\n");
                self.statement("    ");
            }
            1 if self.is_open => {
                self.text.push_str("try:\n    from local_settings_that_are_missing import *\nexcept ImportError:\n");
                self.statement("    ");
            }
            2 => {
                self.text.push_str("for item in range(2):\n");
                self.statement("    ");
            }
            3 => {
                let value = self.string(0);
                self.text.push_str(&format!("class Config:\n    URL = {value}\n    BOTH = URL + '!'\nS_CLASS = Config.BOTH\nS_MADE = Config().URL\n"));
            }
            4 => {
                let value = self.number(0);
                self.text.push_str(&format!("def waiting(N_A=1):\n    return {value}\nN_CALLED = waiting()\n"));
            }
            5 => self.text.push_str(
                "N_DELAY = timedelta(minutes=5, seconds=N_SEED).total_seconds()\nT_EVERY = timedelta(hours=1)\n",
            ),
            6 => self.text.push_str("N_ONE, S_TWO = 1, 'two'\nN_ONE, N_SEED = N_SEED, N_ONE\n"),
            7 => self.text.push_str("L_SAME = L_SEED\nL_SAME.append('same')\n"),
            _ => self.statement(""),
        }
    }
}

fn settings_file(seed: u64) -> String {
    let mut writer = Writer {
        dice: Dice(seed * 7919 + 17),
        names: HashMap::new(),
        text: String::new(),
        is_open: seed.is_multiple_of(6),
    };
    writer.text.push_str("import os\nfrom datetime import timedelta\nfrom urllib.parse import quote_plus\nN_SEED = 3\nL_SEED = ['seed']\n");
    writer.names.insert('N', vec!["N_SEED".to_owned()]);
    for _ in 0..12 {
        writer.block();
    }
    writer.text
}

fn oracle(files: &[String]) -> Option<Vec<serde_json::Value>> {
    let mut python = Command::new("python3")
        .args(["-c", RUNNER])
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .envs(std::env::var("HOME").map(|home| ("HOME", home)))
        .envs(VARIABLES)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let text = serde_json::to_string(files).unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).ok()
}

fn environment() -> Environment {
    // Nothing else is set: a variable that no file names is not there.
    let mut environment = Environment::default();
    for (number, (name, value)) in VARIABLES.iter().enumerate() {
        let text = |text: &str| Text::of_source(SourceId(100 + number as u32), text.into());
        environment.set(text(name), Some(Template::plain(text(value))));
    }
    environment
}

/// Whether what we say agrees with Python: the same, or not known.
fn agrees(known: &Known, python: &serde_json::Value) -> bool {
    let is = &python["is"];
    match &known.value {
        Value::Unknown(_) => true,
        Value::Text(template) => match template.whole() {
            Some(text) => python["type"] == "str" && is.as_str() == Some(text.as_str()),
            None => python["type"] == "str",
        },
        Value::Integer(number) => python["type"] == "int" && is.as_i64() == Some(*number),
        Value::Float(number) => {
            python["type"] == "float"
                && is.as_f64().is_some_and(|it| (it - number).abs() <= 1e-9 * number.abs().max(1.0))
        }
        Value::Boolean(boolean) => python["type"] == "bool" && is.as_bool() == Some(*boolean),
        Value::None => python["type"] == "NoneType",
        Value::List(items) => python["list"]
            .as_array()
            .is_some_and(|list| list.len() == items.len() && items.iter().zip(list).all(|(item, it)| agrees(item, it))),
        Value::Dict(entries) => {
            let Some(list) = python["dict"].as_array() else { return false };
            // Of a key that is there twice the last one counts.
            let last = |wanted: &serde_json::Value| entries.iter().rev().find(|(key, _)| agrees(key, wanted));
            let all_there = list.iter().all(|entry| last(&entry[0]).is_some_and(|(_, value)| agrees(value, &entry[1])));
            all_there && entries.iter().all(|(key, _)| list.iter().any(|entry| agrees(key, &entry[0])))
        }
        Value::Call { .. } => known.seconds().is_none_or(|seconds| python["seconds"].as_f64() == Some(seconds)),
    }
}

#[test]
fn what_python_computes_is_what_we_say() {
    let files: Vec<String> = (0..FILES).map(settings_file).collect();
    let Some(answers) = oracle(&files) else {
        println!("NOTE: there is no python3 on this machine, so nothing was compared.");
        return;
    };
    let (mut compared, mut unknown, mut stopped) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (text, answer) in files.iter().zip(&answers) {
        // A file that Python itself stops at gives nothing to compare.
        if answer.get("error").is_some() {
            stopped += 1;
            continue;
        }
        let (document, _) = read(&Text::of_source(SourceId(0), text.as_str().into()));
        let found = names(&document, &environment());
        for (name, python) in answer.as_object().unwrap() {
            let Some(alternatives) = found.get(name) else { continue };
            compared += 1;
            let is_open = |it: &Alternative| matches!(it.known.value, Value::Unknown(_));
            unknown += usize::from(alternatives.iter().all(is_open));
            if !alternatives.iter().any(|it| agrees(&it.known, python)) {
                wrong.push(format!(
                    "{name} is {python}, not {:?}\n{text}",
                    alternatives.iter().map(|it| &it.known.value).collect::<Vec<_>>()
                ));
            }
        }
    }
    println!("{compared} names compared, {unknown} of them unknown to us, {stopped} files stopped");
    assert!(wrong.is_empty(), "{} wrong, the first:\n{}", wrong.len(), wrong[0]);
    // An evaluator that knows nothing would always agree.
    assert!(compared > 1000 && unknown * 4 < compared, "{unknown} of {compared} unknown");
    assert!(stopped * 3 < FILES, "{stopped} files stopped");
}
