use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::installed_apps::meant_by;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::INSTALLED_APP_MISSPELT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for found in &file.wiring.installed_apps {
            let Some(meant) = meant_by(found.as_str()) else { continue };
            findings
                .add(cards::InstalledAppMisspelt { found, meant })
                .at(found)
                .at_most_info_if(file.is_for_tests())
                .replace(found, meant);
        }
    }
}
