use crate::catalogue::cards;
use crate::facts::value::Value;
use crate::facts::{Facts, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_QUEUES_INVALID, sees: &[Kind::Python], check };

/// RabbitMQ's own types of exchanges.
const EXCHANGES: [&str; 4] = ["direct", "topic", "fanout", "headers"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for declared in queues::declared(scope) {
            let setting = declared.said.setting.written.as_str();
            for found in declared.queues.iter().flat_map(|queue| &queue.ignored) {
                findings
                    .add(cards::TaskQueuesInvalid::Keyword { setting: found.as_str() })
                    .at(found)
                    .scope(&scope.name)
                    .as_said(&declared.said);
            }
            for found in declared.queues.iter().filter_map(|queue| queue.exchange_type) {
                let lower = found.as_str().to_ascii_lowercase();
                let is_slip = !EXCHANGES.contains(&found.as_str())
                    && (EXCHANGES.contains(&lower.as_str()) || nearest(&lower, EXCHANGES).is_some());
                if is_slip {
                    findings
                        .add(cards::TaskQueuesInvalid::Exchange { setting: found.as_str() })
                        .at(found)
                        .scope(&scope.name)
                        .as_said(&declared.said);
                }
            }
            let Some(refused) = declared.refused else { continue };
            let is_whole = std::ptr::eq(refused, declared.said.known);
            let message = match (&declared.said.known.value, &refused.value) {
                (_, Value::Call { .. }) if is_whole => cards::TaskQueuesInvalid::Single { setting },
                _ if is_whole => cards::TaskQueuesInvalid::Text { setting },
                (Value::Dict(_), _) => cards::TaskQueuesInvalid::Entry { setting },
                _ => cards::TaskQueuesInvalid::Item { setting },
            };
            let finding = findings.add(message).at(&refused.at).scope(&scope.name).as_said(&declared.said);
            if matches!(refused.value, Value::Call { .. }) && is_whole {
                finding.replace(&refused.at, &format!("[{}]", refused.at.as_str()));
            }
        }
    }
}
