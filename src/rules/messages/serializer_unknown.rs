use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::{LISTS, NAMES_ONE, SERIALIZERS, of_name};
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::SERIALIZER_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    of_tasks(facts, findings);
    for (_, scope) in facts.scopes() {
        for name in NAMES_ONE.iter().chain(&LISTS) {
            for said in scope.said(name) {
                let one = said.known.whole_text().filter(|_| NAMES_ONE.contains(name));
                let many = if LISTS.contains(name) { said.strings().unwrap_or_default() } else { Vec::new() };
                for found in one.into_iter().chain(many) {
                    // A content type is right in a list; no serializer goes by one.
                    let meant = if one.is_some() { meant(found).or_else(|| by_type(found)) } else { meant(found) };
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

/// The serializer that is certainly meant. A project may register names of its own (`bson`, `myjson`, `json5`), so
/// only another case, a letter that is missing or in the wrong place, and a few known slips count.
fn meant(found: &Text) -> Option<&'static str> {
    const SLIPS: [(&str, &str); 4] =
        [("jason", "json"), ("yml", "yaml"), ("messagepack", "msgpack"), ("message_pack", "msgpack")];
    let written = found.as_str();
    if of_name(written).is_some() {
        return None;
    }
    let lower = written.trim().to_ascii_lowercase();
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let is_slip = |name: &str| {
        let is_shorter = lower.len() + 1 == name.len();
        let is_mixed = sorted(&lower) == sorted(name);
        strsim::osa_distance(&lower, name) == usize::from(lower != name) && (lower == name || is_shorter || is_mixed)
    };
    let near = SERIALIZERS.iter().map(|(name, _)| *name).find(|name| is_slip(name));
    near.or_else(|| SLIPS.iter().find(|(slip, _)| *slip == lower).map(|(_, name)| *name))
}

fn by_type(found: &Text) -> Option<&'static str> {
    SERIALIZERS.iter().find(|(_, content_type)| *content_type == found.as_str()).map(|(name, _)| *name)
}
