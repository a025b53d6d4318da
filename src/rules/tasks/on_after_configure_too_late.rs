use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::ON_AFTER_CONFIGURE_TOO_LATE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let discovers =
        facts.python_code.iter().any(|it| !it.wiring.autodiscovers.is_empty() && !it.wiring.apps.is_empty());
    let is_imported = |stem: &str| {
        facts.python_code.iter().flat_map(|file| &file.imports).any(|import| {
            import.module.rsplit('.').next() == Some(stem) || import.name.as_ref().is_some_and(|it| it.as_str() == stem)
        })
    };
    if !discovers || is_imported("tasks") {
        return;
    }
    let is_sure = facts.shows_start();
    for file in facts.python_code.iter().filter(|it| it.file_name() == "tasks.py" && it.wiring.apps.is_empty()) {
        for receiver in file.receivers.iter().filter(|it| it.signal.as_str().ends_with(".on_after_configure")) {
            let at = &receiver.signal;
            let finding = findings.add(cards::OnAfterConfigureTooLate { found: at }).at(at).uncertain_if(!is_sure);
            finding.replace(at, &at.as_str().replace("on_after_configure", "on_after_finalize"));
        }
    }
}
