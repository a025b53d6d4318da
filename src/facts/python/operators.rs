//! Python's operators over values that are known; everything else stays unknown.

use super::evaluate::computed;
use super::paths;
use crate::facts::value::{Known, TemplateBuilder, Value, Why};
use crate::read::python::BinaryOperator;
use crate::text::Text;

/// Integers beyond this are no longer exact as floating-point numbers.
const EXACT: i64 = 1 << 53;
/// `"a" * 1000` and the like are followed up to here.
const LONGEST_REPETITION: i64 = 64;

/// `left operator right`.
pub(super) fn combined(left: &Known, operator: BinaryOperator, right: &Known, at: &Text) -> Value {
    match (&left.value, operator, &right.value) {
        (Value::Text(_), BinaryOperator::Add, _) | (_, BinaryOperator::Add, Value::Text(_)) => {
            let mut builder = TemplateBuilder::new(at);
            for side in [left, right] {
                match &side.value {
                    // `"amqp://" + None` stops the program: an unset variable never becomes the word None here.
                    Value::Text(template) if template.holes.is_empty() => builder.push(&template.text),
                    Value::Text(_) => builder.push_value(side, &side.at),
                    Value::Unknown(why) => builder.push_hole(why.clone(), &side.at, &side.at, None),
                    _ => return Value::Unknown(Why::Other),
                }
            }
            builder.finish()
        }
        (Value::List(first), BinaryOperator::Add, Value::List(second)) if first.len() + second.len() <= 1_000 => {
            Value::List(first.iter().chain(second).cloned().collect())
        }
        (Value::Dict(first), BinaryOperator::BitOr, Value::Dict(second)) => {
            Value::Dict(first.iter().chain(second).cloned().collect())
        }
        (Value::Call { .. }, BinaryOperator::Divide, _) => {
            paths::below(left, right).unwrap_or(Value::Unknown(Why::Other))
        }
        (Value::List(items), BinaryOperator::Multiply, Value::Integer(times))
            if *times <= LONGEST_REPETITION && items.len() <= 64 =>
        {
            let times = usize::try_from(*times).unwrap_or(0);
            Value::List(items.iter().cloned().cycle().take(items.len() * times).collect())
        }
        (Value::Text(_), BinaryOperator::Multiply, Value::Integer(times)) if *times <= LONGEST_REPETITION => {
            let mut builder = TemplateBuilder::new(at);
            for _ in 0..*times {
                builder.push_value(left, &left.at);
            }
            builder.finish()
        }
        (left, operator, right) => match (integer(left), integer(right)) {
            (Some(left), Some(right)) => integers(left, operator, right),
            _ => match (float(left), float(right)) {
                (Some(left), Some(right)) => floats(left, operator, right),
                _ => Value::Unknown(reason(left).or_else(|| reason(right)).unwrap_or(Why::Other)),
            },
        },
    }
}

/// The reason of a side that is not known: the sum is unknown for the same one.
fn reason(value: &Value) -> Option<Why> {
    match value {
        Value::Unknown(why) => Some(computed(why)),
        _ => None,
    }
}

/// True is 1 in arithmetic.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Boolean(boolean) => Some(i64::from(*boolean)),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "only numbers that a float holds exactly")]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        value => integer(value).filter(|number| number.unsigned_abs() <= EXACT as u64).map(|number| number as f64),
    }
}

fn integers(left: i64, operator: BinaryOperator, right: i64) -> Value {
    let result = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        // Python rounds towards minus infinity.
        BinaryOperator::FloorDivide => left
            .checked_div(right)
            .map(|quotient| if left % right != 0 && (left < 0) != (right < 0) { quotient - 1 } else { quotient }),
        BinaryOperator::Modulo => {
            left.checked_rem(right).map(|rest| if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest })
        }
        BinaryOperator::Power if right >= 0 => u32::try_from(right).ok().and_then(|power| left.checked_pow(power)),
        BinaryOperator::Power | BinaryOperator::Divide => {
            return match (float(&Value::Integer(left)), float(&Value::Integer(right))) {
                (Some(left), Some(right)) => floats(left, operator, right),
                _ => Value::Unknown(Why::TooMuch),
            };
        }
        _ => None,
    };
    result.map_or(Value::Unknown(Why::Other), Value::Integer)
}

