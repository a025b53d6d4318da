use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::EXPIRES_BEFORE_START, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        let option = |wanted: &str| sending.options.iter().find(|(name, _)| name.as_str() == wanted).map(|(_, it)| it);
        let (Some(countdown), Some(expires)) = (option("countdown"), option("expires")) else { continue };
        let (Some(waits), Some(lives)) = (countdown.value.seconds(), expires.value.seconds()) else { continue };
        if lives > 0.0 && lives <= waits {
            findings
                .add(cards::ExpiresBeforeStart { expires: &expires.at, countdown: &countdown.at })
                .at(&expires.at)
                .related(&countdown.at, crate::words::Role::Conflict);
        }
    }
}
