use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::How;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_ON_COMMIT_TOO_OLD, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    // celery/contrib/django/task.py came with 5.4.0. Whoever does not say the version has a newer one.
    if !facts.celery.is_known() || !facts.celery.all_in("<5.4") {
        return;
    }
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        if matches!(sending.how, How::DelayOnCommit | How::ApplyAsyncOnCommit) {
            findings.add(cards::DelayOnCommitTooOld { method: &sending.method }).at(&sending.method);
        }
    }
}
