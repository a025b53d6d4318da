use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_LOG_FORMAT_FIELD, sees: &[Kind::Python], check };

/// What people take for a field of a log record, and the field. Filters may add others.
const MEANT: [(&str, &str); 18] = [
    ("task", "task_name"),
    ("taskname", "task_name"),
    ("id", "task_id"),
    ("taskid", "task_id"),
    ("level", "levelname"),
    ("severity", "levelname"),
    ("loglevel", "levelname"),
    ("time", "asctime"),
    ("timestamp", "asctime"),
    ("date", "asctime"),
    ("asctim", "asctime"),
    ("logger", "name"),
    ("line", "lineno"),
    ("file", "filename"),
    ("func", "funcName"),
    ("funcname", "funcName"),
    ("processname", "processName"),
    ("msg_text", "message"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in ["worker_log_format", "worker_task_log_format"] {
            for said in scope.said(name) {
                let Some(format) = said.known.whole_text() else { continue };
                if let Some(found) = braces(format) {
                    findings
                        .add(cards::WorkerLogFormatField::Braces { found: found.as_str(), meant: &percent(&found) })
                        .at(&found)
                        .scope(&scope.name)
                        .as_said(&said);
                }
                for field in fields(format) {
                    let listed = MEANT.iter().find(|(written, _)| *written == field.as_str()).map(|(_, meant)| *meant);
                    // Only the formatter of tasks adds these (celery/app/log.py, TaskFormatter).
                    let is_of_tasks = name == "worker_log_format" && matches!(field.as_str(), "task_id" | "task_name");
                    let message = match listed {
                        Some(meant) => cards::WorkerLogFormatField::Unknown { found: field.as_str(), meant },
                        None if is_of_tasks => {
                            cards::WorkerLogFormatField::OfTasks { found: field.as_str(), meant: "" }
                        }
                        None => continue,
                    };
                    findings.add(message).at(&field).scope(&scope.name).as_said(&said);
                }
            }
        }
    }
}

/// `{message}` in a format without a percent sign: Celery's formatters have the style of `%`, which refuses it.
fn braces(format: &Text) -> Option<Text> {
    let written = format.as_str();
    let start = ["{message", "{levelname", "{asctime"].iter().filter_map(|field| written.find(field)).min()?;
    let end = start + written[start..].find('}')? + 1;
    (!written.contains('%')).then(|| format.slice(start..end))
}

fn percent(found: &Text) -> String {
    let name = found.as_str().trim_matches(['{', '}']).split([':', '!']).next().unwrap_or_default();
    format!("%({name})s")
}

/// The names in `%(name)s`.
fn fields(format: &Text) -> Vec<Text> {
    let written = format.as_str();
    let starts = written.match_indices("%(").map(|(at, _)| at + 2);
    starts.filter_map(|start| Some(format.slice(start..start + written[start..].find(')')?))).collect()
}
