use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};

pub(super) const RULE: Rule = Rule { card: &cards::VARIABLE_NOT_EXPORTED, sees: COMMAND_KINDS, check };

/// Words of code that finds variables in files too.
const READS_FILES: [&str; 7] =
    ["dotenv", "load_dotenv", "read_env", "decouple", "environs", "BaseSettings", "dynaconf"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        if !scope.makes_app || READS_FILES.iter().any(|word| scope.mentions(word)) {
            continue;
        }
        for (name, at) in &process.command.unexported {
            // As the name of a variable it stands in quotes.
            let is_read = [format!("\"{name}\""), format!("'{name}'")].iter().any(|it| scope.mentions(it))
                && ["environ", "getenv"].iter().any(|word| scope.mentions(word));
            if is_read && process.environment.get(name).is_none() {
                let finding = findings.add(cards::VariableNotExported { name: name.as_str() });
                finding.at(at).scope(&process.name).uncertain_if(process.command.is_conditional);
            }
        }
    }
}
