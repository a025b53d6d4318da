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

/// What packages ask for, and since which release: the metadata of Celery 4.3.0, 4.4.7, 5.0.0, 5.0.5, 5.1.0, 5.2.0,
/// 5.2.7, 5.3.0, 5.3.1, 5.3.4, 5.3.5, 5.3.6, 5.4.0, 5.5.0 to 5.5.3, 5.6.0, 5.6.3 and 5.7.0, of the kombus that they take,
/// and of django-celery-beat 2.2.0 to 2.9.0. A line of releases has the widest of its ranges.
const ASKS: [(&str, &str, &[&str]); 21] = [
    ("celery", ">=4.3,<5.0", &["kombu>=4.4,<5", "vine>=1.3", "billiard>=3.6,<4"]),
    ("celery", ">=5.0,<5.1", &["kombu>=5.0,<6", "vine>=5.0,<6", "billiard>=3.6.3,<4", "click>=7.0", "amqp>=5"]),
    ("celery", ">=5.1,<5.2", &["kombu>=5.1,<6", "vine>=5.0,<6", "billiard>=3.6.4,<4", "click>=7.0,<8", "amqp>=5"]),
    ("celery", ">=5.2,<5.3", &["kombu>=5.2.1,<6", "vine>=5.0,<6", "billiard>=3.6.4,<4", "click>=8.0,<9", "amqp>=5"]),
    ("celery", ">=5.3,<5.4", &["kombu>=5.3,<6", "vine>=5.0,<6", "billiard>=4.1,<5", "click>=8.1.2,<9", "amqp>=5"]),
    ("celery", ">=5.4,<5.5", &["kombu>=5.3.4,<6", "vine>=5.1,<6", "billiard>=4.2,<5", "click>=8.1.2,<9", "amqp>=5"]),
    (
        "celery",
        ">=5.5,<5.6",
        &["kombu>=5.5.2,<5.6", "vine>=5.1,<6", "billiard>=4.2.1,<5", "click>=8.1.2,<9", "amqp>=5"],
    ),
    ("celery", ">=5.6,<5.7", &["kombu>=5.6", "vine>=5.1,<6", "billiard>=4.2.1", "click>=8.1.2,<9", "amqp>=5"]),
    ("celery", ">=5.7,<5.8", &["kombu>=5.7", "vine>=5.1,<6", "billiard>=4.3.2", "click>=8.3.1,<9", "amqp>=5.4.2"]),
    ("celery[redis]", ">=5.2,<5.3", &["redis>=3.4.1"]),
    ("celery[redis]", ">=5.3,<5.3.5", &["redis>=4.5.2"]),
    ("celery[redis]", ">=5.3.5,<5.5.3", &["redis>=4.5.2,<6"]),
    ("celery[redis]", ">=5.5.3,<5.6", &["redis>=4.5.2,<=5.2.1"]),
    ("celery[redis]", ">=5.7,<5.8", &["redis>=6.4"]),
    ("django-celery-beat", ">=2.2,<2.3", &["django>=2.2,<4"]),
    ("django-celery-beat", ">=2.3,<2.4", &["django>=2.2,<4.1", "celery>=5.2.3,<6"]),
    ("django-celery-beat", ">=2.4,<2.5", &["django>=2.2,<4.2", "celery>=5.2.3,<6"]),
    ("django-celery-beat", ">=2.5,<2.6", &["django>=2.2,<5", "celery>=5.2.3,<6"]),
    ("django-celery-beat", ">=2.6,<2.7", &["django>=2.2,<5.1", "celery>=5.2.3,<6"]),
    ("django-celery-beat", ">=2.7,<2.8", &["django>=2.2,<5.2", "celery>=5.2.3,<6"]),
    ("django-celery-beat", ">=2.8,<2.9", &["django>=2.2,<6", "celery>=5.2.3,<6"]),
];

fn check(facts: &Facts, findings: &mut Findings) {
    let by_pip = facts.packages.installing().filter(|list| {
        matches!(list.kind, Kind::Requirements | Kind::Dockerfile | Kind::Pyproject)
            && matches!(list.does, ListDoes::Install | ListDoes::Lock)
            && !list.overrules
    });
    for list in by_pip {
        // Groups of a project may name a package twice, and Poetry's tables are not pip's.
        let is_only = |it: &Requirement| list.requirements.iter().filter(|other| other.name == it.name).count() == 1;
        let is_of_pip = |it: &Requirement| it.marker.is_none() && it.at.as_str().starts_with(it.written.as_str());
        let pin = |it: &Requirement| {
            it.specifiers.as_ref().filter(|_| is_of_pip(it) && is_only(it)).and_then(Specifiers::exact)
        };
        // Whether a name stands once is asked of the few that ask for anything: a list may have thousands.
        let asks_anything =
            |it: &&Requirement| ASKS.iter().any(|(package, ..)| package.split('[').next() == Some(it.name.as_str()));
        for asking in list.requirements.iter().filter(asks_anything) {
            let Some(version) = pin(asking) else { continue };
            let asks = ASKS.iter().filter(|(package, range, _)| {
                let (name, extra) = package.trim_end_matches(']').split_once('[').unwrap_or((package, ""));
                asking.name == name
                    && (extra.is_empty() || asking.extras.iter().any(|it| it.as_str() == extra))
                    && VersionRange::parse(range).is_some_and(|range| range.holds(version))
            });
            let mut refused = asks.flat_map(|(_, _, wanted)| *wanted).flat_map(|wanted| {
                let (name, range) = wanted.split_at(wanted.find('>').unwrap_or(wanted.len()));
                let range = Specifiers::parse(range);
                let is_refused = move |it: &&Requirement| {
                    let refuses = |it| range.as_ref().is_some_and(|range| !range.allows_release(it));
                    it.name == name && pin(it).is_some_and(refuses)
                };
                list.requirements.iter().filter(is_refused).map(|it| (*wanted, &it.at))
            });
            // Whoever raises Celery alone leaves all of them behind.
            let Some((wanted, found)) = refused.next() else { continue };
            let finding = findings.add(cards::PackagePinRefused { found, asking: &asking.at, wanted });
            finding.at(found).related(&asking.at, Role::Cause);
            for (_, other) in refused {
                finding.related(other, Role::Conflict);
            }
        }
    }
}
