//! Files in which commands are values, for programs that start them: ECS task definitions, `package.json`,
//! `launch.json`, `render.yaml`, `heroku.yml`, `Taskfile.yml`, `fly.toml`, workflows of GitHub and GitLab,
//! and the task tables of a `pyproject.toml`.
//!
//! Only values under keys that name a command are read. What the rest of such a file says is not known here.

use super::command_line::{self, CeleryCommand};
use super::shell_words::{self, Word};
use super::wrappers::{self, Started};
use super::yaml::{self, Node, NodeValue};
use super::{shell_script, toml_values};
use crate::text::{Text, TextBuilder};

/// Keys of a command: a line for a shell, or a list of words. What stands under `args` follows it.
const COMMANDS: [&str; 17] = [
    "command",
    "cmd",
    "script",
    "run",
    "shell",
    "entrypoint",
    "start",
    "startcommand",
    "dockercommand",
    "predeploycommand",
    "run_command",
    "runcommand",
    "poststartcommand",
    "postcreatecommand",
    "postattachcommand",
    "oncreatecommand",
    "updatecontentcommand",
];

/// Tables and lists whose every value is a line: `scripts` of npm, `processes` of Fly, `run` of Heroku, `script` of
/// GitLab.
const LINES: [&str; 7] = ["cmds", "scripts", "processes", "run", "script", "before_script", "after_script"];

/// Every call of Celery in such a file.
pub fn read(text: &Text) -> Vec<CeleryCommand> {
    let mut found = Vec::new();
    // Most files of these names have nothing to do with Celery.
    if !text.as_str().contains("celery") {
        return found;
    }
    if toml_values::has_tables(text) {
        of_toml(text, &mut found);
    } else {
        // Braces around all of it are JSON, which YAML contains; comments of VS Code are in neither.
        for root in yaml::read(&without_comments(text)).0.roots() {
            walk(root, &[], &mut found);
        }
    }
    found
}

fn without_comments(text: &Text) -> Text {
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    if !text.as_str().trim_start().starts_with(['{', '/']) || !text.as_str().lines().any(is_comment) {
        return text.clone();
    }
    let mut builder = TextBuilder::new(text);
    for line in text.lines().filter(|line| !is_comment(line.as_str())) {
        builder.push(&line);
        builder.push_decoded("\n", &line.slice(line.len()..line.len()));
    }
    builder.finish()
}

/// `outer` is the environment that a workflow and its jobs hand down.
fn walk(node: &Node, outer: &[(Text, Word)], found: &mut Vec<CeleryCommand>) {
    node.items().iter().for_each(|item| walk(item, outer, found));
    let NodeValue::Mapping(entries) = &node.value else { return };
    let environment = [outer, &environment(node)].concat();
    let is_command = |name: &str| COMMANDS.contains(&name) || matches!(name, "module" | "program");
    for entry in entries {
        let name = entry.name().map_or("", Text::as_str).to_ascii_lowercase();
        if LINES.contains(&name.as_str()) && (entry.value.scalar().is_none() || !COMMANDS.contains(&name.as_str())) {
            let items = entry.value.items().iter().map(|item| &**item);
            let values = entry.value.own_entries().iter().map(|entry| &*entry.value);
            for value in [&*entry.value].into_iter().chain(items).chain(values) {
                match (value.scalar(), value.get("command").map(Node::items)) {
                    (Some(line), _) => of_line(line, &environment, found),
                    // `worker: {command: [celery -A shop worker], image: web}` of Heroku: the items are lines.
                    (None, Some(lines)) if name == "run" && !lines.is_empty() => {
                        lines.iter().filter_map(|it| it.scalar()).for_each(|line| of_line(line, &environment, found));
                    }
                    _ if !std::ptr::eq(value, &*entry.value) => walk(value, &environment, found),
                    _ => {}
                }
            }
            continue;
        } else if COMMANDS.contains(&name.as_str()) && !(name == "entrypoint" && node.get("command").is_some()) {
            // `"entryPoint": [...], "command": [...]` are one list of words, as with Docker.
            let before = if name == "command" { entries.iter().find(|it| is_entrypoint(it)) } else { None };
            let first = before.map_or(&entry.value, |entry| &entry.value);
            let rest = [before.map(|_| &*entry.value), node.get("args")];
            of_command(first, &rest, &environment, found);
        } else if name == "module" || name == "program" {
            // `"module": "celery", "args": ["-A", "shop", "worker"]` of a debugger.
            of_command(&entry.value, &[node.get("args")], &environment, found);
        } else if name == "args"
            && !entries.iter().any(|it| it.name().is_some_and(|name| is_command(&name.as_str().to_ascii_lowercase())))
        {
            of_command(&entry.value, &[], &environment, found);
        }
        walk(&entry.value, &environment, found);
    }
}

