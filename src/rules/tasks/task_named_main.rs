use crate::catalogue::cards;
use crate::facts::tasks::{CodeFile, SlipKind};
use crate::facts::{Facts, Role as Does};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::python::Condition;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_NAMED_MAIN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (number, file) in facts.python_code.iter().enumerate() {
        let mut apps = file.slips.iter().filter_map(|it| match &it.is {
            SlipKind::AppNamed(name) => Some((name, &it.at)),
            _ => None,
        });
        let Some((name, app)) = apps.next() else { continue };
        if file.wiring.apps.len() != 1 || file.is_test_code() || !is_unknown_to_worker(facts, number, name) {
            continue;
        }
        // A worker that the script itself starts knows its tasks by the same names.
        if facts.processes().any(|(_, it)| it.command.program.span().source == file.source) {
            continue;
        }
        let serves = serves_itself(facts, file);
        for sending in &file.sendings {
            let is_main = sending.conditions.iter().any(Condition::is_of_main);
            let Some(task) = sending.task.filter(|it| it.file == number).and_then(|it| facts.task(it)) else {
                continue;
            };
            let is_sent = is_main || (serves && sending.in_task.is_none());
            if is_sent && task.option("name").is_none() && !task.is_open {
                let found = format!("{name}.{}", task.name.as_str());
                let finding = findings.add(cards::TaskNamedMain { found: &found });
                finding.at(&sending.at).related(app, Role::Cause);
            }
        }
    }
}

/// Whether a worker knows the file by another name: it is never `__main__`, and a worker's command tells the others.
fn is_unknown_to_worker(facts: &Facts, number: usize, name: &str) -> bool {
    let loads = |app: &str| {
        let module = facts.module(app).or_else(|| facts.module(app.rsplit_once('.')?.0));
        module == Some(number) && !facts.python_code[number].is_file_of(name)
    };
    name == "__main__"
        || facts.processes().filter(|(_, it)| it.role == Does::Worker).any(|(_, process)| {
            let app = process.option("--app").and_then(|it| it.text());
            app.is_some_and(|app| loads(app.as_str().split(':').next().unwrap_or_default()))
        })
}

/// Whether the file is run as a script that serves the web: a container says so, or nothing is said of any.
fn serves_itself(facts: &Facts, file: &CodeFile) -> bool {
    let is_started_otherwise = || {
        let servers = ["gunicorn", "uwsgi", "waitress"];
        servers.iter().any(|name| facts.packages.named(name).next().is_some())
            || facts.kinds.contains(&Kind::Procfile)
            || facts
                .variants
                .iter()
                .any(|it| !it.containers.is_empty() || !it.images.is_empty() || !it.daemons.is_empty())
    };
    facts.is_script_of_container(file)
        || (file.slips.iter().any(|it| it.is == SlipKind::ServesHere) && !is_started_otherwise())
}
