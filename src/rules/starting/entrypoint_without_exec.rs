use crate::catalogue::{Message, cards};
use crate::facts::containers::is_root_base;
use crate::facts::{Facts, Process, Role, Variant};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::ENTRYPOINT_WITHOUT_EXEC, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let command = &process.command;
        let is_stopped =
            process.role == Role::Worker && command.is_forked && !command.is_beside && command.of_multi.is_none();
        if !is_stopped || variant.container_of(process).is_some_and(|it| it.stop.hook.is_some()) {
            continue;
        }
        let program = &command.program;
        let Some(is_script) = is_of_script(variant, process) else { continue };
        let message: Message = match is_script {
            true => cards::EntrypointWithoutExec::Script { program }.into(),
            false => cards::EntrypointWithoutExec::Shell { program }.into(),
        };
        findings.add(message).at(program).scope(&process.name);
    }
}

/// Whether a script of its own starts it in a container, or the shell that `CMD celery …` begins; `None` for neither.
fn is_of_script(variant: &Variant, process: &Process) -> Option<bool> {
    let source = process.command.program.span().source;
    let container = variant.container_of(process);
    let image = variant.image_of(process);
    if container.is_some_and(|it| it.at.span().source == source) {
        return None;
    }
    match image {
        // Debian's dash waits for its last command too; bash and busybox give it their place.
        Some(image) if image.at.span().source == source => {
            let is_debian = is_root_base(image.base.as_str()) && image.base.as_str().starts_with("python:");
            (is_debian && !image.base.as_str().contains("alpine") && !image.has_shell).then_some(false)
        }
        None if container.is_none() => None,
        _ => Some(true),
    }
}
