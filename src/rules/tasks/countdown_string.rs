use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::SlipKind;
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::COUNTDOWN_STRING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for slip in facts.python_code.iter().flat_map(|file| &file.slips) {
        let found = &slip.at;
        match slip.is {
            SlipKind::CountdownText => {
                let finding = findings.add(cards::CountdownString::Countdown { found }).at(found);
                let number = found.as_str().trim_matches(['"', '\'']);
                if number.parse::<u32>().is_ok_and(|it| it.to_string() == number) {
                    finding.replace(found, number);
                }
            }
            SlipKind::CountdownDuration => {
                let finding = findings.add(cards::CountdownString::Duration { found }).at(found);
                finding.replace(found, &format!("{}.total_seconds()", found.as_str()));
            }
            _ => {}
        }
    }
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        for (name, given) in &sending.options {
            let text = given.value.whole_text();
            let is_number = matches!(given.value.value, Value::Integer(_) | Value::Float(_));
            let message: Message = match (name.as_str(), text) {
                ("countdown" | "eta" | "expires", None) if is_duration(given.at.as_str()) => {
                    cards::CountdownString::Duration { found: &given.at }.into()
                }
                ("countdown", Some(text)) => cards::CountdownString::Countdown { found: text }.into(),
                // A string of ISO 8601 is read as a time.
                ("expires", Some(text)) if !is_date(text.as_str()) => {
                    cards::CountdownString::Expires { found: text }.into()
                }
                ("eta", Some(text)) if !is_date(text.as_str()) => cards::CountdownString::Eta { found: text }.into(),
                ("eta", None) if is_number => cards::CountdownString::EtaNumber { found: &given.at }.into(),
                _ => continue,
            };
            let finding = findings.add(message).at(&given.at);
            if matches!(name.as_str(), "countdown" | "expires") && text.is_none() {
                finding.replace(&given.at, &format!("{}.total_seconds()", given.at.as_str()));
            }
            if let Some(text) = text.filter(|text| name.as_str() != "eta" && is_plain_number(text)) {
                finding.replace(&given.at, text.as_str());
            }
        }
    }
}

/// `timedelta(…)`, and nothing more.
fn is_duration(written: &str) -> bool {
    let inner = ["timedelta(", "datetime.timedelta("].iter().find_map(|start| written.strip_prefix(start));
    inner.and_then(|it| it.strip_suffix(')')).is_some_and(|it| !it.contains(')'))
}

/// `2026-01-31…` or `20260131…`
fn is_date(text: &str) -> bool {
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
    digits >= 8
}

fn is_plain_number(text: &Text) -> bool {
    !text.is_empty() && text.as_str().bytes().all(|byte| byte.is_ascii_digit()) && !text.as_str().starts_with('0')
}
