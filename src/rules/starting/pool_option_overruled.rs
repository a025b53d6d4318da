use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::POOL_OPTION_OVERRULED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(given) = process.option("--pool") else { continue };
        let Some(option) = given.text().filter(|text| text.as_str() == "prefork") else { continue };
        for scope in variant.scopes_of(process) {
            for said in scope.said("worker_pool") {
                let Some(pool) = said.known.whole_text() else { continue };
                // celery/bin/worker.py, WorkersPool.convert: the default of the option gives way (5.1 and newer).
                if ["prefork", "processes"].contains(&pool.as_str()) || std::ptr::eq(pool, option) {
                    continue;
                }
                findings
                    .add(cards::PoolOptionOverruled { setting: &said.setting.written, pool })
                    .at(option)
                    .related(pool, crate::words::Role::Conflict)
                    .scope(&process.name)
                    .as_said(&said);
            }
        }
    }
}
