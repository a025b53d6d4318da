use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DJANGO_MODELS_TOO_EARLY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let makes_app =
        facts.python_code.iter().filter(|it| it.wiring.configured_from_django.is_some() && !it.wiring.apps.is_empty());
    for file in makes_app.filter(|it| !it.is_test_code()) {
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::ModelsEarly) {
            findings.add(cards::DjangoModelsTooEarly { found: &slip.at }).at(&slip.at);
        }
    }
}
