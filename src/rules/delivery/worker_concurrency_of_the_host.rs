use crate::catalogue::cards;
use crate::facts::{Answer, Facts, Role};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::WORKER_CONCURRENCY_OF_THE_HOST, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (variant, scope) in facts.scopes() {
        let Some(process) = scope.process.and_then(|number| variant.processes.get(number)) else { continue };
        let Some(container) = variant.container_of(process).filter(|_| process.role == Role::Worker) else { continue };
        let Some(limit) = &container.limits.cpu else { continue };
        let says = |option: &str, variable: &str| {
            process.command.uses(option).next().is_some() || process.environment.get(variable).is_some()
        };
        let is_chosen = says("--concurrency", "CELERY_WORKER_CONCURRENCY")
            || says("--autoscale", "CELERY_WORKER_AUTOSCALE")
            || says("--pool", "CELERY_WORKER_POOL")
            // Whoever counts processors has thought of it; a template's limit is not known.
            || scope.mentions("cpu_count")
            || container.is_template
            || process.command.open
            || limit.as_str().contains(['$', '{']);
        let pool_is_default = scope.said("worker_pool").next().is_none();
        if is_chosen || !pool_is_default || scope.said("worker_autoscaler").next().is_some() {
            continue;
        }
        match scope.answer("worker_concurrency") {
            // celery/worker/worker.py, setup_defaults: the number of processors that the operating system shows.
            Answer::Default => {
                findings.add(cards::WorkerConcurrencyOfTheHost::Default { limit }).at(limit).scope(&process.name);
            }
            // All code is shown. Only the image, which was not pasted, might set the variable.
            Answer::NotShown if scope.no_code_sets("worker_concurrency") && !container.environment.open => {
                findings
                    .add(cards::WorkerConcurrencyOfTheHost::Default { limit })
                    .at(limit)
                    .scope(&process.name)
                    .uncertain_if(true);
            }
            Answer::NotShown => {
                findings.ask(cards::WorkerConcurrencyOfTheHost::NotShown { limit }, limit, &["python"]);
            }
            Answer::Said(_) => {}
        }
    }
}
