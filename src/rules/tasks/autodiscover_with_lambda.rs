use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::AUTODISCOVER_WITH_LAMBDA, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // 3.1 needed it.
    if facts.celery.any_in("<4.0") {
        return;
    }
    for file in facts.python_code.iter().filter(|file| file.wiring.configured_from_django.is_some()) {
        for discovery in &file.wiring.autodiscovers {
            if let Some(argument) = &discovery.all_apps {
                findings.add(cards::AutodiscoverWithLambda { argument }).at(argument).replace(argument, "");
            }
        }
    }
}
