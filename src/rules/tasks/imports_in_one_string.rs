use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Known, Value};
use crate::finding::Findings;
use crate::rules::{Rule, SETTINGS_KINDS};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::IMPORTS_IN_ONE_STRING, sees: SETTINGS_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for name in ["imports", "include"] {
            for said in scope.said(name) {
                for found in strings(said.known).into_iter().filter(|text| is_several(text.as_str())) {
                    let finding = findings
                        .add(cards::ImportsInOneString { setting: &said.setting.written, found })
                        .at(found)
                        .scope(&scope.name)
                        .as_said(&said);
                    if let Some(expression) = said.setting.expression.as_ref().filter(|it| is_string_of(it, found)) {
                        let modules: Vec<String> = modules(found.as_str()).map(|it| format!("\"{it}\"")).collect();
                        finding.replace(expression, &format!("({})", modules.join(", ")));
                    }
                }
            }
        }
    }
}

fn strings(known: &Known) -> Vec<&Text> {
    match &known.value {
        Value::List(items) => items.iter().filter_map(Known::whole_text).collect(),
        _ => known.whole_text().into_iter().collect(),
    }
}

fn modules(written: &str) -> impl Iterator<Item = &str> {
    written.split([',', ' ', ';']).filter(|module| !module.is_empty())
}

/// No module has a comma or a blank in its name.
fn is_several(written: &str) -> bool {
    modules(written).count() > 1
}

/// Whether the expression is nothing but this string in its quotes.
fn is_string_of(expression: &Text, found: &Text) -> bool {
    expression.as_str().trim_matches(['"', '\'']) == found.as_str()
}
