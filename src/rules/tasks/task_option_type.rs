use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{SlipKind, TaskOption};
use crate::facts::value::{Known, Value, Why};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_OPTION_TYPE, sees: &[Kind::Python], check };

/// Options that `retry` compares with numbers (celery/app/task.py and celery/app/autoretry.py, 5.7.0).
const NUMBERS: [&str; 3] = ["max_retries", "default_retry_delay", "retry_backoff_max"];

fn check(facts: &Facts, findings: &mut Findings) {
    for (file, task) in facts.tasks() {
        for option in &task.options {
            let (name, found) = (option.name.as_str(), &option.expression);
            let text = option.known().is_some_and(|it| matches!(it.value, Value::Text(_)));
            let message: Message = if name == "base" && (text || is_instance(found.as_str())) {
                cards::TaskOptionType::Base { option: name, found }.into()
            } else if NUMBERS.contains(&name) && text {
                cards::TaskOptionType::Number { option: name, found }.into()
            } else if NUMBERS.contains(&name) && is_from_environment(option) {
                let finding = findings.add(cards::TaskOptionType::Variable { option: name, found }).at(found);
                finding.at_most_info_if(file.is_for_tests());
                continue;
            } else if NUMBERS.contains(&name) && is_duration(found.as_str()) {
                cards::TaskOptionType::Duration { option: name, found }.into()
            } else if matches!(name, "throws" | "autoretry_for" | "dont_autoretry_for") && strings(option).is_some() {
                let found = strings(option).unwrap_or(found);
                findings.add(cards::TaskOptionType::Exceptions { option: name, found }).at(found);
                continue;
            } else {
                continue;
            };
            findings.add(message).at(found).at_most_info_if(file.is_for_tests());
        }
    }
    for file in &facts.python_code {
        for (name, given) in file.sendings.iter().flat_map(|it| &it.options) {
            if name.as_str() == "queue" && matches!(given.value.value, Value::List(_)) {
                let message = cards::TaskOptionType::Queue { option: name.as_str(), found: &given.at };
                findings.add(message).at(&given.at).at_most_info_if(file.is_for_tests());
            }
        }
        // amqp/basic_message.py packs it as an octet, which a text is not. Where kombu makes the queues itself, a text of
        // digits counts, and any other is as good as none (kombu/transport/virtual/base.py, _get_message_priority, 5.7.0).
        for (_, given) in file.sendings.iter().flat_map(|it| &it.options).filter(|it| it.0.as_str() == "priority") {
            let Some(text) = given.value.whole_text() else { continue };
            let is_number = text.as_str().parse::<u8>().is_ok();
            let message = cards::TaskOptionType::Priority { option: "priority", found: text };
            let finding = findings.add(message).at(&given.at).uncertain_if(is_number);
            finding.at_most_info_if(file.is_for_tests());
        }
        for slip in file.slips.iter().filter(|it| it.is == SlipKind::DecoratorString) {
            let message = cards::TaskOptionType::Positional { option: "name", found: &slip.at };
            findings.add(message).at(&slip.at).replace(&slip.at, &format!("name={}", slip.at.as_str()));
        }
    }
}

/// `os.getenv("RETRIES", "3")`, `os.environ["RETRIES"]`: a text, whatever the variable holds.
fn is_from_environment(option: &TaskOption) -> bool {
    let is_text = |known: &Known| match &known.value {
        Value::Text(_) => true,
        Value::Unknown(Why::Environment { none_if_unset, .. }) => !none_if_unset && known.is_raw_variable(),
        _ => false,
    };
    // With a default, the variable itself is the other of two values.
    let is_raw = |known: &Known| known.is_raw_variable() || known.whole_text().is_some();
    let texts = || option.values.iter().map(|it| &it.known);
    texts().any(is_text) && texts().all(is_raw) && texts().any(Known::is_raw_variable)
}

/// A string among what should be classes of exceptions.
fn strings(option: &TaskOption) -> Option<&Text> {
    match &option.known()?.value {
        Value::List(items) => items.iter().find_map(Known::whole_text),
        // A text alone as `autoretry_for` has a card of its own.
        Value::Text(_) if option.name.as_str() != "autoretry_for" => option.known()?.whole_text(),
        _ => None,
    }
}

/// `DatabaseTask()`: what begins with a capital is a class.
fn is_instance(written: &str) -> bool {
    let Some((callee, _)) = written.split_once('(') else { return false };
    let last = callee.rsplit('.').next().unwrap_or_default();
    last.starts_with(|first: char| first.is_ascii_uppercase())
        && last.chars().all(|it| it.is_alphanumeric() || it == '_')
}

fn is_duration(written: &str) -> bool {
    let is_plain = written.starts_with("timedelta(") || written.starts_with("datetime.timedelta(");
    is_plain && written.ends_with(')')
}
