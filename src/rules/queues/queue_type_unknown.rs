use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::{Facts, Scope, queues};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::QUEUE_TYPE_UNKNOWN, sees: &[Kind::Python], check };

/// Settings that hold a type, and the versions that read them (celery/app/amqp.py:236, :333, 5.7.0).
const SETTINGS: [(&str, &str); 2] = [("task_default_queue_type", ">=5.5"), ("task_create_missing_queue_type", ">=5.6")];

/// RabbitMQ has it, Celery has not.
const STREAM: &str = "stream";

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for (setting, versions) in SETTINGS {
            for said in scope.said(setting) {
                let Some(text) = said.known.whole_text() else { continue };
                let written = said.setting.written.as_str();
                let found = match text.as_str() {
                    STREAM => {
                        let finding = findings.add(cards::QueueTypeUnknown::NotTaken { setting: written, found: text });
                        Some(finding.replace(text, "quorum"))
                    }
                    _ => add(findings, scope, text, written, &["classic", "quorum"]),
                };
                if let Some(finding) = found {
                    finding.at(text).scope(&scope.name);
                    finding.only_in = VersionRange::parse(versions);
                    finding.as_said(&said);
                }
            }
        }
        for declared in queues::declared(scope) {
            for queue in &declared.queues {
                let Some(text) = queue.argument("x-queue-type").and_then(|known| known.whole_text()) else { continue };
                // PRECONDITION_FAILED, invalid arg (run with 5.3.6, 5.7.0 and RabbitMQ 3.10).
                if let Some(maximum) = queue.argument("x-max-priority").filter(|_| text.as_str() == "quorum") {
                    findings
                        .add(cards::QueueTypeUnknown::Priorities { setting: "x-max-priority", found: text })
                        .at(&maximum.at)
                        .related(text, Role::Conflict)
                        .scope(&scope.name)
                        .uncertain_if(declared.said.is_conditional())
                        .at_most_info_if(declared.said.is_for_tests());
                }
                // The worker ends: "consumer prefetch count is not set" (run with 5.3.6, 5.7.0 and RabbitMQ 3.10).
                if text.as_str() == STREAM {
                    findings
                        .add(cards::QueueTypeUnknown::Stream { setting: "x-queue-type", found: text })
                        .at(text)
                        .scope(&scope.name)
                        .as_said(&declared.said)
                        .replace(text, "quorum");
                    continue;
                }
                // A plugin may bring more types: only what is nearly one of RabbitMQ's own is certain.
                if nearest(text.as_str(), ["classic", "quorum", "stream"]).is_some()
                    && let Some(finding) = add(findings, scope, text, "x-queue-type", &["classic", "quorum", "stream"])
                {
                    finding.as_said(&declared.said);
                }
            }
        }
    }
}

fn add<'f>(
    findings: &'f mut Findings,
    scope: &Scope,
    text: &Text,
    setting: &str,
    types: &[&'static str],
) -> Option<&'f mut crate::finding::Finding> {
    if types.contains(&text.as_str()) {
        return None;
    }
    let finding = findings.add(cards::QueueTypeUnknown::Unknown { setting, found: text });
    finding.at(text).scope(&scope.name);
    let lower = text.as_str().trim().to_lowercase();
    let meant = types.iter().find(|it| **it == lower).copied().or_else(|| nearest(&lower, types.iter().copied()));
    if let Some(meant) = meant {
        finding.replace(text, meant);
    }
    Some(finding)
}
