use crate::catalogue::{Message, cards};
use crate::facts::url::{self, Harm, Misread};
use crate::facts::value::{Template, Value};
use crate::facts::{Facts, Said, Scope, broker};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::URL_PASSWORD_UNESCAPED, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in super::ADDRESSES {
            let is_broker = broker::BROKERS.contains(&name);
            for said in scope.said(name) {
                let (texts, several): (Vec<&Template>, bool) = match &said.known.value {
                    Value::Text(template) => (vec![template], is_broker),
                    Value::List(items) if is_broker => (items.iter().filter_map(|item| item.text()).collect(), false),
                    _ => continue,
                };
                for template in texts {
                    // Other backends read their addresses in their own ways.
                    let known = ["amqp", "amqps", "pyamqp", "librabbitmq", "redis", "rediss", "sentinel", "sqs"];
                    let scheme = template.as_str().split("://").next().unwrap_or_default().to_ascii_lowercase();
                    if !known.contains(&scheme.as_str()) {
                        continue;
                    }
                    if let Some(misread) = url::misread(template, several) {
                        say_misread(&misread, scope, &said, findings);
                    } else if let Some(code) = odd_code(template) {
                        let message = cards::UrlPasswordUnescaped::Decoded { sign: &code };
                        say(message.into(), &code, scope, &said, findings);
                    }
                }
            }
        }
    }
}

fn say_misread(misread: &Misread, scope: &Scope, said: &Said<'_>, findings: &mut Findings) {
    let sign = &misread.sign;
    let message: Message = match misread.harm {
        Harm::Unreadable => cards::UrlPasswordUnescaped::Unreadable { sign }.into(),
        Harm::DependsOnPython => cards::UrlPasswordUnescaped::Bracket { sign }.into(),
        Harm::OtherHost => cards::UrlPasswordUnescaped::OtherHost { sign }.into(),
    };
    say(message, sign, scope, said, findings);
}

fn say(message: Message, at: &Text, scope: &Scope, said: &Said<'_>, findings: &mut Findings) {
    findings.add(message).at(at).scope(&scope.name).as_said(said);
}

/// A `%XX` in a password that no encoder writes, because it stands for a letter, a digit or a control character.
fn odd_code(template: &Template) -> Option<Text> {
    let password = url::parse(template).password?;
    let text = password.as_str();
    text.match_indices('%').find_map(|(at, _)| {
        let code = text.get(at + 1..at + 3).filter(|code| code.chars().all(|c| c.is_ascii_hexdigit()))?;
        let byte = u8::from_str_radix(code, 16).ok()?;
        (byte.is_ascii_alphanumeric() || byte.is_ascii_control()).then(|| password.slice(at..at + 3).text)
    })
}
