use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::CONFIG_IS_A_FILE, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    let by_option = facts.processes().filter_map(|(_, process)| process.option("--config")?.text());
    // The loader of an app without settings of its own (celery/loaders/default.py).
    let by_variable = facts
        .processes()
        .filter_map(|(_, process)| Some(process.environment.get("CELERY_CONFIG_MODULE")?.value.as_ref()?.whole()?));
    let in_code = facts.python_code.iter().flat_map(|file| &file.wiring.configured_from);
    for found in in_code.chain(by_option).chain(by_variable) {
        let written = found.as_str();
        let Some(path) = written.strip_suffix(".py") else { continue };
        let module = path.trim_start_matches("./").replace('/', ".");
        let finding = findings.add(cards::ConfigIsAFile { found, module: &module }).at(found);
        let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if module.split('.').all(is_name) {
            finding.replace(found, &module);
        }
    }
}
