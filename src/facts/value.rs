//! Values as far as the files show them: known, partly known, or not, with the reason.

use std::rc::Rc;

use crate::read::python::Condition;
use crate::text::{Text, TextBuilder};

/// Stands in a [`Template`] where a part is not known.
pub const HOLE: char = '\u{FFFC}';

/// A string longer than this many bytes is not followed.
const LONGEST: usize = 64 * 1024;
/// A string with more parts than this that are not known is not followed.
const MOST_HOLES: usize = 256;

/// A string that is put together from more pieces is not followed.
const MOST_RUNS: usize = 512;

/// What pydantic 2 makes of an address, as the name of a call.
pub const PYDANTIC_URL: &str = "pydantic.Url";

/// A value with its place: where it is used, with its origins behind it.
#[derive(Clone, Debug)]
pub struct Known {
    pub value: Value,
    pub at: Text,
}

#[derive(Clone, Debug)]
pub enum Value {
    Text(Template),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    None,
    List(Vec<Known>),
    Dict(Vec<(Known, Known)>),
    /// A call that is a value of its own: `crontab(…)`, `Queue(…)`. The name is the last part.
    Call {
        function: String,
        arguments: Vec<(Option<String>, Known)>,
        called: Called,
    },
    Unknown(Why),
}

/// How a call is written, beside its values.
#[derive(Clone, Debug)]
pub struct Called {
    /// The function's name through imports: `celery.schedules.crontab`; the bare name where nothing imports it.
    pub full_name: String,
    /// The function as written.
    pub at: Text,
    /// The keyword of each argument, as written; in the order of the arguments.
    pub keywords: Vec<Option<Text>>,
    /// Whether `*arguments` or `**keywords` may bring more than we see.
    pub unpacks: bool,
    /// Whether a star import may have brought in another function of that name.
    pub may_be_another: bool,
}

/// Why a value cannot be known.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// It comes from an environment variable that no file sets. `none_if_unset`: without it, the value is None;
    /// else the program stops, or a default holds.
    Environment {
        name: String,
        none_if_unset: bool,
    },
    /// It comes from a name that was not shown.
    Name(String),
    /// A call computes it.
    Call(String),
    /// In a list, a dictionary or a call: one of several values.
    OneOf(OneOf),
    /// More alternatives than are kept, or nested deeper than is followed.
    TooMuch,
    /// Filled in by a template or a shell when it runs.
    Template,
    Other,
}

/// One value that an expression may have, and when it has it.
#[derive(Clone, Debug)]
pub struct Alternative {
    pub known: Known,
    /// All of these hold.
    pub conditions: Vec<Condition>,
}

/// Several values of which one holds.
#[derive(Clone, Debug)]
pub struct OneOf(pub Rc<[Alternative]>);

impl PartialEq for OneOf {
    fn eq(&self, other: &OneOf) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A string, perhaps with holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The string; every hole is one [`HOLE`] character.
    pub text: Text,
    pub holes: Vec<Hole>,
}

/// A part of a string that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    /// The byte offset of its [`HOLE`] in the template's text.
    pub at: usize,
    pub why: Why,
    /// The expression that would fill it.
    pub site: Text,
    /// The variable whose absence would put the word `None` here.
    pub none_if_unset: Option<String>,
}

impl Template {
    pub fn plain(text: Text) -> Template {
        Template { text, holes: Vec::new() }
    }

    /// The whole string, if no part of it is missing.
    pub fn whole(&self) -> Option<&Text> {
        self.holes.is_empty().then_some(&self.text)
    }

    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// A stretch of the string, in bytes of its text.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Template {
        let holes = self
            .holes
            .iter()
            .filter(|hole| range.contains(&hole.at))
            .map(|hole| Hole { at: hole.at - range.start, ..hole.clone() })
            .collect();
        Template { text: self.text.slice(range), holes }
    }

    /// The template used at another place: every character then stands there and knows where it came from.
    #[must_use]
    pub fn used_at(&self, site: &Text) -> Template {
        Template { text: used_at(&self.text, site), holes: self.holes.clone() }
    }
}

/// A text used through a name: it stands at the name and its origin is the text.
pub fn used_at(text: &Text, site: &Text) -> Text {
    text.standing_at(site)
}

/// Composes a template from parts.
pub struct TemplateBuilder {
    builder: TextBuilder,
    holes: Vec<Hole>,
}

impl TemplateBuilder {
    pub fn new(owner: &Text) -> Self {
        TemplateBuilder { builder: TextBuilder::new(owner), holes: Vec::new() }
    }

    pub fn push(&mut self, text: &Text) {
        self.builder.push(text);
    }

    /// What stands for something, such as an escape.
    pub fn push_decoded(&mut self, decoded: &str, site: &Text) {
        self.builder.push_decoded(decoded, site);
    }

    /// A value that Python would put here with `str()`, used at `site`.
    pub fn push_value(&mut self, known: &Known, site: &Text) {
        match &known.value {
            Value::Text(template) => {
                let start = self.builder.as_str().len();
                self.holes.extend(template.holes.iter().map(|hole| Hole { at: start + hole.at, ..hole.clone() }));
                self.builder.push_substituted(&template.text, site);
            }
            Value::Integer(number) => self.push_written(&number.to_string(), known, site),
            Value::Boolean(true) => self.push_written("True", known, site),
            Value::Boolean(false) => self.push_written("False", known, site),
            Value::None => self.push_written("None", known, site),
            Value::Unknown(why) => {
                let none_if_unset = match why {
                    Why::Environment { name, none_if_unset: true } => Some(name.clone()),
                    _ => None,
                };
                self.push_hole(why.clone(), &known.at, site, none_if_unset);
            }
            _ => self.push_hole(Why::Other, &known.at, site, None),
        }
    }

