use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::time_zones;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::TIMEZONE_UNKNOWN, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let names = time_zones::names();
    for (_, scope) in facts.scopes() {
        for said in scope.said("timezone") {
            // An empty text is UTC (celery/app/base.py, timezone).
            let Some(text) = said.known.whole_text().filter(|text| !text.is_empty()) else { continue };
            let written = text.as_str();
            if names.iter().any(|name| name == written) {
                continue;
            }
            let same_letters = names.iter().find(|name| name.eq_ignore_ascii_case(written));
            let wanted = written.trim().replace(' ', "_").to_lowercase();
            let meant = same_letters.cloned().or_else(|| time_zones::meant_by(written)).or_else(|| {
                let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
                let index = lower.iter().position(|name| *name == wanted).or_else(|| {
                    // Short names such as `GMT+9` are near to everything.
                    let near = nearest(&wanted, lower.iter().map(String::as_str).filter(|name| name.len() > 6))?;
                    lower.iter().position(|name| name == near)
                })?;
                Some(names[index].clone())
            });
            let message = match meant.as_deref() {
                Some(meant) if same_letters.is_some() => cards::TimezoneUnknown::Letters { zone: written, meant },
                Some(meant) => cards::TimezoneUnknown::Near { zone: written, meant },
                None if is_offset(written) => cards::TimezoneUnknown::Offset { zone: written, meant: "" },
                None => cards::TimezoneUnknown::Unknown { zone: written, meant: "" },
            };
            // A zone may be newer than our table.
            let may_be_new =
                meant.is_none() && written.split_once('/').is_some_and(|(it, _)| time_zones::is_region(it));
            let finding = findings
                .add(message)
                .at(text)
                .scope(&scope.name)
                .uncertain_if(said.is_conditional() || may_be_new)
                .at_most_info_if(said.is_for_tests());
            if let Some(meant) = &meant {
                finding.replace(text, meant);
            }
        }
    }
}

/// `UTC+9`, `GMT-03:00`, `+09:00`.
fn is_offset(written: &str) -> bool {
    let upper = written.to_ascii_uppercase();
    let rest = upper.trim_start_matches("UTC").trim_start_matches("GMT");
    let digits = rest.strip_prefix(['+', '-']).unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == ':')
}
