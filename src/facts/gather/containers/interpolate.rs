//! Variables within values: `${NAME:-fallback}` as Compose, shells and python-dotenv fill them in, `$(NAME)` as the
//! kubelet does. A part that is not known becomes a hole.

use crate::facts::environment::Environment;
use crate::facts::value::{HOLE, Known, Template, TemplateBuilder, Value, Why};
use crate::text::{Text, TextBuilder};

/// Fallbacks in fallbacks beyond this depth are not followed.
const DEEPEST: u32 = 4;

/// What a program knows of a variable.
pub(in crate::facts::gather) enum Seen {
    Value(Template),
    /// No file sets it, and the files that could were pasted.
    Unset,
    Unknown,
}

/// Which references a program fills in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::facts::gather) enum Syntax {
    /// `$NAME`, `${NAME}` with `-`, `?` and `+`; `$$` is a `$` (compose-go/template/template.go).
    Compose,
    /// The same, but `$$` is a number of the shell's own.
    Shell,
    /// `${NAME}` and `${NAME:-fallback}` (dotenv/variables.py, 1.2.4).
    Dotenv,
    /// One of these, we do not know which: a bare `$NAME` may stay as it is.
    Any,
}

/// A value as Compose hands it on. `None` where it refuses the text.
///
/// `env` is the `.env` file beside the compose file. Where it was pasted, a variable that it does not set has its
/// fallback.
pub(super) fn of_compose(text: &Text, env: Option<&Environment>) -> Option<Template> {
    let seen = |name: &str| env.map_or(Seen::Unknown, |env| seen_in(env, name));
    filled(text, Syntax::Compose, &seen)
}

/// A text of `command`, `entrypoint` or `test` as Compose hands it on, and whether a variable decides about it.
/// What is not known stays as it is written. Nobody who writes a fallback means another value by default.
pub(super) fn of_command(text: &Text, env: Option<&Environment>) -> (Text, bool) {
    let seen = |name: &str| env.map_or(Seen::Unset, |env| seen_in(env, name));
    as_written(text, filled(text, Syntax::Compose, &seen))
}

/// A word of a container's `command` or `args` as the kubelet hands it on, and whether a variable decides about it.
pub(super) fn of_kubernetes_command(text: &Text, environment: &Environment) -> (Text, bool) {
    as_written(text, of_kubernetes(text, environment, &[]))
}

/// The text with what stands in the file in place of what is not known, and whether there is such a place.
fn as_written(text: &Text, template: Option<Template>) -> (Text, bool) {
    let Some(template) = template else { return (text.clone(), true) };
    let mut builder = TextBuilder::new(text);
    let mut at = 0;
    for hole in &template.holes {
        builder.push(&template.text.slice(at..hole.at));
        // No shell behind it puts anything in here.
        builder.push(&hole.site.unless_set("", &hole.site));
        at = hole.at + HOLE.len_utf8();
    }
    if at == 0 {
        return (template.text, false);
    }
    builder.push(&template.text.slice(at..template.text.len()));
    (builder.finish(), true)
}

/// What an environment that was pasted as a whole says of a variable.
pub(in crate::facts::gather) fn seen_in(env: &Environment, name: &str) -> Seen {
    match env.get(name).map(|variable| &variable.value) {
        None => Seen::Unset,
        Some(Some(value)) => Seen::Value(value.clone()),
        Some(None) => Seen::Unknown,
    }
}

/// A value with its references filled in; `None` where the program refuses the text or we cannot follow it.
pub(in crate::facts::gather) fn filled(text: &Text, syntax: Syntax, seen: &dyn Fn(&str) -> Seen) -> Option<Template> {
    if !text.as_str().contains('$') {
        return Some(Template::plain(text.clone()));
    }
    let mut builder = TemplateBuilder::new(text);
    add(text, syntax, seen, &mut builder, 0)?;
    match builder.finish() {
        Value::Text(template) => Some(template),
        _ => None,
    }
}

