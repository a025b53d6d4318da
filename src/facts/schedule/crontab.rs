//! `crontab(…)` as Celery reads it (celery/schedules.py, crontab and crontab_parser, 4.4.7 to 5.7.0).
//!
//! Celery's grammar is wider and stranger than cron's: a range is matched at the beginning of a part only, so
//! `1-5x` fails but `1-5 ` and `1-5-7` pass; `7` is no Sunday; `L` and `?` do not exist.

use crate::facts::value::{Called, Known, Value};
use crate::text::{Text, order};

/// The fields, in the order in which `crontab` takes them without keywords: the day of the week is the third.
pub const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, count: 60 },
    Field { name: "hour", first: 0, count: 24 },
    Field { name: "day_of_week", first: 0, count: 7 },
    Field { name: "day_of_month", first: 1, count: 31 },
    Field { name: "month_of_year", first: 1, count: 12 },
];

/// What `crontab` takes beside its fields (celery/schedules.py, BaseSchedule).
const OTHERS: [&str; 2] = ["nowfun", "app"];

/// Whether `crontab` takes a keyword.
pub fn takes(keyword: &str) -> bool {
    FIELDS.iter().any(|field| field.name == keyword) || OTHERS.contains(&keyword)
}

/// A field and the numbers that it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub first: i64,
    pub count: i64,
}

impl Field {
    /// The highest number.
    pub fn last(self) -> i64 {
        self.first + self.count - 1
    }
}

/// A call of Celery's `crontab`.
#[derive(Clone, Debug)]
pub struct Crontab<'a> {
    /// The whole call.
    pub at: &'a Text,
    pub called: &'a Called,
    given: Vec<Given<'a>>,
    /// Keywords that it does not take.
    pub unknown: Vec<&'a Text>,
    /// Values beyond the fifth.
    pub too_many: Vec<&'a Known>,
    /// Whether it may have more arguments than we see.
    pub open: bool,
}

/// A field as the call gives it.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    pub field: Field,
    pub known: &'a Known,
    /// The keyword; absent where the position says which field it is.
    pub keyword: Option<&'a Text>,
}

/// What Celery makes of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// The numbers, ascending.
    Numbers(Vec<i64>),
    /// Celery raises an exception.
    Wrong(Wrong),
    /// A variable, a call or a template decides.
    Unknown,
}

/// What a name in a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Weekday,
    /// Since 5.5 only (celery/schedules.py, yearmonth).
    Month,
}

/// Why Celery refuses a field, with the part that it refuses.
#[derive(Clone, Debug, PartialEq)]
pub enum Wrong {
    /// A number below or above what the field holds.
    OutOfRange { number: i64, at: Text },
    /// A part that is neither number, name, range nor step.
    Unreadable { at: Text },
    /// All five fields of a line for cron in one.
    Line { at: Text },
    /// Nothing, or nothing between two commas.
    Empty { at: Text },
    /// None, a fraction, a list of strings.
    Type { at: Text },
}

impl<'a> Crontab<'a> {
    /// The call, if it is one of Celery's `crontab`.
    pub fn of(known: &'a Known) -> Option<Crontab<'a>> {
        let Value::Call { function, arguments, called } = &known.value else { return None };
        // Without an import, a pasted fragment can only mean Celery's: nothing else has a place in the schedule.
        let is_celerys = matches!(
            called.full_name.as_str(),
            "crontab" | "celery.schedules.crontab" | "celery.task.schedules.crontab"
        );
        if function != "crontab" || !is_celerys {
            return None;
        }
        let mut crontab = Crontab {
            at: &known.at,
            called,
            given: Vec::new(),
            unknown: Vec::new(),
            too_many: Vec::new(),
            open: called.unpacks,
        };
        for (index, (name, known)) in arguments.iter().enumerate() {
            let keyword = called.keywords.get(index).and_then(Option::as_ref);
            let field = match name {
                Some(name) => FIELDS.iter().find(|field| field.name == name),
                None if called.unpacks => continue,
                None => FIELDS.get(index),
            };
            match (field, keyword) {
                (Some(&field), keyword) => crontab.given.push(Given { field, known, keyword }),
                (None, Some(keyword)) if !OTHERS.contains(&keyword.as_str()) => crontab.unknown.push(keyword),
                (None, Some(_)) => {}
                (None, None) => crontab.too_many.push(known),
            }
        }
        Some(crontab)
    }

    /// The fields that the call gives, in its order.
    pub fn given(&self) -> &[Given<'a>] {
        &self.given
    }

    /// A field that the call gives.
    pub fn field(&self, name: &str) -> Option<&Given<'a>> {
        self.given.iter().find(|given| given.field.name == name)
    }

