use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::value::{Value, Why};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::AUTORETRY_FOR_NOT_A_LIST, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, task) in facts.tasks() {
        let Some(option) = task.option("autoretry_for") else { continue };
        let known = option.known().map(|known| &known.value);
        if let Some(Value::Text(template)) = known
            && let Some(text) = template.whole().filter(|text| is_exception(text.as_str()))
        {
            // tuple() takes the letters one by one.
            findings
                .add(cards::AutoretryForNotAList::Text { found: text, task: &task.name })
                .at(&option.expression)
                .replace(&option.expression, &format!("({},)", text.as_str()));
        }
        let Some(Value::Unknown(Why::Name(name))) = known else { continue };
        // celery/app/autoretry.py: tuple(options.get('autoretry_for', …))
        if is_exception(name) && option.expression.as_str().ends_with(name.as_str()) {
            findings
                .add(cards::AutoretryForNotAList::Class { found: &option.expression, task: &task.name })
                .at(&option.expression)
                .replace(&option.expression, &format!("({},)", option.expression.as_str()));
        }
    }
}

/// Whether a name is that of a class of exceptions, and of nothing else: `ConnectionError`, `requests.Timeout`.
pub(super) fn is_exception(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_class = last.starts_with(|c: char| c.is_ascii_uppercase()) && last.chars().any(|c| c.is_ascii_lowercase());
    is_class && ["Error", "Exception", "Timeout"].iter().any(|end| last.ends_with(end))
}
