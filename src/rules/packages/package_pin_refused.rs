use super::PACKAGE_KINDS;
use crate::catalogue::cards;
use crate::catalogue::version::VersionRange;
use crate::facts::Facts;
use crate::facts::packages::{ListDoes, Requirement, Specifiers};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::PACKAGE_PIN_REFUSED, sees: PACKAGE_KINDS, check };

/// What Celery asks for: the metadata of 4.3.0, 4.4.7, 5.0.0, 5.0.5, 5.1.0, 5.2.0, 5.2.7, 5.3.0, 5.3.6, 5.4.0, 5.5.0,
/// 5.5.3, 5.6.0, 5.6.3 and 5.7.0. A line of releases has the widest of its ranges.
const ASKS: [(&str, &[&str]); 9] = [
    (">=4.3,<5.0", &["kombu>=4.4,<5", "vine>=1.3", "billiard>=3.6,<4"]),
    (">=5.0,<5.1", &["kombu>=5.0,<6", "vine>=5.0,<6", "billiard>=3.6.3,<4", "click>=7.0", "amqp>=5"]),
    (">=5.1,<5.2", &["kombu>=5.1,<6", "vine>=5.0,<6", "billiard>=3.6.4,<4", "click>=7.0,<8", "amqp>=5"]),
    (">=5.2,<5.3", &["kombu>=5.2.1,<6", "vine>=5.0,<6", "billiard>=3.6.4,<4", "click>=8.0,<9", "amqp>=5"]),
    (">=5.3,<5.4", &["kombu>=5.3,<6", "vine>=5.0,<6", "billiard>=4.1,<5", "click>=8.1.2,<9", "amqp>=5"]),
    (">=5.4,<5.5", &["kombu>=5.3.4,<6", "vine>=5.1,<6", "billiard>=4.2,<5", "click>=8.1.2,<9", "amqp>=5"]),
    (">=5.5,<5.6", &["kombu>=5.5.2,<5.6", "vine>=5.1,<6", "billiard>=4.2.1,<5", "click>=8.1.2,<9", "amqp>=5"]),
    (">=5.6,<5.7", &["kombu>=5.6", "vine>=5.1,<6", "billiard>=4.2.1", "click>=8.1.2,<9", "amqp>=5"]),
    (">=5.7,<5.8", &["kombu>=5.7", "vine>=5.1,<6", "billiard>=4.3.2", "click>=8.3.1,<9", "amqp>=5.4.2"]),
];

fn check(facts: &Facts, findings: &mut Findings) {
    // Other tools have ways to overrule what a package asks for.
    let by_pip = facts.packages.installing().filter(|list| {
        matches!(list.kind, Kind::Requirements | Kind::Dockerfile)
            && matches!(list.does, ListDoes::Install | ListDoes::Lock)
    });
    for list in by_pip {
        let pins = || list.requirements.iter().filter(|it| it.marker.is_none());
        let pin = pins().filter(|it| it.name == "celery").find_map(|it| Some((it, it.specifiers.as_ref()?.exact()?)));
        let Some((asking, celery)) = pin else { continue };
        let is_of = |range: &str| VersionRange::parse(range).is_some_and(|range| range.holds(celery));
        let wanted = ASKS.iter().find(|(range, _)| is_of(range)).map_or(&[][..], |(_, wanted)| wanted);
        let mut refused = wanted.iter().flat_map(|wanted| {
            let (name, range) = wanted.split_at(wanted.find('>').unwrap_or(wanted.len()));
            let range = Specifiers::parse(range);
            let is_refused = move |it: &&Requirement| {
                let version = it.specifiers.as_ref().and_then(Specifiers::exact);
                it.name == name
                    && version.is_some_and(|it| range.as_ref().is_some_and(|range| !range.allows_release(it)))
            };
            pins().filter(is_refused).map(|it| (*wanted, &it.at))
        });
        // Whoever raises Celery alone leaves all of them behind.
        let Some((wanted, found)) = refused.next() else { continue };
        let finding = findings.add(cards::PackagePinRefused { found, celery, wanted });
        finding.at(found).related(&asking.at, Role::Cause);
        for (_, other) in refused {
            finding.related(other, Role::Conflict);
        }
    }
}
