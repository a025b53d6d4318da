use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::PURGE_UNANSWERED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let command = &process.command;
        let Some(purge) = command.subcommand.as_ref().filter(|name| name.as_str() == "purge") else { continue };
        let is_answered = command.before.iter().chain(&command.options).any(|option| {
            matches!(option.known.map(|row| row.means), Some("--force" | "--help")) || option.known.is_none()
        });
        if is_answered || command.open || command.is_piped {
            continue;
        }
        let message: Message = match process.kind {
            Kind::Kubernetes | Kind::Systemd | Kind::Supervisord => {
                cards::PurgeUnanswered::Nobody { option: "-f" }.into()
            }
            // Somebody may run these by hand.
            Kind::Compose | Kind::Dockerfile | Kind::Procfile => cards::PurgeUnanswered::MayBe { option: "-f" }.into(),
            _ => continue,
        };
        findings.add(message).at(purge).scope(&process.name);
    }
}
