use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule =
    Rule { card: &cards::VARIABLE_NOT_EXPANDED, sees: &[Kind::Dockerfile, Kind::Compose, Kind::Kubernetes], check };

/// Options in whose values nobody writes a dollar sign for its own sake.
const OPTIONS: [&str; 15] = [
    "--app",
    "--concurrency",
    "--hostname",
    "--queues",
    "--loglevel",
    "--pool",
    "--destination",
    "--autoscale",
    "--max-tasks-per-child",
    "--max-memory-per-child",
    "--time-limit",
    "--soft-time-limit",
    "--prefetch-multiplier",
    "--logfile",
    "--pidfile",
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        // A shell, or what starts the program, fills it in.
        if !matches!(process.kind, Kind::Dockerfile | Kind::Kubernetes | Kind::Compose)
            || process.command.joined.is_some()
        {
            continue;
        }
        let hidden = variant.container_of(process).is_some_and(|it| it.hidden_entrypoint.is_some())
            || variant.image_of(process).is_some_and(|it| it.hidden_entrypoint.is_some() || !it.base_runs_as_root())
            || (process.kind == Kind::Compose && variant.image_of(process).is_none());
        for option in process.command.before.iter().chain(&process.command.options) {
            let is_plain = option.known.is_some_and(|row| OPTIONS.contains(&row.means));
            let Some(word) = option.value.as_ref().filter(|word| is_plain && !word.expands) else { continue };
            if let Some(found) = variable(&word.text) {
                findings
                    .add(cards::VariableNotExpanded { found: &found, option: &option.written })
                    .at(&found)
                    .scope(&process.name)
                    .uncertain_if(hidden);
            }
        }
    }
}

/// `$NAME` or `${NAME}` in a word.
fn variable(word: &Text) -> Option<Text> {
    let written = word.as_str();
    let start = written.find('$')?;
    let rest = &written[start + 1..];
    let length = match rest.strip_prefix('{') {
        Some(inner) => inner.find('}')? + 2,
        None => rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()),
    };
    let is_name = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '{') && length > 0;
    is_name.then(|| word.slice(start..start + 1 + length))
}
