//! Runs an example with a real Celery, in a folder of its own that is thrown away.

use super::*;
use crate::claims::Claim;
use std::os::unix::process::CommandExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// One text of an example and how it is judged.
pub(super) struct Trial<'a> {
    pub(super) claim: &'a Claim,
    pub(super) kind: Option<&'static str>,
    pub(super) files: &'a [(String, String)],
    pub(super) home: &'a Path,
}

pub(super) enum Verdict {
    /// As the claim names it.
    Fails(String),
    FailsElse(String),
    Works(String),
}

/// A command with its environment.
#[derive(Default)]
struct Start {
    command: String,
    environment: Vec<(String, String)>,
}

/// What a program did within its time.
struct Run {
    /// Absent if it was still running.
    status: Option<i32>,
    output: String,
}

static FOLDERS: AtomicUsize = AtomicUsize::new(0);

/// The app that commands name, where the example does not bring one.
const STUB_APP: &str = "from celery import Celery, shared_task\n\napp = Celery('shop', broker='memory://', backend='cache+memory://')\n\n\n@app.task\ndef add(x, y=1):\n    return x\n";
/// The app of the example, which is only made when somebody asks for it: the example imports this package, too.
const EXAMPLES_APP: &str = "def __getattr__(name):\n    if name != 'app':\n        raise AttributeError(name)\n    from probe_app import app\n\n    return app\n";
const STUB_TASKS: &str =
    "from celery import current_app as app, shared_task\n\n\n@shared_task\ndef add(x, y=1):\n    return x\n";

