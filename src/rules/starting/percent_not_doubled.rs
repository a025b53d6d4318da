use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule =
    Rule { card: &cards::PERCENT_NOT_DOUBLED, sees: &[Kind::Systemd, Kind::Supervisord], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for daemon in facts.variants.iter().flat_map(|variant| &variant.daemons) {
        if !daemon.speaks_of_celery() {
            continue;
        }
        for at in [&daemon.at].into_iter().chain(&daemon.sets) {
            let written = at.as_str();
            // A file that a template fills in holds percent signs of its own.
            if written.contains("{%") || written.contains("{{") {
                break;
            }
            let Some(start) = first_single(written, daemon.kind) else { continue };
            let end = start + 1 + written[start + 1..].chars().next().map_or(0, char::len_utf8);
            let found = at.slice(start..end);
            let finding = match daemon.kind {
                Kind::Supervisord => findings.add(cards::PercentNotDoubled::Refused { found: &found }),
                _ if found.as_str().ends_with(|it: char| it.is_ascii_digit()) => {
                    findings.add(cards::PercentNotDoubled::Dropped { found: &found })
                }
                _ => findings.add(cards::PercentNotDoubled::Other { found: &found }),
            };
            finding.at(&found).scope(&daemon.name).replace(&found, &format!("%{}", found.as_str()));
        }
    }
}

/// Where a percent sign stands that the platform takes for itself.
fn first_single(written: &str, kind: Kind) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = written[from..].find('%').map(|at| from + at) {
        let next = written[at + 1..].chars().next();
        let is_meant_for_celery = match (kind, next) {
            (_, Some('%')) => {
                from = at + 2;
                continue;
            }
            // `%(ENV_X)s`; anything else stops supervisord.
            (Kind::Supervisord, Some(next)) => next != '(',
            // No specifier is a digit, as in the `%40` of a password (systemd.unit, Specifiers).
            (Kind::Systemd, Some('0'..='9')) => true,
            // systemd's own `%h` is the home folder, and nobody names a node after it.
            (Kind::Systemd, Some('h' | 'n')) => written[..at].ends_with('@'),
            _ => false,
        };
        if is_meant_for_celery {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
