use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DJCELERY_USED, sees: &[Kind::Python], check };

const GONE: [&str; 2] = ["djcelery", "djkombu"];

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for import in file.imports.iter().filter(|import| !import.may_fail) {
            let package = import.module.split('.').next().unwrap_or_default();
            if GONE.contains(&package) {
                findings
                    .add(cards::DjceleryUsed { package })
                    .at(&import.module_at)
                    .uncertain_if(!import.conditions.is_empty());
            }
        }
        for app in &file.wiring.installed_apps {
            if GONE.contains(&app.as_str()) || app.as_str() == "kombu.transport.django" {
                findings.add(cards::DjceleryUsed { package: app.as_str() }).at(app);
            }
        }
    }
}
