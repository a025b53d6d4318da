use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::CONFIG_IS_A_FILE, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for found in facts.python_code.iter().flat_map(|file| &file.wiring.configured_from) {
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
