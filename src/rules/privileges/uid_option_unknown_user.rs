use crate::catalogue::cards;
use crate::facts::containers::UserSet;
use crate::facts::{Facts, Role, StartsAs};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_UNKNOWN_USER, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if !matches!(process.role, Role::Worker | Role::Beat) {
            continue;
        }
        let Some(word) = process.command.value("--uid").filter(|word| !word.expands) else { continue };
        let Some(number) = (UserSet { name: word.text.clone() }).number() else { continue };
        let Some(image) = variant.image_of(process) else { continue };
        // Users below 1000 and nobody come with the official images.
        let may_exist = number < 1000
            || number == 65534
            || image.creates_unknown_users
            || image.hidden_entrypoint.is_some()
            || !image.base_runs_as_root()
            || image.users.iter().any(|known| *known == number.to_string());
        // Without root it ends before the look-up, which is another rule's finding.
        if may_exist || matches!(process.starts_as(variant), StartsAs::Somebody(_)) {
            continue;
        }
        findings
            .add(cards::UidOptionUnknownUser { uid: &word.text })
            .at(&word.text)
            .related(&image.at, crate::words::Role::Cause)
            .scope(&process.name);
    }
}
