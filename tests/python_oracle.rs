//! Python itself is the oracle: what CPython computes for a settings file is what we say, or we say that it is unknown.
//!
//! The files are made up by a generator with a seed, so that a failure can be repeated.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

use celery_checkup::facts::environment::Environment;
use celery_checkup::facts::python::{Alternative, names_beside};
use celery_checkup::facts::value::{Known, Template, Value};
use celery_checkup::read::python::read;
use celery_checkup::text::{SourceId, Text};

/// How many sets of files are compared. `ORACLE_FILES` and `ORACLE_SEED` compare more, and others.
const FILES: u64 = 240;

/// The variables that the settings files may ask for; others are not set.
const VARIABLES: [(&str, &str); 5] =
    [("CONCURRENCY", "4"), ("DEBUG", "False"), ("HOSTS", "a,b,c"), ("EMPTY", ""), ("NAME", "Shop One")];

/// Runs each pair of files of a JSON list, `base.py` and `settings.py`, and prints what the names of the second are.
const RUNNER: &str = r#"
import json, os, sys, types
import datetime
def plain(value):
    if isinstance(value, datetime.timedelta): return {"seconds": value.total_seconds()}
    if isinstance(value, bool) or value is None or isinstance(value, (int, float, str)): return {"is": value, "type": type(value).__name__}
    if isinstance(value, (list, tuple)): return {"list": [plain(item) for item in value]}
    if isinstance(value, (set, frozenset)): return {"set": [plain(item) for item in value]}
    if isinstance(value, dict): return {"dict": [[plain(key), plain(item)] for key, item in value.items()]}
    return {"other": type(value).__name__}
def stop(*_): raise TimeoutError()
import signal
try:
    import resource
    signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
except (ImportError, AttributeError, ValueError, OSError):
    pass
