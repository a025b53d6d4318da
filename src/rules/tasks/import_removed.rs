use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::imports;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::IMPORT_REMOVED, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in &facts.python_code {
        for import in file.imports.iter().filter(|import| !import.may_fail) {
            let name = import.name.as_ref().map(|name| name.as_str());
            let Some(row) = imports::find(&import.module, name) else { continue };
            let is_module = import.module == row.module || import.module.starts_with(&format!("{}.", row.module));
            let gone = match (&row.name, &import.name) {
                (Some(name), _) => format!("{}.{name}", row.module),
                (None, _) => row.module.to_owned(),
            };
            let message: Message = match row.replacement {
                Some(replacement) => cards::ImportRemoved::Moved { gone: &gone, replacement }.into(),
                None => cards::ImportRemoved::Gone { gone: &gone, replacement: "" }.into(),
            };
            let at = match &import.name {
                // Another name of the same module may still be there.
                Some(taken) if row.name.is_some() || !is_module => taken,
                _ => &import.module_at,
            };
            let finding = findings.add(message).at(at).uncertain_if(!import.conditions.is_empty());
            finding.only_in = row.gone_in.and_then(VersionRange::parse);
            // The same names stand in the new module.
            if matches!(row.module, "celery.utils.encoding" | "celery.utils.timeutils" | "celery.worker.job")
                && row.module == import.module
                && let Some(replacement) = row.replacement
            {
                finding.replace(&import.module_at, replacement);
            }
        }
    }
}