fn add(
    text: &Text,
    syntax: Syntax,
    seen: &dyn Fn(&str) -> Seen,
    builder: &mut TemplateBuilder,
    depth: u32,
) -> Option<()> {
    let source = text.as_str();
    let mut at = 0;
    while let Some(dollar) = source[at..].find('$').map(|found| at + found) {
        builder.push(&text.slice(at..dollar));
        let rest = &source[dollar + 1..];
        if rest.starts_with('$') {
            match syntax {
                Syntax::Compose => builder.push_decoded("$", &text.slice(dollar..dollar + 2)),
                Syntax::Dotenv => builder.push(&text.slice(dollar..dollar + 2)),
                Syntax::Shell | Syntax::Any => return None,
            }
            at = dollar + 2;
            continue;
        }
        let braced = rest.starts_with('{');
        let inner = &rest[usize::from(braced)..];
        let len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let start = dollar + 1 + usize::from(braced);
        let name = &inner[..len];
        // A lone `$` is itself, but not to Compose.
        if (len == 0 && !braced && syntax != Syntax::Compose) || (!braced && syntax == Syntax::Dotenv) {
            builder.push(&text.slice(dollar..dollar + 1));
            at = dollar + 1;
            continue;
        }
        if len == 0 {
            return None;
        }
        let end = if braced { start + closing(inner)? + 1 } else { start + len };
        let site = text.slice(dollar..end);
        let sign = if braced { &source[start + len..end - 1] } else { "" };
        let operator = [":-", "-", ":?", "?", ":+", "+"].into_iter().find(|operator| sign.starts_with(operator));
        if operator.is_none() && !sign.is_empty() {
            return None;
        }
        let word = text.slice(start + len + operator.map_or(0, str::len)..start + len + sign.len());
        let operator = operator.unwrap_or("?");
        // What readers take differently is not known.
        let seen_here = match syntax {
            Syntax::Any if !braced => Seen::Unknown,
            Syntax::Any | Syntax::Dotenv if !sign.is_empty() && operator != ":-" => Seen::Unknown,
            _ => seen(name),
        };
        let is_empty = |value: &Template| value.as_str().is_empty();
        let known = match seen_here {
            Seen::Value(value) if operator.starts_with(':') && is_empty(&value) => Seen::Unset,
            seen => seen,
        };
        match (operator.trim_start_matches(':'), known) {
            ("+", Seen::Unset) => {}
            ("+", Seen::Value(_)) | ("-", Seen::Unset) if depth < DEEPEST => {
                add(&word, syntax, seen, builder, depth + 1)?;
            }
            ("-" | "?", Seen::Value(value)) => {
                builder.push_value(&Known { value: Value::Text(value), at: site.clone() }, &site);
            }
            _ => {
                let why = Why::Environment { name: name.to_owned(), none_if_unset: false };
                builder.push_hole(why, &site, &site, None);
            }
        }
        at = end;
    }
    builder.push(&text.slice(at..source.len()));
    Some(())
}

