use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::settings::Source;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_POOL_UNKNOWN, sees: &[Kind::Python], check };

/// celery/concurrency/__init__.py, ALIASES (5.7.0); `custom` takes its class from CELERY_CUSTOM_WORKER_POOL.
const POOLS: [&str; 7] = ["prefork", "processes", "solo", "threads", "gevent", "eventlet", "custom"];
/// Names that other tools use, and the pool that they mean.
const ALSO: [(&str, &str); 7] = [
    ("thread", "threads"),
    ("threading", "threads"),
    ("threadpool", "threads"),
    ("process", "prefork"),
    ("fork", "prefork"),
    ("multiprocessing", "prefork"),
    ("single", "solo"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("worker_pool").filter(|said| said.setting.source <= Source::Python) {
            let Some(found) = said.known.whole_text().filter(|text| !text.is_empty()) else { continue };
            let written = found.as_str();
            // With a dot or a colon it is a class of the project's own.
            if POOLS.contains(&written) || written.contains(['.', ':']) {
                continue;
            }
            let lower = written.trim().to_ascii_lowercase();
            let meant = ALSO
                .iter()
                .find(|(other, _)| *other == lower)
                .map(|(_, pool)| *pool)
                .or_else(|| POOLS.into_iter().find(|pool| *pool == lower))
                .or_else(|| nearest(&lower, POOLS));
            let finding = match meant {
                Some(meant) => findings.add(cards::WorkerPoolUnknown::Misspelt { found, meant }),
                None => findings.add(cards::WorkerPoolUnknown::Unknown { found, meant: "prefork" }),
            };
            finding.at(found).scope(&scope.name).as_said(&said);
            if let Some(meant) = meant {
                finding.replace(found, meant);
            }
        }
    }
}