answers = []
given = dict(os.environ)
for texts in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(given)
    try:
        # A loop over what it adds to itself never ends.
        if hasattr(signal, "alarm"): signal.alarm(5)
        for name, text in zip(["base", "settings"], texts):
            module = sys.modules[name] = types.ModuleType(name)
            module.__file__ = "/srv/shop/" + name + ".py"
            exec(compile(text, name + ".py", "exec"), module.__dict__)
        names = sys.modules["settings"].__dict__
        answer = {name: plain(value) for name, value in names.items() if name.isupper()}
        # A number of thousands of digits cannot be written.
        answers.append(json.loads(json.dumps(answer)))
    except Exception as error:
        answers.append({"error": repr(error)})
    finally:
        if hasattr(signal, "alarm"): signal.alarm(0)
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
    fn new(seed: u64) -> Writer {
        Writer {
            dice: Dice(seed * 7919 + 17),
            names: HashMap::from([('N', vec!["N_SEED".to_owned()])]),
            text: IMPORTS.to_owned(),
            is_open: seed.is_multiple_of(6),
        }
    }

    fn name(&mut self, kind: char) -> Option<String> {
        let known = self.names.get(&kind)?.clone();
        let number = self.dice.roll(known.len() as u64) as usize;
        Some(known[number].clone())
    }

    /// What we do not follow stands by itself only, so that not everything becomes unknown.
    fn number(&mut self, depth: u32) -> String {
        let roll = self.dice.roll(if depth > 3 { 4 } else { 20 });
        match if depth > 0 && [12, 13, 14, 15, 16, 17, 18].contains(&roll) { 0 } else { roll } {
            12 => format!("sum([{}, 2])", self.number(depth + 1)),
            13 => format!("abs({})", self.number(depth + 1)),
            14 => format!("round({}, 1)", self.number(depth + 1)),
            15 => format!("len({})", self.dictionary(depth + 1)),
            16 => format!("min([{}, 4])", self.number(depth + 1)),
            17 => {
                format!("({} {} 2)", self.dice.pick(&["5", "6", "True"]), self.dice.pick(&["<<", ">>", "&", "|", "^"]))
            }
            18 => format!("({}).count('a')", self.string(depth + 1)),
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
        let roll = self.dice.roll(if depth > 3 { 4 } else { 36 });
        match if depth > 0 && [19, 20, 21, 23, 26, 27, 29, 31, 33, 34].contains(&roll) { 0 } else { roll } {
            19 => {
                let method = self.dice.pick(&[
                    "title()",
                    "capitalize()",
                    "swapcase()",
                    "zfill(6)",
                    "ljust(5, '.')",
                    "replace('a', 'b', 1)",
                    "partition('/')[0]",
                    "rpartition('a')[2]",
                    "rsplit('/', 1)[-1]",
                    "split(',', 1)[0]",
                    "removeprefix('re')",
                    "removesuffix('s')",
                    "lstrip('r')",
                    "center(9)",
                    "expandtabs()",
                    "casefold()",
                    "encode().decode()",
                    "__str__()",
                    "lower().upper()",
                    "strip('ab ')",
                    "strip(None)",
                    "translate({97: 'z'})",
                ]);
                format!("({}).{method}", self.string(depth + 1))
            }
            20 => {
                let spec = self.dice.pick(&[
                    "{<n>:05}",
                    "{<n>!r}",
                    "{<s>!r:>9}",
                    "{<s>:>7}",
                    "{<n>:.2f}",
                    "{<n>=}",
                    "{<s>!s}",
                    "{<s>:{7}}",
                    "{{<s>}}",
                    "{<s>}{<n>:,}",
                ]);
                let spec = spec.replace("<n>", &self.plain_name('N')).replace("<s>", &self.plain_name('S'));
                format!("f\"{spec}\"")
            }
            21 => {
                let format = self.dice.pick(&["%05d", "%s|%%", "%r", "%x", "%.2f", "%5s", "%-5s.", "%+d", "%i"]);
                format!("'{format}' % int({})", self.number(depth + 1))
            }
            22 => format!("'%(a)s/%(b)s' % {{'a': {}, 'b': {}}}", self.string(depth + 1), self.number(depth + 1)),
            23 => {
                let format = self.dice.pick(&["{:>8}", "{!r}", "{0}{0}", "{{}}{}", "{:}", "{0!s:.3}"]);
                format!("'{format}'.format({})", self.string(depth + 1))
            }
            24 => format!("str({})", self.number(depth + 1)),
            25 => format!("str({})", self.boolean(depth + 1)),
            26 => format!("repr({})", self.string(depth + 1)),
            27 => format!(
                "({})[{}]",
                self.string(depth + 1),
                self.dice.pick(&["::-1", "::2", "1:3", "-3:-1", "5:2", ":"])
            ),
            28 => format!(
                "quote({}{})",
                self.string(depth + 1),
                self.dice.pick(&["", ", safe=''", ", safe='/:'", ", ''"])
            ),
            29 => format!("os.path.join('a', {})", self.string(depth + 1)),
            30 => format!("','.join({})", self.strings(depth + 1)),
            31 => format!("({}).get({}, 'none')", self.dictionary(depth + 1), self.dice.pick(&["'a'", "'k'", "'zz'"])),
            32 => format!("''.join(x + '.' for x in {})", self.strings(depth + 1)),
            33 => match self.dice.roll(4) {
                0 => format!("str(Path(__file__).parent / ({}))", self.string(depth + 1)),
                1 => format!("str(Path('/var//lib/.') / {} / 'x/')", self.string(depth + 1)),
                2 => format!("f\"{{Path({}, 'a/../b')}}/c\"", self.plain_name('S')),
                _ => format!(
                    "os.path.join({}, {}, 'c')",
                    self.dice.pick(&["'/a/'", "''", "'a'", "Path('/p/')", "'/'"]),
                    self.string(depth + 1)
                ),
            },
            34 => self
                .dice
                .pick(&["'a' 'b'", "'a' f'{1 + 1}'", "u'x'", "'tab\\t'", "'a\\\nb'", "'\\N{DIGIT ONE}\\u0041'"])
                .to_owned(),
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
        let roll = self.dice.roll(if depth > 3 { 2 } else { 20 });
        match if depth > 0 && [11, 13, 14, 15, 17].contains(&roll) { 0 } else { roll } {
            11 => format!("(0 < {} <= 5)", self.number(depth + 1)),
            12 => format!(
                "({} is {}None)",
                self.dice.pick(&["None", "os.getenv('UNSET')", "''"]),
                self.dice.pick(&["", "not "])
            ),
            13 => format!("any([{}, {}])", self.boolean(depth + 1), self.boolean(depth + 1)),
            14 => format!("all([{}, {}])", self.boolean(depth + 1), self.boolean(depth + 1)),
            15 => format!("({} == {})", self.list(depth + 1), self.list(depth + 1)),
            16 => format!("('a' in {})", self.dictionary(depth + 1)),
            17 => format!("isinstance({}, int)", self.number(depth + 1)),
            18 => format!("({} in {})", self.number(depth + 1), self.list(depth + 1)),
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
        let roll = self.dice.roll(if depth > 3 { 1 } else { 19 });
        match if depth > 0 && [7, 9, 10, 12, 15, 16].contains(&roll) { 0 } else { roll } {
            6 => format!("[item + '!' for item in {}]", self.strings(depth + 1)),
            7 => match self.dice.roll(7) {
                0 => format!("[item for item in {} if item]", self.list(depth + 1)),
                1 => format!("[[at, item] for at, item in enumerate({}) if at]", self.list(depth + 1)),
                2 => {
                    format!("[one for one, two in zip({}, {}) if two != 1]", self.list(depth + 1), self.list(depth + 1))
                }
                3 => {
                    let range = self.dice.pick(&["3", "1, 4", "5, 0, -2", "0", "2, -1", "N_SEED"]);
                    format!("[{} + at for at in range({range}) if at != 2 if at < 9]", self.number(depth + 1))
                }
                4 => format!("[[key, value] for key, value in {}.items()]", self.dictionary(depth + 1)),
                5 => format!("[value for value in {}.values()]", self.dictionary(depth + 1)),
                _ => format!("[item for item in {} for _ in range(2)]", self.list(depth + 1)),
            },
            8 => format!("[(item, N_SEED) for item in {}]", self.list(depth + 1)),
            9 => format!("sorted({})", self.strings(depth + 1)),
            10 => format!(
                "list({})",
                self.dice.pick(&[
                    "'abc'",
                    "range(3)",
                    "(1, 2)",
                    "{'a': 1}",
                    "{'a': 1}.keys()",
                    "map(str, [1, 2])",
                    "zip([1], [2])",
                    "enumerate(['x'])",
                    "reversed([1, 2])"
                ])
            ),
            11 => format!("{} * 2", self.list(depth + 1)),
            12 => format!("{}[::{}]", self.list(depth + 1), self.dice.pick(&["-1", "2"])),
            13 => format!("list(tuple({}))", self.list(depth + 1)),
            14 => format!("[*({}, *{})]", self.string(depth + 1), self.list(depth + 1)),
            15 => format!("sorted(set({}))", self.strings(depth + 1)),
            16 if depth == 0 => format!("[[a, b] for a in {} for b in [1, 2]]", self.list(depth + 1)),
            17 => format!("({} or [0])", self.list(depth + 1)),
            0 => self.dice.pick(&["[]", "[1, 2]", "['a', 'b', 'c']"]).to_owned(),
            1 => self.name('L').unwrap_or_else(|| "['x']".to_owned()),
            2 => format!("[{}, {}]", self.number(depth + 1), self.string(depth + 1)),
            3 => format!("[*{}, 1]", self.list(depth + 1)),
            4 => format!("list({})[{}]", self.list(depth + 1), self.dice.pick(&["1:", ":1", "-1:", ":"])),
            _ => format!("{} + {}", self.list(depth + 1), self.list(depth + 1)),
        }
    }

    fn dictionary(&mut self, depth: u32) -> String {
        let roll = self.dice.roll(if depth > 3 { 1 } else { 12 });
        match if depth > 0 && [6, 7].contains(&roll) { 0 } else { roll } {
            5 => format!("({} | {})", self.dictionary(depth + 1), self.dictionary(depth + 1)),
            6 if depth == 0 => match self.dice.roll(6) {
                0 => format!("{{key: 1 for key in {}}}", self.strings(depth + 1)),
                1 => format!("{{key: [value] for key, value in {}.items() if key != 'a'}}", self.dictionary(depth + 1)),
                2 => format!("{{f'{{at}}': item for at, item in enumerate({})}}", self.list(depth + 1)),
                3 => format!("dict((key, at) for at, key in enumerate({}))", self.strings(depth + 1)),
                4 => format!("{{key: key for key in {} if key not in ('b', 'x')}}", self.dictionary(depth + 1)),
                _ => format!(
                    "{{'q%s' % at: at * {} for at in range({})}}",
                    self.number(depth + 1),
                    self.number(depth + 1)
                ),
            },
            7 => format!("dict(zip(['a', 'b'], {}))", self.list(depth + 1)),
            8 => format!("{{**{}, **{}}}", self.dictionary(depth + 1), self.dictionary(depth + 1)),
            9 => format!("dict({}, **{})", self.dictionary(depth + 1), self.dictionary(depth + 1)),
            10 => format!("{}.copy()", self.dictionary(depth + 1)),
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
            ('L', true) => match self.dice.roll(10) {
                3 => format!("{name}.insert(0, {})", self.string(1)),
                4 => format!("{name}.pop()\n{indent}{name} = {name} + [1]"),
                5 => format!("{name}[0:1] = ['new']"),
                6 => format!("{name}.sort(key=str)"),
                7 => format!("{name} += ({},)", self.string(1)),
                8 => format!("L_ALIAS = {name}\n{indent}L_ALIAS += ['alias']\n{indent}{name}.append('own')"),
                9 => format!("[{name}.append(item) for item in ['a', 'b']]"),
                0 => format!("{name}.append({})", self.string(1)),
                1 => format!("{name}.extend({value})"),
                2 => format!("{name}.reverse()"),
                _ => format!("{name} += {value}"),
            },
            ('D', true) => match self.dice.roll(12) {
                5 => format!("{name} |= {value}"),
                6 => format!("{name}.pop('k', None)"),
                7 => format!("{name}.setdefault('d', {})", self.number(1)),
                8 => format!("{name}['k'] = 1\n{indent}del {name}['k']"),
                9 => format!("D_ALIAS = {name}\n{indent}D_ALIAS['alias'] = 1"),
                10 => format!("{name}['n'] = {{}}\n{indent}D_INNER = {name}['n']\n{indent}D_INNER['deep'] = 2"),
                11 => format!("{name}['c'] = {name}.get('c', 0) + 1"),
                4 => format!(
                    "{name}['deep'] = {{'a': {{}}}}\n{indent}{name}['deep']['a']['b'] = {}\n{indent}{name}['deep']['c'] = 1",
                    self.number(1)
                ),
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
        match self.dice.roll(60) {
            8 => {
                let (first, second) = (self.number(0), self.string(0));
                self.text.push_str(&format!(
                    "class Root:\n    N = {first}\n    S = 'root'\n    BOTH = (N, S)\nclass Left(Root):\n    M = Root.N\nclass Right(Root):\n    S = {second}\n\
                     class Bottom(Left, Right):\n    LAST = Left.S\nL_BOTTOM = [Bottom.N, Bottom.S, Bottom.M, Bottom.LAST, Bottom().S]\nL_LEFT = [Left.S, Left().N]\n"
                ));
            }
            9 if self.dice.roll(2) == 0 => {
                let value = self.number(0);
                self.text.push_str(&format!("for item in [1, 2]:\n    L_SEED.append(item)\n    N_LOOP = item\nN_AFTER = {value}\n"));
            }
            10 => {
                let list = self.strings(0);
                self.text.push_str(&format!("L_QUEUES = []\nfor item in {list}:\n    L_QUEUES.append('q.' + item)\n"));
            }
            32..=35 => {
                let (list, dictionary, number) = (self.list(0), self.dictionary(0), self.number(0));
                let (head, item) = match self.dice.roll(7) {
                    0 => (format!("at, item in enumerate({list})"), "(at, item)"),
                    1 => (format!("item, at in zip({list}, range(9))"), "[item, at]"),
                    2 => (format!("key, item in {dictionary}.items()"), "(key, item)"),
                    3 => (format!("item in {dictionary}"), "item"),
                    4 => ("item in range(3)".to_owned(), "item * 2"),
                    5 => (format!("item in range({number})"), "item"),
                    _ => (format!("at, (one, item) in enumerate(zip({list}, 'abc'))"), "(at, item)"),
                };
                let jump = self.dice.pick(&["", "", "    if item == 1:\n        continue\n", "    if not item:\n        break\n"]);
                self.text.push_str(&format!(
                    "L_ROUNDS = []\nfor {head}:\n{jump}    L_ROUNDS.append({item})\n    X_ROUND = item\n"
                ));
            }
            11 => {
                let (test, value) = (self.boolean(0), self.number(0));
                self.text.push_str(&format!("if (N_WALRUS := {value}) and {test}:\n    S_WALRUS = 'yes'\nelse:\n    S_WALRUS = 'no'\nN_SEED = N_WALRUS\n"));
            }
            12 => self.text.push_str("N_FIRST, *L_REST = [1, 2, 3]\n(N_ONE, (S_TWO, N_SEED)), N_LAST = (1, ('b', 3)), 4\nL_SEED[0], N_FIRST = 'first', 9\n"),
            13 => {
                let (one, two) = (self.string(0), self.string(0));
                self.text.push_str(&format!("match N_SEED:\n    case 3:\n        S_MATCH = {one}\n    case _:\n        S_MATCH = {two}\n"));
            }
            14 => {
                let value = self.string(0);
                self.text.push_str(&format!(
                    "class Made:\n    S = 'class'\n    def __init__(self, s='given'):\n        self.S = s\n        self.T = {value}\n    @property\n    def whole(self):\n        return self.S + '!'\n\
                     L_MADE = [Made().S, Made('x').S, Made(s='y').whole, Made.S]\n"
                ));
            }
            15 => {
                let value = self.number(0);
                self.text.push_str(&format!(
                    "@dataclass\nclass Data:\n    n: int = {value}\n    s: str = field(default='s')\n    l: list = field(default_factory=list)\n    @property\n    def both(self):\n        return f'{{self.n}}{{self.s}}'\n\
                     L_DATA = [Data().n, Data(4).n, Data(s='t').s, Data(n=5).both, Data().l, Data(s='u').n]\n"
                ));
            }
            16 if self.dice.roll(3) == 0 => {
                let value = self.string(0);
                self.text.push_str(&format!("class Later:\n    S = 'before'\nclass Below(Later):\n    pass\nLater.S = {value}\nS_BELOW = Below.S\nS_LATER = Later().S\n"));
            }
            17 => {
                let value = self.string(0);
                self.text.push_str(&format!("globals()['S_GLOBAL'] = {value}\nS_OTHER = 'a'\nglobals().update(S_OTHER='b')\nexec(\"S_OTHER = 'c'\")\n"));
            }
            18 if self.dice.roll(3) == 0 => self.text.push_str("def change():\n    global N_SEED\n    N_SEED = 77\n    L_SEED.append('changed')\nchange()\n"),
            19 if self.dice.roll(3) == 0 => {
                let value = self.string(0);
                self.text.push_str(&format!("def with_default(a, b={value}):\n    c = a\n    return c + b\nS_DEFAULT = with_default('x')\ndef early(a=1):\n    if a:\n        return 'a'\n    return 'b'\nS_EARLY = early()\n"));
            }
            20 => self.text.push_str("if TYPE_CHECKING:\n    N_TYPE = 1\nelse:\n    N_TYPE = 2\ntry:\n    import module_that_is_missing\n    S_TRY = 'there'\nexcept ImportError:\n    S_TRY = 'missing'\nfinally:\n    N_FINAL = 1\n"),
            21 => self.text.push_str("S_DELETED = 'a'\ndel S_DELETED\nS_DELETED = 'b'\nwhile True:\n    S_WHILE = 'x'\n    break\nelse:\n    S_WHILE = 'y'\n"),
            22 if self.dice.roll(2) == 0 => {
                let value = self.string(0);
                self.text.push_str(&format!("A_LIST = B_LIST = []\nA_LIST.append({value})\nN_BASE = base.N_BASE\nS_BASE_CLASS = base.Base.S\nclass Own(base.Base):\n    N = 5\nL_OWN = [Own.S, Own.N, Own().URL]\n"));
            }
            23 => self.text.push_str("class Base(Base):\n    OTHER = 1\nL_BASE = [Base.S, Base.N, Base.OTHER]\n"),
            24 => self.text.push_str("if os.environ.get('UNSET'):\n    S_IF = 'a'\nelif os.environ['CONCURRENCY'] == '4':\n    S_IF = 'b'\nelse:\n    S_IF = 'c'\n"),
            25 => {
                let list = self.list(0);
                self.text.push_str(&format!("L_ITEMS = []\nfor item in {list}:\n    L_ITEMS.append(item)\n    S_ITEM = str(item)\n"));
                self.statement("    ");
                self.statement("    ");
                self.text.push_str("L_LATER = [item, *L_ITEMS] if L_ITEMS else []\n");
            }
            26 => {
                let dictionary = self.dictionary(0);
                self.text.push_str(&format!("D_LOOP = {{'b': 0}}\nL_KEYS = []\nfor key, value in {dictionary}.items():\n    D_LOOP[key] = value\n    L_KEYS.append(key)\nfor key in D_LOOP:\n    L_KEYS += [key]\nL_VALUES = list({dictionary}.values())\n"));
            }
            27 => {
                let (list, test) = (self.strings(0), self.boolean(0));
                self.text.push_str(&format!("N_SUM = 0\nL_PAIRS = []\nfor a in [1, 2, N_SEED]:\n    for b in {list}:\n        if a > 1 and {test}:\n            N_SUM += a\n            L_PAIRS.append((a, b))\n        elif b:\n            N_SUM -= 1\n    N_A = a\n"));
            }
            28 => {
                let end = self.dice.pick(&["continue", "break", "pass"]);
                self.text.push_str(&format!("L_SOME = []\nfor item in ['a', 'b', 'c']:\n    if item == 'b':\n        {end}\n    L_SOME.append(item)\nelse:\n    L_SOME.append('end')\n"));
            }
            29 => {
                let change = self.dice.pick(&["L_SEED.remove(item)", "L_SEED = L_SEED + ['x']", "L_SEED[0] = 'y'", "L_SEED.insert(0, 1) if len(L_SEED) < 4 else None"]);
                self.text.push_str(&format!("L_SEEN = []\nfor item in L_SEED:\n    L_SEEN.append(item)\n    {change}\n"));
            }
            30 => self.text.push_str("L_MORE = L_SEED\nfor item in L_SEED[:]:\n    L_MORE.append(item)\n    for N_SEED, other in [(1, 'a'), (2, 'b')]:\n        L_MORE.append(other)\n"),
            31 => self.text.push_str("N_OUT = 5\nfor N_OUT in []:\n    S_NEVER = 'never'\nN_BEHIND = N_OUT\nfor item in [1, 2]:\n    try:\n        N_TRIED = item\n    except ValueError:\n        N_TRIED = 0\n    with open(os.devnull) as opened:\n        N_WITH = item\n"),
            36 => {
                let (value, other) = (self.string(0), self.number(0));
                self.text.push_str(&format!(
                    "def given(a, b={value}, *, c='k'):\n    'What it gives.'\n    return f'{{a}}|{{b}}|{{c}}|{{N_SEED}}|{{S_NEAR}}'\nS_NEAR = 'near'\nN_SEED = {other}\n\
                     L_GIVEN = [given('x'), given('x', c='y'), given(b=2, a={other}), [given(N_SEED) for N_SEED in [1, 2]]]\n\
                     def near():\n    S_NEAR = 'local'\n    return given(S_NEAR)\nS_CALLED = near()\ndef given(a):\n    return a\nS_GIVEN = given('again')\n"
                ));
            }
            37 => {
                let name = self.dice.pick(&["NAME", "HOSTS", "EMPTY"]);
                self.text.push_str(&format!(
                    "def needed(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n        raise RuntimeError(name)\nS_NEEDED = needed('{name}')\n\
                     def flag(name, default=False):\n    return os.getenv(name, str(default)).lower() in ('1', 'true')\nL_FLAGS = [flag('DEBUG'), flag('UNSET'), flag('UNSET', True)]\nif N_SEED:\n    def flag(name):\n        return name\nL_FLAG = flag('a')\n"
                ));
            }
            38 | 39 => {
                let (value, other, test) = (self.string(0), self.string(0), self.boolean(0));
                let change = self.dice.pick(&[
                    "os.environ.update(MADE='u')",
                    "os.environ.update({'MADE': 'd', 'NAME': 'n'})",
                    "del os.environ['FRESH']",
                    "os.environ.pop('FRESH')",
                    "os.putenv('MADE', 'put')",
                    "for key in ['MADE', 'NAME']:\n    os.environ[key] = 'in ' + key",
                    "def change():\n    os.environ['MADE'] = 'changed'\nchange()",
                    "os.environ['MADE'] += '!'",
                ]);
                self.text.push_str(&format!(
                    "os.environ['MADE'] = {value}\nos.environ.setdefault('NAME', 'other')\nos.environ.setdefault('FRESH', {other})\nL_SET = [os.environ['MADE'], os.getenv('NAME'), os.environ.get('FRESH', 'zz')]\n\
                     if {test}:\n    os.environ['MADE'] = 'b'\nS_SET_LATER = os.getenv('MADE')\n{change}\nL_CHANGED = [os.getenv('MADE', 'x'), os.getenv('NAME', 'y'), os.getenv('FRESH', 'gone')]\n"
                ));
            }
            40 => {
                let (value, list) = (self.string(0), self.strings(0));
                self.text.push_str(&format!(
                    "S_CASE = 'none'\nmatch {value}:\n    case 'redis' | '':\n        S_CASE = 'either'\n    case 'a b' if N_SEED > 3:\n        S_CASE = 'guarded'\n    case S_CASE:\n        pass\n\
                     match {list}:\n    case [S_SEED, *L_TAIL]:\n        S_FIRST = S_SEED\n    case _:\n        S_FIRST = 'empty'\n"
                ));
            }
            41 => {
                let value = self.string(0);
                self.text.push_str(&format!(
                    "class Kept:\n    S = 'before'\n    T = 't'\nsetattr(Kept, 'S', {value})\nfor name in ['T']:\n    setattr(Kept, name, 'later')\nL_KEPT = [Kept.S, Kept().S]\nL_ATTRIBUTES = [getattr(Kept, 'S', 'd'), getattr(Kept, 'NONE', 'd'), getattr(base, 'N_' + 'BASE')]\n\
                     class Kind(str, Enum):\n    HIGH = {value}\nL_ENUM = [Kind.HIGH.value, Kind['HIGH'].value, Kind.HIGH.name]\nspace = SimpleNamespace(a={value}, b=1)\nS_SPACE = space.a\nspace.a = 'other'\nL_SPACE = [space.a, space.b]\nN_ROUND = 0\nwhile (N_ROUND := N_ROUND + 1) < 4:\n    S_ROUND = str(N_ROUND)\nglobals()['S_NAMED'] = {value}\n"
                ));
            }
            42..=44 => {
                let (list, test) = (self.strings(0), self.boolean(0));
                let ends = ["pass", "break", "continue"];
                let (one, two, three) = (self.dice.pick(&ends), self.dice.pick(&ends), self.dice.pick(&ends));
                self.text.push_str(&format!(
                    "L_JUMPS = []\nS_JUMP_END = 'none'\nfor a in ['x', 'a', 'z']:\n    for b in {list}:\n        if b == a or {test}:\n            {one}\n        L_JUMPS.append(a + b)\n        S_JUMP = b\n    else:\n        L_JUMPS += ['else']\n        {two}\n\
                     \x20   L_JUMPS.append('after ' + a)\n    if os.getenv('UNSET_JUMP', a) == 'a':\n        {three}\n    N_JUMP = len(L_JUMPS)\nelse:\n    S_JUMP_END = 'whole'\nL_JUMPED = [*L_JUMPS, a]\n"
                ));
            }
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

const IMPORTS: &str = "import os\nfrom enum import Enum\nfrom types import SimpleNamespace\nfrom dataclasses import dataclass, field\nfrom datetime import timedelta\nfrom pathlib import Path\n\
    from typing import TYPE_CHECKING\nfrom urllib.parse import quote, quote_plus\n";

/// `base.py` and `settings.py`, which imports from it.
fn files_of(seed: u64) -> [String; 2] {
    let mut dice = Dice(seed * 104_729 + 3);
    let mut base = Writer::new(seed * 2 + 1);
    base.text.push_str("N_SEED = 3\nL_SEED = ['seed']\nN_BASE = 6\n_HIDDEN = 'hidden'\n");
    base.text.push_str("class Base:\n    S = 'base'\n    N = N_SEED\n    URL = f'{S}/{N}'\n");
    for _ in 0..3 {
        base.statement("");
    }
    if dice.roll(4) == 0 {
        base.text.push_str("__all__ = ['N_BASE', 'Base', '_HIDDEN']\n");
    }
    let mut settings = Writer::new(seed);
    settings.text.push_str(dice.pick(&[
        "import base\nfrom base import *\n",
        "import base\nfrom base import Base, N_BASE as N_TAKEN\n",
        "from base import *\nimport base\nfrom base import _HIDDEN as S_HIDDEN\n",
    ]));
    settings.text.push_str("N_SEED = 3\nL_SEED = ['seed']\n");
    for _ in 0..12 {
        settings.block();
    }
    [base.text, settings.text]
}

fn oracle(files: &[[String; 2]]) -> Option<Vec<serde_json::Value>> {
    let mut python = Command::new("python3")
        .args(["-W", "ignore", "-c", RUNNER])
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
    assert!(output.status.success(), "Python stopped: {}", output.status);
    Some(serde_json::from_slice(&output.stdout).unwrap())
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
        // `[*unknown, 1]`: there may be more.
        Value::List(items)
            if items.iter().any(|it| matches!(it.value, Value::Unknown(_)) && it.at.as_str().starts_with('*')) =>
        {
            python["list"].is_array()
        }
        // A set is kept as a list, and what is in it twice is there once.
        Value::List(items) if python["set"].is_array() => {
            let set = python["set"].as_array().map_or(&[][..], Vec::as_slice);
            items.iter().all(|item| set.iter().any(|it| agrees(item, it)))
                && set.iter().all(|it| items.iter().any(|item| agrees(item, it)))
        }
        Value::List(items) => python["list"]
            .as_array()
            .is_some_and(|list| list.len() == items.len() && items.iter().zip(list).all(|(item, it)| agrees(item, it))),
        Value::Dict(entries) => {
            let Some(list) = python["dict"].as_array() else { return false };
            if entries.iter().any(|(key, _)| matches!(key.value, Value::Unknown(_))) {
                return true;
            }
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
    let number = |name: &str, otherwise| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(otherwise);
    let (first, count): (u64, u64) = (number("ORACLE_SEED", 0), number("ORACLE_FILES", FILES));
    let files: Vec<[String; 2]> = (first..first + count).map(files_of).collect();
    let Some(answers) = oracle(&files) else {
        println!("NOTE: there is no python3 on this machine, so nothing was compared.");
        return;
    };
    let (mut compared, mut unknown, mut stopped) = (0, 0, 0);
    let mut wrong = Vec::new();
    for ([base, text], answer) in files.iter().zip(&answers) {
        // A file that Python itself stops at gives nothing to compare.
        if answer.get("error").is_some() {
            stopped += 1;
            continue;
        }
        let document = |text: &str| read(&Text::of_source(SourceId(0), text.into())).0;
        let (first, second) = (document(base), document(text));
        let found = names_beside(&[("base.py", &first), ("settings.py", &second)], &environment());
        for (name, python) in answer.as_object().unwrap() {
            let Some(alternatives) = found.get(name) else { continue };
            compared += 1;
            let is_open = |it: &Alternative| matches!(it.known.value, Value::Unknown(_));
            unknown += usize::from(alternatives.iter().all(is_open));
            if !alternatives.iter().any(|it| agrees(&it.known, python)) {
                wrong.push(format!(
                    "{name} is {python}, not {:?}\n--- base.py\n{base}\n--- settings.py\n{text}",
                    alternatives.iter().map(|it| &it.known.value).collect::<Vec<_>>()
                ));
            }
        }
    }
    println!("{compared} names compared, {unknown} of them unknown to us, {stopped} files stopped");
    let least = wrong.iter().min_by_key(|it| it.len());
    assert!(wrong.is_empty(), "{} wrong, the first:\n{}", wrong.len(), least.map_or("", String::as_str));
    // An evaluator that knows nothing would always agree.
    assert!(compared > 1000 && unknown * 4 < compared, "{unknown} of {compared} unknown");
    assert!(stopped * 3 < count, "{stopped} files stopped");
}