/// Where the `}` stands that closes a reference.
fn closing(inner: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, character) in inner.char_indices().take(1000) {
        match character {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// A value of `env` as the kubelet hands it on: `$(NAME)` of what stands before it, `$$` for a `$`.
/// A name that is not known may be one of a Service; one that stands in the `later` ones stays as it is written
/// (k8s.io/kubernetes, third_party/forked/golang/expansion/expand.go).
pub(super) fn of_kubernetes(text: &Text, so_far: &Environment, later: &[&str]) -> Option<Template> {
    let source = text.as_str();
    if !source.contains('$') {
        return Some(Template::plain(text.clone()));
    }
    let mut builder = TemplateBuilder::new(text);
    let mut at = 0;
    while let Some(dollar) = source[at..].find('$').map(|found| at + found) {
        builder.push(&text.slice(at..dollar));
        let rest = &source[dollar + 1..];
        if rest.starts_with('$') {
            builder.push_decoded("$", &text.slice(dollar..dollar + 2));
            at = dollar + 2;
        } else if let Some(len) = rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
            let name = &rest[1..1 + len];
            let end = dollar + len + 3;
            let site = text.slice(dollar..end);
            match so_far.get(name).and_then(|variable| variable.value.clone()) {
                Some(value) => builder.push_value(&Known { value: Value::Text(value), at: site.clone() }, &site),
                None if !so_far.open && so_far.get(name).is_none() && later.contains(&name) => builder.push(&site),
                None if is_for_a_shell(name) => builder.push(&site),
                None => {
                    let why = Why::Environment { name: name.to_owned(), none_if_unset: false };
                    builder.push_hole(why, &site, &site, None);
                }
            }
            at = end;
        } else {
            builder.push(&text.slice(dollar..dollar + 1));
            at = dollar + 1;
        }
    }
    builder.push(&text.slice(at..source.len()));
    match builder.finish() {
        Value::Text(template) => Some(template),
        _ => None,
    }
}

/// Whether what stands in `$(…)` is a program that a shell would run, and no variable.
fn is_for_a_shell(name: &str) -> bool {
    name.contains(' ') || ["hostname", "nproc", "whoami", "date"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceId;

    fn source(text: &str) -> Text {
        Text::of_source(SourceId(0), text.into())
    }

    fn env() -> Environment {
        let mut env = Environment::default();
        env.set(source("A"), Some(Template::plain(source("1"))));
        env.set(source("EMPTY"), Some(Template::plain(source("").slice(0..0))));
        env.set(source("HIDDEN"), None);
        env
    }

    #[test]
    fn compose_fills_in_what_the_env_file_says() {
        let env = env();
        let read = |text: &str| of_compose(&source(text), Some(&env)).map(|it| it.as_str().to_owned());
        for (text, value) in [
            ("x", "x"),
            ("$A-${A}", "1-1"),
            ("a$$b", "a$b"),
            ("${A:-2}${B:-2}${EMPTY:-2}", "122"),
            ("${EMPTY-2}|${B-2}", "|2"),
            ("${A:?no}", "1"),
            ("${A:+x}${B:+x}${EMPTY:+y}${EMPTY+z}", "xz"),
            ("${B:-${A}/$A}", "1/1"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
        for text in ["$B", "${B}", "${B:?no}", "$HIDDEN", "${HIDDEN:-2}"] {
            assert_eq!(read(text).as_deref(), Some("\u{FFFC}"), "{text}");
        }
        for text in ["${", "$", "${A!}", "${A"] {
            assert_eq!(read(text), None, "{text}");
        }
        // Without the file nothing is known, not even that the fallback holds.
        let template = of_compose(&source("a${A:-2}b"), None).expect("a template");
        assert_eq!((template.as_str(), template.holes.len()), ("a\u{FFFC}b", 1));
    }

    #[test]
    fn programs_differ_in_what_they_fill_in() {
        let read = |syntax, text: &str| {
            filled(&source(text), syntax, &|name| seen_in(&env(), name)).map(|it| it.as_str().to_owned())
        };
        // As dotenv 1.2.4 and a shell print it.
        assert_eq!(read(Syntax::Dotenv, "$A-${A}-${B:-x}-$$").as_deref(), Some("$A-1-x-$$"));
        assert_eq!(read(Syntax::Shell, "$A-${A}-${B:-x}-a$").as_deref(), Some("1-1-x-a$"));
        assert_eq!(read(Syntax::Any, "$A-${A}-${B:-x}").as_deref(), Some("\u{FFFC}-1-x"));
        assert_eq!(read(Syntax::Any, "${A-x}").as_deref(), Some("\u{FFFC}"));
    }

    #[test]
    fn the_kubelet_fills_in_what_stands_before() {
        let read = |text: &str| of_kubernetes(&source(text), &env(), &["LATER"]).map(|it| it.as_str().to_owned());
        assert_eq!(read("a$(A)b $$(A) $A $(").as_deref(), Some("a1b $(A) $A $("));
        assert_eq!(read("a$(B)$(HIDDEN)").as_deref(), Some("a\u{FFFC}\u{FFFC}"));
        assert_eq!(read("$(LATER)").as_deref(), Some("$(LATER)"));
        let words = of_kubernetes_command(&source("a$(A)$$(B)$(B)"), &env());
        assert_eq!((words.0.as_str(), words.1), ("a1$(B)$(B)", true));
    }
}