    fn push_written(&mut self, written: &str, known: &Known, site: &Text) {
        self.builder.push_substituted(&Text::pointing_at(&known.at, written), site);
    }

    /// A part that is not known.
    pub fn push_hole(&mut self, why: Why, at: &Text, site: &Text, none_if_unset: Option<String>) {
        self.holes.push(Hole { at: self.builder.as_str().len(), why, site: at.clone(), none_if_unset });
        self.builder.push_decoded(HOLE.encode_utf8(&mut [0; 4]), site);
    }

    /// The composed string; not known where it grew beyond what anybody writes (`a = a + a`, many times over).
    pub fn finish(self) -> Value {
        let is_too_long = self.builder.as_str().len() > LONGEST || self.builder.runs() > MOST_RUNS;
        if is_too_long || self.holes.len() > MOST_HOLES {
            return Value::Unknown(Why::TooMuch);
        }
        Value::Text(Template { text: self.builder.finish(), holes: self.holes })
    }
}

impl Known {
    pub fn unknown(why: Why, at: &Text) -> Known {
        Known { value: Value::Unknown(why), at: at.clone() }
    }

    pub fn text(&self) -> Option<&Template> {
        match &self.value {
            Value::Text(template) => Some(template),
            _ => None,
        }
    }

    /// How many values it is made of, itself among them.
    pub fn size(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Known::size).sum::<usize>(),
            Value::Dict(entries) => 1 + entries.iter().map(|(key, value)| key.size() + value.size()).sum::<usize>(),
            Value::Unknown(Why::OneOf(OneOf(all))) => 1 + all.iter().map(|it| it.known.size()).sum::<usize>(),
            Value::Call { arguments, .. } => 1 + arguments.iter().map(|(_, value)| value.size()).sum::<usize>(),
            _ => 1,
        }
    }

    /// The whole string, if it is one and all of it is known.
    pub fn whole_text(&self) -> Option<&Text> {
        self.text().and_then(Template::whole)
    }

    /// Where it stands: of a string that is written out, what stands between its quotes.
    pub fn written(&self) -> &Text {
        self.whole_text().filter(|text| !text.is_empty()).unwrap_or(&self.at)
    }

    /// The value used at another place, as through a name.
    #[must_use]
    pub fn used_at(&self, site: &Text) -> Known {
        let value = match &self.value {
            Value::Text(template) => Value::Text(template.used_at(site)),
            value => value.clone(),
        };
        Known { value, at: used_at(&self.at, site) }
    }

    /// Whether it is an environment variable as the standard library gives it: always a text, or None.
    pub fn is_raw_variable(&self) -> bool {
        const READING: [&str; 5] = ["os.getenv(", "getenv(", "os.environ[", "os.environ.get(", "environ.get("];
        let is_variable = |it: &Known| matches!(it.value, Value::Unknown(Why::Environment { .. }));
        let is_unknown = match &self.value {
            Value::Unknown(Why::OneOf(OneOf(all))) => all.iter().any(|it| is_variable(&it.known)),
            _ => is_variable(self),
        };
        let written = self.at.as_str();
        let mut depth = 0;
        // The one call and nothing behind it: `os.getenv("X") == "1"` is no text.
        let ends_at = written.char_indices().find_map(|(at, letter)| {
            depth += match letter {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => return None,
            };
            (depth == 0).then_some(at + 1)
        });
        is_unknown && ends_at == Some(written.len()) && READING.iter().any(|start| written.starts_with(start))
    }

    /// The number of seconds of a number or of a `timedelta(…)`.
    pub fn seconds(&self) -> Option<f64> {
        match &self.value {
            #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^53 seconds")]
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Call { function, arguments, .. } if function == "timedelta" => seconds_of(arguments),
            _ => None,
        }
    }

    /// Every value that it may be, as a part of something larger.
    pub fn each(self) -> Vec<Alternative> {
        match self.value {
            Value::Unknown(Why::OneOf(OneOf(all))) => all.to_vec(),
            _ => vec![Alternative { known: self, conditions: Vec::new() }],
        }
    }

    /// What Python makes of it in an `if`; `None` if that cannot be known.
    pub fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Text(template) if template.holes.is_empty() => Some(!template.text.is_empty()),
            Value::Text(template) => (template.as_str().chars().any(|character| character != HOLE)).then_some(true),
            Value::Integer(number) => Some(*number != 0),
            Value::Float(number) => Some(*number != 0.0),
            Value::Boolean(boolean) => Some(*boolean),
            Value::None => Some(false),
            Value::List(items) => Some(!items.is_empty()),
            Value::Dict(entries) => Some(!entries.is_empty()),
            Value::Call { .. } => Some(true),
            Value::Unknown(_) => None,
        }
    }
}

/// How long `timedelta(…)` with these arguments is; `None` if one of them is not known.
pub(super) fn seconds_of(arguments: &[(Option<String>, Known)]) -> Option<f64> {
    // The order of the parameters of datetime.timedelta.
    const UNITS: [(&str, f64); 7] = [
        ("days", 86_400.0),
        ("seconds", 1.0),
        ("microseconds", 0.000_001),
        ("milliseconds", 0.001),
        ("minutes", 60.0),
        ("hours", 3_600.0),
        ("weeks", 604_800.0),
    ];
    let mut total = 0.0;
    for (number, (name, value)) in arguments.iter().enumerate() {
        let unit = match name {
            Some(name) => UNITS.iter().find(|(unit, _)| unit == name)?.1,
            None => UNITS.get(number)?.1,
        };
        let count = match &value.value {
            Value::Integer(_) | Value::Float(_) => value.seconds()?,
            _ => return None,
        };
        total += count * unit;
    }
    // It keeps whole microseconds.
    Some((total * 1e6).round() / 1e6)
}
