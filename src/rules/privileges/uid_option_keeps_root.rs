use crate::catalogue::{Message, cards};
use crate::facts::containers::UserSet;
use crate::facts::{Facts, Role, StartsAs};
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::UID_OPTION_KEEPS_ROOT, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        if !matches!(process.role, Role::Worker | Role::Beat) {
            continue;
        }
        // Whoever is not root stays what they are; with --uid that is another rule's finding.
        if matches!(process.starts_as(variant), StartsAs::Somebody(_)) {
            continue;
        }
        let uid = process.option("--uid");
        let (at, message): (_, Message) = match (uid, process.option("--gid")) {
            (Some(given), _) => {
                let Some(user) = given.text() else { continue };
                if (UserSet { name: user.clone() }).is_root() != Some(true) {
                    continue;
                }
                (user, cards::UidOptionKeepsRoot::UidIsRoot { option: &given.written }.into())
            }
            (None, Some(given)) => {
                (&given.written, cards::UidOptionKeepsRoot::OnlyGid { option: &given.written }.into())
            }
            (None, None) => continue,
        };
        findings.add(message).at(at).scope(&process.name);
    }
}
