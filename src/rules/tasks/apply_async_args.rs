use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::tasks::{Given, Shape};
use crate::facts::value::Value;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::APPLY_ASYNC_ARGS, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    side_by_side(facts, findings);
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        if let Some(args) = sending.args.as_ref().filter(|args| is_no_sequence(args)) {
            let finding = findings.add(cards::ApplyAsyncArgs::Args { found: &args.at }).at(&args.at);
            let is_one = !matches!(args.value.value, Value::Dict(_)) && args.shape != Shape::Set;
            if is_one {
                let written = args.at.as_str();
                let new = if args.is_parenthesised { format!("{written},") } else { format!("({written},)") };
                finding.replace(&args.at, &new);
            }
        }
        if let Some(args) = sending.args.as_ref().filter(|args| is_key(args)) {
            let finding = findings.add(cards::ApplyAsyncArgs::Args { found: &args.at }).at(&args.at).uncertain_if(true);
            finding.replace(&args.at, &format!("({},)", args.at.as_str()));
        }
        if let Some(args) = sending.args.as_ref().filter(|args| is_one_in_parentheses(args) && !is_key(args)) {
            let finding = findings.add(cards::ApplyAsyncArgs::Parenthesised { found: &args.at }).at(&args.at);
            finding.replace(&args.at, &format!("{},", args.at.as_str()));
        }
        if let Some(kwargs) = sending.kwargs.as_ref().filter(|kwargs| is_no_mapping(kwargs)) {
            findings.add(cards::ApplyAsyncArgs::Kwargs { found: &kwargs.at }).at(&kwargs.at);
        }
    }
}

/// `send_sms.apply_async(user.phone, code)` of `send_sms(phone, code)`: handed over as to `delay`.
fn side_by_side(facts: &Facts, findings: &mut Findings) {
    for sending in facts.python_code.iter().flat_map(|file| &file.sendings) {
        let (Some(args), Some(kwargs)) = (&sending.args, &sending.kwargs) else { continue };
        let Some(task) = sending.task.and_then(|task| facts.task(task)) else { continue };
        // As arguments by their names they stand in two parentheses.
        let is_by_name = |given: &Given| sending.at.as_str().contains(&format!("={}", given.at.as_str()));
        let skipped = usize::from(task.is_bound() == Some(true));
        let wanted: Vec<&str> = task.parameters.iter().skip(skipped).map(|it| it.name.as_str()).collect();
        let last = |given: &Given| given.at.as_str().rsplit('.').next().unwrap_or_default().to_owned();
        let is_unknown = |given: &Given| matches!(given.value.value, Value::Unknown(_));
        let is_it = wanted.len() == 2
            && [args, kwargs].into_iter().zip(&wanted).all(|(given, name)| is_unknown(given) && last(given) == **name)
            && !matches!(wanted[..], ["args", _] | [_, "kwargs"]);
        if is_it && !is_by_name(args) && !is_by_name(kwargs) {
            findings.add(cards::ApplyAsyncArgs::Args { found: &args.at }).at(&args.at).uncertain_if(true);
        }
    }
}

// celery/app/amqp.py, as_task_v2: "task args must be a list or tuple", "task keyword arguments must be a mapping".
fn is_no_sequence(given: &Given) -> bool {
    let is_plain = matches!(
        given.value.value,
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Text(_) | Value::Dict(_)
    );
    is_plain || matches!(given.shape, Shape::Set | Shape::Scalar) && given.shaped.span() == given.at.span()
}

fn is_no_mapping(given: &Given) -> bool {
    let is_plain = matches!(
        given.value.value,
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Text(_) | Value::List(_)
    );
    // An empty list is as good as nothing.
    is_plain && given.value.truth() == Some(true)
}

/// `order.id`: the key of one row, which is no tuple.
fn is_key(given: &Given) -> bool {
    let name = given.at.as_str();
    let is_dotted =
        name.split('.').count() > 1 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    is_dotted
        && !given.is_parenthesised
        && [".id", ".pk", "_id"].iter().any(|end| name.ends_with(end))
        && matches!(given.value.value, Value::Unknown(_))
}

/// `(host)`: nobody writes parentheses around a name that is a tuple already, unless it says that it is one.
fn is_one_in_parentheses(given: &Given) -> bool {
    let name = given.at.as_str();
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let is_many = name.ends_with('s') || ["args", "tuple", "list", "param"].iter().any(|word| name.contains(word));
    given.is_parenthesised
        && given.shape != Shape::Scalar
        && is_name
        && !is_many
        && matches!(given.value.value, Value::Unknown(_))
}