impl Trial<'_> {
    pub(super) fn run(&self) -> Verdict {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("celery-checkup-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the example");
        let verdict = self.run_in(&folder);
        let _ = fs::remove_dir_all(&folder);
        verdict
    }

    fn run_in(&self, folder: &Path) -> Verdict {
        let (python, starts) = self.unpack(folder);
        let by_command = ["command", "worker"].contains(&self.claim.at.as_str());
        if !by_command {
            return self.probe(folder, &python, &starts);
        }
        let mut verdict = Verdict::Works("there is nothing to run".to_owned());
        let worker = Start {
            command: "celery -A probe_app worker -l INFO".to_owned(),
            environment: starts.first().map(|start| start.environment.clone()).unwrap_or_default(),
        };
        let starts = if self.claim.at == "worker" { vec![worker] } else { starts };
        for start in &starts {
            verdict = self.judged(self.start(folder, &python, start));
            if matches!(verdict, Verdict::Fails(_)) {
                break;
            }
        }
        verdict
    }

    /// Writes the files, and gives the Python modules to load and the commands to run.
    fn unpack(&self, folder: &Path) -> (Vec<String>, Vec<Start>) {
        let mut python = Vec::new();
        let mut starts = Vec::new();
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
            fs::write(path, text).expect("the file is written");
        };
        for (name, text) in self.files {
            let kind = self.kind.unwrap_or(match name.rsplit('.').next() {
                Some("py") => "python",
                Some("yaml" | "yml") if text.contains("apiVersion") => "kubernetes",
                Some("yaml" | "yml") => "compose",
                Some("sh") => "command",
                Some("env") => "env",
                _ if name.starts_with("Dockerfile") => "dockerfile",
                _ if name == "Procfile" => "procfile",
                _ => "",
            });
            match kind {
                "python" => {
                    let named = if self.claim.named.is_empty() { "example.py" } else { &self.claim.named };
                    let name = if self.kind.is_some() { named } else { name };
                    write(name, text);
                    python.push(name.to_owned());
                }
                "command" => starts.extend(text.lines().filter(|line| !line.trim().is_empty()).map(|line| Start {
                    command: line.trim().trim_start_matches("$ ").to_owned(),
                    ..Start::default()
                })),
                "procfile" => starts.extend(
                    text.lines()
                        .filter_map(|line| line.split_once(": "))
                        .map(|(_, command)| Start { command: command.to_owned(), ..Start::default() }),
                ),
                "env" => starts.push(Start { command: String::new(), environment: pairs(text.lines()) }),
                "dockerfile" => starts.extend(docker_start(text)),
                "compose" => compose_starts(text, &mut starts),
                "kubernetes" => kubernetes_starts(text, &mut starts),
                _ => (),
            }
        }
        // A service that names no command starts the image's own.
        let image = starts.iter().find(|start| !start.command.is_empty()).map(|start| start.command.clone());
        for start in starts.iter_mut().filter(|start| start.command.is_empty() && self.kind.is_none()) {
            start.command = image.clone().unwrap_or_default();
        }
        if self.kind.is_none() && starts.iter().any(|start| !start.environment.is_empty()) {
            starts.retain(|start| !start.environment.is_empty());
        }
        for (name, text) in &self.claim.with {
            write(name, text);
        }
        for package in ["shop", "proj", "con_item"] {
            if !folder.join(package).exists() && !folder.join(format!("{package}.py")).exists() {
                // Commands run the example's settings, if it has some.
                write(&format!("{package}/__init__.py"), if python.is_empty() { STUB_APP } else { EXAMPLES_APP });
                write(&format!("{package}/tasks.py"), STUB_TASKS);
            }
        }
        let probe = fs::read_to_string("tests/celery/probe.py").expect("the probe");
        write("probe.py", &probe);
        write("probe_app.py", "from probe import make_app, modules\n\napp = make_app(modules())\n");
        (python, starts)
    }

    fn probe(&self, folder: &Path, python: &[String], starts: &[Start]) -> Verdict {
        let (stage, words) = match self.claim {
            Claim { ignored, .. } if !ignored.is_empty() => ("value", ignored.as_str()),
            Claim { at, words, .. } => (at.as_str(), words.as_str()),
        };
        let mut command = self.program(folder, python, "python");
        command.args(["probe.py", stage, words]);
        command.envs(starts.iter().flat_map(|start| start.environment.iter().cloned()));
        let run = watched(command, folder, Duration::from_secs(40), |_| false);
        let told: Option<serde_json::Value> =
            run.output.lines().rev().find_map(|line| line.starts_with('{').then(|| serde_json::from_str(line).ok())?);
        let Some(told) = told else { return self.judged(run) };
        if let Some(error) = told["error"].as_str() {
            return self.said(error);
        }
        if !self.claim.ignored.is_empty() {
            let value = format!("{} is {}", self.claim.ignored, told["value"]);
            return if told["value"] == told["default"] { Verdict::Fails(value) } else { Verdict::Works(value) };
        }
        let value = told["value"].to_string();
        let shown = !self.claim.output.is_empty() && value.contains(&self.claim.output);
        if shown { Verdict::Fails(value) } else { Verdict::Works(value) }
    }

    fn start(&self, folder: &Path, python: &[String], start: &Start) -> Run {
        let mut command = self.program(folder, python, "sh");
        command.args(["-c", &start.command]);
        if self.claim.at == "worker" {
            command.env("CELERY_BROKER_URL", "memory://");
        }
        command.envs(start.environment.iter().cloned());
        let shown = std::cell::Cell::new(None::<Instant>);
        let awaited = &self.claim.output;
        // The limit is for a busy machine; what runs well is told by its output.
        watched(command, folder, Duration::from_secs(45), move |output| {
            if !awaited.is_empty() {
                return output.contains(awaited.as_str());
            }
            if output.contains("transport:") || output.contains("LocalTime ->") {
                shown.set(shown.get().or(Some(Instant::now())));
            }
            // A worker or a beat that has shown its banner gets some seconds to fail.
            let started = output.contains(" ready.") || output.contains("Cannot connect to");
            started || shown.get().is_some_and(|since| since.elapsed() > Duration::from_secs(6))
        })
    }

    /// A program of the virtual environment, in the example's folder and without variables of the person who tests.
    fn program(&self, folder: &Path, python: &[String], name: &str) -> Command {
        let bin = fs::canonicalize(self.home).expect("the virtual environment").join("bin");
        let program = if name == "sh" { PathBuf::from("sh") } else { bin.join(name) };
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.current_dir(folder).env_clear().env("PATH", format!("{}:{path}", bin.display()));
        command
            .env("PROBE_FILES", python.join(" "))
            .env("HOME", folder)
            .env("PYTHONPATH", folder)
            .env("LANG", "C.UTF-8");
        // A worker says that it is ready, and at once.
        command.env("CELERY_WORKER_LOGLEVEL", "INFO").env("PYTHONUNBUFFERED", "1").envs(&self.claim.env);
        command
    }

    fn judged(&self, run: Run) -> Verdict {
        let last: Vec<&str> = run.output.lines().rev().filter(|line| !line.trim().is_empty()).take(2).collect();
        let last = last.join(" / ");
        if !self.claim.output.is_empty() {
            let seen = run.output.contains(&self.claim.output);
            return if seen { Verdict::Fails(last) } else { Verdict::Works(last) };
        }
        match run.status {
            Some(0) | None => Verdict::Works(last),
            Some(_) => match self.said(&run.output) {
                Verdict::Fails(_) => Verdict::Fails(last),
                _ => Verdict::FailsElse(last),
            },
        }
    }

    /// A failure, held against what the claim says of it.
    fn said(&self, error: &str) -> Verdict {
        let shown = error.chars().take(300).collect();
        let named = self.claim.says.is_empty() || self.claim.says.split(" | ").any(|words| error.contains(words));
        if named { Verdict::Fails(shown) } else { Verdict::FailsElse(shown) }
    }
}