fn is_entrypoint(entry: &yaml::Entry) -> bool {
    entry.name().is_some_and(|name| name.as_str().eq_ignore_ascii_case("entrypoint"))
}

/// `"environment": [{"name": …, "value": …}]`, `"env": {"NAME": …}`, `envVars: [{key: …, value: …}]`.
fn environment(node: &Node) -> Vec<(Text, Word)> {
    let mut found = Vec::new();
    let is_known = |value: &Text| !value.as_str().contains('$');
    let mut set = |name: &Text, value: Option<&Text>| {
        let value = value.filter(|value| is_known(value)).map(|value| Word::plain(value.clone()));
        found.push((name.clone(), value.unwrap_or(Word { text: name.clone(), expands: true, quoted: true })));
    };
    for table in ["environment", "secrets", "env", "envVars", "variables"].iter().filter_map(|name| node.get(name)) {
        for item in table.items() {
            if let Some(name) = item.get("name").or_else(|| item.get("key")).and_then(Node::scalar) {
                set(name, item.get("value").and_then(Node::written));
            }
        }
        for entry in table.own_entries() {
            entry.name().into_iter().for_each(|name| set(name, entry.value.written()));
        }
    }
    found
}

/// A line for a shell, or words; further words may follow in lists or in a line.
fn of_command(first: &Node, rest: &[Option<&Node>], environment: &[(Text, Word)], found: &mut Vec<CeleryCommand>) {
    let rest: Vec<Word> = rest.iter().flatten().flat_map(|node| words(node)).collect();
    if let Some(line) = first.scalar().filter(|_| rest.is_empty()) {
        return of_line(line, environment, found);
    }
    let words: Vec<Word> = words(first).into_iter().chain(rest).collect();
    let started = wrappers::started_in(Started { words, environment: environment.to_vec(), ..Started::default() });
    found.extend(started.iter().filter_map(command_line::celery));
}

fn words(node: &Node) -> Vec<Word> {
    let line = node.scalar().and_then(|line| shell_words::read(line).into_iter().next());
    let items = node.items().iter().filter_map(|item| item.written()).cloned();
    let is_open = |text: &Text| text.as_str().contains("${") || text.as_str().contains("{{");
    let items = items.map(|text| Word { expands: is_open(&text), text, quoted: true });
    line.into_iter().flat_map(|command| command.words).chain(items).collect()
}

fn of_line(line: &Text, environment: &[(Text, Word)], found: &mut Vec<CeleryCommand>) {
    if line.as_str().contains("celery") {
        for mut started in shell_script::started(line, 0, environment) {
            started.environment.splice(0..0, environment.iter().cloned());
            found.extend(command_line::celery(&started));
        }
    }
}

