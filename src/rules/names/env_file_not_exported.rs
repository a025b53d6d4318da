use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

const KINDS: &[Kind] = &[Kind::Shell, Kind::Command];

pub(super) const RULE: Rule = Rule { card: &cards::ENV_FILE_NOT_EXPORTED, sees: KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for it in &facts.unexported {
        let message = cards::EnvFileNotExported { file: &it.at, name: &it.name };
        findings.add(message).at(&it.at).related(&it.name, Role::Cause);
    }
}
