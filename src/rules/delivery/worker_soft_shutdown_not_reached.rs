use crate::catalogue::cards;
use crate::facts::value::Template;
use crate::facts::{Facts, Process, Role as ProcessRole, Variant};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_SOFT_SHUTDOWN_NOT_REACHED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let Some(container) = variant.container_of(process).filter(|_| process.role == ProcessRole::Worker) else {
            continue;
        };
        for said in scope.said("worker_soft_shutdown_timeout") {
            let Some(seconds) = said.number().filter(|number| *number > 0.0) else { continue };
            let setting = &said.setting.written;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few seconds")]
            let soft = seconds.ceil() as u64;
            let finding = match starts_softly(variant, process) {
                Some(false) => findings.add(cards::WorkerSoftShutdownNotReached::Never { setting, soft, grace: soft }),
                Some(true) => {
                    let Some(grace) = container.grace_seconds().filter(|grace| soft >= *grace) else { continue };
                    findings.add(cards::WorkerSoftShutdownNotReached::CutShort { setting, soft, grace })
                }
                None => continue,
            };
            if let Some((_, at)) = &container.stop.grace {
                finding.related(at, Role::Conflict);
            }
            finding.at(&said.known.at).scope(&process.name).as_said(&said);
        }
    }
}

/// Whether stopping the container begins a soft shutdown: only SIGQUIT does, and SIGTERM where REMAP_SIGTERM makes it
/// one (celery/apps/worker.py, install_worker_term_handler, 5.7.0). `None` if a file that is not shown decides.
fn starts_softly(variant: &Variant, process: &Process) -> Option<bool> {
    let container = variant.container_of(process)?;
    let image = variant.image_of(process);
    let is_hidden = container.is_template
        || container.stop.hook.is_some()
        || container.hidden_entrypoint.is_some()
        || image.is_none_or(|image| image.hidden_entrypoint.is_some());
    let signal = container.stop.signal.as_ref().or_else(|| image.and_then(|image| image.stop_signal.as_ref()));
    let name = signal.map(|signal| signal.as_str().trim().to_ascii_uppercase());
    match name.as_deref() {
        Some("SIGQUIT" | "QUIT" | "3") => return Some(true),
        None | Some("SIGTERM" | "TERM" | "15") => {}
        Some(_) => return None,
    }
    match process.environment.get("REMAP_SIGTERM").map(|variable| &variable.value) {
        Some(Some(value)) => {
            let word = Template::whole(value).map(Text::as_str)?;
            if word == "SIGQUIT" { Some(true) } else { (!is_hidden).then_some(false) }
        }
        Some(None) => None,
        None if is_hidden || process.environment.open => None,
        None => Some(false),
    }
}
