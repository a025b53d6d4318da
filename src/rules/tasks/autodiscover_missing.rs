use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::AUTODISCOVER_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let discovers = facts.python_code.iter().any(|file| !file.wiring.autodiscovers.is_empty());
    let names_modules =
        facts.scopes().any(|(_, scope)| ["imports", "include"].iter().any(|name| scope.said(name).next().is_some()));
    if discovers || names_modules {
        return;
    }
    // The settings may name the modules, so without them this is no more than a hint.
    let has_settings = facts.python_code.iter().any(|file| file.path.contains("settings"));
    for file in facts.python_code.iter().filter(|file| file.is_whole && file.part.is_none()) {
        let imports_tasks = file.imports.iter().any(|import| {
            import.module.contains("tasks") || import.name.as_ref().is_some_and(|name| name.as_str().contains("tasks"))
        });
        // Tasks beside the app are known with it.
        let Some(app) = file.wiring.apps.first().filter(|_| file.tasks.is_empty() && !imports_tasks) else { continue };
        if file.wiring.configured_from_django.is_none() {
            continue;
        }
        let message: Message = if has_settings {
            cards::AutodiscoverMissing::Missing { file: file.file_name() }.into()
        } else {
            cards::AutodiscoverMissing::UnlessSettings { file: file.file_name() }.into()
        };
        findings.add(message).at(app);
    }
}
