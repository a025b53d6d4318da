use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Known, Value};
use crate::finding::Findings;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};

pub(super) const RULE: Rule = Rule { card: &cards::PUBLISH_RETRY_POLICY_KEY, sees: SETTINGS_KINDS, check };

// kombu/connection.py:557 (5.7.0), ensure(): the policy becomes its keyword arguments.
const KEYS: [&str; 7] =
    ["max_retries", "interval_start", "interval_step", "interval_max", "errback", "on_revive", "retry_errors"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_publish_retry_policy") {
            judge(said.known, said.is_conditional(), findings);
        }
    }
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        for (_, given) in sending.options.iter().filter(|(name, _)| name.as_str() == "retry_policy") {
            judge(&given.value, false, findings);
        }
    }
}

fn judge(policy: &Known, is_conditional: bool, findings: &mut Findings) {
    let Value::Dict(entries) = &policy.value else { return };
    for (key, _) in entries {
        let Some(key) = key.whole_text().filter(|key| !KEYS.contains(&key.as_str())) else { continue };
        let finding = findings.add(cards::PublishRetryPolicyKey { key }).at(key).uncertain_if(is_conditional);
        // One letter of difference counts three here.
        let meant = if key.as_str() == "max_retry" { Some("max_retries") } else { nearest(key.as_str(), KEYS) };
        if let Some(meant) = meant {
            finding.replace(key, meant);
        }
    }
}
