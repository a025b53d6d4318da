use super::PACKAGE_KINDS;
use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::packages::normalised;
use crate::finding::Findings;
use crate::knowledge::packages;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::CELERY_EXTRA_UNKNOWN, sees: PACKAGE_KINDS, check };

/// Words that people take for an extra, and the package that they want; empty: nothing is missing without it.
const MISTAKEN: [(&str, &str); 11] = [
    ("amqp", ""),
    ("beat", "django-celery-beat"),
    ("django-celery-beat", "django-celery-beat"),
    ("django-celery-results", "django-celery-results"),
    ("flower", "flower"),
    ("postgres", "psycopg"),
    ("postgresql", "psycopg"),
    ("py-amqp", ""),
    ("rabbitmq", ""),
    ("redbeat", "celery-redbeat"),
    ("results", "django-celery-results"),
];

fn check(facts: &Facts, findings: &mut Findings) {
    for requirement in facts.packages.named("celery") {
        for extra in &requirement.extras {
            // Installers compare extras as they compare names (PEP 685).
            let name = normalised(extra.as_str());
            let exists = |row: &&packages::Extra| facts.celery.possible.iter().any(|it| row.exists_in(*it));
            if !is_word(&name) || packages::extra(&name).filter(exists).is_some() {
                continue;
            }
            let known = packages::extras().iter().filter(exists).map(|row| row.name);
            let meant = MISTAKEN.iter().find(|(written, _)| *written == name).map(|(_, package)| *package);
            let (message, fix): (Message, Option<&str>) = match (meant, nearest(&name, known)) {
                (Some(""), _) => (cards::CeleryExtraUnknown::NotNeeded { found: extra, meant: "" }.into(), None),
                (Some(package), _) => {
                    (cards::CeleryExtraUnknown::Package { found: extra, meant: package }.into(), None)
                }
                (None, Some(meant)) => {
                    (cards::CeleryExtraUnknown::Misspelt { found: extra, meant }.into(), Some(meant))
                }
                (None, None) => (cards::CeleryExtraUnknown::Unknown { found: extra, meant: "" }.into(), None),
            };
            let finding = findings.add(message).at(extra);
            if let Some(meant) = fix {
                finding.replace(extra, meant);
            }
        }
    }
}

fn is_word(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
