use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::FLASK_OUTSIDE_CONTEXT, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let any = |is: &SlipKind| facts.python_code.iter().flat_map(|file| &file.slips).any(|it| it.is == *is);
    let has_context = any(&SlipKind::FlaskContext) || any(&SlipKind::TaskClassGiven);
    // The context may come from where the app is made.
    let shows_app = facts.python_code.iter().any(|file| !file.wiring.apps.is_empty());
    let imports = |package: &str| {
        facts.python_code.iter().flat_map(|file| &file.imports).any(|it| it.module.split('.').next() == Some(package))
    };
    let is_flask = imports("flask_sqlalchemy");
    for file in facts.python_code.iter().filter(|file| !file.is_test_code()) {
        for slip in &file.slips {
            let is_request = match slip.is {
                SlipKind::FlaskName { is_request } => is_request,
                SlipKind::FlaskDatabase if is_flask => false,
                _ => continue,
            };
            let Some(task) = slip.in_task.and_then(|task| file.tasks.get(task)) else { continue };
            let found = &slip.at;
            let message: Message = if is_request {
                cards::FlaskOutsideContext::Request { found }.into()
            } else if !has_context && shows_app && task.option("base").is_none() && !task.is_open {
                cards::FlaskOutsideContext::App { found }.into()
            } else {
                continue;
            };
            if !task.is_wrapped {
                findings.add(message).at(found);
            }
        }
    }
}
