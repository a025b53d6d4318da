//! Variables within values: `${NAME:-fallback}` as Compose fills them in, `$(NAME)` as the kubelet does.

use crate::facts::environment::Environment;
use crate::facts::value::Template;
use crate::text::{Text, TextBuilder};

/// Fallbacks in fallbacks beyond this depth are not followed.
const DEEPEST: u32 = 4;

/// A value as Compose hands it on. `None` where a variable decides that no `.env` shows.
///
/// `env` is the `.env` file beside the compose file. Where it was pasted, a variable that it does not set has its
/// fallback.
pub(super) fn of_compose(text: &Text, env: Option<&Environment>) -> Option<Template> {
    let mut builder = TextBuilder::new(text);
    add(text, env, &mut builder, 0)?;
    Some(Template::plain(builder.finish()))
}

fn add(text: &Text, env: Option<&Environment>, builder: &mut TextBuilder, depth: u32) -> Option<()> {
    let source = text.as_str();
    let mut at = 0;
    while let Some(dollar) = source[at..].find('$').map(|found| at + found) {
        builder.push(&text.slice(at..dollar));
        let rest = &source[dollar + 1..];
        if rest.starts_with('$') {
            builder.push_decoded("$", &text.slice(dollar..dollar + 2));
            at = dollar + 2;
            continue;
        }
        let braced = rest.starts_with('{');
        let inner = &rest[usize::from(braced)..];
        let len = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let start = dollar + 1 + usize::from(braced);
        let name = &inner[..len];
        if len == 0 {
            return None;
        }
        if !braced {
            builder.push_substituted(&value(env, name)??, &text.slice(dollar..start + len));
            at = start + len;
            continue;
        }
        let end = start + closing(inner)?;
        let site = text.slice(dollar..end + 1);
        let sign = &source[start + len..end];
        let operator = [":-", "-", ":?", "?", ":+", "+"].into_iter().find(|operator| sign.starts_with(operator));
        if operator.is_none() && !sign.is_empty() {
            return None;
        }
        let word = text.slice(start + len + operator.map_or(0, str::len)..end);
        let operator = operator.unwrap_or("?");
        // Nothing is known of what no file shows.
        let known = value(env, name)?.filter(|value| !operator.starts_with(':') || !value.is_empty());
        match (operator.trim_start_matches(':'), known) {
            ("+", None) => {}
            ("+", Some(_)) | ("-", None) if depth < DEEPEST => add(&word, env, builder, depth + 1)?,
            ("-" | "?", Some(value)) => builder.push_substituted(&value, &site),
            _ => return None,
        }
        at = end + 1;
    }
    builder.push(&text.slice(at..source.len()));
    Some(())
}

/// `None`: not known. `Some(None)`: the `.env` file does not set it.
fn value(env: Option<&Environment>, name: &str) -> Option<Option<Text>> {
    match env?.get(name) {
        None => Some(None),
        Some(variable) => variable.value.as_ref()?.whole().cloned().map(Some),
    }
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
/// A name that is not known may be one of a Service; nothing is known then.
pub(super) fn of_kubernetes(text: &Text, so_far: &Environment) -> Option<Template> {
    let source = text.as_str();
    let mut builder = TextBuilder::new(text);
    let mut at = 0;
    while let Some(dollar) = source[at..].find('$').map(|found| at + found) {
        builder.push(&text.slice(at..dollar));
        let rest = &source[dollar + 1..];
        if rest.starts_with('$') {
            builder.push_decoded("$", &text.slice(dollar..dollar + 2));
            at = dollar + 2;
        } else if let Some(len) = rest.strip_prefix('(').and_then(|inner| inner.find(')')) {
            let value = so_far.get(&rest[1..1 + len])?.value.as_ref()?.whole()?;
            let end = dollar + len + 3;
            builder.push_substituted(value, &text.slice(dollar..end));
            at = end;
        } else {
            builder.push(&text.slice(dollar..dollar + 1));
            at = dollar + 1;
        }
    }
    builder.push(&text.slice(at..source.len()));
    Some(Template::plain(builder.finish()))
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
        for text in ["$B", "${B}", "${B:?no}", "$HIDDEN", "${HIDDEN:-2}", "${", "$", "${A!}", "${A"] {
            assert_eq!(read(text), None, "{text}");
        }
        // Without the file nothing is known, not even that the fallback holds.
        assert!(of_compose(&source("${A:-2}"), None).is_none());
    }

    #[test]
    fn the_kubelet_fills_in_what_stands_before() {
        let read = |text: &str| of_kubernetes(&source(text), &env()).map(|it| it.as_str().to_owned());
        assert_eq!(read("a$(A)b $$(A) $A $(").as_deref(), Some("a1b $(A) $A $("));
        assert_eq!([read("$(B)"), read("$(HIDDEN)")], [None, None]);
    }
}
