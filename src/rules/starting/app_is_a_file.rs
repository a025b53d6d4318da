use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::modules::is_module_name;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::APP_IS_A_FILE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let written = app.as_str();
        let is_path = written.contains(['/', '\\']);
        if !is_path && !written.ends_with(".py") {
            continue;
        }
        let finding = findings.add(cards::AppIsAFile { app }).at(app).scope(&process.name);
        let module = written.trim_start_matches("./").trim_end_matches(".py").trim_end_matches('/').replace('/', ".");
        if is_module_name(&module) {
            finding.replace(app, &module);
        }
    }
}