    /// The numbers of a field; what is not given is every number. `None` where that cannot be known.
    pub fn numbers(&self, name: &str) -> Option<Vec<i64>> {
        match (self.field(name), self.open) {
            (Some(given), _) => match given.read() {
                Reading::Numbers(numbers) => Some(numbers),
                _ => None,
            },
            (None, false) => {
                let field = FIELDS.iter().find(|field| field.name == name)?;
                Some((field.first..=field.last()).collect())
            }
            (None, true) => None,
        }
    }
}

impl Given<'_> {
    /// What Celery makes of it.
    pub fn read(&self) -> Reading {
        read(self.field, self.known)
    }

    /// Steps that are longer than the field, with the step's own place: `90` of `*/90` minutes.
    pub fn steps_too_long(&self) -> Vec<(Text, i64)> {
        let Some(text) = self.known.whole_text() else { return Vec::new() };
        let steps = parts(text).into_iter().filter_map(|part| {
            let step = step_of(&part)?;
            let number = integer(step.as_str())?;
            (number > self.field.count).then_some((step, number))
        });
        steps.collect()
    }

    /// The names of weekdays and months in it. Celery takes either in any field: `mon` is 1, in months too.
    pub fn names(&self) -> Vec<(Text, Name)> {
        let Some(text) = self.known.whole_text() else { return Vec::new() };
        let ends = parts(text).into_iter().flat_map(|part| match range_of(&part) {
            Some((from, to, _)) => vec![from, to],
            None => vec![part],
        });
        ends.filter(|end| integer(end.as_str()).is_none())
            .filter_map(|end| {
                let name = match (month(end.as_str()), weekday(end.as_str())) {
                    (Some(_), _) => Name::Month,
                    (None, Some(_)) => Name::Weekday,
                    (None, None) => return None,
                };
                Some((end, name))
            })
            .collect()
    }
}

fn read(field: Field, known: &Known) -> Reading {
    let out_of_range = |number: i64, at: &Text| match (field.first..=field.last()).contains(&number) {
        true => None,
        false => Some(Reading::Wrong(Wrong::OutOfRange { number, at: at.clone() })),
    };
    match &known.value {
        Value::Integer(number) => out_of_range(*number, &known.at).unwrap_or_else(|| Reading::Numbers(vec![*number])),
        Value::Boolean(boolean) => {
            let number = i64::from(*boolean);
            out_of_range(number, &known.at).unwrap_or_else(|| Reading::Numbers(vec![number]))
        }
        Value::Text(template) => match template.whole() {
            Some(text) => parse(field, text, &known.at),
            None => Reading::Unknown,
        },
        Value::List(items) => {
            let mut numbers = Vec::new();
            let mut is_known = true;
            for item in items {
                match &item.value {
                    Value::Integer(number) => match out_of_range(*number, &item.at) {
                        Some(wrong) => return wrong,
                        None => numbers.push(*number),
                    },
                    // `'>=' not supported between instances of 'str' and 'int'`
                    Value::Text(_) | Value::None => {
                        return Reading::Wrong(Wrong::Type { at: item.at.clone() });
                    }
                    _ => is_known = false,
                }
            }
            if is_known { Reading::Numbers(sorted(numbers)) } else { Reading::Unknown }
        }
        Value::None | Value::Float(_) => Reading::Wrong(Wrong::Type { at: known.at.clone() }),
        Value::Dict(_) | Value::Call { .. } | Value::Unknown(_) => Reading::Unknown,
    }
}

/// crontab_parser.parse
fn parse(field: Field, text: &Text, whole: &Text) -> Reading {
    let mut numbers = Vec::new();
    for part in parts(text) {
        if part.is_empty() {
            return Reading::Wrong(Wrong::Empty { at: if text.is_empty() { whole.clone() } else { text.clone() } });
        }
        match parse_part(field, &part) {
            Ok(found) => numbers.extend(found),
            Err(Wrong::Unreadable { at }) => {
                // `0 3 * * *`: what cron itself reads.
                let is_line = text.as_str().split_whitespace().count() >= 5;
                let wrong = if is_line { Wrong::Line { at: text.clone() } } else { Wrong::Unreadable { at } };
                return Reading::Wrong(wrong);
            }
            Err(wrong) => return Reading::Wrong(wrong),
        }
    }
    Reading::Numbers(sorted(numbers))
}

fn sorted(mut numbers: Vec<i64>) -> Vec<i64> {
    order::distinct(&mut numbers);
    numbers
}

fn parts(text: &Text) -> Vec<Text> {
    let mut start = 0;
    let mut parts = Vec::new();
    for piece in text.as_str().split(',') {
        parts.push(text.slice(start..start + piece.len()));
        start += piece.len() + 1;
    }
    parts
}

