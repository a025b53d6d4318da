use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NOT_EXPORTED, sees: COMMAND_KINDS, check };

/// Words of code that may find variables in files too, told to by code that is not in sight.
const MAY_READ_FILES: [&str; 3] = ["dotenv", "environs", "BaseSettings"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let may_read_files = scope.reads_env_file() || MAY_READ_FILES.iter().any(|word| scope.mentions(word));
        if !scope.makes_app || may_read_files {
            continue;
        }
        for (name, at) in &process.command.unexported {
            if scope.looks_up_variable(name) && process.environment.get(name).is_none() {
                let finding = findings.add(cards::VariableNotExported { name: name.as_str() });
                finding.at(at).scope(&process.name).uncertain_if(process.command.is_conditional);
            }
        }
    }
}
