use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::MULTI_OPTION_WITHOUT_EQUALS, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let nodes = &process.command;
        if nodes.of_multi.is_none() {
            continue;
        }
        for option in nodes.before.iter().chain(&nodes.options) {
            // celery/apps/multi.py, NamespacedOptionParser.parse (4.4.7, 5.3.6 and 5.7.0): `--name value` are two words.
            let is_split = option.value.is_none()
                && option.written.as_str().starts_with("--")
                && option.known.is_some_and(|row| row.takes_value);
            if is_split {
                let finding = findings.add(cards::MultiOptionWithoutEquals { option: &option.written });
                finding.at(&option.written).scope(&process.name);
                // 4.x takes `--app` out before `multi` sees it.
                if nodes.before.iter().any(|it| it.written.span() == option.written.span()) {
                    finding.only_in = VersionRange::parse(">=5.0");
                }
            }
        }
    }
}
