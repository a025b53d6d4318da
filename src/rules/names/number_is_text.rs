use crate::catalogue::{Message, cards};
use crate::facts::python::Alternative;
use crate::facts::settings::Source;
use crate::facts::value::{Value, Why};
use crate::facts::{Facts, Said, Scope, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::NUMBER_IS_TEXT, sees: &[Kind::Python], check };

/// Settings with which a text really fails; with others it happens to work.
const FAILING: [&str; 9] = [
    "task_time_limit",
    "task_soft_time_limit",
    "beat_max_loop_interval",
    "beat_sync_every",
    "worker_concurrency",
    "worker_max_tasks_per_child",
    "worker_max_memory_per_child",
    "broker_pool_limit",
    "broker_connection_timeout",
];

fn check(facts: &Facts, findings: &mut Findings) {
    unset(facts, findings);
    for (_, scope) in facts.scopes() {
        for name in FAILING {
            let said: Vec<Said<'_>> = scope
                .said(name)
                .filter(|said| said.setting.source <= Source::Python)
                // A constant that other code reads is converted there.
                .filter(|said| !scope.names_read.contains(said.setting.written.as_str()))
                .collect();
            let is_number =
                |said: &Said<'_>| said.known.whole_text().is_some_and(|it| it.as_str().trim().parse::<f64>().is_ok());
            // `os.getenv("X", "600")`: the default tells more than the variable.
            let has_text = said.iter().any(is_number);
            for said in said {
                let text = said.known.whole_text();
                if !is_number(&said) && (has_text || !said.known.is_raw_variable()) {
                    continue;
                }
                let setting = &said.setting.written;
                let message: Message = match name {
                    "worker_concurrency" => cards::NumberIsText::Concurrency { setting }.into(),
                    "worker_max_tasks_per_child" => cards::NumberIsText::AtStart { setting }.into(),
                    "worker_max_memory_per_child" => cards::NumberIsText::InChildren { setting }.into(),
                    // billiard/pool.py, TimeoutHandler: it adds the limit to a time of day once a task takes a second.
                    "task_time_limit" | "task_soft_time_limit" if is_polled(scope) => {
                        cards::NumberIsText::InTime { setting }.into()
                    }
                    // celery/concurrency/asynpool.py, _on_soft_timeout: one limit is taken off the other. Alone,
                    // kombu's timer makes a number of it.
                    "task_time_limit" if has(scope, "task_soft_time_limit", &said) => {
                        cards::NumberIsText::BothLimits { setting }.into()
                    }
                    "task_soft_time_limit" if has(scope, "task_time_limit", &said) => {
                        cards::NumberIsText::BothLimits { setting }.into()
                    }
                    "task_time_limit" | "task_soft_time_limit" => continue,
                    "beat_max_loop_interval" | "beat_sync_every" => cards::NumberIsText::InBeat { setting }.into(),
                    _ => cards::NumberIsText::WhenSending { setting }.into(),
                };
                let finding = findings
                    .add(message)
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .uncertain_if(
                        may_be_none(said.known) || (said.is_conditional() && !lookup::is_default_of_variable(&said)),
                    )
                    .at_most_info_if(said.is_for_tests());
                let Some(expression) = &said.setting.expression else { continue };
                match text {
                    Some(text) if expression.as_str().trim_matches(['"', '\'']) == text.as_str() => {
                        finding.replace(expression, text.as_str().trim());
                    }
                    // int(None) would stop the program where the variable is not set.
                    None if !may_be_none(said.known) && expression.as_str() == said.known.at.as_str() => {
                        finding.replace(expression, &format!("int({})", expression.as_str()));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether the worker asks its broker again and again: it then looks at the time limits in a thread of its own.
fn is_polled(scope: &Scope) -> bool {
    const POLLED: [&str; 5] = ["filesystem", "memory", "sqla", "sqlalchemy", "mongodb"];
    let scheme = |said: Said<'_>| said.text().map(url::parse).and_then(|url| url.scheme_name());
    let mut schemes = scope.said("broker_url").map(scheme).peekable();
    let is_polled = |name: &str| POLLED.contains(&name.split('+').next().unwrap_or(name));
    schemes.peek().is_some() && schemes.all(|scheme| scheme.is_some_and(|it| is_polled(it.as_str())))
}

/// Whether the other limit is set beside this one.
fn has(scope: &Scope, other: &str, said: &Said<'_>) -> bool {
    scope.said(other).any(|it| it.can_hold_with(said) && !it.is_conditional() && !it.is_none())
}

/// `int(os.environ.get("X"))`, where everything is shown that could set the variable, and nothing does.
fn unset(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes().filter(|(_, scope)| scope.closed && !scope.reads_env_file()) {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let Some(container) = variant.container_of(process).filter(|it| !it.is_template) else { continue };
        if process.environment.open || container.environment.open {
            continue;
        }
        for setting in &scope.settings {
            let is_unknown = |it: &Alternative| it.conditions.is_empty() && matches!(it.known.value, Value::Unknown(_));
            let Some(expression) = &setting.expression else { continue };
            let Some(name) = variable_as_number(expression.as_str()) else { continue };
            if process.environment.get(name).is_some() || !setting.alternatives.iter().all(is_unknown) {
                continue;
            }
            let message = cards::NumberIsText::Unset { setting: &setting.written };
            findings.add(message).at(expression).related(&container.at, Role::Cause).scope(&scope.name);
        }
    }
}

/// The variable that `int(os.environ.get("X"))` reads, with no other value where it is not set.
fn variable_as_number(written: &str) -> Option<&str> {
    let inner = ["int(", "float("].iter().find_map(|cast| written.strip_prefix(cast)?.strip_suffix(')'))?;
    let readers = ["os.environ.get(", "environ.get(", "os.getenv(", "getenv("];
    let name =
        readers.iter().find_map(|reader| inner.strip_prefix(reader)?.strip_suffix(')'))?.trim_matches(['"', '\'']);
    name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_').then_some(name)
}

fn may_be_none(known: &crate::facts::value::Known) -> bool {
    matches!(known.value, Value::Unknown(Why::Environment { none_if_unset: true, .. }))
}