/// Tables of task runners in TOML, and the keys of those that hold more than one thing.
fn of_toml(text: &Text, found: &mut Vec<CeleryCommand>) {
    for value in toml_values::read(text) {
        let table = value.table.as_str();
        let is_of_tasks = matches!(
            table,
            "tool.poe.tasks" | "tool.pdm.scripts" | "tool.rye.scripts" | "tool.taskipy.tasks" | "processes" | "scripts"
        ) || table.starts_with("tool.pixi.") && table.ends_with("tasks")
            || table.starts_with("tool.hatch.envs.") && table.ends_with(".scripts");
        // `worker = "…"`; what has more to say of a task has keys for it.
        let last = value.key.as_str().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_command = COMMANDS.contains(&last.as_str()) || is_of_tasks && last.len() == value.key.len();
        if !is_command {
            continue;
        }
        let is_list_of_words = value.strings.len() > 1 && !value.strings[0].as_str().contains(' ');
        if is_list_of_words {
            let words = value.strings.into_iter().map(Word::plain).collect::<Vec<_>>();
            found.extend(wrappers::started_by_words(&words).iter().filter_map(command_line::celery));
        } else {
            value.strings.iter().for_each(|line| of_line(line, &[], found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn commands(text: &str) -> Vec<String> {
        let found = read(&Text::of_source(SourceId(0), text.into()));
        let shown = |it: &CeleryCommand| {
            let app = it.value("--app").map_or("", Word::as_str);
            let variables = it.environment.iter().map(|(name, value)| {
                format!(" {name}={}", if value.expands { "?" } else { value.as_str() }, name = name.as_str())
            });
            let subcommand = it.subcommand.as_ref().map_or("", Text::as_str);
            format!("{app} {subcommand}{}", variables.collect::<String>())
        };
        found.iter().map(shown).collect()
    }

    #[test]
    fn a_task_definition_gives_words_and_variables() {
        let text = r#"{"containerDefinitions": [{
            "name": "celery worker", "entryPoint": ["sh", "-c"], "command": ["celery -A shop worker"],
            "environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "B", "valueFrom": "arn:x"}]
        }, {"command": ["celery", "-A", "shop", "beat"]}]}"#;
        assert_eq!(commands(text), ["shop worker A=1 B=?", "shop beat"]);
    }

    #[test]
    fn other_programs_are_told_what_to_start() {
        for (text, expected) in [
            (
                r#"{"scripts": {"w": "A=1 celery -A shop worker", "test": "vitest"}, "keywords": ["celery worker"]}"#,
                "shop worker A=1",
            ),
            (
                "{\n  // a comment\n  \"configurations\": [{\"module\": \"celery\", \"args\": [\"-A\", \"shop\", \"worker\"], \"env\": {\"A\": \"${x}\"}}]}",
                "shop worker A=?",
            ),
            (r#"{"tasks": [{"command": "celery", "args": ["-A", "shop", "worker"]}]}"#, "shop worker"),
            (r#"{"apps": [{"script": "celery", "args": "-A shop worker"}]}"#, "shop worker"),
            (
                r#"{"postStartCommand": {"w": "celery -A shop worker &"}, "command": "celery -A shop worker"}"#,
                "shop worker",
            ),
            (
                "services:\n  - type: worker\n    startCommand: celery -A shop worker\n    envVars:\n      - key: A\n        value: 1\n",
                "shop worker A=1",
            ),
            (
                "tasks:\n  w:\n    desc: celery beat\n    cmds:\n      - cd src && celery -A shop worker\n",
                "shop worker",
            ),
            ("app = 'shop'\n[processes]\nweb = 'gunicorn'\nworker = \"celery -A shop worker\"\n", "shop worker"),
            ("run:\n  web: x\n  worker:\n    command:\n      - celery -A shop worker\n", "shop worker"),
            ("run:\n  worker: celery -A shop worker\n", "shop worker"),
            (
                "env: {A: 1}\njobs:\n  t:\n    env:\n      B: ${{ x }}\n    steps:\n      - run: |\n          pip install x\n          celery -A shop worker &\n",
                "shop worker A=1 B=?",
            ),
            ("t:\n  variables: {A: 1}\n  script:\n    - cd x\n    - celery -A shop worker\n", "shop worker A=1"),
            ("processes:\n  w:\n    command: celery -A shop worker\n    environment: {A: 1}\n", "shop worker A=1"),
            ("tasks: {w: {cmds: [{cmd: celery -A shop worker}]}}\n", "shop worker"),
            ("worker:\n  args: [celery, -A, shop, worker]\n", "shop worker"),
            ("[deploy]\nstartCommand = 'celery -A shop worker'\n", "shop worker"),
            (
                "[tool.poe.tasks]\nw.cmd = \"celery -A shop worker\"\nw.help = 'celery -A no beat'\n[project]\nx = 'celery x'\n",
                "shop worker",
            ),
            (
                "[tool.pdm.scripts]\nw = {cmd = [\"celery\", \"-A\", \"shop\", \"worker\"], help = 'celery beat'}\n",
                "shop worker",
            ),
            (
                "[tool.hatch.envs.default.scripts]\nw = [\n  \"cd src\", # first\n  \"celery -A shop worker\",\n]\n",
                "shop worker",
            ),
            ("[tool.poe.tasks.w]\nshell = \"\"\"\ncd src\ncelery -A shop worker\n\"\"\"\n", "shop worker"),
        ] {
            assert_eq!(commands(text), [expected], "{text}");
        }
        for text in ["", "{", "[", "[[", "{\"command\": [", "a = [", "[t]\na = \"\"\"", "[t]\na = {cmd = ", "//"] {
            assert!(commands(text).is_empty());
        }
    }
}