fn floats(left: f64, operator: BinaryOperator, right: f64) -> Value {
    let rest = || {
        let rest = left % right;
        if rest != 0.0 && (rest < 0.0) != (right < 0.0) { rest + right } else { rest }
    };
    let result = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide if right != 0.0 => left / right,
        BinaryOperator::Modulo if right != 0.0 => rest(),
        BinaryOperator::FloorDivide if right != 0.0 => {
            let quotient = (left - rest()) / right;
            let floor = quotient.floor();
            if quotient - floor > 0.5 { floor + 1.0 } else { floor }
        }
        // A power may differ from C's in the last digit, and a negative base gives a complex number.
        _ => return Value::Unknown(Why::Other),
    };
    if result.is_finite() { Value::Float(result) } else { Value::Unknown(Why::Other) }
}

/// `left operator right` as a comparison; `None` if it cannot be known.
pub(super) fn compared(left: &Value, operator: &str, right: &Value) -> Option<bool> {
    match operator {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|equal| !equal),
        "is" => same(left, right),
        "is not" => same(left, right).map(|same| !same),
        "in" => contains(right, left),
        "not in" => contains(right, left).map(|contained| !contained),
        _ => {
            let order = match (left, right) {
                (Value::Text(left), Value::Text(right)) => left.whole()?.as_str().cmp(right.whole()?.as_str()),
                (left, right) => match (integer(left), integer(right)) {
                    (Some(left), Some(right)) => left.cmp(&right),
                    _ => float(left)?.partial_cmp(&float(right)?)?,
                },
            };
            match operator {
                "<" => Some(order.is_lt()),
                "<=" => Some(order.is_le()),
                ">" => Some(order.is_gt()),
                ">=" => Some(order.is_ge()),
                _ => None,
            }
        }
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    let simple = |value: &Value| !matches!(value, Value::Call { .. } | Value::Unknown(_));
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.whole()?.as_str() == right.whole()?.as_str()),
        (Value::None, Value::None) => Some(true),
        // A list is no tuple, and a document does not tell them apart.
        (Value::List(_), Value::List(_)) | (Value::Dict(_), Value::Dict(_)) => None,
        (left, right) => match (float(left), float(right)) {
            (Some(left), Some(right)) => Some(left == right),
            _ if matches!(left, Value::Integer(_)) || matches!(right, Value::Integer(_)) => {
                match (integer(left), integer(right)) {
                    (Some(left), Some(right)) => Some(left == right),
                    _ => (simple(left) && simple(right)).then_some(false),
                }
            }
            _ => (simple(left) && simple(right)).then_some(false),
        },
    }
}

/// `is` tells only of None, True and False.
fn same(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::None, other) | (other, Value::None) => Some(matches!(other, Value::None)),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::Boolean(_), _) | (_, Value::Boolean(_)) => Some(false),
        _ => None,
    }
}

fn contains(container: &Value, item: &Value) -> Option<bool> {
    let any = |items: &mut dyn Iterator<Item = &Known>| {
        let mut is_open = false;
        for known in items {
            match equal(&known.value, item) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_open = true,
            }
        }
        (!is_open).then_some(false)
    };
    match (container, item) {
        (Value::Text(text), Value::Text(part)) => Some(text.whole()?.as_str().contains(part.whole()?.as_str())),
        (Value::List(items), _) => any(&mut items.iter()),
        (Value::Dict(entries), _) => any(&mut entries.iter().map(|(key, _)| key)),
        _ => None,
    }
}
