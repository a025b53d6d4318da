use crate::catalogue::cards;
use crate::facts::{Facts, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::{LISTS, NAMES_ONE, SERIALIZERS, of_name};
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::SERIALIZER_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    of_tasks(facts, findings);
    // kombu's `register` may give a serializer any name.
    let may_register = |scope: &Scope| ["kombu", "register", "serialization"].iter().all(|word| scope.mentions(word));
    for (_, scope) in facts.scopes() {
        for name in NAMES_ONE.iter().chain(&LISTS) {
            for said in scope.said(name) {
                let one = said.known.whole_text().filter(|_| NAMES_ONE.contains(name));
                let many = if LISTS.contains(name) { said.strings().unwrap_or_default() } else { Vec::new() };
                for found in one.into_iter().chain(many) {
                    // A content type is right in a list; no serializer goes by one.
                    let meant = if one.is_some() { meant(found).or_else(|| by_type(found)) } else { meant(found) };
                    let meant = meant.or_else(|| misspelt(found).filter(|_| !may_register(scope)));
                    let Some(meant) = meant else { continue };
                    findings
                        .add(cards::SerializerUnknown { found, meant })
                        .at(found)
                        .scope(&scope.name)
                        .as_said(&said)
                        .replace(found, meant);
                }
            }
        }
    }
}

/// What tasks and calls name for themselves.
fn of_tasks(facts: &Facts, findings: &mut Findings) {
    for (file, found) in super::own_serializers(facts) {
        if let Some(meant) = meant(found) {
            findings
                .add(cards::SerializerUnknown { found, meant })
                .at(found)
                .at_most_info_if(file.is_for_tests())
                .replace(found, meant);
        }
    }
}

/// The serializer that is certainly meant. A project may register names of its own (`bson`, `myjson`, `json5`), so only
/// another case and a few known slips count.
fn meant(found: &Text) -> Option<&'static str> {
    const SLIPS: [(&str, &str); 8] = [
        ("jason", "json"),
        ("josn", "json"),
        ("jsno", "json"),
        ("yml", "yaml"),
        ("ymal", "yaml"),
        ("pickel", "pickle"),
        ("picke", "pickle"),
        ("messagepack", "msgpack"),
    ];
    let written = found.as_str();
    if of_name(written).is_some() {
        return None;
    }
    let lower = written.trim().to_ascii_lowercase();
    let by_case = SERIALIZERS.iter().map(|(name, _)| *name).find(|name| *name == lower);
    by_case.or_else(|| SLIPS.iter().find(|(slip, _)| *slip == lower).map(|(_, name)| *name))
}

/// A known name with a letter too few, one twice, or two in the wrong order, where the app registers none of its own.
fn misspelt(found: &Text) -> Option<&'static str> {
    let written = found.as_str();
    if of_name(written).is_some() || !written.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let is_slip = |name: &&str| {
        let distance = strsim::osa_distance(name, written);
        let mut letters = [name.as_bytes().to_vec(), written.as_bytes().to_vec()];
        letters.iter_mut().for_each(|it| it.sort_unstable());
        letters.iter_mut().filter(|_| written.len() > name.len()).for_each(Vec::dedup);
        // `bson` and `ujson` are other formats.
        distance == 1 && (written.len() < name.len() || letters[0] == letters[1])
    };
    SERIALIZERS.iter().map(|(name, _)| *name).filter(|name| name.len() >= 4 && written.len() >= 3).find(is_slip)
}

fn by_type(found: &Text) -> Option<&'static str> {
    SERIALIZERS.iter().find(|(_, content_type)| *content_type == found.as_str()).map(|(name, _)| *name)
}
