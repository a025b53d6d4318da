use crate::catalogue::{Message, cards};
use crate::facts::settings::Source;
use crate::facts::{Facts, Said};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::celery;
use crate::rules::Rule;
use crate::rules::setting_lookup as lookup;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::BOOLEAN_IS_TEXT, sees: &[Kind::Python], check };

/// Texts that people mean as False. An empty text is one that Python takes so, too.
const FALSE: [&str; 6] = ["false", "0", "no", "off", "n", "f"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        let mut names: Vec<&'static str> = scope.settings.iter().map(|setting| setting.name).collect();
        crate::text::order::distinct(&mut names);
        for name in names.into_iter().filter(|name| is_boolean(name)) {
            let said: Vec<Said<'_>> = scope
                .said(name)
                .filter(|said| said.setting.source <= Source::Python)
                // A constant that other code reads is converted there.
                .filter(|said| !scope.names_read.contains(said.setting.written.as_str()))
                .collect();
            // `os.getenv("X", "False")`: the default tells more than the variable.
            let has_text = said.iter().any(|said| is_false(said).is_some());
            for said in said.into_iter().filter(|said| !has_text || is_false(said).is_some()) {
                let Some(message) = message(&said) else { continue };
                let finding = findings
                    .add(message)
                    .at(&said.known.at)
                    .scope(&scope.name)
                    .uncertain_if(said.is_conditional() && !lookup::is_default_of_variable(&said))
                    .at_most_info_if(said.is_for_tests());
                if let (Some(text), Some(expression)) = (said.known.whole_text(), &said.setting.expression)
                    && expression.as_str().starts_with(['"', '\''])
                    && expression.as_str().trim_matches(['"', '\'']) == text.as_str()
                {
                    finding.replace(expression, "False");
                }
            }
        }
    }
}

fn is_boolean(name: &str) -> bool {
    // `broker_use_ssl` takes a dictionary as well, and TLS has rules of its own.
    celery::setting(name).is_some_and(|row| row.kind == "bool") && !name.ends_with("_ssl")
}

fn message(said: &Said<'_>) -> Option<Message> {
    let setting = &said.setting.written;
    if said.known.is_raw_variable() {
        return Some(cards::BooleanIsText::Variable { setting, found: &said.known.at }.into());
    }
    is_false(said).map(|found| cards::BooleanIsText::Said { setting, found }.into())
}

/// The text, if people mean False by it.
fn is_false<'a>(said: &Said<'a>) -> Option<&'a Text> {
    let found = said.known.whole_text()?;
    FALSE.contains(&found.as_str().trim().to_ascii_lowercase().as_str()).then_some(found)
}
