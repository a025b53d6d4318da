use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::Facts;
use crate::facts::tasks::{CodeFile, How};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_ON_COMMIT_TOO_OLD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let is_web = is_web_without_django(facts);
    // celery/contrib/django/task.py came with 5.4.0. Whoever may have a newer version most likely has.
    let is_certain = facts.celery.all_in("<5.4");
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        if matches!(sending.how, How::DelayOnCommit | How::ApplyAsyncOnCommit) {
            let method = &sending.method;
            if is_web {
                findings.add(cards::DelayOnCommitTooOld::NoDjango { method }).at(method);
                continue;
            }
            let finding = findings.add(cards::DelayOnCommitTooOld::TooOld { method });
            finding.at(&sending.method).at_most_info_if(!is_certain).only_in = VersionRange::parse("<5.4");
        }
    }
}

/// Whether another web framework is imported, and Django is nowhere: celery/fixups/django.py gives tasks these methods
/// where `DJANGO_SETTINGS_MODULE` is set.
fn is_web_without_django(facts: &Facts) -> bool {
    let imports = |package: &str| {
        let mut modules = facts.python_code.iter().flat_map(|file| &file.imports).map(|it| it.module.as_str());
        modules.any(|module| module.split('.').next() == Some(package))
    };
    let names_django =
        |file: &CodeFile| file.wiring.names_settings_module || file.wiring.configured_from_django.is_some();
    let is_other = imports("flask") || imports("fastapi");
    is_other && !imports("django") && facts.installed_apps.is_none() && !facts.python_code.iter().any(names_django)
}
