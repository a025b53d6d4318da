use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::Facts;
use crate::facts::tasks::How;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_ON_COMMIT_TOO_OLD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // celery/contrib/django/task.py came with 5.4.0. Whoever may have a newer version most likely has.
    let is_certain = facts.celery.all_in("<5.4");
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        if matches!(sending.how, How::DelayOnCommit | How::ApplyAsyncOnCommit) {
            let finding = findings.add(cards::DelayOnCommitTooOld { method: &sending.method });
            finding.at(&sending.method).at_most_info_if(!is_certain).only_in = VersionRange::parse("<5.4");
        }
    }
}