fn parse_part(field: Field, part: &Text) -> Result<Vec<i64>, Wrong> {
    if let Some((from, to, step)) = range_of(part) {
        let numbers = || -> Result<Vec<i64>, Wrong> {
            let (first, last) = (number(field, &from)?, number(field, &to)?);
            // A range that ends before it begins goes on over the end of the field.
            Ok(if last < first {
                (first..=field.last()).chain(field.first..=last).collect()
            } else {
                (first..=last).collect()
            })
        };
        return match step {
            Step::None => numbers(),
            Step::Given(step) => every(&step, numbers()?),
            Step::Empty => Err(Wrong::Unreadable { at: part.clone() }),
        };
    }
    if part.as_str() == "*" {
        return Ok((field.first..=field.last()).collect());
    }
    match star_step(part) {
        Some(Step::Given(step)) => every(&step, (field.first..=field.last()).collect()),
        Some(_) => Err(Wrong::Unreadable { at: part.clone() }),
        None => number(field, part).map(|number| vec![number]),
    }
}

fn every(step: &Text, numbers: Vec<i64>) -> Result<Vec<i64>, Wrong> {
    match integer(step.as_str()).and_then(|step| usize::try_from(step).ok()) {
        // Python: "slice step cannot be zero".
        None | Some(0) => Err(Wrong::Unreadable { at: step.clone() }),
        Some(step) => Ok(numbers.into_iter().step_by(step).collect()),
    }
}

/// What follows a range or a star.
enum Step {
    None,
    Given(Text),
    /// A slash and nothing readable behind it: "empty filter".
    Empty,
}

/// Where a run of word characters (`\w`) that begins here ends.
fn word_end(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// `(\w+?)-(\w+)` and a step behind it. Whatever stands after that is not looked at.
fn range_of(part: &Text) -> Option<(Text, Text, Step)> {
    let text = part.as_str();
    let dash = word_end(text);
    if dash == 0 || !text[dash..].starts_with('-') {
        return None;
    }
    let end = dash + 1 + word_end(&text[dash + 1..]);
    (end > dash + 1).then(|| (part.slice(0..dash), part.slice(dash + 1..end), step_after(part, end)))
}

fn star_step(part: &Text) -> Option<Step> {
    let rest = part.as_str().strip_prefix('*')?;
    rest.starts_with('/').then(|| step_after(part, 1))
}

fn step_after(part: &Text, at: usize) -> Step {
    let text = part.as_str();
    if !text[at..].starts_with('/') {
        return Step::None;
    }
    let end = at + 1 + word_end(&text[at + 1..]);
    if end == at + 1 { Step::Empty } else { Step::Given(part.slice(at + 1..end)) }
}

/// The step of a part, where it has one.
fn step_of(part: &Text) -> Option<Text> {
    let step = match range_of(part) {
        Some((_, _, step)) => step,
        None => star_step(part)?,
    };
    match step {
        Step::Given(step) => Some(step),
        _ => None,
    }
}

/// `_expand_number`: a number, a month's name (since 5.5), a weekday's name.
fn number(field: Field, text: &Text) -> Result<i64, Wrong> {
    let written = text.as_str();
    let unreadable = || Wrong::Unreadable { at: text.clone() };
    if written.starts_with('-') {
        return Err(unreadable());
    }
    let number = integer(written).or_else(|| month(written)).or_else(|| weekday(written)).ok_or_else(unreadable)?;
    if (field.first..=field.last()).contains(&number) {
        Ok(number)
    } else {
        Err(Wrong::OutOfRange { number, at: text.clone() })
    }
}

/// Python's `int(…)`: blanks around it and underscores between the digits are allowed.
fn integer(written: &str) -> Option<i64> {
    let trimmed = written.trim();
    let digits = trimmed.strip_prefix('+').unwrap_or(trimmed);
    let well_placed = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    let all_digits = digits.chars().all(|c| c.is_ascii_digit() || c == '_');
    (well_placed && all_digits).then(|| digits.replace('_', "").parse().ok()).flatten()
}

/// The first three letters count: `january`, `Jan` and `janitor` are 1.
fn month(written: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    position(&MONTHS, written).map(|index| index + 1)
}

fn weekday(written: &str) -> Option<i64> {
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    position(&DAYS, written)
}

fn position(names: &[&str], written: &str) -> Option<i64> {
    let short: String = written.chars().take(3).flat_map(char::to_lowercase).collect();
    names.iter().position(|name| *name == short).and_then(|index| i64::try_from(index).ok())
}

/// Whether one of the days exists in one of the months, with 29 days in February
/// (celery/schedules.py, CRON_DAYS_IN_MONTH, 5.7.0).
pub fn has_a_date(days: &[i64], months: &[i64]) -> bool {
    const DAYS: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    months.iter().any(|month| {
        let last = usize::try_from(month - 1).ok().and_then(|index| DAYS.get(index));
        last.is_some_and(|last| days.iter().any(|day| day <= last))
    })
}

#[cfg(test)]
mod tests;
