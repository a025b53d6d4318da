use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::settings::Source;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::SETTING_NOT_A_NUMBER, sees: &[Kind::Python], check };

/// What Celery's own table does not call a number, though nothing else works.
const NUMBERS: [&str; 2] = ["worker_concurrency", "task_default_priority"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for row in
            celery::settings().iter().filter(|row| matches!(row.kind, "int" | "float") || NUMBERS.contains(&row.name))
        {
            for said in scope.said(row.name).filter(|said| said.setting.source <= Source::Python) {
                let Some(found) = said.known.whole_text() else { continue };
                // A table of names: `CELERYD_CONCURRENCY = "celerydConcurrency"`.
                let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
                if plain(found.as_str()) == plain(said.setting.written.as_str()) {
                    continue;
                }
                let is_number = found.as_str().trim().replace('_', "").parse::<f64>().is_ok();
                if is_number || found.is_empty() || scope.names_read.contains(said.setting.written.as_str()) {
                    continue;
                }
                let setting = &said.setting.written;
                let message = match row.name {
                    // celery/backends/base.py, prepare_expires
                    "result_expires" => cards::SettingNotANumber::Refused { setting, found },
                    // The children and the pool calculate with these; each was tried.
                    "task_time_limit" | "task_soft_time_limit" | "worker_max_memory_per_child" => {
                        cards::SettingNotANumber::Fails { setting, found }
                    }
                    "worker_concurrency" => cards::SettingNotANumber::Concurrency { setting, found },
                    _ => cards::SettingNotANumber::Text { setting, found },
                };
                findings.add(message).at(&said.known.at).scope(&scope.name).as_said(&said);
            }
        }
    }
}