/// Runs a program until it ends, its time is up or its output is enough, and ends what it left behind.
fn watched(mut command: Command, folder: &Path, limit: Duration, enough: impl Fn(&str) -> bool) -> Run {
    let log = folder.join("output.log");
    let file = fs::File::create(&log).expect("a log");
    command.stdin(Stdio::null()).stdout(file.try_clone().expect("the same log")).stderr(file).process_group(0);
    let mut child = command.spawn().expect("the program starts");
    let since = Instant::now();
    let output = || String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    let mut status = None;
    while since.elapsed() < limit {
        status = child.try_wait().expect("the program can be asked");
        if status.is_some() || enough(&output()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = Command::new("kill").args(["-9", "--", &format!("-{}", child.id())]).stderr(Stdio::null()).status();
    let _ = child.wait();
    Run { status: status.map(|status| status.code().unwrap_or(-1)), output: output() }
}

fn pairs<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The last CMD behind the last ENTRYPOINT, with the ENV before it.
fn docker_start(text: &str) -> Option<Start> {
    let environment = pairs(text.lines().filter_map(|line| line.strip_prefix("ENV ")));
    let last = |name| text.lines().rev().find_map(|line| line.strip_prefix(name));
    let words = |line: &str| -> Option<Vec<String>> { serde_json::from_str(line).ok() };
    let command = last("CMD ")?;
    let command = words(command).map_or_else(|| command.to_owned(), |words| quoted(&words));
    let before = last("ENTRYPOINT ").and_then(words).map_or_else(String::new, |words| quoted(&words) + " ");
    Some(Start { command: before + &command, environment })
}

fn quoted(words: &[String]) -> String {
    let quote = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// A scalar as the text that a container gets.
fn plain_text(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::String(text) => text.clone(),
        serde_yaml::Value::Null => String::new(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

fn words_of(value: &serde_yaml::Value) -> Vec<String> {
    value.as_sequence().map(|list| list.iter().map(plain_text).collect()).unwrap_or_default()
}

fn compose_starts(text: &str, starts: &mut Vec<Start>) {
    let Ok(file) = serde_yaml::from_str::<serde_yaml::Value>(text) else { return };
    let Some(services) = file["services"].as_mapping() else { return };
    for service in services.values() {
        let listed = words_of(&service["environment"]);
        let mut environment = pairs(listed.iter().map(String::as_str));
        if let Some(map) = service["environment"].as_mapping() {
            environment.extend(map.iter().map(|(name, value)| (plain_text(name), plain_text(value))));
        }
        let command = match &service["command"] {
            serde_yaml::Value::String(command) => command.clone(),
            list => quoted(&words_of(list)),
        };
        if !command.is_empty() || !environment.is_empty() {
            starts.push(Start { command, environment });
        }
    }
}

fn kubernetes_starts(text: &str, starts: &mut Vec<Start>) {
    for document in serde_yaml::Deserializer::from_str(text) {
        let Ok(file) = <serde_yaml::Value as serde::Deserialize>::deserialize(document) else { continue };
        let pod = if file["kind"] == "Pod" { &file["spec"] } else { &file["spec"]["template"]["spec"] };
        for container in pod["containers"].as_sequence().into_iter().flatten() {
            let mut words = words_of(&container["command"]);
            words.extend(words_of(&container["args"]));
            let variables = container["env"].as_sequence().into_iter().flatten();
            let environment = variables.map(|each| (plain_text(&each["name"]), plain_text(&each["value"]))).collect();
            starts.push(Start { command: quoted(&words), environment });
        }
    }
}
