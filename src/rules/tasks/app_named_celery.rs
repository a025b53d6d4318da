use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::APP_NAMED_CELERY, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    // The file that is meant; without it, the command may rely on celeryconfig.py.
    let meant = facts
        .python_code
        .iter()
        .filter(|file| file.part.is_none() && file.file_name() == "celery.py")
        .find_map(|file| file.wiring.apps.first());
    let Some(meant) = meant else { return };
    for (_, process) in facts.processes() {
        let Some(app) = process.command.value("--app").filter(|app| !app.expands) else { continue };
        if app.as_str() == "celery" {
            findings
                .add(cards::AppNamedCelery { app: &app.text })
                .at(&app.text)
                .related(meant, Role::Conflict)
                .scope(&process.name);
        }
    }
}
