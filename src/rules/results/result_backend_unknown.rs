use crate::catalogue::version::VersionRange;
use crate::catalogue::{Message, cards};
use crate::facts::{Facts, VersionSet};
use crate::finding::Findings;
use crate::knowledge::backends;
use crate::rules::nearest::nearest;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_UNKNOWN, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for backend in super::backends(scope) {
            let setting = &backend.said.setting.written;
            let Some(verdict) = judge(&backend.alias, &facts.celery) else { continue };
            let found = backend.alias.as_str();
            let (message, only_in, mended): (Message, _, _) = match verdict {
                Verdict::Mistaken(meant) => {
                    let said = cards::ResultBackendUnknown::Mistaken { setting, found, meant: &meant };
                    (said.into(), None, Some(meant))
                }
                Verdict::Nothing => {
                    (cards::ResultBackendUnknown::Nothing { setting, found, meant: "" }.into(), None, None)
                }
                Verdict::WordNone => {
                    (cards::ResultBackendUnknown::WordNone { setting, found, meant: "" }.into(), None, None)
                }
                Verdict::Address(host) => {
                    let said = cards::ResultBackendUnknown::NoScheme { setting, found: &host, meant: "" };
                    (said.into(), None, None)
                }
                Verdict::Gone => (cards::ResultBackendUnknown::Gone { setting, found, meant: "" }.into(), None, None),
                Verdict::NotYet { since, before } => {
                    (cards::ResultBackendUnknown::NotYet { setting, found, meant: since }.into(), Some(before), None)
                }
            };
            let finding = findings.add(message).at(&backend.alias).scope(&scope.name).as_said(&backend.said);
            finding.only_in = only_in;
            // `sqlite` alone is no address yet: only its scheme could be mended.
            if let Some(meant) = mended.filter(|meant| backend.url.has_authority || !meant.contains('+')) {
                finding.replace(&backend.alias, &meant);
            }
        }
    }
}

enum Verdict {
    /// A word that means this backend.
    Mistaken(String),
    /// Celery has nothing of the kind.
    Nothing,
    /// The word `None`.
    WordNone,
    /// A host and a port without a scheme.
    Address(Text),
    /// Its module left.
    Gone,
    /// It came with this version.
    NotYet { since: &'static str, before: VersionRange },
}

/// What is wrong with a name; `None` if nothing is, or nothing is certain.
fn judge(alias: &Text, celery: &VersionSet) -> Option<Verdict> {
    let word = alias.as_str();
    if let Some(row) = backends::find(word) {
        return match (word, row.versions.strip_prefix(">=")) {
            // A rule of its own.
            ("amqp", _) => None,
            // The name is still in the table, its module is not (celery/app/backends.py:31, 5.7.0).
            ("riak", _) => Some(Verdict::Gone),
            (_, Some(since)) => {
                let before = VersionRange::parse(&format!("<{since}"))?;
                celery.any_in(&format!("<{since}")).then_some(())?;
                Some(Verdict::NotYet { since, before })
            }
            _ => None,
        };
    }
    // Quotes and blanks that came along with the value are another rule's.
    if word.starts_with(['"', '\'']) || word.starts_with(char::is_whitespace) {
        return None;
    }
    if word == "None" {
        return Some(Verdict::WordNone);
    }
    if let Some(host) = host_with_port(alias) {
        return Some(Verdict::Address(host));
    }
    // A dotted name, or one with a colon, is a class of the project's own.
    if word.contains(['.', ':', '/', ' ', '{', '$', '<']) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    if let Some(meant) = backends::mistaken(&lower) {
        return Some(if meant.is_empty() { Verdict::Nothing } else { Verdict::Mistaken(meant.to_owned()) });
    }
    let known = backends::all()
        .iter()
        .filter(|row| celery.possible.iter().all(|version| row.exists_in(*version)))
        .map(|row| row.alias);
    if let Some(same) = known.clone().find(|name| *name == lower) {
        return Some(Verdict::Mistaken(same.to_owned()));
    }
    nearest(&lower, known).map(|meant| Verdict::Mistaken(meant.to_owned()))
}

/// `redis:6379/0`: the host, where a port follows it.
fn host_with_port(alias: &Text) -> Option<Text> {
    let (host, rest) = alias.as_str().split_once(':')?;
    let port = rest.split('/').next()?;
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let is_port = port.len() >= 2 && port.parse::<u16>().is_ok();
    (is_host && is_port).then(|| alias.slice(0..host.len()))
}
