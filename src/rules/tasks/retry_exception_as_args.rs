use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::RETRY_EXCEPTION_AS_ARGS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for found in facts.python_code.iter().flat_map(|file| &file.retries).filter_map(|it| it.exception_first.as_ref()) {
        findings.add(cards::RetryExceptionAsArgs { found }).at(found).replace(
            found,
            &format!("{}={}", if is_number(found.as_str()) { "countdown" } else { "exc" }, found.as_str()),
        );
    }
}

fn is_number(written: &str) -> bool {
    written.starts_with(|it: char| it.is_ascii_digit())
}
